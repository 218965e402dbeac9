"""WARC records as they are read: ours and other people's, whole files and damaged ones.

warcio parses the head of a record; where the record lies, and whether it is whole, is found by our own walk
(`archive.members`), because the libraries hand out half records in silence and stop at the first damage.
"""

import re
from base64 import b32decode, b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import new as new_digest
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple
from uuid import NAMESPACE_OID, uuid5

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader

from archive.errors import BrokenRecord
from archive.http import content, split
from archive.members import CutShortError, Damage, Member, SpoiltError, member_at, members
from archive.wacz import open_warc

__all__ = ["Damage", "Found", "Record", "read_at", "walk"]

LIMIT = 32 * 1024 * 1024
_NAMED_BY = 64 * 1024  # bytes of a record, head included
OWN_SOFTWARE = b"software: hemeroteca"
# Of an ARC record the head is one line: address, IP, date, type, length
_BEGINS = re.compile(rb"[\r\n]*(?:WARC/|[A-Za-z][A-Za-z0-9+.-]*:[^\n]* \d{12,14} [^\n]*\d\r?\n)")
_DIGITS = re.compile(r"[0-9]{1,18}")
_HEX = re.compile(r"[0-9A-Fa-f]{64}")
_NEED_URI = frozenset({"response", "request", "resource", "revisit", "conversion", "continuation"})


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record.

    `headers`: the named fields in order, as they stand. `target_uri` is "" for a record that is about no URI
    (warcinfo). `block` is the record's content; of a block longer than the limit of the reading only the
    first part is there and `truncated` is "length". `size` is the length of the whole block in bytes.
    """

    type: str
    target_uri: str
    date: datetime
    record_id: str
    headers: tuple[tuple[str, str], ...]
    block: bytes
    size: int

    def header(self, name: str) -> str | None:
        """The first value of the field, whatever its case; None where there is none."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def truncated(self) -> str | None:
        """WARC-Truncated: length, time, disconnect or unspecified; None for a record that is whole.

        A revisit is cut to the head of its answer by its profile (§6.7.2) and says so: that is no loss.
        """
        said = "length" if len(self.block) < self.size else self.header("WARC-Truncated")
        return None if said == "length" and self.type == "revisit" else said

    @property
    def concurrent_to(self) -> tuple[str, ...]:
        """The ids of the records made in the same exchange."""
        return tuple(value for key, value in self.headers if key.lower() == "warc-concurrent-to")

    @property
    def refers_to(self) -> str | None:
        """The id of the record that a revisit repeats; None where it does not say."""
        return self.header("WARC-Refers-To")

    @property
    def payload_sha256(self) -> str | None:
        """The SHA-256 in hex that WARC-Payload-Digest gives; None for another algorithm and where there is none."""
        algorithm, _, value = (self.header("WARC-Payload-Digest") or "").strip().partition(":")
        if algorithm.lower().replace("-", "") != "sha256":
            return None
        value = value.strip()
        if _HEX.fullmatch(value):
            return value.lower()
        try:
            found = b32decode(value.upper() + "=" * (-len(value) % 8))
        except ValueError:
            return None
        return found.hex() if len(found) == sha256().digest_size else None

    def digest_problem(self) -> str | None:
        """What is wrong with the record's digests, in words; None where they agree or none can be checked.

        A payload digest is checked over the block's content without chunking, as WARC 1.1 §5.9 has it; the
        digest over the chunked bytes, which other tools write, is accepted too. A revisit has the digest of
        a payload that lies elsewhere.
        """
        if len(self.block) < self.size:
            return None
        if _differs(self.header("WARC-Block-Digest"), self.block):
            return "the block does not give its WARC-Block-Digest"
        declared = self.header("WARC-Payload-Digest")
        if declared is None or self.type == "revisit":
            return None
        payloads = [self.block]
        if (self.header("Content-Type") or "").lower().startswith("application/http"):
            message = split(self.block)
            payloads = [content(message)[0], message.raw_body]
        if all(_differs(declared, payload) for payload in payloads):
            return "the payload does not give its WARC-Payload-Digest"
        return None


class Found(NamedTuple):
    """A record and where it lies: offset and length, in bytes, of its gzip member in the file."""

    record: Record
    offset: int
    length: int


def read_at(path: Path, offset: int, *, limit: int = LIMIT) -> Record:
    """The record whose member begins at `offset`.

    Raises BrokenRecord where there is none: the file is missing or shorter, the member is cut or damaged.
    """
    return found_at(path, offset, limit=limit).record


def found_at(path: Path, offset: int, *, limit: int = LIMIT) -> Found:
    """As `read_at`, with the place and the length of the member."""
    try:
        with open_warc(path) as file:
            member = member_at(file, offset, limit + 64 * 1024)
        record, _ = _parse(member, limit)
    except OSError as error:
        raise BrokenRecord(f"{path} cannot be read ({error.strerror}): restore the file or rebuild") from error
    except (CutShortError, SpoiltError) as fault:
        raise BrokenRecord(
            f"{path} has no whole record at {offset} ({fault}): restore the file, then run `hemeroteca rebuild`"
        ) from fault
    return Found(record, member.offset, member.length)


