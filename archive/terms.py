"""What a written term stands for in the index: its forms, the FTS5 expression for them, and where they occur.

A term is literal words; spaces make a phrase; a star at the end makes the last word a prefix. Nothing else is
an operator, so quotes, NEAR or a column name in a term are only words. Arabic writes its conjunctions,
prepositions and article together with the word that follows: a term that begins with an Arabic word stands
for each of those spellings (a closed list; no stemmer). A German term with ä, ö or ü stands for ae, oe and ue too.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Generic, TypeVar

from archive.norm import TOKENIZER, norm

COLUMNS = ("title", "standfirst", "text")

Payload = TypeVar("Payload")

_ARABIC_LETTER = re.compile("[\u0621-\u064a]")
_LONGEST = 500  # characters of a term: what is longer is a text
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_AND = ("", "و", "ف")
_TO_INDEFINITE = ("", "ب", "ك", "ل")
# With the article: the l of "to" and the article's alef fall together, ل + ال is لل.
_TO_DEFINITE = ("ال", "بال", "كال", "لل")
# Beyond so many pairs NEAR would be larger than the question is worth: AND finds all of them too.
_MOST_NEARS = 2_000
# FTS5 copies its list of alternatives at each OR; groups keep that from growing with the square of the list.
_GROUP = 400


@dataclass(frozen=True)
class Form:
    """One spelling of a term in the index: normalised words, the last of them a prefix if `prefix` is set."""

    words: tuple[str, ...]
    prefix: bool = False

    @property
    def fts(self) -> str:
        """The form as an FTS5 phrase. norm() leaves no quotation mark, so nothing needs escaping."""
        return f'"{" ".join(self.words)}"' + ("*" if self.prefix else "")


@lru_cache(maxsize=50_000)  # asked for again by all that looks at a topic
def forms(term: str, language: str | None = None) -> tuple[Form, ...]:
    """All spellings that `term` stands for; none where it has no letter or digit.

    Arabic prefixes are tried where `language` is "ar", or is None and the term begins in Arabic script; ae, oe and ue
    where it is "de" or None.
    """
    written = term.strip()
    prefix = written.endswith("*")
    words = tuple(norm(written).split())
    if not words:
        return ()
    first, rest = words[0], words[1:]
    arabic = language in (None, "ar") and _ARABIC_LETTER.match(first)
    spellings = _with_clitics(first) if arabic else (first,)
    found = tuple(Form((spelling, *rest), prefix) for spelling in spellings)
    if language in (None, "de") and (other := unicodedata.normalize("NFC", written).translate(_UMLAUTS)) != written:
        found = tuple(dict.fromkeys((*found, Form(tuple(norm(other).split()), prefix))))
    return found


def fault_of(term: str) -> str | None:
    """What is wrong with a term as written, to be said of the key that has it; None: nothing."""
    if len(term) > _LONGEST:
        return f"has the term {term[:30] + '…'!r}, which is longer than {_LONGEST} characters"
    if not norm(term):
        return f"has the term {term!r}, which holds no letter or digit to look for"
    if "*" in term.strip()[:-1]:
        return f"has the term {term!r}: a star may stand only at its end"
    return None


def _with_clitics(word: str) -> tuple[str, ...]:
    if word.startswith("ال") and len(word) > 3:
        stem = word[2:]
        heads = [head + stem for head in _TO_DEFINITE]
        if stem.startswith("ل"):
            heads.append("ل" + stem)  # three lams in a row are written as two
    else:
        heads = [head + word for head in (*_TO_INDEFINITE, *_TO_DEFINITE)]
    return tuple(dict.fromkeys(and_ + head for and_, head in product(_AND, heads)))


def any_of(alternatives: Iterable[Form]) -> str:
    """The FTS5 expression for "one of these"."""
    phrases = list(dict.fromkeys(form.fts for form in alternatives))
    if len(phrases) <= _GROUP:
        return " OR ".join(phrases)
    groups = (phrases[at : at + _GROUP] for at in range(0, len(phrases), _GROUP))
    return " OR ".join(f"({' OR '.join(group)})" for group in groups)


def all_of(concepts: Sequence[Sequence[Form]], near: int = 0) -> str:
    """The FTS5 expression for "one form of each", within `near` words of each other where that is above 0.

    Where that would be too many pairs the expression asks for one form of each anywhere: it finds no less.
    """
    pairs = 1
    for alternatives in concepts:
        pairs *= len(alternatives)
    if near and len(concepts) > 1 and pairs <= _MOST_NEARS:
        return " OR ".join(f"NEAR({' '.join(form.fts for form in chosen)}, {near})" for chosen in product(*concepts))
    return " AND ".join(f"({any_of(alternatives)})" for alternatives in concepts)


_TOKEN = re.compile(r'"((?:[^"]|"")*)"|([^\s"()*^:{},+-]+)|(,\s*\d+)|(.)', re.DOTALL)
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR", *COLUMNS})
_FARTHEST = 1_000_000  # words in a NEAR: a number that SQLite's own cannot hold would wrap
# What SQLite says of an expression, and what to say instead
_FAULTS = (
    (re.compile("unterminated string"), "a quotation mark is not closed"),
    (re.compile('syntax error near ""'), "it is empty or breaks off"),
    (re.compile('syntax error near "(.*)"', re.DOTALL), "{!r} cannot stand where it stands"),
    (
        re.compile("no such column: (.*)", re.DOTALL),
        f"{{!r}} is none of the columns {', '.join(COLUMNS)}, and a minus is written NOT",
    ),
    (re.compile("unknown special query"), "a star must follow a word"),
    (re.compile("stack overflow|too (?:deep|large)"), "it nests too deeply"),
)


def fold_expression(written: str) -> str:
    """An FTS5 expression that a person wrote, with its words and phrases folded by norm().

    Raises ValueError, which says why, where it is none; it is tried on an empty index.
    """
    expression = "".join(_fold_token(*found) for found in _TOKEN.findall(written))
    try:
        with closing(batch_index()) as probe:
            probe.execute("SELECT 1 FROM batch WHERE batch MATCH ?", [expression]).fetchall()
    except sqlite3.Error as error:
        raise ValueError(_in_words(str(error))) from error
    return expression


def _in_words(said: str) -> str:
    for pattern, meaning in _FAULTS:
        if found := pattern.search(said):
            return meaning.format(*found.groups())
    return "it cannot be understood"


def _fold_token(phrase: str, word: str, distance: str, other: str) -> str:
    if word in _OPERATORS:
        return word
    if phrase or word:
        if not (folded := norm(phrase or word)):
            raise ValueError(f"{phrase or word!r} holds no letter or digit to look for")
        return f'"{folded}"'
    if distance and int(re.sub(r"\D", "", distance)[:9]) > _FARTHEST:
        raise ValueError(f"words farther apart than {_FARTHEST} need no NEAR: write AND")
    return distance or other


def batch_index() -> sqlite3.Connection:
    """An index in memory, table `batch`, with the columns of articles_fts; it keeps no text."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        f"CREATE VIRTUAL TABLE batch USING fts5({', '.join(COLUMNS)}, content='', tokenize='{TOKENIZER}')"
    )
    return connection


