"""The press answers at its true addresses, its clock moves it, and its truth is what its pages say."""

import gzip
import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import etree, html
from protego import Protego

from crawler.press import Press, play, shown, texts

TICK = datetime(2023, 10, 3, 12, tzinfo=UTC)
MEDIAPART, ALMONITOR, FLEUVE = (
    "https://www.mediapart.fr/",
    "https://www.al-monitor.com/",
    "https://www.fleuve.example/",
)
SITEMAPS = (f"{MEDIAPART}sitemap_index.xml", f"{ALMONITOR}sitemap.xml", f"{FLEUVE}sitemap-archive.xml.gz")
FEEDS = (f"{MEDIAPART}articles/feed", f"{ALMONITOR}rss", f"{FLEUVE}fr/atom.xml", f"{FLEUVE}en/rss.xml")
DOCUMENTS = (*SITEMAPS, *FEEDS, f"{FLEUVE}sitemap-news.xml", f"{MEDIAPART}robots.txt")


def client(press: Press) -> httpx.Client:
    trusted = ssl.create_default_context(cafile=str(press.ca_file))
    return httpx.Client(proxy=press.proxy, verify=trusted, headers={"User-Agent": "a test"}, trust_env=False)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with play() as playing:
        yield playing


@pytest.fixture(scope="module")
def web(press: Press) -> Iterator[httpx.Client]:
    with client(press) as http:
        yield http


@pytest.fixture(scope="module")
def pages(press: Press, web: httpx.Client) -> dict[str, httpx.Response]:
    """The answer at every article's address."""
    return {truth.url: web.get(truth.url) for truth in press.truth().articles}


