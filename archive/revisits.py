"""Answers put together again from a revisit and the record that it repeats (WARC 1.1 §6.7.2).

A revisit for an identical payload holds the head of the answer only. Its body is that of an earlier record, byte for
byte as it was on the wire: the recorder compares them before it leaves the body out.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from archive.corpus import Corpus, warc_path
from archive.errors import BrokenRecord, NotACorpus
from archive.http import Answer, parse_answer, split
from archive.model import Pointer
from archive.records import Record, found_at, read_at
from archive.wacz import OPEN


class Earlier(NamedTuple):
    """The record that a revisit repeats, and where it lies now."""

    record: Record
    pointer: Pointer


def whole(record: Record, earlier: Record) -> bytes:
    """The block as it came: the head of the revisit and the body of the earlier record."""
    return record.block + split(earlier.block).raw_body


def earlier_of(folder: Path, record: Record, same_as: Pointer) -> Earlier:
    """The record that a revisit in the corpus at `folder` repeats.

    `same_as` is where it was when the revisit was written; the file may have another name by now. Raises BrokenRecord
    where it is not to be had.
    """
    if (found := _at(folder, same_as.warc_file, same_as.offset, record.refers_to)) is not None:
        return found
    for name in _renamed(folder).get(Path(same_as.warc_file).name, ()):
        if (found := _at(folder, name, same_as.offset, record.refers_to)) is not None:
            return found
    raise BrokenRecord(
        f"the payload is that of {record.refers_to or 'an earlier record'}, which is not in {same_as.warc_file}"
        f" at {same_as.offset} any more, nor in a file that once had that name: put the file back, then run"
        " `hemeroteca rebuild`"
    )


def block_of(folder: Path, record: Record, same_as: Pointer | None) -> bytes:
    """The whole answer of a record in the corpus at `folder`; `same_as` is where the payload of a revisit lies.

    Raises BrokenRecord where the earlier record cannot be read.
    """
    if record.type != "revisit" or same_as is None:
        return record.block
    return whole(record, earlier_of(folder, record, same_as).record)


def answer_of(folder: Path, record: Record, same_as: Pointer | None) -> Answer:
    """`block_of` as an answer."""
    return parse_answer(block_of(folder, record, same_as), truncated=record.truncated)


def _at(folder: Path, name: str, offset: int, wanted: str | None) -> Earlier | None:
    try:
        found = found_at(warc_path(folder, name), offset)
    except BrokenRecord:
        return None
    if wanted is not None and found.record.record_id != wanted:
        return None
    return Earlier(found.record, Pointer(name, found.offset, found.length))


@lru_cache(maxsize=4)
def _renamed(folder: Path) -> dict[str, list[str]]:
    """The files of the corpus by the name that each had when it was begun, where it has another now: its first record
    says so (WARC-Filename, WARC 1.1 §5.15)."""
    try:
        volumes = Corpus(folder).volumes()
    except NotACorpus:
        return {}
    found: dict[str, list[str]] = {}
    for name, path in volumes.items():
        try:
            first = read_at(path, 0)
        except BrokenRecord:
            continue
        began_as = first.header("WARC-Filename")
        if began_as and first.type == "warcinfo":
            found.setdefault(began_as.removesuffix(OPEN), []).append(name)
    return found
