"""The dates that a page gives for its article, wherever it gives them, and which of them is believed."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from spiders.kit import dates, metatags, printed
from spiders.kit.words import one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

_TIMES = "time[pubdate], article time[datetime], main time[datetime], time[datetime]"


def published(page: "Page") -> dates.Claim | None:
    """When the article appeared; None where the page does not say."""
    return dates.choose(_published(page))


def modified(page: "Page") -> dates.Claim | None:
    """When the article was last changed; None where the page does not say."""
    return dates.choose(_told(page, ("dateModified",), metatags.MODIFIED, "dateModified"))


def _published(page: "Page") -> Iterator[dates.Claim]:
    """The most trusted place first."""
    if page.date_at:
        yield from _claims(page, "outlet", (_stamp(e) for e in page.css(page.date_at)[:3]))
    yield from _told(page, ("datePublished", "uploadDate", "dateCreated"), metatags.PUBLISHED, "datePublished")
    yield from _claims(page, "dom", (_stamp(e) for e in page.css(_TIMES)[:1]))
    yield from (dates.Claim("dom", found) for found in printed.moments(page))
    if day := dates.in_url(page.url):
        yield dates.Claim("url", dates.Moment(day))


def _told(page: "Page", properties: Iterable[str], metas: Iterable[str], itemprop: str) -> Iterator[dates.Claim]:
    """What the page says to machines: JSON-LD, meta tags, microdata."""
    yield from _claims(page, "json-ld", (page.ld.get(name) for name in properties))
    yield from _claims(page, "meta", (value for name in metas for value in page.metas.get(name, ())[:2]))
    yield from _claims(page, "microdata", (_stamp(e) for e in page.css(f"[itemprop={itemprop}]")[:2]))


def _claims(page: "Page", reader: str, values: Iterable[object]) -> Iterator[dates.Claim]:
    for value in values:
        if isinstance(value, list):
            value = value[0] if value else None
        found = dates.moment(value) or (
            dates.written(value, month_first=page.month_first)
            if reader == "outlet" and isinstance(value, str)
            else None
        )
        if found:
            yield dates.Claim(reader, found)


def _stamp(element: HtmlElement) -> str:
    return one_line(element.get("datetime") or element.get("content") or element.text_content())
