"""Where a topic's terms stand in texts of the corpus, without a look at any other word.

The index knows which spelling occurs in which article. So each text is searched for the few that it holds, as a plain
search in its folded form, and is not taken to words. The result is that of Lexicon.find on the words.
"""

import sqlite3
from array import array
from collections.abc import Collection, Sequence
from typing import overload

from archive.mentions import Occurrences
from archive.terms import Form
from archive.topics import Mask, Term, Topic

Spelling = tuple[Form, Term | Mask]


class Standings:
    """In which articles a spelling stands; each is asked of the index once, for all versions of a topic."""

    def __init__(self, connection: sqlite3.Connection, numbers: Collection[int]) -> None:
        self._connection, self._numbers = connection, numbers
        self._known: dict[Form, array[int]] = {}

    def of(self, form: Form) -> "array[int]":
        """The rowids of `articles_fts`, among those given."""
        if form not in self._known:
            rows = self._connection.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", [form.fts])
            self._known[form] = array("q", (n for (n,) in rows if n in self._numbers))
        return self._known[form]


class Spotter:
    """The terms and masks of a topic in articles of the corpus."""

    def __init__(self, standings: Standings, topic: Topic) -> None:
        written: tuple[Term | Mask, ...] = (*topic.terms, *topic.masks)
        # Of terms that are met in the same words the first counts: this is the order of Lexicon.find
        spelt: list[Spelling] = sorted(((form, each) for each in written for form in each.forms), key=_turn)
        meanings: dict[Form, list[Spelling]] = {}
        self._places = {}
        for place, (form, each) in enumerate(spelt):
            meanings.setdefault(form, []).append((form, each))
            self._places[form, each] = place
        self._here: dict[int, list[Spelling]] = {}
        for form, same in meanings.items():
            for n in standings.of(form):
                self._here.setdefault(n, []).extend(same)

    def find(self, n: int, fields: Sequence[str]) -> list[Occurrences]:
        """By field of the article, its words and where they are met."""
        here = sorted(self._here.get(n, ()), key=self._places.__getitem__)
        return [(Words(text), _find(f" {text} ", here) if text else []) for text in fields]


class Words(Sequence[str]):
    """The words of a folded text, which is taken to words when the first is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: list[str] | None = None

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        return self._split()[at]

    def __len__(self) -> int:
        return len(self._split())

    def _split(self) -> list[str]:
        if self._words is None:
            self._words = self._text.split()
        return self._words


def _find(padded: str, spellings: Sequence[Spelling]) -> list[tuple[int, int, Term | Mask]]:
    found: list[tuple[int, int, Term | Mask]] = []
    for form, each in spellings:
        sought = f" {' '.join(form.words)}" + ("" if form.prefix else " ")
        at, word, length = padded.find(sought), 0, len(form.words)
        last = 0
        while at >= 0:
            word += padded.count(" ", last, at)
            found.append((word, word + length, each))
            last, at = at, padded.find(sought, at + 1)
    return sorted(found, key=_first_word)


def _first_word(occurrence: tuple[int, int, Term | Mask]) -> int:
    return occurrence[0]


def _turn(spelling: Spelling) -> int:
    form = spelling[0]
    if not form.prefix or len(form.words) > 1:
        return 0
    return 1 if len(form.words[0]) > 1 else 2
