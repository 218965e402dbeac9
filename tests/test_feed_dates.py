"""Dates as feeds and sitemaps write them: moments in UTC, and what cannot be known."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.kit.announced import change, moment


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Thu, 03 Aug 2023 10:15:30 +0200", (2023, 8, 3, 8, 15, 30)),
        ("3 Aug 23 10:15 EST", (2023, 8, 3, 15, 15)),
        ("Thu, 03 Aug 2023 10:15:00 PDT", (2023, 8, 3, 17, 15)),
        ("Thu, 03 Aug 2023 10:15:00 Z", (2023, 8, 3, 10, 15)),
        ("Thu, 03 Aug 2023 10:15:00 -0000", (2023, 8, 3, 10, 15)),
        ("jeu., 03 août 2023 10:15:00 +0200", (2023, 8, 3, 8, 15)),
        ("Thu, 3 Aug 2023 24:00:00 GMT", (2023, 8, 4)),
        ("Sat, 31 Dec 2016 23:59:60 GMT", (2016, 12, 31, 23, 59, 59)),
        ("2023-08-03T10:15:00+02:00", (2023, 8, 3, 8, 15)),
        ("2023-08-03T10:15:00.123Z", (2023, 8, 3, 10, 15)),
        ("2023-08-03 10:15:00Z", (2023, 8, 3, 10, 15)),
        ("2023-08-03T10:15+0530", (2023, 8, 3, 4, 45)),
    ],
)
def test_a_date_with_its_offset_is_a_moment_in_utc(text: str, at: tuple[int, ...]) -> None:
    assert moment(text) == datetime(*at, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "2023-08-03",
        "2023-08-03T10:15:00",
        "Thu, 03 Aug 2023 10:15:00",
        "Thu, 03 Aug 2023 10:15:00 A",
        "Thu, 03 Aug 2023 10:15:00 IST",
        "Thu, 32 Aug 2023 10:15:00 GMT",
        "2023-02-30T10:15:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "1970-01-01T00:00:00Z",
        "2023-08-03T10:15:00+99:00",
        "Thu, 03 Aug 2023 99:99:99 GMT",
        "Thu, 03 Foo 2023 10:15:00 GMT",
    ],
)
def test_what_cannot_be_known_is_none(text: str | None) -> None:
    assert moment(text) is None


def test_a_change_may_be_a_bare_day() -> None:
    assert change("2023-08-03") == datetime(2023, 8, 3, tzinfo=UTC)
    assert change("2023-08-03T10:15:00") == datetime(2023, 8, 3, 10, 15, tzinfo=UTC)
    assert change("2023-08") is None


@settings(deadline=None)
@given(st.datetimes(datetime(1900, 1, 1), datetime(2099, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_every_written_moment_comes_back(at: datetime, minutes: int) -> None:
    at = at.replace(microsecond=0)
    shown = (at + timedelta(minutes=minutes)).isoformat()
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    expected = None if at == datetime(1970, 1, 1) else at.replace(tzinfo=UTC)  # noqa: DTZ001
    assert moment(f"{shown}{sign}{size // 60:02}:{size % 60:02}") == expected
