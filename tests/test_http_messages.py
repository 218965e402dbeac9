"""Answers as they come: odd, cut, coded twice, or larger than they look."""

import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from archive.http import Limits, parse_answer, split
from archive.model import Outcome

TEXT = b"<p>PREMIER mot d'un article invent\xc3\xa9. " + bytes(range(256)) * 40 + b" DERNIER mot.</p>"


def answer(body: bytes, *fields: bytes, status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return b"\r\n".join((status, *fields, b"", body))


def chunked(body: bytes, size: int, extension: bytes = b"") -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(body) + stream.flush()


CODERS = {
    b"gzip": gzip.compress,
    b"x-gzip": gzip.compress,
    b"GZIP": gzip.compress,
    b"deflate": zlib.compress,
    b"br": lambda body: brotli.compress(body, quality=4),
    b"zstd": zstandard.compress,
    b"identity": bytes,
}


def test_fields_keep_order_case_and_duplicates() -> None:
    read = parse_answer(
        answer(
            b"",
            b"set-cookie: a=1",
            b"X-PAD:    wide   ",
            b"Set-Cookie:b=2",
            b"no colon on this line",
            b"X-Folded: one",
            b"   two",
            b"\tthree",
            b"X-Latin: caf\xe9",
            b"Empty:",
            b"Content-Length : 0",
        )
    )
    assert read.headers == (
        ("set-cookie", "a=1"),
        ("X-PAD", "wide"),
        ("Set-Cookie", "b=2"),
        ("X-Folded", "one two three"),
        ("X-Latin", "café"),
        ("Empty", ""),
        ("Content-Length", "0"),
    )
    assert read.all("SET-COOKIE") == ("a=1", "b=2")
    assert read.header("x-pad") == "wide"
    assert read.header("absent") is None
    assert (read.status, read.reason, read.problem) == (200, "OK", None)


@pytest.mark.parametrize(
    ("line", "status", "reason"),
    [
        (b"HTTP/1.1 200 OK", 200, "OK"),
        (b"HTTP/1.0 404", 404, ""),
        (b"HTTP/1.1 404 ", 404, ""),
        (b"HTTP/2 200", 200, ""),
        (b"HTTP/1.1 500 Panne \xe9trange, deux  mots", 500, "Panne étrange, deux  mots"),
    ],
)
def test_status_lines(line: bytes, status: int, reason: str) -> None:
    read = parse_answer(answer(b"", status=line))
    assert (read.status, read.reason, read.problem) == (status, reason, None)


@pytest.mark.parametrize(
    "block",
    [
        b"ICY 200 OK\r\n\r\nbody",
        b"<html>no head at all</html>",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 -20 OK\r\n\r\n",
        b"HTTP/x 200 OK\r\n\r\n",
        answer(b"abc", b"Content-Length: 3", b"Content-Length: 5"),
        answer(b"abc", b"Content-Length: -3"),
        answer(b"abc", b"Content-Length: three"),
    ],
)
def test_what_breaks_http_is_bad_http(block: bytes) -> None:
    assert parse_answer(block).problem is Outcome.BAD_HTTP


def test_equal_lengths_said_twice_are_one_length() -> None:
    assert parse_answer(answer(b"abc", b"Content-Length: 3", b"Content-Length: 3, 3")).problem is None


def test_bare_line_feeds_are_read() -> None:
    read = parse_answer(b"HTTP/1.1 200 OK\nContent-Type: Text/HTML; charset=utf-8\n\nbody")
    assert (read.body, read.media_type) == (b"body", "text/html")


def test_interim_answers_are_passed_over() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    read = parse_answer(b"HTTP/1.1 100 Continue\r\n\r\n" + early + answer(b"body", b"X: 1"))
    assert (read.status, read.body, read.headers) == (200, b"body", (("X", "1"),))


@pytest.mark.parametrize("coding", CODERS)
@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
def test_codings_and_framings(coding: bytes, framing: str) -> None:
    sent = CODERS[coding](TEXT)
    fields = [b"Content-Encoding: " + coding]
    if framing == "length":
        fields.append(b"Content-Length: %d" % len(sent))
    wire = sent
    if framing == "chunked":
        fields.append(b"Transfer-Encoding: Chunked")
        wire = chunked(sent, 700, b' ;ext="a;b"')
    read = parse_answer(answer(wire, *fields))
    assert read.problem is None
    assert read.body == TEXT
    assert read.payload == sent
    assert read.raw_body == wire
    assert read.chunked is (framing == "chunked")


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd"])
def test_every_cut_of_a_coded_body_is_seen(coding: bytes) -> None:
    sent = CODERS[coding](TEXT)
    for end in range(1, len(sent)):
        read = parse_answer(answer(sent[:end], b"Content-Encoding: " + coding))
        assert read.problem is Outcome.TRUNCATED, end
        assert TEXT.startswith(read.body), end


def test_deflate_without_its_header_is_read() -> None:
    read = parse_answer(answer(raw_deflate(TEXT), b"Content-Encoding: deflate"))
    assert (read.body, read.problem) == (TEXT, None)


def test_gzip_of_several_members_is_read_to_the_end() -> None:
    sent = gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:]) + b"\0" * 12
    read = parse_answer(answer(sent, b"Content-Encoding: gzip"))
    assert (read.body, read.problem) == (TEXT, None)


