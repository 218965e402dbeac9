"""The search of the reading room: what it finds, counts and orders, and how it refuses."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.readingroom_corpus import build
from tests.readingroom_visit import Ask, asking, page, titles, words


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with asking(build(tmp_path_factory.mktemp("kolonda") / "corpus")) as asked:
        yield asked


def test_search_finds_folded_words_and_marks_them_as_printed(ask: Ask) -> None:
    found = page(ask("/search?q=PEAGE"))
    assert "Kolonda : qui gagne au péage, qui perd au pont (actualisé)" in titles(found)
    assert {mark.text for mark in found.cssselect(".articles mark")} == {"péage"}


def test_search_counts_what_it_finds(ask: Ask) -> None:
    listed = ask("/search.json?q=fermeture").json()
    assert listed["total"] == len(listed["articles"]) > 5
    assert listed["total_is_exact"]
    assert sum(listed["facets"]["outlet"].values()) == listed["total"]
    assert sum(listed["facets"]["month"].values()) == listed["total"]


def test_facets_narrow_and_a_chosen_facet_still_shows_the_others(ask: Ask) -> None:
    wide = ask("/search.json?q=kolonda").json()
    narrow = ask("/search.json?q=kolonda&outlet=meridian").json()
    assert narrow["total"] == wide["facets"]["outlet"]["meridian"]
    assert narrow["facets"]["outlet"] == wide["facets"]["outlet"]
    assert {each["outlet"] for each in narrow["articles"]} == {"meridian"}
    document = page(ask("/search?q=kolonda&outlet=meridian"))
    assert "/search?q=kolonda" in [a.get("href") for a in document.cssselect(".chosen a")]


def test_an_article_without_a_date_can_be_chosen(ask: Ask) -> None:
    listed = ask("/search.json?month=unknown").json()
    assert [each["published_at"] for each in listed["articles"]] == [None]


def test_what_no_topic_takes_is_out_of_view_until_asked_for(ask: Ask) -> None:
    assert ask("/search.json?q=regate").json()["total"] == 0
    seen = page(ask("/search?q=regate&all=1"))
    assert titles(seen) == ["La régate du dimanche sur le lac"]
    assert "met no topic" in words(seen)


def test_without_words_the_newest_come_first(ask: Ask) -> None:
    days = [each["published_at"] or "" for each in ask("/search.json").json()["articles"]]
    assert days == sorted(days, reverse=True)


def test_days_bound_a_search(ask: Ask) -> None:
    listed = ask("/search.json?since=2023-08-05&until=2023-08-09").json()["articles"]
    assert listed
    assert all("2023-08-05" <= each["published_at"][:10] <= "2023-08-09" for each in listed)


def test_relevance_puts_a_word_in_the_title_first(ask: Ask) -> None:
    best = ask("/search.json?q=archives&sort=relevance").json()["articles"][0]
    assert best["title"] == "Les plans oubliés du pont de Kolonda"


@pytest.mark.parametrize(
    "query",
    [
        'q="open',
        "q=(pont",
        "q=a*",
        "month=2023-13",
        "since=yesterday",
        "page=0",
        "page=99999",
        "sort=price",
        "q=-pont",
    ],
)
def test_a_broken_search_gets_a_sentence(ask: Ask, query: str) -> None:
    answer = page(ask(f"/search?{query}"), status=400)
    sentence = words(answer.cssselect("[role=alert]")[0])
    assert re.match(r"[A-Z'].{20,}\.$", sentence), sentence
    assert "SELECT" not in sentence
    assert ask(f"/search.json?{query}").status_code == 400


@pytest.mark.parametrize(
    "words_typed", ["title:pont", "pont NEAR/2 kolonda", "'; drop table articles --", '"pont" AND', "*"]
)
def test_words_have_no_power_over_the_index(ask: Ask, words_typed: str) -> None:
    assert ask(str(httpx.URL("/search", params={"q": words_typed}))).status_code in (200, 400)
    assert ask("/search.json").json()["total"] == 18


def test_pages_of_a_list_go_on_and_end(ask: Ask) -> None:
    document = page(ask("/search?all=1&q=kolonda OR voiles"))
    assert not document.cssselect(".pages a[rel=prev]")
    beyond = page(ask("/search?q=kolonda&page=3"))
    assert "nothing on page 3" in words(beyond)
