"""What other sites show inside an article is named. All pages here are invented."""

import pytest

from archive.model import Embed
from spiders.kit.embeds import kind_of
from spiders.kit.page import Page

TEXT = [
    f"Sentence {number} of an invented report on a river port, with words enough to be taken for a text of its own."
    for number in range(6)
]


def embeds(inside: str, around: str = "", after: int = 3) -> tuple[Embed, ...]:
    paragraphs = [f"<p>{each}</p>" for each in TEXT]
    body = "".join(paragraphs[:after]) + inside + "".join(paragraphs[after:])
    page = f"<html><body>{around}<main><article><h1>A river port</h1><div>{body}</div></article></main></body></html>"
    return Page(page, url="https://www.paper.example/a/b").embeds()


@pytest.mark.parametrize(
    ("markup", "kind", "url", "title"),
    [
        (
            "<iframe src='https://www.youtube.com/embed/abc123' title='The port from above'></iframe>",
            "video",
            "https://www.youtube.com/embed/abc123",
            "The port from above",
        ),
        (
            "<iframe data-src='//player.vimeo.com/video/77'></iframe>",
            "video",
            "https://player.vimeo.com/video/77",
            None,
        ),
        (
            "<iframe src='about:blank' data-lazy-src='https://open.spotify.com/embed/episode/1'></iframe>",
            "audio",
            "https://open.spotify.com/embed/episode/1",
            None,
        ),
        (
            "<iframe src='https://www.google.com/maps/embed?pb=1'></iframe>",
            "map",
            "https://www.google.com/maps/embed?pb=1",
            None,
        ),
        (
            "<iframe src='/files/report.pdf'></iframe>",
            "document",
            "https://www.paper.example/files/report.pdf",
            None,
        ),
        (
            "<iframe src='https://charts.example/9/'></iframe>",
            "frame",
            "https://charts.example/9/",
            None,
        ),
        (
            "<blockquote class='twitter-tweet'><p>Barges again.</p>— A clerk "
            "<a href='https://twitter.com/clerk/status/42'>4 August 2023</a></blockquote>",
            "post",
            "https://twitter.com/clerk/status/42",
            "Barges again.— A clerk 4 August 2023",
        ),
        (
            "<blockquote class='tiktok-embed' cite='https://www.tiktok.com/@clerk/video/5'><section></section></blockquote>",
            "video",
            "https://www.tiktok.com/@clerk/video/5",
            None,
        ),
        (
            "<blockquote class='instagram-media' data-instgrm-permalink='https://www.instagram.com/p/Ab1/'></blockquote>",
            "post",
            "https://www.instagram.com/p/Ab1/",
            None,
        ),
        ("<amp-youtube data-videoid='abc123'></amp-youtube>", "video", "https://www.youtube.com/watch?v=abc123", None),
        ("<amp-twitter data-tweetid='42'></amp-twitter>", "post", "https://twitter.com/i/status/42", None),
        ("<div data-tweet-id='42'></div>", "post", "https://twitter.com/i/status/42", None),
        ("<div data-youtube-id='abc123'></div>", "video", "https://www.youtube.com/watch?v=abc123", None),
        (
            "<div class='fb-post' data-href='https://www.facebook.com/port/posts/7'></div>",
            "post",
            "https://www.facebook.com/port/posts/7",
            None,
        ),
    ],
)
def test_embeds_are_named_with_their_place(markup: str, kind: str, url: str, title: str | None) -> None:
    assert embeds(markup) == (Embed(kind, url, title, 2),)


def test_each_address_once_and_in_order() -> None:
    frames = "<iframe src='https://vimeo.com/1'></iframe><iframe src='https://vimeo.com/2'></iframe>"
    assert [each.url for each in embeds(frames + frames, after=0)] == ["https://vimeo.com/1", "https://vimeo.com/2"]
    assert embeds(frames, after=0)[0].block is None


@pytest.mark.parametrize(
    "markup",
    [
        "<iframe src='https://ads.doubleclick.net/frame'></iframe>",
        "<iframe src='https://www.googletagmanager.com/ns.html?id=1'></iframe>",
        "<iframe src='https://www.facebook.com/plugins/like.php?href=a'></iframe>",
        "<iframe src='javascript:alert(1)'></iframe>",
        "<iframe src='data:text/html,x'></iframe>",
        "<iframe></iframe>",
        "<div data-youtube-id='\"><script>'></div>",
        "<blockquote class='twitter-tweet'>without a link</blockquote>",
    ],
)
def test_what_is_none(markup: str) -> None:
    assert embeds(markup) == ()


def test_what_stands_elsewhere_in_the_page_is_not_the_articles() -> None:
    assert embeds("", around="<aside><iframe src='https://vimeo.com/1'></iframe></aside>") == ()


@pytest.mark.parametrize("url", ["", "http://[::1", "https://notyoutube.com/x", "mailto:a@b.example"])
def test_an_unknown_host_is_a_frame(url: str) -> None:
    assert kind_of(url) == "frame"
