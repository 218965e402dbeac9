"""Words that set some texts apart from others."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.tuning.keyness import keys, log_likelihood


def test_the_log_likelihood_is_known_where_it_is_simple() -> None:
    assert log_likelihood(10, 0, 10, 10) == pytest.approx(40 * log(2))
    assert log_likelihood(3, 30, 10, 100) == pytest.approx(0)
    assert log_likelihood(0, 0, 0, 0) == 0


COUNTS = st.integers(0, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(COUNTS, COUNTS)
def test_the_log_likelihood_is_the_same_from_both_sides(one: tuple[int, int], other: tuple[int, int]) -> None:
    there = log_likelihood(one[0], other[0], one[1], other[1])
    assert there == pytest.approx(log_likelihood(other[0], one[0], other[1], one[1]), abs=1e-9)
    assert there == pytest.approx(log_likelihood(one[1] - one[0], other[1] - other[0], one[1], other[1]), abs=1e-9)
    assert there >= -1e-9


def texts(*sentences: str) -> list[list[list[str]]]:
    return [[sentence.split()] for sentence in sentences]


def test_the_strongest_word_comes_first_and_a_pair_stands_for_its_words() -> None:
    inside = texts(*["the riga kafi works", "a riga kafi helps the nurse", "the nurse and a riga kafi"] * 4)
    outside = texts(*["the ball rolls", "a goal and the whistle", "the riga of a wall", "kafi"] * 4)
    found = keys(inside, outside)
    assert [each.words for each in found][:2] == ["riga kafi", "nurse"]
    assert (found[0].inside, found[0].outside) == (12, 0)
    assert not {"the", "riga", "kafi"} & {each.words for each in found}


def test_a_beginning_that_several_words_share_is_written_as_a_term() -> None:
    inside = texts(*["vaccine", "vaccines", "vaccination", "vaccinated"] * 5)
    outside = texts(*["market", "vaccary", "vacancy", "goal"] * 15)
    found = keys(inside, outside)
    assert [each.words for each in found] == ["vaccin*"]
    assert (found[0].inside, found[0].outside) == (20, 0)
    assert [found[0].is_in(text) for text in (" a vaccine ", " vaccary ", " a  vaccin ")] == [True, False, True]


def test_a_word_of_two_texts_and_a_number_tell_nothing() -> None:
    inside = texts(*["2023 rare", "2023 rare", *["2023"] * 20])
    assert keys(inside, texts(*["plain"] * 40)) == []


def test_where_no_spaces_are_two_characters_are_a_word() -> None:
    found = keys(texts(*["今 天 疫 苗", "新 疫 苗 好"] * 9), texts(*["今 天 足 球", "新 足 球 好"] * 9))
    assert [each.words for each in found][:1] == ["疫 苗"]