def locations(web: httpx.Client, url: str) -> dict[str, str]:
    """Every address of a sitemap and of the sitemaps it names, with its lastmod."""
    body = web.get(url).content
    root = etree.fromstring(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
    found = {entry.findtext("{*}loc"): entry.findtext("{*}lastmod") for entry in root}
    if etree.QName(root).localname == "sitemapindex":
        return {loc: when for child in found for loc, when in locations(web, child).items()}
    return found


def test_every_story_is_at_its_true_address_and_says_that_it_is_a_replica(
    press: Press, pages: dict[str, httpx.Response]
) -> None:
    articles = press.truth().articles
    assert len(articles) > 100
    for truth in articles:
        answered = pages[truth.url]
        page = html.fromstring(answered.content)
        assert answered.status_code == 200
        assert page.get("lang") == truth.language
        assert page.xpath("//*[@role='note']/text()") == [shown.REPLICA[truth.language]]
        assert not page.xpath("//*[@role='note']/ancestor::article | //*[@role='note']/ancestor::main")


def element(page: html.HtmlElement, css: str) -> str | None:
    found = page.cssselect(css)
    return shown.plain(found[0].text_content()) if found else None


BODIES = {
    "mediapart": (
        "div.news__rich-text-content",
        "[aria-hidden], aside, figure, .newsletter-insert, p.screen-reader-only",
    ),
    "almonitor": ("div.article-body", "time, .article-more-from, .article-gate"),
    "fleuve": ("div.article-body", "nothing"),
}
BYLINES = ".splitter__first, .author-title, p.byline"
STANDFIRSTS = ".news__heading__top__intro, .article-subtitle, article p.standfirst"


def test_the_truth_is_what_the_pages_say(press: Press, pages: dict[str, httpx.Response]) -> None:
    for truth in press.truth().articles:
        page = html.fromstring(pages[truth.url].content)
        body, furniture = BODIES[truth.outlet]
        assert element(page, "h1") == truth.title
        assert element(page, STANDFIRSTS) == truth.standfirst
        assert element(page, ".news__heading__top__toplinks a") == truth.kicker
        [text] = page.cssselect(body)
        for odd in text.cssselect(furniture):
            odd.drop_tree()
        lines = [shown.plain(block.text_content()) for block in text.cssselect("p, h2, li")]
        if truth.dateline:
            lines[0] = lines[0].removeprefix(f"{truth.dateline} — ")
        if truth.reports:
            assert lines.pop() == f"Read more of this report from {truth.reports}."
        assert tuple(lines) == truth.paragraphs
        assert truth.paragraphs[-1] == shown.plain(shown.NOTICES[truth.language])
        legend = element(page, "figcaption") or ""
        for printed in (truth.caption, truth.photographer, truth.agency, truth.distributor):
            assert printed is None or printed in legend
        byline = " ".join(found.text_content() for found in page.cssselect(BYLINES))
        assert all(name in byline for name in truth.authors)


def linked_data(page: html.HtmlElement) -> dict[str, object]:
    for script in page.xpath("//script[@type='application/ld+json']"):
        try:
            data = json.loads(script.text)
        except ValueError:
            continue
        for node in data.get("@graph", [data]):
            if "Article" in node["@type"]:
                return node
    return {}


def test_dates_and_access_are_borne_out_by_the_pages(press: Press, pages: dict[str, httpx.Response]) -> None:
    for truth in press.truth().articles:
        page = html.fromstring(pages[truth.url].content)
        data = linked_data(page)
        modified = data.get("dateModified")
        assert (datetime.fromisoformat(modified) if modified else None) == truth.modified
        dates = page.xpath("//meta[contains(@property, 'published_')]/@content")
        assert datetime.fromisoformat(dates[0]) == truth.published
        assert data.get("datePublished") is None or datetime.fromisoformat(data["datePublished"]) == truth.published
        offered = bool(page.cssselect(".message-paywall, .article-gate"))
        free = data.get("isAccessibleForFree") in {True, "True"} or bool(page.cssselect(".message-free"))
        assert (offered, free) == (truth.access == "paywalled", truth.access == "free")
        assert truth.complete == {"paywalled": "no", "free": "yes"}.get(truth.access, "unknown")


def test_sitemaps_announce_every_story_and_every_odd_address(press: Press, web: httpx.Client) -> None:
    announced = {loc for sitemap in SITEMAPS for loc in locations(web, sitemap)}
    truths = press.truth()
    expected = {truth.url for truth in truths.articles} | {u for u in truths.outcomes if "/consent?" not in u}
    assert announced - expected == {MEDIAPART}
    assert expected <= announced


def test_odd_addresses_behave_as_the_truth_says(press: Press, web: httpx.Client) -> None:
    outcomes = press.truth().outcomes
    assert set(outcomes.values()) == {
        "blocked_robots", "empty", "http_error", "not_html", "redirected", "soft_404", "wall"
    }  # fmt: skip
    for url, outcome in outcomes.items():
        answered = web.get(url)
        robots = Protego.parse(web.get(f"https://{urlsplit(url).hostname}/robots.txt").text)
        assert robots.can_fetch(url, "hemeroteca") == (outcome != "blocked_robots")
        assert (answered.status_code >= 400) == (outcome == "http_error")
        assert answered.is_redirect == (outcome == "redirected")
        assert (answered.content == b"") == (outcome == "empty")
        assert answered.headers["Content-Type"].startswith("text/html") == (outcome != "not_html")


@pytest.mark.parametrize("home", [MEDIAPART, ALMONITOR, FLEUVE])
def test_robots_let_a_polite_crawler_in_and_refuse_two_by_name(press: Press, web: httpx.Client, home: str) -> None:
    text = web.get(f"{home}robots.txt").text
    robots = Protego.parse(text)
    urls = [truth.url for truth in press.truth().articles if truth.url.startswith(home)]
    assert all(robots.can_fetch(url, "hemeroteca") for url in urls)
    assert sum(not robots.can_fetch(urls[0], bot) for bot in ("GPTBot", "CCBot", "ClaudeBot", "Bytespider")) == 2
    assert list(robots.sitemaps)
    assert "#" in text


def test_only_the_agency_lets_its_text_be_mined_and_not_its_archive(
    press: Press, web: httpx.Client, pages: dict[str, httpx.Response]
) -> None:
    assert web.get(f"{MEDIAPART}.well-known/tdmrep.json").status_code == 404
    assert web.get(f"{ALMONITOR}.well-known/tdmrep.json").status_code == 404
    rules = web.get(f"{FLEUVE}.well-known/tdmrep.json").json()
    for truth in press.truth().articles:
        if truth.outlet == "fleuve":
            path = urlsplit(truth.url).path
            rule = next(rule for rule in rules if path.startswith(rule["location"]))
            assert bool(rule["tdm-reservation"]) == truth.tdm_reserved
            assert f'<link rel="license" href="{truth.licence}">' in pages[truth.url].text
    assert {truth.tdm_reserved for truth in press.truth().articles} == {True, False, None}


@pytest.mark.parametrize("url", DOCUMENTS)
def test_announcements_are_sent_again_only_when_they_changed(web: httpx.Client, url: str) -> None:
    first = web.get(url)
    by_tag = web.get(url, headers={"If-None-Match": first.headers["ETag"]})
    by_date = web.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]})
    other = web.get(url, headers={"If-None-Match": '"another"', "If-Modified-Since": first.headers["Last-Modified"]})
    assert [answered.status_code for answered in (first, by_tag, by_date, other)] == [200, 304, 304, 200]
    assert by_tag.content == b""
    plain = web.get(url, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.content == first.content


def test_pages_come_in_every_framing_and_only_the_agency_validates_them(
    press: Press, pages: dict[str, httpx.Response]
) -> None:
    framings = set()
    for truth in press.truth().articles:
        answered = pages[truth.url]
        framings.add((answered.headers.get("Transfer-Encoding"), answered.headers.get("Content-Encoding")))
        assert ("ETag" in answered.headers) == (truth.outlet == "fleuve")
    assert framings == {(None, None), (None, "gzip"), ("chunked", "gzip")}


def test_a_page_differs_at_each_visit_and_its_article_does_not(press: Press, web: httpx.Client) -> None:
    for outlet in ("mediapart", "almonitor"):
        url = next(truth.url for truth in press.truth().articles if truth.outlet == outlet)
        first, second = (web.get(url).text for _ in range(2))
        assert first != second
        bodies = [html.fromstring(source).cssselect(BODIES[outlet][0])[0] for source in (first, second)]
        assert bodies[0].text_content() == bodies[1].text_content()


def test_the_tick_publishes_and_edits() -> None:
    with play() as press, client(press) as web:
        before = press.truth()
        maps = {sitemap: locations(web, sitemap) for sitemap in SITEMAPS}
        tags = {url: web.get(url).headers["ETag"] for url in FEEDS}
        assert press.tick() == TICK
        after = press.truth()
        new = {truth.url for truth in after.articles} - {truth.url for truth in before.articles}
        edited = {
            truth.url
            for truth in after.articles
            if (earlier := before.of(truth.url)) is not None and truth.edited > earlier.edited
        }
        assert new
        assert edited
        changed = [url for url in FEEDS if web.get(url, headers={"If-None-Match": tags[url]}).status_code == 200]
        feeds = "".join(web.get(url).text for url in FEEDS)
        assert changed
        assert all(url in feeds or url.replace("https:", "http:") in feeds for url in new)
        moved = {
            loc
            for sitemap in SITEMAPS
            for loc, when in locations(web, sitemap).items()
            if maps[sitemap].get(loc) != when
        }
        assert moved - {MEDIAPART} == new | edited
        for url in edited:
            assert element(html.fromstring(web.get(url).content), "h1") == after.of(url).title


def test_a_silent_edit_changes_the_text_and_no_date() -> None:
    story = next(story for story in texts.load() if any(edit.silent for edit in story.edits))
    edit = next(edit for edit in story.edits if edit.silent)
    with play(edit.at - timedelta(hours=1)) as press, client(press) as web:
        before = {truth.key: truth for truth in press.truth().articles}[story.key]
        listed = {loc: when for sitemap in SITEMAPS for loc, when in locations(web, sitemap).items()}
        press.tick(edit.at)
        after = {truth.key: truth for truth in press.truth().articles}[story.key]
        assert after.modified == before.modified
        assert after.paragraphs != before.paragraphs
        assert after.edited == before.edited + 1
        listed_now = {loc: when for sitemap in SITEMAPS for loc, when in locations(web, sitemap).items()}
        assert listed_now[after.url] == listed[after.url]
