"""One capture before the court: from its row to the bytes of its record."""

from calendar import month_name
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlite_utils import Database

from archive.custody.by_hand import record_commands
from archive.custody.exchange import Exchange, exchange_at, warcinfo_of
from archive.custody.lookup import row_of
from archive.custody.records import field_of
from archive.custody.rows import differences
from archive.custody.testimony import Source, Step
from archive.custody.witness import Witness
from archive.errors import BrokenRecord
from archive.http import Message, content, split
from archive.intake import Taken
from archive.model import Pointer
from archive.notes import CaptureNote
from archive.rebuild import Readers
from archive.records import Record
from archive.revisits import earlier_of
from archive.withhold import MARKER

Reread = Callable[[Taken], list[Step]]  # the steps that compare rows with what the record gives now

_FIDELITY = {
    "exact": "The bytes are those that came over the wire, from the status line to the last byte of the body.",
    "rebuilt": "The head was made again from what the HTTP library gave, so it may differ from the wire in order, case"
    " and spacing; the body is what the library handed over.",
    "withheld": "The body held secrets of the login: it is kept as text, decoded and without chunks, with a marker in"
    " their place, and the head says so; the rest is as it came.",
    None: "Whether the bytes are exactly those of the wire was not written down.",
}
_CUT = {
    "length": "The answer was cut at the recorder's size limit.",
    "time": "The answer was cut at the recorder's time limit.",
    "disconnect": "The connection broke off before the end: the answer is not whole.",
}


def capture_source(
    db: Database, witness: Witness, row: dict[str, Any], heading: str, readers: Readers, reread: Reread
) -> Source:
    """Statements, steps and commands about one row of `captures`."""
    source = Source(heading, row["record_id"])
    pointer = Pointer(row["warc_file"], row["warc_offset"], row["warc_length"])
    says = (
        f"The row names the record {row['record_id']} in {pointer.warc_file}, {pointer.length} bytes from byte"
        f" {pointer.offset} on. There lies a record of that id, URL, time and length, and the row says what it says."
    )
    try:
        exchange = exchange_at(witness.path_of(pointer.warc_file), pointer, _start(db, pointer))
    except (BrokenRecord, OSError) as error:
        source.steps.append(Step("row and record", says, str(error)))
        source.steps += witness.file(pointer.warc_file)[0]
        return source
    differ = differences(row, exchange.record, exchange.group, witness.corpus.folder)
    why = "; ".join(f"{name} is {said!r} in the row, {due!r} in the record" for name, (said, due) in differ.items())
    source.statements += _statements(db, witness, row, exchange)
    source.steps.append(Step("row and record", says, why or None))
    source.steps += _digests(row, exchange.record)
    if row["revisit_of"] is not None:
        source.steps += _repeated(witness, row, exchange, source)
    steps, commands = witness.file(pointer.warc_file)
    source.steps += steps
    source.steps += _read_again(exchange, readers, reread)
    path = witness.path_of(pointer.warc_file)
    source.by_hand += record_commands(
        path, pointer.warc_file, pointer.offset, pointer.length, exchange.record, row["block_sha256"]
    )
    source.by_hand += commands
    return source


def spoken(at: str | None) -> str:
    """'4 August 2023, 10:15:02 UTC' for a time of a row, '4 August 2023' for a day; to the second."""
    if at is None:
        return "at an unknown time"
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    day = f"{moment.day} {month_name[moment.month]} {moment.year}"
    return f"{day}, {moment:%H:%M:%S} UTC" if len(at) > len("2023-08-04") else day


def _start(db: Database, pointer: Pointer) -> int:
    """A place before the exchange where some record begins: behind the answer before it."""
    sql = "SELECT max(warc_offset) AS place FROM captures WHERE warc_file = ? AND warc_offset < ?"
    return int(row_of(db, sql, pointer.warc_file, pointer.offset)["place"] or 0)


