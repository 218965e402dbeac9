"""Which other weights would serve a topic better, by the labels: each is tried with the min_score that suits it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.topics import Topic, Weights
from archive.tuning.estimates import Judged, stands_for
from archive.tuning.looks import Look
from archive.tuning.sample import Stratum
from archive.tuning.threshold import Threshold, best, thresholds
from archive.weighing import score, stretch

GAIN = 0.02  # of F1, under which a change is not worth to be told: so much the labels err by themselves
_LENGTHS = (0, 500)  # per_words
_CAPS = (1, 3, 5, 10)  # cap_per_term
_TITLES = (1.0, 2.0)  # times the title's weight


@dataclass(frozen=True, slots=True)
class Setting:
    """Weights, what they would give at their best min_score, and what the topic's own give at theirs."""

    weights: Weights
    best: Threshold
    now: Threshold


def better(topic: Topic, sizes: Mapping[str, int], looks: Sequence[Look]) -> Setting | None:
    """The setting with the highest F1, where that is higher by GAIN than what the topic's own weights can give.

    None: there is none, or the labels say too little.
    """
    drawn = [each for each in looks if each.said is not None and each.weight]
    if not all(any(each.stratum.value == stratum for each in drawn) for stratum, size in sizes.items() if size):
        return None
    judged = [Judged(each.stratum.value, each.said is True, each.weight or 0.0) for each in drawn]
    lost = sum(
        weight
        for each, weight in zip(drawn, stands_for(sizes, judged), strict=True)
        if each.said and each.stratum is Stratum.REJECTED
    )
    now = _tried(topic, looks, lost)
    if now is None:
        return None
    found = [
        Setting(weights, gives, now)
        for weights in _others(topic.weights)
        if (gives := _tried(replace(topic, weights=weights), looks, lost)) and gives.f1 >= now.f1 + GAIN
    ]
    return min(found, key=lambda each: (-round(each.best.f1, 6), _changes(topic.weights, each.weights)), default=None)


def _others(weights: Weights) -> Iterator[Weights]:
    for per_words in sorted({weights.per_words, *_LENGTHS}):
        for cap in sorted({weights.cap_per_term, *_CAPS}):
            for times in _TITLES:
                yield replace(weights, per_words=per_words, cap_per_term=cap, title=weights.title * times)


def _tried(topic: Topic, looks: Sequence[Look], lost: float) -> Threshold | None:
    scores: defaultdict[float, float] = defaultdict(float)
    labels = []
    for each in looks:
        if each.stratum is not Stratum.REJECTED:
            reached = score(topic, each.hits, stretch(topic, each.fields))
            scores[reached] += each.share
            if each.said is not None and each.weight:
                labels.append((reached, each.said))
    return best(thresholds(labels, scores, lost), topic.min_score)


def _changes(ours: Weights, theirs: Weights) -> tuple[int, int]:
    """Of settings that serve alike the one that changes least is the best."""
    caps = abs(ours.cap_per_term - theirs.cap_per_term)
    return (ours.per_words != theirs.per_words) + bool(caps) + (ours.title != theirs.title), caps
