"""A changed topic comes into force: every article is decided anew, in one transaction.

So readers see the old decisions until the new ones are whole, and a run that is stopped leaves all as it was. What the
version before decided stays in `matches` as history; its spans do not.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.events import keep_events
from archive.index import Index
from archive.judging import (
    DOCUMENT,
    bring_into_view,
    decided,
    decisions_of,
    document_in,
    keep_matches,
    keep_topic,
    verdicts,
)
from archive.kinship import relate
from archive.matching import TAKEN, meeting
from archive.stats import count
from archive.terms import any_of
from archive.topics import Topic
from archive.tuning.census import CHUNK, Progress
from archive.weighing import plan_of


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
    """Those whose version is not in force."""
    current = dict(db.execute("SELECT id, version FROM topics WHERE current = 1").fetchall())
    return [topic for topic in topics if current.get(topic.id) != topic.version]


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
    db.execute("BEGIN IMMEDIATE")  # a person may judge meanwhile
    try:
        before = {topic.id: _version(db, topic.id) for topic in topics}
        leaving = {topic_id: _version(db, topic_id) for topic_id in retired}
        earlier = {topic.id: _taken(db, topic.id, before[topic.id]) for topic in topics}
        for topic_id in (*before, *retired):
            _retire(db, topic_id)
        for topic in topics:
            keep_topic(db, topic)
        _decide(db, topics, progress)
        bring_into_view(db)
        done = []
        for topic in topics:
            now, then = _taken(db, topic.id, topic.version), earlier[topic.id]
            gained, lost = tuple(sorted(now - then)), tuple(sorted(then - now))
            done.append(Applied(topic, before[topic.id], len(now), gained, lost))
        _tell(corpus, db, [*_changes(done), *(_Change(each, None, leaving[each]) for each in retired)], at)
        keep_events(db, corpus.journal.lines())
        relate(db)
        count(db)
        db.commit()
    except BaseException:
        db.rollback()
        raise
    return done


def _decide(db: Database, topics: Sequence[Topic], progress: Progress | None) -> None:
    """Rows equal to those that a crawl of the articles makes; only those articles are read that can get one."""
    for topic in topics:  # a version that was in force before comes back
        db.execute("DELETE FROM matches WHERE topic = ? AND topic_version = ?", [topic.id, topic.version])
    numbers = set().union(*(_meeting(db.conn, topic) for topic in topics))
    numbers |= _judged(db, topics)
    remaining = sorted(numbers)
    for at in range(0, len(remaining), CHUNK):
        sql = (
            f"SELECT {', '.join(f'a.{name}' for name in DOCUMENT.split(', '))}, f.title, f.standfirst, f.text"
            " FROM articles_norm f JOIN articles a ON a.id = f.article_id"
            " WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n"
        )
        rows = db.execute(sql, [json.dumps(remaining[at : at + CHUNK])]).fetchall()
        documents = [
            replace(document_in(values), folded=(title or "", standfirst or "", text or ""))
            for *values, title, standfirst, text in rows
        ]
        said = verdicts(db, [document.id for document in documents])
        keep_matches(db, decided(topics, documents, meeting(topics, documents), said))
        if progress:
            progress(min(at + CHUNK, len(remaining)), len(remaining))


def _meeting(connection: sqlite3.Connection, topic: Topic) -> set[int]:
    """The rowids in `articles_norm` of the articles that meet the rule as far as words alone can tell."""
    expressions = [topic.raw] if topic.raw is not None else map(any_of, plan_of(topic).concepts.values())
    found = [
        {row[0] for row in connection.execute("SELECT rowid FROM articles_fts(?)", [expression])}
        for expression in expressions
    ]
    return set.intersection(*found)


def _judged(db: Database, topics: Sequence[Topic]) -> set[int]:
    """As `_meeting`, those that people judged."""
    sql = "SELECT n FROM articles_norm f JOIN labels l ON l.article_id = f.article_id WHERE l.topic IN"
    sql += " (SELECT value FROM json_each(?))"
    return {row[0] for row in db.execute(sql, [json.dumps([topic.id for topic in topics])]).fetchall()}


def _version(db: Database, topic_id: str) -> str | None:
    row = db.execute("SELECT version FROM topics WHERE id = ? AND current = 1", [topic_id]).fetchone()
    return str(row[0]) if row else None


def _taken(db: Database, topic_id: str, version: str | None) -> set[str]:
    marks = ", ".join("?" * len(TAKEN))
    sql = f"SELECT article_id FROM matches WHERE topic = ? AND topic_version = ? AND decision IN ({marks})"
    return {row[0] for row in db.execute(sql, [topic_id, version, *TAKEN]).fetchall()}


def _retire(db: Database, topic_id: str) -> None:
    db.execute("UPDATE topics SET current = 0 WHERE id = ?", [topic_id])
    db.execute("DELETE FROM match_spans WHERE topic = ?", [topic_id])


class _Change(NamedTuple):
    """A topic and the version that came into force, None where none did; and the one before."""

    topic: str
    now: Topic | None
    before: str | None


def _changes(done: Iterable[Applied]) -> list[_Change]:
    return [_Change(each.topic.id, each.topic, each.before) for each in done if each.before != each.topic.version]


def _tell(corpus: Corpus, db: Database, changes: Iterable[_Change], at: datetime) -> None:
    """The changes in the journal, each with what the version before had decided, which no file gives any more; and that
    version itself, where the journal has not heard of it."""
    told: set[tuple[str, str | None]] = set()
    last: dict[str, tuple[str | None, str | None, list[list[Any]] | None]] = {}
    for line in corpus.journal.lines():
        if line.kind == "topic":
            topic_id, said = line.values["topic"], line.values
            now_then, before_then = said.get("topic_version"), said.get("before")
            last[topic_id] = now_then, before_then, said.get("decided")
            told |= {(topic_id, now_then), (topic_id, before_then)}
    for topic_id, now, before in changes:
        decisions = decisions_of(db, topic_id, before) if before is not None else None
        if last.get(topic_id) == (now.version if now else None, before, decisions):
            continue  # by a run that was killed before its rows were whole
        toml = None
        if before is not None and (topic_id, before) not in told:
            sql = "SELECT toml FROM topics WHERE id = ? AND version = ?"
            toml = db.execute(sql, [topic_id, before]).fetchone()[0]
        corpus.journal.append(
            "topic",
            at,
            topic=topic_id,
            topic_version=now.version if now else None,
            toml=now.toml if now else None,
            before=before,
            toml_before=toml,
            decided=decisions,
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
