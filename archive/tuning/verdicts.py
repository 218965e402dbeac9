"""What people said of articles and a topic: each verdict is a line of the journal at once, and a row of `labels`."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.events import keep_events
from archive.topics import Topic
from archive.tuning.census import Progress
from archive.tuning.estimates import Estimate, Judged, estimated
from archive.tuning.sample import Strata, Stratum, strata_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """`weight`: for how many articles of its `stratum` it stands; both None where the article was not drawn."""

    article_id: str
    verdict: str
    by: str | None = None
    stratum: str | None = None
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A verdict as the table has it."""

    entry: int
    at: str
    article_id: str
    topic_version: str | None
    verdict: str
    by: str | None
    stratum: str | None
    weight: float | None


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


def say(corpus: Corpus, topic: Topic, said: Verdict, at: datetime) -> None:
    """Writes the verdict into the journal; returns when it is on the disk. Rows come with `enter`."""
    corpus.journal.append(
        "label",
        at,
        article=said.article_id,
        topic=topic.id,
        topic_version=topic.version,
        verdict=said.verdict,
        by=said.by,
        stratum=said.stratum,
        weight=said.weight,
    )


def enter(corpus: Corpus, db: Database) -> None:
    """Brings the rows to what the journal says: the verdicts, and what they decide."""
    with db.atomic():
        keep_events(db, corpus.journal.lines())


def standing(db: Database, topic_id: str, article_id: str | None = None) -> list[Standing]:
    """The verdicts on a topic, or on one article of it, in the order in which they were given."""
    rows = db.execute(
        "SELECT entry, at, article_id, topic_version, verdict, judged_by, stratum, weight FROM labels"
        " WHERE topic = ?1 AND (?2 IS NULL OR article_id = ?2) ORDER BY entry",
        [topic_id, article_id],
    ).fetchall()
    return [Standing(*row) for row in rows]


def last_of(verdicts: Iterable[Standing]) -> dict[str, Standing]:
    """By article the verdict that counts."""
    return {each.article_id: each for each in verdicts}


def report(db: Database, topic: Topic, progress: Progress | None = None, strata: Strata | None = None) -> Report:
    """How good the topic is as it stands, by all that was said of it, on whatever version."""
    strata = strata or strata_of(db.conn, topic, progress)
    placed = strata.of()
    judged: list[Judged] = []
    counts = Counter[tuple[str, str]]()
    unsure = undrawn = elsewhere = 0
    for article_id, said in last_of(standing(db, topic.id)).items():
        stratum = placed.get(article_id)
        if stratum is None:
            elsewhere += 1
        elif said.verdict == "unsure":
            unsure += 1
        elif said.weight is None:
            undrawn += 1
        else:
            counts[stratum.value, said.verdict] += 1
            score = strata.scores.get(article_id)
            judged.append(Judged(stratum.value, said.verdict == "yes", said.weight, score))
    sizes = strata.sizes
    estimate = estimated(sizes, Stratum.TAKEN.value, judged, topic.min_score, strata.scores.values())
    return Report(topic, sizes, counts, unsure, undrawn, elsewhere, estimate)
