"""Which articles meet which topic, as rows: `topics`, `matches`, `match_spans`, `labels`, and what is in view.

What a person said goes before the matcher: yes makes a match `manual`, no makes it a `reject` for the reason `by_hand`.
The last verdict of an article and a topic counts, whatever version of the topic it was given on; `unsure` leaves the
matter to the matcher, and one that was taken back is as if it had not been given. Score and spans are the matcher's in
any case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from archive.errors import BadCorpusFile
from archive.journal import Line
from archive.matching import TAKEN, Decision, Document, Match, match
from archive.rows import put, put_all
from archive.times import moment
from archive.topics import Topic, parse_topic

BY_HAND = "by_hand"
VERDICTS = ("yes", "no", "unsure")
WITHDRAWN = "withdrawn"  # in the place of a verdict: the line `withdraws` an earlier one, which counts no more
_SAID = {"yes": Decision.MANUAL, "no": Decision.REJECT}
DOCUMENT = "id, outlet, language, published_at, published_day, title, standfirst, text"  # columns for `document_in`


def keep_topics(db: Database, topics: Sequence[Topic]) -> None:
    """The topics in force, each with its version; earlier versions stay as history."""
    with db.atomic():
        db.execute("UPDATE topics SET current = 0")
        for topic in topics:
            keep_topic(db, topic)


def keep_topic(db: Database, topic: Topic, *, current: bool = True) -> None:
    """The row of one version of a topic."""
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
            "current": int(current),
        },
    )


def keep_version(db: Database, line: Line) -> None:
    """The versions of a topic that a line of the journal tells of, as history: which one is in force, the files say."""
    topic_id = line.values["topic"]
    for toml in (line.values["toml"], line.values.get("toml_before")):
        if toml is None:
            continue
        try:
            topic = parse_topic(toml, f"{topic_id}.toml", topic_id)
        except BadCorpusFile:  # written for another version of the program, which is no fault of the journal
            continue
        known = "SELECT 1 FROM topics WHERE id = ? AND version = ?"
        if db.execute(known, [topic.id, topic.version]).fetchone() is None:
            keep_topic(db, topic, current=False)


def topic_in_force(db: Database, topic_id: str) -> Topic | None:
    """The version of a topic by which the rows are judged."""
    row = db.execute("SELECT toml, version FROM topics WHERE id = ? AND current = 1", [topic_id]).fetchone()
    return _parsed(topic_id, row[0], row[1]) if row else None


@lru_cache(maxsize=64)
def _parsed(topic_id: str, toml: str, version: str) -> Topic:  # noqa: ARG001 (a key of the cache)
    return parse_topic(toml, f"{topic_id}.toml", topic_id)


def keep_verdict(db: Database, line: Line) -> None:
    """The row of a verdict, and what it decides; none of one that is taken back, nothing of a line that is no verdict.

    The caller holds the transaction.
    """
    said = line.values
    article_id, topic_id, verdict = (said.get(name) for name in ("article", "topic", "verdict"))
    if not (article_id and topic_id) or verdict not in (*VERDICTS, WITHDRAWN):
        return
    if db.execute("SELECT 1 FROM takedowns WHERE article_id = ?", [article_id]).fetchone():
        return
    if verdict == WITHDRAWN:
        where = "entry = ? AND article_id = ? AND topic = ?"
        db.execute(f"DELETE FROM labels WHERE {where}", [withdrawn_by(line), article_id, topic_id])
    else:
        put(
            db,
            "labels",
            {
                "entry": line.n,
                "at": line.at,
                "article_id": article_id,
                "topic": topic_id,
                "topic_version": said.get("topic_version"),
                "verdict": verdict,
                "judged_by": said.get("by"),
                "stratum": said.get("stratum"),
                "weight": said.get("weight"),
            },
        )
    row = db.execute(f"SELECT {DOCUMENT} FROM articles WHERE id = ?", [article_id]).fetchone()
    topic = topic_in_force(db, topic_id)
    if row is not None and topic is not None:
        db.execute("DELETE FROM match_spans WHERE article_id = ? AND topic = ?", [article_id, topic_id])
        for found in match([topic], [document_in(row)]):
            keep_match(db, found)
        bring_into_view(db, article_id)


def withdrawn_by(line: Line) -> int | None:
    """The number of the earlier line whose verdict this line takes back."""
    said = line.values
    entry = said.get("withdraws") if line.kind == "label" and said.get("verdict") == WITHDRAWN else None
    return entry if isinstance(entry, int) and 0 < entry < line.n else None


def document_in(row: Sequence[Any]) -> Document:
    """The article in a row of the columns DOCUMENT, as the matcher sees it."""
    article_id, outlet, language, published_at, published_day, title, standfirst, text = row
    return Document(
        id=article_id,
        outlet=outlet,
        language=language,
        published=moment(published_at) or (date.fromisoformat(published_day) if published_day else None),
        title=title or "",
        standfirst=standfirst or "",
        text=text or "",
    )


def bring_into_view(db: Database, article_id: str | None = None) -> None:
    """Sets `articles.kept` by the decisions of the topics in force: of one article, or of all."""
    taken = ", ".join(f"'{each}'" for each in TAKEN)
    db.execute(
        "UPDATE articles SET kept = NOT EXISTS (SELECT 1 FROM topics WHERE current = 1) OR EXISTS ("
        " SELECT 1 FROM matches m JOIN topics t ON t.id = m.topic AND t.version = m.topic_version AND t.current = 1"
        f" WHERE m.article_id = articles.id AND m.decision IN ({taken})) WHERE ?1 IS NULL OR id = ?1",
        [article_id],
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

    The caller holds the transaction. What earlier versions said stays as history.
    """
    versions = [(topic.id, topic.version) for topic in topics]
    open_: list[Document] = []
    for each in due:
        article_id = each.document.id
        if not each.new:
            db.execute("UPDATE articles SET kept = ? WHERE id = ?", [unjudged(topics), article_id])
            db.execute("DELETE FROM match_spans WHERE article_id = ?", [article_id])
        # Topics may have changed since a worker was asked
        if each.matches is None or [(found.topic, found.topic_version) for found in each.matches] != versions:
            open_.append(each.document)
        else:
            for found in each.matches:
                keep_match(db, found._replace(document_id=article_id))
    for found in match(topics, open_):
        keep_match(db, found)


def keep_match(db: Database, found: Match) -> None:
    """The rows of a match: as the matcher decided, or as a person did. The caller holds the transaction."""
    said = db.execute(
        "SELECT verdict FROM labels WHERE article_id = ? AND topic = ? ORDER BY entry DESC LIMIT 1",
        [found.document_id, found.topic],
    ).fetchone()
    decided = _SAID.get(said[0]) if said else None
    decision, reason = (found.decision, found.reason) if decided is None else (decided, BY_HAND)
    put(
        db,
        "matches",
        {
            "article_id": found.document_id,
            "topic": found.topic,
            "topic_version": found.topic_version,
            "score": found.score,
            "decision": decision,
            "reason": reason,
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
    if decision in TAKEN:
        db.execute("UPDATE articles SET kept = 1 WHERE id = ?", [found.document_id])
