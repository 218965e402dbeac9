"""How long a server asks to be left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.politeness.retry_after import LONGEST, wait_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DATE = "Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("values", "date", "seconds"),
    [
        ((), None, None),
        (("120",), None, 120),
        ((" 7 ",), None, 7),
        (("0",), None, 0),
        (("1.5",), None, 1.5),
        (("-5",), None, None),
        (("soon",), None, None),
        (("",), None, None),
        (("1e9",), None, None),
        (("9" * 40,), None, LONGEST.total_seconds()),
        (("Sun, 01 Mar 2026 12:01:00 GMT",), None, 60),
        (("Sunday, 01-Mar-26 12:01:00 GMT",), None, 60),
        (("Sun Mar  1 12:01:00 2026",), None, 60),
        (("Sun, 06 Nov 1994 08:49:37 GMT",), None, 0),
        (("Sun, 01 Mar 2099 12:01:00 GMT",), None, LONGEST.total_seconds()),
        (("Sun, 01 Mar 2026 15:00:30 GMT",), "Sun, 01 Mar 2026 15:00:00 GMT", 30),  # a clock that is wrong
        (("Sun, 01 Mar 2026 12:00:30 GMT",), "never", 30),
        (("10", "20", "nonsense"), DATE, 20),
    ],
)
def test_both_forms_and_what_is_neither(values: tuple[str, ...], date: str | None, seconds: float | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert wait_of(values, date, NOW) == expected


@given(st.lists(st.text(max_size=40), max_size=3), st.none() | st.text(max_size=40))
def test_no_field_raises_or_closes_a_host_for_ever(values: list[str], date: str | None) -> None:
    wait = wait_of(values, date, NOW)
    assert wait is None or timedelta(0) <= wait <= LONGEST
