"""Addresses of one form as a regular expression: what they share as it is, what differs left open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from spiders.kit.probing.shapes import WORD, Piece, Segment, Shape

_FIXED: Final = {"uuid": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "pair": r"\d+\.\d+"}
_ALPHABETS: Final = ("[0-9a-f]", "[0-9a-z]", "[0-9A-Z]")
_NEAR = timedelta(days=2)  # between the day in an address and the one that a feed tells
_SPAN = timedelta(days=120)  # of the days in addresses that were listed at one time
_FIXED_LENGTH = 3  # numbers of one length, before it counts as the length of all
_SURE = 5  # addresses that bear out a day which no feed tells


@dataclass(frozen=True, slots=True)
class _Any:
    """What stands for a segment of which nothing is known."""

    segment: str = r"[^/?#]+"
    slug: str = "\0"  # filled by whoever knows how many words a slug must have

    def slug_of(self, words: int) -> str:
        """A slug of at least so many words, two or more."""
        times = "+" if words == 2 else f"{{{words - 1},}}"
        return rf"[_-]*[^/?#_-]+(?:[_-]+[^/?#_-]+){times}[_-]*"


ANY: Final = _Any()


class Writer:
    """Writes forms. `days`: the day of publication of addresses of which it is known."""

    def __init__(self, days: Mapping[str, date]) -> None:
        self._days = days

    def form(self, group: Sequence[Shape], *, keep: bool, used: frozenset[str]) -> tuple[str, set[str]]:
        """The pattern of what follows the host in addresses with one key, and the groups that it names.

        `keep`: words that all share stay; otherwise all are left open. `used`: groups that are named elsewhere. In a
        form that is words alone, `ANY.slug` stands for the last one.
        """
        names = _Names(used)
        parts = [self._part(part, group, names, keep=keep) for part in _parts(group)]
        plain = group[0].key == (WORD,)
        if plain:
            # the last word is the slug, those before it are folders
            parts = [_folders([each.segments[:-1] for each in group], keep=keep, exact=True) + ANY.slug]
        path = "".join(parts)
        ending = _either({each.ending for each in group})
        slashes = {each.slash for each in group}
        path = path.removesuffix("/") + ending + ("/?" if slashes == {True, False} else "/" if True in slashes else "")
        if group[0].number is not None:
            path = path if group[0].segments else ""
            number = names.named("id", r"\d+")
            path += rf"\?(?:[^#]*&)?{re.escape(group[0].number[0])}={number}(?:&[^#]*)?"
        elif any("?" in each.url for each in group):
            path += r"(?:\?[^#]*)?"
        if not plain:
            path = path.replace(ANY.slug, ANY.segment)
        return path, names.given

    def _part(self, part: "_Part", group: Sequence[Shape], names: "_Names", *, keep: bool) -> str:
        if part.form == WORD:
            if part.last:
                return _folders([each[:-1] for each in part.columns], keep=keep) + ANY.segment + "/"
            return _folders(part.columns, keep=keep)
        segments = [each[0] for each in part.columns]
        if part.form in ("<y>", "<m>", "<d>"):
            return names.part(part.form[1], [each.text for each in segments], whole=part.whole) + "/"
        if part.form == "<digits>" and (order := self._order(segments, group)) is not None:
            return ("".join(names.day(piece, century=False) for piece in order) or r"\d{6}") + "/"
        return "".join(self._piece(pieces, names) for pieces in zip(*(s.pieces for s in segments), strict=True)) + "/"

    def _piece(self, pieces: tuple[Piece, ...], names: "_Names") -> str:
        texts = {piece.text for piece in pieces}
        match pieces[0].kind:
            case "slug":
                return ANY.segment
            case "number":
                return names.named("id", _number(pieces[0].form, texts))
            case "serial":
                return names.named("id", "".join(names.day(piece) for piece in "ymd") + r"\d+")
            case "date":
                between = "-" if "-" in pieces[0].form else ""
                return between.join(names.day(piece) for piece in pieces[0].form.replace("-", ""))
            case "mark":
                return _either(texts) if len(texts) <= 4 else r"[A-Za-z]+\d*"
            case "rest":
                return r"\d+"
            case _:
                return re.escape(pieces[0].text).replace(r"\-", "-")

    def _order(self, segments: Sequence[Segment], group: Sequence[Shape]) -> str | None:
        """The order of day, month and year in numbers of six digits that are dates; "" where they may be dates or
        numbers, None where they are numbers."""
        texts = [each.text for each in segments]
        if any(len(text) != 6 or not text.isdecimal() for text in texts):
            return None
        perhaps: str | None = None
        for order in ("dmy", "ymd"):
            days = [day for text in texts if (day := _six(text, order)) is not None]
            if len(days) < len(texts):
                continue
            told = [
                (day, self._days[each.url]) for day, each in zip(days, group, strict=True) if each.url in self._days
            ]
            if told:
                if sum(abs(day - known) <= _NEAR for day, known in told) >= 0.8 * len(told):
                    return order
            elif len(texts) > 1:
                if len(set(texts)) > 1 and len(texts) >= _SURE and max(days) - min(days) <= _SPAN:
                    return order
                perhaps = ""
        return perhaps


@dataclass(frozen=True, slots=True)
class _Part:
    """One place of a key: its form, and what stands there in each address. `whole`: a day follows year and month."""

    form: str
    columns: list[tuple[Segment, ...]]
    last: bool
    whole: bool


def _parts(group: Sequence[Shape]) -> list[_Part]:
    """The segments of each address, divided where the forms change; the words before all else come first."""
    divided = [_divided(each.segments) for each in group]
    parts: list[_Part] = []
    forms = [form for form, _ in divided[0]]
    for at, form in enumerate(forms):
        columns = [each[at][1] for each in divided]
        parts.append(_Part(form, columns, last=at == len(forms) - 1 and at > 0, whole="<d>" in forms))
    return parts


def _divided(segments: tuple[Segment, ...]) -> list[tuple[str, tuple[Segment, ...]]]:
    found: list[tuple[str, list[Segment]]] = [(WORD, [])]
    for each in segments:
        if each.form == WORD and found[-1][0] == WORD:
            found[-1][1].append(each)
        else:
            found.append((each.form, [each]))
    return [(form, tuple(each)) for form, each in found]


def _folders(columns: Sequence[tuple[Segment, ...]], *, keep: bool, exact: bool = False) -> str:
    """Folders before something else: those that all addresses share, and open ones. `exact`: as many as were met, since
    nothing else tells these addresses from others."""
    rows = [[each.text for each in column] for column in columns]
    start = _shared(rows) if keep else []
    rest = [row[len(start) :] for row in rows]
    end = _shared([row[::-1] for row in rest])[::-1] if keep else []
    depths = {len(row) - len(end) for row in rest}
    kept = ["".join(re.escape(word).replace(r"\-", "-") + "/" for word in words) for words in (start, end)]
    return kept[0] + _open(min(depths), max(depths), exact=exact) + kept[1]


def _shared(rows: Sequence[Sequence[str]]) -> list[str]:
    """What all rows begin with."""
    found: list[str] = []
    for words in zip(*rows, strict=False):
        if len(set(words)) > 1:
            break
        found.append(words[0])
    return found


def _open(least: int, most: int, *, exact: bool) -> str:
    folder = f"{ANY.segment}/"
    if most == 0:
        return ""
    if exact and least == most:
        return folder * most if most == 1 else f"(?:{folder}){{{most}}}"
    return f"(?:{folder})*" if least == 0 else f"(?:{folder})+"


class _Names:
    """Gives each group its name once: a regular expression takes no name twice."""

    def __init__(self, used: frozenset[str]) -> None:
        self._used = used
        self.given: set[str] = set()

    def named(self, name: str, pattern: str) -> str:
        if name in self._used or name in self.given:
            return pattern
        self.given.add(name)
        return f"(?P<{name}>{pattern})"

    def day(self, part: str, *, century: bool = True) -> str:
        return self.named(part, r"\d{4}" if part == "y" and century else r"\d\d")

    def part(self, part: str, texts: Sequence[str], *, whole: bool) -> str:
        digits = all(text.isdecimal() for text in texts)
        if part == "y":
            pattern = r"\d{4}"
        elif not digits:
            pattern = r"[a-z]{3}" if all(len(text) == 3 and text.islower() for text in texts) else r"[^/?#]+"
        else:
            pattern = r"\d\d" if all(len(text) == 2 for text in texts) else r"\d\d?"
        return self.named(part, pattern) if whole else pattern


def _number(form: str, texts: set[str]) -> str:
    if form in _FIXED:
        return _FIXED[form]
    lengths = {len(text) for text in texts}
    if form == "digits":
        return rf"\d{{{max(3, min(lengths) - 2)},}}"
    if form == "lettered":
        begins = {text.rstrip("0123456789") for text in texts}
        return (_either(begins) if len(begins) <= 3 else "[A-Za-z]+") + r"\d+"
    letters = next(
        (each for each in _ALPHABETS if all(re.fullmatch(f"{each}+", text) for text in texts)), "[0-9A-Za-z]"
    )
    if len(lengths) == 1 and len(texts) >= _FIXED_LENGTH:
        return f"{letters}{{{lengths.pop()}}}"
    return f"{letters}{{{max(8, min(lengths) - 2)},}}"


def _either(texts: set[str]) -> str:
    """One of the texts; an empty one makes it optional."""
    known = sorted(re.escape(text).replace(r"\-", "-") for text in texts if text)
    if not known:
        return ""
    either = known[0] if len(known) == 1 else f"(?:{'|'.join(known)})"
    return either if "" not in texts else f"(?:{'|'.join(known)})?"


def _six(text: str, order: str) -> date | None:
    parts = dict(zip(order, (text[0:2], text[2:4], text[4:6]), strict=True))
    try:
        return date(2000 + int(parts["y"]), int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None
