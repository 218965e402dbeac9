"""The pictures of an article with their captions, in figures and in boxes. All pages here are invented."""

import pytest

from archive.model import Image
from spiders.kit.page import Page

PROSE = "<p>" + "An invented sentence that is long enough to be the text of this invented report. " * 6 + "</p>"


def images(picture: str) -> tuple[Image, ...]:
    return Page(
        "<html lang='en'><title>A story</title>"
        f"<body><article><h1>A story</h1>{picture}{PROSE}</article></body></html>",
        url="https://www.paper.example/a-story",
    ).images()


TAKEN = (Image("https://www.paper.example/a.jpg", "The old bridge in April.", "Dorothea Lange", "AFP"),)


@pytest.mark.parametrize(
    "picture",
    [
        "<figure><img src='/a.jpg'><figcaption>The old bridge in April. Dorothea Lange/AFP</figcaption></figure>",
        "<div class='image'><img src='/a.jpg'><p class='caption'>The old bridge in April. Dorothea Lange/AFP</p></div>",
        "<div class='wp-caption'><a href='/a'><img src='/a.jpg'></a>"
        "<p class='wp-caption-text'>The old bridge in April. Dorothea Lange/AFP</p></div>",
        "<figure><img src='/a.jpg'><p class='media__legende'>The old bridge in April. Dorothea Lange/AFP</p></figure>",
        "<figure><img src='/a.jpg'><figcaption><style>.a{color:red}</style>The old bridge in April. "
        "<span class='credit'>Dorothea Lange/AFP</span></figcaption></figure>",
        "<figure><img src='/a.jpg'><div class='caption'><span class='caption-short'>The old bridge in April. "
        "Dorothea Lange/AFP</span> <span class='caption-long'>The old bridge in April. Dorothea Lange/AFP</span></div>"
        "</figure>",
    ],
)
def test_a_picture_with_its_caption(picture: str) -> None:
    assert images(picture) == TAKEN


@pytest.mark.parametrize(
    "picture",
    [
        "<div class='image'><img src='/a.jpg'></div><div class='caption'>A caption that has no picture</div>",
        "<div class='video'><img src='/a.jpg'><div class='caption'>What a film shows to its viewers</div></div>",
        f"<div><img src='/a.jpg'><p class='caption'>A caption</p>{PROSE}</div>",
    ],
)
def test_what_is_no_caption_of_a_picture(picture: str) -> None:
    assert images(picture) == ()
    assert images(f"<aside>{picture}</aside>") == ()
