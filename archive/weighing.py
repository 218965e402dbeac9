"""What a topic makes of the folded words of an article: a decision, its reason and a score, without places.

The matcher adds the places. Whoever tries a topic on thousands of articles needs none of them, and takes the folded
words from the corpus as they are.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

from archive.mentions import Hit, Occurrences, counted, near
from archive.terms import Form, Lexicon
from archive.topics import Mask, Term, Topic


class Decision(StrEnum):
    MATCH = "match"
    MAYBE = "maybe"  # the rule is met, the score is under the topic's minimum
    REJECT = "reject"
    MANUAL = "manual"  # a person decided


TAKEN = (Decision.MATCH, Decision.MANUAL)  # what brings an article into view, into counts and into releases
STRETCH = 2.0  # times that the score of a short article counts at most


class Weighed(NamedTuple):
    """`reason` as in Match, with the caveat; `hits` are the mentions that counted."""

    decision: Decision
    reason: str
    score: float
    hits: Sequence[Hit] = ()


@dataclass(frozen=True)
class Plan:
    """A topic made ready for matching: the forms of each required concept, and all that explains a match."""

    topic: Topic
    concepts: dict[str, tuple[Form, ...]] = field(repr=False)
    lexicon: Lexicon[Term | Mask] = field(repr=False)


@lru_cache(maxsize=4096)
def plan_of(topic: Topic) -> Plan:
    """The topic made ready; kept, since the same topics meet many batches."""
    written: tuple[Term | Mask, ...] = (*topic.terms, *topic.masks)
    spelt = [(form, each) for each in written for form in each.forms]
    concepts: dict[str, list[Form]] = {name: [] for name in topic.require}
    for form, each in spelt:
        if isinstance(each, Term) and each.concept in concepts:
            concepts[each.concept].append(form)
    return Plan(topic, {name: tuple(forms) for name, forms in concepts.items()}, Lexicon(spelt))


def day_of(published: datetime | date | None) -> date | None:
    """The day on which the window is judged: of a time with a zone the UTC day."""
    if isinstance(published, datetime):
        return published.astimezone(UTC).date() if published.tzinfo else published.date()
    return published


def outside(topic: Topic, outlet: str | None, day: date | None) -> tuple[str | None, str | None]:
    """Why outlet or date refuse a document (None: they do not), and the caveat where the date is unknown."""
    if outlet is not None and ((topic.include is not None and outlet not in topic.include) or outlet in topic.exclude):
        return f"other_outlet: {outlet}", None
    start, end = topic.window_from, topic.window_to
    if start is None and end is None:
        return None, None
    if day is None:
        return None, "date_unknown"
    if (start is not None and day < start) or (end is not None and day > end):
        return f"out_of_window: {day}", None
    return None, None


def refused(topic: Topic, outlet: str | None, day: date | None, missing: Sequence[str]) -> Weighed:
    """Of an article in which the index did not find what the rule asks for: the concepts in `missing`."""
    refusal, caveat = outside(topic, outlet, day)
    if not refusal:
        refusal = f"concept_missing: {', '.join(missing)}" if missing else "rule_not_met"
    return Weighed(Decision.REJECT, f"{refusal}; {caveat}" if caveat else refusal, 0.0)


def weigh(
    topic: Topic, outlet: str | None, day: date | None, language: str | None, found: Sequence[Occurrences]
) -> Weighed:
    """Of an article that meets the rule as far as the index can tell.

    `found`: by field, the words and what the topic's lexicon found in them.
    """
    refusal, caveat = outside(topic, outlet, day)
    if refusal:
        return Weighed(Decision.REJECT, refusal, 0.0)
    hits, masked = counted(found, language)
    total = score(topic, hits, stretch(topic, found))
    decision, reason = _decide(topic, hits, masked, total)
    return Weighed(decision, f"{reason}; {caveat}" if caveat else reason, total, hits)


def _decide(topic: Topic, hits: Sequence[Hit], masked: set[str], total: float) -> tuple[Decision, str]:
    if topic.raw is None:
        mentioned = {hit.term.concept for hit in hits}
        lost = [name for name in topic.require if name not in mentioned]
        if lost:
            # What the index found is gone: masked, or a term of another language.
            code = "masked" if masked.issuperset(lost) else "concept_missing"
            return Decision.REJECT, f"{code}: {', '.join(lost)}"
        if topic.near and not near(hits, topic.require, topic.near):
            return Decision.REJECT, f"not_near: {topic.near} words"
    if total < topic.min_score:
        return Decision.MAYBE, f"below_min_score: {total:g} < {topic.min_score:g}"
    return Decision.MATCH, "rule_met"


class Points(NamedTuple):
    """What the mentions of one term in field number `column` give: weight × min(mentions, cap)."""

    column: int
    term: Term
    mentions: int
    counted: int
    weight: float

    @property
    def sum(self) -> float:
        return self.weight * self.counted


def points(topic: Topic, hits: Iterable[Hit]) -> list[Points]:
    """The summands of the score."""
    weights = (topic.weights.title, topic.weights.lead, topic.weights.body)
    cap = topic.weights.cap_per_term
    counts = Counter((hit.column, hit.term) for hit in hits)
    return [Points(column, term, n, min(n, cap), weights[column]) for (column, term), n in counts.items()]


def score(topic: Topic, hits: Iterable[Hit], factor: float = 1.0) -> float:
    """`factor` × Σ over terms and fields of weight × min(mentions, cap)."""
    return round(factor * sum((each.sum for each in points(topic, hits)), 0.0), 6 if factor == 1.0 else 2)


def stretch(topic: Topic, found: Sequence[Occurrences]) -> float:
    """What the sum is multiplied by: √(per_words / words of the article), and 1 where the topic does not ask for it.

    A long article mentions a little of everything. The factor is 2 at most, so that a stub of a few words, as a
    paywall leaves it, is not taken for one mention.
    """
    per_words = topic.weights.per_words
    if not per_words:
        return 1.0
    return min(STRETCH, sqrt(per_words / max(1, sum(len(words) for words, _ in found))))
