"""Recorded pages read again: with the outlet as it is now, and with the generic reader beside it."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.corpus import Corpus, warc_path
from archive.errors import BrokenRecord
from archive.fixtures import Fixture, fixtures_of
from archive.model import Outcome, Pointer, Reading
from archive.records import read_at
from archive.revisions import REVISED, values_of
from archive.revisits import answer_of
from crawler.readers import ReaderPool
from spiders.kit.as_json import as_json
from spiders.kit.catalogue import catalogue
from spiders.kit.outlet import Outlet
from spiders.kit.page import Page
from spiders.kit.probing.compared import ACCEPTED, Change, accepted, changes, fell
from spiders.kit.reading import read_answer

READABLE = ("ok", "paywalled", "text_incomplete", "empty")


@dataclass(frozen=True, slots=True)
class Again:
    """A page as it is read now: the outcome, the fields, the row of a revision; `generic`: the fields without the
    outlet's own page, None where it has none; `drifted`: fields in which the generic reader won."""

    outcome: str
    reason: str | None
    fields: dict[str, Any]
    row: dict[str, Any]
    generic: dict[str, Any] | None = None
    drifted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tested:
    """One recorded page. `kind`: fixture or capture; `why`: in a sentence what fell, None for nothing."""

    url: str
    kind: str
    again: Again
    changes: tuple[Change, ...]
    why: str | None


def tested(corpus: Corpus, outlet: Outlet, most: int) -> Iterator[Tested]:
    """Every fixture of the outlet and its newest captures in the corpus, read again and compared with what was accepted
    or indexed. Touches nothing."""
    with ReaderPool(corpus) as pool:
        kept = [each for _, each in fixtures_of(corpus.folder, outlet.name)]
        waiting = [(each, _ask(pool, corpus, outlet, each.pointer, each.same_as)) for each in kept]
        for fixture, reading in waiting:
            yield _fixture(fixture, _result(reading))
        for row in _captures(corpus, outlet.name, most):
            pointer = Pointer(row["warc_file"], row["warc_offset"], row["warc_length"])
            yield _capture(row, _result(_ask(pool, corpus, outlet, pointer, _earlier(corpus, row))))


def _ask(
    pool: ReaderPool, corpus: Corpus, outlet: Outlet, pointer: Pointer, same_as: Pointer | None
) -> "Future[Again]":
    return pool.ask(_again, corpus.folder.resolve(), outlet.name, pointer, same_as)


def _result(reading: "Future[Again]") -> Again:
    try:
        return reading.result()
    except (BrokenRecord, OSError) as error:
        return Again("gone", str(error), {}, {})
    except Exception as error:  # noqa: BLE001 (a reader that failed is what the test is to tell)
        return Again(Outcome.PARSE_FAILED, f"{type(error).__name__}: {error}", {}, {})


def _fixture(fixture: Fixture, again: Again) -> Tested:
    found = changes(fixture.fields, again.fields)
    why = None
    if again.outcome != fixture.outcome:
        why = f"accepted as {fixture.outcome}, now {again.outcome}{f': {again.reason}' if again.reason else ''}"
    elif found:
        why = f"read otherwise than accepted: {', '.join(each.field for each in found)}"
    return Tested(fixture.url, "fixture", again, found, why)


def _capture(row: dict[str, Any], again: Again) -> Tested:
    before = {name: row[name] for name in REVISED if row["n"] is not None}
    found = tuple(
        Change(name, value, again.row.get(name), fell(name, value, again.row.get(name)))
        for name, value in before.items()
        if value != again.row.get(name)
    )
    lost = [each.field for each in found if each.fell]
    why = None
    if row["outcome"] in READABLE and again.outcome not in READABLE:
        why = f"indexed as {row['outcome']}, now {again.outcome}{f': {again.reason}' if again.reason else ''}"
    elif lost:
        why = f"indexed with more: {', '.join(lost)}"
    return Tested(row["url"], "capture", again, found, why)


def _captures(corpus: Corpus, outlet: str, most: int) -> list[dict[str, Any]]:
    if not corpus.database_file.exists():
        return []
    db = corpus.database()
    try:
        return list(
            db.query(
                "SELECT captures.*, leads.outcome, revisions.n, "
                + ", ".join(f"revisions.{name}" for name in REVISED)
                + ""
                " FROM captures LEFT JOIN leads ON leads.capture_id = captures.id"
                " LEFT JOIN revisions ON revisions.capture_id = captures.id"
                " WHERE captures.outlet = ? AND captures.kind = 'article' AND captures.status = 200"
                " ORDER BY fetched_at DESC LIMIT ?",
                [outlet, most],
            )
        )
    finally:
        db.close()


def _earlier(corpus: Corpus, row: dict[str, Any]) -> Pointer | None:
    """Where the payload of a revisit lies."""
    if row["revisit_of"] is None:
        return None
    db: Database = corpus.database()
    try:
        found = db.execute(
            "SELECT warc_file, warc_offset, warc_length FROM captures WHERE record_id = ?", [row["revisit_of"]]
        ).fetchone()
    finally:
        db.close()
    return Pointer(*found) if found else None


def _again(folder: Path, name: str, pointer: Pointer, same_as: Pointer | None) -> Again:
    """In a worker."""
    record = read_at(warc_path(folder, pointer.warc_file), pointer.offset)
    outlet = _outlets(folder)[name]
    answer, at, url = answer_of(folder, record, same_as), record.date, record.target_uri
    reading = read_answer(answer, url=url, at=at, outlet=outlet)
    generic = None
    if outlet.page_at(at) is not Page:
        generic = _fields(read_answer(answer, url=url, at=at, outlet=replace(outlet, page=Page, layouts=())))
    row = values_of(reading.article) if reading.article else {}
    drifted = tuple(each.field for each in reading.article.drift) if reading.article else ()
    now = {name: row.get(name) for name in REVISED}
    return Again(reading.outcome, reading.reason, _fields(reading), now, generic, drifted)


def _fields(reading: Reading) -> dict[str, Any]:
    return accepted(as_json(reading.article)) if reading.article else dict.fromkeys(ACCEPTED)


@lru_cache(maxsize=1)
def _outlets(folder: Path) -> dict[str, Outlet]:
    return catalogue(folder / "outlets")
