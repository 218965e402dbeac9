"""A changed topic comes into force: every article is decided anew, in one transaction.

So readers see the old decisions until the new ones are whole, and a run that is stopped leaves all as it was. What the
version before decided stays in `matches` as history; its spans do not.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.events import keep_events
from archive.index import Index
from archive.judging import DOCUMENT, bring_into_view, document_in, keep_match, keep_topic, topic_in_force
from archive.matching import TAKEN, Match, match
from archive.stats import count
from archive.terms import any_of
from archive.topics import Topic
from archive.tuning.census import CHUNK, day_in
from archive.weighing import plan_of, refused

Progress = Callable[[str, int, int], None]  # the topic, articles done, articles in all


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a topic: `before` is the version that was in force, None: there was none.

    `taken`: articles that it takes now, by the matcher or by hand; `gained` and `lost` are ids.
    """

    topic: Topic
    before: str | None
    taken: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def waiting(db: Database, topics: Sequence[Topic]) -> list[Topic]:
    """Those whose version has not decided on every article yet."""
    total = db.execute("SELECT count(*) FROM articles").fetchone()[0]
    found = []
    for topic in topics:
        current = topic_in_force(db, topic.id)
        decided = db.execute(
            "SELECT count(*) FROM matches WHERE topic = ? AND topic_version = ?", [topic.id, topic.version]
        ).fetchone()[0]
        if current is None or current.version != topic.version or decided < total:
            found.append(topic)
    return found


def gone(db: Database, topics: Sequence[Topic]) -> list[str]:
    """Topics in force that are none of these: their files were taken away."""
    rows = db.execute("SELECT id FROM topics WHERE current = 1 ORDER BY id").fetchall()
    return [row[0] for row in rows if row[0] not in {topic.id for topic in topics}]


def index_of(corpus: Corpus, db: Database, topics: Sequence[Topic], at: datetime) -> Index:
    """The index of a corpus whose topic files may have changed since its articles were decided on.

    The changed ones come into force first, over everything: else part of the articles would be decided by one version
    and part by another. The caller holds the lock.
    """
    if db.execute("SELECT 1 FROM articles LIMIT 1").fetchone() is not None:
        due, retired = waiting(db, topics), gone(db, topics)
        if due or retired:
            apply_topics(corpus, db, due, at, retired=retired)
    return Index(db, topics)


def apply_topics(
    corpus: Corpus,
    db: Database,
    topics: Sequence[Topic],
    at: datetime,
    *,
    retired: Collection[str] = (),
    progress: Progress | None = None,
) -> list[Applied]:
    """Brings the topics into force, and takes those of the ids in `retired` out of it. The caller holds the lock.

    All of it or nothing. The journal gets a line for each version that is new.
    """
    db.begin()
    try:
        done = [_applied(db, topic, progress) for topic in topics]
        for topic_id in retired:
            _retire(db, topic_id)
        bring_into_view(db)
        for each in done:
            if each.before != each.topic.version:
                _tell(corpus, db, each, at)
        keep_events(db, corpus.journal.lines())
        count(db)
        db.commit()
    except BaseException:
        db.rollback()
        raise
    return done


def _applied(db: Database, topic: Topic, progress: Progress | None) -> Applied:
    row = db.execute("SELECT version FROM topics WHERE id = ? AND current = 1", [topic.id]).fetchone()
    before = row[0] if row else None
    earlier = _taken(db, topic.id, before)
    _retire(db, topic.id)
    keep_topic(db, topic)
    for found in _decisions(db, topic, progress):
        keep_match(db, found)
    now = _taken(db, topic.id, topic.version)
    return Applied(topic, before, len(now), tuple(sorted(now - earlier)), tuple(sorted(earlier - now)))


def _decisions(db: Database, topic: Topic, progress: Progress | None) -> Iterator[Match]:
    """One for each article, equal to what match() gives; only those that meet the rule in the index are read."""
    concepts = [(name, _rows(db.conn, any_of(forms))) for name, forms in plan_of(topic).concepts.items()]
    if topic.raw is not None:
        meets, concepts = _rows(db.conn, topic.raw), []
    else:
        meets = set.intersection(*(rows for _, rows in concepts))
    rows = db.execute(
        "SELECT n, id, outlet, published_at, published_day FROM articles_norm JOIN articles ON id = article_id"
        " ORDER BY n"
    ).fetchall()
    for at in range(0, len(rows), CHUNK):
        chunk = rows[at : at + CHUNK]
        open_ = [row[1] for row in chunk if row[0] in meets]
        sql = f"SELECT {DOCUMENT} FROM articles WHERE id IN ({', '.join('?' * len(open_))})"
        yield from match([topic], map(document_in, db.execute(sql, open_).fetchall()))
        for n, article_id, outlet, published_at, published_day in chunk:
            if n not in meets:
                missing = [name for name, met in concepts if n not in met]
                no = refused(topic, outlet, day_in(published_at, published_day), missing)
                yield Match(article_id, topic.id, topic.version, no.score, no.decision, no.reason)
        if progress:
            progress(topic.id, at + len(chunk), len(rows))


def _rows(connection: sqlite3.Connection, expression: str) -> set[int]:
    return {row[0] for row in connection.execute("SELECT rowid FROM articles_fts(?)", [expression])}


def _taken(db: Database, topic_id: str, version: str | None) -> set[str]:
    marks = ", ".join("?" * len(TAKEN))
    sql = f"SELECT article_id FROM matches WHERE topic = ? AND topic_version = ? AND decision IN ({marks})"
    return {row[0] for row in db.execute(sql, [topic_id, version, *TAKEN]).fetchall()}


def _retire(db: Database, topic_id: str) -> None:
    db.execute("UPDATE topics SET current = 0 WHERE id = ?", [topic_id])
    db.execute("DELETE FROM match_spans WHERE topic = ?", [topic_id])


def _tell(corpus: Corpus, db: Database, applied: Applied, at: datetime) -> None:
    """The version in the journal; and the one before, where it is the first that the journal hears of."""
    topic = applied.topic
    told = {
        version
        for line in corpus.journal.lines()
        if line.kind == "topic" and line.values["topic"] == topic.id
        for version in (line.values["topic_version"], line.values.get("before"))
    }
    toml = None
    if applied.before is not None and applied.before not in told:
        sql = "SELECT toml FROM topics WHERE id = ? AND version = ?"
        toml = db.execute(sql, [topic.id, applied.before]).fetchone()[0]
    corpus.journal.append(
        "topic",
        at,
        topic=topic.id,
        topic_version=topic.version,
        toml=topic.toml,
        before=applied.before,
        toml_before=toml,
    )


def version_of(db: Database, topic_id: str, version: str) -> str:
    """The whole version that begins so, among those of the topic that the corpus knows. Raises UsageError."""
    rows = db.execute("SELECT version FROM topics WHERE id = ? ORDER BY current DESC, version", [topic_id]).fetchall()
    found = [row[0] for row in rows if row[0].startswith(version.lower())]
    if len(found) == 1:
        return str(found[0])
    known = ", ".join(row[0][:12] for row in rows) or "none"
    what = "more than one version begins" if found else "no version begins"
    raise UsageError(f"of the topic {topic_id} {what} with {version!r}: known are {known}")
