"""Which articles meet which topic, as rows: `topics`, `matches`, `match_spans`, and what is in view."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from archive.matching import TAKEN, Document, Match, match
from archive.rows import put, put_all
from archive.topics import Topic


def keep_topics(db: Database, topics: Sequence[Topic]) -> None:
    """The topics in force, each with its version; earlier versions stay as history."""
    with db.atomic():
        db.execute("UPDATE topics SET current = 0")
        for topic in topics:
            put(
                db,
                "topics",
                {
                    "id": topic.id,
                    "version": topic.version,
                    "title": topic.title,
                    "description": topic.description,
                    "window_from": str(topic.window_from) if topic.window_from else None,
                    "window_to": str(topic.window_to) if topic.window_to else None,
                    "toml": topic.toml,
                    "compiled": topic.compiled,
                    "current": 1,
                },
            )


def unjudged(topics: Sequence[Topic]) -> int:
    """`articles.kept` before any topic was asked: without topics everything is in view; else what some topic takes."""
    return 0 if topics else 1


@dataclass(frozen=True, slots=True)
class Due:
    """An article whose matches are due: what the matcher looks at, and what it says where it was asked already.

    `new`: it was never judged, and its row says `unjudged`.
    """

    document: Document
    matches: tuple[Match, ...] | None
    new: bool


def judge(db: Database, topics: Sequence[Topic], due: Iterable[Due]) -> None:
    """Matches the articles against the topics, where that is not done, and keeps what comes of it.

    The caller holds the transaction. Decisions of a person (`manual`) stay.
    """
    versions = [(topic.id, topic.version) for topic in topics]
    open_: list[Document] = []
    for each in due:
        article_id = each.document.id
        if not each.new:
            db.execute("UPDATE articles SET kept = ? WHERE id = ?", [unjudged(topics), article_id])
            db.execute("DELETE FROM matches WHERE article_id = ? AND decision <> 'manual'", [article_id])
            db.execute("DELETE FROM match_spans WHERE article_id = ?", [article_id])
        # Topics may have changed since a worker was asked
        if each.matches is None or [(found.topic, found.topic_version) for found in each.matches] != versions:
            open_.append(each.document)
        else:
            for found in each.matches:
                _keep(db, found._replace(document_id=article_id))
    for found in match(topics, open_):
        _keep(db, found)


def _keep(db: Database, found: Match) -> None:
    put(
        db,
        "matches",
        {
            "article_id": found.document_id,
            "topic": found.topic,
            "topic_version": found.topic_version,
            "score": found.score,
            "decision": found.decision,
            "reason": found.reason,
        },
    )
    put_all(
        db,
        "match_spans",
        ("article_id", "topic", "concept", "term", "language", "field", "start", "end"),
        (
            (found.document_id, found.topic, each.concept, each.term, each.language, each.field, each.start, each.end)
            for each in found.spans
        ),
    )
    if found.decision in TAKEN:
        db.execute("UPDATE articles SET kept = 1 WHERE id = ?", [found.document_id])
