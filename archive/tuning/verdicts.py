"""What people said of articles and a topic: each verdict is a line of the journal at once, and a row of `labels`."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.events import keep_events
from archive.journal import Head, JournalGrew, Line
from archive.judging import VERDICTS, WITHDRAWN, withdrawn_by
from archive.stats import adjust, count, share
from archive.topics import Topic
from archive.tuning.estimates import Estimate, Judged, estimated
from archive.tuning.sample import Strata, Stratum

TRIES = 20  # against others that write to the journal at the same moment
WAIT = 300  # milliseconds for another writer of the rows: a person is at the other end


@dataclass(frozen=True, slots=True)
class Verdict:
    """`weight`: for how many articles of its `stratum` it stands; both None where the article was not drawn.

    `topic_version`: the one it was given on, where that is not the topic's of now.
    """

    article_id: str
    verdict: str
    by: str | None = None
    stratum: str | None = None
    weight: float | None = None
    topic_version: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A verdict that was not taken back; `entry` is its line of the journal."""

    entry: int
    at: str
    article_id: str
    topic_version: str | None
    verdict: str
    by: str | None
    stratum: str | None
    weight: float | None


class Said(NamedTuple):
    """What people said of a topic up to the line `head` of the journal; `waiting`: how many lines wait for rows."""

    head: Head
    verdicts: list[Standing]
    waiting: int


@dataclass(frozen=True, slots=True)
class Report:
    """`sizes`: articles by stratum; `judged`: of them, the verdicts yes and no by (stratum, verdict).

    `unsure`: articles whose last verdict is unsure; `undrawn`: verdicts of articles that no sample drew, `elsewhere`:
    of articles that window or outlets do not let in. These do not enter the estimate.
    """

    topic: Topic
    sizes: dict[str, int]
    judged: Counter[tuple[str, str]]
    unsure: int
    undrawn: int
    elsewhere: int
    estimate: Estimate


def say(corpus: Corpus, topic: Topic, said: Verdict, at: datetime, *, after: Head | None = None) -> None:
    """Writes the verdict into the journal; returns when it is on the disk. Rows come with `enter`.

    `after` as in Journal.append, whose errors it raises.
    """
    corpus.journal.append(
        "label",
        at,
        after=after,
        article=said.article_id,
        topic=topic.id,
        topic_version=said.topic_version or topic.version,
        verdict=said.verdict,
        by=said.by,
        stratum=said.stratum,
        weight=said.weight,
    )


def say_unless(
    corpus: Corpus, db: Database, topic: Topic, said: Verdict, at: datetime, *, seen: int
) -> Standing | None:
    """Writes the verdict, unless a newer one than line `seen` stands already; then gives that one.

    So a form that is sent twice, from two windows or by the back button, is one verdict.
    """
    for _ in range(TRIES):
        now = said_of(corpus, db, topic.id)
        last = last_of(now.verdicts).get(said.article_id)
        if last is not None and last.entry > seen:
            return last
        with suppress(JournalGrew):
            say(corpus, topic, said, at, after=now.head)
            return None
    raise JournalGrew(f"other processes write to {corpus.journal.path} all the time: say it again")


def take_back(corpus: Corpus, db: Database, topic: Topic, entry: int, at: datetime, by: str | None) -> Standing | None:
    """Takes back the verdict in line `entry` of the journal, which is then as if it had not been given.

    Gives it; None where it does not stand, so that twice is the same as once.
    """
    for _ in range(TRIES):
        now = said_of(corpus, db, topic.id)
        found = next((each for each in now.verdicts if each.entry == entry), None)
        if found is None:
            return None
        with suppress(JournalGrew):
            corpus.journal.append(
                "label",
                at,
                after=now.head,
                article=found.article_id,
                topic=topic.id,
                topic_version=topic.version,
                verdict=WITHDRAWN,
                withdraws=entry,
                by=by,
            )
            return found
    raise JournalGrew(f"other processes write to {corpus.journal.path} all the time: say it again")


def enter(corpus: Corpus, db: Database) -> bool:
    """Brings the rows to what the journal says: the verdicts, what they decide, and what is counted of it.

    False where another process writes for longer than WAIT: the journal has the verdicts, and whoever writes next
    enters them.
    """
    try:
        db.execute(f"PRAGMA busy_timeout = {WAIT}")
        db.execute("BEGIN IMMEDIATE")
        try:
            _enter(corpus, db)
            db.commit()
        except BaseException:
            db.rollback()
            raise
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise
        return False
    return True


