"""Nothing of others runs, loads, turns or leaks in the reading room, and nobody asks it in SQL."""

import csv
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from archive.http import parse_answer
from archive.readingroom.formulas import Guard, safe
from archive.readingroom.ink import apart, outward, plain, web_address
from archive.readingroom.replay import cleaned, inert_page
from archive.readingroom.serve import room
from tests.readingroom_browser import seen_in_browser
from tests.readingroom_corpus import build
from tests.readingroom_visit import EDITED, Ask, asking

HOSTILE = "meridian-2023-09-02-script-alert-title-script-egdirb-the-kolonda-bridge"
PAGES = [
    "/",
    "/search",
    "/search?q=bridge",
    "/search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    '/search?q="',
    "/search?topic=%3Cscript%3E&outlet=%22onload=",
    f"/article/{HOSTILE}",
    f"/article/{HOSTILE}?q=%22%3E%3Cscript%3E",
    f"/article/{EDITED}/diff",
    "/topic/bridge-2023",
    "/topic/bridge-2023/label",
    "/topic/bridge-2023/label?article=%3Cscript%3E&after=%22&n=x&seed=%27",
    "/outlet/rivage",
    "/outlet/meridian",
    "/coverage",
    "/download",
    "/corpus",
    "/corpus/articles",
    "/corpus/articles?_facet=title",
    f"/corpus/articles/{HOSTILE}",
    "/corpus/leads",
    "/corpus/authors",
    "/corpus/images",
    "/corpus?sql=select+1",
    "/~3Cscript~3E",
    "/article/~3Cscript~3E",
]
OTHERS = [
    "/robots.txt",
    "/room/room.css",
    "/search.json?q=bridge",
    "/search.csv?q=bridge",
    f"/article/{HOSTILE}.json",
    f"/article/{HOSTILE}.bib",
    f"/article/{HOSTILE}.ris",
    "/topic/bridge-2023.atom",
    "/corpus/articles.json",
    "/corpus/articles.csv",
    "/-/versions.json",
    "/nothing.json",
]
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("inert") / "corpus"
    build(path)
    return path


