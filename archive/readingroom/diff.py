"""/article/ID/diff: what changed between two versions, by word."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from datasette import Response

from archive.errors import UsageError
from archive.readingroom import words
from archive.readingroom.article import one
from archive.readingroom.pages import Missing, answer, ask, row, rows

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
COSTLY = 4_000_000  # pairs of words above which a stretch is shown as a whole
AROUND = 1  # unchanged paragraphs shown beside a changed one


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words: kept, gone or new."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph in pieces; or, `folded`, a run of paragraphs that did not change."""

    pieces: tuple[Piece, ...]
    folded: tuple[str, ...] = ()


async def diff_page(datasette: Any, request: Any) -> Response:
    """The page; without `from` and `to` the newest version against the one before."""
    article_id = request.url_vars["id"]

    def look(connection: sqlite3.Connection) -> dict[str, Any]:
        article = one(connection, article_id)
        newest = article["revision_count"]
        to = _number(request.args.get("to"), newest)
        older, newer = _number(request.args.get("from"), max(to - 1, 1)), to
        return {
            "article": article,
            "old": _revision(connection, article_id, older),
            "new": _revision(connection, article_id, newer),
            "revisions": rows(
                connection,
                "SELECT n, seen_at, changed FROM revisions WHERE article_id = ? ORDER BY n",
                [article_id],
            ),
        }

    found = await ask(datasette, look)
    old, new = found["old"], found["new"]
    fields = [
        (words.FIELDS[name], _shown(name, old[name]), _shown(name, new[name]))
        for name in ("published_at", "modified_at", "access", "complete")
        if old[name] != new[name]
    ]
    context = {
        **found,
        "direction": words.direction(found["article"]["language"]),
        "title": tuple(by_word(old["title"] or "", new["title"] or "")),
        "standfirst": tuple(by_word(old["standfirst"] or "", new["standfirst"] or "")),
        "passages": list(by_paragraph(old["text"] or "", new["text"] or "")),
        "fields": fields,
        "same_text": old["text"] == new["text"],
    }
    return await answer(datasette, request, "diff.html", context)


def by_word(old: str, new: str) -> Iterator[Piece]:
    """The words of both texts in one line: kept, gone and new."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) * len(after) > COSTLY:
        yield from (piece for piece in (Piece("gone", old), Piece("new", new)) if piece.text)
        return
    for operation, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if operation == "equal":
            yield Piece("kept", "".join(before[a:b]))
            continue
        if b > a:
            yield Piece("gone", "".join(before[a:b]))
        if d > c:
            yield Piece("new", "".join(after[c:d]))


def by_paragraph(old: str, new: str) -> Iterator[Passage]:
    """The texts' paragraphs in order, each in pieces; longer runs without change are folded."""
    before, after = _blocks(old), _blocks(new)
    operations = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for place, (operation, a, b, c, d) in enumerate(operations):
        if operation == "equal":
            yield from _unchanged(before[a:b], first=place == 0, last=place == len(operations) - 1)
        else:
            shared = min(b - a, d - c)
            for n in range(shared):
                yield Passage(tuple(by_word(before[a + n], after[c + n])))
            yield from (Passage((Piece("gone", each),)) for each in before[a + shared : b])
            yield from (Passage((Piece("new", each),)) for each in after[c + shared : d])


def _unchanged(blocks: list[str], *, first: bool, last: bool) -> Iterator[Passage]:
    head = 0 if first else AROUND
    tail = 0 if last else AROUND
    if len(blocks) <= head + tail + 1:
        yield from (Passage((Piece("kept", each),)) for each in blocks)
        return
    yield from (Passage((Piece("kept", each),)) for each in blocks[:head])
    yield Passage((), tuple(blocks[head : len(blocks) - tail]))
    yield from (Passage((Piece("kept", each),)) for each in blocks[len(blocks) - tail :])


def _blocks(text: str) -> list[str]:
    return [block for block in text.split("\n\n") if block.strip()]


def _revision(connection: sqlite3.Connection, article_id: str, n: int) -> dict[str, Any]:
    found = row(connection, "SELECT * FROM revisions WHERE article_id = ? AND n = ?", [article_id, n])
    if found is None:
        raise Missing(f"{article_id!r} has no version {n}: its page lists those that it has")
    return found


def _number(text: str | None, otherwise: int) -> int:
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise UsageError(f"{text[:40]!r} is not a version: versions are counted from 1")
    return int(text)


def _shown(name: str, value: str | None) -> str:
    return words.moment(value) if name.endswith("_at") else value or "unknown"
