"""From stored records to entries for the index: the one path that a crawl, a rebuild and an import share.

Pure: an entry follows from the bytes of its records and from the reader that is handed in. This is what runs in
worker processes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urljoin

from archive.errors import BrokenRecord
from archive.http import Answer, parse_answer
from archive.message import as_utf8
from archive.model import Capture, Kind, Outcome, Pointer, Reading
from archive.notes import CaptureNote, LeadsNote, Note, RunNote, unpack
from archive.prepared import Prepared, prepare
from archive.records import Record
from archive.revisits import answer_of
from archive.withhold import without_user


@dataclass(frozen=True, slots=True)
class Rights:
    """What was said about use at the time of a capture; None: nothing was said."""

    robots: str | None = None
    robots_rule: str | None = None
    robots_meta: str | None = None
    x_robots_tag: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None
    tdm_source: str | None = None  # file | header | page
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """One capture, ready for the index; `prepared` is what `prepare` gives of it, where that is made already."""

    capture: Capture
    rights: Rights
    note: CaptureNote | None
    reading: Reading
    prepared: Prepared | None = None


Entry = Taken | LeadsNote | RunNote

# (answer, url, captured at, outlet's name, kind) → what came of reading it
Reader = Callable[[Answer, str, datetime, str | None, Kind], Reading]


@dataclass(frozen=True, slots=True)
class Group:
    """A response and the note that was written with it, or a note alone."""

    record: Record | None
    note: Note | None
    pointer: Pointer  # of the response, or of the note
    end: int  # offset behind the group's last record


def groups(records: Iterable[tuple[Pointer, Record]]) -> Iterator[Group]:
    """Answers with their notes, and the notes that stand alone, in the order of the file.

    A crawl writes the note of an exchange before its answer; records of other types are passed over, and so is a note
    whose answer was lost in a crash.
    """
    note: CaptureNote | None = None
    about: tuple[str, ...] = ()
    for pointer, record in records:
        end = pointer.offset + pointer.length
        if record.type in ("response", "revisit"):
            yield Group(record, note if record.record_id in about else None, pointer, end)
            note, about = None, ()
        elif record.type == "metadata":
            found = unpack(record.block)
            if isinstance(found, CaptureNote):
                note, about = found, record.concurrent_to
            elif found is not None:
                yield Group(None, found, pointer, end)


def entry(group: Group, folder: Path, read: Reader) -> Entry | None:
    """What the group says to the index; None for a note that says nothing.

    `folder` is the corpus', where the payload of a revisit is looked for.
    """
    if group.record is None:
        return group.note if isinstance(group.note, LeadsNote | RunNote) else None
    note = group.note if isinstance(group.note, CaptureNote) else None
    return examined(group.record, group.pointer, note, folder, read)


def examined(record: Record, pointer: Pointer, note: CaptureNote | None, folder: Path, read: Reader) -> Taken:
    """The capture of a record, with what its page says."""
    try:
        answer = answer_of(folder, record, note.same_as if note else None)
    except BrokenRecord as error:
        why = str(error)
        answer = parse_answer(record.block, truncated=record.truncated)
        taken = take(record, pointer, note, answer, lambda *_: Reading(Outcome.PARSE_FAILED, why))
        return replace(taken, capture=replace(taken.capture, payload_sha256=record.payload_sha256))
    return take(record, pointer, note, answer, read)


def take(record: Record, pointer: Pointer, note: CaptureNote | None, answer: Answer, read: Reader) -> Taken:
    """The capture with its rights and what its page says."""
    url, at = record.target_uri, record.date
    kind = note.kind if note else Kind.ARTICLE
    outlet = note.outlet if note else None
    reading = read(answer, url, at, outlet, kind)
    revisit = record.type == "revisit"
    if revisit and not (note and note.same_as) and reading.outcome is not Outcome.NOT_MODIFIED:
        reading = Reading(Outcome.NOT_MODIFIED, "the same payload as an earlier capture")
    elif answer.status == 304 and note is not None and not revisit:
        reading = Reading(Outcome.BAD_HTTP, "304 Not Modified in answer to a request that set no condition")
    article = reading.article
    if article is not None and outlet is not None and article.outlet is None:
        reading = replace(reading, article=replace(article, outlet=outlet))
    capture = Capture(
        url=url,
        outlet=outlet or (article.outlet if article else None),
        fetched_at=at,
        status=answer.status,
        mime=_mime(answer.header("Content-Type")),
        pointer=pointer,
        record_id=record.record_id,
        kind=kind,
        final_url=_target(url, answer),
        truncated=record.truncated,
        payload_sha256=record.payload_sha256 if revisit and not (note and note.same_as) else answer.payload_sha256,
        session=note.session if note else "anonymous",
        run_id=note.run_id if note else None,
        fidelity=note.fidelity if note else None,
        block_sha256=sha256(record.block).hexdigest() if len(record.block) == record.size else None,
        revisit_of=record.refers_to if revisit else None,
    )
    return Taken(capture, _rights(note, answer, reading), note, reading, prepare(capture, reading))


def _target(url: str, answer: Answer) -> str:
    """Where a redirect leads, else the URL itself; without the password that an address may carry."""
    location = answer.header("Location") if answer.status and 300 <= answer.status < 400 else None
    try:
        return without_user(urljoin(url, as_utf8(location))) if location else url
    except ValueError:
        return url


def _mime(content_type: str | None) -> str | None:
    return content_type.split(";")[0].strip().lower() or None if content_type else None


def _rights(note: CaptureNote | None, answer: Answer, reading: Reading) -> Rights:
    """TDMRep's order: the file, overridden by the header, overridden by the page (TDMRep CG report, §§5–7)."""
    reservation = note.tdm_reservation if note else None
    policy = note.tdm_policy if note else None
    source = "file" if reservation is not None else None
    if (header := answer.header("tdm-reservation")) in ("0", "1"):
        reservation, policy, source = header, answer.header("tdm-policy"), "header"
    article = reading.article
    if article and article.tdm_reservation in ("0", "1"):
        reservation, policy, source = article.tdm_reservation, article.tdm_policy, "page"
    return Rights(
        robots=note.robots if note else None,
        robots_rule=note.robots_rule if note else None,
        robots_meta=article.robots_meta if article else None,
        x_robots_tag=", ".join(answer.all("X-Robots-Tag")) or None,
        tdm_reservation=reservation,
        tdm_policy=without_user(policy) if policy else policy,
        tdm_source=source,
        licence=article.licence if article else None,
    )
