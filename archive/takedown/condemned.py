"""The records of an article in one WARC file: its answers, and the notes that carry its title.

Redirects that lead to the article carry no text and stay.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from archive.errors import BrokenRecord, UsageError
from archive.http import parse_answer
from archive.message import final_answer, status_of
from archive.model import Pointer
from archive.notes import FORM
from archive.records import Damage, Record, found_at, walk
from archive.times import stamp

ANSWERS = frozenset({"response", "revisit", "resource", "conversion"})
_SMALL = 1 << 20  # bytes of a block that are enough for a note, and for the status of an answer


class NotToBeRewritten(UsageError):
    """A file of the corpus is a package, or has several records in one gzip member."""


@dataclass(frozen=True, slots=True)
class Removal:
    """An answer that goes, and where it lies; `file` as rows know it. Digests are hex; None: not known."""

    capture_id: str
    record_id: str
    url: str
    fetched_at: str
    file: str
    offset: int
    length: int
    block_sha256: str | None = None
    payload_sha256: str | None = None


def in_file(path: Path, name: str, rows: list[Removal], urls: frozenset[str]) -> tuple[list[Removal], list[Pointer]]:
    """The answers and notes of an article in one file of ours, also those that no row knows.

    `rows`: what the rows say of this file; `urls`: the addresses of the article. A record that is damaged is among the
    answers. Raises NotToBeRewritten, BrokenRecord where rows and file do not fit.
    """
    if "!/" in name:
        raise NotToBeRewritten(
            f"{name} lies in a WACZ package, which has the text a second time in its own index: unpack it, make a new"
            " corpus, and import there the WARC files instead of the package"
        )
    if not path.exists():
        raise BrokenRecord(f"{name} is missing: put it back, else the article comes back with it")
    by_id = {each.record_id: each for each in rows}
    removals: dict[int, Removal] = {}
    notes: list[tuple[Pointer, Record]] = []
    whole: list[tuple[int, int]] = []  # where records begin and end
    for found in walk(path, limit=_SMALL):
        if isinstance(found, Damage):
            if found.offset in removals:
                raise NotToBeRewritten(
                    f"{name} has several records in one gzip member: nothing in it can be replaced in its place"
                )
            continue
        record, offset, length = found
        whole.append((offset, offset + length))
        if record.type == "metadata":
            notes.append((Pointer(name, offset, length), record))
        elif record.type in ANSWERS:
            if record.record_id in by_id:
                removals[offset] = by_id[record.record_id]
            elif record.target_uri in urls and not _is_redirect(record):
                removals[offset] = _without_row(path, name, offset)
    for each in rows:
        if each.offset in removals:
            continue
        end = each.offset + each.length
        if any(begin < end and each.offset < until for begin, until in whole):
            raise BrokenRecord(
                f"{name} has another record at {each.offset} than the rows say: run `hemeroteca rebuild`"
            )
        if end <= path.stat().st_size:  # damaged: no record any more, but words in it may still be read
            removals[each.offset] = each
    ids = {each.record_id for each in removals.values()}
    return list(removals.values()), [pointer for pointer, record in notes if _tells(record, ids, urls)]


def _tells(record: Record, ids: set[str], urls: frozenset[str]) -> bool:
    """Whether a note of an exchange carries the title or the summary of the article."""
    lead = lead_in(record)
    if lead is None or not ("title" in lead or "summary" in lead):
        return False
    return lead.get("url") in urls or not ids.isdisjoint(record.concurrent_to)


def lead_in(record: Record) -> dict[str, Any] | None:
    """The lead in the note of an exchange, as JSON values; None for every other record."""
    try:
        body = json.loads(record.block)
        lead = body["capture"]["lead"] if body["hemeroteca"] == FORM else None
    except (ValueError, KeyError, TypeError):
        return None
    return lead if isinstance(lead, dict) else None


def _is_redirect(record: Record) -> bool:
    status = status_of(final_answer(record.block)) or 0
    return 300 <= status < 400 and status != 304


def _without_row(path: Path, name: str, offset: int) -> Removal:
    record, _, length = found_at(path, offset)
    whole = len(record.block) == record.size
    return Removal(
        record.record_id.removeprefix("<urn:uuid:").removesuffix(">"),
        record.record_id,
        record.target_uri,
        stamp(record.date) or "",
        name,
        offset,
        length,
        sha256(record.block).hexdigest() if whole else None,
        parse_answer(record.block, truncated=record.truncated).payload_sha256 if whole else None,
    )


def record_of(path: Path, removal: Removal) -> Record:
    """The record of a removal; where it is damaged, what its row says of it."""
    try:
        return found_at(path, removal.offset).record
    except BrokenRecord:
        at = datetime.fromisoformat(removal.fetched_at)
        head = (("WARC-Target-URI", removal.url),)
        return Record("response", removal.url, at, removal.record_id, head, b"", 0)
