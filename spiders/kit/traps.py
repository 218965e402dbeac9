"""Addresses that a site can make without end: each rule has a name, a bound and a sentence. Pure.

What can be told from an address alone is told here; what takes several pages to be seen is counted by
`crawler.politeness.traps`.
"""

import re
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlsplit

LONGEST: Final = 2000
"""Characters of an address."""
DEEPEST: Final = 16
"""Segments of a path; newspapers have up to ten."""
PARAMETERS: Final = 20
"""Parameters of a query."""
AHEAD: Final = timedelta(days=62)
"""How far a day in an address may lie in the future: newspapers announce, calendars have no end."""

_IN_A_ROW = 3  # times that a piece stands in a row in a growing path, as in /a/a/a; of numbers one more: /11/11/11
_OFTEN = 4  # times that a word stands in one at all
_NUMBER = re.compile(r"\d+")
_DATED = re.compile(
    r"(?:^|[/_-])(?:19|20)\d{2}(?:[-_/](?:0?[1-9]|1[0-2])(?:[-_/](?:0?[1-9]|[12]\d|3[01]))?)?/?$"
    r"|(?:^|[/_-])(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?/?$"
)
_YEAR = re.compile(r"20\d\d|21\d\d")  # most addresses have none
_Y, _M, _D = r"(?P<y>2[01]\d\d)", r"(?P<m>0?[1-9]|1[0-2])", r"(?P<d>0?[1-9]|[12]\d|3[01])"
_DATES = (
    re.compile(rf"(?<!\d){_Y}(?P<sep>[-_/]){_M}(?P=sep){_D}(?!\d)"),
    re.compile(rf"(?<=[/=]){_Y}[-_/](?P<m>0[1-9]|1[0-2])(?P<d>)(?=[/&?]|$)"),
)
_DATE_PARAMETERS = frozenset({"year", "month", "week", "day", "date", "yyyy", "mm", "dd", "annee", "mois", "jour"})
_WORD = re.compile(r"[a-z]{1,20}", re.IGNORECASE)


def trap_in(url: str, today: date | None = None) -> str | None:
    """Why an address is not asked for: the rule's name, a colon, a sentence; None for an address that is in order.

    `today`: without it no day is too far ahead.
    """
    if len(url) > LONGEST:
        return f"long address: it has {len(url)} characters, more than {LONGEST}"
    parts = urlsplit(url)
    segments = parts.path.split("/")[1:]
    if len(segments) > DEEPEST:
        return f"deep path: it has {len(segments)} segments, more than {DEEPEST}"
    if piece := _repeated(segments):
        return f"growing path: {piece!r} comes again and again in it"
    names = Counter(each.partition("=")[0] for each in parts.query.split("&")) if parts.query else Counter[str]()
    if names.total() > PARAMETERS:
        return f"parameters: it has {names.total()} of them, more than {PARAMETERS}"
    if today is not None and _YEAR.search(url) and (day := _day(url)) and day > today + AHEAD:
        return f"calendar: it is of {day}, more than {AHEAD.days} days ahead"
    return None


def _day(url: str) -> date | None:
    """The last day that an address writes as year, month and perhaps day; None where it writes none.

    Numbers of articles look like years: what is not written out as a date is none.
    """
    asked = dict(each.partition("=")[::2] for each in urlsplit(url).query.lower().split("&") if each)
    said = [(found["y"], found["m"], found["d"]) for pattern in _DATES for found in pattern.finditer(url)]
    said.append((asked.get("year", asked.get("yyyy", "")), asked.get("month", asked.get("mm", "")), ""))
    days = []
    for year, month, day in said:
        with suppress(ValueError):
            days.append(date(int(year), int(month), int(day or 1)))
    return max(days, default=None)


def _repeated(segments: list[str]) -> str | None:
    """The piece of a path that follows itself three times, or the word that stands in it four times."""
    count = len(segments)
    if len(set(segments)) == count:
        return None
    for size in range(1, count // _IN_A_ROW + 1):
        for at in range(count - size * _IN_A_ROW + 1):
            piece = segments[at : at + size]
            numbers = all(_NUMBER.fullmatch(each) for each in piece)
            times = _IN_A_ROW + numbers  # /2011/11/11/11 may be an hour of a day
            if segments[at : at + size * times] == piece * times:
                return "/".join(piece)[:80] or "//"
    words = Counter(each for each in segments if not _NUMBER.fullmatch(each))
    often, times = words.most_common(1)[0] if words else ("", 0)
    return (often[:80] or "//") if times >= _OFTEN else None


def is_calendar(url: str) -> bool:
    """Whether an address says a day, month or year and nothing behind it: the page of a calendar, or of an archive."""
    parts = urlsplit(url)
    names = {each.partition("=")[0].lower() for each in parts.query.split("&") if each}
    return bool(names & _DATE_PARAMETERS) or (not names and _DATED.search(parts.path) is not None)


def shape_of(url: str) -> str:
    """What addresses of one making have in common: the host, the plain words of the path, the names of parameters.

    The last segment, numbers and slugs are a `*`: /news/2023/a-story and /news/2024/another are of one shape.
    """
    parts = urlsplit(url)
    *folders, last = parts.path.split("/")[1:] or [""]
    shown = [each if _WORD.fullmatch(each) else "*" for each in folders]
    names = sorted({each.partition("=")[0] for each in parts.query.split("&") if each})
    # With parameters the page is often chosen by them, and the last segment is the program's name
    end = last if names and re.fullmatch(r"[a-z]{0,20}(?:\.[a-z]{2,4})?", last, re.IGNORECASE) else "*"
    return f"{parts.netloc}/{'/'.join([*shown, end])}" + (f"?{'&'.join(names)}" if names else "")
