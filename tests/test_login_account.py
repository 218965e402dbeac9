"""Whose account the environment gives, where it may be shown, and what is kept of what it brings."""

import base64
import gzip
import html
import json
import zlib
from concurrent.futures import Future
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request

from archive.errors import UsageError
from archive.http import parse_answer
from archive.model import Kind
from archive.withhold import MARKER
from crawler.account import Account, account_of, missing
from crawler.kept import head_only, keep
from crawler.redaction import secrets_of
from crawler.session import Session
from crawler.spellings import looks_drawn, struck
from spiders.kit.login import Login
from spiders.kit.outlet import Outlet

PAGE = "https://gazette.example/login"
WORD = "Gargoyle-77/ü"
FORM = Login(PAGE, check=".menu")


def outlet(login: Login | None = FORM, home: str = "https://gazette.example/") -> Outlet:
    return Outlet("al-gazette", "Gazette", home, ("en",), login=login)


def of(**values: str) -> dict[str, str]:
    return {f"HEMEROTECA_LOGIN_AL_GAZETTE_{name}": value for name, value in values.items()}


@pytest.mark.parametrize(
    ("login", "values", "account", "lacking"),
    [
        (None, of(USER="u", PASSWORD=WORD), None, ()),
        (FORM, {}, None, ("USER", "PASSWORD")),
        (FORM, of(USER="u"), None, ("PASSWORD",)),
        (FORM, of(USER="u", PASSWORD=" "), None, ("PASSWORD",)),  # noqa: S106
        (FORM, of(USER="u", PASSWORD=WORD), Account("form", "u", WORD), ()),
        (FORM, of(USER="u", COOKIE="a=b"), Account("cookie", cookie="a=b"), ()),
        (Login(kind="cookie"), of(COOKIE="Cookie: a=b; c=d"), Account("cookie", cookie="a=b; c=d"), ()),
        (Login(kind="cookie"), of(USER="u", PASSWORD=WORD), None, ("COOKIE",)),
        (Login(kind="header"), of(HEADER=f"X-Key:  {WORD}"), Account("header", header=("X-Key", WORD)), ()),
    ],
)
def test_the_environment_decides_how_an_account_is_shown(
    login: Login | None, values: dict[str, str], account: Account | None, lacking: tuple[str, ...]
) -> None:
    assert account_of(outlet(login), values) == account
    assert missing(outlet(login), values) == tuple(of(**dict.fromkeys(lacking, "")))
    assert WORD not in repr(account)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("cookie", f"{WORD}"),
        ("cookie", f"a={WORD}\r\nX: y"),
        ("header", f"{WORD}"),
        ("header", f"Host: {WORD}"),
        ("header", f"X: {WORD}\nY: z"),
    ],
)
def test_a_value_that_cannot_be_sent_is_told_without_it(kind: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"HEMEROTECA_LOGIN_AL_GAZETTE_{kind.upper()}") as error:
        account_of(outlet(Login(kind=kind)), of(**{kind.upper(): value}))
    assert WORD not in str(error.value)


def test_words_of_a_field_are_no_secrets() -> None:
    found = secrets_of(of(HEADER=f"Authorization: Bearer {WORD}", COOKIE="consent=accepted; id=0a1b2c3d4e"))
    assert {WORD, "0a1b2c3d4e", f"Bearer {WORD}"} <= set(found)
    assert not {"Bearer", "Authorization:", "accepted"} & set(found)
    coded = base64.b64encode(f"quillon:{WORD}".encode()).decode()
    assert {"quillon", WORD, coded} <= set(secrets_of(of(HEADER=f"Authorization: Basic {coded}")))


def session(home: str, page: str | None, *allow: str) -> Session:
    def never(*_: Any) -> "Future[Any]":
        raise AssertionError

    return Session(outlet(Login(page), home), Account("form", "u", WORD), never, allow)


@pytest.mark.parametrize(
    ("url", "covered"),
    [
        ("https://gazette.example/a", True),
        ("https://GAZETTE.example:443/a", True),
        ("https://accounts.gazette.example/", True),
        ("http://gazette.example/a", False),
        ("https://gazette.example:8443/a", False),
        ("https://www.gazette.example/a", False),
        ("https://gazette.example.evil.example/a", False),
        ("https://evil.example/gazette.example", False),
        ("ftp://gazette.example/", False),
    ],
)
def test_a_session_is_shown_at_home_and_at_its_login_page_only(url: str, covered: bool) -> None:
    assert session("https://gazette.example/", "https://accounts.gazette.example/in").covers(url) is covered


@pytest.mark.parametrize(
    ("home", "allow", "safe"),
    [
        ("http://gazette.example/", (), False),
        ("http://127.0.0.9:8080/", (), False),
        ("http://127.0.0.9:8080/", ("127.0.0.9:8080",), True),
        ("http://127.0.0.9:8080/", ("127.0.0.9:80",), False),
        ("http://localhost:8080/", ("127.0.0.1:8080",), True),
        ("http://[::1]:8080/", ("[::1]:8080",), True),
        ("http://10.0.0.1:8080/", ("10.0.0.1:8080",), False),
    ],
)
def test_no_secret_is_sent_in_the_clear(home: str, allow: tuple[str, ...], safe: bool) -> None:
    assert session(home, None, *allow).covers(f"{home}a") is safe


def test_a_request_is_dressed_anew_each_time_it_is_sent() -> None:
    ours = Session(outlet(Login(kind="cookie")), Account("cookie", cookie="id=0a1b2c3d; b=c"), lambda *_: Future())
    request = Request("https://gazette.example/a", meta={"kind": Kind.ARTICLE}, headers={"Cookie": "left=over"})
    ours.dress(request)
    assert request.headers["Cookie"] == b"id=0a1b2c3d; b=c"
    assert request.meta["session"] == "al-gazette"
    ours.over("told")
    ours.dress(request)
    assert "Cookie" not in request.headers
    assert request.meta["session"] == "anonymous"


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nX-Reader: %b\r\n"
TEXT = f"<html><body><p class=menu>Hello {html.escape(WORD)}</p><p>The rest of it.</p></body></html>".encode()
VALUES = (WORD,)


