"""The kicker above a headline, its section where only the page shows it, and the headline itself. All invented."""

import pytest

from spiders.kit import titles
from spiders.kit.page import Page

PROSE = "<p>" + "An invented sentence that is long enough to be the text of this invented report. " * 6 + "</p>"


def page(above: str, meta: str = "") -> Page:
    return Page(
        f"<html lang='en'><head><title>A story of soldiers - The Paper</title>{meta}</head><body><article>"
        f"<header>{above}<h1>A story of soldiers</h1></header>{PROSE}</article></body></html>",
        url="https://paper.example/a-story",
    )


@pytest.mark.parametrize(
    ("above", "kicker"),
    [
        ("<a href='/niger'>Niger</a>", "Niger"),
        ("<p class='kicker'>Coup in Niger</p>", "Coup in Niger"),
        ("<div class='article-overline'><span>Reportage</span></div>", "Reportage"),
        ("<p>Niger</p>", None),  # nothing says that it is a label
        ("<a href='/subscribe'>Subscriber only</a>", None),
        ("<a href='/news'>News</a>", None),
        ("<a href='#'>A story of soldiers</a>", None),
        ("<a href='#'>4 August 2023</a>", None),
        ("", None),
    ],
)
def test_the_kicker_is_the_label_above_the_headline(above: str, kicker: str | None) -> None:
    assert page(above).kicker() == kicker


def test_the_section_is_no_kicker() -> None:
    section = '<meta property="article:section" content="Politics">'
    assert page("<a href='/politics'>Politics</a>", section).kicker() is None


def test_the_section_of_the_breadcrumbs_that_readers_see() -> None:
    trail = (
        "<nav class='breadcrumbs'><a href='/'>Home</a> <a href='/politics'>Politics</a> "
        "<a href='#'>A story of soldiers</a></nav>"
    )
    assert page(trail).section() == "Politics"
    assert page(trail, '<meta property="article:section" content="World">').section() == "World"


@pytest.mark.parametrize(
    ("headings", "said", "title"),
    [
        (
            ["Opinion\nLet soldiers be soldiers"],
            ["", "Opinion | Let soldiers be soldiers | Editorial"],
            "Let soldiers be soldiers",
        ),
        (
            ["Business Monday", "From barracks to market"],
            ["From barracks to the market: a road | The Paper"],
            "From barracks to market",
        ),
        (["PAPER", "架空の兵士の話"], ["架空の兵士の話を読む | 架空新聞"], "架空の兵士の話"),
    ],
)
def test_a_headline_among_headings_and_labels(headings: list[str], said: list[str], title: str) -> None:
    assert titles.headline(headings, said, ["The Paper"])[0] == title


def test_words_of_a_heading_do_not_grow_together() -> None:
    found = Page(
        "<html><head><title>Soldiers march: The story of a road</title></head>"
        "<body><h1><span>Soldiers march</span>The story of a road</h1></body></html>",
        url="https://paper.example/a-story",
    )
    assert found.title() == "Soldiers march The story of a road"
