"""Content codings of HTTP (RFC 9110 §8.4) taken off with limits, keeping what can be had of a damaged body.

A page is decoded in small steps, so that a few bytes that unfold into gigabytes are stopped at the limit and
not after it. A body that ends early or fails its checksum gives what came before the fault, and the fault.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]
import zstandard

from archive.model import Outcome

Data = bytes | memoryview
Decoder = Callable[[Data], Iterator[bytes]]

_STEP = 256 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_MOST_CODINGS = 4
_MOST_STREAMS = 10_000  # in one body; each costs its set-up, however little it holds
# What is fed to a decoder at a time: what it has not used it gives back as a copy
_SLICE = 64 * 1024

# RFC 9659: a body sent with `Content-Encoding: zstd` may not ask for a window above 8 MiB
_ZSTD_WINDOW = 8 * 1024 * 1024
# zstandard gives no bound on what one call may return; a block of 128 KiB can be as short as 4 bytes
_ZSTD_SLICE = 512


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one answer is taken: `decoded` bytes of body; `ratio` decoded bytes for each byte sent once
    `ratio_from` is passed; `head` bytes and `lines` of header; `chunks` of chunked framing."""

    decoded: int = 32 * 1024 * 1024
    ratio: int = 200
    ratio_from: int = 1024 * 1024
    head: int = 64 * 1024
    lines: int = 200
    chunks: int = 100_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came out of a coding: all of it, or what came before `problem`."""

    data: bytes
    problem: Outcome | None = None
    reason: str | None = None


class _CutShortError(Exception):
    """The coded data ends before its end mark, or its checksum is wrong."""


class _TooLargeError(Exception):
    """More comes out of the data than is taken."""


class _NotThisCodingError(Exception):
    """The data is not what the coding's name says."""


def decode(data: bytes, codings: tuple[str, ...], limits: Limits) -> Decoded:
    """Take `codings` off `data`, the last one first. Never raises.

    TOO_LARGE keeps nothing; TRUNCATED and UNDECODABLE keep what was decoded before the fault, and a body that
    does not begin as its coding should is given back as it is. A cut and a failed checksum are TRUNCATED.
    """
    if len(codings) > _MOST_CODINGS:
        return Decoded(data, Outcome.UNDECODABLE, f"{len(codings)} content codings one over the other")
    wire = len(data)
    for name in reversed(codings):
        decoder = _DECODERS.get(name)
        if decoder is None:
            return Decoded(data, Outcome.UNDECODABLE, f"unknown content coding {name[:40]!r}")
        decoded = _run(decoder, name, data, wire, limits)
        if decoded.problem is not None:
            return decoded
        data = decoded.data
    return Decoded(data)


def unfinished(data: Data, codings: tuple[str, ...], limits: Limits) -> str | None:
    """Why `data` is a part of what was coded, by its own end mark and checksum; None where it is whole, or where
    that cannot be told: an unknown coding, or more than the limits allow. Keeps nothing of what it decodes.
    """
    *inner, outer = codings
    if inner:
        decoded = decode(bytes(data), codings, limits)
        return decoded.reason if decoded.problem is Outcome.TRUNCATED else None
    decoder = _DECODERS.get(outer)
    if decoder is None or not data:
        return None
    try:
        for _ in _limited(decoder, data, len(data), limits):
            pass
    except _CutShortError as fault:
        return f"{outer}: {fault}"
    except (_TooLargeError, _NotThisCodingError):
        pass
    return None


def _run(decoder: Decoder, name: str, data: bytes, wire: int, limits: Limits) -> Decoded:
    if not data:
        # Servers send "Content-Encoding: gzip" with an empty body; nothing in it could be wrong.
        return Decoded(b"")
    pieces: list[bytes] = []
    try:
        pieces.extend(_limited(decoder, data, wire, limits))
    except _TooLargeError as fault:
        return Decoded(b"", Outcome.TOO_LARGE, str(fault))
    except _CutShortError as fault:
        return Decoded(b"".join(pieces), Outcome.TRUNCATED, f"{name}: {fault}")
    except _NotThisCodingError as fault:
        return Decoded(b"".join(pieces) or data, Outcome.UNDECODABLE, f"{name}: {fault}")
    return Decoded(pieces[0] if len(pieces) == 1 else b"".join(pieces))