class Lexicon(Generic[Payload]):
    """Forms with what each of them means to the caller, to be found in normalised words."""

    def __init__(self, entries: Iterable[tuple[Form, Payload]]) -> None:
        self._exact: dict[str, list[tuple[Form, Payload]]] = {}
        # Prefixes with their place among the entries, by their first two letters or their only one
        self._prefixes: dict[str, dict[str, list[tuple[int, tuple[Form, Payload]]]]] = {}
        for place, (form, payload) in enumerate(entries):
            first = form.words[0]
            if form.prefix and len(form.words) == 1:
                self._prefixes.setdefault(first[:2], {}).setdefault(first, []).append((place, (form, payload)))
            else:
                self._exact.setdefault(first, []).append((form, payload))
        self._lengths = {start: sorted(set(map(len, prefixes))) for start, prefixes in self._prefixes.items()}

    def heads(self) -> Iterator[tuple[str, bool]]:
        """The words with which forms begin, and whether one is a prefix that stands for a form by itself."""
        for first in self._exact:
            yield first, False
        for prefixes in self._prefixes.values():
            for prefix in prefixes:
                yield prefix, True

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, Payload]]:
        """Every occurrence of every form in `words`: first word, word after the last, payload."""
        starts = self._starts(words)
        if not starts:
            return
        for at, word in enumerate(words):
            for form, payload in starts.get(word, ()):
                end = at + len(form.words)
                if len(form.words) == 1 or _continues(form, words, at, end):
                    yield at, end, payload

    def find_at(self, words: Sequence[str], places: Mapping[str, Sequence[int]]) -> list[tuple[int, int, Payload]]:
        """What `find` gives, where it is known at which `places` of `words` each word stands that begins some form."""
        found = [
            (at, at + len(form.words), payload)
            for word, meanings in self._starts(places).items()
            for form, payload in meanings
            for at in places[word]
            if len(form.words) == 1 or _continues(form, words, at, at + len(form.words))
        ]
        return sorted(found, key=_first_word)

    def opens(self, word: str) -> bool:
        """Does some form begin with this word?"""
        return bool(self._starts((word,)))

    def _starts(self, words: Iterable[str]) -> Mapping[str, Sequence[tuple[Form, Payload]]]:
        """Words that begin some form, with the forms; each different word is looked up once."""
        different = set(words)
        starts = {word: list(self._exact[word]) for word in different & self._exact.keys()}
        for word in different:
            for start in (word[:2], word[0]) if len(word) > 1 else (word,):
                if (prefixes := self._prefixes.get(start)) is None:
                    continue
                # A word that is shorter than some prefix is cut to itself more than once
                cuts = {word[:length] for length in self._lengths[start]}
                if here := {place: entry for cut in cuts for place, entry in prefixes.get(cut, ())}:
                    starts.setdefault(word, []).extend(here[place] for place in sorted(here))
        return starts


def _first_word(occurrence: tuple[int, int, object]) -> int:
    return occurrence[0]


def _continues(form: Form, words: Sequence[str], at: int, end: int) -> bool:
    if end > len(words):
        return False
    if not form.prefix:
        return tuple(words[at:end]) == form.words
    return tuple(words[at : end - 1]) == form.words[:-1] and words[end - 1].startswith(form.words[-1])
