"""Bytes of a file that carry no content, such as the time in a gzip header, can change and every digest still agrees.

The file's checksum tells of it, not the place. Our own records can be packed again: a member that does not come out
the same is the place.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path

from archive.drafts import Draft, pack
from archive.http import split
from archive.records import Damage, Found, Record, walk
from archive.takedown.room import COMMENT, member
from archive.takedown.tombstone import said_by

# What `pack` sets by itself
_SET = frozenset(
    {
        "warc-type",
        "warc-record-id",
        "warc-date",
        "warc-target-uri",
        "warc-warcinfo-id",
        "warc-block-digest",
        "warc-payload-digest",
        "content-type",
        "content-length",
    }
)


def odd_frames(path: Path) -> Iterator[Found]:
    """The records of a file of ours whose members are framed otherwise than their content asks for.

    None where that cannot be told: in a file of other software, or packed by another version.
    """
    odd: list[Found] = []
    alike = 0
    with path.open("rb") as file:
        for each in walk(path):
            if isinstance(each, Damage):
                continue
            file.seek(each.offset)
            raw = file.read(each.length)
            if raw == _packed(each.record) or _is_filled(raw, each.record):
                alike += 1
            else:
                odd.append(each._replace(record=_bare(each.record)))
    if alike:
        yield from odd


def _is_filled(raw: bytes, record: Record) -> bool:
    """Whether a member is what a takedown left: packed as tombstones are, and one, or filled up with a comment."""
    left = said_by(record) is not None or bool(raw[3] & COMMENT)
    return left and raw == member(zlib.decompress(raw, zlib.MAX_WBITS + 16), len(raw))


def _packed(record: Record) -> bytes:
    declared = record.header("WARC-Payload-Digest")
    coded_from = None
    if record.type == "response":
        message = split(record.block)
        if set(message.tokens("content-encoding")) - {"identity"}:
            coded_from = len(record.block) - len(message.raw_body)
    draft = Draft(
        record.type,
        record.date,
        record.block,
        record.header("Content-Type") or "",
        record.target_uri or None,
        tuple((name, value) for name, value in record.headers if name.lower() not in _SET),
        payload_sha256=(declared or "").removeprefix("sha256:"),
        declared=declared is not None,
        coded_from=coded_from,
        record_id=record.record_id,
    )
    block_sha256 = (record.header("WARC-Block-Digest") or "").removeprefix("sha256:")
    return pack(draft, block_sha256, record.header("WARC-Warcinfo-ID") or "")


def _bare(record: Record) -> Record:
    """Without its block, so that many of them cost no memory."""
    return Record(record.type, record.target_uri, record.date, record.record_id, record.headers, b"", record.size)
