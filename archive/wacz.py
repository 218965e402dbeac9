"""WARC files wherever they lie: on the disk, or inside a WACZ package (Webrecorder's WACZ 1.1.1, a ZIP file).

A WARC inside a package has the name `/abs/x.wacz!/archive/data.warc.gz`. A member that is stored is read where it
lies; one that is deflated is unpacked as far as it is asked for.
"""

import errno
import io
import os
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

from archive.errors import UsageError

__all__ = ["ARCHIVE_ENDINGS", "OPEN", "VOLUME_ENDINGS", "open_warc", "warc_size", "warcs_in"]

_WARC_ENDINGS = (".warc", ".warc.gz", ".warc.zst", ".arc", ".arc.gz")
ARCHIVE_ENDINGS = (*_WARC_ENDINGS, ".wacz")
OPEN = ".open"  # ends the name of a file that a crawl writes, until it is whole
VOLUME_ENDINGS = (*ARCHIVE_ENDINGS, f".warc.gz{OPEN}")
_INSIDE = "!/"
_ARCHIVE = "archive/"  # where a WACZ has its WARC files (WACZ 1.1.1 §5.2.1)
_LOCAL_HEAD = struct.Struct("<4s5H3L2H")  # APPNOTE.TXT §4.3.7
_READ = 64 * 1024
_SNAPSHOT = 4 * 1024 * 1024


def open_warc(path: Path) -> BinaryIO:
    """The bytes of a WARC file, seekable, for a plain path or one into a WACZ.

    A file that a crawl had open, and has closed since its path was made, is found under its final name. Raises OSError
    where it cannot be opened: it is missing, or the package is damaged.
    """
    package, name = _parts(path)
    if name is None:
        try:
            return path.open("rb")
        except FileNotFoundError:
            if path.suffix != OPEN:
                raise
            return path.with_suffix("").open("rb")
    place = _place(package, name)
    file = package.open("rb")
    raw = _Part(file, place.offset, place.packed)
    return io.BufferedReader(raw if place.stored else _Inflated(raw, place.size, _snapshots(place)), _READ)


def warc_size(path: Path) -> int:
    """How many bytes `open_warc` gives. Raises OSError as it does."""
    package, name = _parts(path)
    if name is not None:
        return _place(package, name).size
    with open_warc(path) as file:
        return file.seek(0, io.SEEK_END)


def warcs_in(path: Path) -> list[Path]:
    """The WARC files in a WACZ, by name; of any other file the file itself.

    Raises UsageError for a package that is damaged or holds no WARC file, OSError where it cannot be opened.
    """
    if not _is_package(path):
        return [path]
    try:
        with zipfile.ZipFile(path) as package:
            names = sorted(package.namelist())
    except zipfile.BadZipFile as error:
        raise UsageError(f"{path} is no whole WACZ file ({error}): fetch it again") from error
    found = [name for name in names if name.startswith(_ARCHIVE) and name.lower().endswith(_WARC_ENDINGS)]
    if not found:
        raise UsageError(f"{path} has no WARC file in {_ARCHIVE}: it is no WACZ file, or one that holds other packages")
    return [Path(f"{path}{_INSIDE}{name}") for name in found]


def _is_package(path: Path) -> bool:
    """By its name or its first bytes; not by its end, because a WARC file may end with a package it recorded."""
    if path.name.lower().endswith(".wacz"):
        return True
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _parts(path: Path) -> tuple[Path, str | None]:
    """The package and the name in it; the path itself and None for a file that lies on the disk."""
    text = str(path)
    at = text.find(_INSIDE)
    while at >= 0:
        if (package := Path(text[:at])).is_file():
            return package, text[at + len(_INSIDE) :]
        at = text.find(_INSIDE, at + 1)
    return path, None


class _Place(NamedTuple):
    """Where a member's bytes lie, and which state of the package that was said of."""

    package: str
    changed: int
    offset: int
    packed: int
    size: int
    stored: bool


def _place(package: Path, name: str) -> _Place:
    state = package.stat()
    return _place_of(str(package), state.st_mtime_ns, state.st_size, name)


