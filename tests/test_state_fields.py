"""What a page tells of its article in a script's state alone, beside the text. All pages here are invented."""

import json

import pytest

from spiders.kit.page import Page
from spiders.kit.state_fields import fields

URL = "https://www.paper.example/politics/2023/08/04/a-story"
TITLE = "River port of an invented town reopens after the flood"
TEXT = [f"In sentence {number} of this invented report on the river port a clerk counts barges." for number in range(8)]


def page(article: dict[str, object], **beside: object) -> Page:
    state = json.dumps({"props": {"pageProps": {"article": {"headline": TITLE, "body": TEXT, **article}, **beside}}})
    return Page(
        f"<html lang='en'><head><title>{TITLE}</title></head><body><div id='app'></div>"
        f"<script id='__NEXT_DATA__' type='application/json'>{state}</script></body></html>",
        url=URL,
    )


@pytest.mark.parametrize(
    ("article", "name", "said"),
    [
        ({"byline": "By Jane Austen"}, "authors", ("By Jane Austen",)),
        ({"author": {"name": "Jane Austen"}}, "authors", ("Jane Austen",)),
        ({"authors": [{"name": "Jane Austen"}, {"name": "Mary Shelley"}]}, "authors", ("Jane Austen", "Mary Shelley")),
        ({"authors": [{"firstName": "Jane", "last_name": "Austen"}]}, "authors", ("Jane Austen",)),
        ({"credits": {"by": [{"name": "Jane Austen", "type": "author"}]}}, "authors", ("Jane Austen",)),
        ({"author": 17}, "authors", ()),
        ({"publishedAt": "2023-08-04T08:15:00+02:00"}, "published", ("2023-08-04T08:15:00+02:00",)),
        ({"first_publish_date": "2023-08-04T08:15:00Z"}, "published", ("2023-08-04T08:15:00Z",)),
        ({"date": "2023-08-04T08:15:00"}, "published", ("2023-08-04T08:15:00",)),
        ({"last_updated_date": "2023-08-05T08:15:00Z"}, "modified", ("2023-08-05T08:15:00Z",)),
        ({"standfirst": "<p>The clerk is glad.</p>"}, "standfirst", ("The clerk is glad.",)),
        ({"subheadlines": {"basic": "The clerk is glad."}}, "standfirst", ("The clerk is glad.",)),
        ({}, "title", (TITLE,)),
        ({}, "authors", ()),
    ],
)
def test_a_field_beside_the_text(article: dict[str, object], name: str, said: tuple[str, ...]) -> None:
    assert fields(page(article), name) == said


def test_what_another_article_says_is_not_taken() -> None:
    found = page({}, related=[{"headline": "Another town has a council", "author": "Mary Shelley", "body": TEXT[:2]}])
    assert fields(found, "authors") == ()


def test_a_page_that_shows_its_article_itself_and_has_no_state_says_nothing() -> None:
    found = Page(f"<html><body><h1>{TITLE}</h1><p>{TEXT[0]}</p></body></html>", url=URL)
    assert fields(found, "authors") == ()
