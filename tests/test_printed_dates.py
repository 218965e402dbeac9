"""The dates that pages print for their readers, and which of a page's many dates is the article's. All invented."""

import json
from datetime import date

import pytest

from spiders.kit.page import Page

PROSE = "<p>" + "An invented sentence that is long enough to be the text of this invented report. " * 6 + "</p>"


def page(
    head: str, *, meta: str = "", before: str = "", after: str = "", url: str = "https://paper.example/a-story"
) -> Page:
    return Page(
        f"<html lang='en'><head><title>A story of soldiers</title>{meta}</head><body>{before}<article>"
        f"<h1>A story of soldiers</h1>{head}{PROSE}{after}</article></body></html>",
        url=url,
    )


@pytest.mark.parametrize(
    "head",
    [
        "<p class='published'>4 August 2023</p>",
        "<time datetime='2023-08-04'>4 August</time>",
        "<time>2023/08/04</time>",
        "<div><span>Published</span> <b>4</b> <b>August</b> <b>2023</b></div>",
        "<p>This story is from August 4, 2023</p>",
        "<p>Publié le 4 août 2023 à 10h15 - Modifié le 9 août 2023</p>",
        "<p>Veröffentlicht am 04.08.23</p>",
        "<p>公開日：2023年8月4日</p><p>更新日：2023年8月9日</p>",
        "<p>تم نشره الجمعة 4 آب / أغسطس 2023 09:22 مساءً</p>",
        "<p>Updated 9 August 2023 | Published 4 August 2023</p>",
        "<time class='updated' datetime='2023-08-09'>9 August</time><p>4 August 2023</p>",
        "<time datetime='2022-02-112023-08-04'>August 4, 2023</time>",
        "<ul><li>By Awa Invented</li><li>4 Aug 2023</li></ul>",
        "<p itemscope itemtype='https://schema.org/Person'>Awa <time datetime='2023-08-04'>4 August</time></p>",
    ],
)
def test_a_date_beside_the_headline(head: str) -> None:
    found = page(head)
    assert found.published_day() == date(2023, 8, 4)
    assert found.read_by["published_day"] == "dom"


@pytest.mark.parametrize(
    "head",
    [
        "<p>Updated 4 August 2023</p>",
        "<p>最終更新日 2023年8月4日</p>",
        "<p>The soldiers of this invented story left their invented barracks on 4 August 2023 at noon.</p>",
        "<figure><figcaption>A market, 4 August 2023</figcaption></figure>",
        "",
    ],
)
def test_a_date_of_something_else_is_no_date(head: str) -> None:
    found = page(
        head, after="<p>4 August 2023</p>", before="<aside><time datetime='2023-08-04'>4 August</time></aside>"
    )
    assert (found.published(), found.published_day()) == (None, None)


LATEST = "<h3>Latest</h3><ul><li><a href='/x'>Rice falls</a> <time datetime='2023-08-09'>9 August 2023</time></li></ul>"
CARD = "<div><h3><a href='/x'>Rice prices fall once more</a></h3><time datetime='2023-08-09'>9 August 2023</time></div>"
COMMENT = "<div class='comment'><time datetime='2023-08-09T10:00:00Z'>9 August 2023</time><p>Good.</p></div>"
SHORT = "<p>" + "An invented sentence that is long enough to be the text of this invented report, or a part. " + "</p>"


@pytest.mark.parametrize(
    "below",
    [
        f"<aside>{LATEST}</aside>",
        f"<div id='comments'>{COMMENT}</div>",
        f"<div>{CARD}</div>",
        f"<article>{CARD}</article>",
        f"<div>{CARD.replace('time', 'span')}</div>",
        "<p itemscope itemtype='https://schema.org/Comment'><time itemprop='datePublished'>2023-08-09</time></p>",
    ],
)
@pytest.mark.parametrize("text", [PROSE, SHORT * 4])
def test_a_date_under_the_text_is_of_something_else(text: str, below: str) -> None:
    source = (
        f"<html lang='en'><head><title>A story</title></head><body><main><article><h1>A story</h1>{{}}{text}</article>"
    )
    bare = Page(f"{source.format('')}{below}</main></body></html>", url="https://paper.example/a-story")
    assert (bare.published(), bare.published_day()) == (None, None)
    dated = Page(
        f"{source.format('<p>4 August 2023</p>')}{below}</main></body></html>", url="https://paper.example/a-story"
    )
    assert dated.published_day() == date(2023, 8, 4)


