"""The month or day in an address: of an article, or of those that a sitemap lists."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlsplit

from spiders.kit.months import month_named

_YEAR = r"(?P<y>19[89]\d|20\d\d)"
_DAY = r"(?P<d>0[1-9]|[12]\d|3[01])"
_WRITTEN = re.compile(rf"(?<!\d){_YEAR}(?P<sep>[-_/.]?)(?P<m>0[1-9]|1[0-2])(?:(?P=sep){_DAY})?(?!\d)")
_SHORT = re.compile(rf"(?<!\d){_YEAR}/(?P<m>[1-9])(?:/(?P<d>[1-9]|[12]\d|3[01]))?(?!\d)")
_NAMES = {"y": ("yyyy", "year", "y"), "m": ("mm", "month", "m"), "d": ("dd", "day", "d")}


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included."""

    first: date
    last: date


def period_in(url: str) -> Period | None:
    """The month or day in the address of a sitemap; None where it names none, or a year alone, which may be a number.

    Forms: contents_202307.xml, /2023/07.xml, /2023/7, sitemap-2023-07-27.xml, ?yyyy=2023&mm=07&dd=27.
    """
    parts = urlsplit(url)
    said = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    asked = {part: next((said[name] for name in names if name in said), "") for part, names in _NAMES.items()}
    if asked["y"] and asked["m"]:
        return _period(asked["y"], asked["m"], asked["d"])
    found = None
    for match in (*_WRITTEN.finditer(parts.path), *_SHORT.finditer(parts.path)):
        found = _period(match["y"], match["m"], match["d"] or "") or found
    return found


def day_in(url: str) -> date | None:
    """The day in an address of the form /2023/08/04/ or 20230804-, None where there is none."""
    path = url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0]
    for pattern in (
        r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?=/|-|_|$)",
        r"/((?:19|20)\d{2})-(\d{2})-(\d{2})(?=\D|$)",
        r"[/_-]((?:19|20)\d{2})(\d{2})(\d{2})(?=[-_/.]|$)",
        r"-((?:19|20)\d{2})-(\d{2})-(\d{2})(?=\D|$)",
    ):
        if (found := re.search(pattern, path)) and (day := _day(*found.groups())):
            return day
    if (found := re.search(r"-(\d{2})-(\d{2})-((?:19|20)\d{2})(?=[-_./]|$)", path)) and (
        day := _day(found[3], found[2], found[1])
    ):
        return day
    if found := re.search(r"/((?:19|20)\d{2})/([a-z]{3,9})/(\d{1,2})(?=/|$)", path):
        return _day(found[1], month_named(found[2]) or 0, found[3])
    # the year and the month once more, as /2023/08/230804-a-story
    if found := re.search(r"/(?:19|20)(\d{2})/(\d{2})/(?:\w+/)?(\1\2(\d{2}))[-_]", path):
        return _day(2000 + int(found[1]), found[2], found[4])
    return None


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _period(year: str, month: str, day: str) -> Period | None:
    try:
        first = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    last = first if day else first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return Period(first, last)
