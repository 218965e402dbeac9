"""From an answer to an outcome: every page ends in one, and nothing that a page holds raises."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.http import parse_answer
from archive.model import Access, Complete, Outcome, Reading
from spiders import mediapart
from spiders.kit.as_json import as_json
from spiders.kit.reading import read, read_answer

AT = datetime(2023, 8, 5, tzinfo=UTC)
URL = "https://www.paper.example/politics/a-story"
PARAGRAPHS = "".join(
    f"<p>Sentence number {n} of an invented report, long enough to be taken for text.</p>" for n in range(12)
)
PAGE = (
    "<!DOCTYPE html><html lang='en'><head><title>A story</title><meta property='og:type' content='article'>"
    "<meta property='article:published_time' content='2023-08-04T10:00:00Z'></head>"
    f"<body><article><h1>A story</h1>{PARAGRAPHS}<p>LASTMARK ends it.</p></article></body></html>"
)


def answer(
    body: str | bytes = PAGE,
    *,
    status: str = "200 OK",
    fields: str = "Content-Type: text/html; charset=utf-8\r\n",
    **said: str,
) -> Reading:
    data = body.encode() if isinstance(body, str) else body
    block = f"HTTP/1.1 {status}\r\n{fields}\r\n".encode() + data
    return read_answer(parse_answer(block, truncated=said.get("truncated")), url=URL, at=AT, outlet=None)


def test_a_whole_article() -> None:
    reading = answer()
    assert reading.outcome is Outcome.OK
    assert reading.article is not None
    assert reading.article.title == "A story"
    assert reading.article.blocks[-1].text == "LASTMARK ends it."
    assert answer() == reading


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("304 Not Modified", Outcome.NOT_MODIFIED),
        ("301 Moved Permanently\r\nLocation: /there", Outcome.REDIRECTED),
        ("301 Moved Permanently", Outcome.BAD_HTTP),
        ("404 Not Found", Outcome.HTTP_ERROR),
        ("503 Service Unavailable", Outcome.HTTP_ERROR),
    ],
)
def test_the_status_comes_first(status: str, outcome: Outcome) -> None:
    assert answer(status=status).outcome is outcome


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ("Content-Type: application/pdf\r\n", b"%PDF-1.7 ..."),
        ("Content-Type: text/html\r\n", b"%PDF-1.7 ..."),
        ("Content-Type: application/json\r\n", b'{"title": "A story"}'),
        ("", b'{"title": "A story"}'),
        ("Content-Type: application/rss+xml\r\n", b"<rss><channel></channel></rss>"),
        ("", b"<?xml version='1.0'?><rss><channel></channel></rss>"),
        ("Content-Type: image/png\r\n", b"\x89PNG...."),
        ("Content-Type: application/octet-stream\r\n", bytes(range(256)) * 9),
        ("", bytes(range(256)) * 9),
        ("Content-Type: text/html\r\n", b"MZ\x90\x00" + bytes(range(256)) * 9),
        ("Content-Type: text/html\r\n", b"(function(){ var a = 1; })();\n" * 90),
        ("Content-Type: text/html\r\n", b"body.story p { color: red }\n" * 90),
    ],
)
def test_what_is_no_page(fields: str, body: bytes) -> None:
    assert answer(body, fields=fields).outcome is Outcome.NOT_HTML


def test_an_answer_that_broke_off_is_never_whole() -> None:
    data = PAGE.encode()
    reading = answer(data[:-300], fields=f"Content-Type: text/html\r\nContent-Length: {len(data)}\r\n")
    assert reading.outcome is Outcome.TRUNCATED
    assert reading.article is not None
    assert reading.article.complete is Complete.NO
    assert reading.article.title == "A story"


@pytest.mark.parametrize(
    "body", ["", "   \n", "<html></html>", "<html><body><div id='root'></div><script>start()</script></body></html>"]
)
def test_a_page_without_text_is_empty(body: str) -> None:
    assert answer(body).outcome is Outcome.EMPTY


WALLS = {
    "challenge": "<title>Just a moment...</title><body><h1>Checking your browser</h1><div "
    "id='cf-challenge'></div></body>",
    "robot": "<title>Access denied</title><body><p>Please verify you are a human.</p><div "
    "class='g-recaptcha'></div></body>",
    "consent": "<title>The Paper</title><body><h1>We value your privacy</h1><p>We and our partners use "
    "cookies and process "
    "personal data with your consent.</p><form><button>Accept all "
    "cookies</button><button>Reject</button></form></body>",
    "login": "<title>Log in</title><body><h1>Log in to The Paper</h1><form><input name='user'><input "
    "type='password'>"
    "<button>Log in</button></form></body>",
    "french": "<title>Vérification</title><body><p>Un instant, vérification de votre connexion. Prouvez "
    "que vous n’êtes pas un robot.</p></body>",
}


@pytest.mark.parametrize("name", WALLS)
def test_a_wall_is_no_article(name: str) -> None:
    reading = answer(f"<html><head>{WALLS[name]}</html>")
    assert reading.outcome is Outcome.WALL
    assert reading.article is None or reading.article.blocks == ()


@pytest.mark.parametrize(
    "body",
    [
        "<title>404</title><body><h1>Page not found</h1><p>Sorry.</p></body>",
        "<title>Page introuvable</title><body><h1>Oups</h1><p>Cette page n'existe plus.</p></body>",
        "<title>The Paper</title><body><p>The requested article does not exist.</p></body>",
        "<title>الصفحة غير موجودة</title><body><h1>الصفحة غير موجودة</h1></body>",
    ],
)
def test_not_found_with_status_200(body: str) -> None:
    assert answer(f"<html><head>{body}</html>").outcome is Outcome.SOFT_404


@pytest.mark.parametrize(
    "title", ["Body not found in the river", "Access denied: what reporters face", "Cookies, consent and privacy"]
)
def test_an_article_about_such_things_is_an_article(title: str) -> None:
    assert answer(PAGE.replace("A story", title)).outcome is Outcome.OK


def test_a_cut_article_is_paywalled_and_keeps_its_text() -> None:
    cut = PAGE.replace("<p>LASTMARK ends it.</p>", "<div class='paywall'>Subscribe to continue reading.</div>")
    reading = answer(cut)
    assert reading.outcome is Outcome.PAYWALLED
    assert reading.article is not None
    assert (reading.article.access, reading.article.complete) == (Access.PAYWALLED, Complete.NO)
    assert "Subscribe" not in reading.article.text


SWALLOWED = {
    "too deep": "<div>" * 3000 + "<p>deep</p>" + "</div>" * 3000,
    "a script that never ends": "<script>var a = 1;",
    "a comment that never ends": "<!-- a note",
    "a quote that never ends": '<a href="/x>a link</a>',
    "a style that never ends": "<style>p { color: red }",
}


@pytest.mark.parametrize("name", SWALLOWED)
def test_text_that_the_parser_lost_is_flagged(name: str) -> None:
    reading = answer(PAGE.replace("<p>LASTMARK", SWALLOWED[name] + "<p>LASTMARK"))
    assert reading.outcome is Outcome.TEXT_INCOMPLETE
    assert reading.article is not None
    assert reading.article.complete is Complete.NO


@pytest.mark.parametrize(
    "harmless", ["<script>var a = '<p>b</p>';</script>", "<!-- <p>old</p> -->", "<div data-box='<p>b</p>'></div>"]
)
def test_markup_in_a_script_or_a_comment_is_no_loss(harmless: str) -> None:
    assert answer(PAGE.replace("<p>LASTMARK", harmless + "<p>LASTMARK")).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("Vérité inventée, frontière".encode("cp1252"), "Content-Type: text/html; charset=iso-8859-1\r\n"),
        ("Vérité inventée, frontière".encode("cp1252"), "Content-Type: text/html; charset=utf-8\r\n"),
        ("Vérité inventée, frontière".encode(), "Content-Type: text/html; charset=iso-8859-1\r\n"),
        # one bad byte in a page of UTF-8, and a server that calls all its pages Latin
        (
            "Vérité inventée, frontière, été, à côté, là".encode() + b" \xe9 ",
            "Content-Type: text/html; charset=iso-8859-1\r\n",
        ),
        ("Vérité inventée, frontière".encode("utf-16"), "Content-Type: text/html\r\n"),
        ("\ufeffVérité inventée, frontière".encode(), ""),
    ],
)
def test_the_character_set_is_the_one_that_fits(body: bytes, fields: str) -> None:
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else None
    start, end = "<html><body><article><p>", f"</p>{PARAGRAPHS}</article></body></html>"
    page = (start + body.decode("utf-16") + end).encode("utf-16") if encoding else start.encode() + body + end.encode()
    reading = answer(page, fields=fields)
    assert reading.article is not None
    assert "Vérité inventée, frontière" in reading.article.text


def test_an_arabic_page_of_another_character_set() -> None:
    words = "الجنود المخترعون في هذه الجملة غادروا العاصمة المخترعة منذ زمن طويل. " * 6
    page = (
        f"<html><head><meta charset='windows-1256'></head><body><article><p>{words}</p></article></body></html>".encode(
            "cp1256"
        )
    )
    reading = answer(page, fields="Content-Type: text/html\r\n")
    assert reading.article is not None
    assert words.strip() in reading.article.text
    assert reading.article.language == "ar"


def test_bytes_in_no_character_set_are_undecodable() -> None:
    noise = bytes(range(128, 256)) * 40 + bytes(range(1, 32)) * 10
    assert answer(b"<html><body><p>" + noise * 4, fields="Content-Type: text/html; charset=utf-8\r\n").outcome in (
        Outcome.UNDECODABLE,
        Outcome.EMPTY,
        Outcome.OK,
    )


NASTY = """
<div>
</div>
<p>
<script>
</script>
<!--
-->
<svg><p>
<table><tr>
&#0;
&#x110000;
<script type="application/ld+json">
{"@type":"NewsArticle","author":[[{}]],"datePublished":[{}],"image":{"url":5}}
{"@type":"NewsArticle","hasPart":{"cssSelector":"p[["},"articleBody":7,"keywords":{"a":1}}
<meta property='og:title' content=''>
<base href='http://['>
<a href='http://[::1'>x</a>
<link rel=canonical href='http://['>
<time datetime='99999-99-99'>
<h1>
<figure><img src='http://['><figcaption>(Photo by / via )
<body hidden>
<html lang='x-klingon'>
""".strip().split("\n")
NASTY += ["\x00", "\ud800", "\u202e", "[" * 3000, "{" * 50]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=20)), max_size=25),
    st.integers(0, len(PAGE)),
    st.integers(0, len(PAGE)),
)
def test_no_page_raises_however_it_is_cut_nested_or_corrupted(pieces: list[str], at: int, cut: int) -> None:
    page = (PAGE[:at] + "".join(pieces) + PAGE[at:])[: max(cut, at)].encode("utf-8", "surrogatepass")
    for outlet in (None, mediapart.OUTLET):
        reading = read(page, url=URL, at=AT, outlet=outlet)
        assert reading.outcome is not Outcome.PARSE_FAILED, reading.reason
        assert read(page, url=URL, at=AT, outlet=outlet) == reading
        if reading.article is not None:
            as_json(reading.article, outcome=reading.outcome)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_raise(body: bytes) -> None:
    assert read(body, url=URL, at=AT).outcome is not Outcome.PARSE_FAILED


def test_the_line_of_json_has_every_key() -> None:
    article = answer().article
    assert article is not None
    said = as_json(article, outcome=Outcome.OK)
    expected = (
        "url outlet title standfirst kicker authors published modified language section tags text "
        "paragraphs images dateline access "
        "access_evidence complete attributions links canonical_url reader outcome reason"
    )
    assert set(expected.split()) <= set(said)
    assert said["published"] == "2023-08-04T10:00:00+00:00"
    assert said["reader"]["blocks"] == "trafilatura"
