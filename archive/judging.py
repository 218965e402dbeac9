"""Which articles meet which topic, as rows: `topics`, `matches`, `match_spans`, `labels`, and what is in view.

`matches` has a row for each article that meets a topic's rule, as far as words alone can tell, and for each that a
person judged: a topic rejects all others, since some concept is missing in them, and `topic explain` says which. A row
for each article and topic would be sixty million rows where 200,000 articles meet 300 topics.

What a person said goes before the matcher: yes makes a match `manual`, no makes it a `reject` for the reason `by_hand`.
The last verdict of an article and a topic counts, whatever version of the topic it was given on; `unsure` leaves the
matter to the matcher, and one that was taken back is as if it had not been given. Score and spans are the matcher's in
any case.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlite_utils import Database

from archive.errors import BadCorpusFile
from archive.journal import Line
from archive.matching import TAKEN, Decision, Document, Match, Matched, explain, meeting, versions_of
from archive.rows import put, put_all
from archive.times import moment
from archive.topics import Topic, parse_topic

BY_HAND = "by_hand"
_AT_ONCE = 1_000  # rows
VERDICTS = ("yes", "no", "unsure")
WITHDRAWN = "withdrawn"  # in the place of a verdict: the line `withdraws` an earlier one, which counts no more
_MATCHES = ("article_id", "topic", "topic_version", "score", "decision", "reason")
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
    """What a line of the journal tells of a topic: its versions, and what the one before had decided, as history.

    Which version is in force the files say, and what that decides follows from the articles.
    """
    said = line.values
    for toml in (said.get("toml"), said.get("toml_before")):
        if toml is None:
            continue
        try:
            topic = parse_topic(toml, f"{said['topic']}.toml", said["topic"])
        except BadCorpusFile:  # written for another version of the program, which is no fault of the journal
            continue
        if not _in_force(db, topic.id, topic.version):
            keep_topic(db, topic, current=False)
    before, rows = said.get("before"), said.get("decided")
    if before is None or rows is None or _in_force(db, said["topic"], before):
        return
    db.execute("DELETE FROM matches WHERE topic = ? AND topic_version = ?", [said["topic"], before])
    put_all(db, "matches", _MATCHES, [(article, said["topic"], before, *rest) for article, *rest in rows])


def decisions_of(db: Database, topic_id: str, version: str | None) -> list[list[Any]]:
    """What a version of a topic has decided, as the journal keeps it: article, score, decision, reason."""
    rows = db.execute(
        "SELECT article_id, score, decision, reason FROM matches WHERE topic = ? AND topic_version = ?"
        " ORDER BY article_id",
        [topic_id, version],
    )
    return [list(row) for row in rows.fetchall()]


def _in_force(db: Database, topic_id: str, version: str) -> bool:
    sql = "SELECT 1 FROM topics WHERE id = ? AND version = ? AND current = 1"
    return db.execute(sql, [topic_id, version]).fetchone() is not None


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
        document = document_in(row)
        where = "WHERE article_id = ? AND topic = ?"
        db.execute(f"DELETE FROM match_spans {where}", [article_id, topic_id])
        db.execute(f"DELETE FROM matches {where} AND topic_version = ?", [article_id, topic_id, topic.version])
        keep_matches(db, decided([topic], [document], meeting([topic], [document]), verdicts(db, [article_id])))
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
    due = (
        "(NOT EXISTS (SELECT 1 FROM topics WHERE current = 1) OR EXISTS ("
        " SELECT 1 FROM matches m JOIN topics t ON t.id = m.topic AND t.version = m.topic_version AND t.current = 1"
        f" WHERE m.article_id = articles.id AND m.decision IN ({taken})))"
    )
    # A row holds the text too: only what changes is written
    db.execute(f"UPDATE articles SET kept = NOT kept WHERE (?1 IS NULL OR id = ?1) AND kept IS NOT {due}", [article_id])


def unjudged(topics: Sequence[Topic]) -> int:
    """`articles.kept` before any topic was asked: without topics everything is in view; else what some topic takes."""
    return 0 if topics else 1


@dataclass(frozen=True, slots=True)
class Due:
    """An article whose matches are due: what the matcher looks at, and what it says where it was asked already.

    `new`: it was never judged, and its row says `unjudged`.
    """

    document: Document
    matched: Matched | None
    new: bool


def judge(db: Database, topics: Sequence[Topic], due: Iterable[Due]) -> None:
    """Matches the articles against the topics, where that is not done, and keeps what comes of it.

    The caller holds the transaction. What earlier versions said stays as history.
    """
    asked = versions_of(tuple(topics))
    documents, open_, found = [], [], list[Match]()
    for each in due:
        article_id = each.document.id
        documents.append(each.document)
        if not each.new:
            db.execute("UPDATE articles SET kept = ? WHERE id = ?", [unjudged(topics), article_id])
            db.execute("DELETE FROM match_spans WHERE article_id = ?", [article_id])
            db.execute(
                "DELETE FROM matches WHERE article_id = ? AND (topic, topic_version) IN"
                " (SELECT id, version FROM topics WHERE current = 1)",
                [article_id],
            )
        # Topics may have changed since a worker was asked
        if each.matched is None or each.matched.versions != asked:
            open_.append(each.document)
        else:
            found += (match._replace(document_id=article_id) for match in each.matched.matches)
    found += meeting(topics, open_)
    if found or documents:
        said = verdicts(db, [document.id for document in documents])
        keep_matches(db, decided(topics, documents, found, said))


Verdicts = Mapping[tuple[str, str], str]  # by article and topic the verdict that counts


def verdicts(db: Database, articles: Sequence[str]) -> Verdicts:
    """What people said of these articles."""
    if db.execute("SELECT 1 FROM labels LIMIT 1").fetchone() is None:
        return {}
    rows = db.execute(
        "SELECT article_id, topic, verdict FROM labels WHERE article_id IN (SELECT value FROM json_each(?))"
        " ORDER BY entry",
        [json.dumps(articles)],
    )
    return {(article_id, topic): verdict for article_id, topic, verdict in rows.fetchall()}


def decided(
    topics: Sequence[Topic], documents: Iterable[Document], found: Iterable[Match], said: Verdicts
) -> Iterator[Match]:
    """The matches that get a row: as the matcher decided or as a person did; also of articles that only a person
    brings to a topic."""
    left = {key for key, verdict in said.items() if verdict in _SAID}
    for match in found:
        key = (match.document_id, match.topic)
        left.discard(key)
        yield _by_hand(match, said.get(key))
    if left:
        by_id = {topic.id: topic for topic in topics}
        for document in documents:
            for key in sorted(left):
                if key[0] == document.id and key[1] in by_id:
                    yield _by_hand(explain(by_id[key[1]], document), said[key])


def _by_hand(found: Match, verdict: str | None) -> Match:
    decision = _SAID.get(verdict) if verdict else None
    return found if decision is None else found._replace(decision=decision, reason=BY_HAND)


def keep_matches(db: Database, found: Iterable[Match]) -> None:
    """The rows of matches, and what they bring into view. The caller holds the transaction."""
    remaining = iter(found)
    while batch := list(islice(remaining, _AT_ONCE)):
        put_all(
            db,
            "matches",
            _MATCHES,
            [(each.document_id, *each[1:4], each.decision, each.reason) for each in batch],
        )
        put_all(
            db,
            "match_spans",
            ("article_id", "topic", "concept", "term", "language", "field", "start", "end"),
            [
                (each.document_id, each.topic, span.concept, span.term, span.language, span.field, span.start, span.end)
                for each in batch
                for span in each.spans
            ],
        )
        taken = [(each.document_id,) for each in batch if each.decision in TAKEN]
        db.conn.executemany("UPDATE articles SET kept = 1 WHERE id = ? AND kept = 0", taken)
