"""Whether what an outlet states can be used: its patterns, its sources, the selectors of its pages. Pure."""

import re
from collections.abc import Iterator

from spiders.kit.addresses import normalise
from spiders.kit.listings import page_url
from spiders.kit.markup import selector
from spiders.kit.outlet import Listing, Outlet, Sitemap, Urls, addresses_of
from spiders.kit.page import Page

_PATTERNS = ("furniture", "free_says", "gate_says")


def faults(outlet: Outlet) -> tuple[str, ...]:
    """A sentence for each fact that cannot be right; () for an outlet that can be crawled."""
    return tuple(_faults(outlet))


def _faults(outlet: Outlet) -> Iterator[str]:
    patterns = [("articles", outlet.articles), *(("same", pattern) for pattern, _ in outlet.same)]
    patterns += [("only", source.only) for source in outlet.sources if isinstance(source, Sitemap)]
    broken = [said for name, pattern in patterns if (said := _broken(name, pattern))]
    yield from broken
    if not outlet.sources:
        yield "it has no source: nothing would announce its articles"
    if not outlet.languages:
        yield "it names no language"
    for source in outlet.sources:
        if isinstance(source, Listing) and source.links is not None:
            yield from _unusable("links", source.links)
        for url in addresses_of(source):
            address = page_url(source, source.first_page) if isinstance(source, Listing) else url
            if normalise(address.replace("{year}", "2023").replace("{month}", "07")) is None:
                yield f"the source {url} is no web address"
            elif not broken and not isinstance(source, Urls) and outlet.is_article(address):
                yield f"the pattern of articles takes the source {url} for an article"
    if not broken and outlet.is_article(outlet.home):
        yield "the pattern of articles takes the home page for an article"
    if outlet.delay <= 0:
        yield "its delay must be above 0"
    for page in (outlet.page, *(layout.page for layout in outlet.layouts)):
        yield from _of_page(page)


def _broken(name: str, pattern: str | None) -> str | None:
    try:
        re.compile(pattern or "")
    except re.error as error:
        return f"{name} is no regular expression: {error}"
    return None


def _unusable(name: str, css: str) -> Iterator[str]:
    try:
        selector(css)
    except ValueError as error:
        yield f"{name}: {error}"


def _of_page(page: type[Page]) -> Iterator[str]:
    for name in dir(page):
        value = getattr(page, name)
        if name.endswith("_at") and isinstance(value, str) and value:
            yield from _unusable(f"{page.__name__}.{name}", value)
    for css in page.drop:
        yield from _unusable(f"{page.__name__}.drop", css)
    for name in _PATTERNS:
        for pattern in getattr(page, name):
            if said := _broken(f"{page.__name__}.{name}", pattern):
                yield said
