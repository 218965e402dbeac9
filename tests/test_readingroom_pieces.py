"""Marked words, differences, timelines and citations, by themselves."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from archive.queries import read_query
from archive.readingroom import timeline, words
from archive.readingroom.citations import Source, bibtex, line, ris
from archive.readingroom.curve import curve
from archive.readingroom.diff import by_paragraph, by_word
from archive.readingroom.ink import Span, marked, set_text, shorten
from archive.readingroom.snippets import passages, places, snippet
from archive.tuning.estimates import Threshold

letters = st.text(st.sampled_from("abé .,\n<&\"'"), max_size=40)
texts = st.lists(st.text(st.sampled_from("abc é.\n"), max_size=20), max_size=6).map("\n\n".join)


@settings(deadline=None)
@given(letters, st.lists(st.tuples(st.integers(0, 45), st.integers(0, 45)), max_size=5))
def test_marking_changes_no_letter(text: str, pairs: list[tuple[int, int]]) -> None:
    spans = [Span(min(pair), max(pair), "hit", "why") for pair in pairs]
    shown = html.fragment_fromstring(f"<div>{marked(text, spans)}</div>")
    assert shown.text_content() == text
    covered = "".join(mark.text_content() for mark in shown.iter("mark"))
    assert len(covered) == len({n for span in spans for n in range(span.start, min(span.end, len(text)))})


def test_spans_count_in_the_whole_text() -> None:
    blocks = set_text("One bridge.\n\nTwo bridges.", [Span(4, 10), Span(17, 24)])
    assert [str(block) for _, block in blocks] == [
        'One <mark class="hit">bridge</mark>.',
        'Two <mark class="hit">bridges</mark>.',
    ]


@settings(deadline=None)
@given(texts, texts)
def test_a_difference_gives_both_texts_back(old: str, new: str) -> None:
    pieces = list(by_word(old, new))
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == new


@settings(deadline=None)
@given(texts, texts)
def test_no_paragraph_is_lost_between_versions(old: str, new: str) -> None:
    def side(without: str) -> list[str]:
        blocks: list[str] = []
        for passage in by_paragraph(old, new):
            blocks += passage.folded
            text = "".join(piece.text for piece in passage.pieces if piece.kind != without)
            blocks += [text] if text else []
        return blocks

    assert side("new") == [block for block in old.split("\n\n") if block.strip()]
    assert side("gone") == [block for block in new.split("\n\n") if block.strip()]


def test_long_unchanged_runs_are_folded() -> None:
    blocks = [f"paragraph {n}" for n in range(12)]
    changed = [*blocks[:6], "something else", *blocks[7:]]
    passages = list(by_paragraph("\n\n".join(blocks), "\n\n".join(changed)))
    assert [len(passage.folded) for passage in passages] == [5, 0, 0, 0, 4]


def test_a_snippet_shows_where_the_words_are() -> None:
    text = "Nothing here. " * 60 + "Le péage de l’État rapporte. " + "Nothing there. " * 60
    asked_for = read_query("peage etat")
    shown = snippet(text, places(asked_for, text))
    assert str(shown).startswith("… ")
    assert re.findall(r"<mark[^>]*>([^<]+)", str(shown)) == ["péage", "État"]
    assert len(shown.striptags()) < 320
    assert str(snippet("Short.", [])) == "Short."


def test_months_between_are_gaps() -> None:
    chart = timeline.months({"2022-11": 3, "2023-02": 61, "": 9}, lambda key: f"?month={key}", "2023-02")
    assert chart is not None
    assert [bar.key for bar in chart.bars] == ["2022-11", "2022-12", "2023-01", "2023-02"]
    assert [bar.gap for bar in chart.bars] == [False, True, True, False]
    assert chart.gaps == ("December 2022", "January 2023")
    assert [bar.href for bar in chart.bars if bar.chosen] == ["?month=2023-02"]
    assert timeline.months({"": 4}, str) is None


@settings(deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(1990, 2040), st.integers(1, 12)).map(lambda pair: f"{pair[0]}-{pair[1]:02}"),
        st.integers(0, 10**6),
        max_size=6,
    )
)
def test_bars_stay_in_their_frame(counts: dict[str, int]) -> None:
    chart = timeline.months(counts, str)
    for bar in chart.bars if chart else ():
        assert 0 <= bar.y <= chart.base + 0.01
        assert chart.left <= bar.x
        assert bar.x + bar.width <= chart.right + 0.01


SOURCE = Source(
    id="a-2023-08-04-50-of-it",
    title="50 % of {it} & more_\\",
    outlet="Le Rivage",
    authors=(("Mireille Imaginaire", "person"), ("Agence du Fleuve", "agency")),
    published="2023-08-04",
    captured="2023-09-30",
    url="https://rivage.example/a{b}",
    here="https://room.example/article/a",
    language="fr",
    standfirst=None,
)


def test_bibtex_keeps_its_braces_in_pairs() -> None:
    entry = bibtex(SOURCE)
    assert entry.count("{") == entry.count("}")
    assert r"title = {{50 \% of \textbraceleft{}it\textbraceright{} \& more\_\textbackslash{}}}," in entry
    assert "author = {Mireille Imaginaire and {Agence du Fleuve}}," in entry
    assert "url = {https://rivage.example/a%7Bb%7D}," in entry


def test_a_citation_reads_as_a_line() -> None:
    assert " ".join(line(SOURCE)).startswith(
        "Mireille Imaginaire & Agence du Fleuve. (4 August 2023). 50 % of {it} & more_\\. Le Rivage."
    )


def test_ris_has_one_tag_a_line() -> None:
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", each) for each in ris(SOURCE).splitlines())


@pytest.mark.parametrize(
    ("stamp", "said"),
    [
        ("2023-08-04T07:32:00Z", "4 August 2023, 07:32 UTC"),
        ("2023-08-04", "4 August 2023"),
        (None, "date unknown"),
        ("soon", "soon"),
    ],
)
def test_times_in_words(stamp: str | None, said: str) -> None:
    assert words.moment(stamp) == said


def test_codes_become_words() -> None:
    assert words.because("bridge-2023: no_term_in_summary") == "bridge-2023: no word of the topic in title and summary"
    assert words.because("status 503") == "status 503"


def test_every_outcome_has_its_words() -> None:
    from archive.model import Outcome

    assert set(words.OUTCOMES) == {*Outcome, "waiting"}


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(10, 200))
def test_shortened_text_is_short(text: str, most: int) -> None:
    assert len(shorten(text, most)) <= most
    assert "\n" not in shorten(text, most)


@settings(deadline=None)
@given(texts, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=6))
def test_passages_show_each_mention_once_and_as_it_was_printed(text: str, pairs: list[tuple[int, int]]) -> None:
    spans = [Span(at, min(at + length, len(text))) for at, length in pairs if at < len(text)]
    found = list(passages(text, spans))
    assert sum(len(each.spans) for each in found) == len(spans)
    for each in found:
        shown = html.fragment_fromstring(f"<div>{each.shown}</div>")
        words_shown = shown.text_content().removeprefix("… ").removesuffix(" …")
        assert words_shown in text.replace("\n", " ")
        marked_words = "".join(mark.text_content() for mark in shown.iter("mark"))
        covered = sorted({n for span in each.spans for n in range(span.start, span.end)})
        assert marked_words == "".join(text[n] for n in covered).replace("\n", " ")


def test_mentions_far_apart_are_passages_of_their_own() -> None:
    text = "bac " + "mot " * 100 + "bac bac " + "mot " * 100
    found = list(passages(text, [Span(0, 3), Span(404, 407), Span(408, 411)]))
    assert [len(each.spans) for each in found] == [1, 2]
    assert str(found[1].shown).count("<mark") == 2
    assert len(list(passages("bac " * 1000, [Span(n * 4, n * 4 + 3) for n in range(1000)]))) == 10


def test_the_curve_steps_at_the_scores_that_were_met() -> None:
    assert curve([], 1.0, None) is None
    assert curve([Threshold(4.0, 1.0, 1.0, 1.0)], 1.0, None) is None
    drawn = curve([Threshold(4.0, 1.0, 0.5, 0.67), Threshold(2.0, 0.5, 1.0, 0.67)], 2.0, 9.0)
    assert drawn is not None
    left, right = drawn.left, drawn.right
    middle = (left + right) / 2
    assert drawn.precision == f"M{left} {drawn.up[1].at}H{middle}V {drawn.up[2].at}H{right}"
    assert drawn.recall == f"M{left} {drawn.up[2].at}H{middle}V {drawn.up[1].at}H{right}"
    assert (drawn.now, drawn.best) == (middle, None)
    many = curve([Threshold(float(n), 0.5, 0.5, 0.5) for n in range(1, 5000)], 10.0, 1234.0)
    assert many is not None
    assert len(many.steps) < 150
    assert 1234.0 in {each.min_score for each in many.steps}
    assert many.steps[-1].min_score == 4999.0