def _statements(db: Database, witness: Witness, row: dict[str, Any], exchange: Exchange) -> list[str]:
    at, from_where = spoken(row["fetched_at"]), exchange.connection or "from an address that is not known"
    status = f"status {row['status']}, {row['mime'] or 'of no declared type'}."
    cut = row["truncated"]
    whole = _CUT.get(cut, f"The answer is marked as cut ({cut}).") if cut else "The answer is not marked as cut."
    if row["run_id"] is None:
        return [
            f"Recorded on {at} by others: {row['url']}",
            f"Answered {from_where}: {status}",
            "How its bytes came about is not known here: they are as the file has them.",
            whole,
        ]
    run = row_of(db, "SELECT * FROM runs WHERE id = ?", row["run_id"])
    info = warcinfo_of(witness.path_of(row["warc_file"]))
    software = (field_of(info, "software") if info else None) or run.get("software") or "unknown software"
    agent = exchange.user_agent or run.get("user_agent")
    named = f"as “{agent}”" if agent else "under a name that is not known"
    login = "without a login" if row["session"] == "anonymous" else f"with the login “{row['session']}”"
    return [
        f"Asked for on {at} in run {row['run_id']}, by {software}, {named}: {row['url']}",
        f"Answered {from_where}, {login}: {status}",
        _FIDELITY.get(row["fidelity"], _FIDELITY[None]),
        *_withheld(exchange),
        whole if cut else "The answer is whole.",
        *_robots(exchange),
    ]


def _withheld(exchange: Exchange) -> list[str]:
    records = (exchange.record, exchange.request)
    if not any(record is not None and MARKER in record.block for record in records):
        return []
    marker = MARKER.decode()
    return [f"Credentials were replaced by {marker} before anything was stored; digests are of what is stored."]


def _robots(exchange: Exchange) -> list[str]:
    note = exchange.group.note
    if not isinstance(note, CaptureNote) or note.robots is None:
        return []
    rule = f" by the rule “{note.robots_rule}”" if note.robots_rule else ""
    return [f"robots.txt at that time: {note.robots.replace('_', ' ')}{rule}."]


def _digests(row: dict[str, Any], record: Record) -> list[Step]:
    block = sha256(record.block).hexdigest()
    said_by = [
        who
        for who, said in (("the record", record.header("WARC-Block-Digest")), ("the row", row["block_sha256"]))
        if said is not None
    ]
    problem = record.digest_problem()
    if problem is None and row["block_sha256"] not in (None, block):
        problem = f"the row has {row['block_sha256']}"
    if not said_by:
        problem = "neither the record nor the row has a digest of it"
    whose = " and ".join(said_by) or "nothing"
    says = f"The record's block of {record.size} bytes gives the SHA-256 {block}; {whose} had that."
    steps = [Step("block digest", says, problem)]
    if record.type == "revisit":
        return steps
    payload = sha256(_payload(record)).hexdigest()
    whose = "the record and the row" if record.header("WARC-Payload-Digest") else "the row"
    says = f"The payload, which is the body without chunk framing, gives the SHA-256 {payload}; {whose} had that."
    why = None if row["payload_sha256"] == payload else f"the row has {row['payload_sha256']}"
    return [*steps, Step("payload digest", says, why)]


def _payload(record: Record) -> bytes:
    return content(_message(record))[0]


def _message(record: Record) -> Message:
    return split(record.block)


def _repeated(witness: Witness, row: dict[str, Any], exchange: Exchange, source: Source) -> list[Step]:
    """The record whose payload a revisit repeats."""
    note = exchange.group.note
    same_as = note.same_as if isinstance(note, CaptureNote) else None
    if same_as is None:
        return [
            Step(
                "repeated record",
                f"The publisher answered that nothing had changed since the record {row['revisit_of']}.",
            )
        ]
    says = f"The body had the same bytes as that of the record {row['revisit_of']}, and is stored there"
    try:
        earlier, place = earlier_of(witness.corpus.folder, exchange.record, same_as)
    except BrokenRecord as error:
        return [Step("repeated record", f"{says}.", str(error))]
    says += (
        f": in {place.warc_file}, {place.length} bytes from byte {place.offset} on; its payload gives the SHA-256"
        f" {row['payload_sha256']}."
    )
    why = earlier.digest_problem()
    if why is None and (found := sha256(_payload(earlier)).hexdigest()) != row["payload_sha256"]:
        why = f"its payload gives {found}"
    path = witness.path_of(place.warc_file)
    source.by_hand += record_commands(path, place.warc_file, place.offset, place.length, earlier)
    return [Step("repeated record", says, why), *witness.file(place.warc_file)[0]]


def _read_again(exchange: Exchange, readers: Readers, reread: Reread) -> list[Step]:
    for _, entry in readers([exchange.group]):
        if isinstance(entry, Taken):
            return reread(entry)
    return []
