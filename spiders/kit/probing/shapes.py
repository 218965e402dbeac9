"""The address of an article taken apart: which pieces of its path are a date, a number of the newspaper, a slug.

A newspaper writes all its addresses in a few forms. Two addresses of one form have the same `Shape.key`.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

WORD: Final = "word"
"""The form of a segment that is a word or a slug and nothing else."""

_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_MONTHS = frozenset({"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"})
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# Kinds of a newspaper's own number, the narrowest first
_NUMBERS: Final = {
    "uuid": _UUID,
    "pair": r"\d{1,2}\.\d{5,}",
    "digits": r"\d{4,}",
    "lettered": r"[A-Za-z]{1,4}\d{5,}",
    "mixed": r"(?=(?:[A-Za-z]*\d){2})(?=(?:\d*[A-Za-z]){2})[0-9A-Za-z]{10,64}|[A-Z0-9]{20,40}",
}
_NUMBER = "|".join(_NUMBERS.values())
_DATES = {
    "ymd": rf"{_YEAR}{_MONTH}{_DAY}",
    "y-m-d": rf"{_YEAR}-{_MONTH}-{_DAY}",
    "d-m-y": rf"{_DAY}-{_MONTH}-{_YEAR}",
}
_DATE = "|".join(_DATES.values())
_SERIAL = rf"{_YEAR}{_MONTH}{_DAY}\d{{2,6}}"  # a date with a number of that day behind it
_ENDING = re.compile(r"\.(?:s?html?|xhtml|php\d?|aspx?|jsp|jhtml|ece|cms|story|amp|do|print)$", re.IGNORECASE)
# Of several divisions the one with the shortest slug counts, so all that can be a date or a number is one.
_NAMED = re.compile(
    rf"(?:(?!(?:{_DATE})[-_])(?P<head>{_NUMBER})(?P<a>[-_]))?(?:(?P<before>{_DATE})(?P<b>[-_]))?"
    r"(?P<slug>(?=[^/]*[^\d/])[^/]+?)"
    rf"(?:(?P<c>[-_.,;~])(?P<after>{_DATE}))?"
    rf"(?:(?P<e>[_,;])(?P<mark>[A-Za-z]{{1,6}}\d{{0,4}})(?=[-,](?:{_SERIAL}|{_NUMBER})(?:$|[_,])))?"
    rf"(?:(?P<f>[-_.,;~])(?:(?P<serial>{_SERIAL})|(?P<tail>{_NUMBER})))?"
    r"(?:(?P<g>[_,])(?P<rest>\d{1,8}))?"
)
_MARKED = re.compile(r"(?P<mark>[A-Za-z]{1,12})(?P<f>[-_.]?)(?:(?P<serial>" + _SERIAL + r")|(?P<tail>\d{4,}))")
_ONLY = re.compile(rf"(?P<serial>{_SERIAL})|(?P<before>{_DATE})|(?P<tail>\d{{3,}}|{_NUMBER})")
_LONGEST = 300  # characters of a segment that is looked into
_SEPARATOR = re.compile(r"[-_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a segment. `kind`: slug, number, serial, date, mark, rest or sep; `form` tells kinds of numbers and
    dates apart, and is the text itself for what stands between."""

    kind: str
    form: str
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a path: its `text` without ending, and its pieces (none: a word or a slug)."""

    text: str
    pieces: tuple[Piece, ...] = ()

    @property
    def form(self) -> str:
        """The same for segments that are written alike."""
        return "".join(f"<{p.form}>" if p.kind in ("number", "date") else _sign(p) for p in self.pieces) or WORD


@dataclass(frozen=True, slots=True)
class Shape:
    """An address as segments. `ending` is that of the last one (".html"), `slash` whether the path ends in /, `number`
    the parameter (name, value) that holds a number where the path does not tell one article from another."""

    url: str
    host: str
    segments: tuple[Segment, ...]
    ending: str = ""
    slash: bool = False
    number: tuple[str, str] | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """The forms in order, words that follow each other as one; words before all else count for nothing."""
        found: list[str] = []
        for each in self.segments:
            if not (each.form == WORD and (not found or found[-1] == WORD)):
                found.append(each.form)
        if self.number:
            return (*found, f"?{self.number[0]}")
        return tuple(found) or ((WORD,) if self.segments else ())

    @property
    def dated(self) -> bool:
        """Whether the day is in the address."""
        return any("date" in _kinds(each) or "serial" in _kinds(each) for each in self.segments) or any(
            each.form == "<d>" for each in self.segments
        )

    @property
    def numbered(self) -> bool:
        """Whether the newspaper's own number of the article is in the address."""
        return self.number is not None or any({"number", "serial"} & _kinds(each) for each in self.segments)

    @property
    def words(self) -> int:
        """Words of the longest slug."""
        return max((words_of(each.text) for each in self.segments), default=0)


