"""Writing so that it stays: whole writes, synced folders, files that are there entirely or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import named_errors


def write_all(descriptor: int, data: bytes, offset: int) -> None:
    """All of `data` at `offset`, however many calls that takes."""
    rest = memoryview(data)
    while rest:
        count = os.pwrite(descriptor, rest, offset)
        offset += count
        rest = rest[count:]


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
