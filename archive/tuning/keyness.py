"""Words that set some texts apart from others, as candidates for terms: by the log-likelihood of the number of texts
that have them (Dunning 1993, Computational Linguistics 19:61-74; "keyness" in corpus linguistics).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import log
from typing import NamedTuple

from archive.norm import is_spaceless

LEAST = 3  # texts that must have a word before anything follows from it
COMMON = 1 / 3  # share of the texts outside from which on a word is too common to make a pair
SURE = 10.83  # the log-likelihood that chance reaches once in 1,000 words (chi-squared, one degree of freedom)
STEM = 4  # letters of a beginning that several words share
MORE = 1.1  # times the log-likelihood of its best word that a beginning must have

Text = Sequence[Sequence[str]]  # runs of folded words


class Key(NamedTuple):
    """A word, two in a row, or a beginning of words with a star, as a term is written: how many of the texts `inside`
    and `outside` have it, and its log-likelihood."""

    words: str
    inside: int
    outside: int
    keyness: float

    def is_in(self, padded: str) -> bool:
        """Does a text have it? `padded`: its words, each with a space before and after; two spaces part runs."""
        return f" {self.words[:-1]}" in padded if self.words.endswith("*") else f" {self.words} " in padded


def log_likelihood(inside: int, outside: int, of_inside: int, of_outside: int) -> float:
    """G² of a share `inside` of `of_inside` against `outside` of `of_outside`; 0 where they do not differ."""
    observed = inside, outside, of_inside - inside, of_outside - outside
    total, having = of_inside + of_outside, inside + outside
    if not total:
        return 0.0
    lacking = total - having
    expected = (having * of_inside, having * of_outside, lacking * of_inside, lacking * of_outside)
    return 2 * sum(seen * log(seen * total / due) for seen, due in zip(observed, expected, strict=True) if seen)


def keys(inside: Sequence[Text], outside: Sequence[Text]) -> list[Key]:
    """What is more frequent inside than outside by more than chance, the strongest first.

    Of a pair and its words, and of a beginning and the words that have it, only the strongest is given, unless a
    weaker word is met in more texts inside than the pair.
    """
    counts = _counts(inside)
    wanted = {words for words, number in counts.items() if number >= LEAST}
    others = _counts(outside, wanted)  # the words of a wanted pair are wanted too
    many = COMMON * len(outside)

    def key(words: str) -> Key | None:
        here, there = counts[words], others[words]
        if here * len(outside) <= there * len(inside):
            return None
        parts = words.split()
        if len(parts) > 1 and any(others[part] > many for part in parts):
            return None
        strength = log_likelihood(here, there, len(inside), len(outside))
        return Key(words, here, there, strength) if strength >= SURE else None

    found = {each.words: each for words in wanted if (each := key(words))}
    best: dict[str, float] = {}  # of the words that have a beginning
    for word, each in found.items():
        if _single(word):
            for stem in _stems(word):
                best[stem] = max(each.keyness, best.get(stem, 0.0))
    kept = [each for each in found.values() if each.keyness >= MORE * best.get(each.words, 0.0)]
    ranked = sorted(kept, key=lambda each: (-round(each.keyness, 6), -len(each.words.split()), -len(each.words), each))
    return list(_without_parts(ranked))


def _counts(texts: Iterable[Text], wanted: set[str] | None = None) -> Counter[str]:
    """In how many texts each word, each pair of words and each beginning of several words is."""
    counts = Counter[str]()
    for text in texts:
        here: set[str] = set()
        for words in text:
            here.update(word for word in words if _telling(word))
            here.update(f"{one} {other}" for one, other in pairwise(words) if _worded(one) and _worded(other))
        here |= {stem for word in here if _single(word) for stem in _stems(word)}
        counts.update(here if wanted is None else here & wanted)
    return counts


def _single(words: str) -> bool:
    return " " not in words and not words.endswith("*")


def _stems(word: str) -> Iterator[str]:
    return (f"{word[:end]}*" for end in range(STEM, len(word)))


def _telling(word: str) -> bool:
    return not word.isdecimal() and len(word) > 1


def _worded(word: str) -> bool:
    return not word.isdecimal() and (len(word) > 1 or is_spaceless(word))


def _without_parts(ranked: Iterable[Key]) -> Iterator[Key]:
    whole: dict[str, int] = {}  # words of what was given, with the texts of the widest
    stems: list[str] = []
    for key in ranked:
        parts = key.words.split()
        if any(part.startswith(stem) for part in parts for stem in stems):
            continue
        if key.words.endswith("*"):
            stem = key.words[:-1]
            if not any(each.startswith(stem) for each in (*whole, *stems)):
                stems.append(stem)
                yield key
        elif not (any(part in whole for part in parts) if len(parts) > 1 else whole.get(key.words, -1) >= key.inside):
            whole |= {part: max(key.inside, whole.get(part, 0)) for part in parts}
            yield key
