"""An outlet whose selectors find nothing any more. All pages here are invented."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.model import Access, Article
from crawler.process import OutletSummary, Summary
from crawler.screen import show_summary
from spiders.kit.catalogue import catalogue
from spiders.kit.outlet import Outlet
from spiders.kit.page import Page
from spiders.kit.reading import read

URL = "https://www.paper.example/politics/2023/08/04/a-story"
AT = datetime(2023, 8, 5, tzinfo=UTC)
PARAGRAPHS = "".join(
    f"<p>Sentence number {n} of an invented report on a river port, long enough to be taken for text by anybody.</p>"
    for n in range(14)
)


class Paper(Page):
    title_at = "h1.headline"
    body_at = "div.text"
    byline_at = ".writer"
    date_at = "time.stamp"


def article(html: str, kind: type[Page] = Paper) -> Article:
    outlet = Outlet(name="paper", title="The Paper", home="https://www.paper.example/", languages=("en",), page=kind)
    found = read(html.encode(), url=URL, at=AT, outlet=outlet).article
    assert found is not None
    return found


def page(headline: str = "headline", text: str = "text", writer: str = "writer", stamp: str = "stamp") -> str:
    return (
        "<html lang='en'><head><title>A river port reopens</title><meta name='author' content='Awa Invented'></head>"
        f"<body><main><h1 class='{headline}'>A river port reopens</h1><span class='{writer}'>Awa Invented</span>"
        f"<time class='{stamp}' datetime='2023-08-04T10:00:00Z'>4 August 2023</time>"
        f"<div class='{text}'>{PARAGRAPHS}</div></main></body></html>"
    )


def test_selectors_that_find_everything() -> None:
    found = article(page())
    assert found.drift == ()
    assert (found.read_by["title"], found.read_by["blocks"], found.read_by["authors"]) == ("outlet", "outlet", "outlet")


@pytest.mark.parametrize(
    ("changed", "field"),
    [("text", "blocks"), ("headline", "title"), ("writer", "authors"), ("stamp", "published")],
)
def test_a_field_that_is_not_found_is_read_all_the_same_and_named(changed: str, field: str) -> None:
    found, before = article(page(**{changed: "other"})), article(page())
    assert [each.field for each in found.drift] == [field]
    assert getattr(found, field) == getattr(before, field)
    assert found.read_by[field] != "outlet"


def test_a_body_far_shorter_than_the_pages_other_signs() -> None:
    teaser = "<div class='text'><p>Only the first sentence of it stands here.</p></div>"
    found = article(page(text="other").replace("<div class='other'>", teaser + "<div class='other'>"))
    assert [each.field for each in found.drift] == ["blocks"]
    assert len(found.blocks) >= 14
    assert found.drift[0].says == "div.text gives 8 words, the generic reader 294"


@pytest.mark.parametrize(
    "short",
    [
        "<div class='text'><p>A brief of one sentence about a port.</p></div>",
        f"<div class='text'><p>A brief of one sentence.</p></div><aside>{PARAGRAPHS}</aside>",
    ],
)
def test_a_short_text_is_no_drift(short: str) -> None:
    found = article(f"<html><body><main><h1 class='headline'>A river port</h1>{short}</main></body></html>")
    assert found.drift == ()
    assert found.read_by["blocks"] == "outlet"


def test_a_text_that_is_cut_is_no_drift() -> None:
    class Locked(Paper):
        gate_at = ".gate"

    cut = page().replace(
        PARAGRAPHS, f"<p>The first sentence.</p><div class='gate'>Subscribe</div><div>{PARAGRAPHS}</div>"
    )
    cut = cut.replace(f"<div>{PARAGRAPHS}</div></div>", f"</div><div class='related'>{PARAGRAPHS}</div>")
    found = article(cut, Locked)
    assert found.text == "The first sentence."
    assert found.drift == ()


def test_no_outlet_of_ours_drifts_on_pages_of_its_own_structure() -> None:
    outlets = dict(catalogue())
    folder = Path(__file__).parent / "outlet_pages"
    for place in sorted(folder.glob("*.html")):
        outlet = outlets[max((name for name in outlets if place.stem.startswith(name)), key=len)]
        for at in (datetime(2023, 8, 5, tzinfo=UTC), datetime(2026, 8, 5, tzinfo=UTC)):
            if outlet.page_at(at) is outlet.page_at(datetime(2026, 9, 1, tzinfo=UTC)):
                found = read(place.read_bytes(), url=outlet.home, at=at, outlet=outlet).article
                assert found is None or found.drift == (), place.name


def test_the_summary_of_a_crawl_names_the_outlet(capsys: pytest.CaptureFixture[str]) -> None:
    paper = OutletSummary("paper", 9, 9, {"ok": 9}, 9, 9, 0, {}, 3)
    other = OutletSummary("other", 9, 9, {"ok": 9}, 9, 9, 0, {})
    show_summary(Summary("run", "corpus", (paper, other), 18, 1.0, 0, ()))
    said = [line for line in capsys.readouterr().out.splitlines() if "selectors" in line]
    assert len(said) == 1
    assert said[0].startswith("paper")
    assert " 3 articles" in said[0]


class Labelled(Paper):
    standfirst_at = "p.deck"
    kicker_at = "span.label"
    gate_at = "div.wall"


def labelled(name: str, labels: str = "", text: str = PARAGRAPHS) -> str:
    return (
        "<html lang='en'><head><title>A river port reopens</title>"
        "<meta name='description' content='The ferry crosses again, after three years of waiting, on Sundays.'></head>"
        f"<body><main><article><span class='kicker {labels}'>Ports</span>"
        f"<h1 class='{name}headline'>A river port reopens</h1><div class='{name}text'>{text}</div></article></main>"
        "</body></html>"
    )


def test_labels_are_read_by_all_means_where_the_layout_is_gone() -> None:
    found = article(labelled("new-"), Labelled)
    assert found.standfirst == "The ferry crosses again, after three years of waiting, on Sundays."
    assert found.kicker == "Ports"
    assert {"standfirst", "kicker"} < {each.field for each in found.drift}


def test_in_the_known_layout_a_label_that_is_missing_is_missing() -> None:
    found = article(labelled(""), Labelled)
    assert (found.standfirst, found.kicker, found.drift) == (None, None, ())


def test_a_gate_under_another_name_is_seen_and_named() -> None:
    cut = (
        PARAGRAPHS[:600].rpartition("<p>")[0]
        + "<p class='end'>The rest of this article: subscribe to continue reading.</p>"
    )
    found = article(labelled("", text=cut), Labelled)
    assert found.access is Access.PAYWALLED
    assert [each.field for each in found.drift] == ["access"]
