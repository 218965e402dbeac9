"""Pages that are made to cost time or to lose text: each ends, and what is lost is flagged.

What does not end within its limits is ended from outside: see test_readers.py. All pages here are invented.
"""

from datetime import UTC, datetime

import pytest

from archive.model import Complete, Outcome, Reading
from spiders.kit.reading import read

AT = datetime(2023, 8, 5, tzinfo=UTC)
TITLE = "River port of an invented town reopens"
SENTENCES = [
    f"Sentence {n} of an invented report on a river port, long enough to be taken for text." for n in range(14)
]
PROSE = "".join(f"<p>{each}</p>" for each in SENTENCES)
LAST = "LASTMARK is the last word of the report on the river port and its barges."
STORY = f"<article><h1>{TITLE}</h1>{PROSE}<p>{LAST}</p></article>"


def reading(body: str, head: str = "") -> Reading:
    page = f"<!DOCTYPE html><html lang='en'><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    return read(page.encode(), url="https://www.paper.example/a/b", at=AT)


def nested(mark: str) -> str:
    return f"<script type='application/ld+json'>{mark}</script>"


WHOLE = {
    "attributes": (STORY.replace("<h1>", "<h1 " + " ".join(f"a{n}=''" for n in range(12_000)) + ">"), ""),
    "depth": ("<div>" * 200 + STORY + "</div>" * 200, ""),
    "NULs": (STORY.replace(" of ", "\0 of ") + "\0" * 100_000, ""),
    "nested JSON-LD": (STORY, nested('{"a":' * 50_000 + "1" + "}" * 50_000)),
    "JSON-LD that never ends": (STORY, nested("[" * 100_000)),
    "a state that nests": (STORY, f"<script>window.state = {'[' * 100_000}</script>"),
    "next articles": (STORY + f"<article><h1>Another</h1><time>now</time>{PROSE}</article>" * 300, ""),
    "frames": (STORY + "<iframe src='https://vimeo.com/1'></iframe>" * 20_000, ""),
    "headings": (STORY + "<h1>A headline of the newspaper</h1>" * 20_000, ""),
    "tables": (STORY + "<table><tr><td>x</td></tr></table>" * 3000, ""),
    "a picture in the page": (f"<img src='data:image/png;base64,{'QUJD' * 2_300_000}'>{STORY}", ""),
    "boxes": ("<div class='cookie consent'>" * 100 + "</div>" * 100 + STORY, ""),
}


@pytest.mark.parametrize("name", WHOLE)
def test_the_text_is_whole(name: str) -> None:
    body, head = WHOLE[name]
    found = reading(body, head)
    assert found.outcome is Outcome.OK
    assert found.article is not None
    assert found.article.paragraphs == (*SENTENCES, LAST)


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "font"])
def test_text_below_the_parsers_depth_is_flagged(tag: str) -> None:
    found = reading(STORY.replace(f"<p>{LAST}", f"<{tag}>" * 1000 + f"<p>{LAST}"))
    assert found.article is not None
    assert LAST in found.article.text or found.outcome is Outcome.TEXT_INCOMPLETE
    if found.outcome is Outcome.TEXT_INCOMPLETE:
        assert found.article.complete is Complete.NO


WORDS = ["barges", "clerks", "harbours", "lanterns"] * 6
UNLIKE = [f"<p>{' '.join(word + letter for word in WORDS)}.</p>" for letter in "abcdefgh"]


def test_paragraphs_that_stand_beside_the_article_are_missed() -> None:
    body = (
        f"<article><h1>{TITLE}</h1>{''.join(UNLIKE[:4])}</article><div>An advertisement</div><section>{PROSE}</section>"
    )
    found = reading(body)
    assert found.article is not None
    assert SENTENCES[-1] in found.article.text or found.outcome is Outcome.TEXT_INCOMPLETE


@pytest.mark.parametrize(
    "eats",
    ['<a title="', "<!-- ", "<script>", "<select><option>", "<plaintext>"],
    ids=["attribute", "comment", "script", "control", "plaintext"],
)
def test_text_that_is_swallowed_is_missed_though_its_words_come_elsewhere(eats: str) -> None:
    found = reading(
        f"<article><h1>{TITLE}</h1>{PROSE}{eats}" + "".join(reversed(UNLIKE)) + f"<p>{' '.join(reversed(LAST.split()))}"
    )
    assert found.outcome is Outcome.TEXT_INCOMPLETE


@pytest.mark.parametrize("made", ["canvas", "select", "button"])
def test_a_control_that_a_script_makes_swallows_nothing(made: str) -> None:
    found = reading(STORY, head=f"<script>document.body.append($('<{made}>'))</script>")
    assert found.outcome is Outcome.OK


def test_a_page_of_nothing_but_gates() -> None:
    found = reading("<main>" + "<div class='paywall'>Subscribe to read this story now</div>" * 8_000 + "</main>")
    assert found.outcome in (Outcome.PAYWALLED, Outcome.EMPTY)


def test_a_page_of_more_tags_than_any_article_has() -> None:
    links = "".join(f"<li><i></i><i></i><a href='/{n}'>A headline of the newspaper</a></li>" for n in range(20_000))
    found = reading(f"{STORY}<ul>{links}</ul>")
    assert found.article is not None
    assert found.article.paragraphs == (*SENTENCES, LAST)
    assert found.article.read_by["blocks"] == "dom"
