"""What newspapers publish for machines, taken out of gzip: a feed may be packed, whatever its name says."""

import zlib
from collections.abc import Iterator
from typing import Final

from spiders.kit.markup import Undecodable, decode

_STEP: Final = 64 * 1024
_GZIP = b"\x1f\x8b\x08"


class TooMuch(ValueError):
    """A bound is reached: what follows is not read, and no second reading would get further."""


def unzipped(body: bytes, most: int) -> Iterator[bytes]:
    """The document in pieces, with gzip taken off where the bytes are gzip, whatever the file is called.

    Raises ValueError, after the last good piece, for a cut or damaged gzip and for more than `most` bytes.
    """
    given = 0
    for piece in _gunzip(body) if body.startswith(_GZIP) else _cut_up(body):
        if given + len(piece) > most:
            yield piece[: most - given]
            raise TooMuch(f"it is larger than {most} bytes; the rest was not read")
        given += len(piece)
        yield piece


def plain_text(body: bytes, most: int, content_type: str | None) -> tuple[str | None, list[str]]:
    """A document that is text and no XML, unzipped and decoded as far as it is good, and what is wrong with it; None
    where its character set cannot be told. Never raises."""
    problems: list[str] = []
    raw: list[bytes] = []
    try:
        raw.extend(unzipped(body, most))
    except ValueError as fault:
        problems.append(str(fault))
    try:
        return decode(b"".join(raw), content_type)[0], problems
    except (Undecodable, LookupError, ValueError):
        return None, [*problems, "its character set cannot be told"]


def head_of(body: bytes, size: int = _STEP) -> bytes:
    """The first bytes of the document with gzip taken off; of a damaged one what there is. Never raises."""
    head = b""
    try:
        for piece in unzipped(body, size):
            head += piece
    except ValueError:
        pass  # whoever reads on meets it again
    return head


def _cut_up(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), _STEP):
        yield body[start : start + _STEP]


def _gunzip(body: bytes) -> Iterator[bytes]:
    rest = body
    while rest.startswith(_GZIP):
        stream = zlib.decompressobj(31)
        try:
            while not stream.eof:
                piece = stream.decompress(rest, _STEP)
                rest = stream.unconsumed_tail
                if piece:
                    yield piece
                elif not rest and not stream.eof:
                    raise TooMuch("its gzip ends before its end mark")
        except zlib.error:
            raise TooMuch("its gzip is damaged") from None
        rest = stream.unused_data
