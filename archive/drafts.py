"""Records that are to be written: what an exchange or a note becomes in WARC/1.1, before it has a place.

A draft holds the whole block as it was on the wire. Nothing here knows a clock: times are given.
"""

import os
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

from archive.http import framed

HTTP_RESPONSE = "application/http; msgtype=response"
HTTP_REQUEST = "application/http; msgtype=request"
FIDELITY = "Hemeroteca-Fidelity"  # exact, where the field is missing
_LEVEL = 6
_STEP = 1 << 20  # bytes that are compressed at a time
_FIRST = 1 << 16  # of a block, with the head before it: most blocks are no longer
_END = b"\r\n\r\n"  # of a record (WARC 1.1 §4)
_FRAME = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"  # RFC 1952 §2.3: deflate, no time, no name, of no known system
_CONTROL = re.compile("[\\x00-\\x1f]")
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"


def new_record_id() -> str:
    """A WARC-Record-ID (WARC 1.1 §5.2): a random UUID (RFC 9562 §5.4)."""
    text = os.urandom(16).hex()
    variant = "89ab"[int(text[16], 16) & 3]
    return f"<urn:uuid:{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}>"


@dataclass(frozen=True, slots=True)
class Draft:
    """A record to be written. `date` is aware; `fields` are the named fields beside the usual ones, in order.

    `payload_sha256`: hex digest of the content without chunking; None for a record without payload.
    `declared`: whether that digest goes into the record as WARC-Payload-Digest. For a chunked answer it
    does not: the standard takes it without chunking, and the common checkers accept it with chunking only.
    `coded_from`: from which byte on the block is compressed already; None: nowhere. `packed`: see `packed_now`.
    """

    type: str
    date: datetime
    block: bytes
    content_type: str
    url: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    payload_sha256: str | None = None
    declared: bool = False
    coded_from: int | None = None
    packed: bytes | None = field(default=None, repr=False)
    record_id: str = field(default_factory=new_record_id)


