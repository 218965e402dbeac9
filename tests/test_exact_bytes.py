"""The contract of the tap: each block in the WARC is what a plain socket receives, byte for byte.

The tap stands on private names of Scrapy and Twisted. When an upgrade changes what they do, this fails.
"""

import gzip
import os
import zlib
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
import zstandard
from warcio.archiveiterator import ArchiveIterator

from archive.http import asked_in, parse_answer
from tests.wire_crawl import CHUNKED, LIMIT, OK, TEXT, Crawled, chunks, crawled, sized
from tests.wire_server import Script

GZIPPED = gzip.compress(TEXT)
BROTLI = brotli.compress(TEXT)
RAW = zlib.compressobj(wbits=-15)
OLD = b"HTTP/1.0 200 OK\r\n"

# What comes whole: sent as it stands, recorded as it stands.
WHOLE = {
    "plain": Script(sized(TEXT, b"Content-Type: text/html")),
    "reason": Script(sized(TEXT, first=b"HTTP/1.1 200 Tout va bien, merci\r\n")),
    "reason-latin": Script(sized(TEXT, first=b"HTTP/1.1 200 Tr\xe8s bien\r\n")),
    "reason-missing": Script(sized(TEXT, first=b"HTTP/1.1 200\r\n")),
    "reason-empty": Script(sized(TEXT, first=b"HTTP/1.1 200 \r\n")),
    "status-odd": Script(sized(TEXT, first=b"HTTP/1.1 999 Request denied\r\n")),
    "order-and-case": Script(
        sized(TEXT, b"x-Zeta: 1", b"SET-COOKIE: a=1", b"X-alpha: 2", b"Set-Cookie: b=2", b"x-zeta: 3", b"Empty:")
    ),
    "padding": Script(sized(TEXT, b"X-Pad:      wide    ", b"X-None:tight", b"X-Tab:\ttab\t", b"X-Before : colon")),
    "folded-first": Script(sized(TEXT, b" folded, but onto nothing", b"X-After: yes")),
    "folding": Script(sized(TEXT, b"X-Folded: one", b"   two", b"\tthree")),
    "bad-line": Script(sized(TEXT, b"this line has no colon", b"X-After: yes")),
    "nameless": Script(sized(TEXT, b": no name", b"X-Nul: a\x00b")),
    "latin": Script(sized(TEXT, b"X-Titre: caf\xe9 \xc3\xa9")),
    "bare-line-feeds": Script(b"HTTP/1.1 200 OK\nContent-Length: 5\nX-A: b\n\nhello"),
    "length-twice": Script(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
    "chunked": Script(CHUNKED + chunks(TEXT, 700)),
    "chunked-case": Script(OK + b"transfer-encoding:  CHUNKED\r\n\r\n" + chunks(TEXT, 700)),
    "chunk-extensions": Script(CHUNKED + chunks(TEXT, 333, b';name="a;b";flag')),
    "chunk-trailers": Script(CHUNKED + chunks(TEXT, 999, trailers=b"X-Checksum: abc\r\nX-More: d\r\n")),
    "chunk-zeros": Script(CHUNKED + b"0005\r\nhello\r\n00\r\n\r\n"),
    "chunked-old": Script(OLD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks(TEXT, 500)),
    "chunked-sized": Script(OK + b"Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(TEXT, 500)),
    "transfer-gzip": Script(OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunks(GZIPPED, 100)),
    "transfer-until-close": Script(OK + b"Transfer-Encoding: gzip\r\n\r\n" + GZIPPED, "close"),
    "transfer-identity": Script(sized(TEXT, b"Transfer-Encoding: identity")),
    "gzip": Script(sized(GZIPPED, b"Content-Encoding: gzip")),
    "gzip-chunked": Script(OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(GZIPPED, 100)),
    "gzip-members": Script(sized(GZIPPED + GZIPPED, b"Content-Encoding: gzip")),
    "deflate": Script(sized(zlib.compress(TEXT), b"Content-Encoding: deflate")),
    "deflate-raw": Script(sized(RAW.compress(TEXT) + RAW.flush(), b"Content-Encoding: deflate")),
    "br": Script(sized(BROTLI, b"Content-Encoding: br")),
    "br-chunked": Script(OK + b"Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(BROTLI, 9)),
    "zstd": Script(sized(zstandard.compress(TEXT), b"Content-Encoding: zstd")),
    "coded-twice": Script(sized(brotli.compress(GZIPPED), b"Content-Encoding: gzip, br")),
    "not-gzip-at-all": Script(sized(TEXT, b"Content-Encoding: gzip")),
    "coding-none": Script(sized(TEXT, b"Content-Encoding: none")),
    "coding-identity": Script(sized(TEXT, b"Content-Encoding: identity")),
    "every-byte": Script(sized(bytes(range(256)) * 30, b"Content-Type: application/octet-stream")),
    "byte-by-byte": Script(CHUNKED + chunks(b"a slow server", 3, b";x"), piece=1),
    "no-content": Script(b"HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n"),
    "no-content-sized": Script(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"),
    "not-modified": Script(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'),
    "not-modified-sized": Script(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 512\r\n\r\n'),
    "whole-range": Script(
        sized(TEXT, b"Content-Range: bytes 0-%d/%d" % (len(TEXT) - 1, len(TEXT)), first=b"HTTP/1.1 206 Tout\r\n")
    ),
    "empty": Script(sized(b"")),
    "not-found": Script(sized(b"nothing here", first=b"HTTP/1.1 404 Introuvable\r\n")),
    "no-fields": Script(OK + b"\r\n" + TEXT, "close"),
    "until-close": Script(OK + b"Content-Type: text/html\r\n\r\n" + TEXT, "close"),
    "http-1.0": Script(OLD + b"Server: old\r\n\r\n" + TEXT, "close"),
    "large": Script(sized(os.urandom(200_000))),
    "at-the-limit": Script(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks(os.urandom(LIMIT), 50_000)),
}
# Answers to HEAD: what they promise is not sent.
HEADS = {
    "head": Script(OK + b"Content-Type: text/html\r\nContent-Length: 5000\r\n\r\n"),
    "head-chunked": Script(CHUNKED),
    "head-gzip": Script(OK + b"Content-Encoding: gzip\r\nContent-Length: 5000\r\n\r\n"),
    "head-empty": Script(OK + b"\r\n"),
}
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
# What is sent before or behind the answer, and is no part of it.
AROUND = {
    "early-hints": (EARLY + EARLY, sized(TEXT), b""),
    "continue": (b"HTTP/1.1 100 Continue\r\n\r\n" + EARLY, CHUNKED + chunks(TEXT, 500), b""),
    "surplus": (b"", sized(TEXT), b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"),
    "surplus-chunked": (b"", CHUNKED + chunks(TEXT, 500), b"HTTP/1.1 204 Nothing\r\n\r\n"),
    "surplus-words": (b"", CHUNKED + chunks(TEXT, 500), b"and more"),
    "surplus-lines": (b"", sized(TEXT), b"\r\n\r\n"),
    "surplus-empty": (b"", b"HTTP/1.1 204 No Content\r\n\r\n", b"and a body all the same"),
    "surplus-not-modified": (b"", b"HTTP/1.1 304 Not Modified\r\n\r\n", b"and a body all the same"),
}
# Other than these, an answer is taken for whole when it is read.
BAD = {"chunked-sized", "not-modified", "not-modified-sized"}
SENT = {**WHOLE, **HEADS, **{name: Script(b"".join(parts)) for name, parts in AROUND.items()}}


@pytest.fixture(scope="module", params=["http", "https", "tunnel"])
def crawl(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    heads: dict[str, Any] = {name.replace("-", "_"): {"method": "HEAD"} for name in HEADS}
    with crawled(request.param, tmp_path_factory.mktemp(request.param), SENT, sorted(SENT), **heads) as found:
        yield found


@pytest.mark.parametrize("name", [*WHOLE, *HEADS])
def test_a_whole_answer_is_recorded_as_a_plain_socket_receives_it(crawl: Crawled, name: str) -> None:
    (block,) = crawl.blocks("response", name)
    assert block == crawl.plain(name, "HEAD" if name in HEADS else "GET") == SENT[name].sent
    (exchange,) = crawl.exchanges(name)
    assert (exchange["truncated"], exchange["failure"], exchange["fidelity"]) == (None, None, "exact")
    assert exchange["in_order"]
    (end,) = crawl.ends(name)
    assert end["of"] == exchange["exchange"]
    assert end["status"] == exchange["status"]


@pytest.mark.parametrize("name", SENT)
def test_the_request_is_recorded_as_the_server_received_it(crawl: Crawled, name: str) -> None:
    (block,) = crawl.blocks("request", name)
    assert crawl.server.asked[f"/{name}"] == [block]
    assert b"exchange" not in block.lower()


@pytest.mark.parametrize("name", SENT)
def test_an_answer_that_is_recorded_as_whole_is_read_as_whole(crawl: Crawled, name: str) -> None:
    (answer,), (asked,) = crawl.blocks("response", name), crawl.blocks("request", name)
    problem = parse_answer(answer, asked=asked_in(asked)).problem
    if name in BAD or name == "surplus-not-modified":
        assert problem == "bad_http"
    else:
        assert problem in (None, "undecodable")


@pytest.mark.parametrize("name", AROUND)
def test_what_is_no_part_of_the_answer_is_left_out(crawl: Crawled, name: str) -> None:
    before, sent, behind = AROUND[name]
    (block,) = crawl.blocks("response", name)
    assert block == sent
    assert crawl.plain(name) == before + sent + behind
    assert crawl.exchanges(name)[0]["truncated"] is None


def test_connections_are_described_as_the_server_saw_them(crawl: Crawled) -> None:
    tunnelled = "press.example" in crawl.base
    secure = crawl.base.startswith("https")
    seen = {(version.lower().replace("tlsv", "tls/"), cipher) for version, cipher in crawl.server.secured if version}
    for line in crawl.lines:
        if "exchange" in line:
            assert line["ip"] == (None if tunnelled else "127.0.0.1")
            assert not secure or (line["tls"], line["cipher"]) in seen
            assert secure or (line["tls"], line["cipher"]) == (None, None)
            assert line["tied"] == []
    url = f"{crawl.base}/plain"
    (record,) = [r for r in crawl.records if r.target_uri == url and r.type == "response"]
    protocols = [value for name, value in record.headers if name == "WARC-Protocol"]
    assert protocols == (["http/1.1", "tls/1.3"] if secure else ["http/1.1"])
    assert record.header("WARC-IP-Address") == (None if tunnelled else "127.0.0.1")


def test_every_record_has_its_digests(crawl: Crawled) -> None:
    assert all(record.digest_problem() is None for record in crawl.records)
    assert all(record.header("WARC-Block-Digest") for record in crawl.records)
    # What `warcio check` does, without its decoding, which cannot take brotli off
    for path in crawl.files:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=True):
                while record.raw_stream.read(65536):
                    pass
                assert record.digest_checker.passed is True


def test_nothing_of_the_tunnel_is_in_a_record(crawl: Crawled) -> None:
    assert not any(b"CONNECT " in r.block or b"X-Proxy" in r.block for r in crawl.records)
