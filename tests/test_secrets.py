"""What is said and stored holds no secret: texts, addresses, requests and answers."""

import json
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from archive.withhold import MARKER, REQUEST_FIELDS, RESPONSE_FIELDS, withhold, without_user
from crawler.redaction import clean, secret_values
from spiders.kit.addresses import resolve, shown, web_link

WORD = "Gargoyle-77"


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """The variables for a while; for property tests, which may not use a fixture per example."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@pytest.mark.parametrize(
    "text",
    [
        f"no answer from http://reader:{WORD}@gazette.example/a",
        f"//reader:{WORD}@gazette.example/a",
        f"https:\\\\reader:{WORD}@gazette.example/a",
        f"http://{WORD}@gazette.example",
        f"b'http://reader:a@{WORD}@gazette.example/a'",
        f"http://reader:with/{WORD}@gazette.example/a",
        f"u=http%3A%2F%2Freader%3A{WORD}%40gazette.example%2Fa",
        f"u=http%253a%252f%252freader%253a{WORD}%2540gazette.example",
        f"http://reader%3A{WORD}%40gazette.example/",
        f'{{"u": "http:\\/\\/reader:{WORD}@gazette.example\\/"}}',
        f"Authorization: Bearer {WORD}",
        f"proxy-authorization: Basic {WORD}",
        f"GET / HTTP/1.1\r\nCookie: a=b;\r\n id={WORD}\r\nHost: x",
        f"GET /\\r\\nCookie: id={WORD}\\r\\n",
        f"{{b'Set-Cookie': [b'a=]b', b'id={WORD}; Path=/'], b'Host': [b'x']}}",
        f'{{"cookie": "a=\\"b\\"; id={WORD}"}}',
        f"[('Authorization', 'Basic {WORD}')]",
    ],
)
def test_addresses_and_credential_fields_are_cleaned(text: str) -> None:
    shown = clean(text)
    assert WORD not in shown
    assert MARKER.decode() in shown


@pytest.mark.parametrize(
    "text",
    [
        "https://gazette.example:8443/@author/a?b=c@d",
        "http://[2001:db8::1]:80/a@b",
        "user agent hemeroteca/0.1.0 (+desk@gazette.example)",
        "the cookie wall stands in place of the text",
        "http://gazette.example/;a=1,b=2 took 3:20 // and so on",
    ],
)
def test_the_rest_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


SPELLINGS = (
    str,
    lambda value: quote(value, safe=""),
    lambda value: quote(value).lower() if value.isascii() and value.islower() else quote(value),
    quote_plus,
    lambda value: quote(quote(value, safe=""), safe=""),
    json.dumps,
    lambda value: json.dumps(value, ensure_ascii=False),
    repr,
    lambda value: repr(value.encode()),
    lambda value: b64encode(f"reader:{value}".encode()).decode(),
    lambda value: b64encode(f"somebody else:{value}".encode()).decode(),
)


@settings(deadline=None, max_examples=60)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs"]), min_size=8, max_size=20), st.sampled_from(SPELLINGS)
)
def test_a_password_is_found_in_every_spelling(password: str, spell: object) -> None:
    said = spell(password)  # type: ignore[operator]
    assume("answer" not in said and len(said.strip("\"'b")) > 4)
    with environment(HEMEROTECA_LOGIN_GAZETTE_USER="reader", HEMEROTECA_LOGIN_GAZETTE_PASSWORD=password):
        shown = clean(f"the answer was <{said}>, no answer")
    assert password not in shown
    assert said.strip("\"'b") not in shown
    assert MARKER.decode() in shown


def test_every_variable_of_a_login_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMEROTECA_LOGIN_GAZETTE_COOKIE", "consent=1; MPSESSID=0a1b2c3d4e")
    monkeypatch.setenv("HEMEROTECA_LOGIN_GAZETTE_USER", "anna")
    monkeypatch.setenv("https_proxy", "http://desk:pass%40word@127.0.0.1:3128")
    assert clean("session 0a1b2c3d4e of anna") == "session [withheld] of [withheld]"
    assert clean("annals of anna") == "annals of [withheld]"
    assert "pass@word" not in clean("proxy says pass@word")
    assert b64encode(b"desk:pass@word").decode() not in clean(f"sent Basic {b64encode(b'desk:pass@word').decode()}")
    assert b"0a1b2c3d4e" in secret_values()
    assert b"pass@word" not in secret_values()


def test_secrets_in_a_request_are_withheld_wherever_they_stand() -> None:
    asked = b"POST /a?k=sesame-1 HTTP/1.1\r\nHost: h\r\nX-Api-Key: sesame-1\r\nCookie: a\r\n\tb\r\n\r\nuser=u"
    kept = withhold(asked, REQUEST_FIELDS, body=True, values=[b"sesame-1"])
    assert kept == (
        b"POST /a?k=[withheld] HTTP/1.1\r\nHost: h\r\nX-Api-Key: [withheld]\r\nCookie: [withheld]\r\n\r\n[withheld]"
    )


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\n\n"])
@pytest.mark.parametrize("line", [b"Set-Cookie: id=1", b"SET-COOKIE : id=1", b"A: b\r\r\n\r\r\nSet-Cookie2: id=1"])
def test_set_cookie_is_withheld_however_it_is_written(before: bytes, line: bytes) -> None:
    block = before + b"HTTP/1.1 200 OK\r\n" + line + b"\r\nServer: s\r\n\r\nSet-Cookie: id=1"
    kept = withhold(block, RESPONSE_FIELDS)
    assert kept.partition(b"\r\n\r\n")[0].count(b"id=1") == 0
    assert kept.endswith(b"\r\nServer: s\r\n\r\nSet-Cookie: id=1")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_what_names_no_credentials_is_kept_byte_for_byte(data: bytes) -> None:
    assert withhold(data, frozenset()) == data


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("http://u:p@h.example/a@b", "http://h.example/a@b"),
        ("HTTPS://u:p@x@h.example", "HTTPS://h.example"),
        ("//u:p@h.example/a", "//h.example/a"),
        ("http:\\\\u:p@h.example", "http:\\\\h.example"),
        ("http:u:p@h.example", "http:h.example"),
        ("ftp://u:p@h.example/", "ftp://h.example/"),
        ("https://h.example/a@b?c=http://d@e", "https://h.example/a@b?c=http://d@e"),
        ("mailto:a@h.example", "mailto:a@h.example"),
        ("a@b", "a@b"),
    ],
)
def test_addresses_without_their_user(url: str, bare: str) -> None:
    assert without_user(url) == bare
    assert without_user(bare) == bare


@pytest.mark.parametrize(
    "link",
    [
        f"ftp://u:{WORD}@h.example/a", f"http://u:{WORD}/x@h.example/", f"u:{WORD}@h.example/a", f"http://u:{WORD}@[x/",
        f"//u:{WORD}@h.example:port/", f"http:\\\\u:{WORD}@a b/",
    ],
)  # fmt: skip
def test_a_refused_link_is_kept_without_what_may_be_a_password(link: str) -> None:
    assert resolve(link) is None
    assert WORD not in shown(link)


@pytest.mark.parametrize(
    "link", ["mailto:a@h.example", "javascript:write('a@b')", "data:text/plain,a@b", "tel:1", "/a/@b", "a@b"]
)
def test_other_links_are_kept_whole(link: str) -> None:
    assert shown(link) == link


@settings(deadline=None)
@given(st.text("aA0:@/\\?#%.-[] \n\té", max_size=30), st.sampled_from(["http://", "https:", "//", "/", "", "HTTP:\\"]))
def test_no_address_of_ours_names_a_user(rest: str, begin: str) -> None:
    for found in (resolve(begin + rest, "https://g.example/"), web_link(begin + rest, "https://g.example/")):
        assert found is None or "@" not in found.split("?")[0].split("#")[0].split("/")[2]
