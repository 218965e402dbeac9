"""The outlets against every page of the press, also those that a topic's window would leave out."""

from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from archive.http import parse_answer
from archive.model import Article, Outcome
from crawler.press.exchange import Request
from crawler.press.proxy import START
from crawler.press.texts import load
from crawler.press.truth import Truth, truth
from crawler.press.web import answer
from spiders.kit.catalogue import catalogue
from spiders.kit.outlet import Outlet
from spiders.kit.reading import read_answer
from spiders.kit.toml_outlet import load_outlet

STORIES = load()
TRUTHS = truth(STORIES, START).articles
CAPTURED = datetime(2023, 10, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def outlets() -> dict[str, Outlet]:
    fleuve = load_outlet(Path(str(files("crawler.press") / "fleuve.toml")))
    return {**catalogue(), "fleuve": fleuve}


def read(expected: Truth, outlet: Outlet, visit: int = 0) -> tuple[Outcome, Article]:
    page = answer(Request("GET", expected.url), STORIES, START, visit)
    assert page is not None
    head = "".join(f"{name}: {value}\r\n" for name, value in page.headers if name.lower() != "content-length")
    block = f"HTTP/1.1 {page.status} OK\r\n{head}\r\n".encode("latin-1") + page.body
    reading = read_answer(parse_answer(block), url=expected.url, at=CAPTURED, outlet=outlet)
    assert reading.article is not None, (expected.url, reading)
    return reading.outcome, reading.article


@pytest.mark.parametrize("expected", TRUTHS, ids=lambda expected: expected.key)
def test_reads_what_the_press_printed(expected: Truth, outlets: dict[str, Outlet]) -> None:
    outcome, article = read(expected, outlets[expected.outlet])
    assert outcome == expected.outcome
    assert article.title == expected.title
    assert article.standfirst == expected.standfirst
    assert article.kicker == expected.kicker
    assert [author.name for author in article.authors] == list(expected.authors)
    assert article.published == expected.published
    assert article.modified == expected.modified
    assert article.language == expected.language
    if expected.outlet == "mediapart":  # the only one whose addresses name it
        assert article.section == expected.section
    assert (article.access, article.complete) == (expected.access, expected.complete)
    assert article.dateline == expected.dateline
    assert article.licence == expected.licence
    assert [" ".join(each.split()) for each in article.paragraphs] == [" ".join(p.split()) for p in expected.paragraphs]


@pytest.mark.parametrize("expected", TRUTHS[::7], ids=lambda expected: expected.key)
def test_noise_changes_nothing_that_is_read(expected: Truth, outlets: dict[str, Outlet]) -> None:
    # Addresses of pictures carry a token that differs at each visit.
    outlet = outlets[expected.outlet]
    (_, first), (_, second) = read(expected, outlet, visit=0), read(expected, outlet, visit=5)
    assert replace(first, images=()) == replace(second, images=())
    assert [image.caption for image in first.images] == [image.caption for image in second.images]
