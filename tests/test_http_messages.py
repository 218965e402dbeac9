"""Answers as they come: odd, cut, contradicting themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.http import Asked, Limits, asked_in, cut_short, parse_answer, split
from archive.model import Outcome
from tests.messages import TEXT, answer, chunked


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
        answer(b"abc", b"Content-Length: "),
        answer(chunked(b"abc", 2), b"Content-Length: 3", b"Transfer-Encoding: chunked"),
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


def test_behind_an_upgrade_comes_no_answer() -> None:
    upgrade = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"
    assert parse_answer(upgrade + answer(b"body")).status == 101


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
    both = (b"Transfer-Encoding: chunked", b"Content-Length: %d" % len(TEXT))
    assert parse_answer(answer(TEXT, *both)).problem is None
    assert parse_answer(answer(TEXT, b"Transfer-Encoding: chunked")).body == TEXT
    assert parse_answer(answer(TEXT, b"Content-Length: 7")).body == TEXT


@pytest.mark.parametrize("status", [b"HTTP/1.1 204 No Content", b"HTTP/1.1 304 Not Modified"])
def test_answers_without_a_body(status: bytes) -> None:
    read = parse_answer(answer(b"", b"Content-Length: 500", status=status))
    assert (read.body, read.problem) == (b"", None)


@pytest.mark.parametrize(
    "fields", [(b"Content-Length: 500",), (b"Transfer-Encoding: chunked",), (b"Content-Encoding: gzip",)]
)
def test_an_answer_to_head_has_no_body_whatever_it_promises(fields: tuple[bytes, ...]) -> None:
    block = answer(b"", *fields)
    head = asked_in(b"HEAD / HTTP/1.1\r\nHost: press.example\r\n\r\n")
    assert head == ("HEAD", False)
    read = parse_answer(block, asked=head)
    assert (read.body, read.payload, read.problem) == (b"", b"", None)
    assert cut_short(block, head) is None
    if b"Encoding: gzip" not in fields[0]:
        assert parse_answer(block).problem is Outcome.TRUNCATED
    assert parse_answer(block, asked=head, truncated="disconnect").problem is Outcome.TRUNCATED


def test_not_modified_answers_a_condition_only() -> None:
    block = answer(b"", b'ETag: "a"', status=b"HTTP/1.1 304 Not Modified")
    asked = b"GET / HTTP/1.1\r\nHost: press.example\r\n"
    for field in (b"", b'If-None-Match: "a"\r\n', b"if-modified-since: Fri, 04 Aug 2023 07:32:00 GMT\r\n"):
        read = parse_answer(block, asked=asked_in(asked + field + b"\r\n"))
        assert read.problem is (None if field else Outcome.BAD_HTTP)
    assert parse_answer(block).problem is None
    assert parse_answer(block, asked=Asked("GET")).problem is None


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        (b"Content-Range: bytes 0-99/100", True),
        (b"Content-Range: bytes 0-99/200", False),
        (b"Content-Range: bytes 100-199/200", False),
        (b"Content-Range: bytes 0-99/*", False),
        (b"Content-Range: anything", False),
        (b"X: y", False),
    ],
)
def test_a_part_that_is_said_to_be_one_is_never_whole(said: bytes, whole: bool) -> None:
    block = answer(b"a" * 100, said, status=b"HTTP/1.1 206 Partial Content")
    assert parse_answer(block).problem is (None if whole else Outcome.TRUNCATED)
    assert (cut_short(block) is None) == whole


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


def test_a_request_is_split_too() -> None:
    sent = split(b"GET /a?b HTTP/1.1\r\nHost: press.example\r\n\r\n")
    assert (sent.start_line, sent.header("host"), sent.raw_body) == (
        b"GET /a?b HTTP/1.1",
        "press.example",
        b"",
    )
