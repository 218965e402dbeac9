"""Addresses that are traps by themselves, and those that look like it and are none."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Lead, Outcome
from crawler.admission import Admission, Window
from spiders.kit.traps import is_calendar, shape_of, trap_in
from tests.gazette_feed import PAPER

TODAY = date(2023, 8, 4)


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/a/a/a", "growing path"),
        ("/en/news/x/y/x/y/x/y", "growing path"),
        ("/more/1/more/2/more/3/more", "growing path"),
        ("/news////story", "growing path"),
        ("/1/1/1/1", "growing path"),
        ("/" + "/".join(f"p{n}" for n in range(20)), "deep path"),
        ("/p/" + "l" * 3000, "long address"),
        ("/p?" + "&".join(f"f{n}={n}" for n in range(30)), "parameters"),
        ("/agenda/2031/05", "calendar"),
        ("/agenda/2023-12-24", "calendar"),
        ("/agenda/2150/05/01", "calendar"),
        ("/agenda?year=2024&month=11", "calendar"),
        ("/agenda?day=2024-11-01", "calendar"),
        ("/agenda/2024/1/2", "calendar"),
    ],
)
def test_a_trap_has_a_name(path: str, rule: str) -> None:
    found = trap_in(f"https://www.gazette.example{path}", TODAY)
    assert found is not None
    assert found.startswith(f"{rule}: ")
    lead = Lead(f"https://www.gazette.example/journal{path}", "gazette", "feed")
    decision = Admission((), Window(), TODAY).decide(lead, PAPER)
    assert (decision.outcome, (decision.reason or "").split(":")[0]) == (Outcome.TRAP, rule)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/2011/11/11/",
        "/2011/11/11/11/an-hour",
        "/fr/archives/international/2023/08/04/niger/niger/coup",
        "/news/2023/08/04/the-plan-for-2050",
        "/2023/10/01/a-festival-that-is-announced",
        "/en/en/news//a",
        "/articles/2150/a-story",
        "/lists/the-hundred-richest/2129/1",
        "/blog/a-house-is-for-sale-208903/",
        "/news/2050-10-things-that-will-be-different",
        "/news/20311224-a-number",
        "/p?id=1&page=2&sort=asc",
    ],
)
def test_what_newspapers_do_is_none(path: str) -> None:
    assert trap_in(f"https://www.gazette.example{path}", TODAY) is None


def test_an_announced_day_goes_before_one_in_the_address() -> None:
    url = "https://www.gazette.example/journal/2031-05-01-the-vote"
    admission = Admission((), Window(), TODAY)
    assert admission.decide(Lead(url, "gazette", "feed"), PAPER).outcome is Outcome.TRAP
    dated = Lead(url, "gazette", "feed", published_at=datetime(2023, 8, 4, tzinfo=UTC))
    assert admission.decide(dated, PAPER).outcome is None


@pytest.mark.parametrize(
    ("path", "calendar"),
    [
        ("/agenda/2023/08/04/", True),
        ("/agenda/2023-08", True),
        ("/2023/", True),
        ("/agenda/20230804", True),
        ("/agenda?month=8&year=2023", True),
        ("/2023/08/04/a-story", False),
        ("/a-story-of-2023", True),
        ("/news/12345678", False),
        ("/a-story", False),
    ],
)
def test_the_page_of_a_day(path: str, calendar: bool) -> None:
    assert is_calendar(f"https://www.gazette.example{path}") is calendar


def test_addresses_of_one_making_have_one_shape() -> None:
    shapes = {
        shape_of(f"https://www.gazette.example{path}")
        for path in ("/p/1-a-slug", "/p/2-b", "/p/ffe0", "/p/word", "/p/x.html")
    }
    assert len(shapes) == 1
    assert shape_of("https://www.gazette.example/news/a") not in shapes
    assert shape_of("https://www.gazette.example/news/a") != shape_of("https://www.other.example/news/a")
    assert shape_of("https://www.gazette.example/p.php?id=1") == shape_of("https://www.gazette.example/p.php?id=2")
    assert shape_of("https://www.gazette.example/p.php?id=1") != shape_of("https://www.gazette.example/q.php?id=1")


@given(st.text(max_size=80))
def test_any_address_has_a_verdict_and_a_shape(path: str) -> None:
    url = f"https://www.gazette.example/{path}"
    assert trap_in(url, TODAY) is None or ": " in (trap_in(url, TODAY) or "")
    assert shape_of(url)
    is_calendar(url)
