"""The address that a page gives for itself, and the traps among them. All pages here are invented."""

import pytest

from spiders.kit.page import Page

HERE = "https://www.paper.example/2024/05/14/old-bridge-rebuilt/"


def canonical(link: str, *, rel: str = "canonical", body: str = "", url: str = HERE + "?utm_source=x") -> str | None:
    return Page(
        f'<html><head><title>A story</title><link rel="{rel}" href="{link}"></head><body>{body}<h1>A story</h1></body>',
        url=url,
    ).canonical_url()


@pytest.mark.parametrize("rel", ["canonical", "CANONICAL", "canonical nofollow", "alternate  canonical"])
def test_the_relation_is_one_word_among_others(rel: str) -> None:
    assert canonical("/2024/05/14/old-bridge-rebuilt/", rel=rel) == HERE


@pytest.mark.parametrize(
    "link",
    [
        "https://www.paper.example/",
        "https://www.paper.example/index.html",
        "https://www.paper.example/local/",
        "https://www.paper.example/2024/05/",
        "https://www.paper.example/{{slug}}",
        "https://www.paper.example/%7B%7Bslug%7D%7D",
        "https://www.paper.example/${path}",
        "http://localhost:3000/2024/05/14/old-bridge-rebuilt/",
        "http://127.0.0.1/2024/05/14/old-bridge-rebuilt/",
        "http://192.168.1.7/2024/05/14/old-bridge-rebuilt/",
        "http://cms.internal/2024/05/14/old-bridge-rebuilt/",
        "http://cms/2024/05/14/old-bridge-rebuilt/",
        "https://www.paper.example/404",
        "https://www.paper.example/page-not-found.html",
        "https://www.paper.example/undefined",
        "javascript:alert(1)",
        "https://[bad/",
    ],
)
def test_traps_are_no_addresses(link: str) -> None:
    assert canonical(link) is None


@pytest.mark.parametrize(
    "link",
    [
        "https://other.example/world/old-bridge-rebuilt",
        "https://www.paper.example/news/new-bridge-for-old",
        "https://www.paper.example/a/1234567",
        "https://www.paper.example/story?id=4",
    ],
)
def test_other_addresses_are_as_the_page_says(link: str) -> None:
    assert canonical(link) == link


def test_a_page_of_the_menu_is_no_article() -> None:
    menu = "<nav><a href='/local-news-and-more/'>Local</a></nav>"
    assert canonical("https://www.paper.example/local-news-and-more/", body=menu) is None


def test_a_short_address_of_its_own_is_kept() -> None:
    url = "https://www.paper.example/bridge"
    assert canonical(url, url=url) == url
    assert canonical("https://www.paper.example/bridge", url="https://www.paper.example/bridge/amp") == url


def test_the_next_best_goes_before_none() -> None:
    body = f'<meta property="og:url" content="{HERE}">'
    assert canonical("https://www.paper.example/", body=body) == HERE
