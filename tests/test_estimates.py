"""Precision, recall and the best min_score from a few judged articles."""

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.tuning.estimates import Judged, estimated, wilson
from archive.tuning.sample import SHARES, Strata, Stratum, draw, shared_out


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share_and_mirrors_that_of_the_others(yes: int, no: int) -> None:
    low, high = wilson(yes, yes + no)
    assert 0 <= low <= high <= 1
    if yes + no:
        assert low <= yes / (yes + no) <= high
    other = wilson(no, yes + no)
    assert (1 - other[1], 1 - other[0]) == (pytest.approx(low), pytest.approx(high))


def test_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


def _population() -> tuple[Strata, dict[str, bool], float]:
    chance = Random(4)  # noqa: S311 (a made-up population)
    rates = {
        Stratum.TAKEN: (300, 0.85),
        Stratum.BELOW: (200, 0.5),
        Stratum.FAR: (200, 0.25),
        Stratum.REJECTED: (800, 0.1),
    }
    articles: dict[Stratum, list[str]] = {}
    truth: dict[str, bool] = {}
    for stratum, (size, rate) in rates.items():
        articles[stratum] = [f"{stratum}-{n}" for n in range(size)]
        truth |= {each: chance.random() < rate for each in articles[stratum]}
    found = sum(truth[each] for each in articles[Stratum.TAKEN])
    return Strata(articles, {}), truth, found / sum(truth.values())


def test_recall_is_met_on_average_and_its_range_holds_the_truth() -> None:
    strata, truth, recall = _population()
    values, held = [], 0
    for seed in range(60):
        judged = [Judged(each.stratum, truth[each.article_id], each.weight) for each in draw(strata, 120, seed)]
        found = estimated(strata.sizes, Stratum.TAKEN, judged).recall
        assert found is not None
        values.append(found.value)
        held += found.low <= recall <= found.high
    assert sum(values) / len(values) == pytest.approx(recall, abs=0.03)
    assert held >= 50


def test_weights_make_up_for_a_stratum_drawn_in_two_measures() -> None:
    # Of the 100 articles half were drawn whole, of the others one in ten; only the second half is relevant
    judged = [Judged("taken", False, 1.0)] * 50 + [Judged("taken", True, 10.0)] * 5
    found = estimated({"taken": 100}, "taken", judged).precision
    assert found is not None
    assert found.value == pytest.approx(0.5)
    assert found.high - found.low > wilson(27, 55)[1] - wilson(27, 55)[0]


def test_what_was_not_judged_makes_recall_unknown() -> None:
    found = estimated({"taken": 3, "rejected": 9}, "taken", [Judged("taken", True)])
    assert found.precision is not None
    assert (found.recall, found.f1, found.best) == (None, None, None)


def test_no_relevant_article_at_all_is_no_recall() -> None:
    found = estimated({"taken": 3}, "taken", [Judged("taken", False, 1.0, 5.0)])
    assert (found.recall, found.best, found.relevant) == (None, None, 0.0)


def test_the_best_min_score_parts_the_good_from_the_bad() -> None:
    judged = [
        *(Judged("taken", True, 1.0, score) for score in (9.0, 8.0, 7.0)),
        *(Judged("taken", False, 1.0, score) for score in (4.0, 4.0, 3.0)),
        Judged("below", True, 1.0, 6.0),
        Judged("below", False, 1.0, 2.0),
    ]
    best = estimated({"taken": 6, "below": 2}, "taken", judged, 3.0).best
    assert best is not None
    assert (best.min_score, best.precision, best.recall, best.f1) == (6.0, 1.0, 1.0, 1.0)


SIZES = st.dictionaries(st.sampled_from(list(Stratum)), st.integers(0, 40), min_size=1)


@given(SIZES, st.integers(1, 90))
def test_a_sample_is_shared_out_whole(sizes: Mapping[Stratum, int], most: int) -> None:
    given_ = shared_out(sizes, most)
    assert sum(given_.values()) == min(most, sum(sizes.values()))
    assert all(given_[stratum] <= size for stratum, size in sizes.items())
    if most >= len(SHARES):
        assert all(given_[stratum] for stratum, size in sizes.items() if size)


@given(SIZES, st.integers(1, 40), st.integers(0, 3))
def test_a_sample_follows_from_its_seed_and_a_larger_one_holds_it(
    sizes: Mapping[Stratum, int], most: int, seed: int
) -> None:
    articles = {stratum: [f"{stratum}-{n}" for n in range(size)] for stratum, size in sizes.items()}
    drawn = draw(Strata(articles, {}), most, seed)
    mixed = Strata({stratum: ids[::-1] for stratum, ids in reversed(articles.items())}, {})
    assert draw(mixed, most, seed) == drawn
    assert {each.article_id for each in drawn} <= {each.article_id for each in draw(mixed, most + 7, seed)}
    for stratum, ids in articles.items():
        assert sum(each.weight for each in drawn if each.stratum is stratum) in (0, pytest.approx(len(ids)))
