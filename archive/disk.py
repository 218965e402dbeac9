"""Writing so that it stays: whole writes, synced folders, files that are there entirely or not at all."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import named_errors

_AT_ONCE = 256 * 1024  # bytes that are gathered for one write


def write_all(descriptor: int, data: bytes | memoryview, offset: int) -> None:
    """All of `data` at `offset`, however many calls that takes."""
    rest = memoryview(data)
    while rest:
        count = os.pwrite(descriptor, rest, offset)
        offset += count
        rest = rest[count:]


class Tail:
    """The end of a file while pieces are added to it: small ones are written together, with a running digest.

    `end` is where the file will end when all is written: after `flush`. What fails raises OSError, and leaves behind
    `begin` whatever was written by then.
    """

    def __init__(self, descriptor: int, begin: int, digest: "hashlib._Hash") -> None:
        self.begin = self.end = begin
        self.digest = digest
        self._descriptor = descriptor
        self._waiting: list[bytes | memoryview] = []
        self._written = begin

    def add(self, pieces: Iterable[bytes | memoryview]) -> None:
        waiting = self._waiting
        for piece in pieces:
            waiting.append(piece)
            self.end += len(piece)
            if self.end - self._written >= _AT_ONCE:
                self.flush()

    def flush(self) -> None:
        """Returns when all has been handed to the file."""
        if self._waiting:
            data = b"".join(self._waiting)
            self._waiting.clear()
            write_all(self._descriptor, data, self._written)
            self.digest.update(data)
            self._written = self.end


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a name beside `path` to write to; at the end the file there is synced and takes the place of `path`.

    After a failure `path` is as it was and nothing lies beside it. Raises DiskFull and its kin.
    """
    part = path.with_name(f".{path.name}.part")
    with named_errors(path):
        try:
            yield part
            descriptor = os.open(part, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            part.rename(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
