"""The dates that a page gives for its article, wherever it gives them, and which of them is believed."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from spiders.kit import dates, day_order, metatags, period, state_fields, timestamps
from spiders.kit.candidates import candidate
from spiders.kit.words import one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

_APPEARED = ("datePublished", "uploadDate", "dateCreated")


def published(page: "Page") -> dates.Claim | None:
    """When the article appeared; None where the page does not say."""
    return _noted(page, "published", _published(page), period.day_in(page.url))


def modified(page: "Page") -> dates.Claim | None:
    """When the article was last changed; None where the page does not say, or says a time before it appeared."""
    appeared = page.published()
    told = (
        claim
        for claim in _told(page, ("dateModified",), metatags.MODIFIED, "dateModified")
        if appeared is None or claim.moment.at is None or claim.moment.at >= appeared
    )
    return _noted(page, "modified", told, None)


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
    silent = True
    for claim in chain(_told(page, _APPEARED, metatags.PUBLISHED, "datePublished"), _shown(page)):
        silent = False
        yield claim
    if silent:
        yield from _claims(page, "script", (("published", value) for value in state_fields.fields(page, "published")))
    if day := period.day_in(page.url):
        yield dates.Claim("url", dates.Moment(day), "address", day.isoformat())


def _shown(page: "Page") -> Iterator[dates.Claim]:
    """The dates that readers see, and behind them what the data say of the page as such or of a film in it."""
    yield from timestamps.claims(page)
    if not page.ld.is_article:
        yield from _linked(page, _APPEARED)


def _told(page: "Page", properties: Iterable[str], metas: Iterable[str], itemprop: str) -> Iterator[dates.Claim]:
    """What the page says of its article to machines: JSON-LD, meta tags, microdata."""
    if page.ld.is_article:
        yield from _linked(page, properties)
    yield from _claims(page, "meta", ((name, value) for name in metas for value in page.metas.get(name, ())[:2]))
    if not page.ld.is_article and properties != _APPEARED:
        yield from _linked(page, properties)
    marked = (element for element in page.marks.named.get(itemprop, ())[:10] if _is_of_the_article(element))
    yield from _claims(page, "dom", ((itemprop, _stamp(e)) for e in islice(marked, 2)))


def _linked(page: "Page", properties: Iterable[str]) -> Iterator[dates.Claim]:
    yield from _claims(page, "json-ld", ((name, page.ld.get(name)) for name in properties))


def _is_of_the_article(element: HtmlElement) -> bool:
    """Whether microdata give the element to an article or to the page, not to a comment, a film or a teaser."""
    for around in islice(element.iterancestors(), 30):
        if around.get("itemscope") is not None:
            return timestamps.SOMETHING_ELSE.search(around.get("itemtype") or "") is None
    return True


def _claims(page: "Page", reader: str, values: Iterable[tuple[str, object]]) -> Iterator[dates.Claim]:
    for where, value in values:
        if isinstance(value, list):
            value = value[0] if value else None
        found = dates.moment(value)
        if found is None and isinstance(value, str) and value:
            read = dates.written if reader == "outlet" else dates.moment
            found = read(value, month_first=day_order.month_first(page, value[:200]))
        if found:
            yield dates.Claim(reader, found, where, str(value))


def _stamp(element: HtmlElement) -> str:
    return one_line(element.get("datetime") or element.get("content") or element.text_content())
