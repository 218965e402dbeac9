"""Feeds as they come: RSS, RDF, Atom and JSON Feed, read through `find`."""

import json
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.kit.announced import plain
from spiders.kit.find import named
from spiders.kit.outlet import Urls
from tests.gazette_feed import FEED, HEAD, PAPER, TAIL, item, numbers, read


def test_an_rss_item_becomes_a_lead_with_what_came_with_it() -> None:
    finding = read(
        HEAD
        + item(
            7,
            "L&apos;&#233;tat &amp;amp; le &lt;b&gt;coup&lt;/b&gt;",
            "<pubDate>Thu, 03 Aug 2023 10:15:00 +0200</pubDate>"
            "<description>&lt;p&gt;Un &lt;i&gt;mot&lt;/i&gt;.&lt;/p&gt;"
            "&lt;p&gt;Deux&amp;nbsp;!&lt;/p&gt;</description>",
        )
        + TAIL
    )
    (lead,) = finding.leads
    assert finding.problem is None
    assert finding.notes == ()
    assert lead.url == "https://www.gazette.example/journal/7"
    assert lead.outlet == "gazette"
    assert lead.source == FEED.url
    assert lead.title == "L'état & le coup"
    assert lead.summary == "Un mot. Deux !"
    assert lead.published_at == datetime(2023, 8, 3, 8, 15, tzinfo=UTC)
    assert lead.modified_at is None


def test_the_order_of_the_feed_is_kept_and_an_address_counts_once() -> None:
    finding = read(HEAD + item(3) + item(1, "") + item(2) + item(1, "Plus tard") + TAIL)
    assert numbers(finding) == ["3", "1", "2"]
    assert finding.leads[1].title == "Plus tard"


def test_leads_are_in_the_outlets_one_spelling() -> None:
    links = (
        "https://m.gazette.example/journal/1?utm_source=rss&amp;at_medium=x",
        "http://www.gazette.example:80/journal/2#suite",
        "/journal/3?xtor=RSS-1",
        "www.gazette.example/journal/4",
        "//www.gazette.example/journal/5",
        "  HTTPS://WWW.Gazette.example/journal/6\n",
    )
    finding = read(HEAD + "".join(f"<item><link>{link}</link></item>" for link in links) + TAIL)
    assert [lead.url for lead in finding.leads] == [f"https://www.gazette.example/journal/{n}" for n in range(1, 7)]


def test_what_is_no_article_address_is_kept_for_the_caller_to_decide() -> None:
    finding = read(HEAD + item(1) + "<item><link>https://blogs.gazette.example/x</link></item>" + TAIL)
    assert [PAPER.is_article(lead.url) for lead in finding.leads] == [True, False]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://", "http://[x/"]
)
def test_a_link_that_is_no_web_address_is_refused_with_its_reason(link: str) -> None:
    finding = read(HEAD + f"<item><title>Hop</title><link>{link}</link></item>" + item(1) + TAIL)
    assert numbers(finding) == ["1"]
    (refused,) = finding.refused
    assert (refused.link, refused.title) == (link, "Hop")
    assert refused.reason
    assert finding.problem is None


def test_a_feed_of_refused_links_alone_is_bad() -> None:
    finding = read(HEAD + "<item><link>javascript:alert(1)</link></item>" + TAIL)
    assert finding.leads == ()
    assert finding.problem


def test_a_guid_is_the_address_where_there_is_no_other() -> None:
    guid = "https://www.gazette.example/journal/"
    finding = read(
        HEAD
        + f"<item><guid>{guid}1</guid></item>"
        + f'<item><guid isPermaLink="false">{guid}2</guid></item>'
        + "<item><guid>812 at http://www.gazette.example</guid></item>"
        + f"<item><link>mailto:x@y.example</link><guid>{guid}3</guid></item>"
        + TAIL
    )
    assert numbers(finding) == ["1", "2", "3"]


def test_the_links_of_an_atom_entry_are_told_apart_by_relation_and_base() -> None:
    finding = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://www.gazette.example/journal/">'
        '<link rel="self" href="/feed"/><entry xml:base="a/"><title type="html">x &amp;lt;y&amp;gt;</title>'
        '<link rel="enclosure" href="/p.mp3"/><link type="application/json" href="1.json"/><link href="1"/>'
        "<id>tag:1</id><published>2023-08-03T10:00:00+02:00</published><updated>2023-08-04T00:00:00Z</updated>"
        '<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>un</p><p>deux</p></div></summary>'
        "</entry></feed>"
    )
    (lead,) = finding.leads
    assert lead.url == "https://www.gazette.example/journal/a/1"
    assert (lead.title, lead.summary) == ("x <y>", "un deux")
    assert lead.published_at == datetime(2023, 8, 3, 8, tzinfo=UTC)
    assert lead.modified_at == datetime(2023, 8, 4, tzinfo=UTC)
    assert finding.hints.topic == FEED.url