@pytest.mark.parametrize(
    ("page_is", "day"),
    [
        ({}, None),  # nobody knows
        ({"lang": "en-US"}, None),  # content systems say so the world over
        ({"lang": "fr"}, date(2023, 4, 3)),
        ({"lang": "en-NG"}, date(2023, 4, 3)),
        ({"url": "https://paper.ng/a-story"}, date(2023, 4, 3)),
        ({"url": "https://paper.example/2023/03/04/a-story"}, date(2023, 3, 4)),
        ({"end": "<p>Printed 12/25/2022</p>"}, date(2023, 3, 4)),
        ({"end": "<p>Printed 25/12/2022</p>"}, date(2023, 4, 3)),
        ({"end": "<p>Printed 25/12/2022, bound 12/25/2022</p>"}, None),
    ],
)
def test_a_day_of_two_meanings_is_read_where_the_page_tells_which(page_is: dict[str, str], day: date | None) -> None:
    found = Page(
        f"<html lang='{page_is.get('lang', 'en')}'><head><title>A story</title></head><body><article><h1>A story</h1>"
        f"<p>3/4/2023</p>{PROSE}{page_is.get('end', '')}</article></body></html>",
        url=page_is.get("url", "https://paper.example/a-story"),
    )
    assert found.published_day() == day


def test_a_page_that_has_a_date_only_as_such_gives_way_to_what_readers_see() -> None:
    template = (
        '<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2015-01-01T00:00:00Z"}</script>'
    )
    assert page("<time datetime='2023-08-04'>4 August</time>", meta=template).published_day() == date(2023, 8, 4)
    found = page("", meta=template).published()
    assert found is not None
    assert found.year == 2015


def test_no_article_is_changed_before_it_appears() -> None:
    def changed(at: str) -> Page:
        data = {"@type": "NewsArticle", "datePublished": "2023-08-04T10:00:00Z", "dateModified": at}
        return page("", meta=f'<script type="application/ld+json">{json.dumps(data)}</script>')

    assert changed("2023-08-02T10:00:00Z").modified() is None
    assert changed("2023-08-04T12:00:00+02:00").modified() is not None


def test_the_date_in_the_foot_of_a_post() -> None:
    stamp = "<abbr class='published' title='2023-08-04T08:15:00+02:00'>8:15</abbr>"
    found = page("", after=f"<div class='post-footer'><a href='#'>{stamp}</a></div>").published()
    assert found is not None
    assert found.isoformat() == "2023-08-04T08:15:00+02:00"


def test_the_time_of_a_teaser_is_not_the_articles() -> None:
    teaser = "<div class='related'><time datetime='2020-01-01T10:00:00+00:00'>1 January</time></div>"
    assert page("<p>4 August 2023</p>", before=teaser).published_day() == date(2023, 8, 4)


def test_the_clock_may_stand_in_a_line_of_its_own() -> None:
    stamp = '<meta property="article:published_time" content="2023-08-05T00:25:56Z">'
    published = page("<span>4 August 2023</span><span>21:25</span>", meta=stamp).published()
    assert published is not None
    assert published.isoformat() == "2023-08-04T21:25:56-03:00"


def test_a_film_in_the_page_has_a_date_of_its_own() -> None:
    meta = (
        '<script type="application/ld+json">'
        '{"@type": "VideoObject", "uploadDate": "2023-08-01T10:00:00+02:00"}</script>'
        '<meta property="article:published_time" content="2023-08-04T10:00:00+02:00">'
    )
    found = page("", meta=meta)
    published = found.published()
    assert published is not None
    assert published.isoformat() == "2023-08-04T10:00:00+02:00"
    assert found.read_by["published"] == "meta"


def test_the_address_corrects_the_template_of_a_blog() -> None:
    stale = '<meta property="article:published_time" content="2021-02-11T00:00:00Z">'
    url = "https://paper.example/2023/08/04/a-story"
    assert page("", meta=stale, url=url).published_day() == date(2023, 8, 4)
