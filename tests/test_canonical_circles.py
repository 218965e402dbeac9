"""Pages that claim to be other pages: what is another article by headline and text stays one of its own."""

from itertools import product

import pytest

from archive.corpus import Corpus
from tests.command_line import PAGE, run, warc

HOME = "https://replica.example/2023/08"
SYLLABLES = ("ba", "do", "ki", "lu", "me", "ra", "so", "tu")


def page(canonical: str, story: int, *, title: str | None = None, more: str = "") -> str:
    """A story whose words no other story has."""
    words = " ".join(f"{a}{b}{story}{c}" for a, b, c in product(SYLLABLES, SYLLABLES, SYLLABLES[:3]))
    text = PAGE.replace(f"{HOME}/story", canonical).replace("An invented story", title or f"Story {story}")
    begin, end = text.index("<p>"), text.rindex("</p>") + len("</p>")
    return f"{text[:begin]}<p>{words}.</p><p>{more}</p>{text[end:]}"


def articles(corpus: Corpus, capsys: pytest.CaptureFixture[str], pages: list[tuple[str, str]]) -> list[tuple[str, int]]:
    """(title, revisions) of each article that a rebuild makes of these pages."""
    warc(corpus.folder / "warc", *pages)
    assert run(capsys, "rebuild", "--corpus", corpus.folder)[0] == 0
    return corpus.database().execute("SELECT title, revision_count FROM articles ORDER BY title").fetchall()


def test_pages_that_name_each_other_in_a_circle(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    circle = [(f"{HOME}/{n}", page(f"{HOME}/{n % 3 + 1}", n)) for n in (1, 2, 3)]
    assert articles(corpus, capsys, [*circle, *circle]) == [("Story 1", 1), ("Story 2", 1), ("Story 3", 1)]


def test_pages_that_all_name_the_same(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    pages = [(f"{HOME}/{n}", page(f"{HOME}/1", n)) for n in (2, 1, 3)]
    assert articles(corpus, capsys, pages) == [("Story 1", 1), ("Story 2", 1), ("Story 3", 1)]


def test_another_form_of_a_page_is_the_same_article(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    pages = [
        (f"{HOME}/1", page(f"{HOME}/1", 1)),
        (f"{HOME}/1/amp", page(f"{HOME}/1", 1, title="Another headline")),
    ]
    assert articles(corpus, capsys, pages) == [("Another headline", 2)]


def test_an_article_may_change_altogether_at_its_own_address(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [(f"{HOME}/1", page(f"{HOME}/1", 1)), (f"{HOME}/1", page(f"{HOME}/1", 2))]
    assert articles(corpus, capsys, pages) == [("Story 2", 2)]
