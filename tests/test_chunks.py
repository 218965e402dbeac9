"""Chunks as they come: told apart as Twisted does, in whatever pieces they arrive."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.web.http import _ChunkedTransferDecoder, _MalformedChunkedDataError

from crawler.chunks import Chunks

_SIZES = st.sampled_from(
    [b"1", b"01", b"a", b"A", b"1f", b"1;x", b"2;x=y", b"0", b"-1", b"+1", b"0x1", b" 1", b"", b"fffff"]
)
_BODIES = st.sampled_from([b"x", b"xy", b"0123456789", b"y" * 31, b"", b"1\r\nx\r\n"])
_ENDS = st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b""])
_PIECES = st.one_of(
    st.integers(1, 40).map(lambda size: b"%x\r\n" % size + b"z" * size + b"\r\n"),
    st.tuples(_SIZES, st.just(b"\r\n"), _BODIES, _ENDS).map(b"".join),
)


def read(decoder: type[_ChunkedTransferDecoder], wire: bytes, cuts: list[int]) -> tuple[bytes, bytes | None, bool]:
    """The body, what came behind it, and whether the framing is broken."""
    body, behind, broken = [], list[bytes](), False
    made = decoder(body.append, behind.append)
    places = sorted({0, *(cut % (len(wire) + 1) for cut in cuts), len(wire)})
    try:
        for begin, end in pairwise(places):
            if not behind:
                made.dataReceived(wire[begin:end])
    except _MalformedChunkedDataError:
        broken = True
    return b"".join(body), behind[0] if behind else None, broken


@given(st.lists(_PIECES, max_size=12).map(b"".join), st.lists(st.integers(0, 500), max_size=6), st.booleans())
def test_they_are_told_apart_as_twisted_does(wire: bytes, cuts: list[int], ended: bool) -> None:
    wire += b"0\r\nX-Sum: 1\r\n\r\nmore" if ended else b""
    assert read(Chunks, wire, cuts) == read(_ChunkedTransferDecoder, wire, cuts)


@pytest.mark.parametrize(
    "chunk", [b"1\r\nx\r\n", b"1;a\r\nx\r\n", b"000000001\r\nx\r\n"], ids=["plain", "named", "padded"]
)
def test_each_is_counted(chunk: bytes) -> None:
    decoder = Chunks(lambda data: None, lambda data: None)
    for _ in range(3):
        decoder.dataReceived(chunk * 7 + chunk[:3])
        decoder.dataReceived(chunk[3:])
    assert decoder.count == 24
