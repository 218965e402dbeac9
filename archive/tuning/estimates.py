"""How good a topic is, from a few judged articles: precision, recall, and the min_score that would serve best.

The corpus is parted into strata; from each some articles were drawn at random and judged. Each of them stands for
`weight` articles of its stratum.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random
from statistics import NormalDist
from typing import NamedTuple

from archive.tuning.threshold import Threshold, at, best, thresholds

CONFIDENCE = 0.95
DRAWS = 2000


class Judged(NamedTuple):
    """One judged article. `score` is None where the rule is not met: no min_score takes it."""

    stratum: str
    relevant: bool
    weight: float = 1.0
    score: float | None = None


class Range(NamedTuple):
    """An estimate with the limits between which the true value lies with 95 % confidence; all 0 to 1."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """None: unknown, since a stratum that holds articles has no judged one. `f1` belongs to precision and recall.

    `best`: the min_score with the highest F1, `now`: that of the topic; both by the labels smoothed over the scores, so
    that they may be compared with each other. `curve`: what each score that is met would give as min_score, the highest
    first. `relevant`: how many relevant articles the corpus holds.
    """

    precision: Range | None
    recall: Range | None
    f1: float | None
    relevant: float | None
    best: Threshold | None
    curve: tuple[Threshold, ...] = ()
    now: Threshold | None = None


def wilson(successes: float, trials: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927, JASA 22:209-212), without continuity correction.

    Raises ValueError where `successes` are not within 0 and `trials`. Of no trials nothing is known: (0, 1).
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no share")
    if trials == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    low = 0.0 if successes == 0 else max(0.0, (centre - spread) / scale)
    high = 1.0 if successes == trials else min(1.0, (centre + spread) / scale)
    return low, high


class _Share(NamedTuple):
    """The share of relevant ones in a stratum; `trials` is Kish's effective number where weights differ."""

    value: float
    trials: float


def estimated(
    sizes: Mapping[str, int],
    taken: str,
    judged: Iterable[Judged],
    min_score: float = 0.0,
    scores: Iterable[float] | None = None,
) -> Estimate:
    """`sizes`: articles by stratum; `taken`: the stratum that the topic takes; `scores`: of every article that meets
    the rule, None: those of the judged ones stand for them."""
    judged = [each for each in judged if sizes.get(each.stratum)]
    shares = {stratum: _share([each for each in judged if each.stratum == stratum]) for stratum in sizes}
    precision = None
    if (share := shares.get(taken)) is not None:
        precision = Range(share.value, *wilson(share.value * share.trials, share.trials))
    known = {stratum: share for stratum, share in shares.items() if share is not None}
    if any(size and shares[stratum] is None for stratum, size in sizes.items()):
        return Estimate(precision, None, None, None, None)
    relevant = {stratum: sizes[stratum] * share.value for stratum, share in known.items()}
    total = sum(relevant.values())
    recall = _recall(sizes, taken, known, relevant.get(taken, 0.0), total) if total else None
    f1 = _f1(precision.value, recall.value) if precision and recall else None
    found = _thresholds(sizes, judged, scores)
    return Estimate(precision, recall, f1, total, best(found, min_score), tuple(found), at(found, min_score))


def _share(judged: Sequence[Judged]) -> _Share | None:
    weights = sum(each.weight for each in judged)
    if not weights:
        return None
    value = sum(each.weight for each in judged if each.relevant) / weights
    return _Share(min(1.0, value), weights * weights / sum(each.weight**2 for each in judged))


def _recall(sizes: Mapping[str, int], taken: str, shares: Mapping[str, _Share], found: float, total: float) -> Range:
    """The limits come from each stratum's share drawn again and again from what is known of it: the Beta distribution
    that follows from Jeffreys' prior. So a stratum in which nothing relevant was met still widens them."""
    chance = Random(0)  # noqa: S311 (no secret: the same labels give the same limits)
    drawn = []
    for _ in range(DRAWS):
        missed = got = 0.0
        for stratum, share in shares.items():
            yes = share.value * share.trials
            part = sizes[stratum] * chance.betavariate(yes + 0.5, share.trials - yes + 0.5)
            got, missed = (got + part, missed) if stratum == taken else (got, missed + part)
        drawn.append(got / (got + missed) if got + missed else 0.0)
    drawn.sort()
    tail = round(DRAWS * (1 - CONFIDENCE) / 2)
    value = found / total
    return Range(value, min(value, drawn[tail]), max(value, drawn[-tail - 1]))


def stands_for(sizes: Mapping[str, int], judged: Sequence[Judged]) -> list[float]:
    """For how many articles of the corpus as it is now each judged one stands."""
    weights: dict[str, float] = {}
    for each in judged:
        weights[each.stratum] = weights.get(each.stratum, 0.0) + each.weight
    return [sizes[each.stratum] * each.weight / weights[each.stratum] for each in judged]


def _thresholds(sizes: Mapping[str, int], judged: Sequence[Judged], scores: Iterable[float] | None) -> list[Threshold]:
    labels: list[tuple[float, bool]] = []
    met: dict[float, float] = {}
    lost = 0.0
    for each, weight in zip(judged, stands_for(sizes, judged), strict=True):
        if each.score is None:
            lost += weight * each.relevant
        else:
            labels.append((each.score, each.relevant))
            met[each.score] = met.get(each.score, 0.0) + weight
    return thresholds(labels, met if scores is None else Counter(scores), lost)


class Quality(NamedTuple):
    """Of some rule, estimated."""

    precision: float
    recall: float
    f1: float


def scored(judged: Iterable[tuple[float, bool, bool]]) -> Quality | None:
    """Of judged articles as (for how many it stands, is it relevant, is it taken). None: no relevant one is known."""
    right = wrong = missed = 0.0
    for weight, relevant, taken in judged:
        right += weight * (relevant and taken)
        wrong += weight * (taken and not relevant)
        missed += weight * (relevant and not taken)
    if not right + missed:
        return None
    precision, recall = right / (right + wrong) if right + wrong else 0.0, right / (right + missed)
    return Quality(precision, recall, _f1(precision, recall))


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
