"""The min_score that parts the good from the bad, by labels smoothed over the scores."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.tuning.threshold import at, best, thresholds

LABELS = st.lists(st.tuples(st.integers(0, 12).map(float), st.booleans()), max_size=30)


@given(LABELS, st.dictionaries(st.integers(0, 12).map(float), st.integers(1, 50), min_size=1), st.floats(0, 20))
def test_a_lower_min_score_finds_more_and_errs_more(
    labels: list[tuple[float, bool]], scores: dict[float, int], lost: float
) -> None:
    found = thresholds(labels, scores, lost)
    for higher, lower in pairwise(found):
        assert higher.min_score > lower.min_score
        assert higher.recall <= lower.recall + 1e-9
        assert higher.precision >= lower.precision - 1e-9
    for each in found:
        if each.f1:
            assert each.f1 == pytest.approx(2 * each.precision * each.recall / (each.precision + each.recall))
    chosen = best(found, 3.0)
    assert (chosen is None) == (not found)
    assert chosen is None or chosen.f1 == pytest.approx(max(each.f1 for each in found))


@given(st.dictionaries(st.integers(1, 30).map(float), st.integers(1, 9), min_size=2), st.data())
def test_labels_that_part_cleanly_give_the_score_that_parts(scores: dict[float, int], data: st.DataObject) -> None:
    border = data.draw(st.sampled_from(sorted(scores)))
    found = thresholds([(score, score >= border) for score in scores], scores, 0.0)
    chosen = best(found, 0.0)
    assert chosen is not None
    assert (chosen.min_score, chosen.f1) == (border, 1.0)
    assert at(found, border) == chosen
    assert at(found, max(scores) + 1) is None
