"""Dates as pages print them, in metadata and in words. A date is read or it is unknown: never today, never a guess.

`Moment` keeps apart what a page gives: a moment with its offset, or a day alone. ISO 8601, RFC 5322 §3.3 and the
written forms of the languages below; https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#dates-and-times
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_FIRST_YEAR, _LAST_YEAR = 1600, 2100

_MONTHS: dict[str, int] = {}
for _names in (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "janv fevr mars avr mai juin juil aout sept oct nov dec",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "janner feber maerz apr mai jun jul aug sep okt nov dez",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "جانفي فيفري مارس افريل ماي جوان جويلية اوت سبتمبر اكتوبر نوفمبر ديسمبر",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia wrzesnia pazdziernika listopada grudnia",
    "ledna unora brezna dubna kvetna cervna cervence srpna zari rijna listopadu prosince",
    "ιανουαριου φεβρουαριου μαρτιου απριλιου μαιου ιουνιου ιουλιου αυγουστου σεπτεμβριου οκτωβριου "
    "νοεμβριου δεκεμβριου",
    "januar februar marts april maj juni juli august september oktober november december",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesakuuta heinakuuta elokuuta syyskuuta "
    "lokakuuta marraskuuta joulukuuta",
    "januari februari mac april mei jun julai ogos september oktober november disember",
    "januari februari maret april mei juni juli agustus september oktober november desember",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
):
    for _number, _name in enumerate(_names.split(), 1):
        _MONTHS.setdefault(_name, _number)
_MONTHS["sept"] = 9

_ISO = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"(?:[T\s]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?\s*(?P<z>Z|UTC|GMT|"
    r"[+-]\d{2}:?\d{2}(?::\d{2})?|[+-]\d{2})?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?$")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[./年년]\s*(\d{1,2})[./月월]\s*(\d{1,2})[日일]?(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:er|st|nd|rd|th|ο|º|°|\.)?\s*(?:de |of |ta' |-)?\s*([^\W\d_]{3,14})\.?,?\s*(?:de |"
    r"del |-)?\s*(\d{4})(?!\d)"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,14})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_DIGITS = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


@dataclass(frozen=True, slots=True)
class Moment:
    """`at`: an aware time with the offset as printed, None where the page gives none; `day`: the day as printed."""

    day: date
    at: datetime | None = None

    @property
    def exact(self) -> bool:
        return self.at is not None


def moment(text: object) -> Moment | None:
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
    if re.match(r"^[A-Za-z]{3,9},?\s+\d|^\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d", text) and (rfc := _mail_date(text)):
        return rfc
    return written(text)


def written(text: str, *, month_first: bool = False) -> Moment | None:
    """The first date that stands in words or numbers in a short text ("28 mars 2023 à 07h32", "12/20/2023").

    Gives the day alone: a printed time has no zone. `month_first` decides 3/4/2023, nothing else.
    """
    text = unicodedata.normalize("NFKC", text).translate(_DIGITS)
    if found := _ISO.search(text):
        return _of_parts(*(found[name] for name in ("y", "m", "d", "H", "M", "S", "z")))
    for found in _DAY_MONTH.finditer(text):
        if (month := month_named(found[2])) and (day := _day(found[3], month, found[1])):
            return Moment(day)
    for found in _MONTH_DAY.finditer(text):
        if (month := month_named(found[1])) and (day := _day(found[3], month, found[2])):
            return Moment(day)
    if (found := _YEAR_FIRST.search(text)) and (day := _day(found[1], found[2], found[3])):
        return Moment(day)
    if found := _NUMBERS.search(text):
        one, other, year = int(found[1]), int(found[3]), found[4]
        if one > 12 >= other:
            month_first = False
        elif other > 12 >= one:
            month_first = True
        elif found[2] == ".":
            month_first = False
        if day := _day(year, one if month_first else other, other if month_first else one):
            return Moment(day)
    return None


def month_named(word: str) -> int | None:
    """The number of a month from its name in the languages of the press, 1 to 12; None for any other word."""
    folded = unicodedata.normalize("NFKD", word.casefold().replace("ı", "i").replace("ł", "l"))
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    return _MONTHS.get(plain.replace("أ", "ا").replace("إ", "ا"))


def in_url(url: str) -> date | None:
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
    return None


def _of_parts(
    y: str, m: str, d: str, hour: str | None, minute: str | None, second: str | None, zone: str | None
) -> Moment | None:
    day = _day(y, m, d)
    if day is None:
        return None
    if hour is None or zone is None:
        return Moment(day)
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
    return Moment(found.date(), found if found.tzinfo else None)


def _epoch(seconds: float) -> Moment | None:
    if seconds > 1e11:
        seconds /= 1000
    if not 1e8 < seconds < 4e9:
        return None
    at = datetime.fromtimestamp(seconds, UTC)
    return Moment(at.date(), at)


@dataclass(frozen=True, slots=True)
class Claim:
    """One date that a page gives, and the reader that found it ("json-ld", "meta", "dom", "url")."""

    reader: str
    moment: Moment


def choose(claims: Iterable[Claim]) -> Claim | None:
    """The first claim; where it gives the day alone, the first of that day (or its neighbours) that gives the time."""
    rest = iter(claims)
    first = next(rest, None)
    if first is None or first.moment.at is not None:
        return first
    for other in rest:
        if other.moment.at is not None and abs((other.moment.day - first.moment.day).days) <= 1:
            return other
    return first