@dataclass(frozen=True, slots=True)
class Wire:
    """What is known of the connection; None: not known, or not the publisher's (behind a proxy).

    `protocols`: the names of the WARC-Protocol field, such as "http/1.1" and "tls/1.3".
    """

    ip: str | None = None
    protocols: tuple[str, ...] = ()
    cipher: str | None = None

    def fields(self) -> tuple[tuple[str, str], ...]:
        """The fields of a record; WARC-Protocol and WARC-Cipher-Suite are extensions of the community."""
        found = [("WARC-IP-Address", self.ip)] if self.ip else []
        found += [("WARC-Protocol", protocol) for protocol in self.protocols]
        found += [("WARC-Cipher-Suite", self.cipher)] if self.cipher else []
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The record that a revisit repeats."""

    record_id: str
    url: str
    date: datetime

    def fields(self) -> tuple[tuple[str, str], ...]:
        return (
            ("WARC-Refers-To", self.record_id),
            ("WARC-Refers-To-Target-URI", self.url),
            ("WARC-Refers-To-Date", warc_date(self.date)),
        )


def response(
    url: str,
    date: datetime,
    block: bytes,
    *,
    wire: Wire | None = None,
    truncated: str | None = None,
    fidelity: str = "exact",
) -> Draft:
    """An answer as it came (WARC 1.1 §6.3); `truncated` is length, time, disconnect or unspecified.

    `fidelity`: rebuilt, where the bytes were not to be had, so that the head was made again from what the HTTP library
    gave; withheld, where secrets were taken out of the body. The record says so in a field of ours.
    """
    came = framed(block)
    coded = set(came.head.tokens("content-encoding")) - {"identity"}
    return Draft(
        "response",
        date,
        block,
        HTTP_RESPONSE,
        url,
        (wire or Wire()).fields() + _truncated(truncated) + (((FIDELITY, fidelity),) if fidelity != "exact" else ()),
        payload_sha256=sha256(came.content).hexdigest(),
        declared=not came.chunked,
        coded_from=came.begins if coded else None,
    )


def request(
    url: str, date: datetime, block: bytes, *, concurrent_to: str, wire: Wire | None = None, rebuilt: bool = False
) -> Draft:
    """A request as it was sent (§6.4), made in the same exchange as the record `concurrent_to`."""
    mark = ((FIDELITY, "rebuilt"),) if rebuilt else ()
    fields = (*(wire or Wire()).fields(), *mark, ("WARC-Concurrent-To", concurrent_to))
    return Draft("request", date, block, HTTP_REQUEST, url, fields)


def exchange(note: Draft, asked: Draft, answer: Draft) -> list[Draft]:
    """The three records of an exchange in the order in which they are written, each concurrent to the answer, the
    answer to the request (WARC-Concurrent-To, §5.7).

    The answer comes last: a crash inside the group then never leaves an answer of which nothing else is known.
    """
    return [note, asked, replace(answer, fields=(*answer.fields, ("WARC-Concurrent-To", asked.record_id)))]


def not_modified(url: str, date: datetime, block: bytes, *, earlier: Earlier | None, wire: Wire | None = None) -> Draft:
    """A 304 answer as a revisit (§6.7.3); `earlier` is the record of the last whole answer, where it is
    known.
    """
    fields = (("WARC-Profile", _PROFILE + "server-not-modified"),) + (earlier.fields() if earlier else ())
    return Draft("revisit", date, block, HTTP_RESPONSE, url, (wire or Wire()).fields() + fields)


def same_payload(url: str, date: datetime, block: bytes, *, earlier: Earlier, wire: Wire | None = None) -> Draft:
    """An answer whose content equals that of `earlier`, as a revisit (§6.7.2): only its head is kept.

    Nothing is lost where the body of `earlier` has the same bytes on the wire, chunk framing included: the caller
    makes sure of it.
    """
    came = framed(block)
    profile = ("WARC-Profile", _PROFILE + "identical-payload-digest")
    fields = (profile, *earlier.fields(), ("WARC-Truncated", "length"))  # "shall", by the profile
    return Draft(
        "revisit",
        date,
        block[: came.begins],
        HTTP_RESPONSE,
        url,
        (wire or Wire()).fields() + fields,
        payload_sha256=sha256(came.content).hexdigest(),
        declared=True,
    )


def metadata(
    date: datetime,
    block: bytes,
    *,
    url: str | None = None,
    concurrent_to: str | None = None,
    content_type: str = "application/json",
) -> Draft:
    """What the crawl knew beside the bytes (§6.5), about the exchange of the record `concurrent_to` or by
    itself.
    """
    fields = (("WARC-Concurrent-To", concurrent_to),) if concurrent_to else ()
    return Draft("metadata", date, block, content_type, url, fields)


def warcinfo(date: datetime, info: Mapping[str, str], filename: str) -> Draft:
    """The first record of a file (§6.2)."""
    block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in info.items() if value)
    return Draft("warcinfo", date, block.encode(), "application/warc-fields", None, (("WARC-Filename", filename),))


def warc_date(date: datetime) -> str:
    """WARC-Date to the microsecond (§5.4). Raises ValueError for a time without offset."""
    if date.tzinfo is None:
        raise ValueError(f"{date!r} has no offset")
    utc = date if date.tzinfo is UTC else date.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:26]}Z"


def _truncated(reason: str | None) -> tuple[tuple[str, str], ...]:
    return (("WARC-Truncated", reason),) if reason else ()


def packed_now(draft: Draft) -> Draft:
    """The same record with its block compressed already: `packed` are the blocks of the deflate stream from the block's
    first byte to the record's end. For whoever must not wait while it is written.
    """
    if draft.coded_from is not None:  # it gains nothing by compressing, and costs as good as nothing
        return draft
    packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, -15)
    view = memoryview(draft.block)
    parts = [packing.compress(view[at : at + _STEP]) for at in range(0, len(view), _STEP)]
    return replace(draft, packed=b"".join((*parts, packing.compress(_END), packing.flush())))


def pack(draft: Draft, block_sha256: str, warcinfo_id: str) -> bytes:
    """The record as one gzip member (RFC 1952); `warcinfo_id` is "" for the warcinfo itself."""
    return b"".join(pieces(draft, block_sha256, warcinfo_id))


def pieces(draft: Draft, block_sha256: str, warcinfo_id: str) -> Iterator[bytes | memoryview]:
    """`pack` bit by bit, so that a long block is never copied as a whole. The views are of the draft's block."""
    head, block = _head(draft, block_sha256, warcinfo_id), draft.block
    if draft.packed is not None:
        yield from _joined(head, block, draft.packed)
        return
    coded = len(block) if draft.coded_from is None else draft.coded_from
    first = head + block[: min(coded, _FIRST)]
    view, behind = memoryview(block), len(first) - len(head)
    checksum = zlib.crc32(_END, zlib.crc32(view[behind:], zlib.crc32(first)))
    frame_end = struct.pack("<LL", checksum, (len(head) + len(block) + len(_END)) & 0xFFFFFFFF)
    # A smaller window is set up in a fraction of the time
    small = len(head) + coded <= (4096 if draft.coded_from is not None else 4096 - len(_END))
    packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, -12 if small else -15, 5 if small else 8)
    yield _FRAME + packing.compress(first)
    for at in range(_FIRST, coded, _STEP):
        yield packing.compress(view[at : min(at + _STEP, coded)])
    if draft.coded_from is None:
        yield packing.compress(_END) + packing.flush() + frame_end
    else:
        yield packing.flush(zlib.Z_FULL_FLUSH)
        yield from _stored(view[coded:], _END)
        yield frame_end


