"""The proof of a whole corpus, part by part."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.custody.account import Account, Part, Progress
from archive.custody.chain import Chain, read_chain
from archive.custody.database import check_database
from archive.custody.files import check_files
from archive.custody.pending import Pending
from archive.custody.reading import check_reading, check_told, is_late
from archive.custody.records import Walked, examine
from archive.custody.rows import Rows, check_links
from archive.custody.scratch import scratch
from archive.custody.topics import topics_in_force
from archive.custody.untouched import copy_of, held_still
from archive.errors import DatabaseDamaged, DiskFull, UsageError, as_error
from archive.rebuild import Readers
from archive.schema import open_database
from archive.takedown.pending import PENDING, is_pending
from archive.topics import Topic
from archive.wacz import warc_size, warcs_in

_MAKE_AGAIN = "`hemeroteca rebuild` makes it again from the records"


def verify(
    corpus: Corpus,
    readers: Readers,
    *,
    quick: bool = False,
    progress: Progress = lambda *_: None,
) -> Account:
    """Proves the corpus: journal, files, database, records, rows, and all rows by a fresh reading.

    `quick` leaves the fresh reading out. Not a byte of the corpus changes; copies are made in the system's temporary
    directory. Raises CorpusLocked while something writes to the corpus, DiskFull where there is no room for the copies.
    """
    account = Account()
    with held_still(corpus), scratch() as folder:
        chain = read_chain(corpus.journal, account)
        _check_takedown(corpus, account)
        sound = check_files(corpus, chain, account, progress)
        db = _opened(corpus, folder, account)
        if db is not None:
            progress("database", 0, 0)
            with _read(account, Part.DATABASE, folder):
                check_database(db, account)
        volumes = volumes_of(corpus, chain, db)
        _records_and_rows(corpus, volumes, chain, sound, db, folder, account, progress)
        if quick:
            account.left_out[Part.READING] = "not asked for"
        if db is not None and chain.whole:
            with _read(account, Part.ROWS, folder):
                check_told(db, corpus, folder, account)
        topics: list[Topic] = []
        if db is not None:
            with _read(account, Part.ROWS, folder):
                topics = topics_in_force(db, corpus, account)
        if not quick:
            _reading(db, corpus, readers, topics, volumes, chain, folder, account, progress)
        if db is not None:
            db.close()
    return account


def _check_takedown(corpus: Corpus, account: Account) -> None:
    if is_pending(corpus):
        why = "a takedown was broken off: the next `hemeroteca takedown` or `crawl` finishes it, then verify again"
        account.fault(Part.FILES, PENDING, why, file=PENDING)


def volumes_of(corpus: Corpus, chain: Chain, db: Database | None) -> dict[str, Path]:
    """Every WARC file by the name that rows know it by, as far as it can be found."""
    found = {corpus.name_of(path): path for path in corpus.warc_files()}
    places = set(chain.imports)
    if db is not None:
        try:
            names = [row[0] for row in db.execute("SELECT DISTINCT warc_file FROM captures").fetchall()]
        except sqlite3.DatabaseError:
            names = []
        places |= {str(name) for name in names if str(name).startswith("/")}
    for place in sorted(places):
        try:
            inside = warcs_in(Path(place)) if "!/" not in place else [Path(place)]
        except (OSError, UsageError):
            continue
        found |= {path.as_posix(): path for path in inside if path.as_posix() not in found}
    return found


def _opened(corpus: Corpus, scratch: Path, account: Account) -> Database | None:
    """The copy of corpus.db; None where there is none that can be used, and the parts that need it are not proven."""
    why = f"corpus.db is missing: {_MAKE_AGAIN}"
    path = copy_of(corpus, scratch)
    if path is not None:
        try:
            return open_database(str(path))
        except sqlite3.DatabaseError as error:
            if isinstance(found := as_error(error, scratch), DiskFull):
                raise found from error
            why = f"corpus.db cannot be opened ({error}): move it away, {_MAKE_AGAIN}"
    account.fault(Part.DATABASE, "corpus.db", why)
    account.left_out[Part.ROWS] = "there is no database that can be read"
    return None


def _records_and_rows(
    corpus: Corpus,
    volumes: dict[str, Path],
    chain: Chain,
    sound: set[str],
    db: Database | None,
    scratch: Path,
    account: Account,
    progress: Progress,
) -> None:
    """One walk over all files, on which records are held against their digests and rows against records."""
    total = sum(_size(path) for path in volumes.values())
    done = 0
    walked: list[str] = []
    pending = Pending(db, chain) if db is not None else None
    for name, path in volumes.items():
        known = next((each for each in (name, name.partition("!/")[0]) if each in sound), None)
        file = Walked(name, path, chain.files[known] if known else None)
        before = done

        def told(read: int, before: int = before) -> None:
            progress("records and rows", before + read, total)

        try:
            records = examine(file, chain, account, told)
            if db is None or pending is None:
                for _ in records:
                    pass
            else:
                with _read(account, Part.ROWS, scratch):
                    Rows(db, corpus, file, pending, account).check(records)
                for _ in records:  # where the rows could not be read to their end
                    pass
            walked.append(name)
        except OSError as error:
            account.fault(Part.RECORDS, name, f"it cannot be read ({error.strerror or error})", file=name)
        done += _size(path)
    if db is not None and pending is not None:
        with _read(account, Part.ROWS, scratch):
            pending.judge(account)
            check_links(db, walked, chain, account)


def _reading(
    db: Database | None,
    corpus: Corpus,
    readers: Readers,
    topics: list[Topic],
    volumes: dict[str, Path],
    chain: Chain,
    scratch: Path,
    account: Account,
    progress: Progress,
) -> None:
    if db is None or not chain.whole:
        account.left_out[Part.READING] = "the journal is broken" if db is not None else account.left_out[Part.ROWS]
        return
    with _read(account, Part.READING, scratch):
        late = is_late(db, corpus, {name: _size(path) for name, path in volumes.items()})
        check_reading(db, corpus, readers, topics, scratch, account, progress, late=late)


@contextmanager
def _read(account: Account, part: Part, scratch: Path) -> Iterator[None]:
    """What SQLite cannot read is a finding, not the end of the verification. Raises DiskFull."""
    try:
        yield
    except (sqlite3.DatabaseError, DatabaseDamaged) as error:
        if isinstance(error, sqlite3.DatabaseError) and isinstance(found := as_error(error, scratch), DiskFull):
            raise found from error
        account.fault(part, "corpus.db", f"it cannot be read to its end ({error}): move it away, {_MAKE_AGAIN}")


def _size(path: Path) -> int:
    try:
        return warc_size(path)
    except OSError:
        return 0