@pytest.mark.parametrize("place", [-8, -5, -4, -1])
def test_a_wrong_gzip_trailer_is_truncated(place: int) -> None:
    sent = bytearray(gzip.compress(TEXT))
    sent[place] ^= 0xFF
    read = parse_answer(answer(bytes(sent), b"Content-Encoding: gzip", b"Content-Length: %d" % len(sent)))
    assert read.problem is Outcome.TRUNCATED


@pytest.mark.parametrize("coding", [b"gzip", b"br", b"zstd", b"deflate", b"utf-8", b"none", b"gzip" + b", gzip" * 9])
def test_a_body_that_is_not_what_it_claims_is_kept_as_it_is(coding: bytes) -> None:
    read = parse_answer(answer(b"<p>plain text, uncoded</p>", b"Content-Encoding: " + coding))
    assert read.problem in (Outcome.UNDECODABLE, Outcome.TRUNCATED)
    assert read.body == b"<p>plain text, uncoded</p>"


def test_codings_one_over_the_other() -> None:
    sent = brotli.compress(gzip.compress(TEXT))
    for fields in ((b"Content-Encoding: gzip, br",), (b"Content-Encoding: gzip", b"Content-Encoding: br")):
        assert parse_answer(answer(sent, *fields)).body == TEXT
    assert parse_answer(answer(sent, b"Transfer-Encoding: br", b"Content-Encoding: gzip")).body == TEXT


def test_an_empty_body_with_a_coding_is_empty() -> None:
    read = parse_answer(answer(b"", b"Content-Encoding: gzip", b"Content-Length: 0"))
    assert (read.body, read.problem) == (b"", None)


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd"])
def test_a_bomb_is_stopped(coding: bytes) -> None:
    bomb = CODERS[coding](bytes(40 * 1024 * 1024))
    read = parse_answer(answer(bomb, b"Content-Encoding: " + coding))
    assert (read.problem, read.body) == (Outcome.TOO_LARGE, b"")
    small = CODERS[coding](bytes(1024 * 1024))
    assert parse_answer(answer(small, b"Content-Encoding: " + coding)).problem is None


def test_the_limit_of_decoded_bytes_holds_without_a_ratio() -> None:
    sent = gzip.compress(TEXT)
    limits = Limits(decoded=len(TEXT) - 1)
    assert parse_answer(answer(sent, b"Content-Encoding: gzip"), limits=limits).problem is Outcome.TOO_LARGE
    limits = Limits(decoded=len(TEXT))
    assert parse_answer(answer(sent, b"Content-Encoding: gzip"), limits=limits).problem is None


@pytest.mark.parametrize(
    "head",
    [b"X-Long: " + b"a" * 70_000 + b"\r\n", b"X: y\r\n" * 100_000, b"a" * 70_000],
    ids=["long", "many", "endless"],
)
def test_heads_have_a_limit(head: bytes) -> None:
    read = parse_answer(b"HTTP/1.1 200 OK\r\n" + head + b"\r\nbody")
    assert read.problem is Outcome.TOO_LARGE


def test_two_hundred_header_lines_are_allowed_and_one_more_is_not() -> None:
    assert parse_answer(answer(b"x", *[b"A: b"] * 200)).problem is None
    assert parse_answer(answer(b"x", *[b"A: b"] * 201)).problem is Outcome.TOO_LARGE


def test_a_short_body_is_truncated_and_kept() -> None:
    read = parse_answer(answer(TEXT[:100], b"Content-Length: %d" % len(TEXT)))
    assert (read.problem, read.body) == (Outcome.TRUNCATED, TEXT[:100])
    assert read.problem_reason == f"100 of {len(TEXT)} bytes came"


