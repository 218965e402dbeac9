"""Answers put together again from a revisit and the record that it repeats (WARC 1.1 §6.7.2).

A revisit for an identical payload holds the head of the answer only. Its body is that of an earlier record, byte for
byte as it was on the wire: the recorder compares them before it leaves the body out.
"""

from pathlib import Path

from archive.corpus import warc_path
from archive.errors import BrokenRecord
from archive.http import Answer, parse_answer, split
from archive.model import Pointer
from archive.records import Record, read_at


def whole(record: Record, earlier: Record) -> bytes:
    """The block as it came: the head of the revisit and the body of the earlier record."""
    return record.block + split(earlier.block).raw_body


def block_of(folder: Path, record: Record, same_as: Pointer | None) -> bytes:
    """The whole answer of a record in the corpus at `folder`; `same_as` is where the payload of a revisit lies.

    Raises BrokenRecord where the earlier record cannot be read.
    """
    if record.type != "revisit" or same_as is None:
        return record.block
    earlier = read_at(warc_path(folder, same_as.warc_file), same_as.offset)
    if record.refers_to is not None and earlier.record_id != record.refers_to:
        raise BrokenRecord(
            f"{same_as.warc_file} has another record at {same_as.offset} than {record.record_id} repeats:"
            " run `hemeroteca verify`"
        )
    return whole(record, earlier)


def answer_of(folder: Path, record: Record, same_as: Pointer | None) -> Answer:
    """`block_of` as an answer."""
    return parse_answer(block_of(folder, record, same_as), truncated=record.truncated)
