"""Tombstones: what stands in a WARC file where a record was taken down.

A tombstone is a `metadata` record (WARC 1.1 §6.5) with the id, the date and the URI of the record it replaces. It
fills that record's room to the byte, so no other record of the file moves (see archive/takedown/room.py).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from archive.drafts import warc_date
from archive.errors import HemerotecaError
from archive.notes import FORM
from archive.records import Record
from archive.takedown.room import Form, filled
from archive.times import stamp

# Fields that may go where a record is so small that its tombstone has no room otherwise
_SPARE = ("WARC-Warcinfo-ID", "WARC-Target-URI")


class NoRoom(HemerotecaError):
    """A record is too small for what is to stand in its place."""


@dataclass(frozen=True, slots=True)
class Epitaph:
    """What a tombstone says of the record that it replaces.

    `of`: the record's type; `at`: when it was taken down (UTC); `journal`: the number of the journal's line. The
    digests are those of the record's block and of its payload without chunking, in hex; None: not known.
    """

    of: str
    reason: str
    at: datetime
    journal: int
    block_sha256: str | None = None
    payload_sha256: str | None = None

    def forms(self) -> Iterator[dict[str, Any]]:
        """From the whole to the shortest; whatever is left out here is in the journal's line."""
        found: dict[str, Any] = {
            "of": self.of,
            "reason": self.reason,
            "at": stamp(self.at),
            "block_sha256": self.block_sha256,
            "payload_sha256": self.payload_sha256,
            "journal": self.journal,
        }
        whole = {name: value for name, value in found.items() if value is not None}
        yield whole
        yield {name: value for name, value in whole.items() if name != "reason"}
        yield {name: whole[name] for name in ("of", "journal")}


def tombstone(record: Record, length: int, epitaph: Epitaph, form: Form = Form.GZIP) -> bytes:
    """A piece of exactly `length` bytes that holds a record in the place of `record`.

    Its JSON block is `{"hemeroteca":1,"tombstone":{"of":…,"reason":…,"at":…,"block_sha256":…,"payload_sha256":…,
    "journal":N}}`; in a small room it is without the reason, or says no more than type and journal line.
    WARC-Block-Digest is that of the new block. Raises NoRoom.
    """
    blocks = [_json({"tombstone": form}) for form in epitaph.forms()]
    for block in blocks:
        if found := filled(partial(_record, record, block, ()), length, form):
            return found
    return replaced(record, length, blocks[-1], form)


def replaced(record: Record, length: int, block: bytes, form: Form = Form.GZIP) -> bytes:
    """As `tombstone`, with any JSON as block. Raises NoRoom."""
    for spared in ((), _SPARE[:1], _SPARE):
        if found := filled(partial(_record, record, block, spared), length, form):
            return found
    raise NoRoom(
        f"{record.record_id} is too small to be replaced in its place: move its file out of the corpus by hand, run"
        " `hemeroteca rebuild`, then run this again"
    )


def said_by(record: Record) -> dict[str, Any] | None:
    """What a tombstone says; None for every other record."""
    if record.type != "metadata":
        return None
    try:
        body = json.loads(record.block)
    except ValueError:
        return None
    said = body.get("tombstone") if isinstance(body, dict) and body.get("hemeroteca") == FORM else None
    return said if isinstance(said, dict) else None


def _json(values: dict[str, Any]) -> bytes:
    return json.dumps({"hemeroteca": FORM, **values}, ensure_ascii=False, separators=(",", ":")).encode()


def _record(record: Record, block: bytes, spared: Sequence[str], blanks: int) -> bytes:
    """A metadata record in the place of another one; `blanks` follow its JSON."""
    block += b" " * blanks
    fields = [("WARC-Type", "metadata"), ("WARC-Record-ID", record.record_id), ("WARC-Date", _date(record))]
    for name in ("WARC-Target-URI", "WARC-Warcinfo-ID"):
        value = record.header(name)
        if value is not None and name not in spared:
            fields.append((name, value))
    if record.type == "metadata":  # a note stays concurrent to its answer
        fields += [("WARC-Concurrent-To", value) for value in record.concurrent_to]
    fields.append(("WARC-Block-Digest", f"sha256:{sha256(block).hexdigest()}"))
    fields += [("Content-Type", "application/json"), ("Content-Length", str(len(block)))]
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields)
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


def _date(record: Record) -> str:
    """As it stands, to the last digit."""
    return record.header("WARC-Date") or warc_date(record.date)
