"""Dates as pages print them, in metadata and in words. A date is read or it is unknown: never today, never a guess.

`Moment` keeps apart what a page gives: a moment with its offset, or a day alone. ISO 8601, RFC 5322 §3.3 and the
written forms of the languages below; https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#dates-and-times
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from itertools import chain

from spiders.kit import zones
from spiders.kit.months import month_named

_FIRST_YEAR, _LAST_YEAR = 1600, 2100
# the digits of Arabic, Persian, Devanagari, Bengali and other scripts of their neighbours
_ZEROS = (0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0x1040)

_OFFSETS = {60 * hours for hours in range(-11, 15) if hours} | {-570, -210, 210, 270, 330, 345, 390, 525, 570, 630}

_ISO = re.compile(
    r"(?<!\d)(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"
    r"(?:[T\s]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?\s*(?P<z>Z|UTC|GMT|"
    r"[+-]\d{2}:?\d{2}(?::\d{2})?|[+-]\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?$")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d{2})\.(\d{2})\.(\d{2})(?![\d.]\d)")  # 04.08.23, as only German does
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})(?:\s*[./年년]\s*)(\d{1,2})\s*[./月월]\s*(\d{1,2})\s*[日일]?(?!\d)")
# a name of a month is no \w in scripts that write its vowels as marks
_WORD = r"[^\W\d_][^\s\d.,;:/()|_–—-]{1,13}"
_OF = r"(?:de |d['’]|of |ta' |tháng |[-/])?"
_SECOND_WORD = "الثاني|الأول|الاول|ثاني|ثان|أول|اول"  # of the months of the Levant
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:er|st|nd|rd|th|ο|º|°|\.)?\s*{_OF}\s*"
    rf"({_WORD})(?:\s({_SECOND_WORD}))?(?:\s*/\s*{_WORD})?\.?,?\s*(?:de |del |[-/])?\s*(\d{{4}})(?!\d)"
)
_MONTH_DAY = re.compile(rf"({_WORD})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_YEAR_MONTH = re.compile(
    rf"(?<!\d)(\d{{4}})(?:\.|\sm\.|\. gada)?\s+(?:(\d{{1,2}})\.\s+)?({_WORD})(?:\s+(\d{{1,2}}))?(?!\d)"
)
_CLOCK = re.compile(
    r"(?<![\d.:])(\d{1,2})(?:\s?[:h]\s?([0-5]\d)|\.([0-5]\d)(?=\s{0,3}(?:uhr|[ap]\.?\s?m\b)))(?::(\d{2}))?(?!\d)"
    r"(?:\s{0,3}([ap]\.?\s?m\b\.?))?",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+\d|\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d)(?!.*(?:\d\s?[ap]\.?m|[+-]\d{1,2}$))", re.IGNORECASE
)
_DIGITS = {zero + n: str(n) for zero in _ZEROS for n in range(10)}


@dataclass(frozen=True, slots=True)
class Moment:
    """`at`: an aware time with the offset as printed, None where the page gives none; `day`: the day as printed;
    `clock`: the time of a day that is printed without an offset: what it shows is not known without another place."""

    day: date
    at: datetime | None = None
    clock: time | None = field(default=None, compare=False)

    @property
    def exact(self) -> bool:
        return self.at is not None


def moment(text: object, *, month_first: bool | None = None) -> Moment | None:
    """A date from metadata; None where the text is none. A time without an offset counts as its day alone."""
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return _epoch(float(text))
    if not isinstance(text, str):
        return None
    text = text.translate(_DIGITS).strip().strip('"')
    if not text or len(text) > 100:
        return None
    if found := _ISO.match(text):
        return _of_parts(*(found[name] for name in ("y", "m", "d", "H", "M", "S", "z")))
    if found := _COMPACT.match(text):
        return _of_parts(*found.groups())
    if text.isdigit() and len(text) in (10, 13):
        return _epoch(float(text))
    if _MAIL.match(text) and (rfc := _mail_date(text)):
        if rfc.exact:
            return rfc
        named = written(text)  # "CEST" is no zone of RFC 5322
        return named if named and named.exact else rfc
    return written(text, month_first=month_first)


def written(text: str, *, month_first: bool | None = None) -> Moment | None:
    """The first date that stands in words or numbers in a short text ("28 mars 2023 à 07h32", "12/20/2023").

    Gives the day and the clock beside it, a moment where its zone stands behind it ("8:15 p.m. EDT"). `month_first`
    decides 3/4/2023, which nobody can read where it is None, and nothing else.
    """
    found = cut(text, month_first=month_first)
    return found[0] if found else None


def cut(text: str, *, month_first: bool | None = None) -> tuple[Moment, str, str] | None:
    """The first date in a short text as `written` reads it, and the text before and after it; None for no date."""
    text = unicodedata.normalize("NFKC", text).translate(_DIGITS)
    if found := _ISO.search(text):
        moment = _of_parts(*(found[name] for name in ("y", "m", "d", "H", "M", "S", "z")))
        return (moment, text[: found.start()], text[found.end() :]) if moment else None
    for day, start, end in _days(text, month_first=month_first):
        if day:
            before, after = text[:start], text[end:]
            clock = _CLOCK.search(after[:40])
            behind = after[clock.end() : clock.end() + 20] if clock else ""
            if clock is None and (clock := _CLOCK.search(before[-20:])):
                behind = before[-20:][clock.end() :]
            return _timed(day, clock, behind), before, after
    return None


def _timed(day: date, found: re.Match[str] | None, behind: str) -> Moment:
    """The day with the clock that is printed beside it, exact where an offset stands behind the clock."""
    clock = _clock(found) if found else None
    zone = zones.offset(behind, day) if clock else None
    if found is None or clock is None or zone is None:
        return Moment(day, clock=clock)
    at = datetime.combine(day, clock.replace(second=min(int(found[4] or 0), 59)), zone)
    try:
        at.astimezone(UTC)
    except OverflowError:
        return Moment(day)
    return Moment(day, at)


def _days(text: str, *, month_first: bool | None) -> Iterator[tuple[date | None, int, int]]:
    for found in _DAY_MONTH.finditer(text):
        if month := month_named(f"{found[2]} {found[3]}" if found[3] else found[2]):
            yield _day(found[4], month, found[1]), *found.span()
    for found in _MONTH_DAY.finditer(text):
        if month := month_named(found[1]):
            yield _day(found[3], month, found[2]), *found.span()
    for found in _YEAR_FIRST.finditer(text):
        yield _day(found[1], found[2], found[3]), *found.span()
    for found in _NUMBERS.finditer(text):
        one, other, year = int(found[1]), int(found[3]), found[4]
        first = False if found[2] == "." or one == other else month_first
        if one > 12 >= other:
            first = False
        elif other > 12 >= one:
            first = True
        if first is None:
            continue
        yield _day(year, one if first else other, other if first else one), *found.span()
    for found in _YEAR_MONTH.finditer(text):
        if (found[2] is None) is not (found[4] is None) and (month := month_named(found[3])):
            yield _day(found[1], month, found[2] or found[4]), *found.span()
    for found in _SHORT_YEAR.finditer(text):
        yield _day(2000 + int(found[3]), found[2], found[1]), *found.span()


def _clock(found: re.Match[str]) -> time | None:
    hour, half = int(found[1]), (found[5] or "").casefold()[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(found[2] or found[3])) if hour < 24 else None


def _of_parts(
    y: str, m: str, d: str, hour: str | None, minute: str | None, second: str | None, zone: str | None
) -> Moment | None:
    day = _day(y, m, d)
    if day is None:
        return None
    if hour is None:
        return Moment(day)
    if zone is None:
        return Moment(
            day, clock=time(int(hour), int(minute or 0)) if int(hour) < 24 and int(minute or 0) < 60 else None
        )
    try:
        at = datetime(day.year, day.month, day.day, int(hour), int(minute or 0), int(second or 0), tzinfo=_zone(zone))
        at.astimezone(UTC)
    except (ValueError, OverflowError):
        return Moment(day)
    return Moment(day, at)


def _zone(text: str) -> timezone:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4] or 0))
    if offset >= timedelta(hours=24):
        raise ValueError(text)
    return timezone(-offset if text[0] == "-" else offset) if offset or text[0] == "-" else UTC


def _day(y: str | int, m: str | int, d: str | int) -> date | None:
    try:
        day = date(int(y), int(m), int(d))
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _mail_date(text: str) -> Moment | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return None
    return Moment(found.date(), found if found.tzinfo else None, None if found.tzinfo else found.time())


def _epoch(seconds: float) -> Moment | None:
    if seconds > 1e11:
        seconds /= 1000
    if not 1e8 < seconds < 4e9:
        return None
    at = datetime.fromtimestamp(seconds, UTC)
    return Moment(at.date(), at)


@dataclass(frozen=True, slots=True)
class Claim:
    """One date that a page gives, the reader that found it ("json-ld", "meta", "dom", "url"), the place of it there,
    and how it is spelt."""

    reader: str
    moment: Moment
    where: str = field(default="", compare=False)
    raw: str = field(default="", compare=False)


def choose(claims: Iterable[Claim], *, address: date | None = None) -> Claim | None:
    """The first claim, as exact as the others bear it out; None where there is none.

    `address` is the day in the page's own address: a claim that is more than a day off is some other date, such as
    that of a blog's template. A claim of the day alone gains the time that another gives for that day or its
    neighbours. A time in UTC gains the offset of another that means the same instant, or the one at which it shows the
    clock, or the midnight, that the page prints: who writes in UTC has not told the local day.
    """
    rest = iter(claims)
    passed: list[Claim] = []

    def following() -> Iterator[Claim]:
        for other in rest:
            passed.append(other)
            yield other

    chosen = next(following(), None)
    if chosen and address and _apart(chosen, address) > 1:
        chosen = next((other for other in following() if _apart(other, address) <= 1), chosen)
    if chosen and chosen.moment.at is None:
        day = chosen.moment.day
        chosen = next((o for o in following() if o.moment.at is not None and _apart(o, day) <= 1), chosen)
    if chosen is None or chosen.moment.at is None or chosen.moment.at.utcoffset():
        return chosen
    at = chosen.moment.at
    for other in chain(passed, rest):
        if local := _local(at, other):
            return replace(chosen, moment=Moment(local.date(), local))
    return chosen


def _apart(claim: Claim, day: date) -> int:
    return abs((claim.moment.day - day).days)


def _local(at: datetime, other: Claim) -> datetime | None:
    """The instant with the offset that another claim has or shows, None where it has none or means another time."""
    said = other.moment
    if said.at is not None:
        same = said.at.utcoffset() and abs(said.at - at) < timedelta(minutes=1)
        return at.astimezone(said.at.tzinfo) if same else None
    shown = said.clock
    if shown is None and other.reader in ("dom", "url") and said.day - at.date() == timedelta(days=1):
        # a system that knows the day alone stores its midnight, which in UTC is late on the day before
        shown = time() if at.hour >= 21 and at.minute == at.second == 0 else None
    if shown is None:
        return None
    minutes = (datetime.combine(said.day, shown, UTC) - at.replace(second=0, microsecond=0)) // timedelta(minutes=1)
    return at.astimezone(timezone(timedelta(minutes=minutes))) if minutes in _OFFSETS else None
