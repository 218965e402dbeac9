"""The standfirst where the page prints it, and what stands in its place. All pages here are invented."""

import pytest

from spiders.kit.page import Page

SAID = "Two thirds of the cost will be met by the ministry; traders fear for their stalls."
PROSE = "".join(
    f"<p>Sentence number {n} of an invented report on a bridge, long enough to be a part of its text.</p>"
    for n in range(8)
)


def page(after: str, meta: str = "", prose: str = PROSE) -> Page:
    return Page(
        f"<html lang='en'><head><title>An old bridge is rebuilt</title>{meta}</head><body><main><article>"
        f"<header><h1>An old bridge is rebuilt</h1>{after}</header><div class='body'>{prose}</div></article></main>"
        "</body></html>",
        url="https://www.paper.example/an-old-bridge",
    )


@pytest.mark.parametrize(
    "after",
    [
        f"<h2 class='b-subheadline'>{SAID}</h2>",
        f"<p class='article-lead'>{SAID}</p>",
        f"<h2 class='spot'>{SAID}</h2>",
        f"<p class='article-excerpt'>{SAID}</p>",
        f"<p class='sumario'>{SAID}</p>",
        f"<p class='bajada'>{SAID}</p>",
        f"<div class='field field--name-field-chapo'><p>{SAID}</p></div>",
        f"<h2 class='jeg_post_subtitle'>{SAID}</h2>",
        f"<div class='articleStandfirst'><span>{SAID}</span></div>",
        f"<p class='c-article__untertitel'>{SAID}</p>",
        f"<p class='sottotitolo'>{SAID}</p>",
    ],
)
def test_the_standfirst_that_says_so_itself(after: str) -> None:
    found = page(after)
    assert found.standfirst() == SAID
    assert found.read_by["standfirst"] == "dom"
    assert SAID not in [block.text for block in found.blocks()]


def test_the_printed_one_goes_before_a_description_that_is_cut_or_the_first_paragraph() -> None:
    cut = "<meta name='description' content='Read all about the invented bridge and its market …'>"
    assert page(f"<p class='standfirst'>{SAID}</p>", cut).standfirst() == SAID
    first = PROSE[3 : PROSE.index("</p>")]
    assert page(f"<p class='chapo'>{SAID}</p>", f"<meta name='description' content='{first}'>").standfirst() == SAID
    same = f"<meta name='description' content='{SAID}'>"
    assert page(f"<p class='standfirst'><b>Live</b> {SAID}</p>", same).standfirst() == SAID


@pytest.mark.parametrize(
    "after",
    [
        "<figure><figcaption class='subtitle'>A market woman and her invented stall by the river</figcaption></figure>",
        "<p class='subtitle'>14 May 2024, updated 15 May 2024 at 10:00</p>",
        "<p class='deck'>Subscribe to our newsletter for the best of the invented week</p>",
        "<div class='subtitle'><a href='/x'>Another headline of this invented newspaper of ours</a></div>",
        "<div class='intro author-box'>Jane Austen writes about towns and rivers for this paper</div>",
        "<p class='chapo'>In short, this was it:</p>",
        "<h2 class='subtitle'>An old bridge is rebuilt</h2>",
    ],
)
def test_what_is_no_standfirst(after: str) -> None:
    assert page(after).standfirst() is None


def test_a_first_paragraph_that_is_called_lead_is_text() -> None:
    found = page("", prose=f"<p class='lead'>{SAID} {SAID}</p>{PROSE}")
    assert found.standfirst() is None
    assert found.blocks()[0].text == f"{SAID} {SAID}"
