"""Taking an article down: its text leaves the WARC files, the rows and the search, and what was done stays on record.

Each answer is replaced by a tombstone in its own room (archive/tombstone.py), so no other record moves. What a crash
must not break is the order:

    1. `.takedown.json` names the files that are to change and the journal's line that is to come;
    2. each new file is written beside the old one and synced;
    3. the line is added to the journal: from here on the takedown is a fact;
    4. the new files take the places of the old ones, the rows go, the databases are swept;
    5. `.takedown.json` is removed.

A crash before 3 leaves nothing that counts, one after it leaves work: `finish_takedowns` clears up or finishes. There
is no way back: whoever needs one has a backup, and whoever has a backup or an earlier export has the article still.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from sqlite_utils import Database

from archive.cdxj import write_cdxj
from archive.condemned import Removal, record_of
from archive.corpus import Corpus
from archive.disk import replacing, sync_folder
from archive.errors import BrokenRecord, HemerotecaError, UsageError, named_errors
from archive.events import keep_events
from archive.journal import JournalGrew, Line
from archive.kinship import relate
from archive.notes import FORM
from archive.records import found_at
from archive.stats import count
from archive.sweep import sweep, sweep_frontier
from archive.takedown_plan import Plan, plan
from archive.tombstone import Epitaph, replaced, said_by, tombstone

__all__ = ["Plan", "finish_takedowns", "is_pending", "plan", "take_down", "taken_down"]

PENDING = ".takedown.json"
_PIECE = 1 << 20
_TRIES = 5  # to add a line while another process writes to the journal, too


@dataclass(frozen=True, slots=True)
class _Pending:
    """What `.takedown.json` says.

    `line`: the number that the journal's line will have. `sweep`: whether a takedown before this one is still to be
    swept out of the databases.
    """

    line: int
    files: tuple[str, ...]
    sweep: bool


def take_down(corpus: Corpus, plans: Sequence[Plan], reason: str, at: datetime) -> list[Line]:
    """Takes articles down and gives the lines of the journal, one for each.

    The caller holds the corpus' lock and has called `finish_takedowns`. Raises NoRoom, BrokenRecord, DiskFull and its
    kin, DatabaseBusy. Whatever is raised, each article is either as it was or taken down, and what is left to do is
    done by the next `finish_takedowns`.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise UsageError("a takedown needs a reason: it stands in the journal and on the article's page")
    try:
        lines = [_take_down(corpus, each, reason, at) for each in plans]
    except HemerotecaError:
        with suppress(HemerotecaError):
            finish_takedowns(corpus)
        raise
    finish_takedowns(corpus)
    return lines


def finish_takedowns(corpus: Corpus) -> bool:
    """Finishes a takedown that a crash broke off, or clears up behind one that had not begun; whether there was one.

    The caller holds the corpus' lock. To be called before anything else is read or written. Raises DiskFull and its
    kin, BrokenJournal, DatabaseBusy where another program still reads an older state of a database.
    """
    with named_errors(corpus.folder):  # half written: nothing had been begun
        (corpus.folder / f".{PENDING}.part").unlink(missing_ok=True)
    pending = _pending(corpus)
    if pending is None:
        return False
    line = _line_of(corpus, pending)
    if line is None:
        _discard(corpus, pending.files)
    else:
        _put_in_place(corpus, line)
    if line is not None or pending.sweep:
        _swept(corpus)
    with named_errors(corpus.folder):
        (corpus.folder / PENDING).unlink()
        sync_folder(corpus.folder)
    return True


def is_pending(corpus: Corpus) -> bool:
    """Whether a takedown was broken off."""
    return (corpus.folder / PENDING).exists()


def taken_down(db: Database) -> dict[str, str]:
    """Every address that is not asked for again, with the reason as rows have it: "taken down: …".

    These are the addresses of what was taken down, and others under which the same article was met since.
    """
    rows = db.execute("SELECT url, 'taken down: ' || reason FROM takedowns").fetchall()
    rows += db.execute(
        "SELECT url, reason FROM leads WHERE outcome = 'skipped' AND reason LIKE 'taken down: %'"
    ).fetchall()
    return dict(rows)


def _take_down(corpus: Corpus, plan: Plan, reason: str, at: datetime) -> Line:
    """Steps 1 to 3, and the files and rows of step 4."""
    sweep = is_pending(corpus)
    for tries_left in reversed(range(_TRIES)):
        try:
            line = _entered(corpus, plan, reason, at, sweep=sweep)
            break
        except JournalGrew:
            if not tries_left:
                raise
    _put_in_place(corpus, line)
    _keep_rows(corpus)
    return line


