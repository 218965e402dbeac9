"""Which leads are fetched, and the rule that each other one is skipped by."""

from datetime import UTC, date, datetime

import pytest

from archive.model import Lead, Outcome
from archive.topics import parse_topic
from crawler.admission import Admission, Window, window_of
from spiders.kit.outlet import Outlet

OUTLET = Outlet(
    "a",
    "The Example",
    "https://a.example/",
    ("en",),
    articles=r"^https://a\.example/(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/[^/]+$",
)
WINDOW = Window(date(2023, 7, 26), date(2023, 9, 30))
TOPIC = """
schema = 1
id = "coup"
title = "A coup"
[window]
from = 2023-07-26
to = 2023-12-31
[rule]
require = ["place"]
prefilter = "{prefilter}"
[concepts.place]
en = ["Niamey"]
"""


def lead(path: str, **more: object) -> Lead:
    return Lead(f"https://a.example{path}", "a", "https://a.example/feed", **more)  # type: ignore[arg-type]


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (lead("/2023/08/04/story"), None),
        (lead("/about"), "not the address of an article of The Example"),
        (lead("/2023/07/25/story"), "of 2023-07-25, outside the window 2023-07-26 to 2023-09-30"),
        (lead("/2023/10/01/story"), "of 2023-10-01, outside"),
        # The day in the address counts before the one announced.
        (lead("/2023/08/04/story", published_at=at(2022, 1, 1)), None),
    ],
)
def test_addresses_and_windows(candidate: Lead, reason: str | None) -> None:
    decision = Admission((), WINDOW).decide(candidate, OUTLET)
    if reason is None:
        assert decision.outcome is None
    else:
        assert decision.outcome is Outcome.SKIPPED
        assert reason in (decision.reason or "")


def test_without_a_day_in_the_address_the_announcement_counts() -> None:
    plain = Outlet("a", "A", "https://a.example/", ("en",))
    admission = Admission((), WINDOW)
    assert admission.decide(lead("/x"), plain).outcome is None
    assert admission.decide(lead("/x", published_at=at(2023, 7, 1)), plain).outcome is Outcome.SKIPPED
    assert admission.decide(lead("/x", modified_at=at(2023, 7, 1)), plain).outcome is Outcome.SKIPPED
    # A later change says nothing about the day of publication.
    assert admission.decide(lead("/x", modified_at=at(2024, 7, 1)), plain).outcome is None


def test_the_prefilter_skips_with_its_reason_and_only_where_the_topic_asks_for_it() -> None:
    plain = Outlet("a", "A", "https://a.example/", ("en",))
    strict = parse_topic(TOPIC.format(prefilter="summary"), "coup.toml", "coup")
    open_ = parse_topic(TOPIC.format(prefilter="none"), "coup.toml", "coup")
    off = lead("/x", title="Rain in the valley", summary="It rained.")
    on = lead("/x", title="Night over Niamey", summary="It was quiet.")
    skipped = Admission((strict,), Window()).decide(off, plain)
    assert skipped.outcome is Outcome.SKIPPED
    assert "coup" in (skipped.reason or "")
    assert Admission((strict,), Window()).decide(on, plain).outcome is None
    assert Admission((open_,), Window()).decide(off, plain).outcome is None
    assert Admission((strict, open_), Window()).decide(off, plain).outcome is None


def test_a_day_in_the_address_is_held_against_the_window_of_each_topic() -> None:
    dated = parse_topic(TOPIC.format(prefilter="none"), "coup.toml", "coup")
    ever = parse_topic(
        TOPIC.replace("[window]", "").replace("from =", "# ").replace("to =", "# ").format(prefilter="summary"),
        "ever.toml",
        "coup",
    )
    admission = Admission((dated, ever), window_of((dated, ever), None, None))
    assert admission.window == Window()
    skipped = admission.decide(lead("/2023/07/25/rain", title="Rain"), OUTLET)
    assert skipped.outcome is Outcome.SKIPPED
    assert "out_of_window: 2023-07-25" in (skipped.reason or "")
    assert skipped.lead.published_at is None
    assert admission.decide(lead("/2023/07/26/rain", title="Rain"), OUTLET).outcome is None
    plain = Outlet("a", "A", "https://a.example/", ("en",))
    skipped = admission.decide(lead("/rain", title="Rain", modified_at=at(2023, 7, 25)), plain)
    assert "coup (last changed on 2023-07-25, before its window)" in (skipped.reason or "")
    assert admission.decide(lead("/rain", title="Rain", modified_at=at(2024, 7, 25)), plain).outcome is None
    assert admission.decide(lead("/2023/07/25/niamey", title="Niamey"), OUTLET).outcome is None


def test_the_window_of_a_run() -> None:
    topic = parse_topic(TOPIC.format(prefilter="none"), "coup.toml", "coup")
    assert window_of([], None, None) == Window()
    assert window_of([topic], None, None) == Window(date(2023, 7, 26), date(2023, 12, 31))
    assert window_of([topic], date(2023, 8, 1), date(2023, 8, 31)) == Window(date(2023, 8, 1), date(2023, 8, 31))
    assert window_of([topic], date(2020, 1, 1), date(2030, 1, 1)) == Window(date(2023, 7, 26), date(2023, 12, 31))


def test_the_months_of_a_window() -> None:
    today = date(2026, 1, 15)
    assert Window(date(2023, 11, 20), date(2024, 2, 1)).months(today) == ((2024, 2), (2024, 1), (2023, 12), (2023, 11))
    assert Window(date(2025, 12, 31), date(2026, 12, 31)).months(today) == ((2026, 1), (2025, 12))
    assert Window().months(today) == ((2026, 1), (2025, 12))
