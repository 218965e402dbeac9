"""How an exchange becomes records: note, request and answer, or a revisit where nothing new came."""

import re
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.drafts import Draft, Earlier, metadata, not_modified, same_payload
from archive.drafts import exchange as joined
from archive.drafts import request as sent
from archive.drafts import response as received
from archive.errors import BrokenRecord
from archive.message import head_of
from archive.model import Pointer
from archive.notes import CaptureNote, pack
from archive.records import read_at
from crawler.exchange import Exchange

_STEP = 1 << 20
_CONDITION = re.compile(rb"\r\nif-(?:none-match|modified-since):", re.IGNORECASE)


def answer_of(exchange: Exchange) -> Draft:
    """The record of the answer, its digests and framing told. Pure, and slow where the answer is long."""
    return received(
        exchange.url,
        exchange.began,
        exchange.response_bytes,
        wire=exchange.wire,
        truncated=exchange.truncated,
        fidelity=exchange.fidelity,
    )


def records_of(
    exchange: Exchange,
    note: CaptureNote,
    asked_after: Earlier | None,
    corpus: Corpus,
    db: Database,
    answer: Draft | None = None,
) -> tuple[list[Draft], CaptureNote]:
    """The records of an exchange in their order, and the note as it stands in them.

    `asked_after`: the capture that a 304 lets stand. Where the newest captures of the URL hold the same body, byte for
    byte, the answer is a revisit, and the note says where the body lies. `answer`: from `answer_of`, where that was
    asked before.
    """
    wire = exchange.wire
    answer, same_as = _answer(exchange, answer, note.session, asked_after, corpus, db)
    if same_as is not None:
        note = replace(note, same_as=same_as)
    asked = sent(
        exchange.url,
        exchange.began,
        exchange.request_bytes,
        concurrent_to=answer.record_id,
        wire=wire,
        rebuilt=exchange.fidelity == "rebuilt",
    )
    # One date for all records of a capture (WARC 1.1, WARC-Date)
    said = metadata(exchange.began, pack(note), url=exchange.url, concurrent_to=answer.record_id)
    return joined(said, asked, answer), note


def _answer(
    exchange: Exchange, answer: Draft | None, session: str, asked_after: Earlier | None, corpus: Corpus, db: Database
) -> tuple[Draft, Pointer | None]:
    """The record of the answer, and where its payload lies if an earlier record has it."""
    url, at, block, wire = exchange.url, exchange.began, exchange.response_bytes, exchange.wire
    status = exchange.status
    if status == 304 and _CONDITION.search(exchange.request_bytes):
        return not_modified(url, at, block, earlier=asked_after, wire=wire), None
    answer = answer or answer_of(exchange)
    if status != 200 or exchange.truncated or exchange.fidelity != "exact":
        return answer, None
    found = db.execute(
        "SELECT record_id, url, fetched_at, warc_file, warc_offset, warc_length FROM captures"
        " WHERE url = ? AND payload_sha256 = ? AND session = ? AND status = 200 AND truncated IS NULL"
        " AND fidelity = 'exact' AND revisit_of IS NULL ORDER BY fetched_at DESC LIMIT 1",
        [url, answer.payload_sha256, session],
    ).fetchone()
    if found is None:
        return answer, None
    pointer = Pointer(*found[3:])
    try:
        record = read_at(corpus.path_of(pointer.warc_file), pointer.offset)
    except BrokenRecord:
        return answer, None
    # Byte for byte, chunk framing included: a digest would not tell
    if not _same_body(record.block, block):
        return answer, None
    earlier = Earlier(found[0], found[1], datetime.fromisoformat(found[2]))
    return same_payload(url, at, block, earlier=earlier, wire=wire), pointer


def _same_body(one: bytes, other: bytes) -> bool:
    """Whether both answers have the same bytes of body, and any at all. Long ones are not copied as a whole."""
    (_, a), (_, b) = head_of(one), head_of(other)
    size = len(one) - a
    return size == len(other) - b > 0 and all(
        one[a + at : a + at + _STEP] == other[b + at : b + at + _STEP] for at in range(0, size, _STEP)
    )
