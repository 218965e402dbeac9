"""Which articles meet which topic, as rows: `topics`, `matches`, `match_spans`, and what is in view."""

from collections.abc import Sequence

from sqlite_utils import Database

from archive.matching import TAKEN, Document, Match, match
from archive.rows import put
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


def judge(db: Database, topics: Sequence[Topic], documents: Sequence[Document]) -> None:
    """Matches the documents against the topics. Without topics everything is in view; else what some topic takes.

    The caller holds the transaction. Decisions of a person (`manual`) stay.
    """
    for document in documents:
        db.execute("UPDATE articles SET kept = ? WHERE id = ?", [0 if topics else 1, document.id])
        db.execute("DELETE FROM matches WHERE article_id = ? AND decision <> 'manual'", [document.id])
        db.execute("DELETE FROM match_spans WHERE article_id = ?", [document.id])
    for found in match(topics, documents):
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
    for span in found.spans:
        put(
            db,
            "match_spans",
            {
                "article_id": found.document_id,
                "topic": found.topic,
                "concept": span.concept,
                "term": span.term,
                "language": span.language,
                "field": span.field,
                "start": span.start,
                "end": span.end,
            },
        )
    if found.decision in TAKEN:
        db.execute("UPDATE articles SET kept = 1 WHERE id = ?", [found.document_id])
