"""The dates that a page gives for its article, wherever it gives them, and which of them is believed."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from spiders.kit import dates, metatags, timestamps
from spiders.kit.candidates import candidate
from spiders.kit.words import one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page


def published(page: "Page") -> dates.Claim | None:
    """When the article appeared; None where the page does not say."""
    return _noted(page, "published", _published(page), dates.in_url(page.url))


def modified(page: "Page") -> dates.Claim | None:
    """When the article was last changed; None where the page does not say."""
    return _noted(page, "modified", _told(page, ("dateModified",), metatags.MODIFIED, "dateModified"), None)


def _noted(page: "Page", field: str, claims: Iterator[dates.Claim], address: date | None) -> dates.Claim | None:
    """The chosen claim; what was looked at in the page itself is noted."""

    def noting() -> Iterator[dates.Claim]:
        for claim in claims:
            if claim.reader not in ("json-ld", "meta") and (
                said := candidate(field, claim.reader, claim.where, claim.raw)
            ):
                page.noted.append(said)
            yield claim

    return dates.choose(noting(), address=address)


def _published(page: "Page") -> Iterator[dates.Claim]:
    """The most trusted place first."""
    if page.date_at:
        yield from _claims(page, "outlet", ((page.date_at, _stamp(e)) for e in page.css(page.date_at)[:3]))
    yield from _told(page, ("datePublished", "uploadDate", "dateCreated"), metatags.PUBLISHED, "datePublished")
    yield from timestamps.claims(page)
    if day := dates.in_url(page.url):
        yield dates.Claim("url", dates.Moment(day), "address", day.isoformat())


def _told(page: "Page", properties: Iterable[str], metas: Iterable[str], itemprop: str) -> Iterator[dates.Claim]:
    """What the page says to machines: JSON-LD, meta tags, microdata."""
    linked = _claims(page, "json-ld", ((name, page.ld.get(name)) for name in properties))
    head = _claims(page, "meta", ((name, value) for name in metas for value in page.metas.get(name, ())[:2]))
    # a film or a sound in the page has dates of its own
    yield from chain(linked, head) if page.ld.is_article else chain(head, linked)
    yield from _claims(page, "dom", ((itemprop, _stamp(e)) for e in page.marks.named.get(itemprop, ())[:2]))


def _claims(page: "Page", reader: str, values: Iterable[tuple[str, object]]) -> Iterator[dates.Claim]:
    for where, value in values:
        if isinstance(value, list):
            value = value[0] if value else None
        found = dates.moment(value) or (
            dates.written(value, month_first=page.month_first)
            if reader == "outlet" and isinstance(value, str)
            else None
        )
        if found:
            yield dates.Claim(reader, found, where, str(value))


def _stamp(element: HtmlElement) -> str:
    return one_line(element.get("datetime") or element.get("content") or element.text_content())