@pytest.fixture(scope="module")
def ask(folder: Path) -> Iterator[Ask]:
    from archive.corpus import Corpus

    with asking(Corpus(folder)) as asked:
        yield asked


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_every_answer_carries_the_headers(ask: Ask, path: str) -> None:
    headers = ask(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "noindex" in headers["x-robots-tag"]


@pytest.mark.parametrize("path", PAGES)
def test_no_text_of_others_becomes_markup(ask: Ask, path: str) -> None:
    answer = ask(path)
    document = html.document_fromstring(answer.text)
    # Datasette's table pages bring two scripts of their own, which the policy forbids to run
    for script in document.iter("script"):
        assert "alert" not in (script.text or "") + str(script.attrib)
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in ("img", "object", "embed", "base"), path
        assert not [name for name in element.attrib if name.startswith("on")], path
        for name in ("href", "src", "action"):
            target = element.get(name) or ""
            assert re.match(r"(https?:|/|\?|#|$)", target), (path, target)
            if target.startswith("http") and not target.startswith("http://localhost/"):
                assert "noreferrer" in element.get("rel", ""), (path, target)
    assert not TURNING.search(answer.text)
    assert len(answer.content) < 300_000


def test_a_huge_title_does_not_make_a_huge_list(tmp_path: Path) -> None:
    corpus = build(tmp_path / "corpus")
    db = corpus.database()
    db.execute("UPDATE articles SET title = ? || id", ["bridge " * 30_000])
    db.conn.commit()
    db.close()
    with asking(corpus) as ask_it:
        for path in (
            "/",
            "/search",
            "/search?q=kolonda",
            "/topic/bridge-2023",
            "/topic/bridge-2023/label",
            "/outlet/rivage",
            "/corpus/articles",
            "/corpus/articles?_facet=title",
        ):
            answer = ask_it(path)
            assert answer.status_code == 200
            assert len(answer.content) < 300_000, path


def test_csv_has_no_formula_and_loses_nothing_else(ask: Ask) -> None:
    for path in ("/corpus/articles.csv?_size=max", "/corpus/authors.csv", "/corpus/tags.csv", "/search.csv"):
        table = list(csv.reader(io.StringIO(ask(path).text)))
        assert len(table) > 1
        assert not [cell for line in table for cell in line if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    names = {line["name"] for line in csv.DictReader(io.StringIO(ask("/corpus/authors.csv").text))}
    assert {"'=HYPERLINK(1)", "Mireille Imaginaire"} <= names
    assert len(list(csv.DictReader(io.StringIO(ask("/corpus/articles.csv?_stream=1").text)))) == 19


cells = st.text(st.sampled_from("ab=+-@\t\r\n,\"'é"), max_size=8)


@settings(deadline=None)
@given(st.lists(st.lists(cells, min_size=2, max_size=3), min_size=1, max_size=4), st.integers(1, 7))
def test_the_guard_changes_first_characters_only(table: list[list[str]], step: int) -> None:
    written = io.StringIO()
    csv.writer(written).writerows(table)
    stream = written.getvalue().encode()
    guard = Guard()
    pieces = [guard.feed(stream[at : at + step]) for at in range(0, len(stream), step)]
    guarded = b"".join([*pieces, guard.close()])
    assert guarded == safe(stream)
    back = list(csv.reader(io.StringIO(guarded.decode(), newline="")))
    expected = [["'" + cell if cell[:1] in tuple("=+-@\t\r") else cell for cell in line] for line in table]
    assert back == expected


@pytest.mark.parametrize(
    "sql",
    [
        "select randomblob(900000000)",
        "select replace(hex(zeroblob(100000000)), '00', 'aaaaaaaa')",
        "attach 'x.db' as x",
        "pragma table_info(articles)",
        "delete from articles",
    ],
)
def test_sql_is_off(ask: Ask, sql: str) -> None:
    begun = time.monotonic()
    for path in (f"/corpus?sql={sql}", f"/corpus.json?sql={sql}", f"/corpus/articles?_where={sql}"):
        assert ask(path).status_code in (400, 403), path
    assert time.monotonic() - begun < 6
    assert ask("/corpus.db").status_code == 403


def test_sql_can_be_switched_on(folder: Path) -> None:
    from archive.corpus import Corpus

    with asking(Corpus(folder), {"default_allow_sql": True}) as ask_it:
        asked = ask_it("/corpus.json?sql=select+norm('Ñandú')+as+folded&_shape=array")
        assert asked.json() == [{"folded": "nandu"}]


def test_the_archived_page_stands_alone(ask: Ask) -> None:
    capture = ask(f"/article/{EDITED}.json").json()["capture"]["id"]
    frame = html.document_fromstring(ask(f"/replay/{capture}").text)
    (iframe,) = frame.iter("iframe")
    assert iframe.get("sandbox") == ""
    assert iframe.get("src") == f"/replay/{capture}/page"
    stands = ask(iframe.get("src"))
    policy = stands.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "frame-ancestors 'self'" in policy
    assert "allow-" not in policy
    document = html.document_fromstring(stands.text)
    assert "qui gagne au péage" in document.text_content()
    assert "[picture: Lorries at the bridge]" in document.text_content()
    for tag in ("script", "iframe", "img", "link", "object"):
        assert not list(document.iter(tag)), tag
    assert not re.search(r"\b(href|src|action|onload)=", stands.text)


def test_a_record_that_is_gone_gets_a_sentence(tmp_path: Path) -> None:
    corpus = build(tmp_path / "corpus")
    for file in corpus.warc_files():
        file.unlink()
    with asking(corpus) as ask_it:
        capture = ask_it(f"/article/{EDITED}.json").json()["capture"]["id"]
        answer = ask_it(f"/replay/{capture}")
        assert answer.status_code == 200
        assert "cannot be shown" in answer.text
        assert ask_it(f"/replay/{capture}/page").status_code == 404


@pytest.mark.parametrize(
    ("content_type", "body", "shown"),
    [
        ("text/html", b"<p>caf\xe9</p>", "café"),
        ("text/html; charset=windows-1256", "مرحبا".encode("cp1256"), "مرحبا"),
        ("text/html; charset=nonsense", "né".encode(), "né"),
        ("application/rss+xml", b"<rss><script>alert(1)</script></rss>", "<script>alert(1)</script>"),
        ("application/json", b'{"a": "<b>"}', '{"a": "<b>"}'),
        ("image/png", b"\x89PNG", "4 bytes of image/png"),
        ("text/html", b"", ""),
    ],
)
def test_any_answer_can_be_looked_at(content_type: str, body: bytes, shown: str) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n".encode()
    document = html.document_fromstring(inert_page(parse_answer(head + body)))
    assert shown in document.text_content()
    assert not list(document.iter("script"))


@settings(deadline=None)
@given(st.text(st.sampled_from("<>/\"'= abdefhiklmnoprstvxgcju:()!-\x00&;\n"), max_size=80))
def test_cleaning_leaves_nothing_that_acts(text: str) -> None:
    document = html.document_fromstring(cleaned(f"<html><body>{text}<p>end</p></body></html>"))
    for element in document.iter():
        if isinstance(element.tag, str):
            assert element.tag.rpartition(":")[2] not in ("script", "iframe", "object", "embed", "base", "meta", "link")
            assert not [name for name in element.attrib if name.startswith("on") or name in ("src", "action")]
            assert not element.get("href", "#").startswith("javascript")


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("https://a.example/x?y=1#z", True),
        ("HTTP://a.example/", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example/", False),
        ("https://", False),
        ("https://a.example/\u202etxt", False),
        ("http://[", False),
        (None, False),
    ],
)
def test_only_web_addresses_are_links(address: str | None, leads: bool) -> None:
    assert (web_address(address) is not None) is leads
    assert ("href" in outward(address)) is leads


@settings(deadline=None)
@given(st.text(max_size=60))
def test_text_stays_text(text: str) -> None:
    shown = apart(text)
    assert not TURNING.search(plain(text))
    parsed = html.fragment_fromstring(str(shown))
    assert parsed.tag == "bdi"
    assert not list(parsed)


@pytest.mark.browser
def test_nothing_runs_in_a_real_browser(folder: Path, tmp_path: Path) -> None:
    from archive.corpus import Corpus

    datasette = room(Corpus(folder))
    paths = (f"/article/{HOSTILE}", "/search?q=bridge", "/corpus/articles")
    for document in seen_in_browser(datasette.app(), paths, tmp_path):
        assert "Kolonda" in document.text_content()
        assert not document.cssselect("[onclick], [onerror], [onload]")
    for database in datasette.databases.values():
        database.close()