def _enter(corpus: Corpus, db: Database) -> None:
    lines = list(corpus.journal.lines(after=entered_in(db)))
    named = {line.values["article"] for line in lines if isinstance(line.values.get("article"), str)}
    before = share(db, named)
    keep_events(db, lines)
    counted = db.execute("SELECT 1 FROM stats LIMIT 1").fetchone() is not None
    if counted and all(line.kind == "label" for line in lines):
        adjust(db, before, share(db, named))
    else:
        count(db)


def entered_in(db: Database) -> int:
    """The number of the last line of the journal that is in the rows."""
    return int(db.execute("SELECT coalesce(max(n), 0) FROM events").fetchone()[0])


def said_of(corpus: Corpus, db: Database, topic_id: str) -> Said:
    """What the journal says of a topic, whether it is in the rows already or not."""
    head = corpus.journal.head
    entered = entered_in(db)
    found = {each.entry: each for each in standing(db, topic_id)}
    waiting = 0
    if head.n > entered:
        for line in corpus.journal.lines(after=entered):
            if line.n <= head.n and line.kind == "label" and line.values.get("topic") == topic_id:
                waiting += 1
                found.pop(withdrawn_by(line) or 0, None)
                if line.values.get("verdict") in VERDICTS:
                    found[line.n] = _standing(line)
    return Said(head, list(found.values()), waiting)


def _standing(line: Line) -> Standing:
    said = line.values
    names = ("article", "topic_version", "verdict", "by", "stratum", "weight")
    return Standing(line.n, line.at, *(said.get(name) for name in names))  # type: ignore[arg-type]


def standing(db: Database, topic_id: str, article_id: str | None = None) -> list[Standing]:
    """The verdicts in the rows on a topic, or on one article of it, in the order in which they were given."""
    rows = db.execute(
        "SELECT entry, at, article_id, topic_version, verdict, judged_by, stratum, weight FROM labels"
        " WHERE topic = ?1 AND (?2 IS NULL OR article_id = ?2) ORDER BY entry",
        [topic_id, article_id],
    ).fetchall()
    return [Standing(*row) for row in rows]


def last_of(verdicts: Iterable[Standing]) -> dict[str, Standing]:
    """By article the verdict that counts."""
    return {each.article_id: each for each in verdicts}


def weighed_alike(verdicts: Mapping[str, Standing]) -> dict[str, Standing]:
    """The verdicts with the least weight of those that the same version and stratum were drawn with: two samples of the
    same articles are one larger sample, in which an article drawn early stands for no more than one drawn late."""
    least: dict[tuple[str | None, str | None], float] = {}
    for each in verdicts.values():
        if each.weight is not None:
            drawn = each.topic_version, each.stratum
            least[drawn] = min(each.weight, least.get(drawn, each.weight))
    return {
        article_id: each if each.weight is None else replace(each, weight=least[each.topic_version, each.stratum])
        for article_id, each in verdicts.items()
    }


def report(db: Database, topic: Topic, strata: Strata, said: Iterable[Standing] | None = None) -> Report:
    """How good the topic is as it stands, by all that was `said` of it, on whatever version; None: as the rows say."""
    placed = strata.of
    judged: list[Judged] = []
    counts = Counter[tuple[str, str]]()
    unsure = undrawn = elsewhere = 0
    last = last_of(standing(db, topic.id) if said is None else said)
    for article_id, each in weighed_alike(last).items():
        stratum = placed.get(article_id)
        if stratum is None:
            elsewhere += 1
        elif each.verdict == "unsure":
            unsure += 1
        elif each.weight is None:
            undrawn += 1
        else:
            counts[stratum.value, each.verdict] += 1
            score = strata.scores.get(article_id)
            judged.append(Judged(stratum.value, each.verdict == "yes", each.weight, score))
    sizes = strata.sizes
    estimate = estimated(sizes, Stratum.TAKEN.value, judged, topic.min_score, strata.scores.values())
    return Report(topic, sizes, counts, unsure, undrawn, elsewhere, estimate)
