"""Pages that list articles are none; what looks a little like a list and is an article stays one. All invented."""

from datetime import UTC, datetime

import pytest

from archive.model import Outcome
from spiders.kit.reading import read

AT = datetime(2023, 8, 5, tzinfo=UTC)
HOME = "https://www.paper.example"
STORY = f"{HOME}/politics/2023/08/04/river-port-reopens-after-flood"
WEBSITE = "<meta property='og:type' content='website'>"
ARTICLE = "<meta property='og:type' content='article'>"
COLLECTION = '<script type=\'application/ld+json\'>{"@graph": [{"@type": "CollectionPage"}]}</script>'
SITE = '<script type=\'application/ld+json\'>{"@type": "WebSite", "name": "Paper"}</script>'
NEWS = '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "headline": "River port"}</script>'
SAYS = "The river port of an invented town has reopened after the flood, a harbour clerk says, number {}, and counts."

TEASERS = {
    "articles": "<article class='teaser'><h2><a href='/town/{0}/story'>Headline of the story {0}</a></h2><p>{1}</p>"
    "<time datetime='2023-08-0{0}'>{0} August</time></article>",
    "cards": "<div class='card'><a href='https://www.paper.example/town/{0}'><h3>Headline of story {0}</h3>"
    "<p>{1}</p></a></div>",
    "items": "<li><div><h3><a href='../town/{0}.html'>Headline of the story {0}</a></h3></div>"
    "<div><p>{1}</p></div></li>",
    "arabic": "<div class='post'><h3><a href='/خبر/{0}'>عنوان الخبر رقم {0}</a></h3><p>{1}</p></div>",
}


def outcome(head: str, body: str, url: str) -> tuple[Outcome, bool]:
    html = f"<!DOCTYPE html><html lang='en'><head><title>The river paper</title>{head}</head><body>{body}</body></html>"
    found = read(html.encode(), url=url, at=AT)
    return found.outcome, bool(found.article and found.article.text)


def teasers(kind: str, many: int = 8) -> str:
    return "".join(TEASERS[kind].format(number, SAYS.format(number)) for number in range(1, many + 1))


@pytest.mark.parametrize("kind", TEASERS)
@pytest.mark.parametrize(
    ("head", "url"),
    [
        (WEBSITE + SITE, f"{HOME}/"),
        (WEBSITE, f"{HOME}/politics/"),
        ("", f"{HOME}/"),
        (ARTICLE + COLLECTION, f"{HOME}/tag/river/"),
        (COLLECTION, f"{HOME}/auteur/emile-zola/"),
    ],
)
def test_a_page_of_teasers_is_no_article(kind: str, head: str, url: str) -> None:
    assert outcome(head, f"<main><h1>The river paper</h1>{teasers(kind)}</main>", url) == (Outcome.EMPTY, False)


PROSE = "".join(f"<p>{SAYS.format(number)}</p>" for number in range(20, 26))
ENTRIES = "".join(
    f"<div class='entry'><h3><a href='{{}}{number}'>Entry {number} of the day</a></h3>"
    f"<p>{SAYS.format(number)}</p></div>"
    for number in range(1, 9)
)
STAYS = {
    "an article that its data name": (NEWS + WEBSITE, teasers("articles"), STORY),
    "an article that calls itself one": (ARTICLE, teasers("articles"), STORY),
    "a page that says nothing of itself": ("", teasers("articles"), STORY),
    "an article of a site without data": (WEBSITE, PROSE, STORY),
    "an article with teasers below": (WEBSITE, f"<article>{PROSE}</article><div>{teasers('cards')}</div>", STORY),
    "an article with a moment": (
        f"{WEBSITE}<meta property='article:published_time' content='2023-08-04T08:00:00Z'>",
        teasers("articles"),
        STORY,
    ),
    "a round-up with words of its own": (WEBSITE, f"<p>{SAYS} {SAYS} {SAYS}</p>{teasers('items')}", STORY),
    "a live report with places in it": (WEBSITE, ENTRIES.format(*["#entry-"] * 8), STORY),
    "a live report with addresses below it": (WEBSITE, ENTRIES.format(*[f"{STORY}/entry-"] * 8), STORY),
    "a few teasers": (WEBSITE, teasers("articles", 3), f"{HOME}/politics/"),
}


@pytest.mark.parametrize("name", STAYS)
def test_what_may_be_an_article_stays_one(name: str) -> None:
    head, body, url = STAYS[name]
    assert outcome(head, f"<main><h1>River port reopens after the flood</h1>{body}</main>", url) == (Outcome.OK, True)
