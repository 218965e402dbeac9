"""The pieces of a WARC file, each with its exact place: gzip members, zstd frames, plain records.

A WARC file is a row of compressed pieces with one record each (WARC 1.1, annex D; the zstd form is IIPC's).
The libraries stop, or hand out half a record, where a file is damaged. This walk says where and goes on
with the next piece that is whole.
"""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple, Protocol

import zstandard

_READ = 64 * 1024
_STEP = 256 * 1024
_ZSTD_SLICE = 512  # zstandard does not bound what one call returns; 512 bytes give 16 MiB at most
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_LONGEST_HEAD = 256 * 1024
_LONGEST_PROOF = 64 * 1024 * 1024
# A WARC record, or the one line that heads a record of the older ARC format
_BEGINS = re.compile(rb"WARC/[01]\.\d+[ \t]*\r?\n|(?:filedesc|https?|dns|ftp):\S+ \S+ \d{14} \S+ \d+\r?\n")
_LENGTH = re.compile(rb"\ncontent-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)


class Member(NamedTuple):
    """One piece: its place in the file, its unpacked bytes (the first `keep` of them), and their number."""

    offset: int
    length: int
    data: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Damage:
    """A place in a file from which no record can be read, and why."""

    offset: int
    why: str


class CutShortError(Exception):
    """The file ends inside a piece."""


class SpoiltError(Exception):
    """The bytes of a piece are not as they were written."""


# Says of the first bytes of an unpacked piece whether it belongs to this file; asked behind damage only,
# because a web page may carry a WARC file of its own, which must not pass for records of ours.
Belongs = Callable[[bytes], bool]
# Says of a whole piece whether its digest proves it; None where it has none. Asked of plain records that may
# hold others.
Proven = Callable[[bytes], bool | None]


class _Reader(Protocol):
    magic: bytes

    def at(self, file: BinaryIO, offset: int, keep: int) -> Member: ...


def member_at(file: BinaryIO, offset: int, keep: int) -> Member:
    """The piece that begins at `offset`. Raises CutShortError or SpoiltError."""
    return (_reader(file, offset) or _Plain()).at(file, offset, keep)


def members(
    file: BinaryIO, start: int, keep: int, belongs: Belongs, proven: Proven = lambda _: None
) -> Iterator[Member | Damage]:
    """Every piece from `start` on, and every damaged place between them, in the order of the file."""
    reader = _reader(file, start) or _reader_of_the_rest(file, start, belongs)
    end = file.seek(0, 2)
    offset = before = start
    while offset < end:
        # Files of different forms are joined with `cat`, against the standard
        reader = _reader(file, offset) or reader
        try:
            member = reader.at(file, offset, keep)
        except (CutShortError, SpoiltError) as fault:
            # A plain record whose length is wrong may have swallowed the beginning of the next one
            following = _next_whole(
                file, reader, (before if isinstance(reader, _Plain) else offset) + 1, offset, belongs
            )
            until = f"the next whole record begins at {following}" if following else "nothing follows"
            yield Damage(offset, f"{fault}; {until}")
            if following is None:
                return
            offset = following
            continue
        if isinstance(reader, _Plain) and (inner := _swallowed(file, reader, member, belongs, proven)) is not None:
            why = f"the record's Content-Length is false: the next whole record begins at {inner}, inside it"
            yield Damage(member.offset, why)
            offset = inner
            continue
        yield member
        before, offset = member.offset, member.offset + member.length


def _swallowed(file: BinaryIO, reader: "_Plain", member: Member, belongs: Belongs, proven: Proven) -> int | None:
    """Where a record begins inside a plain one whose digest says that its length is too great; None otherwise."""
    if member.size == 0 or not member.data.startswith(b"WARC/"):  # those of the older ARC format begin with an address
        return None
    end = member.offset + member.length
    file.seek(end)
    behind = file.read(8)
    followed = not behind or behind.startswith((b"WARC/", _GZIP, _ZSTD))
    if followed and not reader.holds:
        return None
    if member.size > _LONGEST_PROOF or proven(reader.at(file, member.offset, member.size).data) is not False:
        return None  # what it holds is its own, such as an archive that was fetched
    inner = _next_whole(file, reader, member.offset + 1, member.offset, belongs)
    return inner if inner is not None and inner < end else None


def _next_whole(file: BinaryIO, reader: _Reader, begin: int, damage: int, belongs: Belongs) -> int | None:
    """Where the next whole record begins that ends behind the damage; looked for from `begin` on."""
    for candidate in _candidates(file, reader.magic, begin):
        try:
            member = reader.at(file, candidate, _LONGEST_HEAD)
        except (CutShortError, SpoiltError):
            continue
        behind = member.offset + member.length > damage
        if behind and _BEGINS.match(member.data) and belongs(member.data):
            return candidate
    return None


def _candidates(file: BinaryIO, magic: bytes, offset: int) -> Iterator[int]:
    """Where `magic` stands in the file, from `offset` on."""
    overlap = len(magic) - 1
    before = b""
    while True:
        file.seek(offset)
        piece = file.read(_READ)
        if not piece:
            return
        window = before + piece
        found = window.find(magic)
        while found >= 0:
            yield offset - len(before) + found
            found = window.find(magic, found + 1)
        before = window[-overlap:] if overlap else b""
        offset += len(piece)


def _reader(file: BinaryIO, offset: int) -> _Reader | None:
    """What reads the piece that begins at `offset`; None where its first bytes are those of none."""
    file.seek(offset)
    begin = file.read(8)
    if begin.startswith(_GZIP):
        return _Gzip()
    if begin.startswith((_ZSTD, _ZSTD_DICTIONARY)):
        file.seek(0)
        return _Zstd(file, file.read(8))
    return _Plain() if begin.lstrip(b"\r\n").startswith(b"WARC") else None


def _reader_of_the_rest(file: BinaryIO, offset: int, belongs: Belongs) -> _Reader:
    """What reads the pieces behind one whose first bytes are damaged."""
    readers: tuple[_Reader, ...] = (_Plain(), _Gzip(), _Zstd(file, b""))
    return next((each for each in readers if _next_whole(file, each, offset, offset, belongs) is not None), readers[0])


class _Kept:
    """Collects unpacked bytes up to a bound and counts them all."""

    def __init__(self, keep: int) -> None:
        self.keep = keep
        self.pieces: list[bytes] = []
        self.size = 0

    def take(self, piece: bytes) -> None:
        if (room := self.keep - self.size) > 0:
            self.pieces.append(piece[:room])
        self.size += len(piece)

    def bytes(self) -> bytes:
        return self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces)


