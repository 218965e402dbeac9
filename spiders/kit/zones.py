"""The offset from UTC that stands behind a printed clock: GMT+2, CEST, EDT, ET. Unknown where letters mean several.

IST, BST, CST, MST and AST are left out: each is the time of two continents or more. RFC 5322 §4.3 knows few of them.
"""

import re
from datetime import UTC, date, timedelta, timezone

_HOURS = {
    name: hours
    for hours, names in {
        0: "GMT UTC UT TU Z WET غرينتش جرينتش غرينيتش",
        1: "CET MEZ WAT WEST",
        2: "CEST MESZ CAT EET SAST",
        3: "EEST EAT MSK TRT",
        5: "PKT",
        7: "WIB ICT",
        8: "SGT HKT AWST",
        9: "JST KST",
        10: "AEST",
        11: "AEDT",
        12: "NZST",
        13: "NZDT",
        -3: "BRT ART ADT",
        -4: "EDT",
        -5: "EST CDT",
        -6: "MDT",
        -7: "PDT",
        -8: "PST AKDT",
        -9: "AKST",
        -10: "HST",
    }.items()
    for name in names.split()
}
# letters that are right in one half of the year, and that many print through the whole of it
_WINTER_ONLY = {"EST": "us", "PST": "us", "AKST": "us", "CET": "eu", "MEZ": "eu", "EET": "eu", "WET": "eu"}
_SUMMER_ONLY = {
    **dict.fromkeys(("EDT", "CDT", "MDT", "PDT", "AKDT", "ADT"), "us"),
    **dict.fromkeys(("CEST", "MESZ", "EEST", "WEST"), "eu"),
}
_STANDARD = {"ET": -5, "PT": -8}  # and an hour more in summer
_SUMMER_RULE = 2007  # the year since when the United States change their clocks as they do now
_ZONE = re.compile(
    r"^\s{0,3}[(\[]?(?:بتوقيت\s|ب?توقيت\s|heure\s|Uhr\s{0,2},?\s?)?"
    r"(?:(?P<base>GMT|UTC|UT)?\s?(?P<sign>[+\-−–])(?P<h>\d{1,2})(?::?(?P<m>[0-5]\d))?(?!\d|\s?[-–/]|\s\w)|"
    r"(?P<name>[A-Z]{1,4}|غرينتش|جرينتش|غرينيتش)(?![\w+]))"
)


def offset(behind: str, day: date) -> timezone | None:
    """The offset that the text behind a clock begins with, on that day; None where it begins with none."""
    found = _ZONE.match(behind)
    if found is None:
        return None
    if name := found["name"]:
        if name in _STANDARD:
            return _of(60 * (_STANDARD[name] + _is_summer(day, "us"))) if day.year >= _SUMMER_RULE else None
        if (name in _WINTER_ONLY and _is_summer(day, _WINTER_ONLY[name])) or (
            name in _SUMMER_ONLY and not _is_summer(day, _SUMMER_ONLY[name])
        ):
            return None
        return _of(60 * _HOURS[name]) if name in _HOURS else None
    if not found["base"] and (found["sign"] == "–" or len(found["h"]) < 2 or found["m"] is None):
        return None  # a dash and a number
    minutes = 60 * int(found["h"]) + int(found["m"] or 0)
    if minutes > 14 * 60:
        return None
    return _of(minutes if found["sign"] == "+" else -minutes)


def _of(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def _is_summer(day: date, where: str) -> bool:
    """Whether clocks stand an hour forward: in the United States from the second Sunday of March to the first of
    November, in Europe from the last Sunday of March to that of October. On those days some hours are one off."""
    if where == "us":
        return _sunday(day.year, 3, 8) <= day < _sunday(day.year, 11, 1)
    return _sunday(day.year, 3, 25) <= day < _sunday(day.year, 10, 25)


def _sunday(year: int, month: int, first: int) -> date:
    """The first Sunday of a month that is not before its day `first`."""
    day = date(year, month, first)
    return day + timedelta(days=(6 - day.weekday()) % 7)
