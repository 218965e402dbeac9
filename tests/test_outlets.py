"""Every outlet in `spiders/`: what all of them promise. A new outlet needs no test of its own here: it brings addresses
in outlet_pages/examples.toml, and for a page class invented pages there, each with what is read on it."""

import json
import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import spiders
from spiders.kit.addresses import host_of, normalise
from spiders.kit.as_json import as_json
from spiders.kit.catalogue import catalogue, of_address
from spiders.kit.listings import page_url
from spiders.kit.markup import selector
from spiders.kit.outlet import Listing, Outlet, Sitemap, Urls
from spiders.kit.page import Page
from spiders.kit.reading import read

FOLDER = Path(__file__).parent / "outlet_pages"
EXAMPLES: dict[str, dict[str, list[Any]]] = tomllib.loads((FOLDER / "examples.toml").read_text("utf-8"))
PAGES = sorted(path.stem for path in FOLDER.glob("*.html"))
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


@pytest.fixture(params=list(OUTLETS.values()), ids=list(OUTLETS))
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
    articles = [url for url, *_ in EXAMPLES[outlet.name]["articles"]]
    assert host_of(outlet.home) in {host_of(url) for url in articles}
    elsewhere = [url.replace(host_of(url), "elsewhere.example", 1) for url in articles]
    assert not [url for url in elsewhere if outlet.is_article(outlet.one_spelling(url))]


def test_one_spelling_is_reached_in_one_step(outlet: Outlet) -> None:
    for url in [outlet.home, *addresses(outlet)]:
        spelled = outlet.one_spelling(url)
        assert outlet.one_spelling(spelled) == spelled
        assert normalise(spelled) is not None


def test_it_says_what_is_proven_or_what_waits(outlet: Outlet) -> None:
    assert outlet.proven or outlet.waits


def test_each_outlet_has_examples_and_no_other() -> None:
    assert sorted(EXAMPLES) == FILES


def test_its_articles_are_known_by_their_addresses(outlet: Outlet) -> None:
    articles = EXAMPLES[outlet.name]["articles"]
    assert len(articles) >= 2
    for url, day, *number in articles:
        assert normalise(url) == url
        assert outlet.one_spelling(url) == url
        assert outlet.articles is None or outlet.is_article(url), url
        assert outlet.day_in(url) == (date.fromisoformat(day) if day else None), url
        assert (outlet.id_in(url) or "") == (number[0] if number else ""), url
        if outlet.articles is not None:
            assert of_address(url, OUTLETS) is outlet


def test_other_pages_are_no_articles(outlet: Outlet) -> None:
    others = EXAMPLES[outlet.name]["others"]
    assert len(others) >= 3
    assert not [url for url in others if outlet.is_article(url)]
    assert not [url for url in others if of_address(url, OUTLETS)]


def test_each_spelling_leads_to_the_one_that_is_kept(outlet: Outlet) -> None:
    for met, kept in EXAMPLES[outlet.name].get("same", []):
        spelled = outlet.one_spelling(normalise(met) or met)
        assert spelled == kept
        if outlet.is_article(kept):
            assert of_address(met, OUTLETS) is outlet
        assert outlet.one_spelling(spelled) == spelled


@pytest.mark.parametrize("name", PAGES)
def test_an_invented_page_of_its_structure_is_read(name: str) -> None:
    said = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    body, at = (FOLDER / f"{name}.html").read_bytes(), datetime.fromisoformat(said["captured"])
    assert b"<!-- invented -->" in body[:100]
    outlet = OUTLETS[max((each for each in OUTLETS if name.startswith(each)), key=len)]
    assert of_address(said["url"], OUTLETS) is outlet
    reading = read(body, url=said["url"], at=at, outlet=outlet)
    assert reading.article is not None
    found = as_json(reading.article)
    assert {key: found[key] for key in said["page"]} == said["page"]
    assert reading.outcome.value == said["outcome"]
    generic = read(body, url=said["url"], at=at).article
    assert generic is not None
    without = as_json(generic)
    assert [key for key in said.get("generic", []) if without[key] == said["page"][key]] == []


def test_every_page_class_has_an_invented_page() -> None:
    read_by = {OUTLETS[max((each for each in OUTLETS if name.startswith(each)), key=len)].name for name in PAGES}
    assert [each.name for each in OUTLETS.values() if each.page is not Page and each.name not in read_by] == []


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