def _limited(decoder: Decoder, data: Data, wire: int, limits: Limits) -> Iterator[bytes]:
    size = 0
    for piece in decoder(data):
        size += len(piece)
        if size > limits.decoded:
            raise _TooLargeError(f"decodes to more than {limits.decoded} bytes")
        if size > limits.ratio_from and size > limits.ratio * wire:
            raise _TooLargeError(f"decodes to more than {limits.ratio} times the bytes sent")
        yield piece


def _inflate(data: Data, wbits: int) -> Iterator[bytes]:
    """One zlib, gzip or raw deflate stream after the other, as long as another begins behind the last."""
    view, at = memoryview(data), 0
    for _ in range(_MOST_STREAMS):
        stream = zlib.decompressobj(wbits)
        try:
            while not stream.eof:
                part = memoryview(stream.unconsumed_tail)
                if not part:
                    part = view[at : at + _SLICE]
                    at += len(part)
                piece = stream.decompress(part, _STEP)
                if piece:
                    yield piece
                elif not part and not stream.eof:
                    raise _CutShortError("the data ends before its end mark")
        except zlib.error as fault:
            if "check" in str(fault) and "header" not in str(fault):
                raise _CutShortError(f"checksum or length is wrong ({_why(fault)})") from fault
            raise _NotThisCodingError(f"not decodable ({_why(fault)})") from fault
        # RFC 1952 §2.2: gzip data is a series of members. Padding or junk behind the last is nobody's text.
        at -= len(stream.unused_data)
        if wbits != zlib.MAX_WBITS + 16 or view[at : at + 2] != _GZIP_MAGIC:
            return
    raise _TooLargeError(f"more than {_MOST_STREAMS} streams one behind the other")


def _why(fault: zlib.error) -> str:
    return str(fault).rpartition(": ")[2]


def _gzip(data: Data) -> Iterator[bytes]:
    return _inflate(data, zlib.MAX_WBITS + 16)


def _deflate(data: Data) -> Iterator[bytes]:
    # RFC 9110 §8.4.1.2: the zlib format is meant; some servers send the bare deflate stream
    zlib_header = len(data) >= 2 and data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
    return _inflate(data, zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)


def _brotli(data: Data) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    view = memoryview(data)
    try:
        for start in range(0, len(view), _SLICE):
            part = view[start : start + _SLICE]
            while not stream.is_finished():
                piece = stream.process(part, output_buffer_limit=_STEP)
                part = view[:0]
                if piece:
                    yield piece
                elif stream.can_accept_more_data():
                    break
    except brotli.error as fault:
        raise _NotThisCodingError("not decodable") from fault
    if not stream.is_finished():
        raise _CutShortError("the data ends before its end mark")


def _zstd(data: Data) -> Iterator[bytes]:
    view, at = memoryview(data), 0
    for _ in range(_MOST_STREAMS):
        stream = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        try:
            while not stream.eof:
                part = view[at : at + _ZSTD_SLICE]
                if not part:
                    raise _CutShortError("the data ends before its end mark")
                at += len(part)
                if piece := stream.decompress(part):
                    yield piece
        except zstandard.ZstdError as fault:
            if "checksum" in str(fault):
                raise _CutShortError("checksum is wrong") from fault
            raise _NotThisCodingError("not decodable") from fault
        at -= len(stream.unused_data)
        if at >= len(view):
            return
    raise _TooLargeError(f"more than {_MOST_STREAMS} streams one behind the other")


def _identity(data: Data) -> Iterator[bytes]:
    yield bytes(data)


_DECODERS: dict[str, Decoder] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
    "identity": _identity,
}
