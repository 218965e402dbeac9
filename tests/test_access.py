"""Who may read an article: signs of its own, and not of its neighbours'. All pages here are invented."""

from datetime import UTC, datetime

import pytest

from archive.model import Access, Article, Complete
from spiders.kit.reading import read

URL = "https://www.paper.example/town/2024/05/14/the-bridge"
AT = datetime(2024, 5, 20, tzinfo=UTC)
PROSE = [
    f"<p>Sentence number {n} of an invented report on a bridge, long enough to be taken for text by anybody.</p>"
    for n in range(8)
]
GATE = "This article is reserved for subscribers. Subscribe to continue reading."


def article(inside: str) -> Article:
    html = f"<html lang='en'><head><title>The bridge</title></head><body><main><article><h1>The bridge</h1>{inside}"
    found = read(f"{html}</article></main></body></html>".encode(), url=URL, at=AT).article
    assert found is not None
    return found


@pytest.mark.parametrize(
    "gate", [f"<p>{GATE}</p>", f"<div class='offer'><p>{GATE}</p><a href='/offers'>Our offers</a></div>"]
)
def test_a_gate_in_place_of_text(gate: str) -> None:
    found = article(f"<div class='body'>{''.join(PROSE[:3])}{gate}</div>")
    assert (found.access, found.complete) == (Access.PAYWALLED, Complete.NO)


CARDS = (
    "<div class='more-stories'><div class='item'><span class='paywall-badge'>Subscribers only, subscribe now</span>"
    "<a href='/z'>Rice prices fall again in the villages</a></div></div>",
    "<section class='also'><div class='box'><a href='/z'>Rice prices fall again in the villages</a>"
    f"<p>{GATE}</p></div></section>",
)


@pytest.mark.parametrize("card", CARDS)
def test_a_lock_on_another_articles_card_says_nothing_of_this_one(card: str) -> None:
    assert article(f"<div class='body'>{''.join(PROSE)}</div>{card}").access is Access.UNKNOWN


@pytest.mark.parametrize(
    "said", [GATE, f"“{GATE}” is what readers of the daily see most often, and the market laughs."]
)
def test_where_the_text_goes_on_nothing_is_cut(said: str) -> None:
    found = article(f"<div class='body'>{''.join(PROSE[:4])}<p>{said}</p>{''.join(PROSE[4:])}</div>")
    assert found.access is Access.UNKNOWN


@pytest.mark.parametrize(("words", "complete"), [(140, Complete.YES), (420, Complete.UNKNOWN)])
def test_a_free_article_of_which_the_data_count_more_words_may_not_be_whole(words: int, complete: Complete) -> None:
    data = f'{{"@type": "NewsArticle", "headline": "The bridge", "isAccessibleForFree": true, "wordCount": {words}}}'
    found = article(f"<script type='application/ld+json'>{data}</script><div class='body'>{''.join(PROSE)}</div>")
    assert (found.access, found.complete) == (Access.FREE, complete)


@pytest.mark.parametrize(("said", "access"), [("false", Access.PAYWALLED), ("True", Access.FREE), ("", Access.UNKNOWN)])
def test_microdata_say_who_may_read(said: str, access: Access) -> None:
    found = article(f"<meta itemprop='isAccessibleForFree' content='{said}'><div class='body'>{''.join(PROSE)}</div>")
    assert found.access is access
