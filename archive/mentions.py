"""Mentions of a topic's terms in folded words: which of them count.

A masked phrase hides the words it covers. Of mentions of one concept that overlap, the longest stays: "coup"
inside "coup d'État" is not a second mention.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from archive.terms import Lexicon
from archive.topics import Mask, Term


class Hit(NamedTuple):
    """A mention by words: `start` to `end` (not included) of the folded words of field number `column`."""

    column: int
    start: int
    end: int
    term: Term


# The folded words of a field, and what a lexicon found in them: first word, word after the last, what it is
Occurrences = tuple[Sequence[str], Sequence[tuple[int, int, Term | Mask]]]


def mentions(
    lexicon: Lexicon[Term | Mask], fields: Sequence[Sequence[str]], language: str | None
) -> tuple[list[Hit], set[str]]:
    """The mentions that count in the folded words of each field, and the concepts that lost some to a mask.

    `language` is the document's; None: a term that is kept to its language counts all the same.
    """
    return counted([(words, list(lexicon.find(words))) for words in fields], language)


def counted(fields: Sequence[Occurrences], language: str | None) -> tuple[list[Hit], set[str]]:
    """As `mentions`, of what was found already."""
    counting: list[Hit] = []
    masked: set[str] = set()
    for column, (words, occurrences) in enumerate(fields):
        hits: dict[str, list[Hit]] = {}
        covered: dict[str | None, set[int]] = {}
        for start, end, entry in occurrences:
            if isinstance(entry, Mask):
                covered.setdefault(entry.concept, set()).update(range(start, end))
            elif not entry.only_in or language is None or same_language(language, entry.language):
                hits.setdefault(entry.concept, []).append(Hit(column, start, end, entry))
        for concept, found in hits.items():
            hidden = covered.get(concept, set()) | covered.get(None, set())
            free = [hit for hit in found if hidden.isdisjoint(range(hit.start, hit.end))]
            if len(free) < len(found):
                masked.add(concept)
            counting += _longest_first(free, words, language)
    return sorted(counting, key=lambda hit: hit[:3]), masked


def _longest_first(hits: Iterable[Hit], words: Sequence[str], language: str | None) -> Iterator[Hit]:
    """Of equal mentions that in the document's language stays, else the one written first in the topic."""
    taken: set[int] = set()
    in_order = sorted(hits, key=_start)
    if all(one.end <= other.start for one, other in pairwise(in_order)):
        yield from in_order
        return

    def rank(hit: Hit) -> tuple[int, int, int, bool]:
        letters = sum(map(len, words[hit.start : hit.end]))
        foreign = language is None or not same_language(language, hit.term.language)
        return hit.start - hit.end, -letters, hit.start, foreign

    for hit in sorted(in_order, key=rank):
        place = range(hit.start, hit.end)
        if taken.isdisjoint(place):
            taken.update(place)
            yield hit


def _start(hit: Hit) -> int:
    return hit.start


def near(hits: Iterable[Hit], concepts: Sequence[str], words: int) -> bool:
    """Is there one mention of each concept in one field, so that at most `words` words lie between them?

    As FTS5's NEAR has it: between the end of each and the start of the last.
    """
    starts: dict[tuple[int, str], list[int]] = defaultdict(list)
    ends: dict[tuple[int, str], list[int]] = defaultdict(list)
    ordered = sorted(hits, key=lambda hit: hit.start)
    for hit in ordered:
        starts[hit.column, hit.term.concept].append(hit.start)
        ends[hit.column, hit.term.concept].append(hit.end)

    def reaches(concept: str, last: Hit) -> bool:
        key = last.column, concept
        at = bisect_right(starts[key], last.start)
        return at > 0 and last.start - ends[key][at - 1] <= words

    return any(all(reaches(concept, last) for concept in concepts) for last in ordered)


def same_language(one: str, other: str) -> bool:
    """Are two language tags of one language? Regions do not matter."""
    return one.lower().partition("-")[0] == other.lower().partition("-")[0]
