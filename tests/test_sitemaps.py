"""Sitemaps: urlset, index, news, text, gzip under any name; bounded in memory."""

import gzip
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.http import parse_answer
from archive.model import Kind
from spiders.kit.find import Finding, find
from spiders.kit.outlet import NewsSitemap, Outlet, Sitemap

PAPER = Outlet(name="gazette", title="La Gazette", home="https://www.gazette.example/", languages=("fr",))
MAP = Sitemap("https://www.gazette.example/sitemap.xml")
NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
OPEN = (
    f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{NS}" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
)


def entry(number: int, more: str = "") -> str:
    return f"<url><loc>https://www.gazette.example/journal/{number}</loc>{more}</url>"


def read(document: str | bytes, source: Sitemap | NewsSitemap = MAP) -> Finding:
    body = document.encode() if isinstance(document, str) else document
    block = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    return find(parse_answer(block), url=source.url, source=source, outlet=PAPER)


def test_addresses_come_with_their_last_change() -> None:
    finding = read(
        OPEN
        + entry(1, "<lastmod>2023-08-03T10:00:00+02:00</lastmod>")
        + entry(2, "<lastmod>2023-08-03</lastmod>")
        + entry(3, "<lastmod>0000-00-00</lastmod>")
        + "</urlset>"
    )
    assert finding.problem is None
    assert [lead.modified_at for lead in finding.leads] == [
        datetime(2023, 8, 3, 8, tzinfo=UTC),
        datetime(2023, 8, 3, tzinfo=UTC),
        None,
    ]
    assert [lead.published_at for lead in finding.leads] == [None, None, None]


def test_a_news_sitemap_gives_title_and_date_of_publication() -> None:
    news = (
        "<news:news><news:publication><news:name>Gazette</news:name><news:language>fr</news:language>"
        "</news:publication><news:publication_date>2023-08-03T10:00:00Z</news:publication_date>"
        "<news:title>L&apos;&#233;t&#233; &amp; après</news:title></news:news>"
    )
    (lead,) = read(OPEN + entry(1, news) + "</urlset>", NewsSitemap("https://www.gazette.example/n.xml")).leads
    assert lead.title == "L'été & après"
    assert lead.published_at == datetime(2023, 8, 3, 10, tzinfo=UTC)


def test_an_index_gives_children_that_hold_the_pattern_and_says_how_many_do_not() -> None:
    index = (
        f'<sitemapindex xmlns="{NS}">'
        "<sitemap><loc>/maps/2023-08.xml.gz?b=2&amp;a=1</loc><lastmod>2023-09-01</lastmod></sitemap>"
        "<sitemap><loc>/maps/2022-08.xml.gz</loc></sitemap><sitemap><loc>file:///maps/2023.xml</loc></sitemap>"
        "<sitemap><loc>https://www.gazette.example/sitemap.xml</loc></sitemap></sitemapindex>"
    )
    finding = read(index, Sitemap(MAP.url, only=r"2023|sitemap\.xml"))
    (child,) = finding.children
    assert child.url == "https://www.gazette.example/maps/2023-08.xml.gz?b=2&a=1"
    assert (child.kind, child.modified_at) == (Kind.SITEMAP, datetime(2023, 9, 1, tzinfo=UTC))
    assert finding.leads == ()
    assert [refused.link for refused in finding.refused] == ["file:///maps/2023.xml"]
    assert any("1 sitemaps are not walked" in note for note in finding.notes)


@pytest.mark.parametrize("url", ["https://www.gazette.example/s.xml", "https://www.gazette.example/s.xml.gz"])
@pytest.mark.parametrize("zipped", [False, True])
def test_gzip_is_told_by_the_bytes_and_not_by_the_name(url: str, zipped: bool) -> None:
    document = (OPEN + entry(1) + "</urlset>").encode()
    finding = read(gzip.compress(document) if zipped else document, Sitemap(url))
    assert finding.problem is None
    assert len(finding.leads) == 1


def test_gzip_in_several_members_is_one_document() -> None:
    halves = gzip.compress((OPEN + entry(1)).encode()) + gzip.compress((entry(2) + "</urlset>").encode())
    assert len(read(halves).leads) == 2


