"""What a page's other signs say of the text that was read from it. All pages here are invented."""

import json

import pytest

from archive.model import Block, Quality
from spiders.kit import quality
from spiders.kit.page import Page

URL = "https://www.paper.example/politics/2023/08/04/a-story"
TITLE = "River port of an invented town reopens after the flood"
SENTENCES = [
    f"In sentence {number} of this invented report on the river port, which reopened after the flood, a harbour clerk"
    f" counts {number} barges of the town and says little more."
    for number in range(12)
]
TEXT = [Block("paragraph", each) for each in SENTENCES]
PARAGRAPHS = "".join(f"<p>{each}</p>" for each in SENTENCES)


def page(body: str = f"<article><h1>{TITLE}</h1>{PARAGRAPHS}</article>", **said: object) -> Page:
    data = json.dumps({"@type": "NewsArticle", "headline": TITLE, **said})
    return Page(
        f"<html lang='en'><head><title>{TITLE}</title><script type='application/ld+json'>{data}</script></head>"
        f"<body>{body}</body></html>",
        url=URL,
    )


def judged(found: Page, blocks: list[Block]) -> tuple[Quality, set[str]]:
    signs = quality.weigh(found, blocks)
    verdict = quality.verdict(signs)
    return verdict, {sign.where for sign in signs if sign.verdict == verdict.value}


def test_an_article_that_everything_bears_out() -> None:
    words = sum(len(each.split()) for each in SENTENCES)
    found = page(wordCount=words, articleBody=" ".join(SENTENCES), description="A river port reopened after the flood")
    assert found.quality() == (Quality.GOOD, quality.weigh(found, found.blocks()))
    assert {sign.where for sign in found.quality()[1]} == {
        "json-ld articleBody",
        "json-ld wordCount",
        "headline and description",
        "paragraphs",
    }
    assert {sign.verdict for sign in found.quality()[1]} == {"good"}


@pytest.mark.parametrize(
    ("said", "blocks", "verdict", "where"),
    [
        ({"articleBody": " ".join(SENTENCES)}, TEXT[:3], Quality.BAD, "json-ld articleBody"),
        ({"articleBody": " ".join(SENTENCES)}, TEXT[:8], Quality.DOUBTFUL, "json-ld articleBody"),
        ({"wordCount": 700}, TEXT, Quality.DOUBTFUL, "json-ld wordCount"),
        ({}, TEXT[:3], Quality.BAD, "paragraphs"),
        ({}, TEXT[:8], Quality.DOUBTFUL, "paragraphs"),
        (
            {},
            [*TEXT, Block("paragraph", "var a = 1; window.b = function (c) { return c; };" * 30)],
            Quality.BAD,
            "text",
        ),
    ],
)
def test_a_text_that_signs_speak_against(
    said: dict[str, object], blocks: list[Block], verdict: Quality, where: str
) -> None:
    found, against = judged(page(**said), blocks)
    assert found is verdict
    assert where in against


def test_a_text_of_other_things_than_the_headline() -> None:
    other = [
        Block(
            "paragraph",
            f"Our {number} readers make possible what you see here, and we thank them with a letter every day.",
        )
        for number in range(10)
    ]
    assert judged(page(description="A harbour clerk counts barges"), other) == (
        Quality.BAD,
        {"headline and description"},
    )


def test_a_text_from_the_margin() -> None:
    margin = "".join(f"<p>{each.replace('clerk', 'keeper')}</p>" for each in SENTENCES)
    found = page(f"<aside>{margin}</aside><article><h1>{TITLE}</h1>{PARAGRAPHS}{PARAGRAPHS}</article>")
    blocks = [Block("paragraph", each.replace("clerk", "keeper")) for each in SENTENCES]
    assert "paragraphs" in judged(found, blocks)[1]
    assert found.quality()[0] is Quality.GOOD


def test_letters_may_be_counted_for_words() -> None:
    assert "json-ld wordCount" in judged(page(wordCount=sum(map(len, SENTENCES))), TEXT)[1]


def test_what_is_cut_for_those_who_do_not_pay_is_short_by_right() -> None:
    gate = "<div class='paywall'>Subscribe to continue reading.</div>"
    found = page(
        f"<article><h1>{TITLE}</h1><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p>{gate}</article>",
        wordCount=900,
        articleBody=" ".join(SENTENCES),
        isAccessibleForFree=False,
    )
    assert found.complete().value == "no"
    assert found.quality()[0] is Quality.GOOD


LEADS = {
    "a dateline": "<p>HARBOUR TOWN, Nowhere — {}</p>",
    "a drop capital": "<p><span aria-hidden='true'><span>I</span>n</span><span class='sr-only'>In</span>{}</p>",
}


@pytest.mark.parametrize("lead", LEADS.values(), ids=LEADS)
def test_a_paragraph_that_begins_otherwise_is_the_same(lead: str) -> None:
    first = SENTENCES[0].removeprefix("In") if "hidden" in lead else SENTENCES[0]
    found = page(f"<article><h1>{TITLE}</h1>{lead.format(first)}<p>{SENTENCES[1]}</p><p>{SENTENCES[2]}</p></article>")
    assert found.quality()[0] is Quality.GOOD
    assert [sign.says for sign in found.quality()[1] if sign.where == "paragraphs"] == [
        "about 100% of the paragraphs that stand together"
    ]


SCENE = (
    "At five in the morning the lamp over the quay goes out, and a man with two thermos flasks walks along the wall. "
    "He counts bollards, he says, because somebody has to, and because his father did it before him every single day. "
)
ABOUT = "Insurers, engineers and the ministry argue about who pays"


def test_a_short_text_may_open_with_a_scene() -> None:
    found = page(f"<article><h1>{TITLE}</h1><p>{SCENE}</p><p>The river is calm.</p></article>", description=ABOUT)
    assert found.quality()[0] is Quality.UNKNOWN


def test_a_short_text_that_shares_no_word_with_its_headline_is_doubtful() -> None:
    assert judged(page(description=ABOUT), [Block("paragraph", SCENE)])[0] is Quality.DOUBTFUL
    assert judged(page(description=ABOUT), [Block("paragraph", SCENE * 8)])[0] is Quality.BAD


@pytest.mark.parametrize("body", ["", "<div id='app'></div>", "<p>Three short words.</p>"])
def test_no_sign_no_verdict(body: str) -> None:
    assert page(body).quality()[0] is Quality.UNKNOWN
