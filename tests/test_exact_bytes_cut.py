"""What does not come whole: the bytes that came are kept, and the record says that they are a part and why."""

import gzip
import zlib
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
import zstandard

from archive.http import parse_answer
from tests.wire_crawl import CHUNKED, LIMIT, OK, TEXT, Crawled, chunks, crawled, sized
from tests.wire_server import Script

WAIT = b"HTTP/1.1 102 Wait\r\n\r\n"
GZIPPED = gzip.compress(TEXT)
SPOILT = GZIPPED[:-8] + bytes(4) + GZIPPED[-4:]

# What is sent, and the reason that the record gives.
CUT = {
    "short": (Script(OK + b"Content-Length: 9999\r\n\r\n" + TEXT, "close"), "disconnect"),
    "short-chunk": (Script(CHUNKED + b"FFF\r\n" + TEXT, "close"), "disconnect"),
    "no-last-chunk": (Script(CHUNKED + chunks(TEXT, 500)[:-5], "close"), "disconnect"),
    "no-last-line": (Script(CHUNKED + chunks(TEXT, 500)[:-2], "close"), "disconnect"),
    "head-cut": (Script(OK + b"Content-Type: text/ht", "close"), "disconnect"),
    "status-cut": (Script(b"HTTP/1.1 20", "close"), "disconnect"),
    "only-early-hints": (Script(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", "close"), "disconnect"),
    "reset-sized": (Script(OK + b"Content-Length: 9999\r\n\r\n" + TEXT, "reset"), "disconnect"),
    "reset-chunked": (Script(CHUNKED + chunks(TEXT, 500)[:-5], "reset"), "disconnect"),
    "reset-until-close": (Script(OK + b"\r\n" + TEXT, "reset"), "disconnect"),
    "bad-chunk": (Script(CHUNKED + b"5\r\nhello\r\nzz\r\nmore\r\n0\r\n\r\n"), "unspecified"),
    "bad-chunk-length": (Script(CHUNKED + b"3\r\nhello\r\n0\r\n\r\n", "close"), "unspecified"),
    "no-chunks": (Script(CHUNKED + TEXT, "close"), "unspecified"),
    "no-http": (Script(b"<html>this is no HTTP</html>\r\n\r\n", "hold"), "unspecified"),
    "no-status": (Script(b"HTTP/1.1 OK\r\n\r\n" + TEXT, "close"), "unspecified"),
    "two-lengths": (Script(OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabc", "hold"), "unspecified"),
    "negative-length": (Script(OK + b"Content-Length: -3\r\n\r\nabc", "close"), "unspecified"),
    "promised-too-much": (Script(OK + b"Content-Length: 999999999\r\n\r\n" + TEXT, "hold"), "length"),
    "endless": (Script(OK + b"\r\n" + TEXT, "flood"), "length"),
    "endless-chunks": (Script(CHUNKED + chunks(b"a" * 20_000, 1)[:-5], "flood"), "unspecified"),
    "tiny-chunks": (Script(CHUNKED + chunks(b"a" * 90_000, 1)), "length"),
    "just-too-much": (Script(CHUNKED + chunks(b"a" * (LIMIT + 1), 50_000)), "length"),
    "endless-head": (Script(OK + b"X: " + b"a" * 100, "flood"), "length"),
    "endless-interim": (Script(WAIT + WAIT * 5000, "hold"), "length"),
    "slow-body": (Script(OK + b"Content-Length: 9999\r\n\r\n" + TEXT, "hold"), "time"),
    "slow-chunks": (Script(CHUNKED + chunks(TEXT, 500)[:-5], "hold"), "time"),
    "slow-head": (Script(OK + b"Content-Type: ", "hold"), "time"),
    "slow-until-close": (Script(OK + b"\r\n" + TEXT, "hold"), "time"),
    "slow-interim": (Script(WAIT, "hold"), "time"),
}
# What comes to the end of its framing and is a part all the same, by its coding's own end mark or by its status.
SENT_CUT = {
    "gzip-cut": Script(sized(GZIPPED[:-20], b"Content-Encoding: gzip")),
    "gzip-checksum": Script(sized(SPOILT, b"Content-Encoding: gzip")),
    "gzip-trailer": Script(sized(GZIPPED[:-1], b"Content-Encoding: gzip")),
    "gzip-chunked-cut": Script(
        OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(GZIPPED[:-20], 50)
    ),
    "gzip-until-close": Script(OK + b"Content-Encoding: gzip\r\n\r\n" + GZIPPED[:-20], "close"),
    "deflate-cut": Script(sized(zlib.compress(TEXT)[:-3], b"Content-Encoding: deflate")),
    "br-cut": Script(sized(brotli.compress(TEXT)[:-3], b"Content-Encoding: br")),
    "zstd-cut": Script(sized(zstandard.compress(TEXT)[:-3], b"Content-Encoding: zstd")),
    "coded-twice-cut": Script(sized(brotli.compress(GZIPPED[:-9]), b"Content-Encoding: gzip, br")),
    "a-range": Script(sized(TEXT, b"Content-Range: bytes 0-99/200", first=b"HTTP/1.1 206 Partial Content\r\n")),
    "some-range": Script(sized(TEXT, first=b"HTTP/1.1 206 Partial Content\r\n")),
}
# More than was promised, as it is cut: the end of the text may be in what belongs to no answer.
PROMISED_LESS = {
    "short-length": (sized(TEXT[:-40]), TEXT[-40:]),
    "early-last-chunk": (CHUNKED + chunks(TEXT[:900], 500), chunks(TEXT[900:], 500)),
}
# A body that ends with its connection, over TLS without the close_notify that vouches for the end.
TLS_ONLY = {
    "no-close-notify": (Script(OK + b"\r\n" + TEXT, "cut"), "disconnect"),
    "no-close-notify-sized": (Script(sized(TEXT), "cut"), None),
}
SILENT = {
    "silence": Script(b"", "hold"),
    "closed-at-once": Script(b"", "close"),
    "reset-at-once": Script(b"", "reset"),
}


@pytest.fixture(scope="module", params=["http", "https", "tunnel"])
def crawl(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    sent = {**SENT_CUT, **SILENT, **{name: script for name, (script, _) in CUT.items()}}
    sent |= {name: Script(answer + more) for name, (answer, more) in PROMISED_LESS.items()}
    if request.param != "http":
        sent |= {name: script for name, (script, _) in TLS_ONLY.items()}
    # The slow ones first, so that they wait side by side
    names = sorted(sent, key=lambda name: not name.startswith(("slow", "silence")))
    slow: dict[str, Any] = {
        name.replace("-", "_"): {"meta": {"download_timeout": 4}}
        for name in names
        if name.startswith(("slow", "silence"))
    }
    with crawled(request.param, tmp_path_factory.mktemp(request.param), sent, names, **slow) as found:
        yield found


@pytest.mark.parametrize("name", CUT)
def test_a_part_is_kept_and_marked(crawl: Crawled, name: str) -> None:
    script, reason = CUT[name]
    (block,) = crawl.blocks("response", name)
    (exchange,) = crawl.exchanges(name)
    assert exchange["truncated"] == reason
    whole = script.sent + script.sent[-1:] * (LIMIT * 3 if script.ending == "flood" else 0)
    if name != "endless-interim":
        assert whole.startswith(block)
        assert len(block) >= min(len(script.sent), 64 * 1024)
    assert len(block) <= LIMIT + 2 * 64 * 1024
    (record,) = [r for r in crawl.records if r.record_id == exchange["record"]]
    assert record.truncated == reason
    assert parse_answer(block, truncated=record.truncated).problem is not None
    (end,) = crawl.ends(name)
    assert end["of"] == exchange["exchange"]
    if name.startswith(("endless-head", "endless-interim", "tiny", "just")):
        assert end["kind"] == "DownloadCancelledError"
    assert crawl.server.asked[f"/{name}"] == crawl.blocks("request", name)


@pytest.mark.parametrize("name", SENT_CUT)
def test_an_answer_that_was_sent_as_a_part_is_marked(crawl: Crawled, name: str) -> None:
    (block,) = crawl.blocks("response", name)
    assert block == SENT_CUT[name].sent == crawl.plain(name)
    (record,) = [r for r in crawl.records if r.block == block]
    assert record.truncated == "unspecified"
    assert parse_answer(block).problem == "truncated"
    read = parse_answer(block, truncated=record.truncated)
    assert (read.problem, read.problem_reason) == ("truncated", parse_answer(block).problem_reason)


@pytest.mark.parametrize("name", PROMISED_LESS)
def test_an_answer_that_goes_on_behind_its_end_is_a_part(crawl: Crawled, name: str) -> None:
    (block,) = crawl.blocks("response", name)
    assert block == PROMISED_LESS[name][0]
    (record,) = [r for r in crawl.records if r.block == block]
    assert record.truncated == "unspecified"
    assert parse_answer(block, truncated=record.truncated).problem == "truncated"


def test_contradictions_are_bad_http(crawl: Crawled) -> None:
    for name in ("no-http", "no-status", "two-lengths", "negative-length"):
        (exchange,) = crawl.exchanges(name)
        (block,) = crawl.blocks("response", name)
        assert parse_answer(block).problem == "bad_http", name
        read = parse_answer(block, truncated=exchange["truncated"])
        assert read.problem in ("bad_http", "truncated"), name


def test_without_close_notify_a_body_has_no_certain_end(crawl: Crawled) -> None:
    if "/no-close-notify" not in crawl.server.scripts:
        pytest.skip("only TLS has a close_notify")
    for name, (script, reason) in TLS_ONLY.items():
        (exchange,) = crawl.exchanges(name)
        assert exchange["truncated"] == reason
        assert crawl.blocks("response", name) == [script.sent]


@pytest.mark.parametrize("name", SILENT)
def test_no_byte_gives_no_record(crawl: Crawled, name: str) -> None:
    assert crawl.exchanges(name) == []
    (end,) = crawl.ends(name)
    assert end["kind"] in ("DownloadTimeoutError", "DownloadFailedError")
