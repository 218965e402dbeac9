"""Reading a corpus without touching it: its lock shared, its database as a copy.

SQLite writes side files even where a database is only read (file format, "The WAL-Index File"), and its search index
can be checked in a writable database alone. So a whole corpus is checked on a copy; the log of a process that was
killed is copied with it.
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.errors import CorpusLocked, DatabaseBusy, named_errors
from archive.schema import migrations, open_database

TRIES = 5


@contextmanager
def held_still(corpus: Corpus) -> Iterator[None]:
    """Nobody writes to the corpus meanwhile; several may verify at a time. Raises CorpusLocked.

    Files, journal and rows must be of one moment to be compared. A corpus that has no lock file was never crawled; none
    is made here.
    """
    try:
        descriptor = os.open(corpus.folder / ".run.lock", os.O_RDONLY)
    except FileNotFoundError:
        yield
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 100, 0).decode(errors="replace").strip()
            raise CorpusLocked(
                f"a crawl or another command writes to {corpus.folder} ({holder or 'unknown'}):"
                " verify it again when that has ended"
            ) from error
        yield
    finally:
        os.close(descriptor)


def copy_of(corpus: Corpus, folder: Path) -> Path | None:
    """A copy of corpus.db in `folder`, with what is committed and still in its log; None where there is no corpus.db.

    Raises DatabaseBusy where it changes all the time, DiskFull where `folder` has no room.
    """
    source, log = corpus.database_file, corpus.database_file.with_name("corpus.db-wal")
    if not source.exists():
        return None
    target = folder / source.name
    for _ in range(TRIES):
        before = _state(source), _state(log)
        for each in (source, log):
            copy = folder / each.name
            copy.unlink(missing_ok=True)
            if each.exists():
                with named_errors(folder):
                    shutil.copyfile(each, copy)
        if (_state(source), _state(log)) == before:
            return target
    raise DatabaseBusy(f"{source} changes while it is read: stop the programs that write to it, then verify again")


def looked_into(corpus: Corpus, folder: Path) -> Database | None:
    """corpus.db to look up a few rows: as it lies where nothing but the file itself is needed, else `copy_of` it.

    None where there is no corpus.db. Raises sqlite3.DatabaseError for one that is damaged.
    """
    log = _state(corpus.database_file.with_name("corpus.db-wal"))
    if corpus.database_file.exists() and not (log and log[0]):
        place = quote(str(corpus.database_file.resolve()))
        db = Database(sqlite3.connect(f"file:{place}?mode=ro&immutable=1", uri=True))
        if not migrations.pending(db):
            return db
        db.close()
    path = copy_of(corpus, folder)
    return None if path is None else open_database(str(path))


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns
