"""The search box: what a person types, as an FTS5 expression over text in norm()'s folding.

    niger coup            both words
    "coup d'État"         the phrase; also « » and “ ”
    putsch*               words that begin so, from three letters on
    junte OR putsch       one of the two; OR joins its neighbours, before the rest is asked for
    -football, -"…"       without
    (niger OR mali) coup  parentheses group

Everything else is words: colons, NEAR and column names have no power here. Arabic words are found with their
conjunctions, prepositions and article, as in topics.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from archive.errors import UsageError
from archive.norm import Folded, is_spaceless, norm
from archive.terms import Form, Lexicon, any_of, forms

MAX_CHARACTERS = 2_000
MAX_TERMS = 100
MAX_DEPTH = 20
LEAST_PREFIX = 3  # a prefix of two letters reads a good part of the index

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TOKEN = re.compile(r'\s+|(-(?=[^\s-]))|"([^"]*)"(\*?)|(")|([()])|([^\s"()]+)')


@dataclass(frozen=True)
class Query:
    """A search: `text` as typed, `fts` for MATCH, `forms` the spellings to find (none after a minus)."""

    text: str
    fts: str
    forms: tuple[Form, ...] = field(repr=False)

    def find(self, text: str) -> list[tuple[int, int]]:
        """Where the words asked for stand in an original text: (start, end), in order, without overlaps."""
        folded = Folded(text)
        found: list[tuple[int, int]] = []
        taken = 0
        for start, end, _ in sorted(self._lexicon.find(folded.words), key=lambda hit: (hit[0], -hit[1])):
            if start >= taken:
                found.append(folded.place(start, end))
                taken = end
        return found

    @cached_property
    def _lexicon(self) -> Lexicon[None]:
        return Lexicon((form, None) for form in self.forms)


def read_query(text: str) -> Query:
    """What a person typed, as a Query. Raises UsageError, with a sentence for that person, if it is none."""
    if len(text) > MAX_CHARACTERS:
        raise UsageError(f"The search is too long: write at most {MAX_CHARACTERS:,} characters.")
    parser = _Parser(text)
    expression = parser.group(0)
    return Query(text, expression, tuple(dict.fromkeys(parser.forms)))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # word | or | not | ( | )
    text: str
    forms: tuple[Form, ...] = ()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.forms: list[Form] = []
        if sum(token.kind == "word" for token in self.tokens) > MAX_TERMS:
            raise UsageError(f"The search has too many words: write at most {MAX_TERMS}.")

    def _next(self, kind: str) -> bool:
        """Steps over the next token if it is of this kind."""
        if self.at < len(self.tokens) and self.tokens[self.at].kind == kind:
            self.at += 1
            return True
        return False

    def group(self, depth: int, wanted: bool = True) -> str:
        """Everything up to the closing parenthesis or the end. `wanted`: to be found, not left out."""
        if depth > MAX_DEPTH:
            raise UsageError("The search has too many parentheses inside each other: take some away.")
        found: list[str] = []
        left_out: list[str] = []
        while self.at < len(self.tokens) and self.tokens[self.at].kind != ")":
            if self._next("not"):
                left_out.append(self._unit(depth, not wanted))
                if self._peek("or"):
                    raise UsageError("A word with a minus cannot stand beside OR: put the minus part at the end.")
                continue
            alternatives = [self._unit(depth, wanted)]
            while self._next("or"):
                if self._peek("not"):
                    raise UsageError("A word with a minus cannot stand beside OR: put the minus part at the end.")
                alternatives.append(self._unit(depth, wanted))
            found.append(alternatives[0] if len(alternatives) == 1 else f"({' OR '.join(alternatives)})")
        if depth == 0 and self.at < len(self.tokens):
            raise UsageError("A closing parenthesis has no opening one: add it, or leave this one out.")
        if not found:
            if left_out:
                raise UsageError("The search only leaves out: name at least one word to find.")
            raise UsageError("There is nothing to search for: write at least one word.")
        expression = " AND ".join(found)
        if not left_out:
            return expression if len(found) == 1 else f"({expression})"
        return f"(({expression}) NOT ({' OR '.join(left_out)}))"

    def _peek(self, kind: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].kind == kind

    def _unit(self, depth: int, wanted: bool) -> str:
        """A word, a phrase or a group."""
        if self._next("("):
            expression = self.group(depth + 1, wanted)
            if not self._next(")"):
                raise UsageError("A parenthesis is not closed: close it, or leave it out.")
            return expression
        if not self._next("word"):
            raise UsageError("OR and minus need a word or a phrase after them, and OR one before it.")
        spellings = self.tokens[self.at - 1].forms
        if wanted:
            self.forms += spellings
        return any_of(spellings) if len(spellings) == 1 else f"({any_of(spellings)})"


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for found in _TOKEN.finditer(text.translate(_QUOTES)):
        minus, phrase, star, open_quote, parenthesis, word = found.groups()
        if open_quote:
            raise UsageError("A quotation mark is not closed: close it, or leave it out.")
        if minus:
            tokens.append(_Token("not", "-"))
        elif parenthesis:
            tokens.append(_Token(parenthesis, parenthesis))
        elif word in ("OR", "|"):
            tokens.append(_Token("or", word))
        elif word == "NOT":
            tokens.append(_Token("not", word))
        elif phrase is not None:
            tokens += _word(phrase + star)
        elif word is not None and word != "AND":
            tokens += _word(word)
    return tokens


def _word(written: str) -> list[_Token]:
    """The token for a word or phrase; none where it holds no letter or digit."""
    if not norm(written):
        return []
    stem = written.rstrip("*")
    if "*" in stem:
        raise UsageError(f"In {written!r} the star stands inside a word: write it at the end only, as in putsch*.")
    last = norm(stem).rpartition(" ")[2]
    if stem != written and len(last) < LEAST_PREFIX and not is_spaceless(last):
        raise UsageError(f"{written!r} would find too much: write at least {LEAST_PREFIX} letters before the star.")
    return [_Token("word", written, forms(stem + "*" if stem != written else stem))]