def walk(path: Path, *, start: int = 0, limit: int = LIMIT) -> Iterator[Found | Damage]:
    """Every record of a .warc, .warc.gz, .warc.zst or .arc.gz file from `start` on, in order, with its place.

    Damage does not end the walk: it is yielded as a value, and the walk goes on at the next whole record.
    `start` is the offset of a member. Of blocks longer than `limit` bytes the first part is read.
    Raises OSError where the file cannot be opened.
    """
    with open_warc(path) as file:
        for member in members(file, start, limit + 64 * 1024, _Origin(file).belongs, _proven):
            if isinstance(member, Damage):
                yield member
                continue
            if member.size == 0:
                continue
            try:
                record, rest = _parse(member, limit)
            except SpoiltError as fault:
                yield Damage(member.offset, str(fault))
                continue
            yield Found(record, member.offset, member.length)
            if rest:
                mend = "unpack the file (gunzip, zstd -d) and take the plain one"
                why = f"{rest} bytes follow the record in its member; {mend}"
                yield Damage(member.offset, why)


class _Origin:
    """Tells the records of one of our own files from records that a web page in it carried.

    Each record of ours names the file's warcinfo (WARC 1.1 §5.17), whose id no web page can know. Files of
    other software may be joined from several, so there every record that is whole counts.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.warcinfo: bytes | None = None
        try:
            first, _ = _parse(member_at(file, 0, LIMIT), LIMIT)
        except (CutShortError, SpoiltError):
            return
        if first.type == "warcinfo" and first.block.startswith(OWN_SOFTWARE):
            self.warcinfo = first.record_id.encode()

    def belongs(self, data: bytes) -> bool:
        head = data.partition(b"\r\n\r\n")[0]
        return self.warcinfo is None or b"\r\nWARC-Warcinfo-ID: " + self.warcinfo in head


def _proven(data: bytes) -> bool | None:
    """Whether a plain record, head included, gives the block digest that it has; None where it has none."""
    try:
        record, _ = _parse(Member(0, len(data), data, len(data)), len(data))
    except SpoiltError:
        return False
    return record.digest_problem() is None if record.header("WARC-Block-Digest") else None


_LOADER = ArcWarcRecordLoader(arc2warc=True)


def _parse(member: Member, limit: int) -> tuple[Record, int]:
    """The record in a member, and how many bytes follow it there that belong to no record. Raises
    SpoiltError.
    """
    if not _BEGINS.match(member.data):
        raise SpoiltError("this is no WARC record")
    stream = BytesIO(member.data)
    try:
        parsed = _LOADER.parse_record_stream(stream, no_record_parse=True)
    except (ArchiveLoadFailed, EOFError, ValueError, AttributeError, IndexError) as fault:
        raise SpoiltError(f"this is no WARC record: {' '.join(str(fault).split())[:120]}") from fault
    head = stream.tell()
    record_id = _id_of(member, parsed.rec_headers.get_header("WARC-Record-ID"))
    fields = tuple(
        (name, record_id if name.lower() == "warc-record-id" else value) for name, value in parsed.rec_headers.headers
    )
    # warcio takes a length that is no number for 0
    length = parsed.rec_headers.get_header("Content-Length")
    if length is None or not _DIGITS.fullmatch(length.strip()):
        raise SpoiltError("the record has no Content-Length" if length is None else f"Content-Length: {length[:40]!r}")
    size = parsed.length
    if member.size - head < size:
        raise SpoiltError(f"the record ends {size - (member.size - head)} bytes before its Content-Length")
    record = Record(
        type=parsed.rec_type or "",
        target_uri=parsed.rec_headers.get_header("WARC-Target-URI") or "",
        date=_date(parsed.rec_headers.get_header("WARC-Date")),
        record_id=record_id,
        headers=fields,
        block=member.data[head : head + min(size, limit)],
        size=size,
    )
    if record.type in _NEED_URI and not record.target_uri:
        raise SpoiltError(f"a {record.type} record without WARC-Target-URI")
    tail = member.data[head + size :]
    return record, len(tail.strip(b"\r\n"))


def _id_of(member: Member, declared: str | None) -> str:
    """The record's own id. ARC records have none and other tools left it out: theirs follows from their bytes, so
    that every reading gives the same; warcio would make up a new one.
    """
    if declared and member.data.lstrip(b"\r\n").startswith(b"WARC/"):
        return declared
    return f"<{uuid5(NAMESPACE_OID, sha256(member.data[:_NAMED_BY]).hexdigest()).urn}>"


def _date(text: str | None) -> datetime:
    """WARC-Date (§5.4): ISO 8601 in UTC, from a second to a nanosecond exact; what is finer than a
    microsecond is cut.
    """
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError as fault:
        raise SpoiltError(f"a record with WARC-Date {text!r}") from fault
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _differs(declared: str | None, data: bytes) -> bool:
    """Whether data gives another digest than declared; False where the algorithm is not known here."""
    if declared is None:
        return False
    algorithm, _, value = declared.strip().partition(":")
    try:
        found = new_digest(algorithm.lower().replace("-", ""), data, usedforsecurity=False).digest()
    except (ValueError, TypeError):
        return False
    wanted = value.strip()
    if wanted.lower() == found.hex():
        return False
    return wanted.upper().rstrip("=") != b32encode(found).decode().rstrip("=")
