"""Which of many topics can an article belong to? Each of its different words is looked up once for all of them.

What a topic costs for an article is then nothing, unless a word of the topic occurs there.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from archive.terms import Form
from archive.topics import Topic
from archive.weighing import Plan, plan_of

WORDS = 100_000  # what each means is remembered, up to so many: some ten megabytes

# A concept of a topic: the topic's number, and a bit of its own among the concepts that the topic requires
Owner = tuple[int, int]


class Sifted(NamedTuple):
    """What is left of an article: `bits` of the concepts that occur, by number of the topic, where some do; `words` of
    the article that begin a term or a mask of some topic."""

    bits: dict[int, int]
    words: frozenset[str]


class _Phrase(NamedTuple):
    """`sought` has a space at each end, at that of a prefix none; `others` are its words beside that it is found by."""

    sought: str
    others: frozenset[str]
    owners: tuple[Owner, ...]


class _Opening(NamedTuple):
    """What a word can mean: concepts that it stands for by itself, and phrases that it is a part of; `begins`: some
    term or mask begins with it."""

    owners: tuple[Owner, ...]
    phrases: tuple[_Phrase, ...]
    begins: bool


class Sieve:
    """The rules of topics; those of [raw] topics are left to an index. `plans` are in the order of the topics."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.plans = tuple(map(plan_of, topics))
        self._wanted = {at: (1 << len(plan.concepts)) - 1 for at, plan in enumerate(self.plans)}
        self._words: dict[str, tuple[Owner, ...]] = {}
        self._prefixes: dict[str, tuple[Owner, ...]] = {}
        self._phrases: dict[str, tuple[_Phrase, ...]] = {}
        self._known: dict[str, _Opening] = {}
        self._idle: set[str] = set()
        for form, owners in _owners(self.plans).items():
            if len(form.words) > 1:
                last = "" if form.prefix else " "
                whole = form.words[:-1] if form.prefix else form.words
                under = max(whole, key=len)  # the longest word is mostly the rarest
                phrase = _Phrase(f" {' '.join(form.words)}{last}", frozenset(whole) - {under}, owners)
                self._phrases[under] = (*self._phrases.get(under, ()), phrase)
            else:
                kept = self._prefixes if form.prefix else self._words
                kept[form.words[0]] = owners
        heads = [head for plan in self.plans for head in plan.lexicon.heads()]
        self._firsts = {word for word, prefix in heads if not prefix}
        self._openings = {word for word, prefix in heads if prefix}
        self._plain = self._firsts | self._phrases.keys()
        lengths: dict[str, set[int]] = {}
        for prefix in self._openings:
            lengths.setdefault(prefix[:2], set()).add(len(prefix))
        self._lengths = {start: tuple(sorted(found)) for start, found in lengths.items()}

    def sift(self, fields: Sequence[Sequence[str]], texts: Sequence[str]) -> Sifted:
        """What topics can make of an article.

        `fields` are the folded words of each field, `texts` the same with a space between two words.
        """
        different = set[str]().union(*fields)
        found: dict[int, int] = {}
        begin: list[str] = []
        phrases: list[_Phrase] = []
        for word in different - self._idle:
            opening = self._known.get(word) or self._look_up(word)
            if opening is not None:
                for at, bit in opening.owners:
                    found[at] = found.get(at, 0) | bit
                phrases += opening.phrases
                if opening.begins:
                    begin.append(word)
        padded: list[str] = []
        for phrase in phrases:
            if not different.issuperset(phrase.others):
                continue
            padded = padded or [f" {text} " for text in texts]
            if any(phrase.sought in text for text in padded):
                for at, bit in phrase.owners:
                    found[at] = found.get(at, 0) | bit
        return Sifted(found, frozenset(begin))

    def meets(self, at: int, bits: int) -> bool:
        """Are these bits all concepts that topic number `at` requires?"""
        return bits == self._wanted[at] and self.plans[at].topic.raw is None

    def missing(self, at: int, bits: int) -> list[str]:
        """The concepts that topic number `at` requires beyond these bits; none of a [raw] topic."""
        plan = self.plans[at]
        return [] if plan.topic.raw is not None else [name for n, name in enumerate(plan.concepts) if not bits >> n & 1]

    def _look_up(self, word: str) -> _Opening | None:
        if len(self._idle) + len(self._known) >= WORDS:
            self._idle.clear()
            self._known.clear()
        lengths = self._lengths.get(word[:2], ())
        if len(word) > 1 and word[0] in self._lengths:
            lengths = (1, *lengths)
        heads = [word[:length] for length in lengths if word[:length] in self._openings]
        if not heads and word not in self._plain:
            self._idle.add(word)
            return None
        owners = dict.fromkeys(self._words.get(word, ()))
        for head in heads:
            owners |= dict.fromkeys(self._prefixes.get(head, ()))
        opening = _Opening(tuple(owners), self._phrases.get(word, ()), bool(heads) or word in self._firsts)
        self._known[word] = opening
        return opening


@lru_cache(maxsize=8)
def sieve_of(topics: tuple[Topic, ...]) -> Sieve:
    """The sieve of these topics; kept, since the same topics meet many articles."""
    return Sieve(topics)


def _owners(plans: Iterable[Plan]) -> dict[Form, tuple[Owner, ...]]:
    """Each spelling that some topic requires, once, with all concepts that it is a term of."""
    found: dict[Form, dict[Owner, None]] = {}
    for at, plan in enumerate(plans):
        if plan.topic.raw is None:
            for n, forms in enumerate(plan.concepts.values()):
                for form in forms:
                    found.setdefault(form, {})[at, 1 << n] = None
    return {form: tuple(owners) for form, owners in found.items()}
