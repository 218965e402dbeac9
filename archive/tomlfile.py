"""A TOML file that a person wrote, read so that an error can name its line and key.

The standard library's parser gives values without their places. The lines are looked up only when an error is
to be told, by the file's own table headers and keys.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, Self

from archive.errors import BadCorpusFile
from archive.slips import in_words
from archive.withhold import names_user, without_user

KeyPath = tuple[str | int, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]")
_ASSIGNMENT = re.compile(rf"\s*({_DOTTED})\s*=")
_PART = re.compile(_KEY)
# Names under which people write down what does not belong in a file
_SECRET = re.compile(
    r"(?:.*[_-])?(?:user(?:_?name)?|pass(?:word|wd|phrase)?|pwd|token|secret|cookies?|authorization|credentials?|api_?key)",
    re.IGNORECASE,
)
_FROM_ENVIRONMENT = (
    "a login comes from the environment only, as HEMEROTECA_LOGIN_<OUTLET>_USER and HEMEROTECA_LOGIN_<OUTLET>_PASSWORD"
)
_PLACE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")
# What may hide a quotation mark, a bracket or a comment, from where it begins
_QUOTED = re.compile(r"""\"\"\"|'''|"(?:[^"\\]|\\.)*"|'[^']*'|\#.*""")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
MOST = 1_000_000  # as a number in a file: beyond it nothing means more, and sums would overflow


class TomlFile:
    """The tables of a TOML text. Raises BadCorpusFile, with the line, where it is not TOML.

    `name` is what errors call the file.
    """

    def __init__(self, source: str, name: str) -> None:
        self.source = source
        self.name = name
        try:
            self.table: dict[str, Any] = tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            place = _PLACE.search(str(error))
            line = int(place[1]) if place and place[1] else source.count("\n") + 1
            what = in_words(_PLACE.sub("", str(error)).strip(), source.split("\n")[line - 1])
            raise BadCorpusFile(f"{name}:{line}: not TOML: {what}; mend this line") from error
        except RecursionError as error:
            raise BadCorpusFile(f"{name}:1: not TOML that can be read: it nests too deeply") from error

    @classmethod
    def read(cls, path: Path) -> Self:
        """The file at `path`, with or without a byte order mark. Raises BadCorpusFile where it cannot be read."""
        try:
            source = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = path.read_bytes().count(b"\n", 0, error.start) + 1
            raise BadCorpusFile(f"{path}:{line}: not UTF-8: save the file as UTF-8") from error
        except OSError as error:
            raise BadCorpusFile(f"{path}: cannot be read ({error.strerror}): mend the file or its rights") from error
        if "\0" in source:  # as in UTF-16 without its mark
            line = source.count("\n", 0, source.index("\0")) + 1
            raise BadCorpusFile(f"{path}:{line}: not UTF-8: save the file as UTF-8")
        return cls(source, str(path))

    def fail(self, path: KeyPath, sentence: str, value: object = None) -> NoReturn:
        """Raises BadCorpusFile: file, line and key, then `sentence`. `value` is the item of a list meant."""
        key = ".".join(str(part) for part in path if isinstance(part, str))
        raise BadCorpusFile(f"{self.name}:{self.line(path, value)}: {key!r} {sentence}", path, value)

    def line(self, path: KeyPath, value: object = None) -> int:
        """The line, from 1, where `path` is written, or the nearest table above it."""
        places = self._places
        while path and path not in places:
            path = path[:-1]
        line = places.get(path, 1)
        if isinstance(value, str) and value:
            for sought in (f'"{value}"', f"'{value}'", value):
                for number in range(line, len(self._lines) + 1):
                    if sought in self._lines[number - 1]:
                        return number
        return line

    @cached_property
    def _lines(self) -> list[str]:
        return self.source.split("\n")  # as the parser counts: no other character ends a line

    @cached_property
    def _places(self) -> dict[KeyPath, int]:
        places: dict[KeyPath, int] = {}
        table: KeyPath = ()
        counts: dict[KeyPath, int] = {}
        quote, depth = "", 0
        for number, text in enumerate(self._lines, 1):
            inside = bool(quote) or depth > 0
            quote, depth = _after(text, quote, depth)
            if inside:
                continue
            if header := _HEADER.match(text):
                table = self._resolve(_parts(header[2]), counts)
                if header[1] == "[[":
                    index = counts[table] = counts.get(table, -1) + 1
                    places.setdefault(table, number)
                    table = (*table, index)
                places.setdefault(table, number)
            elif assignment := _ASSIGNMENT.match(text):
                path = table
                for part in _parts(assignment[1]):
                    path = (*path, part)
                    places.setdefault(path, number)
        return places

    @staticmethod
    def _resolve(parts: Iterable[str], counts: dict[KeyPath, int]) -> KeyPath:
        """A header's path with the index of each array of tables above it."""
        path: KeyPath = ()
        for part in parts:
            if path in counts:
                path = (*path, counts[path])
            path = (*path, part)
        return path


def _after(text: str, quote: str, depth: int) -> tuple[str, int]:
    """The quotation marks and the number of brackets that are open after a line, by those before it."""
    at = 0
    while True:
        if quote:
            end = text.find(quote, at)
            if end < 0:
                return quote, depth
            quote, at = "", end + len(quote)
        found = _QUOTED.search(text, at)
        plain = text[at : found.start() if found else len(text)]
        depth = max(0, depth + sum(map(plain.count, "[{")) - sum(map(plain.count, "]}")))
        if found is None or found[0].startswith("#"):
            return "", depth
        at = found.end()
        if found[0] in ('"""', "'''"):
            quote = found[0]


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]