def test_rdf_is_read() -> None:
    finding = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><link>https://www.gazette.example</link>'
        '</channel><item rdf:about="https://www.gazette.example/journal/1"><title>Un</title>'
        "<dc:date>2023-08-03T10:00:00Z</dc:date></item></rdf:RDF>"
    )
    assert numbers(finding) == ["1"]
    assert finding.leads[0].published_at == datetime(2023, 8, 3, 10, tzinfo=UTC)


def test_json_feed_is_read_and_its_whole_items_survive_a_cut() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
        "items": [
            {"id": "1", "url": "/journal/1", "title": "Un\0", "content_html": "<p>Texte</p>"},
            {
                "id": "2",
                "external_url": "https://www.gazette.example/journal/2",
                "date_published": "2023-08-03T10:00:00Z",
            },
            {"id": "https://www.gazette.example/journal/3"},
            "not an item",
        ],
    }
    whole = read(json.dumps(feed))
    assert numbers(whole) == ["1", "2", "3"]
    assert (whole.leads[0].title, whole.leads[0].summary) == ("Un", "Texte")
    assert whole.hints.hub == "https://hub.example/"
    assert whole.problem is None
    cut = read(json.dumps(feed)[:-60])
    assert numbers(cut) == ["1", "2"]
    assert cut.problem is not None


def test_hints_say_how_often_to_come() -> None:
    about = (
        "<ttl>90</ttl><skipHours><hour>24</hour><hour>3</hour><hour>99</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>dimanche</day></skipDays><sy:updatePeriod>daily</sy:updatePeriod>"
        "<sy:updateFrequency>4</sy:updateFrequency><atom:link rel='hub' href='https://hub.example/a'/>"
        "<image><link>https://www.gazette.example/i</link></image>"
    )
    hints = read(HEAD + about + item(1) + TAIL).hints
    assert (hints.ttl, hints.every) == (timedelta(minutes=90), timedelta(hours=6))
    assert (hints.skip_hours, hints.skip_days) == ((0, 3), (6,))
    assert hints.hub == "https://hub.example/a"
    header = 'Link: <https://hub.example/b>; rel="hub", </feed>; rel=self\r\n'
    assert read(HEAD + about + item(1) + TAIL, head=header).hints.hub == "https://hub.example/b"


def test_urls_named_one_by_one_are_leads_of_the_corpus() -> None:
    finding = named(Urls(("https://www.gazette.example/journal/1?utm_source=x", "ftp://x.example/")), PAPER)
    assert [(lead.url, lead.source) for lead in finding.leads] == [("https://www.gazette.example/journal/1", "corpus")]
    assert [refused.link for refused in finding.refused] == ["ftp://x.example/"]


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z", "M")), min_size=1, max_size=30)


@settings(deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=8), st.sampled_from(["utf-8", "utf-16"]), st.booleans())
def test_a_generated_feed_comes_back(titles: list[str], charset: str, atom: bool) -> None:
    links = [f"https://www.gazette.example/journal/{n}" for n in range(len(titles))]
    if atom:
        entries = "".join(
            f"<entry><title>{escape(title)}</title><link href='{link}'/></entry>"
            for title, link in zip(titles, links, strict=True)
        )
        document = (
            f'<?xml version="1.0" encoding="{charset}"?><feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
        )
    else:
        document = (
            HEAD.replace("utf-8", charset) + "".join(item(n, escape(escape(t))) for n, t in enumerate(titles)) + TAIL
        )
    finding = read(document.encode(charset))
    assert finding.problem is None
    assert [lead.url for lead in finding.leads] == links
    assert [lead.title for lead in finding.leads] == [plain(escape(title)) for title in titles]


def test_the_whole_text_beside_a_cut_teaser_is_what_a_topic_looks_at() -> None:
    more = (
        "<description>Un début […]</description>"
        "<content:encoded>&lt;p&gt;Un début et puis le mot qui compte.&lt;/p&gt;"
        "&lt;p&gt;L’article &lt;a&gt;Titre&lt;/a&gt; est apparu en premier sur &lt;a&gt;Gazette&lt;/a&gt;.&lt;/p&gt;"
        "</content:encoded>"
    )
    (lead,) = read(HEAD + item(1, more=more) + TAIL).leads
    assert lead.summary == "Un début et puis le mot qui compte."


def test_an_entry_without_link_is_found_by_its_guid() -> None:
    guid = '<guid isPermaLink="false">https://www.gazette.example/?p=12</guid>'
    (lead,) = read(f"{HEAD}<item><title>Titre</title>{guid}</item>{TAIL}").leads
    assert lead.url == "https://www.gazette.example/?p=12"
    (lead,) = read(HEAD + item(3, more=guid) + TAIL).leads
    assert lead.url.endswith("/journal/3")
