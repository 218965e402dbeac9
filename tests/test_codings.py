"""Bodies in the codings of HTTP: whole, cut, coded twice, or larger than they look."""

import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.http import Limits, cut_short, parse_answer
from archive.model import Outcome
from tests.messages import CODERS, TEXT, answer, chunked, raw_deflate


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


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"br", b"zstd", b"gzip, br"])
@pytest.mark.parametrize("size", [None, 700])
def test_a_coding_says_itself_that_it_was_cut(coding: bytes, size: int | None) -> None:
    sent = TEXT * 40
    for name in coding.split(b", "):
        sent = CODERS[name](sent)
    fields = [b"Content-Encoding: " + coding] + [b"Transfer-Encoding: chunked"] * bool(size)
    for part, whole in ((sent, True), (sent[:-1], False), (sent[: len(sent) // 2], False)):
        block = answer(chunked(part, size) if size else part, *fields)
        assert (cut_short(block) is None) == whole
        assert parse_answer(block).problem is (None if whole else Outcome.TRUNCATED)
        if not whole:
            read = parse_answer(block, truncated="unspecified")
            assert (read.problem, read.problem_reason) == (Outcome.TRUNCATED, cut_short(block))


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"no HTTP",
        answer(TEXT),
        answer(TEXT, b"Content-Encoding: gzip"),
        answer(b"", b"Content-Encoding: gzip"),
        answer(TEXT, b"Content-Encoding: none"),
        answer(zlib.compress(bytes(40 * 1024 * 1024)), b"Content-Encoding: deflate"),
        answer(b"", b"Content-Encoding: br", status=b"HTTP/1.1 304 Not Modified"),
    ],
)
def test_what_no_coding_says_is_not_cut(block: bytes) -> None:
    assert cut_short(block) is None


@pytest.mark.parametrize("coding", [b"gzip", b"zstd"])
def test_a_flood_of_empty_members_is_stopped(coding: bytes) -> None:
    flood = answer(CODERS[coding](b"") * 20_000, b"Content-Encoding: " + coding)
    assert parse_answer(flood).problem is Outcome.TOO_LARGE
    assert cut_short(flood) is None
    some = answer(CODERS[coding](b"ab") * 5_000, b"Content-Encoding: " + coding)
    assert parse_answer(some).body == b"ab" * 5_000


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