def test_every_cut_of_a_chunked_body_is_seen() -> None:
    wire = chunked(TEXT, 900, b";x=y")
    last = wire.rindex(b"\r\n0\r\n") + len(b"\r\n0\r\n")
    for end in range(1, len(wire) + 1):
        read = parse_answer(answer(wire[:end], b"Transfer-Encoding: chunked"))
        assert (read.problem is None) == (end >= last), end
        assert TEXT.startswith(read.body), end


@pytest.mark.parametrize(
    "broken", [b"5\r\nhelloXX\r\n0\r\n\r\n", b"5\r\nhello\r\nzz\r\n\r\n", b"5\r\nhello\r\n-1\r\n\r\n"]
)
def test_broken_chunk_framing_is_truncated(broken: bytes) -> None:
    read = parse_answer(answer(broken, b"Transfer-Encoding: chunked"))
    assert (read.problem, read.body) == (Outcome.TRUNCATED, b"hello")


def test_trailers_are_no_text() -> None:
    read = parse_answer(answer(b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n", b"Transfer-Encoding: chunked"))
    assert (read.body, read.problem) == (b"hello", None)


def test_a_flood_of_tiny_chunks_is_stopped() -> None:
    limits = Limits(chunks=1000)
    assert parse_answer(answer(chunked(b"a" * 1000, 1), b"Transfer-Encoding: chunked"), limits=limits).problem is None
    flood = answer(chunked(b"a" * 1001, 1), b"Transfer-Encoding: chunked")
    assert parse_answer(flood, limits=limits).problem is Outcome.TOO_LARGE


def test_foreign_records_keep_fields_of_a_body_they_decoded() -> None:
    assert parse_answer(answer(TEXT, b"Transfer-Encoding: chunked")).body == TEXT
    assert parse_answer(answer(TEXT, b"Content-Length: 7")).body == TEXT


@pytest.mark.parametrize("status", [b"HTTP/1.1 204 No Content", b"HTTP/1.1 304 Not Modified"])
def test_answers_without_a_body(status: bytes) -> None:
    read = parse_answer(answer(b"", b"Content-Length: 500", status=status))
    assert (read.body, read.problem) == (b"", None)


@pytest.mark.parametrize(
    ("mark", "outcome"),
    [
        ("length", Outcome.TOO_LARGE),
        ("time", Outcome.TIMEOUT),
        ("disconnect", Outcome.TRUNCATED),
        ("unspecified", Outcome.TRUNCATED),
        ("anything else", Outcome.TRUNCATED),
    ],
)
def test_a_mark_of_truncation_decides(mark: str, outcome: Outcome) -> None:
    for block in (answer(b"part"), answer(b"part", b"Content-Length: 99"), b"HTTP/1.1 200 OK\r\nX: ", b""):
        assert parse_answer(block, truncated=mark).problem is outcome
    broken = answer(b"abc", b"Content-Length: x")
    assert parse_answer(broken, truncated=mark).problem is Outcome.BAD_HTTP


def test_an_empty_record_is_truncated() -> None:
    assert parse_answer(b"").problem is Outcome.TRUNCATED


@given(st.binary(max_size=600), st.sampled_from([None, "length", "disconnect"]))
def test_any_bytes_give_an_answer(block: bytes, truncated: str | None) -> None:
    for whole in (block, b"HTTP/1.1 200 OK\r\n" + block, answer(block, b"Transfer-Encoding: chunked")):
        read = parse_answer(whole, truncated=truncated)
        assert truncated is None or read.problem is not None
        assert (read.problem is None) == (read.problem_reason is None)


@given(st.binary(max_size=2000), st.sampled_from(sorted(CODERS)), st.integers(1, 400) | st.none())
def test_what_is_coded_and_framed_comes_back(body: bytes, coding: bytes, size: int | None) -> None:
    sent = CODERS[coding](body)
    fields = [b"Content-Encoding: " + coding]
    wire = sent
    if size:
        fields.append(b"Transfer-Encoding: chunked")
        wire = chunked(sent, size)
    read = parse_answer(answer(wire, *fields))
    assert (read.body, read.problem) == (body, None)


def test_a_request_is_split_too() -> None:
    sent = split(b"GET /a?b HTTP/1.1\r\nHost: press.example\r\n\r\n")
    assert (sent.start_line, sent.header("host"), sent.raw_body) == (
        b"GET /a?b HTTP/1.1",
        "press.example",
        b"",
    )
