"""Requests as they were sent: redirects, retries, forms, credentials, proxies."""

from collections.abc import Iterator

import pytest
import scrapy
from hypothesis import given
from hypothesis import strategies as st

from archive.withhold import REQUEST_FIELDS, RESPONSE_FIELDS, withhold
from crawler.exchange import target_of
from tests.wire_crawl import TEXT, Crawled, crawled, records_in, requests, sized
from tests.wire_crawl import crawl as run
from tests.wire_server import Script, WireServer, certificate

SENT = {
    "moved": Script(sized(b"see there", b"Location: /target", first=b"HTTP/1.1 301 Ailleurs\r\n")),
    "moved-twice": Script(sized(b"and there", b"Location: /moved", first=b"HTTP/1.1 302 Plus loin\r\n")),
    "target": Script(sized(TEXT)),
    "failing": Script(sized(b"later", first=b"HTTP/1.1 503 Plus tard\r\n")),
    "broken": Script(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf of it", "close"),
    "form": Script(sized(b"thanks")),
    "secret": Script(sized(b"for you", b"Set-Cookie: sid=TOPSECRET", b"X-A: b")),
    "private": Script(sized(b"for you", b"Set-Cookie: sid=TOPSECRET", b"X-A: b")),
    "odd?a=%C3%A9&b=a+b&c=%2F": Script(sized(TEXT)),
}
KEYS = {"Cookie": "sid=TOPSECRET", "Authorization": "Basic TOPSECRET", "X-Kept": "yes"}
FORM = {"method": "POST", "body": "user=a&password=TOPSECRET"}
RETRIED = {"meta": {"dont_retry": False}}
SPECIAL = {
    "failing": RETRIED,
    "broken": RETRIED,
    "form": FORM,
    "secret": {"headers": KEYS},
    "private": {"headers": KEYS, **FORM, "meta": {"session": "login"}},
}


@pytest.fixture(scope="module", params=["http", "https", "tunnel"])
def crawl(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    names = [name for name in SENT if name not in ("target", "moved")]
    with crawled(request.param, tmp_path_factory.mktemp(request.param), SENT, names, **SPECIAL) as found:
        yield found


def test_each_step_of_a_redirect_is_a_record(crawl: Crawled) -> None:
    for name in ("moved-twice", "moved", "target"):
        assert crawl.blocks("response", name) == [SENT[name].sent]
        assert crawl.blocks("request", name) == crawl.server.asked[f"/{name}"]
    assert crawl.ends("target")[0]["of"] == crawl.exchanges("target")[0]["exchange"]


@pytest.mark.parametrize("name", ["failing", "broken"])
def test_each_retry_is_a_record(crawl: Crawled, name: str) -> None:
    assert crawl.blocks("response", name) == [SENT[name].sent] * 2
    assert crawl.server.asked[f"/{name}"] == crawl.blocks("request", name)
    exchanges = crawl.exchanges(name)
    assert len({exchange["exchange"] for exchange in exchanges}) == 2
    assert {exchange["truncated"] for exchange in exchanges} == {"disconnect" if name == "broken" else None}


def test_a_form_is_recorded_with_its_body(crawl: Crawled) -> None:
    assert crawl.blocks("request", "form") == crawl.server.asked["/form"]
    assert crawl.blocks("request", "form")[0].endswith(b"\r\n\r\nuser=a&password=TOPSECRET")


def test_an_odd_address_is_recorded_as_asked(crawl: Crawled) -> None:
    name = "odd?a=%C3%A9&b=a+b&c=%2F"
    assert crawl.blocks("request", name) == crawl.server.asked[f"/{name}"]
    assert crawl.blocks("request", name)[0].startswith(b"GET /odd?a=%C3%A9&b=a+b&c=%2F HTTP/1.1\r\n")


def test_credentials_are_withheld(crawl: Crawled) -> None:
    (sent,) = crawl.server.asked["/secret"]
    assert sent.count(b"TOPSECRET") == 2
    (block,) = crawl.blocks("request", "secret")
    marked = sent.replace(b"sid=TOPSECRET", b"[withheld]").replace(b"Basic TOPSECRET", b"[withheld]")
    assert block == marked
    assert crawl.blocks("response", "secret") == [SENT["secret"].sent]
    assert crawl.server.asked["/private"][0].count(b"TOPSECRET") == 3
    (asked,) = crawl.blocks("request", "private")
    (answered,) = crawl.blocks("response", "private")
    assert b"TOPSECRET" not in asked + answered
    assert b"\r\nX-Kept: yes\r\n" in asked
    assert asked.endswith(b"\r\n\r\n[withheld]")
    assert answered == SENT["private"].sent.replace(b"sid=TOPSECRET", b"[withheld]")


def test_a_record_names_no_user_and_no_password() -> None:
    asked = scrapy.Request("https://reader:TOPSECRET@press.example:8443/a?b=c#d")
    assert target_of(asked) == "https://press.example:8443/a?b=c"


def test_through_a_plain_proxy(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("proxy")
    certificate(folder, "localhost")
    url = "http://press.example/plain"
    proxy = WireServer({url: SENT["target"]})
    lines = run(folder, requests("http://press.example", ["plain"], {"proxy": f"http://127.0.0.1:{proxy.port}"}))
    assert [(line["url"], line["ip"]) for line in lines if "exchange" in line] == [(url, None)]
    found = records_in(folder)
    assert [r.block for r in found if r.type == "response"] == [SENT["target"].sent]
    assert [r.block for r in found if r.type == "request"] == proxy.asked[url]
    assert all(record.header("WARC-IP-Address") is None for record in found)
    proxy.close()


def test_without_a_recorder_it_is_scrapys_handler(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bare")
    certificate(folder, "localhost")
    server = WireServer({"/target": SENT["target"]})
    lines = run(folder, requests(f"http://localhost:{server.port}", ["target"]), record=False)
    assert [(line["status"], line["body"]) for line in lines if "response" in line] == [(200, len(TEXT))]
    assert b"Exchange" not in server.asked["/target"][0]
    assert not list(folder.rglob("*.warc.gz*"))
    server.close()


def test_withholding_leaves_every_other_byte() -> None:
    first, last = b"GET / HTTP/1.1\r\ncOOkie :", b"X: cookie: no\r\nCookie2: kept\r\n\r\n"
    block = first + b"  a=1\r\n b=2\r\n" + last + b"Cookie: in the body"
    assert withhold(block, REQUEST_FIELDS) == first + b" [withheld]\r\n" + last + b"Cookie: in the body"
    assert withhold(block, REQUEST_FIELDS, body=True) == first + b" [withheld]\r\n" + last + b"[withheld]"
    assert withhold(b"GET / HTTP/1.1\r\nCookie: cut", REQUEST_FIELDS).endswith(b"\r\nCookie: [withheld]")


@given(st.binary(max_size=300), st.binary(max_size=100))
def test_withholding_changes_nothing_where_there_is_nothing(head: bytes, body: bytes) -> None:
    for block in (head, b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body):
        if b"set-cookie" not in block.lower():
            assert withhold(block, RESPONSE_FIELDS) == block
