"""The index from the WARC files: catching up with what a crawl left, or everything from nothing."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from importlib.metadata import version
from pathlib import Path
from zlib import crc32

from sqlite_utils import Database

from archive.corpus import Corpus, warc_path
from archive.disk import sync_folder
from archive.events import checksums_of
from archive.foreign import is_no_page
from archive.index import Index
from archive.intake import Entry, Group, Reader, entry
from archive.kinship import relate
from archive.records import read_at
from archive.schema import open_database
from archive.stats import count
from archive.topics import Topic
from archive.volumes import Volume, in_order
from archive.wacz import OPEN, open_warc, warc_size

BATCH = 200  # groups between two commits
LOG = 16_384  # pages in the log of a rebuild before they are copied into the file: 64 MB
CACHE = 65_536  # KiB of the database that a rebuild has in memory

# Reads groups into entries, in their order: in this process, or in several.
Readers = Callable[[Iterable[Group]], Iterator[tuple[Group, Entry | None]]]
Progress = Callable[[str, int, int], None]  # what is being done, bytes done, bytes in all


@dataclass(frozen=True, slots=True)
class Caught:
    """What catching up found.

    `groups`: exchanges and notes that were applied; `passed_over`: answers in imported files that are no pages;
    `damage`: places in files from which nothing can be read.
    """

    groups: int
    damage: tuple[str, ...]
    passed_over: int = 0


def one_by_one(read: Reader, folder: Path) -> Readers:
    """Readers that work in this process, for the corpus at `folder`."""

    def readers(found: Iterable[Group]) -> Iterator[tuple[Group, Entry | None]]:
        for group in found:
            if group.record is not None and len(group.record.block) < group.record.size:
                record = read_at(warc_path(folder, group.pointer.warc_file), group.pointer.offset)
                yield group, entry(replace(group, record=record), folder, read)
            else:
                yield group, entry(group, folder, read)

    return readers


def catch_up(corpus: Corpus, index: Index, readers: Readers, progress: Progress | None = None) -> Caught:
    """Applies the journal, then every record behind the place that the index has reached in each file.

    The order is that of the runs and of the notes in them, whatever the files are called and however many a run
    wrote at a time.
    """
    index.journal(corpus.journal.lines())
    damage: list[str] = []
    due: list[Volume] = []
    imports = corpus.imports()
    for name, path in corpus.volumes().items():
        start = index.reached_so_far(name)
        try:
            size = warc_size(path)
            if size > start:
                due.append(Volume(name, path, start, size, imports.get(name), damage))
        except OSError as error:
            damage.append(f"{name}: it cannot be read ({error.strerror or error})")
    total, done = sum(each.size - each.start for each in due), 0
    ends = {each.name: each.start for each in due}
    applied = passed_over = 0
    for group, each in readers(in_order(due)):
        name = group.pointer.warc_file
        if each is not None and is_no_page(each):
            passed_over += 1
        elif each is not None:
            index.apply(each)
            applied += 1
        index.reached(name, group.end)
        done, ends[name] = done + group.end - ends[name], group.end
        if progress:
            progress("reading", done, total)
        if (applied + passed_over) % BATCH == 0:
            index.commit()
    for volume in due:
        index.reached(volume.name, volume.size)
        if spoilt := [line for line in damage if line.startswith(f"{volume.name}@")]:
            index.spoilt(volume.name, "; ".join(spoilt[:20]))
    index.commit()
    if progress:
        progress("reading", total, total)
    return Caught(applied, tuple(damage), passed_over)


def finish(corpus: Corpus, index: Index, checksums: Mapping[str, str] | None = None) -> None:
    """What is made once at the end of a run: checksums of closed files, kin, counts.

    The checksum of a file is the one that the journal has of it, whatever the file has become. `checksums`: by file,
    those of files that the journal does not know.
    """
    index.journal(corpus.journal.lines())
    index.commit()
    known = {**(checksums or {}), **{name: each.sha256 for name, each in checksums_of(corpus.journal.lines()).items()}}
    with index.db.atomic():
        for name, path in corpus.volumes().items():
            if path.suffix == OPEN or not _there(path):
                continue
            size = warc_size(path)
            row = index.db.execute("SELECT bytes, sha256 FROM warcs WHERE file = ?", [name]).fetchone()
            if row is None or row[0] != size or row[1] is None or known.get(name, row[1]) != row[1]:
                index.db.execute(
                    "UPDATE warcs SET bytes = ?, sha256 = ?, indexed = ? WHERE file = ?",
                    [size, known.get(name) or _sha256(path), size, name],
                )
        relate(index.db)
        count(index.db)


def rebuild(
    corpus: Corpus,
    readers: Readers,
    *,
    into: Path | None = None,
    topics: Sequence[Topic] | None = None,
    progress: Progress | None = None,
) -> Caught:
    """A new corpus.db from the WARC files, the journal and topics/; the old one stays until the new one is whole.

    One that was stopped is gone on with, where nothing that the rows depend on has changed since. `into`: another
    file to write; then corpus.db is not touched. `topics`: others than those of the files.
    """
    target = into or corpus.database_file
    part = target.with_name(target.name + ".rebuilding")
    with closing(_begun(corpus, part)) as db:
        # What a loss of power takes of it is read again. So nothing waits for the disk but the copying of the log into
        # the file, which is rare then, and which a loss of power does no harm either (sqlite.org, "PRAGMA synchronous")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {LOG}")
        db.execute(f"PRAGMA cache_size = -{CACHE}")
        index = Index(db, corpus.topics() if topics is None else topics)
        caught = catch_up(corpus, index, readers, progress)
        if progress:
            progress("looking for copies, counting", 1, 1)
        finish(corpus, index)
        db.execute("PRAGMA user_version = 0")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with part.open("rb") as file:
        os.fsync(file.fileno())
    _remove(target)
    part.replace(target)
    _remove(part)
    sync_folder(target.parent)
    return caught


def going_on(corpus: Corpus, into: Path | None = None) -> bool:
    """Whether a rebuild was stopped that the next one will go on with."""
    target = into or corpus.database_file
    part = target.with_name(target.name + ".rebuilding")
    return part.exists() and _token_of(part) == _token(corpus)


def _begun(corpus: Corpus, part: Path) -> Database:
    """The database of a rebuild that was stopped, or a new one where that is not whole."""
    token = _token(corpus)
    if part.exists() and _token_of(part) == token and _is_whole(part):
        return open_database(str(part))
    _remove(part)
    db = open_database(str(part))
    db.execute(f"PRAGMA user_version = {token}")
    return db


def _token(corpus: Corpus) -> int:
    """A number for all that the rows depend on beside the WARC files: the program, topics, outlets, the journal.

    While a rebuild is under way it stands in the database's header, where it is in nobody's way.
    """
    files = sorted([*corpus.outlets_folder.glob("*.toml"), *(corpus.folder / "topics").glob("*.toml")])
    parts = [
        version("hemeroteca"),
        *(f"{file.name} {sha256(file.read_bytes()).hexdigest()}" for file in files),
        *corpus.journal.head,
    ]
    return crc32(json.dumps(parts).encode()) & 0x7FFFFFFF | 1


def _token_of(part: Path) -> int:
    db = Database(str(part))
    try:
        return int(db.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error:
        return 0
    finally:
        db.close()


def _is_whole(part: Path) -> bool:
    db = Database(str(part))
    try:
        return bool(db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.Error:
        return False
    finally:
        db.close()


def _there(path: Path) -> bool:
    try:
        warc_size(path)
    except OSError:
        return False
    return True


def _sha256(path: Path) -> str:
    with open_warc(path) as stream:
        return file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