def words_of(slug: str) -> int:
    """Words that hyphens and underscores part."""
    return len([word for word in _SEPARATOR.split(slug) if word])


def shape_of(url: str) -> Shape | None:
    """The address taken apart; None for one without a path and without a number in its query, or not of the web."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    names = [name for name in parts.path.split("/") if name]
    ending = ""
    if names and (found := _ENDING.search(names[-1])) and found.start():
        ending, names[-1] = found[0], names[-1][: found.start()]
    segments = _segments(names)
    slash = parts.path.endswith("/") and bool(names)
    shape = Shape(url, parts.netloc, segments, ending, slash)
    if parts.query and not (shape.dated or shape.numbered or shape.words > 2):
        number = next(((n, v) for n, _, v in (p.partition("=") for p in parts.query.split("&")) if v.isdecimal()), None)
        return Shape(url, parts.netloc, segments, ending, slash, number) if number or names else None
    return shape if names else None


def _segments(names: list[str]) -> tuple[Segment, ...]:
    found: list[Segment] = []
    at = 0
    while at < len(names):
        run = _date_run(names[at : at + 3])
        if run:
            found += [Segment(name, (Piece("part", part, name),)) for name, part in zip(names[at:], run, strict=False)]
            at += len(run)
            continue
        found.append(_segment(names[at], last=at == len(names) - 1))
        at += 1
    return tuple(found)


def _date_run(names: list[str]) -> str:
    """How many of the segments are year, month and day, as "y", "ym" or "ymd"; "" for none."""
    if not re.fullmatch(_YEAR, names[0]):
        return ""
    month = names[1].lower() if len(names) > 1 else ""
    if not (re.fullmatch(r"0?[1-9]|1[0-2]", month) or month[:3] in _MONTHS):
        return "y"
    return "ymd" if len(names) > 2 and re.fullmatch(r"0?[1-9]|[12]\d|3[01]", names[2]) else "ym"


def _segment(name: str, *, last: bool) -> Segment:
    if len(name) > _LONGEST:
        return Segment(name)
    found = _MARKED.fullmatch(name) or _ONLY.fullmatch(name)
    if found and found.groupdict().get("mark") and re.fullmatch(_YEAR, found["tail"] or ""):
        found = None  # a slug that ends with a year
    if found is None and last:
        found = _NAMED.fullmatch(name)
    pieces = _pieces(found) if found else ()
    return Segment(name, () if all(each.kind == "slug" for each in pieces) else pieces)


def _pieces(found: re.Match[str]) -> tuple[Piece, ...]:
    named = {name: text for name, text in found.groupdict().items() if text}
    ordered = sorted(named, key=lambda name: (found.start(name), found.end(name)))
    pieces: list[Piece] = []
    for name in ordered:
        text = named[name]
        if name in ("head", "tail"):
            if name == "tail" and re.fullmatch(_YEAR, text) and "slug" in named:
                return ()  # "… in 2023" is a slug
            pieces.append(Piece("number", number_form(text), text))
        elif name in ("before", "after"):
            pieces.append(Piece("date", next(f for f, p in _DATES.items() if re.fullmatch(p, text)), text))
        elif name in ("slug", "serial", "mark", "rest"):
            pieces.append(Piece(name, name, text))
        else:
            pieces.append(Piece("sep", text, text))
    return tuple(pieces)


def number_form(text: str) -> str:
    """Which kind of number it is: uuid, pair, digits, lettered or mixed."""
    return next((form for form, pattern in _NUMBERS.items() if re.fullmatch(pattern, text)), "digits")


def _sign(piece: Piece) -> str:
    return {"slug": "<slug>", "serial": "<serial>", "mark": "<mark>", "rest": "<rest>", "part": f"<{piece.form}>"}.get(
        piece.kind, piece.text
    )


def _kinds(segment: Segment) -> set[str]:
    return {piece.kind for piece in segment.pieces}
