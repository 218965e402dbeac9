"""The kicker above a headline, its section where only the page shows it, and the headline itself. All invented."""

import json

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
    "above",
    [
        "<ul class='td-category'><li class='entry-category'><a href='/category/transport/'>Transport</a></li></ul>",
        "<span class='cat-links'><a href='/c/transport' rel='category tag'>Transport</a></span>",
        "<a class='post-cat' href='/c/transport'>Transport</a>",
        "<div><a href='/c/u' rel='category'>Uncategorized</a> <a href='/c/t' rel='category'>Transport</a></div>",
        "<div class='kategori'><a href='/kategori/transport'>Transport</a></div>",
    ],
)
def test_the_section_is_the_category_beside_the_headline(above: str) -> None:
    assert page(above).section() == "Transport"
    assert page(above).kicker() is None


@pytest.mark.parametrize(
    "above",
    [
        "<ul class='category'>" + "".join(f"<li><a href='/{n}'>Part {n}</a></li>" for n in range(12)) + "</ul>",
        "<nav class='category'><a href='/x'>Transport</a></nav>",
        "<div class='category'><a href='/x'>A story of soldiers</a></div>",
        "<div class='category'>Transport</div>",
    ],
)
def test_a_menu_is_no_section(above: str) -> None:
    assert page(above).section() is None


def test_the_heading_wins_where_the_metadata_contradict_themselves() -> None:
    heading = "Old bridge to be rebuilt before the rains"
    said = ["", "You won’t believe what the town did", "What we know of the vote | The Paper"]
    assert titles.headline([heading], said, ["The Paper"])[0] == heading
    assert titles.headline([heading, "Another heading of the page"], said, ["The Paper"])[0] == said[1]
    assert titles.headline(["Stay informed"], said, ["The Paper"])[0] == said[1]


def test_the_heading_wins_where_the_address_repeats_it() -> None:
    heading, said = "Le vieux pont sera réparé avant les pluies", ["", "Niamey : ce que la ville a décidé", ""]
    there = "https://paper.example/le-vieux-pont-sera-repare-avant-les-pluies.html"
    assert titles.headline([heading], said, ["The Paper"], there)[0] == heading
    assert titles.headline([heading], said, ["The Paper"], "https://paper.example/a/123")[0] == said[1]


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


def test_what_parsely_says_in_one_tag() -> None:
    said = {"title": "The ferry", "section": "Rivers", "authors": ["Mary Shelley"], "tags": ["ferry", "market"]}
    said["pub_date"] = "2023-08-04T10:00:00+02:00"
    content = json.dumps(said).replace('"', "&quot;")
    found = Page(
        f"<html><head><meta name='parsely-page' content=\"{content}\"></head><body><p>Text.</p></body></html>",
        url="https://www.paper.example/a",
    )
    assert (found.section(), found.tags()) == ("Rivers", ("ferry", "market"))
    assert [each.name for each in found.authors()] == ["Mary Shelley"]
    assert found.published() is not None
