"""The month or day whose articles a sitemap lists, where its address says so."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, urlsplit

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


def _period(year: str, month: str, day: str) -> Period | None:
    try:
        first = date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    last = first if day else first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return Period(first, last)