class Section:
    """One table of a TomlFile. Reading a key checks its type; keys that nobody knows are an error at once."""

    def __init__(self, file: TomlFile, path: KeyPath, table: object, known: Iterable[str] | None) -> None:
        self.file = file
        self.path = path
        if not isinstance(table, dict):
            header = ".".join(part for part in path if isinstance(part, str))
            written = f"[[{header}]]" if isinstance(path[-1], int) else f"[{header}]"
            file.fail(path, f"must be a table: write it as {written}")
        self.table: dict[str, Any] = table
        if known is not None:
            self.only(known)

    def only(self, known: Iterable[str], elsewhere: Mapping[str, str] | None = None) -> None:
        """Raises BadCorpusFile for a key of this table that is not in `known`.

        `elsewhere`: keys of other tables, by key the table's name, which may have been meant.
        """
        known = tuple(known)
        elsewhere = elsewhere or {}
        for key in self.table:
            if key not in known:
                if _SECRET.fullmatch(key):
                    self.fail(key, f"must not be written down: take this line out; {_FROM_ENVIRONMENT}")
                where = ".".join(str(part) for part in self.path if isinstance(part, str))
                place = f"[{where}]" if where else "the top of the file"
                meant = get_close_matches(key.lower(), (*known, *elsewhere), n=1, cutoff=0.7)
                if meant and meant[0] in elsewhere:
                    self.fail(key, f"is not a key of {place}; did you mean {meant[0]!r} of [{elsewhere[meant[0]]}]?")
                self.fail(key, f"is not a key of {place}; {nearest(key, known)}")

    def fail(self, key: str, sentence: str, value: object = None) -> NoReturn:
        """Raises BadCorpusFile for `key` of this table."""
        self.file.fail((*self.path, key), sentence, value)

    def section(self, key: str, known: Iterable[str] | None) -> "Section":
        """The table `key`, empty where it is left out; `known` None: any key goes."""
        return Section(self.file, (*self.path, key), self.table.get(key, {}), known)

    def sections(self, key: str, known: Iterable[str] | None) -> "list[Section]":
        """The tables written as [[key]]; `known` None: any key goes."""
        tables = self.table.get(key, [])
        if not isinstance(tables, list):
            self.fail(key, f"must be a list of tables: write each as [[{key}]]")
        known = None if known is None else tuple(known)
        return [Section(self.file, (*self.path, key, at), table, known) for at, table in enumerate(tables)]

    def text(self, key: str, default: str | None = None) -> str | None:
        value = self.table.get(key, default)
        if value is not None and not isinstance(value, str):
            self.fail(key, 'must be text in quotes, such as "…"')
        return value if value is None else self._public(key, value)

    def required(self, key: str) -> str:
        """A text that must be there and hold more than spaces."""
        value = self.text(key)
        if value is None or not value.strip():
            self.fail(key, 'is missing: add it as text in quotes, such as "…"')
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts; None where the key is left out."""
        value = self.table.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(key, 'must be a list of texts, such as ["one", "two"]')
        return tuple(self._public(key, item) for item in value)

    def _public(self, key: str, text: str) -> str:
        """The text, which may be printed, recorded and exported: it steers no terminal, and names no user."""
        if control := _CONTROL.search(text):
            self.fail(key, f"holds the control character U+{ord(control[0]):04X}: take it out", text)
        if names_user(text) or without_user(text) != text:
            self.fail(
                key,
                "holds an address with a user name or password: leave out what stands before its @;"
                f" {_FROM_ENVIRONMENT}",
                text,
            )
        return text

    def number(self, key: str, default: float) -> float:
        """A number from 0 to MOST."""
        value = self.table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST:
            self.fail(key, f"must be a number of 0 or more, such as 2.0, and at most {MOST}")
        return float(value)

    def count(self, key: str, default: int, least: int = 0, most: int = 2**63 - 1) -> int:
        """A whole number from `least` to `most`; more than 63 bits fit into no column."""
        value = self.table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.fail(key, f"must be a whole number of {least} or more")
        if value > most:
            self.fail(key, f"must be a whole number of at most {most}")
        return value

    def flag(self, key: str) -> bool | None:
        value = self.table.get(key)
        if value is not None and not isinstance(value, bool):
            self.fail(key, "must be true or false")
        return value

    def day(self, key: str) -> date | None:
        value = self.table.get(key)
        if value is not None and (isinstance(value, datetime) or not isinstance(value, date)):
            self.fail(key, "must be a date without quotes and without a time, such as 2023-07-26")
        return value

    def moment(self, key: str) -> datetime | None:
        """A time with its offset, as written."""
        value = self.table.get(key)
        if value is not None and (not isinstance(value, datetime) or value.tzinfo is None):
            self.fail(key, "must be a time with an offset, such as 2023-07-26T21:00:00+02:00")
        return value


def nearest(key: str, known: Iterable[str]) -> str:
    """A hint for a misspelt word: the nearest right one, else all of them."""
    known = list(known)
    near = get_close_matches(key.lower(), known, n=1, cutoff=0.58)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
