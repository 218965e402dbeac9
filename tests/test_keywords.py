"""The tags of an article: from its data, its meta tags and its list of tags. All pages are invented."""

import pytest

from spiders.kit.page import Page

PROSE = "<p>" + "An invented sentence that is long enough to be the text of this invented report. " * 6 + "</p>"


def tags(meta: str = "", after: str = "", before: str = "") -> tuple[str, ...]:
    return Page(
        f"<html lang='en'><head><title>A story</title>{meta}</head><body>{before}<article><h1>A story</h1>"
        f"{PROSE}{after}</article></body></html>",
        url="https://www.paper.example/a-story",
    ).tags()


def data(keywords: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "keywords": {keywords}}}</script>'


@pytest.mark.parametrize(
    "meta",
    [
        data('["Niger", "Transport", "Niger"]'),
        data('"Niger, Transport"'),
        data('["Niger,Transport", "Niger,Transport"]'),
        '<meta property="article:tag" content="Niger"><meta property="article:tag" content="Transport">',
        '<meta name="parsely-tags" content="Niger,Transport">',
        '<meta name="sailthru.tags" content="Niger, Transport">',
        '<meta name="cXenseParse:tags" content="#Niger;Transport">',
    ],
)
def test_tags_of_the_data(meta: str) -> None:
    assert tags(meta) == ("Niger", "Transport")


@pytest.mark.parametrize(
    "after",
    [
        "<a href='/x' rel='tag'>Niger</a><a href='/y' rel='tag'>Transport</a><a href='/z' rel='category tag'>News</a>",
        "<ul class='article-tags'><li><a href='/x'>Niger</a></li><li><a href='/y'>Transport</a></li></ul>",
        "<div class='postTags'>Tags: <a href='/x'>Niger</a>, <a href='/y'>Transport,</a></div>",
        "<div><div><a href='/topics/x1'>Niger</a></div><div><a href='/topics/x2'>Transport</a></div></div>",
        "<div class='etiketler'>Etiketler: <a href='/etiket/n'>Niger</a> <a href='/etiket/t'>Transport</a></div>",
        "<div class='post-footer'><span class='post-labels'>Labels: <a href='/search/label/n' rel='tag'>Niger</a>, "
        "<a href='/search/label/t' rel='tag'>Transport</a></span></div>",
        "<div class='mots-cles'>Mots-clés : <a href='/x'>Niger</a> <a href='/y'>Transport</a></div>",
        "<div class='post-bottom-tags'><b>الوسوم</b><span class='tagcloud'><a href='/x' rel='tag'>Niger</a> "
        "<a href='/y' rel='tag'>Transport</a></span></div>",
        "<p>Tags: <a href='/t/1'>Niger</a>, <a href='/t/2'>Transport</a></p>",
        "<p>Schlagwörter: Niger, Transport</p>",
        "<p>كلمات مفتاحية: Niger، Transport</p>",
    ],
)
def test_tags_that_are_printed_under_the_article(after: str) -> None:
    assert tags(after=after) == ("Niger", "Transport")
    assert tags('<meta name="keywords" content="news, paper, daily">', after) == ("Niger", "Transport")


def test_the_tags_of_a_blog_whose_posts_are_a_widget() -> None:
    found = Page(
        "<html><title>A story</title><body><div class='widget Blog'><div class='post hentry'><h3>A story</h3>"
        f"{PROSE}<div class='post-footer'><span class='post-labels'>Labels: <a href='/search/label/n' rel='tag'>Niger"
        "</a></span></div></div></div></body></html>",
        url="https://paper.example/a-story",
    )
    assert found.tags() == ("Niger",)


@pytest.mark.parametrize(
    "other",
    [
        "<nav class='tags'><a href='/tag/x'>Trending</a></nav>",
        "<div class='tags share'><a href='#'>Share this</a><a href='#'>Email</a></div>",
    ],
)
def test_other_lists_are_no_tags(other: str) -> None:
    assert tags(before=other) == ()
    assert tags(after=f"<aside>{other}</aside>") == ()


def test_what_only_machines_read_is_left_out() -> None:
    assert tags(
        data(
            '["98be933f-38cf-4fba-b6c6-ad438e82010a", "Category: Economy", "NLP Category: Business", "Niger", '
            '"100312362", "_prio_3", "type_news", "paper.example", "hasProduct: true", "topic:Transport"]'
        )
    ) == ("Economy", "Niger", "Transport")
    assert tags(data('["Day: Friday", "Subject: Transport", "Medium", "Partner: Invented"]')) == ("Transport",)


def test_the_codes_of_a_wire_are_no_tags() -> None:
    assert tags(data('["AER", "AIRS08", "CRSH", "DIS", "GEN", "INDS", "TRAN"]')) == ()
    assert tags(data('["EU", "UN", "NATO"]')) == ("EU", "UN", "NATO")