def test_a_cut_or_damaged_gzip_gives_what_came_before() -> None:
    whole = gzip.compress((OPEN + "".join(map(entry, range(3000))) + "</urlset>").encode())
    cut = read(whole[: len(whole) // 2])
    assert cut.problem
    assert 0 < len(cut.leads) < 3000
    damaged = read(whole[:-8] + b"\0" * 8)  # the checksum
    assert damaged.problem


@pytest.mark.parametrize(
    "address", [NS, NS + "/", NS.replace("http", "https"), "http://www.google.com/schemas/sitemap/0.84", ""]
)
def test_the_vocabulary_may_be_misspelt(address: str) -> None:
    finding = read(f'<urlset xmlns="{address}">{entry(1)}</urlset>' if address else f"<urlset>{entry(1)}</urlset>")
    assert finding.problem is None
    assert len(finding.leads) == 1


def test_a_prefix_on_every_element_is_no_obstacle() -> None:
    finding = read(f'<s:urlset xmlns:s="{NS}"><s:url><s:loc>/journal/1</s:loc></s:url></s:urlset>')
    assert [lead.url for lead in finding.leads] == ["https://www.gazette.example/journal/1"]


def test_a_sitemap_may_be_text_or_a_feed() -> None:
    assert len(read("https://www.gazette.example/1\n\nhttps://www.gazette.example/2\n").leads) == 2
    feed = "<rss><channel><item><link>https://www.gazette.example/1</link></item></channel></rss>"
    assert len(read(feed).leads) == 1


def test_html_in_its_place_and_an_empty_one_are_problems() -> None:
    assert "HTML" in (read("<html><head><title>x</title></head></html>").problem or "")
    assert read(OPEN + "</urlset>").problem
    assert read(f'<sitemapindex xmlns="{NS}"/>').problem


def test_more_entries_than_allowed_are_not_read_and_that_is_said() -> None:
    finding = read(OPEN + "".join(map(entry, range(50_001))) + "</urlset>")
    assert len(finding.leads) == 50_000
    assert "50000" in (finding.problem or "")


READER = """
import dataclasses, resource, sys
from spiders.kit.outlet import Outlet
from spiders.kit.sitemaps import SITEMAP_BOUNDS, read_sitemap
bounds = dataclasses.replace(SITEMAP_BOUNDS, elements=300_000)
paper = Outlet(name="gazette", title="La Gazette", home="https://www.gazette.example/", languages=("fr",))
bomb = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
finding = read_sitemap(bomb, url="https://www.gazette.example/s.xml", outlet=paper, bounds=bounds)
assert finding.problem, finding
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("filling", [b"<y>aaaa</y>", b"<url></url>", b"<!-- -->", b" ", b"<url><a></url>"])
def test_a_gzip_bomb_costs_no_memory(filling: bytes) -> None:
    bomb = gzip.compress(OPEN.encode() + filling * (60 * 2**20 // len(filling)) + b"</urlset>")
    run = subprocess.run([sys.executable, "-c", READER], input=bomb, capture_output=True, check=True)
    assert int(run.stdout) < 48 * 1024  # KiB


PATHS = st.text("abcdefghij-0123456789é/_", min_size=1, max_size=20).map(lambda path: path.strip("/") or "x")


@settings(deadline=None)
@given(
    st.lists(st.tuples(PATHS, st.dates()), min_size=1, max_size=10, unique_by=lambda pair: pair[0]),
    st.booleans(),
)
def test_a_generated_sitemap_comes_back(pairs: list[tuple[str, object]], zipped: bool) -> None:
    entries = "".join(f"<url><loc>https://h.example/{path}</loc><lastmod>{day}</lastmod></url>" for path, day in pairs)
    document = (OPEN + entries + "</urlset>").encode()
    finding = read(gzip.compress(document) if zipped else document)
    assert finding.problem is None
    assert len(finding.leads) == len({lead.url for lead in finding.leads}) == len(pairs)
    for lead, (path, _) in zip(finding.leads, pairs, strict=True):
        assert lead.url == "https://h.example/" + path.replace("é", "%C3%A9")


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_damage_raises(noise: bytes, at: int) -> None:
    whole = gzip.compress((OPEN + entry(1) + "</urlset>").encode())
    assert read(whole[:at] + noise + whole[at:]) is not None