def _joined(head: bytes, block: bytes, packed: bytes) -> Iterator[bytes]:
    """Head and packed block as one member: a full flush ends the head's part at a whole byte, and nothing behind it
    looks back over it."""
    checksum = zlib.crc32(_END, zlib.crc32(block, zlib.crc32(head)))
    packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, -12, 5)
    yield _FRAME + packing.compress(head) + packing.flush(zlib.Z_FULL_FLUSH)
    yield packed
    yield struct.pack("<LL", checksum, (len(head) + len(block) + len(_END)) & 0xFFFFFFFF)


def _head(draft: Draft, block_sha256: str, warcinfo_id: str) -> bytes:
    """The version line and the named fields up to the blank line (WARC 1.1 §4), in the order of warcio.

    Each is defined in §5: WARC-Record-ID §5.2, Content-Length §5.3, WARC-Date §5.4, WARC-Type §5.5, Content-Type §5.6,
    WARC-Block-Digest §5.8, WARC-Payload-Digest §5.9, WARC-Target-URI and WARC-Warcinfo-ID under their names.
    """
    url = f"WARC-Target-URI: {_one_line(draft.url)}\r\n" if draft.url is not None else ""
    info = f"WARC-Warcinfo-ID: {_one_line(warcinfo_id)}\r\n" if warcinfo_id else ""
    fields = "".join([f"{name}: {_one_line(value)}\r\n" for name, value in draft.fields])
    payload = ""
    if draft.declared and draft.payload_sha256 is not None:
        payload = f"WARC-Payload-Digest: sha256:{_one_line(draft.payload_sha256)}\r\n"
    return (
        f"WARC/1.1\r\nWARC-Type: {_one_line(draft.type)}\r\nWARC-Record-ID: {_one_line(draft.record_id)}\r\n"
        f"WARC-Date: {warc_date(draft.date)}\r\n{url}{info}{fields}"
        f"WARC-Block-Digest: sha256:{_one_line(block_sha256)}\r\n{payload}"
        f"Content-Type: {_one_line(draft.content_type)}\r\nContent-Length: {len(draft.block)}\r\n\r\n"
    ).encode()


def _stored(data: memoryview, end: bytes) -> Iterator[bytes | memoryview]:
    """The last blocks of a deflate stream, stored as they are (RFC 1951 §3.2.4).

    A body that came compressed gains nothing by compressing it again and costs most of the time of recording.
    """
    whole = len(data) + len(end)
    for at in range(0, whole, 0xFFFF):
        size = min(0xFFFF, whole - at)
        yield struct.pack("<BHH", at + size == whole, size, size ^ 0xFFFF)
        yield data[at : at + size]
        if at + size > len(data):
            yield end[max(0, at - len(data)) : at + size - len(data)]


def _one_line(value: str) -> str:
    """The value without characters that would end a field or the head; of two questions the quicker first."""
    if value.isprintable() or not _CONTROL.search(value):
        return value
    return " ".join(value.split())
