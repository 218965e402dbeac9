"""The errors that reach a person. Each is named for the fact; its message is one sentence that says what to do.

`as_error` turns what the disk and SQLite raise into them, `named_errors` does so for a block of code.
"""

import errno
import os
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile


class HemerotecaError(Exception):
    """What went wrong and what to do about it, in one sentence; `exit_code` is the command's."""

    exit_code = 1


class UsageError(HemerotecaError):
    """The command, a setting or a file that a person wrote is not as it must be."""

    exit_code = 2


class NotACorpus(UsageError):
    """The directory holds no corpus.toml."""


class BadCorpusFile(UsageError):
    """A TOML file that a person wrote (corpus.toml, a topic, an outlet) has an error; the message names its place.

    `path`: the key as the file nests it, with places in lists; None where the file is no TOML. `value`: the item meant.
    """

    def __init__(self, message: str, path: tuple[str | int, ...] | None = None, value: object = None) -> None:
        super().__init__(message)
        self.path, self.value = path, value


class UnknownOutlet(UsageError):
    """No outlet has that name; the message lists the nearest names."""


class NotPermitted(UsageError):
    """A file is missing, or its rights or those of its directory do not let it be used."""


class CorpusLocked(HemerotecaError):
    """Another process writes to this corpus."""

    exit_code = 3


class DatabaseBusy(CorpusLocked):
    """Another program holds a database of this corpus."""


class DiskFull(HemerotecaError):
    """A write failed because the disk is full or a quota is reached; the WARC ends in a whole record."""

    exit_code = 4


class DatabaseDamaged(HemerotecaError):
    """SQLite finds a database damaged, or no database at all. Both databases can be made again."""

    exit_code = 5


class DiskFailed(HemerotecaError):
    """The disk could not read or write, for another reason than want of room."""

    exit_code = 5


class BrokenRecord(HemerotecaError):
    """A WARC record cannot be read at the place where it should be."""


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# What fails here for one page fails for the next: a fault of the machine, and no outcome of a page
SURROUNDINGS = NO_ROOM | {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS}
_RIGHTS = frozenset({
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EEXIST,
    errno.ENAMETOOLONG, errno.ELOOP,
})  # fmt: skip
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_FORBIDDEN = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM})
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT})
_DISK = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN})
_SPARE = 1 << 20  # bytes that SQLite may want at once for a page, its log and its index of the log
_MAKE_AGAIN = (
    "move corpus.db away and run `hemeroteca rebuild`, or, if it is state.db, move that away and crawl:"
    " the WARC files hold the truth and both are made again"
)


def as_error(error: OSError | sqlite3.Error, place: Path | str) -> HemerotecaError:
    """What an error of the disk or of SQLite means for a person.

    `place`: the file that was used, or the corpus directory. DiskFull where there is no room, DatabaseBusy,
    NotPermitted, DatabaseDamaged; else DiskFailed. SQLite hands on no errno: where it says no more than that the
    disk failed, the place is asked whether it has room.
    """
    if isinstance(error, OSError):
        return _of_disk(error, place)
    code = getattr(error, "sqlite_errorcode", None) or 0
    kind = code & 0xFF  # the upper bits tell where it happened (SQLite, "Result and Error Codes")
    if kind == sqlite3.SQLITE_FULL or (kind in _DISK and not has_room(Path(place))):
        return DiskFull(_no_room(place))
    if kind in _BUSY:
        return DatabaseBusy(f"another program holds a database of {place}: close it there, then run this again")
    if kind in _FORBIDDEN:
        return NotPermitted(
            f"a database of {place} may not be written: change the rights of the file and its directory"
        )
    if kind == sqlite3.SQLITE_CANTOPEN:
        return NotPermitted(f"a database of {place} cannot be opened: see that it is there and may be read and written")
    if kind in _DAMAGED:
        return DatabaseDamaged(f"a database of {place} is damaged ({error}): {_MAKE_AGAIN}")
    if kind == sqlite3.SQLITE_IOERR:
        return DiskFailed(f"the disk failed under a database of {place} ({error}): check the disk, then run this again")
    return DatabaseDamaged(f"a database of {place} is not as this version makes it ({error}): {_MAKE_AGAIN}")


@contextmanager
def named_errors(place: Path | str) -> Iterator[None]:
    """Raises what `as_error` makes of errors of the disk and of SQLite.

    Faults of a program (a constraint that fails, a closed connection) pass as they are.
    """
    try:
        yield
    except OSError as error:
        raise as_error(error, place) from error
    except sqlite3.DatabaseError as error:
        # Of the classes below it only OperationalError tells of the surroundings; a file that is no database
        # comes as DatabaseError itself
        if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
            raise as_error(error, place) from error
        raise


def has_room(place: Path) -> bool:
    """Whether a little more can be written at `place`, a directory or a file in it.

    Asked by writing: free blocks alone say nothing of quotas.
    """
    folder = place if place.is_dir() else place.parent
    try:
        with TemporaryFile(dir=folder) as file:
            file.write(bytes(_SPARE))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.errno not in NO_ROOM
    limit, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if limit == resource.RLIM_INFINITY:
        return True
    largest = 0
    with suppress(OSError):
        largest = max((file.stat().st_size for file in folder.glob("*.db*")), default=0)
    return largest + _SPARE < limit


def _of_disk(error: OSError, place: Path | str) -> HemerotecaError:
    place = error.filename if isinstance(error.filename, str) else place
    if error.errno in NO_ROOM:
        return DiskFull(_no_room(place))
    said = error.strerror or str(error) or type(error).__name__
    if error.errno in _RIGHTS:
        return NotPermitted(f"{place} cannot be used ({said}): name another place, or change its rights")
    return DiskFailed(f"{place} cannot be read or written ({said}): check the disk, then run this again")


def _no_room(place: Path | str) -> str:
    return f"no room left to write {place}: make room and run the same command again; nothing is lost"
