"""Which min_score would serve a topic best, by a few labels and the scores of everything that meets its rule.

How likely an article of some score is relevant is taken from the labels, as a share that never falls as the score
rises (isotonic regression; Ayer et al. 1955, Annals of Mathematical Statistics 26:641-647). From which stratum an
article was drawn does not matter here: at a given score that says nothing more of it.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a min_score would give, estimated."""

    min_score: float
    precision: float
    recall: float
    f1: float


class _Block(NamedTuple):
    """From `score` on, `relevant` of `judged`."""

    score: float
    relevant: int
    judged: int


def thresholds(labels: Iterable[tuple[float, bool]], scores: Mapping[float, float], lost: float) -> list[Threshold]:
    """What each score that is met would give as min_score, the highest first.

    `labels`: score and relevance of judged articles that meet the rule; `scores`: how many articles of the corpus have
    each score; `lost`: relevant articles that do not meet the rule.
    """
    blocks = _rising(labels)
    starts = [block.score for block in blocks]

    def relevant_at(score: float) -> float:
        at = bisect_right(starts, score) - 1
        return blocks[at].relevant / blocks[at].judged if at >= 0 else 0.0

    ranked = sorted(scores, reverse=True)
    right = [relevant_at(score) * scores[score] for score in ranked]
    total = sum(right) + lost
    if not total:
        return []
    found = []
    good = taken = 0.0
    for score, part in zip(ranked, right, strict=True):
        good, taken = good + part, taken + scores[score]
        found.append(Threshold(score, good / taken, min(1.0, good / total), 2 * good / (taken + total)))
    return found


def best(found: Sequence[Threshold], now: float) -> Threshold | None:
    """The one with the highest F1; of equal ones the nearest to the min_score of now."""
    return max(found, key=lambda each: (round(each.f1, 9), -abs(each.min_score - now), -each.min_score), default=None)


def at(found: Sequence[Threshold], min_score: float) -> Threshold | None:
    """What `min_score` gives: the lowest of the scores that reach it."""
    reaching = [each for each in found if each.min_score >= min_score]
    return reaching[-1] if reaching else None


def _rising(labels: Iterable[tuple[float, bool]]) -> list[_Block]:
    """Pools neighbours until the share of relevant ones nowhere falls."""
    judged, relevant = Counter[float](), Counter[float]()
    for score, is_relevant in labels:
        judged[score] += 1
        relevant[score] += is_relevant
    blocks: list[_Block] = []
    for score in sorted(judged):
        blocks.append(_Block(score, relevant[score], judged[score]))
        while len(blocks) > 1 and blocks[-2].relevant * blocks[-1].judged >= blocks[-1].relevant * blocks[-2].judged:
            above = blocks.pop()
            below = blocks.pop()
            blocks.append(_Block(below.score, below.relevant + above.relevant, below.judged + above.judged))
    return blocks
