"""A record as a piece of exactly so many bytes, in each form that a WARC file may have.

So no other record of the file moves. What is left of the room is the comment of a gzip member (RFC 1952 §2.3,
FCOMMENT), which every reader passes over; in the other forms it is blank space at the end of the record's JSON.
"""

import struct
import zlib
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from archive.wacz import open_warc

_HEAD = b"\x1f\x8b\x08%c\0\0\0\0\x02\xff"  # no time, best compression, unknown system
COMMENT = 0x10  # the flag of a member with a comment
_FRAME = 10 + 8  # head and tail of a member
_ZSTD = b"\x28\xb5\x2f\xfd"
_RAW = 128 * 1024  # the longest block of a zstd frame (RFC 8878 §3.1.1.2.3)


class Form(Enum):
    """How the records of a file are packed."""

    GZIP = "gzip"
    ZSTD = "zstd"
    PLAIN = "plain"


def form_at(path: Path, offset: int) -> Form:
    """How the record at `offset` is packed, by its first bytes. Raises OSError."""
    with open_warc(path) as file:
        file.seek(offset)
        begin = file.read(4)
    return Form.GZIP if begin.startswith(b"\x1f\x8b") else Form.ZSTD if begin == _ZSTD else Form.PLAIN


def filled(record: Callable[[int], bytes], length: int, form: Form) -> bytes | None:
    """A piece of exactly `length` bytes; None where the record does not fit.

    `record` gives its bytes with so many blanks at the end of its block.
    """
    if form is Form.GZIP:
        return member(record(0), length)
    if form is Form.PLAIN:
        return _padded(record, length)
    for blocks in range(1, length // _RAW + 2):
        data = _padded(record, length - _frame_of(blocks))
        if data is not None and _blocks_of(data) == blocks:
            return _frame(data)
    return None


def member(data: bytes, length: int) -> bytes | None:
    """`data` as a gzip member of exactly `length` bytes, padded by its comment; None where it does not fit."""
    packed = min((_deflate(data, strategy) for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED)), key=len)
    room = length - _FRAME - len(packed)
    if room < 0:
        return None
    comment = b" " * (room - 1) + b"\0" if room else b""
    tail = struct.pack("<LL", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return b"".join((_HEAD % (COMMENT if room else 0), comment, packed, tail))


def _deflate(data: bytes, strategy: int) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9, strategy)
    return stream.compress(data) + stream.flush()


def _padded(record: Callable[[int], bytes], length: int) -> bytes | None:
    least = len(record(0))
    for digits in range(8):  # a longer block may need more digits in Content-Length
        blanks = length - least - digits
        if blanks < 0:
            return None
        if len(data := record(blanks)) == length:
            return data
    return None


def _blocks_of(data: bytes) -> int:
    return max(1, -(-len(data) // _RAW))


def _frame_of(blocks: int) -> int:
    return len(_ZSTD) + 1 + 4 + 3 * blocks


def _frame(data: bytes) -> bytes:
    """A zstd frame (RFC 8878 §3.1.1) of raw blocks: its length is known before it is made."""
    parts = [_ZSTD, b"\xa0", struct.pack("<L", len(data))]  # one segment, four bytes of content size
    for number in range(count := _blocks_of(data)):
        piece = data[number * _RAW : (number + 1) * _RAW]
        parts += [(len(piece) << 3 | (number == count - 1)).to_bytes(3, "little"), piece]
    return b"".join(parts)
