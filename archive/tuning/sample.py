"""Which articles a person judges: some from each stratum, chosen by a seed alone.

An article's place in the drawing follows from the seed and its id. So a sample can be gone on with on another day, a
larger one holds the smaller one, and an article that came meanwhile takes its place among the others.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from archive.topics import Topic
from archive.tuning.census import Progress, admitted, seen_by
from archive.weighing import Decision, Weighed


class Stratum(StrEnum):
    TAKEN = "taken"  # the rule is met and the score reaches min_score
    BELOW = "below"  # … and it reaches half of min_score
    FAR = "far"  # … and it does not
    REJECTED = "rejected"  # the rule is not met

    @classmethod
    def of(cls, topic: Topic, weighed: Weighed | None) -> "Stratum":
        """The stratum of an article that the topic's window and outlets let in."""
        if weighed is None or weighed.decision is Decision.REJECT:
            return cls.REJECTED
        if weighed.decision is Decision.MATCH:
            return cls.TAKEN
        return cls.BELOW if weighed.score * 2 >= topic.min_score else cls.FAR


# How a sample is shared out; a stratum that holds fewer leaves the rest to the others
SHARES = {Stratum.TAKEN: 5, Stratum.BELOW: 3, Stratum.FAR: 2, Stratum.REJECTED: 2}


@dataclass(frozen=True)
class Strata:
    """The articles that window and outlets let in, by stratum; `scores` of those that meet the rule, by id."""

    articles: Mapping[Stratum, Sequence[str]]
    scores: Mapping[str, float]

    @property
    def sizes(self) -> dict[str, int]:
        return {stratum.value: len(ids) for stratum, ids in self.articles.items()}

    @cached_property
    def of(self) -> Mapping[str, Stratum]:
        """The stratum of each article."""
        return {article_id: stratum for stratum, ids in self.articles.items() for article_id in ids}


@dataclass(frozen=True, slots=True)
class Drawn:
    """An article to judge. `weight`: for how many of its stratum it stands."""

    article_id: str
    stratum: Stratum
    weight: float
    score: float | None


def strata_of(connection: sqlite3.Connection, topic: Topic, progress: Progress | None = None) -> Strata:
    """The corpus parted by what the topic makes of it."""
    placed: dict[str, Stratum] = {}
    scores: dict[str, float] = {}
    for seen in seen_by(connection, [topic], progress):
        weighed = seen.weighed[0]
        stratum = placed[seen.article.id] = Stratum.of(topic, weighed)
        if weighed is not None and stratum is not Stratum.REJECTED:
            scores[seen.article.id] = weighed.score
    found: dict[Stratum, list[str]] = {stratum: [] for stratum in Stratum}
    for article_id in admitted(connection, topic):
        found[placed.get(article_id, Stratum.REJECTED)].append(article_id)
    return Strata(found, scores)


def draw(strata: Strata, most: int, seed: int = 0) -> list[Drawn]:
    """Up to `most` articles, in an order that does not tell their stratum."""
    numbers = shared_out({stratum: len(ids) for stratum, ids in strata.articles.items()}, most)
    found = [
        Drawn(article_id, stratum, len(strata.articles[stratum]) / number, strata.scores.get(article_id))
        for stratum, number in numbers.items()
        for article_id in sorted(strata.articles[stratum], key=lambda each: _lot(seed, each))[:number]
    ]
    return sorted(found, key=lambda each: _lot(seed, each.article_id))


def shared_out(sizes: Mapping[Stratum, int], most: int) -> dict[Stratum, int]:
    """How many of `most` each stratum gets: by SHARES, at least one each where there is room, none more than it has."""
    given = {stratum: 0 for stratum in SHARES if stratum in sizes}
    for _ in range(min(most, sum(sizes.values()))):
        open_ = [stratum for stratum in given if given[stratum] < sizes[stratum]]
        given[min(open_, key=lambda each: (given[each] + 0.5) / SHARES[each] if given[each] else -SHARES[each])] += 1
    return given


def _lot(seed: int, article_id: str) -> bytes:
    return sha256(f"{seed}\n{article_id}".encode()).digest()
