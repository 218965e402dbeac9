"""The two texts that the project was started from, each wrapped in a page of its newspaper's structure."""

import html
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.model import Access, Article, Complete, Outcome, Reading, Role
from spiders import almonitor, mediapart
from spiders.kit.reading import read

pytestmark = pytest.mark.real
AT = datetime(2023, 8, 5, 12, tzinfo=UTC)


def pieces(shared: Path, number: str) -> list[str]:
    folder = shared / "seeds"
    found = sorted(folder.glob(f"{number}_*.txt")) if folder.is_dir() else []
    if not found:
        pytest.skip("the seed texts are not in ../shared/seeds")
    return [piece.strip() for piece in found[0].read_text("utf-8").split("\n\n") if piece.strip()]


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{html.escape(text)}</p>\n" for text in texts)


def mediapart_page(
    kicker: str, title: str, standfirst: str, byline: str, free: str, body: list[str], closing: str
) -> str:
    source = closing.split("from ", 1)[1].rstrip(".")
    linked = html.escape(closing).replace(source, f'<a href="https://www.nytimes.com/a-report.html">{source}</a>')
    return f"""<!DOCTYPE html><html lang="en"><head><title>{html.escape(title)} | Mediapart</title>
<meta property="og:type" content="article"><meta property="og:site_name" content="Mediapart">
<meta property="og:title" content="{html.escape(title)}"><meta name="author" content="{html.escape(byline)}">
</head><body><a href="#main">Skip to main content</a><main id="main"><div class="news__heading">
<p class="news__heading__top__toplinks">
<a href="/en/journal/type-darticles/international-link">{html.escape(kicker)}</a></p>
<h1 id="page-title">{html.escape(title)}</h1><p class="news__heading__top__intro">{html.escape(standfirst)}</p>
<div class="splitter"><div class="splitter__first"><p>
<a href="/biographie/la-redaction-de-mediapart">{html.escape(byline)}</a></p>
</div></div></div><div class="news__body"><div class="news__body__center">
<div class="message-info"><p><span class="message-text">{html.escape(free)}</span></p></div>
<div class="news__body__center__article news__rich-text-content">
{paragraphs(body)}<p>{linked}</p></div></div></div></main>
<aside class="cc-modal" role="dialog"><p>We use cookies to measure our audience.</p></aside></body></html>"""


def almonitor_page(title: str, standfirst: str, caption: str, body: list[str], gate: list[str]) -> str:
    heading, *offer = gate
    return f"""<!DOCTYPE html><html lang="en"><head><title>{html.escape(title)} - AL-Monitor: The Middle Eastʼs leading
independent news source since 2012</title><meta property="og:title" content="{html.escape(title)}">
<meta property="og:type" content="article"></head><body><a href="#content">Skip to main content</a>
<main id="content"><article><h1 class="title">{html.escape(title)}</h1>
<div class="article-subtitle">{html.escape(standfirst)}</div>
<figure><img src="/sites/default/files/2023-08/picture.jpg"><figcaption>{html.escape(caption)}</figcaption></figure>
<div class="article-body">{paragraphs(body)}
<div class="gate"><h2>{html.escape(heading)}</h2>{paragraphs(offer)}</div></div>
</article></main></body></html>"""


@pytest.fixture
def free(shared: Path) -> tuple[list[str], Reading]:
    texts = pieces(shared, "000")
    page = mediapart_page(*texts[:5], texts[5:-1], texts[-1])
    url = "https://www.mediapart.fr/en/journal/international/040823/an-invented-slug"
    return texts, read(page.encode(), url=url, at=AT, outlet=mediapart.OUTLET)


@pytest.fixture
def cut(shared: Path) -> tuple[list[str], Reading]:
    texts = pieces(shared, "001")
    standfirst, caption = texts[2].split("\n")
    page = almonitor_page(texts[1], standfirst, caption, texts[3:7], texts[7:])
    url = "https://www.al-monitor.com/originals/2023/08/an-invented-slug"
    return [*texts[:2], standfirst, caption, *texts[3:]], read(page.encode(), url=url, at=AT, outlet=almonitor.OUTLET)


def article_of(reading: Reading) -> Article:
    assert reading.article is not None
    return reading.article


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_free_article(free: tuple[list[str], Reading]) -> None:
    texts, reading = free
    article = article_of(reading)
    assert reading.outcome is Outcome.OK
    assert (article.kicker, article.title, article.standfirst) == tuple(squeezed(text) for text in texts[:3])
    assert [(author.name, author.role) for author in article.authors] == [
        ("La rédaction de Mediapart", Role.ORGANISATION)
    ]
    assert article.access is Access.FREE
    assert texts[4] in [sign.says for sign in article.access_evidence]
    assert article.complete is Complete.YES
    assert article.paragraphs == tuple(squeezed(text) for text in texts[5:-1])
    [attribution] = article.attributions
    assert attribution.source == "The New York Times"
    assert attribution.relation == "read_more"
    assert attribution.evidence == texts[-1]
    assert attribution.url == "https://www.nytimes.com/a-report.html"
    assert article.language == "en"


def test_the_cut_article(cut: tuple[list[str], Reading]) -> None:
    texts, reading = cut
    article = article_of(reading)
    assert reading.outcome is Outcome.PAYWALLED
    assert (article.title, article.standfirst) == (texts[1], texts[2])
    assert article.authors == ()
    assert article.access is Access.PAYWALLED
    assert article.complete is Complete.NO
    assert article.dateline == "GABORONE, Botswana"
    [image] = article.images
    assert image.caption == texts[3].split(" (Photo by")[0]
    assert image.photographer == "Ludovic MARIN"
    assert image.agency == "AFP"
    assert image.distributor == "Getty Images"
    body = [squeezed(text) for text in texts[4:8]]
    body[0] = body[0].split("— ", 1)[1]
    assert list(article.paragraphs) == body


def test_no_furniture_and_no_date_out_of_the_prose(
    free: tuple[list[str], Reading], cut: tuple[list[str], Reading]
) -> None:
    for _, reading in (free, cut):
        article = article_of(reading)
        assert article.published is None
        assert article.published_day is None
        assert article.modified is None
        for furniture in (
            "Skip to main content",
            "freely available",
            "Read more of this report",
            "Photo by",
            "Getty",
            "cookies",
            "$100",
            "Join our community",
            "you can trust",
        ):
            assert furniture not in article.text


def test_without_the_outlets_file_the_text_is_as_clean(free: tuple[list[str], Reading], shared: Path) -> None:
    texts = pieces(shared, "000")
    page = mediapart_page(*texts[:5], texts[5:-1], texts[-1])
    article = article_of(read(page.encode(), url="https://www.example.org/a-story", at=AT))
    assert article.text == article_of(free[1]).text
    assert article.title == article_of(free[1]).title
    assert article.access is Access.FREE
