"""Feeds as they come: RSS, RDF, Atom and JSON Feed, whole, broken and hostile, read through `find`."""

import json
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.http import parse_answer
from spiders.kit.announced import change, moment, plain
from spiders.kit.find import Finding, find, named
from spiders.kit.outlet import Feed, Listing, NewsSitemap, Outlet, Sitemap, Source, Urls

PAPER = Outlet(
    name="gazette",
    title="La Gazette",
    home="https://www.gazette.example/",
    languages=("fr",),
    articles=r"^https://www\.gazette\.example/journal/",
    same=((r"^https://m\.gazette\.example/", "https://www.gazette.example/"),),
)
FEED = Feed("https://www.gazette.example/feed")
HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Gazette</title>'
    "<link>https://www.gazette.example/</link>"
)
TAIL = "</channel></rss>"
LAUGHS = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol0 "lol">{LAUGHS}]><rss><channel>'


def item(number: int, title: str = "Titre", more: str = "") -> str:
    link = f"https://www.gazette.example/journal/{number}"
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def read(document: str | bytes, source: Source = FEED, *, head: str = "", status: int = 200) -> Finding:
    body = document.encode() if isinstance(document, str) else document
    block = f"HTTP/1.1 {status} OK\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    url = source.urls[0] if isinstance(source, Urls) else source.url
    return find(parse_answer(block), url=url, source=source, outlet=PAPER)


def numbers(finding: Finding) -> list[str]:
    return [lead.url.rpartition("/")[2] for lead in finding.leads]


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


def test_a_guid_is_the_address_only_as_a_permalink() -> None:
    guid = "https://www.gazette.example/journal/"
    finding = read(
        HEAD
        + f"<item><guid>{guid}1</guid></item>"
        + f'<item><guid isPermaLink="false">{guid}2</guid></item>'
        + "<item><guid>812 at http://www.gazette.example</guid></item>"
        + f"<item><link>mailto:x@y.example</link><guid>{guid}3</guid></item>"
        + TAIL
    )
    assert numbers(finding) == ["1", "3"]


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


@pytest.mark.parametrize(
    "document",
    [
        HEAD + item(1) + item(2, "R&eacute;publique&nbsp;: AT&T") + item(3) + TAIL,
        HEAD + item(1) + item(2, more="<foo:bar>x</foo:bar>") + item(3) + TAIL,
        HEAD + item(1, more="<foo:bar>x</foo:bar>") + item(2, more="x" * 200_000) + item(3) + TAIL,
        HEAD + item(1, "&nbsp;Titre") + item(2, more="x" * 200_000) + item(3) + TAIL,
        HEAD + item(1) + item(2, "a\x0bb\0") + item(3, "&#0;") + TAIL,
        "<br />\n<b>Warning</b>: x in y.php\n" + HEAD + item(1) + item(2) + item(3) + TAIL,
        "\ufeff\n \n" + HEAD + item(1) + item(2) + item(3) + TAIL,
        HEAD + item(1) + item(2) + item(3) + TAIL + "<script>x()</script>",
        HEAD.partition("?>")[2] + " " * 500_000 + item(1) + item(2, "&") + item(3) + TAIL,
        (HEAD + item(1, "été") + item(2) + item(3) + TAIL).encode("latin-1"),
        (HEAD.replace("utf-8", "idna") + item(1, "été") + item(2) + item(3) + TAIL).encode(),
        (HEAD + item(1, "été") + item(2) + item(3) + TAIL).encode("utf-16"),
        (HEAD + item(1, "été") + item(2) + item(3) + TAIL).encode("utf-16-be"),
        (HEAD.replace("utf-8", "windows-1252") + item(1, "été") + item(2) + item(3) + TAIL).encode("cp1252"),
        '<!DOCTYPE rss [<!ENTITY eacute "&#233;">]><rss><channel>'
        + item(1, "&eacute;t&eacute;")
        + item(2)
        + item(3)
        + TAIL,
    ],
    ids=[
        "entities",
        "prefix",
        "prefix in a long feed",
        "entity in a long feed",
        "control",
        "php",
        "blanks",
        "behind",
        "spaces",
        "latin-1",
        "charset",
        "utf-16",
        "utf-16-be",
        "cp1252",
        "dtd",
    ],
)
def test_what_publishers_get_wrong_is_mended_without_loss(document: str | bytes) -> None:
    finding = read(document)
    assert numbers(finding) == ["1", "2", "3"]
    assert finding.problem is None
    assert finding.leads[0].title in ("Titre", "été")


