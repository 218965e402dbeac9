"""Whom a page names as the authors of its article, where, and which of several places is believed. All invented."""

import json

import pytest

from spiders.kit.page import Page

PROSE = "".join(
    f"<p>Sentence number {n} of an invented report, with words enough to be a paragraph of its own text.</p>" * 2
    for n in range(4)
)


def page(head: str = "", *, meta: str = "", end: str = "", above: str = "") -> Page:
    return Page(
        f"<html lang='en'><head><title>A story</title>{meta}</head><body>{above}<article><h1>A story of soldiers</h1>"
        f"{head}{PROSE}{end}</article></body></html>",
        url="https://paper.example/a-story",
    )


def article(author: str) -> str:
    data = f'{{"@type": "NewsArticle", "headline": "A story", "author": {author}}}'
    return f'<script type="application/ld+json">{data}</script>'


def names(found: Page) -> list[str]:
    return [author.name for author in found.authors()]


@pytest.mark.parametrize(
    "head",
    [
        "<p>By Awa Invented and Jo Madeup</p>",
        "<div><span>By</span> <span>Awa Invented and Jo Madeup</span></div>",
        "<div><a href='/author/awa-invented'>Awa Invented</a> <a href='/author/jo-madeup'>Jo Madeup</a></div>",
        "<p class='byline'><span><a href='#'>Awa Invented</a></span> and <span><a href='#'>Jo Madeup</a></span></p>",
        "<nav class='meta'><span itemprop='author'>Awa Invented</span>, <span itemprop='author'>Jo Madeup</span></nav>",
        "<address class='writer'>Awa Invented, Jo Madeup</address>",
        "<div id='authors'>Awa Invented | Jo Madeup</div>",
        "<div class='byline'>By <div>Awa Invented</div> and <div>Jo Madeup</div><div>Invented Times</div></div>",
    ],
)
def test_a_byline_beside_the_headline(head: str) -> None:
    found = page(head)
    assert names(found) == ["Awa Invented", "Jo Madeup"]
    assert found.read_by["authors"] == "dom"


@pytest.mark.parametrize(
    "head",
    [
        "<p>Said <a href='/author/awa-invented'>Awa Invented</a>, whose invented book of many words this sentence is "
        "about, and who lives in an invented town by a river, as everybody who has read the book will know by the end "
        "of it, if not well before the end.</p>",
        "<div class='byline'>Follow us</div>",
        "<a href='/author/1/feed'>Get author RSS feed</a>",
        "<a href='/staff/jobs'>Work for us</a>",
        "<p>By the way, this invented sentence is not a byline.</p>",
    ],
)
def test_what_is_no_byline(head: str) -> None:
    assert names(page(head)) == []


@pytest.mark.parametrize(
    "line",
    [
        "<p class='byline'>Daga Abubakar Imam</p>",
        "<span class='muhabir'>Abubakar Imam</span>",
        "<div class='firma'>Abubakar Imam</div>",
        "<div class='post-footer'><i class='post-author vcard'>Posted by <b class='fn'>Abubakar Imam</b></i></div>",
    ],
)
def test_bylines_of_more_newspapers(line: str) -> None:
    assert names(page(line)) == ["Abubakar Imam"]


def test_a_library_puts_the_surname_first() -> None:
    assert names(page(meta='<meta name="DC.creator" content="Austen, Jane">')) == ["Jane Austen"]
    assert names(page(meta='<meta name="DC.creator" content="Reuters, AFP">')) == ["Reuters", "AFP"]


def test_a_state_names_the_author_where_nothing_else_does() -> None:
    article = {"headline": "A story of soldiers", "byline": "By Jane Austen", "content": PROSE}
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": {"post": article}})}</script>'

    def shell(line: str) -> Page:
        return Page(f"<title>A story of soldiers</title><div>{line}</div>{script}", url="https://paper.example/a-story")

    assert names(shell("")) == ["Jane Austen"]
    assert names(shell("<p class='byline'>By Mary Shelley</p>")) == ["Mary Shelley"]


def test_an_account_of_the_content_system_is_nobody() -> None:
    assert names(page(meta='<meta name="author" content="Super User">')) == []


def test_the_house_gives_way_to_a_person() -> None:
    house = '<meta property="og:site_name" content="The Paper">' + article(
        '{"@type": "Organization", "name": "The Paper"}'
    )
    assert names(page(meta=house)) == ["The Paper"]
    assert names(page("<p>By Awa Invented</p>", meta=house)) == ["Awa Invented"]
    assert names(page(meta=house + '<meta name="author" content="Awa Invented">')) == ["Awa Invented"]
    assert names(page(meta=house, end="<p>(Awa Invented)</p>")) == ["Awa Invented"]
    assert names(page(meta=house, end="<p><strong>Awa Invented</strong></p>")) == ["Awa Invented"]
    assert names(page(meta=house, end="<p>An invented last line.</p>")) == ["The Paper"]


def test_an_agency_under_the_text() -> None:
    assert names(page(end="<p>Reporting by The Associated Press.</p>")) == ["The Associated Press"]


def test_microdata_of_the_article_go_before_the_authors_of_a_template() -> None:
    template = '<meta name="author" content="Web Builder">'
    assert names(page("<span itemprop='author'>Awa Invented</span>", meta=template)) == ["Awa Invented"]
    assert names(page(meta=template)) == ["Web Builder"]


def test_the_byline_that_readers_see_names_another_than_the_data() -> None:
    data = article('{"@type": "Person", "name": "Jo Madeup"}')
    assert names(page("<p class='byline'>By Awa Invented</p>", meta=data)) == ["Awa Invented"]
    assert names(page("<a href='/author/awa-invented'>Awa Invented</a>", meta=data)) == ["Jo Madeup"]
    assert names(page(above="<p class='byline'>Awa Invented</p><h1>Other</h1>", meta=data)) == ["Jo Madeup"]


def test_several_authors_where_the_data_know_one() -> None:
    data = article('{"@type": "Person", "name": "Awa Invented"}')
    both = '<meta name="author" content="Awa Invented, Jo Madeup">'
    assert names(page(meta=data + both)) == ["Awa Invented", "Jo Madeup"]
    assert names(page("<p class='byline'>By Awa Invented and Jo Madeup</p>", meta=data)) == [
        "Awa Invented",
        "Jo Madeup",
    ]
    assert names(page("<p class='byline'>By Awa Invented. Edited Quickly</p>", meta=data)) == ["Awa Invented"]


def test_a_first_name_in_the_data_is_the_whole_name_in_the_page() -> None:
    assert names(page("<p>By Awa Invented</p>", meta=article('"Awa"'))) == ["Awa Invented"]


def test_the_section_of_people_is_not_an_author() -> None:
    assert names(page("<a href='/people/real-life'>Real Life</a>")) == []
