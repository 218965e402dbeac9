"""What errors of the disk and of SQLite mean for a person: each is made for real."""

import errno
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from archive.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DiskFailed,
    DiskFull,
    HemerotecaError,
    NotPermitted,
    as_error,
    named_errors,
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of some pages."""
    path = tmp_path / "corpus.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (a TEXT)")
        db.executemany("INSERT INTO t VALUES (?)", [("x" * 3000,)] * 40)
        db.commit()
    return path


def fill(db: sqlite3.Connection) -> None:
    for _ in range(10_000):
        db.execute("INSERT INTO t VALUES (?)", ["y" * 30_000])
        db.commit()


def test_a_full_database(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA max_page_count = 60")
        with pytest.raises(DiskFull, match="no room left"), named_errors(database):
            fill(db)


FILL = """
import resource, sqlite3, sys
from pathlib import Path
from archive.errors import DiskFull, named_errors
from tests.test_errors import fill
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
db = sqlite3.connect(sys.argv[1])
db.execute("PRAGMA journal_mode = " + sys.argv[3])
db.execute("PRAGMA wal_autocheckpoint = 0")
code = ""
try:
    with named_errors(Path(sys.argv[1]).parent):
        try:
            fill(db)
        except sqlite3.Error as error:
            code = error.sqlite_errorname
            raise
except DiskFull as error:
    sys.stdout.write(f"{code} {error}")
"""


@pytest.mark.parametrize("limit", [400_000, 3_000_000])
@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_a_limit_on_the_size_of_files_is_a_full_disk(database: Path, limit: int, journal: str) -> None:
    """SQLite says of EFBIG only that the disk failed."""
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(database), str(limit), journal], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("SQLITE_IOERR")
    assert "no room left" in done.stdout


def test_a_database_that_may_not_be_written(database: Path) -> None:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        with pytest.raises(NotPermitted, match="rights") as error, named_errors(database):
            db.execute("DELETE FROM t")
        assert error.value.exit_code == 2


def test_a_database_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(NotPermitted, match="cannot be opened"), named_errors(tmp_path):
        sqlite3.connect(f"file:{tmp_path / 'none.db'}?mode=ro", uri=True)


def test_a_database_that_another_holds(database: Path) -> None:
    with closing(sqlite3.connect(database)) as other, closing(sqlite3.connect(database, timeout=0)) as db:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DatabaseBusy, match="close it there") as error, named_errors(database):
            db.execute("DELETE FROM t")
        assert error.value.exit_code == 3


def test_a_damaged_database(database: Path) -> None:
    data = bytearray(database.read_bytes())
    data[4096:] = b"\xa5" * len(data[4096:])
    database.write_bytes(bytes(data))
    with closing(sqlite3.connect(database)) as db:
        with pytest.raises(DatabaseDamaged, match="hemeroteca rebuild") as error, named_errors(database):
            db.execute("SELECT count(*) FROM t").fetchall()
        assert error.value.exit_code == 5


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "corpus.db"
    path.write_text("This is a letter. " * 400)
    with closing(sqlite3.connect(path)) as db, pytest.raises(DatabaseDamaged), named_errors(path):
        db.execute("SELECT * FROM sqlite_master")


def test_faults_of_the_program_pass(database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        db.execute("CREATE TABLE k (a PRIMARY KEY)")
        db.execute("INSERT INTO k VALUES (1)")
        with pytest.raises(sqlite3.IntegrityError), named_errors(database):
            db.execute("INSERT INTO k VALUES (1)")
    with pytest.raises(sqlite3.ProgrammingError), named_errors(database):
        db.execute("SELECT 1")
    with pytest.raises(NotPermitted), named_errors(database):
        raise NotPermitted("as it is")


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EFBIG, DiskFull),
        (errno.EACCES, NotPermitted),
        (errno.EROFS, NotPermitted),
        (errno.ENOENT, NotPermitted),
        (errno.EIO, DiskFailed),
    ],
)
def test_errors_of_the_disk(number: int, kind: type[HemerotecaError]) -> None:
    error = as_error(OSError(number, "said so", "a.warc.gz"), "elsewhere")
    assert type(error) is kind
    assert "a.warc.gz" in str(error)
    assert str(error).count("\n") == 0