class _Gzip:
    magic = _GZIP

    def at(self, file: BinaryIO, offset: int, keep: int) -> Member:
        file.seek(offset)
        stream = zlib.decompressobj(zlib.MAX_WBITS + 16)
        kept = _Kept(keep)
        read = 0
        try:
            while not stream.eof:
                rest = file.read(_READ)
                if not rest:
                    raise CutShortError("the file ends inside this record")
                read += len(rest)
                while not stream.eof:
                    piece = stream.decompress(rest, _STEP)
                    rest = stream.unconsumed_tail
                    kept.take(piece)
                    if not rest and len(piece) < _STEP:
                        break
        except zlib.error as fault:
            raise SpoiltError(f"damaged: {str(fault).rpartition(': ')[2]}") from fault
        return Member(offset, read - len(stream.unused_data), kept.bytes(), kept.size)


class _Zstd:
    magic = _ZSTD

    def __init__(self, file: BinaryIO, first: bytes) -> None:
        self.dictionary: zstandard.ZstdCompressionDict | None = None
        self.begins = 0
        if first.startswith(_ZSTD_DICTIONARY):
            length = int.from_bytes(first[4:8], "little")
            data = file.read(length)
            if data.startswith(_ZSTD):
                data = zstandard.ZstdDecompressor().decompress(data, max_output_size=16 * 1024 * 1024)
            self.dictionary = zstandard.ZstdCompressionDict(data)
            self.begins = 8 + length

    def at(self, file: BinaryIO, offset: int, keep: int) -> Member:
        place = max(offset, self.begins)
        file.seek(place)
        stream = zstandard.ZstdDecompressor(dict_data=self.dictionary).decompressobj()
        kept = _Kept(keep)
        read = 0
        try:
            while not stream.eof:
                piece = file.read(_ZSTD_SLICE)
                if not piece:
                    raise CutShortError("the file ends inside this record")
                read += len(piece)
                kept.take(stream.decompress(piece))
        except zstandard.ZstdError as fault:
            raise SpoiltError(f"damaged: {fault}") from fault
        return Member(place, read - len(stream.unused_data), kept.bytes(), kept.size)


class _Plain:
    magic = b"WARC/"
    holds = False  # whether the last piece has the beginning of a record in it

    def at(self, file: BinaryIO, offset: int, keep: int) -> Member:
        file.seek(offset)
        head = file.read(4096)
        if not head:
            raise CutShortError("the file ends here, before the length it has")
        blank = len(head) - len(head.lstrip(b"\r\n"))
        if blank == len(head) and blank < 4096:
            return Member(offset, blank, b"", 0)
        offset, head = offset + blank, head[blank:]
        while (end := _head_end(head)) is None and len(head) < _LONGEST_HEAD:
            more = file.read(_READ)
            if not more:
                raise CutShortError("the file ends inside this record")
            head += more
        if end is None or not _BEGINS.match(head):
            raise SpoiltError("no record begins here")
        length = _declared(head[:end])
        if length is None:
            raise SpoiltError("the record has no Content-Length")
        kept = _Kept(keep)
        kept.take(head[:end])
        file.seek(offset + end)
        left, before, self.holds = length, b"", False
        while left:
            piece = file.read(min(left, _READ))
            if not piece:
                raise CutShortError("the file ends inside this record")
            kept.take(piece)
            left -= len(piece)
            self.holds = self.holds or self.magic in piece or self.magic in before + piece[:4]
            before = piece[-4:]
        tail = file.read(64)
        trailing = len(tail) - len(tail.lstrip(b"\r\n"))
        return Member(offset, end + length + trailing, kept.bytes(), kept.size)


def _head_end(head: bytes) -> int | None:
    if not head.startswith(b"WARC/"):
        line = head.find(b"\n")
        return line + 1 if line >= 0 else None
    match = re.search(rb"\n\r?\n", head)
    return match.end() if match else None


def _declared(head: bytes) -> int | None:
    if head.startswith(b"WARC/"):
        match = _LENGTH.search(head)
        return int(match[1]) if match else None
    last = head.split()[-1:]
    return int(last[0]) if last and last[0].isdigit() else None
