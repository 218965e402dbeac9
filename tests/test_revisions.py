"""What counts as a change of an article, and what does not."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archive.model import Access, Article, Block, Complete
from archive.revisions import REVISED, changes, parts_of, starts, values_of

WHOLE = Article(
    "https://a.example/x",
    "a",
    title="A title",
    standfirst="In short",
    published=datetime(2023, 8, 4, tzinfo=UTC),
    blocks=(Block("paragraph", "One two three four."), Block("paragraph", "Five six seven.")),
    access=Access.FREE,
    complete=Complete.YES,
)
CUT = Article(
    "https://a.example/x",
    "a",
    title="A title",
    blocks=(Block("paragraph", "One two three four."),),
    access=Access.PAYWALLED,
    complete=Complete.NO,
)


def row(article: Article, **changed: Any) -> dict[str, Any]:
    return {**values_of(article), **changed}


def last(article: Article) -> list[Any]:
    values = values_of(article)
    return [values[name] for name in REVISED]


def test_the_same_article_is_no_revision() -> None:
    assert changes(last(WHOLE), row(WHOLE)) == []


def test_each_changed_field_is_named() -> None:
    assert changes(last(WHOLE), row(WHOLE, title="Another", text="Other words.")) == ["title", "text"]


def test_a_teaser_of_another_length_is_no_revision() -> None:
    assert changes(last(CUT), row(CUT, text="One two three four. Five")) == []
    assert changes(last(CUT), row(CUT, text="One two")) == []
    assert changes(last(CUT), row(CUT, text="Quite other words.")) == ["text"]


def test_the_whole_text_after_a_teaser_is_one() -> None:
    assert changes(last(CUT), row(WHOLE, standfirst=None, published_at=None)) == ["text", "access", "complete"]


@given(st.lists(st.text(min_size=1, max_size=20).filter(str.strip), max_size=6))
def test_blocks_point_into_the_text(texts: list[str]) -> None:
    article = Article("https://a.example/x", "a", blocks=tuple(Block("paragraph", text) for text in texts))
    for block, start in zip(article.blocks, starts(article), strict=True):
        assert article.text[start : start + len(block.text)] == block.text
    for text, part in zip(texts, parts_of(article)["blocks"], strict=True):
        assert article.text[part["start"] : part["end"]] == text
