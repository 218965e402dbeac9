"""What a page gives for each field is kept with its place, and the chosen one stands first. All pages are invented."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from archive.model import Article, Candidate
from spiders.kit.candidates import FIELDS, LONGEST, MOST
from spiders.kit.reading import read

PROSE = "<p>" + "An invented sentence that is long enough to be the text of this invented report. " * 6 + "</p>"


def article(html: str) -> Article:
    found = read(html.encode(), url="https://paper.example/a-story", at=datetime(2023, 8, 5, tzinfo=UTC)).article
    assert found is not None
    return found


def of(found: Article, field: str) -> list[Candidate]:
    return [each for each in found.candidates if each.field == field]


PAGE = (
    "<html lang='en-GB'><head><title>A story | The Paper</title><link rel='canonical' href='/a-story'>"
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A longer story", '
    '"author": {"name": "Awa Invented"}, "datePublished": "2023-08-04T08:15:00Z", '
    '"keywords": ["Niger", "roads"], "articleSection": "World"}</script>'
    '<meta property="og:title" content="A story for sharing"><meta name="author" content="The Paper">'
    "<meta property='article:published_time' content='2023-08-04'>"
    "<meta name='description' content='What this is about.'>"
    f"</head><body><article><h1>A longer story</h1><p class='byline'>By Awa Invented</p>"
    f"<time datetime='2023-08-04T10:15:00+02:00'>4 August</time>{PROSE}</article></body></html>"
)


def test_every_headline_is_kept_and_the_chosen_one_is_first() -> None:
    found = article(PAGE)
    assert found.title == "A longer story"
    assert [(each.where, each.raw) for each in of(found, "title")] == [
        ("h1", "A longer story"),
        ("og:title", "A story for sharing"),
        ("title", "A story | The Paper"),
    ]


def test_dates_authors_and_the_rest_are_kept_as_they_are_spelt() -> None:
    found = article(PAGE)
    assert [(each.reader, each.raw) for each in of(found, "published")] == [
        ("json-ld", "2023-08-04T08:15:00Z"),
        ("meta", "2023-08-04"),
        ("dom", "2023-08-04T10:15:00+02:00"),
    ]
    assert [each.raw for each in of(found, "authors")] == ["Awa Invented", "The Paper", "By Awa Invented"]
    assert [each.raw for each in of(found, "tags")] == ["Niger, roads"]
    assert [each.raw for each in of(found, "language")] == ["en-GB"]
    assert of(found, "section") == [Candidate("section", "json-ld", "articleSection", "World")]
    assert of(found, "canonical_url") == [Candidate("canonical_url", "dom", "link rel=canonical", "/a-story")]


def test_a_page_that_gives_nothing_has_no_candidates() -> None:
    assert article(f"<html><body>{PROSE}</body></html>").candidates == (Candidate("language", "text", "text", "en"),)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="<>&\"'{}\\"), max_size=60)
META = st.sampled_from(
    [
        "og:title",
        "author",
        "article:published_time",
        "article:section",
        "news_keywords",
        "description",
        "article:modified_time",
        "og:locale",
        "og:url",
        "keywords",
        "date",
        "sailthru.date",
        "dc.rights",
    ]
)
HEAD = st.sampled_from(
    [
        "<p class='byline'>{}</p>",
        "<time datetime='{}'>{}</time>",
        "<a rel='tag' href='/t'>{}</a>",
        "<p>{}</p>",
        "<a href='/x'>{}</a>",
    ]
)
VALUES = TEXTS | st.sampled_from(
    ["Awa Invented", "2023-08-04T10:00:00Z", "4 August 2023", "By Awa Invented", "fr-FR", "/a"]
)


@given(st.lists(st.tuples(META, VALUES), max_size=12), st.lists(st.tuples(HEAD, VALUES), max_size=6), VALUES)
def test_every_field_from_the_page_has_its_candidate(
    metas: list[tuple[str, str]], head: list[tuple[str, str]], headline: str
) -> None:
    tags = "".join(f'<meta name="{name}" content="{value}">' for name, value in metas)
    lines = "".join(line.replace("{}", value) for line, value in head)
    found = article(
        f"<html><head>{tags}</head><body><article><h1>{headline}</h1>{lines}{PROSE}</article></body></html>"
    )
    assert len(found.candidates) <= MOST
    for each in found.candidates:
        assert each.field in FIELDS
        assert 0 < len(each.raw) <= LONGEST
        assert each.raw == " ".join(each.raw.split())
    for field in FIELDS:
        reader = found.read_by.get("published_day" if field == "published" and found.published is None else field)
        if reader in ("json-ld", "meta", "dom"):
            assert of(found, field)[0].reader == reader, field
