"""What of an article becomes a row, and when a capture shows a new revision of it."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import accumulate
from typing import Any

from archive.model import Article, Complete
from archive.times import stamp

REVISED = ("title", "standfirst", "text", "published_at", "modified_at", "access", "complete")


def parts_of(article: Article) -> dict[str, list[dict[str, Any]]]:
    """The rows of the tables that hold an article's lists, by table, in the order of the page."""
    return {
        "authors": [{"name": each.name, "role": each.role} for each in article.authors],
        "tags": [{"tag": tag} for tag in article.tags],
        "images": [asdict(each) for each in article.images],
        "links": [asdict(each) for each in article.links],
        "blocks": [
            {"kind": block.kind, "start": start, "end": start + len(block.text)}
            for block, start in zip(article.blocks, starts(article), strict=True)
        ],
        "attributions": [asdict(each) for each in article.attributions],
        "evidence": [asdict(each) for each in article.access_evidence],
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
        "access": article.access,
        "complete": article.complete,
        "text": text or None,
        "word_count": len(text.split()),
        "stable_id": article.stable_id,
        "licence": article.licence,
    }


def changes(last: Sequence[Any], now: dict[str, Any]) -> list[str]:
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
