"""What feeds, sitemaps and listings write in their fields, as values: plain text and moments in UTC.

A value that cannot be known is None. A time without an offset is such a value: the same words mean another
moment in Paris and in Niamey.
"""

import html
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from lxml import etree

from spiders.kit.months import month_named
from spiders.kit.words import one_line

LONGEST_TITLE: Final = 1000
LONGEST_SUMMARY: Final = 5000

# Control characters, lone surrogates and non-characters: none of them is text.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|<!\[CDATA\[")
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "time", "tt", "u", "wbr",
})  # fmt: skip
_UNREAD = frozenset({"script", "style", "noscript", "template", "head"})

_EARLIEST, _LATEST = 1600, 2100  # the first newspapers; a year that no feed of today means

_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt ]+(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"\s*(Z|z|[+-]\d{2}(?::?\d{2})?|UTC|GMT)?"
)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_RFC = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})[\s-]+([^\W\d]+)\.?[\s-]+(\d{2,4})\s+"
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?"
    r"\s*((?:GMT|UTC|UT)?\s*[+-]\d{1,2}:?\d{2}|[A-Za-z]+)?(?:\s*\([^()]*\))?"
)
# Hours. RFC 822 §5.1 and names that mean one thing only. Its single letters were printed with the wrong sign,
# so they say nothing (RFC 5322 §4.3); BST, IST and their like mean several things.
_ZONES: dict[str, float] = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "WET": 0, "WEST": 1,
    "WAT": 1, "CAT": 2, "EAT": 3, "SAST": 2,
}  # fmt: skip


def line(text: str | None, longest: int = LONGEST_TITLE) -> str | None:
    """Text on one line without control characters, cut with an ellipsis at `longest`; None for no text."""
    if not text:
        return None
    flat = one_line(_NO_TEXT.sub("", text[: 20 * longest]))
    if len(flat) > longest:
        flat = flat[: longest - 1].rstrip() + "…"
    return flat or None


def plain(text: str | None, longest: int = LONGEST_TITLE) -> str | None:
    """The words of text that may be HTML, on one line, without tags, scripts and entities; None for none."""
    if not text:
        return None
    text = text[: 20 * longest]  # enough for the words wanted, and a bound on what a hostile fragment may cost
    return line(_words(text) if _TAG.search(text) else html.unescape(text), longest)


def moment(text: str | None) -> datetime | None:
    """A date as feeds write it, in UTC: ISO 8601 (RFC 3339, W3C) or RFC 822.

    Names of months may be in any language of the press. None for a date without time or offset (an unknown
    offset is unknown), an unknown zone, a day that does not exist, and an absurd date: a year outside 1600 to
    2100, or the zero of a machine's clock.
    """
    text = (text or "").strip()[:80]
    if found := _ISO.fullmatch(text):
        year, month = int(found[1]), int(found[2])
        return _utc((year, month, int(found[3])), found[4], found[5], found[6], _offset(found[7]))
    if found := _RFC.fullmatch(text):
        named = month_named(found[2])
        day = (_whole_year(found[3]), named or 0, int(found[1]))
        return _utc(day, found[4], found[5], found[6], _offset(found[7]))
    return None


def change(text: str | None) -> datetime | None:
    """A sitemap's lastmod, in UTC, fit for comparison and for windows only.

    A bare day is midnight UTC, and a time without an offset is read as UTC: both may be off by half a day.
    """
    text = (text or "").strip()[:80]
    if bare := _DAY.fullmatch(text):
        return _utc((int(bare[1]), int(bare[2]), int(bare[3])), "0", "0", None, timedelta())
    if (iso := _ISO.fullmatch(text)) and not iso[7]:
        return moment(text + "Z")
    return moment(text)


def _utc(
    day: tuple[int, int, int], hour: str, minute: str, second: str | None, offset: timedelta | None
) -> datetime | None:
    if offset is None or not _EARLIEST <= day[0] <= _LATEST:
        return None
    midnight_after = int(hour) == 24 and int(minute) == 0
    leap = second == "60"  # a leap second counts as the last of its minute
    clock = (0 if midnight_after else int(hour), int(minute), 59 if leap else int(second or 0))
    try:
        local = datetime(*day, *clock, tzinfo=timezone(offset))
    except ValueError:
        return None
    utc = (local + timedelta(days=midnight_after)).astimezone(UTC)
    return None if utc.timestamp() == 0 else utc


def _offset(zone: str | None) -> timedelta | None:
    if not zone:
        return None
    zone = zone.upper()
    number = re.fullmatch(r"(?:GMT|UTC|UT)?\s*([+-])(\d{1,2}):?(\d{2})?", zone)
    if number is None:
        hours = _ZONES.get(zone)
        return None if hours is None else timedelta(hours=hours)
    size = timedelta(hours=int(number[2]), minutes=int(number[3] or 0))
    if size > timedelta(hours=14) or int(number[3] or 0) > 59:
        return None
    return -size if number[1] == "-" else size


def _whole_year(year: str) -> int:
    """RFC 5322 §4.3: 00 to 49 are this century, 50 to 99 and three digits count from 1900."""
    number = int(year)
    if len(year) == 4:
        return number
    return number + (2000 if len(year) == 2 and number < 50 else 1900)


def _words(fragment: str) -> str:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True)
    safe = _NO_TEXT.sub("", fragment).replace("<![CDATA[", "").replace("]]>", "")
    try:
        root = etree.fromstring(b"<div>" + safe.encode() + b"</div>", parser)
    except (etree.XMLSyntaxError, ValueError):
        return ""
    return "" if root is None else words_in(root)


def words_in(element: etree._Element) -> str:
    """The visible text of an HTML element; a space at the edges of blocks, none around italics."""
    parts: list[str] = []
    unread = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        name = str(node.tag)
        if name not in _INLINE:
            parts.append(" ")
        if event == "start":
            unread += name in _UNREAD
            if not unread:
                parts.append(node.text or "")
        else:
            unread -= name in _UNREAD
            if not unread and node is not element:
                parts.append(node.tail or "")
    return "".join(parts)
