"""Feeds that are broken, cut or hostile: what is whole in them is used, and what is wrong is said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.http import parse_answer
from spiders.kit.find import find
from spiders.kit.outlet import Listing, NewsSitemap, Sitemap, Source
from tests.gazette_feed import FEED, HEAD, PAPER, TAIL, item, numbers, read

LAUGHS = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol0 "lol">{LAUGHS}]><rss><channel>'


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
