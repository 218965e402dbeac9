"""From stored records to entries for the index: the one path that a crawl, a rebuild and an import share.

Pure: an entry follows from the bytes of its records and from the reader that is handed in. This is what runs in
worker processes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin

from archive.http import Answer, parse_answer
from archive.model import Capture, Kind, Outcome, Pointer, Reading
from archive.notes import CaptureNote, LeadsNote, Note, RunNote, unpack
from archive.records import Record


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
    """One capture, ready for the index."""

    capture: Capture
    rights: Rights
    note: CaptureNote | None
    reading: Reading


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
    """Responses with their notes, in the order of the file.

    A crawl writes response, request and note one behind the other; records of other types are passed over.
    """
    waiting: tuple[Pointer, Record] | None = None
    for pointer, record in records:
        end = pointer.offset + pointer.length
        if record.type in ("response", "revisit"):
            if waiting:
                yield _alone(waiting)
            waiting = (pointer, record)
        elif record.type == "metadata":
            note = unpack(record.block)
            if isinstance(note, CaptureNote) and waiting:
                yield Group(waiting[1], note, waiting[0], end)
                waiting = None
            elif isinstance(note, LeadsNote | RunNote):
                if waiting:
                    yield _alone(waiting)
                    waiting = None
                yield Group(None, note, pointer, end)
    if waiting:
        yield _alone(waiting)


def _alone(waiting: tuple[Pointer, Record]) -> Group:
    pointer, record = waiting
    return Group(record, None, pointer, pointer.offset + pointer.length)


def entry(group: Group, read: Reader) -> Entry | None:
    """What the group says to the index; None for a note that says nothing."""
    if group.record is None:
        return group.note if isinstance(group.note, LeadsNote | RunNote) else None
    note = group.note if isinstance(group.note, CaptureNote) else None
    answer = parse_answer(group.record.block, truncated=group.record.truncated)
    return take(group.record, group.pointer, note, answer, read)


def take(record: Record, pointer: Pointer, note: CaptureNote | None, answer: Answer, read: Reader) -> Taken:
    """The capture with its rights and what its page says."""
    url, at = record.target_uri, record.date
    kind = note.kind if note else Kind.ARTICLE
    outlet = note.outlet if note else None
    reading = read(answer, url, at, outlet, kind)
    if record.type == "revisit" and reading.outcome is not Outcome.NOT_MODIFIED:
        reading = Reading(Outcome.NOT_MODIFIED, "the same payload as an earlier capture")
    article = reading.article
    if article is not None and outlet is not None and article.outlet is None:
        reading = replace(reading, article=replace(article, outlet=outlet))
    location = answer.header("Location") if answer.status and 300 <= answer.status < 400 else None
    capture = Capture(
        url=url,
        outlet=outlet or (article.outlet if article else None),
        fetched_at=at,
        status=answer.status,
        mime=_mime(answer.header("Content-Type")),
        pointer=pointer,
        record_id=record.record_id,
        kind=kind,
        final_url=urljoin(url, location) if location else url,
        truncated=record.truncated,
        payload_sha256=answer.payload_sha256,
        session=note.session if note else "anonymous",
        run_id=note.run_id if note else None,
    )
    return Taken(capture, _rights(note, answer, reading), note, reading)


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
        reservation, source = article.tdm_reservation, "page"
    return Rights(
        robots=note.robots if note else None,
        robots_rule=note.robots_rule if note else None,
        robots_meta=article.robots_meta if article else None,
        x_robots_tag=", ".join(answer.all("X-Robots-Tag")) or None,
        tdm_reservation=reservation,
        tdm_policy=policy,
        tdm_source=source,
        licence=article.licence if article else None,
    )
