"""The contract of the tap: each block in the WARC is what a plain socket receives, byte for byte.

The tap stands on private names of Scrapy and Twisted. When an upgrade changes what they do, this fails.
"""

import gzip
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archive.errors import HemerotecaError
from archive.http import parse_answer
from archive.records import Found, Record, walk
from archive.withhold import REQUEST_FIELDS, RESPONSE_FIELDS, withhold
from crawler import connection
from tests.wire_server import Script, TunnelServer, WireServer, certificate

CHECKOUT = Path(__file__).resolve().parent.parent
TEXT = b"<p>PREMIER mot d'un article invent\xc3\xa9.</p>" * 50
OK = b"HTTP/1.1 200 OK\r\n"
LIMIT = 300_000


def sized(body: bytes, *fields: bytes, first: bytes = OK) -> bytes:
    head = b"".join(field + b"\r\n" for field in fields)
    return first + head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunks(body: bytes, size: int, extension: bytes = b"", trailers: bytes = b"") -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    framed = b"".join(b"%X%s\r\n%s\r\n" % (len(part), extension, part) for part in parts)
    return framed + b"0\r\n" + trailers + b"\r\n"


CHUNKED = OK + b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
GZIPPED = gzip.compress(TEXT)
RAW = zlib.compressobj(wbits=-15)