def test_mending_keeps_the_words() -> None:
    document = HEAD + item(1, "R&eacute;publique&nbsp;: AT&T") + item(2, "<![CDATA[Q&A &eacute;]]>") + TAIL
    assert [lead.title for lead in read(document).leads] == ["République : AT&T", "Q&A é"]


@pytest.mark.parametrize(
    ("document", "good"),
    [
        (HEAD + item(1) + item(2) + item(3)[:50], ["1", "2"]),
        (HEAD + item(1) + item(2) + "<item><link>https://www.gazette.example/journal/3", ["1", "2"]),
        (HEAD + item(1) + "<item><b>x</item>" + item(2) + TAIL, ["1", "2"]),
        (BOMB + item(1) + "<item><title>&lol9;</title></item>" + item(2) + TAIL, ["1", "2"]),
        ((BOMB + item(1) + "<item><title>&lol9;</title></item>" + TAIL).encode("utf-16"), ["1"]),
        (BOMB + item(1) + '<item a="&lol9;"/>' + TAIL, ["1"]),
        (
            '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>' + item(1, "&x;") + TAIL,
            ["1"],
        ),
        (HEAD + item(1) + "<item>" + "<a>" * 200 + "</a>" * 200 + "</item>" + TAIL, ["1"]),
        (HEAD + item(1) + "<item>" + "<a/>" * 30_000 + "</item>" + TAIL, ["1"]),
        (HEAD + item(1) + "<item>" + "x" * 6_000_000 + "</item>" + TAIL, ["1"]),
    ],
    ids=[
        "cut",
        "cut in a link",
        "unclosed",
        "bomb",
        "bomb in utf-16",
        "bomb in attribute",
        "file",
        "deep",
        "wide",
        "large",
    ],
)
def test_the_good_entries_before_a_fault_are_used_and_the_fault_is_said(document: str, good: list[str]) -> None:
    finding = read(document)
    assert numbers(finding) == good
    assert finding.problem
    assert "root:" not in str(finding)


@pytest.mark.parametrize(
    "source",
    [FEED, NewsSitemap("https://www.gazette.example/n.xml"), Sitemap("https://www.gazette.example/s.xml")],
)
@pytest.mark.parametrize(
    "document",
    [
        "",
        " \n",
        "bonjour",
        "<!DOCTYPE html><html><body>non</body></html>",
        HEAD + TAIL,
        "<urlset/>",
        "{}",
        "[",
        "<a/>",
        "\0" * 9,
    ],
)
def test_a_document_without_entries_is_never_no_news(document: str, source: Source) -> None:
    finding = read(document, source)
    assert finding.leads == ()
    assert finding.problem


def test_an_answer_that_is_not_whole_gives_its_entries_and_a_problem() -> None:
    body = (HEAD + item(1) + item(2)).encode()
    block = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + body
    finding = find(parse_answer(block), url=FEED.url, source=FEED, outlet=PAPER)
    assert numbers(finding) == ["1", "2"]
    assert finding.problem is not None
    assert "9999" in finding.problem


@pytest.mark.parametrize("status", [301, 304, 404, 503])
def test_only_a_success_is_read(status: int) -> None:
    finding = read(HEAD + item(1) + TAIL, status=status)
    assert finding.leads == ()
    assert str(status) in (finding.problem or "")


