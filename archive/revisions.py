"""What of an article becomes a row, and when a capture shows a new revision of it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from archive.model import Article, Complete
from archive.times import stamp

REVISED = ("title", "standfirst", "text", "published_at", "modified_at", "access", "complete")


# The tables that hold an article's lists, with their columns behind article_id and position
PARTS = {
    "authors": ("name", "role"),
    "tags": ("tag",),
    "images": ("url", "caption", "photographer", "agency", "distributor"),
    "links": ("url", "text", "block"),
    "blocks": ("kind", "start", "end"),
    "attributions": ("source", "relation", "evidence", "url"),
    "evidence": ("where", "says", "verdict"),
    "candidates": ("field", "reader", "where", "raw"),
    "embeds": ("kind", "url", "title", "block"),
    "quality": ("where", "says", "verdict"),
    "drift": ("field", "says"),
}
Row = tuple[str | int | None, ...]


def rows_of(article: Article) -> dict[str, tuple[Row, ...]]:
    """The rows of each of PARTS, in the order of the page."""
    return {
        "authors": tuple((each.name, each.role.value) for each in article.authors),
        "tags": tuple((tag,) for tag in article.tags),
        "images": _each("images", article.images),
        "links": _each("links", article.links),
        "blocks": tuple(
            (block.kind, start, start + len(block.text))
            for block, start in zip(article.blocks, starts(article), strict=True)
        ),
        "attributions": _each("attributions", article.attributions),
        "evidence": _each("evidence", article.access_evidence),
        "candidates": _each("candidates", article.candidates),
        "embeds": _each("embeds", article.embeds),
        "quality": _each("quality", article.quality_evidence),
        "drift": _each("drift", article.drift),
    }


def _each(table: str, parts: Iterable[object]) -> tuple[Row, ...]:
    names = PARTS[table]
    return tuple(tuple([getattr(part, name) for name in names]) for part in parts)


def parts_of(article: Article) -> dict[str, list[dict[str, Any]]]:
    """`rows_of` with the names of the columns."""
    return {
        table: [dict(zip(PARTS[table], row, strict=True)) for row in rows] for table, rows in rows_of(article).items()
    }


def starts(article: Article) -> list[int]:
    """Where each block begins in the article's text, in characters."""
    return [0, *accumulate(len(block.text) + 2 for block in article.blocks)][: len(article.blocks)]


def values_of(article: Article) -> dict[str, Any]:
    """The columns of `articles` that the page itself gives."""
    published = stamp(article.published)
    day = published[:10] if published else (str(article.published_day) if article.published_day else None)
    text = article.text
    return {
        "canonical_url": article.canonical_url,
        "title": article.title,
        "standfirst": article.standfirst,
        "kicker": article.kicker,
        "dateline": article.dateline,
        "section": article.section,
        "language": article.language,
        "published_at": published,
        "published_day": day,
        "modified_at": stamp(article.modified),
        "month": day[:7] if day else None,
        "access": article.access.value,
        "complete": article.complete.value,
        "text": text or None,
        "word_count": len(text.split()),
        "stable_id": article.stable_id,
        "licence": article.licence,
        "body_quality": article.body_quality.value,
    }


def changes(last: Sequence[Any], now: Mapping[str, Any]) -> list[str]:
    """The names of the fields that differ from the last revision.

    A text that was cut before and is cut again tells nothing by its length alone: newspapers try teasers of
    different lengths on different readers.
    """
    before = dict(zip(REVISED, last, strict=True))
    changed = [name for name in REVISED if before[name] != now[name]]
    if "text" in changed and before["complete"] == now["complete"] == Complete.NO:
        old, new = before["text"] or "", now["text"] or ""
        if old.startswith(new) or new.startswith(old):
            changed.remove("text")
    return changed
