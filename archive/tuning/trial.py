"""A topic tried on the corpus: what it takes, what it gains and loses against another version, and on what that hangs.

Nothing is written. What people said of an article is left out of account here: it stands whatever the version.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import unquote

from archive.matching import prefilter
from archive.mentions import Occurrences
from archive.model import Lead
from archive.norm import norm
from archive.topics import Term, Topic
from archive.tuning.census import Known, Progress, Seen, seen_by
from archive.weighing import Decision, Weighed, plan_of, points, stretch, weigh

ROUNDING = 0.01  # of scores, at most


@dataclass(frozen=True, slots=True)
class Change:
    """An article that a version gains or loses.

    `term` decides: one that the other version has not, else the one that gives most; None where no term counted.
    `why`: why the version that does not take it refuses it.
    """

    article: Known
    score: float
    term: Term | None
    why: str


class LeadChange(NamedTuple):
    """A lead that was rejected and that the version would fetch; `why` as its prefilter says."""

    lead: Lead
    why: str


@dataclass(slots=True)
class Trial:
    """`kept`, `gained`, `lost`: articles; without another version everything taken is gained.

    `maybe`: articles that meet the rule and stay under min_score. `hanging`: by term, the articles that are taken and
    would not be if that term alone were left out; `alone`: articles that hang on some term.
    """

    kept: int = 0
    maybe: int = 0
    gained: list[Change] = field(default_factory=list)
    lost: list[Change] = field(default_factory=list)
    hanging: Counter[Term] = field(default_factory=Counter)
    alone: int = 0
    examples: dict[Term, Known] = field(default_factory=dict)  # for each term that something hangs on, one article

    @property
    def taken(self) -> int:
        return self.kept + len(self.gained)


def tried(
    connection: sqlite3.Connection, topic: Topic, against: Topic | None = None, progress: Progress | None = None
) -> Trial:
    """The topic against another version of it, over every article of the corpus."""
    trial = Trial()
    topics = (topic,) if against is None else (topic, against)
    ours, theirs = set(topic.terms), set(against.terms) if against else set()
    for seen in seen_by(connection, topics, progress):
        new, old = seen.weighed[0], seen.weighed[1] if against else None
        takes, took = _takes(new), _takes(old)
        if takes and took:
            trial.kept += 1
        elif takes and new is not None:
            why = (old.reason if old else "rule_not_met") if against else "no version before"
            trial.gained.append(Change(seen.article, new.score, _deciding(topic, new, theirs), why))
        elif took and old is not None and against is not None:
            why = new.reason if new else "rule_not_met"
            trial.lost.append(Change(seen.article, old.score, _deciding(against, old, ours), why))
        trial.maybe += new is not None and new.decision is Decision.MAYBE
        if takes:
            _hang(trial, topic, seen)
    trial.gained.sort(key=_order)
    trial.lost.sort(key=_order)
    return trial


def rejected_leads(leads: Iterable[Lead], topic: Topic) -> list[LeadChange]:
    """Those of the rejected leads that the topic would have fetched."""
    found = []
    lexicon, idle = plan_of(topic).lexicon, set[str]()
    for lead in leads:
        said = f"{lead.title or ''} {lead.summary or ''}".strip()
        # Most leads hold no word of the topic: that is told more cheaply than where such words stand
        if topic.prefilter == "summary" and topic.require and norm(said):
            words = set(norm(f"{said} {unquote(lead.url)}").split()) - idle
            opening = {word for word in words if lexicon.opens(word)}
            idle |= words - opening
            if not opening:
                continue
        keep, why = prefilter(topic, lead)
        if keep:
            found.append(LeadChange(lead, why))
    return found


def hangs_on(topic: Topic, article: Known, weighed: Weighed, found: Sequence[Occurrences]) -> list[Term]:
    """The terms without any one of which the topic would not take the article."""
    gains = _gains(topic, weighed)
    concepts = Counter(term.concept for term in gains)
    whole, factor = sum(gains.values()), stretch(topic, found)

    def stays(term: Term) -> bool:
        # A mention that goes may uncover a shorter one, which only adds: so mostly the whole need not be weighed again
        enough = factor * (whole - gains[term]) >= topic.min_score + ROUNDING
        if enough and not topic.near and (concepts[term.concept] > 1 or term.concept not in topic.require):
            return True
        less = [(words, [each for each in occurrences if each[2] != term]) for words, occurrences in found]
        return _takes(weigh(topic, article.outlet, article.day, article.language, less))

    return [term for term in gains if not stays(term)]


def _hang(trial: Trial, topic: Topic, seen: Seen) -> None:
    weighed = seen.weighed[0]
    assert weighed is not None  # noqa: S101 (it is taken)
    terms = hangs_on(topic, seen.article, weighed, seen.found[0])
    trial.hanging.update(terms)
    trial.alone += bool(terms)
    for term in terms:
        trial.examples.setdefault(term, seen.article)


def _takes(weighed: Weighed | None) -> bool:
    return weighed is not None and weighed.decision is Decision.MATCH


def _deciding(topic: Topic, weighed: Weighed, others: set[Term]) -> Term | None:
    gains = _gains(topic, weighed)
    return max(gains, key=lambda term: (term not in others, gains[term]), default=None)


def _gains(topic: Topic, weighed: Weighed) -> dict[Term, float]:
    """By term what it gives to the score, before the article's length counts."""
    gains: dict[Term, float] = {}
    for each in points(topic, weighed.hits):
        gains[each.term] = gains.get(each.term, 0.0) + each.sum
    return gains


def _order(change: Change) -> tuple[float, str]:
    return -change.score, change.article.id