# What comes whole: sent as it stands, recorded as it stands.
WHOLE = {
    "plain": Script(sized(TEXT, b"Content-Type: text/html")),
    "reason": Script(sized(TEXT, first=b"HTTP/1.1 200 Tout va bien, merci\r\n")),
    "reason-missing": Script(sized(TEXT, first=b"HTTP/1.1 200\r\n")),
    "reason-empty": Script(sized(TEXT, first=b"HTTP/1.1 200 \r\n")),
    "order-and-case": Script(
        sized(TEXT, b"x-Zeta: 1", b"SET-COOKIE: a=1", b"X-alpha: 2", b"Set-Cookie: b=2", b"x-zeta: 3", b"Empty:")
    ),
    "padding": Script(sized(TEXT, b"X-Pad:      wide    ", b"X-None:tight", b"X-Tab:\ttab\t")),
    "folding": Script(sized(TEXT, b"X-Folded: one", b"   two", b"\tthree")),
    "bad-line": Script(sized(TEXT, b"this line has no colon", b"X-After: yes")),
    "latin": Script(sized(TEXT, b"X-Titre: caf\xe9 \xc3\xa9")),
    "bare-line-feeds": Script(b"HTTP/1.1 200 OK\nContent-Length: 5\nX-A: b\n\nhello"),
    "chunked": Script(CHUNKED + chunks(TEXT, 700)),
    "chunk-extensions": Script(CHUNKED + chunks(TEXT, 333, b';name="a;b";flag')),
    "chunk-trailers": Script(CHUNKED + chunks(TEXT, 999, trailers=b"X-Checksum: abc\r\nX-More: d\r\n")),
    "chunk-zeros": Script(CHUNKED + b"0005\r\nhello\r\n00\r\n\r\n"),
    "gzip": Script(sized(GZIPPED, b"Content-Encoding: gzip")),
    "gzip-chunked": Script(OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(GZIPPED, 100)),
    "deflate": Script(sized(zlib.compress(TEXT), b"Content-Encoding: deflate")),
    "deflate-raw": Script(sized(RAW.compress(TEXT) + RAW.flush(), b"Content-Encoding: deflate")),
    "br": Script(sized(brotli.compress(TEXT), b"Content-Encoding: br")),
    "zstd": Script(sized(zstandard.compress(TEXT), b"Content-Encoding: zstd")),
    "every-byte": Script(sized(bytes(range(256)) * 30, b"Content-Type: application/octet-stream")),
    "byte-by-byte": Script(CHUNKED + chunks(b"a slow server", 3, b";x"), piece=1),
    "no-content": Script(b"HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n"),
    "not-modified": Script(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'),
    "empty": Script(sized(b"")),
    "not-found": Script(sized(b"nothing here", first=b"HTTP/1.1 404 Introuvable\r\n")),
    "no-fields": Script(OK + b"\r\n" + TEXT, "close"),
    "until-close": Script(OK + b"Content-Type: text/html\r\n\r\n" + TEXT, "close"),
    "http-1.0": Script(b"HTTP/1.0 200 OK\r\nServer: old\r\n\r\n" + TEXT, "close"),
    "large": Script(sized(os.urandom(200_000))),
}
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
# What is sent before or behind the answer, and is no part of it.
AROUND = {
    "early-hints": (EARLY + EARLY, sized(TEXT), b""),
    "continue": (b"HTTP/1.1 100 Continue\r\n\r\n" + EARLY, CHUNKED + chunks(TEXT, 500), b""),
    "surplus": (b"", sized(TEXT), b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"),
    "surplus-empty": (b"", b"HTTP/1.1 204 No Content\r\n\r\n", b"and a body all the same"),
}
# What does not come whole, and the reason that the record gives. The bytes that came are kept.
CUT = {
    "short": (Script(OK + b"Content-Length: 9999\r\n\r\n" + TEXT, "close"), "disconnect"),
    "short-chunk": (Script(CHUNKED + b"FFF\r\n" + TEXT, "close"), "disconnect"),
    "no-last-chunk": (Script(CHUNKED + chunks(TEXT, 500)[:-5], "close"), "disconnect"),
    "head-cut": (Script(OK + b"Content-Type: text/ht", "close"), "disconnect"),
    "only-early-hints": (Script(EARLY, "close"), "disconnect"),
    "reset-sized": (Script(OK + b"Content-Length: 9999\r\n\r\n" + TEXT, "reset"), "disconnect"),
    "reset-until-close": (Script(OK + b"\r\n" + TEXT, "reset"), "disconnect"),
    "bad-chunk": (Script(CHUNKED + b"5\r\nhello\r\nzz\r\nmore\r\n0\r\n\r\n"), "unspecified"),
    "no-http": (Script(b"<html>this is no HTTP</html>\r\n\r\n", "hold"), "unspecified"),
    "two-lengths": (Script(OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc", "hold"), "unspecified"),
    "promised-too-much": (Script(OK + b"Content-Length: 999999999\r\n\r\n" + TEXT, "hold"), "length"),
    "endless": (Script(OK + b"\r\n" + TEXT, "flood"), "length"),
    "endless-chunks": (Script(CHUNKED + chunks(b"a" * 20_000, 1)[:-5], "flood"), "unspecified"),
    "tiny-chunks": (Script(CHUNKED + chunks(b"a" * 90_000, 1)), "length"),
    "endless-head": (Script(OK + b"X: " + b"a" * 100, "flood"), "length"),
    "endless-interim": (
        Script(OK[:9] + b"102 Wait\r\n\r\n" + (OK[:9] + b"102 Wait\r\n\r\n") * 5000, "hold"),
        "length",
    ),
    "slow-body": (Script(OK + b"Content-Length: 9999\r\n\r\n" + TEXT, "hold"), "time"),
    "slow-head": (Script(OK + b"Content-Type: ", "hold"), "time"),
    "slow-until-close": (Script(OK + b"\r\n" + TEXT, "hold"), "time"),
}
TLS_ONLY = {
    "no-close-notify": (Script(OK + b"\r\n" + TEXT, "cut"), "disconnect"),
    "no-close-notify-sized": (Script(sized(TEXT), "cut"), None),
}
SILENT = {"silence": Script(b"", "hold"), "closed-at-once": Script(b"", "close")}
PAIRED = {
    "moved": Script(sized(b"see there", b"Location: /target", first=b"HTTP/1.1 301 Ailleurs\r\n")),
    "target": Script(sized(TEXT)),
    "failing": Script(sized(b"later", first=b"HTTP/1.1 503 Plus tard\r\n")),
    "form": Script(sized(b"thanks")),
    "secret": Script(sized(b"for you", b"Set-Cookie: sid=TOPSECRET", b"X-A: b")),
    "private": Script(sized(b"for you", b"Set-Cookie: sid=TOPSECRET", b"X-A: b")),
}


@dataclass
class Crawled:
    """What came of one crawl: lines that it said, records that it wrote, and the server it asked."""

    base: str
    server: WireServer
    lines: list[dict[str, Any]]
    records: list[Record]
    files: list[Path]

    def exchanges(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if "exchange" in line and line["url"] == f"{self.base}/{name}"]

    def blocks(self, kind: str, name: str) -> list[bytes]:
        return [r.block for r in self.records if r.type == kind and r.target_uri == f"{self.base}/{name}"]

    def ends(self, name: str) -> list[dict[str, Any]]:
        url = f"{self.base}/{name}"
        return [line for line in self.lines if url in (line.get("response"), line.get("error"))]

    def plain(self, name: str) -> bytes:
        return self.server.plain(f"/{name}", self.base.partition("//")[2])


def scripts(*, tls: bool) -> dict[str, Script]:
    found = {**WHOLE, **SILENT, **PAIRED, **{name: script for name, (script, _) in CUT.items()}}
    found |= {name: Script(b"".join(parts)) for name, parts in AROUND.items()}
    if tls:
        found |= {name: script for name, (script, _) in TLS_ONLY.items()}
    return {f"/{name}": script for name, script in found.items()}


def requests(base: str, names: list[str], meta: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    for name in names:
        words: dict[str, Any] = {"url": f"{base}/{name}", "meta": {"dont_retry": True, **meta}}
        if name.startswith(("slow", "silence")):
            words["meta"]["download_timeout"] = 4
        if name == "moved":
            words["meta"]["dont_redirect"] = False
        if name == "failing":
            del words["meta"]["dont_retry"]
        if name in ("form", "private"):
            words |= {"method": "POST", "body": "user=a&password=TOPSECRET"}
        if name in ("secret", "private"):
            words["headers"] = {
                "Cookie": "sid=TOPSECRET",
                "Authorization": "Basic TOPSECRET",
                "X-Kept": "yes",
            }
        if name == "private":
            words["meta"]["session"] = "login"
        made.append(words)
    return made


def crawl(folder: Path, asked: list[dict[str, Any]], *, record: bool = True, **settings: Any) -> list[dict[str, Any]]:
    settings = {"DOWNLOAD_MAXSIZE": LIMIT, "COOKIES_ENABLED": False, **settings}
    task = {"folder": str(folder), "record": record, "settings": settings, "requests": asked}
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    done = subprocess.run(
        [sys.executable, "-m", "tests.tapped_crawl"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env={**clean, "SSL_CERT_FILE": str(folder / "press.pem")},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines, done.stderr
    assert lines[-1] == {"closed": "finished"}, done.stderr
    return lines


@pytest.fixture(scope="module", params=["http", "https", "tunnel"])
def crawled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp(request.param)
    host = "press.example" if request.param == "tunnel" else "localhost"
    context, _ = certificate(folder, host)
    tls = request.param != "http"
    server = WireServer(scripts(tls=tls), context if tls else None)
    base = f"{'https' if tls else 'http'}://{host}:{server.port}"
    meta: dict[str, Any] = {}
    tunnel = None
    if request.param == "tunnel":
        tunnel = TunnelServer(server.port)
        base = f"https://{host}"
        meta = {"proxy": f"http://127.0.0.1:{tunnel.port}"}
    names = sorted((path[1:] for path in server.scripts if path != "/target"), key=lambda name: name[:2] != "sl")
    lines = crawl(folder, requests(base, names, meta))
    files = sorted(folder.rglob("*.warc.gz"))
    found = [each for path in files for each in walk(path)]
    assert all(isinstance(each, Found) for each in found)
    yield Crawled(base, server, lines, [each.record for each in found if isinstance(each, Found)], files)
    server.close()
    if tunnel is not None:
        assert tunnel.asked
        tunnel.close()


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_is_recorded_as_a_plain_socket_receives_it(crawled: Crawled, name: str) -> None:
    (block,) = crawled.blocks("response", name)
    assert block == crawled.plain(name) == WHOLE[name].sent
    (exchange,) = crawled.exchanges(name)
    assert (exchange["truncated"], exchange["failure"]) == (None, None)
    assert exchange["in_order"]
    (end,) = crawled.ends(name)
    assert end["of"] == exchange["exchange"]
    assert end["status"] == exchange["status"]


@pytest.mark.parametrize("name", WHOLE)
def test_the_request_is_recorded_as_the_server_received_it(crawled: Crawled, name: str) -> None:
    (block,) = crawled.blocks("request", name)
    assert crawled.server.asked[f"/{name}"] == [block]
    assert b"exchange" not in block.lower()


@pytest.mark.parametrize("name", AROUND)
def test_what_is_no_part_of_the_answer_is_left_out(crawled: Crawled, name: str) -> None:
    before, sent, behind = AROUND[name]
    (block,) = crawled.blocks("response", name)
    assert block == sent
    assert crawled.plain(name) == before + sent + behind
    assert crawled.exchanges(name)[0]["truncated"] is None


@pytest.mark.parametrize("name", CUT)
def test_a_part_is_kept_and_marked(crawled: Crawled, name: str) -> None:
    script, reason = CUT[name]
    (block,) = crawled.blocks("response", name)
    (exchange,) = crawled.exchanges(name)
    assert exchange["truncated"] == reason
    whole = script.sent + script.sent[-1:] * (LIMIT * 3 if script.ending == "flood" else 0)
    if name != "endless-interim":
        assert whole.startswith(block)
        assert len(block) >= min(len(script.sent), 64 * 1024)
    assert len(block) <= LIMIT + 2 * 64 * 1024
    record = next(r for r in crawled.records if r.record_id == exchange["record"])
    assert record.truncated == reason
    assert parse_answer(block, truncated=record.truncated).problem is not None
    (end,) = crawled.ends(name)
    assert end["of"] == exchange["exchange"]
    if name.startswith(("endless-head", "endless-interim", "tiny")):
        assert end["kind"] == "DownloadCancelledError"


def test_without_close_notify_a_body_has_no_certain_end(crawled: Crawled) -> None:
    if "/no-close-notify" not in crawled.server.scripts:
        pytest.skip("only TLS has a close_notify")
    for name, (script, reason) in TLS_ONLY.items():
        (exchange,) = crawled.exchanges(name)
        assert exchange["truncated"] == reason
        assert crawled.blocks("response", name) == [script.sent]


@pytest.mark.parametrize("name", SILENT)
def test_no_byte_gives_no_record(crawled: Crawled, name: str) -> None:
    assert crawled.exchanges(name) == []
    (end,) = crawled.ends(name)
    assert end["kind"] in ("DownloadTimeoutError", "DownloadFailedError")


def test_a_redirect_is_two_records(crawled: Crawled) -> None:
    for name in ("moved", "target"):
        assert crawled.blocks("response", name) == [PAIRED[name].sent]
    assert crawled.ends("target")[0]["of"] == crawled.exchanges("target")[0]["exchange"]


def test_each_retry_is_a_record(crawled: Crawled) -> None:
    assert crawled.blocks("response", "failing") == [PAIRED["failing"].sent] * 2
    assert len(crawled.server.asked["/failing"]) == 2
    assert len({exchange["exchange"] for exchange in crawled.exchanges("failing")}) == 2


def test_a_form_is_recorded_with_its_body(crawled: Crawled) -> None:
    assert crawled.blocks("request", "form") == crawled.server.asked["/form"]


def test_credentials_are_withheld(crawled: Crawled) -> None:
    (sent,) = crawled.server.asked["/secret"]
    assert sent.count(b"TOPSECRET") == 2
    (block,) = crawled.blocks("request", "secret")
    marked = sent.replace(b"sid=TOPSECRET", b"[withheld]").replace(b"Basic TOPSECRET", b"[withheld]")
    assert block == marked
    assert crawled.blocks("response", "secret") == [PAIRED["secret"].sent]
    assert crawled.server.asked["/private"][0].count(b"TOPSECRET") == 3
    (asked,) = crawled.blocks("request", "private")
    (answered,) = crawled.blocks("response", "private")
    assert b"TOPSECRET" not in asked + answered
    assert b"\r\nX-Kept: yes\r\n" in asked
    assert asked.endswith(b"\r\n\r\n[withheld]")
    assert answered == PAIRED["private"].sent.replace(b"sid=TOPSECRET", b"[withheld]")


def test_connections_are_described(crawled: Crawled) -> None:
    tunnelled = "press.example" in crawled.base
    secure = crawled.base.startswith("https")
    for line in crawled.lines:
        if "exchange" in line:
            assert line["ip"] == (None if tunnelled else "127.0.0.1")
            assert (line["tls"], bool(line["cipher"])) == (("tls/1.3", True) if secure else (None, False))
            assert line["tied"] == []
    url = f"{crawled.base}/plain"
    record = next(r for r in crawled.records if r.target_uri == url and r.type == "response")
    protocols = [value for name, value in record.headers if name == "WARC-Protocol"]
    assert protocols == (["http/1.1", "tls/1.3"] if secure else ["http/1.1"])
    assert record.header("WARC-IP-Address") == (None if tunnelled else "127.0.0.1")


def test_every_record_has_its_digests(crawled: Crawled) -> None:
    assert all(record.digest_problem() is None for record in crawled.records)
    assert all(record.header("WARC-Block-Digest") for record in crawled.records)
    # What `warcio check` does, without its decoding, which cannot take brotli off
    for path in crawled.files:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=True):
                while record.raw_stream.read(65536):
                    pass
                assert record.digest_checker.passed is True


def test_nothing_of_the_tunnel_is_in_a_record(crawled: Crawled) -> None:
    assert not any(b"CONNECT " in r.block or b"X-Proxy" in r.block for r in crawled.records)


def test_a_connection_serves_several_requests(tmp_path: Path) -> None:
    certificate(tmp_path, "localhost")
    names = [f"n{n}" for n in range(6)]
    server = WireServer({f"/{name}": Script(sized(name.encode() * 100)) for name in names})
    base = f"http://localhost:{server.port}"
    lines = crawl(tmp_path, requests(base, names, {}), CONCURRENT_REQUESTS_PER_DOMAIN=1, DOWNLOAD_DELAY=0.01)
    (path,) = tmp_path.rglob("*.warc.gz")
    blocks = {
        each.record.target_uri: each.record.block
        for each in walk(path)
        if isinstance(each, Found) and each.record.type == "response"
    }
    assert blocks == {f"{base}/{name}": sized(name.encode() * 100) for name in names}
    assert server.connections == 1
    assert len([line for line in lines if "exchange" in line]) == 6
    server.close()


@pytest.mark.parametrize("last", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"])
def test_a_connection_that_is_spent_is_not_used_again(tmp_path: Path, last: bytes) -> None:
    """An HTTP/1.0 answer, and one with bytes behind its end, leave no connection for the next request."""
    certificate(tmp_path, "localhost")
    first = b"HTTP/1.1 200 OK\r\n" if last else b"HTTP/1.0 200 OK\r\n"
    scripts = {f"/n{n}": Script(sized(b"true %d" % n, first=first) + last) for n in range(3)}
    server = WireServer(scripts)
    base = f"http://localhost:{server.port}"
    asked = requests(base, ["n0", "n1", "n2"], {})
    crawl(tmp_path, asked, CONCURRENT_REQUESTS_PER_DOMAIN=1, DOWNLOAD_DELAY=0.01)
    (path,) = tmp_path.rglob("*.warc.gz")
    found = [each.record for each in walk(path) if isinstance(each, Found)]
    blocks = [record.block for record in found if record.type == "response"]
    assert sorted(blocks) == [sized(b"true %d" % n, first=first) for n in range(3)]
    assert server.connections == 3
    server.close()


def test_a_request_that_the_connection_pool_repeats_is_recorded_once(tmp_path: Path) -> None:
    certificate(tmp_path, "localhost")
    server = WireServer({"/n0": Script(sized(b"first"), "once"), "/n1": Script(sized(b"second"))})
    base = f"http://localhost:{server.port}"
    settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.01}
    lines = crawl(tmp_path, requests(base, ["n0", "n1"], {}), **settings)
    assert [line["url"][-2:] for line in lines if "exchange" in line] == ["n0", "n1"]
    (path,) = tmp_path.rglob("*.warc.gz")
    sent = [each.record.block for each in walk(path) if isinstance(each, Found) and each.record.type == "request"]
    assert server.unanswered == server.asked["/n1"] == sent[1:]
    server.close()


def test_through_a_plain_proxy(tmp_path: Path) -> None:
    certificate(tmp_path, "localhost")
    url = "http://press.example/plain"
    proxy = WireServer({url: WHOLE["plain"]})
    meta = {"proxy": f"http://127.0.0.1:{proxy.port}"}
    lines = crawl(tmp_path, requests("http://press.example", ["plain"], meta))
    assert [(line["url"], line["ip"]) for line in lines if "exchange" in line] == [(url, None)]
    (path,) = tmp_path.rglob("*.warc.gz")
    found = [each.record for each in walk(path) if isinstance(each, Found)]
    assert [record.block for record in found[1:]] == [WHOLE["plain"].sent, *proxy.asked[url]]
    assert all(record.header("WARC-IP-Address") is None for record in found)
    proxy.close()


def test_a_certificate_that_nobody_vouches_for_gives_no_record(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    context, _ = certificate(tmp_path / "other", "localhost")
    certificate(tmp_path, "localhost")
    server = WireServer({"/plain": WHOLE["plain"]}, context)
    lines = crawl(tmp_path, requests(f"https://localhost:{server.port}", ["plain"], {}))
    assert [line["kind"] for line in lines if "error" in line] == ["DownloadFailedError"]
    assert not server.asked
    assert not list(tmp_path.rglob("*.warc.gz*"))
    server.close()


def test_without_a_recorder_it_is_scrapys_handler(tmp_path: Path) -> None:
    certificate(tmp_path, "localhost")
    server = WireServer({"/plain": WHOLE["plain"]})
    lines = crawl(tmp_path, requests(f"http://localhost:{server.port}", ["plain"], {}), record=False)
    assert [line["status"] for line in lines if "response" in line] == [200]
    assert b"Exchange" not in server.asked["/plain"][0]
    assert not list(tmp_path.rglob("*.warc.gz*"))
    server.close()


@pytest.mark.parametrize(("owner", "name"), [(owner, name) for owner, names in connection._HOOKS for name in names])
def test_a_missing_hook_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    connection.check_hooks()
    for each in owner.__mro__:
        if name in vars(each):
            monkeypatch.delattr(each, name)
    with pytest.raises(HemerotecaError, match=r"scrapy>=2\.19,<2\.20 and twisted"):
        connection.check_hooks()


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