def _entered(corpus: Corpus, plan: Plan, reason: str, at: datetime, *, sweep: bool) -> Line:
    """The new files beside the old ones, and the journal's line."""
    head = corpus.journal.head
    n = head.n + 1
    members = _members(corpus, plan, reason, at, n)
    _announce(corpus, _Pending(n, plan.files, sweep))
    try:
        files = [_prepare(corpus, name, members[name]) for name in plan.files]
        return corpus.journal.append(
            "takedown",
            at,
            after=head,
            article_id=plan.article_id,
            outlet=plan.outlet,
            urls=list(plan.urls),
            stable_id=plan.stable_id,
            reason=reason,
            files=files,
            records=[
                {name: value for name, value in asdict(each).items() if value is not None} for each in plan.removals
            ],
            notes=[asdict(each) for each in plan.notes],
        )
    except BaseException:
        if _line_of(corpus, _Pending(n, plan.files, sweep)) is None:
            _discard(corpus, plan.files)
        raise


def _known(removal: Removal) -> dict[str, Any]:
    return {name: value for name, value in asdict(removal).items() if value is not None}


def _members(corpus: Corpus, plan: Plan, reason: str, at: datetime, n: int) -> dict[str, dict[int, bytes]]:
    """By file and offset, what takes the place of each record."""
    found: dict[str, dict[int, bytes]] = {name: {} for name in plan.files}
    for each in plan.removals:
        if each.file not in found:
            continue
        record = record_of(corpus.folder / each.file, each)
        if said_by(record) is not None:  # taken down with another article of the same call
            continue
        epitaph = Epitaph(record.type, reason, at, n, each.block_sha256, each.payload_sha256)
        found[each.file][each.offset] = tombstone(record, each.length, epitaph)
    for note in plan.notes:
        record = found_at(corpus.folder / note.warc_file, note.offset).record
        body = json.loads(record.block)
        for name in ("title", "summary"):
            body["capture"]["lead"].pop(name, None)
        block = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        found[note.warc_file][note.offset] = replaced(record, note.length, block)
    return found


def _prepare(corpus: Corpus, name: str, members: Mapping[int, bytes]) -> dict[str, Any]:
    """Writes the file anew beside itself; gives what the journal says of it."""
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


def _until(file: BinaryIO, offset: int | None) -> Iterable[bytes]:
    """The bytes up to an offset, or to the end."""
    while piece := file.read(_PIECE if offset is None else min(_PIECE, offset - file.tell())):
        yield piece


def _put_in_place(corpus: Corpus, line: Line) -> None:
    """The files of a takedown under their names, each with its index."""
    for each in line.values["files"]:
        path = corpus.folder / each["file"]
        beside = _beside(path)
        with named_errors(path):
            if beside.exists():
                beside.rename(path)
                sync_folder(path.parent)
        if path.exists():
            write_cdxj(path)


def _keep_rows(corpus: Corpus) -> None:
    """The rows as the journal has them."""
    if not corpus.database_file.exists():
        return
    lines = list(corpus.journal.lines())
    with closing(corpus.database()) as db, named_errors(corpus.database_file), db.atomic():
        keep_events(db, lines)
        for line in lines:
            for each in line.values.get("files", ()) if line.kind == "takedown" else ():
                db.execute(
                    "UPDATE warcs SET sha256 = ?, bytes = ? WHERE file = ?",
                    [each["sha256"], each["bytes"], each["file"]],
                )
        relate(db)
        count(db)


def _swept(corpus: Corpus) -> None:
    """Rows as they should be, and no word of what is gone left in a file of a database."""
    _keep_rows(corpus)
    if corpus.database_file.exists():
        with closing(corpus.database()) as db, named_errors(corpus.database_file):
            sweep(db, corpus.database_file, search="articles_fts")
    # A rebuild that was stopped begins again: what it read has changed
    for left in corpus.folder.glob("*.rebuilding*"):
        left.unlink()
    if corpus.state_file.exists():
        urls = {url for line in corpus.journal.lines() if line.kind == "takedown" for url in line.values["urls"]}
        with named_errors(corpus.state_file):
            sweep_frontier(corpus.state_file, urls)


def _line_of(corpus: Corpus, pending: _Pending) -> Line | None:
    """The line that was announced, if it was added."""
    for line in corpus.journal.lines():
        if line.n == pending.line:
            same = line.kind == "takedown" and tuple(each["file"] for each in line.values["files"]) == pending.files
            return line if same else None
    return None


def _announce(corpus: Corpus, pending: _Pending) -> None:
    with replacing(corpus.folder / PENDING) as part:
        part.write_text(json.dumps({"hemeroteca": FORM, **asdict(pending)}) + "\n", encoding="utf-8")


def _pending(corpus: Corpus) -> _Pending | None:
    try:
        said = json.loads((corpus.folder / PENDING).read_bytes())
    except FileNotFoundError:
        return None
    return _Pending(said["line"], tuple(said["files"]), said["sweep"])


def _discard(corpus: Corpus, names: Iterable[str]) -> None:
    for name in names:
        _beside(corpus.folder / name).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.takedown")
