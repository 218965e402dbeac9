"""WARC files as somebody reads them who does not know the product: gzip members, records, bodies. Nothing is mended."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator


class Cut(Exception):
    """The file is not a row of whole members with one whole record each."""

    def __init__(self, path: Path, offset: int, why: str) -> None:
        super().__init__(f"{path.name}@{offset}: {why}")


@dataclass(frozen=True)
class Seen:
    """A record and its member's place."""

    file: Path
    offset: int
    length: int
    fields: tuple[tuple[str, str], ...]
    block: bytes

    def field(self, name: str) -> str:
        return next((value for key, value in self.fields if key.lower() == name.lower()), "")

    @property
    def type(self) -> str:
        return self.field("WARC-Type")

    @property
    def url(self) -> str:
        return self.field("WARC-Target-URI")

    @property
    def id(self) -> str:
        return self.field("WARC-Record-ID")

    @cached_property
    def content(self) -> bytes:
        """The body of an HTTP message without its chunking, still compressed where it came so."""
        head, _, body = self.block.partition(b"\r\n\r\n")
        if b"\r\ntransfer-encoding: chunked" not in head.lower():
            return body
        content, at = [], 0
        while size := int(body[at : (end := body.index(b"\r\n", at))], 16):
            content.append(body[end + 2 : end + 2 + size])
            at = end + 2 + size + 2
        return b"".join(content)

    @property
    def page(self) -> bytes:
        """The body as a reader sees it."""
        return zlib.decompress(self.content, 31) if self.content.startswith(b"\x1f\x8b") else self.content


def records(path: Path, start: int = 0) -> Iterator[Seen]:
    """The walk over the members. Raises Cut at the first that is not whole."""
    data = path.read_bytes()
    while start < len(data):
        yield (seen := record_at(path, start, data))
        start += seen.length


def record_at(path: Path, offset: int, data: bytes | None = None) -> Seen:
    """The record whose member begins there. Raises Cut."""
    rest = memoryview(data if data is not None else path.read_bytes())[offset:]
    inflating = zlib.decompressobj(31)
    try:
        plain = inflating.decompress(rest) + inflating.flush()
    except zlib.error as fault:
        raise Cut(path, offset, str(fault)) from fault
    if not inflating.eof:
        raise Cut(path, offset, "the member does not end")
    length = len(rest) - len(inflating.unused_data)
    head, found, block = plain.partition(b"\r\n\r\n")
    if not found or not head.startswith(b"WARC/1.1\r\n"):
        raise Cut(path, offset, "no head of a record")
    lines = head.decode().split("\r\n")[1:]
    fields = tuple((name, value) for name, _, value in (line.partition(": ") for line in lines))
    seen = Seen(path, offset, length, fields, block[:-4])
    if block[-4:] != b"\r\n\r\n" or int(seen.field("Content-Length")) != len(seen.block):
        raise Cut(path, offset, "the block is not as long as it says")
    if seen.field("WARC-Block-Digest") != f"sha256:{sha256(seen.block).hexdigest()}":
        raise Cut(path, offset, "the block does not give its digest")
    return seen


def whole_responses(path: Path) -> Iterator[Seen]:
    """The answers in a file up to the first place that is not whole."""
    try:
        for each in records(path):
            if each.type in ("response", "revisit"):
                yield each
    except Cut:
        return


def by_warcio(path: Path) -> list[str]:
    """The ids of the records that warcio reads, each to its end."""
    found = []
    with path.open("rb") as stream:
        for each in ArchiveIterator(stream, check_digests="raise"):
            each.raw_stream.read()
            found.append(each.rec_headers.get_header("WARC-Record-ID"))
    return found


def by_fastwarc(path: Path) -> list[str]:
    """The ids of the records that FastWARC reads, each to its end."""
    found = []
    with path.open("rb") as stream:
        for each in FastIterator(stream, parse_http=False):
            size = int(each.headers["Content-Length"])
            if len(each.reader.read()) != size:
                raise Cut(path, each.stream_pos, "FastWARC gives another length")
            found.append(each.headers["WARC-Record-ID"])
    return found


def unreadable(path: Path) -> list[str]:
    """What any of the three readers has against a closed file; the same records must come from each."""
    try:
        ids = [each.id for each in records(path)]
    except Cut as fault:
        return [f"member walk: {fault}"]
    faults = []
    for name, read in (("warcio", by_warcio), ("FastWARC", by_fastwarc)):
        try:
            found = read(path)
        except Exception as fault:  # noqa: BLE001 (whatever stops a reader is the finding)
            faults.append(f"{name}: {path.name}: {type(fault).__name__}: {fault}")
            continue
        if found != ids:
            faults.append(f"{name}: {path.name}: {len(found)} records, the walk has {len(ids)}")
    return faults