def kept(head: bytes, body: bytes) -> Any:
    block = ANSWER % WORD.encode() + head + b"\r\n" + body
    return keep(
        b"GET /?u=Gargoyle-77%2F%C3%BC HTTP/1.1\r\n\r\n", block, "https://gazette.example/", FORM, VALUES, form=False
    )


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: %d\r\n" % len(TEXT), TEXT),
        (b"Transfer-Encoding: chunked\r\n", b"".join(b"1\r\n%c\r\n" % each for each in TEXT) + b"0\r\n\r\n"),
        (b"Content-Encoding: gzip\r\n", gzip.compress(TEXT)),
        (b"Content-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n",
         b"%x\r\n%b\r\n0\r\n\r\n" % (len(zlib.compress(TEXT)), zlib.compress(TEXT))),
        (b"", TEXT),
    ],
    ids=["plain", "chunked", "gzip", "deflate-chunked", "until-closed"],
)  # fmt: skip
def test_a_page_is_kept_without_the_secret_however_it_was_packed(head: bytes, body: bytes) -> None:
    found = kept(head, body)
    answer = parse_answer(found.answer)
    assert answer.problem is None
    assert answer.body == TEXT.replace(WORD.encode(), MARKER)
    assert answer.header("x-reader") == MARKER.decode()
    assert found.changed
    assert found.shows is True
    assert found.asks is False
    assert found.asked == b"GET /?u=[withheld] HTTP/1.1\r\n\r\n"


def test_a_page_without_a_secret_is_kept_byte_for_byte() -> None:
    block = b"HTTP/1.1 200 OK\nA:b\nContent-Encoding: gzip\n\n" + gzip.compress(b"<p>Nothing here</p>")
    found = keep(b"GET / HTTP/1.1\r\n\r\n", block, "https://gazette.example/", FORM, VALUES, form=False)
    assert (found.answer, found.changed, found.shows) == (block, False, False)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Encoding: gzip\r\n", gzip.compress(TEXT * 50)[:-20]),
        (b"Content-Encoding: gzip\r\n", b"no gzip: " + WORD.encode()),
        (b"Content-Encoding: compress\r\n", b"unknown: " + WORD.encode()),
        (b"Content-Encoding: gzip\r\n", gzip.compress(TEXT + b" " * 34_000_000)),
        (b"Content-Length: 9999\r\n", TEXT),
    ],
    ids=["cut", "no-gzip", "unknown-coding", "bomb", "short"],
)
def test_a_broken_page_holds_no_secret_either(head: bytes, body: bytes) -> None:
    found = kept(head, body)
    read = parse_answer(found.answer)
    for data in (found.answer, read.body):
        assert WORD.encode() not in data
    assert found.shows is None


def test_a_body_that_nobody_can_look_at_is_left_out() -> None:
    block = ANSWER % WORD.encode() + b"Content-Length: 30\r\n\r\n" + TEXT
    found = head_only(b"GET / HTTP/1.1\r\n\r\n", block, VALUES)
    assert found.answer.endswith(b"X-Reader: [withheld]\r\nContent-Length: 10\r\n\r\n[withheld]")


SPELLINGS = (
    str,
    lambda value: "".join(each.upper() if each.isascii() else each for each in value),
    lambda value: quote(value, safe=""),
    quote_plus,
    lambda value: quote(quote(value, safe=""), safe=""),
    lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    html.escape,
    lambda value: "".join(f"&#{ord(each)};" for each in value),
    lambda value: "".join(f"&#x{ord(each):X};" for each in value),
    lambda value: json.dumps(value)[1:-1],
    lambda value: json.dumps(value, ensure_ascii=False)[1:-1].replace("/", "\\/"),
    lambda value: "".join(f"\\u{ord(each):04x}" if not each.isalnum() else each for each in value),
    lambda value: base64.b64encode(f"reader:{value}".encode()).decode(),
    lambda value: base64.urlsafe_b64encode(f"a longer name:{value}".encode()).decode(),
)


@settings(deadline=None, max_examples=50)
@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=767, exclude_categories=["Cc", "Zs"]), min_size=9),
    st.sampled_from(SPELLINGS),
    st.binary(max_size=40),
)  # fmt: skip
def test_a_secret_is_struck_out_of_bytes_in_every_spelling(secret: str, spell: Any, around: bytes) -> None:
    said = spell(secret).encode()
    left = struck(around + b" <" + said + b"> " + around, [secret])
    assert said not in left
    assert secret.encode() not in left
    assert MARKER in left


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_bytes_without_a_secret_stay(data: bytes) -> None:
    assert struck(data, ["Gargoyle-77-which-is-not-there", "short"]) == data


@pytest.mark.parametrize(
    ("value", "drawn"),
    [
        ("0a1b2c3d4e5f", True), ("tok_7f6e5d4c3b2a1908", True), ("qWeRtYuIoPaSdFgHjKlZ", True),
        ("1690999999999999", True), ("accepted", False), ("fr-FR", False), ("2023-08-04", False), ("1690999999", False),
        ("/a/b/c/d/e/f/g/h/1/2/3", False), ("user_login_form", False), ("https://gazette.example/1", False),
        ("", False),
    ],
)  # fmt: skip
def test_what_looks_drawn(value: str, drawn: bool) -> None:
    assert looks_drawn(value) is drawn
