"""Every outlet in `spiders/`: what all of them promise. A new outlet needs no test of its own here."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import spiders
from spiders.kit.addresses import host_of, normalise
from spiders.kit.catalogue import catalogue
from spiders.kit.listings import page_url
from spiders.kit.markup import selector
from spiders.kit.outlet import Listing, Outlet, Sitemap, Urls
from spiders.kit.page import Page

FILES = sorted(path.stem for path in Path(spiders.__path__[0]).glob("[a-z]*.py"))
OUTLETS = catalogue()


def addresses(outlet: Outlet) -> list[str]:
    found: list[str] = []
    for source in outlet.sources:
        if isinstance(source, Urls):
            found += source.urls
        elif isinstance(source, Listing):
            found.append(page_url(source, source.first_page))
        else:
            found.append(source.url)
    return found


def test_each_file_is_an_outlet_of_that_name() -> None:
    assert list(OUTLETS) == FILES


@pytest.fixture(params=OUTLETS.values(), ids=OUTLETS.keys())
def outlet(request: pytest.FixtureRequest) -> Outlet:
    found = request.param
    assert isinstance(found, Outlet)
    return found


def test_it_says_who_publishes(outlet: Outlet) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9_]*", outlet.name)
    assert outlet.title.strip() == outlet.title != ""
    assert outlet.languages
    assert all(re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", language) for language in outlet.languages)
    assert outlet.home == normalise(outlet.home)
    assert outlet.home.startswith("https://")


def test_it_is_asked_politely_and_over_https(outlet: Outlet) -> None:
    assert outlet.delay > 0
    assert outlet.sources
    for url in addresses(outlet):
        assert normalise(url) is not None
        assert url.startswith("https://")


def test_its_patterns_compile_and_none_is_too_wide(outlet: Outlet) -> None:
    for pattern, text in outlet.same:
        re.compile(pattern).sub(text, outlet.home)
    for source in outlet.sources:
        if isinstance(source, Sitemap) and source.only:
            re.compile(source.only)
        if isinstance(source, Listing) and source.links:
            selector(source.links)
    if outlet.articles:
        assert not outlet.is_article(outlet.home)
        assert not any(outlet.is_article(url) for url in addresses(outlet) if url not in named(outlet))


def named(outlet: Outlet) -> set[str]:
    return {url for source in outlet.sources if isinstance(source, Urls) for url in source.urls}


def test_its_article_pattern_is_of_its_own_host(outlet: Outlet) -> None:
    if outlet.articles is None:
        pytest.skip("articles are whatever the sources list")
    host = host_of(outlet.home).removeprefix("www.")
    assert host in outlet.articles.replace("\\", "")
    assert not outlet.is_article(f"https://elsewhere.example{urlsplit(outlet.home).path}")


def test_one_spelling_is_reached_in_one_step(outlet: Outlet) -> None:
    for url in [outlet.home, *addresses(outlet)]:
        spelled = outlet.one_spelling(url)
        assert outlet.one_spelling(spelled) == spelled
        assert normalise(spelled) is not None


def test_its_pages_are_readers_in_the_order_of_time(outlet: Outlet) -> None:
    assert issubclass(outlet.page, Page)
    assert len({layout.until for layout in outlet.layouts}) == len(outlet.layouts)
    assert all(issubclass(layout.page, Page) for layout in outlet.layouts)


def test_a_listing_by_months_knows_its_pages() -> None:
    listing = Listing("https://a.example/archives/{year}{month}?page={page}", first_page=0, pages=9)
    july = Listing("https://a.example/archives/202307?page={page}", first_page=0, pages=9)
    assert listing.of(2023, 7) == july
    assert listing.holding("https://a.example/archives/202307?page=3") == july
    assert listing.holding("https://a.example/archives/2023?page=3") is None
    assert july.holding("https://a.example/archives/202307?page=3") == july
    assert july.holding("https://a.example/archives/202308?page=3") is None
