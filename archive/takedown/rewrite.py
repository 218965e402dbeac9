"""WARC files written anew beside themselves, with tombstones in the places of what goes.

Each takes the place of the old file only when the journal has said so.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from archive.cdxj import write_cdxj
from archive.corpus import Corpus
from archive.disk import sync_folder
from archive.errors import BrokenRecord, named_errors
from archive.journal import Line
from archive.records import found_at
from archive.takedown.condemned import record_of
from archive.takedown.room import form_at
from archive.takedown.scope import Plan
from archive.takedown.tombstone import Epitaph, replaced, said_by, tombstone

_PIECE = 1 << 20


def replacements(corpus: Corpus, plan: Plan, reason: str, at: datetime, n: int) -> dict[str, dict[int, bytes]]:
    """By file and offset, the piece that takes the place of each record; `n`: the journal's line to come.

    Raises NoRoom, BrokenRecord.
    """
    found: dict[str, dict[int, bytes]] = {name: {} for name in plan.files}
    for each in plan.removals:
        if each.file not in found:
            continue
        record = record_of(corpus.folder / each.file, each)
        if said_by(record) is not None:  # taken down with another article of the same call
            continue
        epitaph = Epitaph(record.type, reason, at, n, each.block_sha256, each.payload_sha256)
        form = form_at(corpus.folder / each.file, each.offset)
        found[each.file][each.offset] = tombstone(record, each.length, epitaph, form)
    for note in plan.notes:
        record = found_at(corpus.folder / note.warc_file, note.offset).record
        body = json.loads(record.block)
        for name in ("title", "summary"):
            body["capture"]["lead"].pop(name, None)
        block = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        form = form_at(corpus.folder / note.warc_file, note.offset)
        found[note.warc_file][note.offset] = replaced(record, note.length, block, form)
    return found


def prepare(corpus: Corpus, name: str, members: Mapping[int, bytes]) -> dict[str, Any]:
    """Writes the file anew beside itself; gives what the journal says of it.

    `members`: what is to stand where, by offset. Raises BrokenRecord, DiskFull and its kin.
    """
    path = corpus.folder / name
    beside = _beside(path)
    with named_errors(path), path.open("rb") as old, beside.open("wb") as new:
        shutil.copymode(path, beside)
        before, after = sha256(), sha256()
        for offset in sorted(members):
            for piece in _until(old, offset):
                before.update(piece)
                after.update(piece)
                new.write(piece)
            before.update(old.read(len(members[offset])))
            after.update(members[offset])
            new.write(members[offset])
        for piece in _until(old, None):
            before.update(piece)
            after.update(piece)
            new.write(piece)
        size = new.tell()
        new.flush()
        os.fsync(new.fileno())
    for offset, member in members.items():
        found = found_at(beside, offset)
        if found.record.type != "metadata" or found.length != len(member) or found.record.digest_problem():
            raise BrokenRecord(f"{beside} does not read as it was written: check the disk, then run this again")
    sync_folder(path.parent)
    return {"file": name, "old_sha256": before.hexdigest(), "sha256": after.hexdigest(), "bytes": size}


def put_in_place(corpus: Corpus, line: Line) -> None:
    """The files of a takedown under their names, each with its index; those that are there already stay."""
    for each in line.values["files"]:
        path = corpus.folder / each["file"]
        beside = _beside(path)
        with named_errors(path):
            if beside.exists():
                beside.rename(path)
                sync_folder(path.parent)
        if path.exists():
            write_cdxj(path)


def discard(corpus: Corpus, names: Iterable[str]) -> None:
    """Removes what was written beside these files."""
    for name in names:
        _beside(corpus.folder / name).unlink(missing_ok=True)


def _until(file: BinaryIO, offset: int | None) -> Iterable[bytes]:
    """The bytes up to an offset, or to the end."""
    while piece := file.read(_PIECE if offset is None else min(_PIECE, offset - file.tell())):
        yield piece


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.takedown")
