"""Retry-After: how long a server asks to be left alone (RFC 9110 §10.2.3)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=30)  # what is further off is a mistake, and must not close a host for ever
_SECONDS = re.compile(r"\d+(?:\.\d*)?")


def wait_of(values: Iterable[str], date: str | None, now: datetime) -> timedelta | None:
    """How long to wait from `now` on, by all values of the field; None where none of them says anything.

    Seconds or a date. A date counts from the `Date` of the same answer, since the server's clock may be wrong; without
    one from `now`. What is over already is no wait at all, the longest of several counts, and none is above 30 days.
    """
    found = [wait for value in values if (wait := _one(value.strip(), date, now)) is not None]
    return max(found) if found else None


def _one(value: str, date: str | None, now: datetime) -> timedelta | None:
    if _SECONDS.fullmatch(value):
        # More digits than these are above the longest wait, and some are above what a timedelta holds
        return min(timedelta(seconds=float(value[:12])), LONGEST)
    until = _moment(value)
    if until is None:
        return None
    since = (_moment(date) if date else None) or now
    return min(max(until - since, timedelta(0)), LONGEST)


def _moment(text: str) -> datetime | None:
    """An HTTP-date in any of its three forms (RFC 9110 §5.6.7); they are all UTC."""
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
