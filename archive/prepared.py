"""What the index needs of a capture beyond its reading, made where the page is read.

Pure: it follows from the capture and its article alone, so a worker process makes the same as the index itself would.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from archive.identity import stem_of
from archive.kinship import shingles
from archive.matching import Document, Matched, meeting, versions_of
from archive.model import Article, Capture, Kind, Outcome, Reading
from archive.norm import norm
from archive.revisions import Row, rows_of, values_of
from archive.topics import Topic

# An article row is made for these; for all others the lead's row keeps what was announced.
READABLE = frozenset({Outcome.OK, Outcome.PAYWALLED, Outcome.TEXT_INCOMPLETE, Outcome.EMPTY})


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of one article, as far as they do not depend on what the corpus holds already.

    `values`: the columns of `articles` that the page gives; `parts`: by table the rows of its lists; `folded`: title,
    standfirst and text as the search sees them; `shingles`: as the table has them; `stem`: how its id begins;
    `fields`: which reader gave which field; `matched`: what topics say of it, None where none were asked.
    """

    values: Mapping[str, Any]
    parts: Mapping[str, tuple[Row, ...]]
    folded: tuple[str, str, str]
    shingles: bytes
    stem: str
    fields: tuple[tuple[str, str], ...]
    matched: Matched | None = None


def prepare(capture: Capture, reading: Reading) -> Prepared | None:
    """None where the capture gives no article row."""
    article = reading.article
    if article is None or capture.kind is not Kind.ARTICLE or reading.outcome not in READABLE:
        return None
    return prepared(capture, article)


def prepared(capture: Capture, article: Article) -> Prepared:
    """The rows of the article that this capture shows."""
    values = values_of(article)
    folded = (norm(article.title or ""), norm(article.standfirst or ""), norm(values["text"] or ""))
    fields = tuple(sorted(article.read_by.items()))
    return Prepared(values, rows_of(article), folded, shingles(folded[2]), stem_of(capture, article), fields)


def matched(ready: Prepared, capture: Capture, article: Article, topics: tuple[Topic, ...]) -> Prepared:
    """With what topics say of it."""
    found = meeting(topics, [document_of(ready, "", capture, article)])
    return replace(ready, matched=Matched(versions_of(topics), tuple(found)))


def document_of(ready: Prepared, article_id: str, capture: Capture, article: Article) -> Document:
    """The article as the matcher sees it."""
    values = ready.values
    return Document(
        id=article_id,
        outlet=capture.outlet,
        language=values["language"],
        published=article.published or article.published_day,
        title=values["title"] or "",
        standfirst=values["standfirst"] or "",
        text=values["text"] or "",
        folded=ready.folded,
    )


def lean(article: Article) -> Article:
    """What the index still asks of an article that is prepared: what tells it from others, and its time."""
    return replace(
        article,
        blocks=(),
        authors=(),
        tags=(),
        images=(),
        links=(),
        attributions=(),
        access_evidence=(),
        candidates=(),
        embeds=(),
        quality_evidence=(),
        drift=(),
        read_by={},
    )
