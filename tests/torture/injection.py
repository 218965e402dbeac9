"""Faults at the n-th write, fsync, rename, truncation or commit of this process, and crashes and power cuts there.

SQLite's method ("How SQLite Is Tested", §3): n = 1, 2, 3 … until a run passes untouched.
"""

import errno
import os
import random
import sqlite3
import stat
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any

CRASHED = 9


class Way(StrEnum):
    """What happens at the n-th operation."""

    FAILS_ONCE = "fails once"  # EIO, and the next operation goes well
    FULL = "full"  # ENOSPC, from there on
    CRASH = "crash"  # the process is gone, its files are as it left them
    POWER_CUT = "power cut"  # and what was not synced is gone too, or half of it


class Injection:
    """Counts operations; the n-th meets its fate. For a forked child: nothing is put back."""

    def __init__(self, way: Way, n: int, seed: int) -> None:
        self.way, self.n, self.count = way, n, 0
        self._random = random.Random(f"{seed} {way} {n}")  # noqa: S311
        self._synced: dict[Path, int] = {}  # file → bytes that are surely on the disk
        self._names: list[tuple[Path, Path | None]] = []  # new and old name, where the folder is not synced yet
        self._pwrite, self._fsync, self._ftruncate = os.pwrite, os.fsync, os.ftruncate
        self._rename, self._replace, self._open = os.rename, os.replace, os.open

    def install(self) -> None:
        os.pwrite, os.fsync, os.ftruncate = self.pwrite, self.fsync, self.ftruncate  # type: ignore[assignment]
        os.rename, os.replace = self._moving(self._rename), self._moving(self._replace)
        os.open = self.open  # type: ignore[assignment]
        connect, injection = sqlite3.connect, self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                if sql.lstrip()[:6].upper() == "COMMIT" and self.in_transaction:
                    injection.commit(self)
                return super().execute(sql, *values)

            def commit(self) -> None:
                if self.in_transaction:
                    injection.commit(self)
                super().commit()

        sqlite3.connect = lambda *values, **named: connect(*values, **{"factory": Connection, **named})  # type: ignore[assignment]

    def _fate(self) -> bool:
        """Whether this operation is the one, or comes after it where the disk stays full."""
        self.count += 1
        return self.count == self.n or (self.way is Way.FULL and self.count > self.n)

    def _fails(self) -> OSError:
        number = errno.ENOSPC if self.way is Way.FULL else errno.EIO
        return OSError(number, os.strerror(number))

    @property
    def _kills(self) -> bool:
        return self.way in (Way.CRASH, Way.POWER_CUT)

    def pwrite(self, descriptor: int, data: Any, offset: int) -> int:
        path = _path(descriptor)
        self._synced.setdefault(path, os.fstat(descriptor).st_size)
        if not self._fate():
            return self._pwrite(descriptor, data, offset)
        part = self._random.randrange(len(data) + 1)
        with suppress(OSError):
            self._pwrite(descriptor, bytes(data[:part]), offset)
        if self._kills:
            self._end()
        raise self._fails()

    def fsync(self, descriptor: int) -> None:
        if self._fate():
            if self._kills:
                self._end()
            raise self._fails()
        self._fsync(descriptor)
        path = _path(descriptor)
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            self._names = [each for each in self._names if each[0].parent != path]
        else:
            self._synced[path] = os.fstat(descriptor).st_size

    def ftruncate(self, descriptor: int, size: int) -> None:
        if self._fate():
            if self._kills:
                self._end()
            raise self._fails()
        self._ftruncate(descriptor, size)
        path = _path(descriptor)
        self._synced[path] = min(self._synced.get(path, size), size)

    def open(self, path: Any, flags: int, *more: Any, **named: Any) -> int:
        fresh = bool(flags & os.O_CREAT) and not Path(path).exists()
        descriptor = self._open(path, flags, *more, **named)
        if fresh:
            self._names.append((_path(descriptor), None))
        return descriptor

    def _moving(self, move: Callable[..., None]) -> Callable[..., None]:
        def moved(old: Any, new: Any, **named: Any) -> None:
            if self._fate():
                if self._kills:
                    self._end()
                raise self._fails()
            before, after = Path(old).resolve(), Path(new).resolve()
            move(old, new, **named)
            self._names.append((after, before))
            if before in self._synced:
                self._synced[after] = self._synced.pop(before)

        return moved

    def commit(self, connection: sqlite3.Connection) -> None:
        if not self._fate():
            return
        if self._kills:
            self._end()
        if self.way is Way.FULL:
            # SQLite rolls the whole transaction back then ("Response To Errors Within A Transaction")
            sqlite3.Connection.rollback(connection)
            error, code = sqlite3.OperationalError("database or disk is full"), sqlite3.SQLITE_FULL
        else:
            error, code = sqlite3.OperationalError("disk I/O error"), sqlite3.SQLITE_IOERR
            if self._random.random() < 0.5:
                sqlite3.Connection.rollback(connection)
        error.sqlite_errorcode = code
        raise error

    def _end(self) -> None:
        """The crash, and what the loss of power takes with it."""
        if self.way is Way.POWER_CUT:
            for path, synced in self._synced.items():
                if path.exists() and (size := path.stat().st_size) > synced:
                    os.truncate(path, self._random.randint(synced, size))
                    if self._random.random() < 0.4:
                        os.truncate(path, size)  # the length was on the disk, the bytes were not
            for new, old in reversed(self._names):
                if self._random.random() < 0.5 and new.exists():
                    if old is None:
                        new.unlink()
                    else:
                        self._rename(new, old)
        os._exit(CRASHED)


def _path(descriptor: int) -> Path:
    return Path(f"/proc/self/fd/{descriptor}").readlink()
