"""JSON-LD as newspapers write it: broken, with references, and with the articles of others beside the page's own."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.model import Access
from spiders.kit.jsonld import LinkedData, parse, truth
from spiders.kit.page import Page

URL = "https://paper.example/2023/08/a-story"
TITLE = "A bridge of an invented town is rebuilt"
OWN = {"@type": "NewsArticle", "headline": TITLE, "author": {"@type": "Person", "name": "Jane Austen"}}
OTHER = {
    "@type": "NewsArticle",
    "headline": "Rice prices fall once more",
    "url": "https://paper.example/2023/08/rice",
    "datePublished": "2019-05-01T10:00:00Z",
    "author": "Victor Hugo",
    "isAccessibleForFree": False,
    "articleSection": "Markets",
}
PROSE = "<p>Sentence after sentence of an invented report, with words enough to be a paragraph of its own.</p>" * 6


def page(*data: Any, title: str = TITLE) -> Page:
    scripts = "".join(
        f'<script type="application/ld+json">{each if isinstance(each, str) else json.dumps(each)}</script>'
        for each in data
    )
    return Page(
        f"<html lang='en'><head><title>{title} | The Paper</title>{scripts}</head><body><article><h1>{title}</h1>"
        f"{PROSE}</article></body></html>",
        url=URL,
    )


def names(found: Page) -> list[str]:
    return [author.name for author in found.authors()]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "He said "no" to it", "b": [1]}', {"a": 'He said "no" to it', "b": [1]}),
        ('{"a": "says "hello", she", "b": 1}', {"a": 'says "hello", she', "b": 1}),
        ('{"a": "C:\\x", "b": "y\\"z"}', {"a": "C:\\x", "b": 'y"z'}),
        ('{"a": {"b": "c"}, "d": {"e": "cut of', {"a": {"b": "c"}}),
        ('[{"a": 1}, {"b": "c', [{"a": 1}]),
        ('{"a": 1}{"b": 2}', [{"a": 1}, {"b": 2}]),
        ('{"a": 1},\n{"b": 2},', [{"a": 1}, {"b": 2}]),
        ('{"a": 1}}', {"a": 1}),
        ('{"a": 1,}', {"a": 1}),
        ("{", {}),
        ("no data", {}),
        ('{"headline": "H" "datePublished": "2023-08-04"}', {"headline": "H", "datePublished": "2023-08-04"}),
    ],
)
def test_broken_data_keep_what_is_whole(text: str, value: Any) -> None:
    found = parse(text)
    if isinstance(found, dict) and "headline" in found:
        assert found.pop("@type") == "NewsArticle"
    assert found == value


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=9), each, max_size=4),
    max_leaves=8,
)


@settings(max_examples=40)
@given(VALUES)
def test_whole_data_are_read_as_they_are(value: Any) -> None:
    assert parse(json.dumps([value])) == [value]


@given(st.text(alphabet='{}[]",:\\ a1\n', max_size=60))
def test_no_text_breaks_the_reading_of_data(text: str) -> None:
    LinkedData([text, "{" + text], url=URL)


@pytest.mark.parametrize("piece", ['" ', '\\"', "{", '{"a":', "[[],", '","', '"a":"b"c",', " ", "\\", '{"@id":"a"},'])
def test_long_broken_data_cost_no_time(piece: str) -> None:
    LinkedData(['{"a": "' + piece * 20_000, "[" + piece * 20_000], url=URL)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (False, False),
        ("False", False),
        ("https://schema.org/True", True),
        (0, False),
        (1, True),
        (["False"], False),
        ({"@value": "False"}, False),
        ([{"@value": "true"}], True),
        ([True, False], None),
        ([], None),
        ([["False"]], None),
        (2, None),
        ("maybe", None),
        (None, None),
    ],
)
def test_a_boolean_however_it_is_spelt(value: object, says: bool | None) -> None:
    assert truth(value) is says


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("#jane", f"{URL}/#jane"),
        ("#jane", "#jane"),
        (f"{URL}#jane", "#jane"),
        ("/people/jane", "https://paper.example/people/jane"),
        ("_:b0", "_:b0"),
        (f"{URL}?from=feed#jane", "#jane"),
    ],
)
@pytest.mark.parametrize("kind", [{}, {"@type": "Person"}])
def test_a_reference_against_the_pages_address(reference: str, name: str, kind: dict[str, str]) -> None:
    own = OWN | {"author": kind | {"@id": reference}}
    assert names(page([own, {"@type": "Person", "@id": name, "name": "Jane Austen"}])) == ["Jane Austen"]


@pytest.mark.parametrize(
    "data",
    [
        OTHER,
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": OTHER}]},
        {"@type": "WebPage", "relatedLink": [{k: v for k, v in OTHER.items() if k != "url"}]},
        {
            "@type": "VideoObject",
            "name": "Floods of 2019",
            "uploadDate": "2019-08-03T00:00:00Z",
            "author": "Victor Hugo",
        },
        {"@type": "VideoObject", "uploadDate": "2019-08-03T00:00:00Z"},
    ],
)
def test_the_data_of_another_article_are_not_the_pages(data: dict[str, Any]) -> None:
    found = page(data)
    assert (found.authors(), found.published(), found.published_day(), found.section()) == ((), None, None, None)
    assert found.access()[0] is Access.UNKNOWN
    assert names(page(OWN | {"mentions": data}, data)) == ["Jane Austen"]


@pytest.mark.parametrize(
    "data",
    [
        OWN,
        OWN | {"url": "https://paper.example/amp/a-story"},  # another address of the same article
        OWN | {"headline": "How a town got its crossing back", "url": URL},  # a headline for machines
        OWN | {"headline": "How a town got its crossing back"},
        {"@type": "ItemList", "itemListElement": [OWN]},
        {"@type": "WebPage", "mainEntity": OWN},
        {"@type": "VideoObject", "name": TITLE, "uploadDate": "2023-08-03T00:00:00Z", "author": "Jane Austen"},
        {"@type": "schema:NewsArticle", "schema:headline": TITLE, "schema:author": "Jane Austen"},
    ],
)
def test_the_pages_own_data(data: dict[str, Any]) -> None:
    assert names(page(data)) == ["Jane Austen"]
    assert names(page(OTHER, data)) == ["Jane Austen"]


def test_a_broken_block_names_its_author() -> None:
    whole = json.dumps(OWN | {"datePublished": "2023-08-04T10:15:00+02:00"})
    for broken in (whole.replace("invented", '"invented"'), whole[:-1] + ', "image": {"url": "https://pap'):
        found = page(broken)
        assert names(found) == ["Jane Austen"]
        published = found.published()
        assert published is not None
        assert published.isoformat() == "2023-08-04T10:15:00+02:00"