def test_urls_named_one_by_one_are_leads_of_the_corpus() -> None:
    finding = named(Urls(("https://www.gazette.example/journal/1?utm_source=x", "ftp://x.example/")), PAPER)
    assert [(lead.url, lead.source) for lead in finding.leads] == [("https://www.gazette.example/journal/1", "corpus")]
    assert [refused.link for refused in finding.refused] == ["ftp://x.example/"]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Thu, 03 Aug 2023 10:15:30 +0200", (2023, 8, 3, 8, 15, 30)),
        ("3 Aug 23 10:15 EST", (2023, 8, 3, 15, 15)),
        ("Thu, 03 Aug 2023 10:15:00 PDT", (2023, 8, 3, 17, 15)),
        ("Thu, 03 Aug 2023 10:15:00 Z", (2023, 8, 3, 10, 15)),
        ("Thu, 03 Aug 2023 10:15:00 -0000", (2023, 8, 3, 10, 15)),
        ("jeu., 03 août 2023 10:15:00 +0200", (2023, 8, 3, 8, 15)),
        ("Thu, 3 Aug 2023 24:00:00 GMT", (2023, 8, 4)),
        ("Sat, 31 Dec 2016 23:59:60 GMT", (2016, 12, 31, 23, 59, 59)),
        ("2023-08-03T10:15:00+02:00", (2023, 8, 3, 8, 15)),
        ("2023-08-03T10:15:00.123Z", (2023, 8, 3, 10, 15)),
        ("2023-08-03 10:15:00Z", (2023, 8, 3, 10, 15)),
        ("2023-08-03T10:15+0530", (2023, 8, 3, 4, 45)),
    ],
)
def test_a_date_with_its_offset_is_a_moment_in_utc(text: str, at: tuple[int, ...]) -> None:
    assert moment(text) == datetime(*at, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "2023-08-03",
        "2023-08-03T10:15:00",
        "Thu, 03 Aug 2023 10:15:00",
        "Thu, 03 Aug 2023 10:15:00 A",
        "Thu, 03 Aug 2023 10:15:00 IST",
        "Thu, 32 Aug 2023 10:15:00 GMT",
        "2023-02-30T10:15:00Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "1970-01-01T00:00:00Z",
        "2023-08-03T10:15:00+99:00",
        "Thu, 03 Aug 2023 99:99:99 GMT",
        "Thu, 03 Foo 2023 10:15:00 GMT",
    ],
)
def test_what_cannot_be_known_is_none(text: str | None) -> None:
    assert moment(text) is None


def test_a_change_may_be_a_bare_day() -> None:
    assert change("2023-08-03") == datetime(2023, 8, 3, tzinfo=UTC)
    assert change("2023-08-03T10:15:00") == datetime(2023, 8, 3, 10, 15, tzinfo=UTC)
    assert change("2023-08") is None


@settings(deadline=None)
@given(st.datetimes(datetime(1900, 1, 1), datetime(2099, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_every_written_moment_comes_back(at: datetime, minutes: int) -> None:
    at = at.replace(microsecond=0)
    shown = (at + timedelta(minutes=minutes)).isoformat()
    sign, size = "-" if minutes < 0 else "+", abs(minutes)
    expected = None if at == datetime(1970, 1, 1) else at.replace(tzinfo=UTC)  # noqa: DTZ001
    assert moment(f"{shown}{sign}{size // 60:02}:{size % 60:02}") == expected


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


SOURCES = st.sampled_from(
    [
        FEED,
        Sitemap("https://www.gazette.example/s.xml", "2023"),
        NewsSitemap("https://www.gazette.example/n.xml"),
        Listing("https://www.gazette.example/l?page={page}", pages=3),
        Listing("https://www.gazette.example/l", links="h3 a"),
    ]
)
SHAPES = st.sampled_from(
    [
        b"",
        b"<rss><channel>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>",
        b"<urlset><url><loc>",
        b"\x1f\x8b\x08",
        b'{"items":[{"url":',
        b"\xff\xfe<\0r\0",
        b"<!DOCTYPE rss [<!ENTITY a '",
        b"<html><body><a href=",
        b"https://",
    ]
)


@settings(deadline=None)
@given(SHAPES, st.binary(max_size=300), SOURCES)
def test_no_bytes_whatever_raise(head: bytes, body: bytes, source: Source) -> None:
    finding = read(head + body, source)
    assert finding.leads or finding.children or finding.problem
    assert read(head + body, source) == finding


@settings(deadline=None)
@given(st.data(), SOURCES)
def test_no_damage_to_a_feed_raises_or_invents_an_address(data: st.DataObject, source: Source) -> None:
    whole = (HEAD + item(1, "Été") + item(2) + item(3, more="<pubDate>x</pubDate>") + TAIL).encode()
    at = data.draw(st.integers(0, len(whole)))
    damaged = whole[:at] + data.draw(st.binary(max_size=8)) + whole[data.draw(st.integers(at, len(whole))) :]
    for lead in read(damaged, source).leads:
        assert lead.url.startswith(("http://", "https://"))