@lru_cache(maxsize=64)
def _place_of(package: str, changed: int, length: int, name: str) -> _Place:
    where = f"{package}{_INSIDE}{name}"
    try:
        with zipfile.ZipFile(package) as packed:
            info = packed.getinfo(name)
        with Path(package).open("rb") as file:
            file.seek(info.header_offset)
            head = _LOCAL_HEAD.unpack(file.read(_LOCAL_HEAD.size))
    except KeyError as error:
        raise FileNotFoundError(errno.ENOENT, "the WACZ file holds no such file", where) from error
    except (zipfile.BadZipFile, struct.error) as error:
        raise OSError(errno.EIO, f"the WACZ file is damaged: {error}", where) from error
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 1:
        raise OSError(errno.ENOTSUP, "it is packed in a way that a WACZ file may not be", where)
    offset = info.header_offset + _LOCAL_HEAD.size + head[-2] + head[-1]
    if offset + info.compress_size > length:
        raise OSError(errno.EIO, "the WACZ file is damaged: it ends inside this file", where)
    stored = info.compress_type == zipfile.ZIP_STORED
    return _Place(package, changed, offset, info.compress_size, info.file_size, stored)


class _Part(io.RawIOBase):
    """A window on a file, as a file of its own; closes the file it was given."""

    def __init__(self, file: BinaryIO, offset: int, size: int) -> None:
        self._file, self._offset, self._size, self._at = file, offset, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = _moved(offset, whence, self._at, self._size)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), max(0, self._size - self._at))
        self._file.seek(self._offset + self._at)
        data = self._file.read(count)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Snapshot(NamedTuple):
    """A state of the unpacking: how many bytes were read and given by then."""

    read: int
    given: int
    stream: "zlib._Decompress"


def _start() -> _Snapshot:
    return _Snapshot(0, 0, zlib.decompressobj(-zlib.MAX_WBITS))


@lru_cache(maxsize=4)
def _snapshots(_place: _Place) -> list[_Snapshot]:
    """The states that were kept of a member, shared by all who open it: without them each record of a deflated
    WARC would be unpacked from the start of the file.
    """
    return [_start()]


class _Inflated(io.RawIOBase):
    """A deflated member as a file. A snapshot is kept every few MiB, so going back costs no more than that."""

    def __init__(self, packed: _Part, size: int, snapshots: list[_Snapshot]) -> None:
        self._packed, self._size, self._kept = packed, size, snapshots
        self._at = 0
        self._now = _start()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = _moved(offset, whence, self._at, self._size)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        nearest = max((each for each in self._kept if each.given <= self._at), key=lambda each: each.given)
        if not nearest.given <= self._now.given <= self._at:
            self._now = nearest._replace(stream=nearest.stream.copy())
        while self._now.given < self._at:
            if not self._more(min(_READ, self._at - self._now.given)):
                break
        data = self._more(len(buffer)) if self._now.given == self._at else b""
        if not data and self._at < self._size:
            raise OSError(errno.EIO, "the WACZ file is damaged: a file in it is shorter than it says")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _more(self, most: int) -> bytes:
        """The next bytes, `most` at most; b"" at the end. Raises OSError where the member is damaged."""
        read, given, stream = self._now
        data = b""
        while not data and not stream.eof:
            packed = stream.unconsumed_tail
            if not packed:
                self._packed.seek(read)
                packed = self._packed.read(_READ) or b""
                read += len(packed)
            if not packed:
                break
            try:
                data = stream.decompress(packed, most)
            except zlib.error as error:
                raise OSError(errno.EIO, f"the WACZ file is damaged: {error}") from error
        self._now = _Snapshot(read, given + len(data), stream)
        if self._now.given - self._kept[-1].given >= _SNAPSHOT:
            self._kept.append(self._now._replace(stream=stream.copy()))
        return data

    def close(self) -> None:
        self._packed.close()
        super().close()


def _moved(offset: int, whence: int, at: int, size: int) -> int:
    return max(0, offset + (0, at, size)[whence])
