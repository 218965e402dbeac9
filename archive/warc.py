"""The WARC files of one crawl: written in order, whole at every moment that counts, closed with a checksum.

Each record is a gzip member of its own. A file is named `*.open` while it is written and gets its name when
it is whole, on the disk and checksummed. Nothing is ever appended to a file of an earlier run: `repair`
cuts a file that a crash left behind its last whole record and closes it.
"""

import errno
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.drafts import Draft, pack, warcinfo
from archive.errors import DiskFull, HemerotecaError
from archive.model import Pointer
from archive.records import Damage, walk

OPEN = ".open"
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# Head fields of a record and the frame of its member, more than ours can be
_OVERHEAD = 4096


@dataclass(frozen=True, slots=True)
class Written:
    """A record that was handed to the file. It is safe only after `Series.commit`.

    `payload_sha256` is over the content without chunking; None for a record without payload. Digests are hex.
    """

    record_id: str
    pointer: Pointer
    block_sha256: str
    payload_sha256: str | None


@dataclass(frozen=True, slots=True)
class Closed:
    """A finished file: name relative to the corpus, checksum and size of the whole file, records in it."""

    file: str
    sha256: str
    bytes: int
    records: int


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of a file that a crash left open; `file` is None where nothing in it was whole."""

    file: Path | None
    old_size: int
    new_size: int
    records: int
    damage: tuple[Damage, ...]


class Series:
    """The one writer of a crawl. `folder`: the corpus' warc/ or warc-private/; pointers begin with its name.

    `info` are the fields of each file's warcinfo record; its `software` must begin with "hemeroteca". `now`
    gives the time of opening for names and folders. A file is closed and the next one opened before a group
    of records would take it over `max_bytes`. `closed` lists the files finished so far.

    Every method raises DiskFull where there is no room, HemerotecaError for other failures of the disk. The
    file then ends with its last whole record, or with the last good commit where the disk could not say what
    it holds. Count on nothing that was written since the last good commit: no row for it, until it is found
    in the file at the next start. One thread at a time.
    """

    def __init__(
        self,
        folder: Path,
        *,
        prefix: str = "hemeroteca",
        info: Mapping[str, str],
        max_bytes: int = 256_000_000,
        now: Callable[[], datetime],
    ) -> None:
        if not info.get("software", "").startswith("hemeroteca"):
            raise HemerotecaError("the warcinfo field `software` must begin with hemeroteca: give it so")
        # First of all fields, because readers of a damaged file know ours by it
        self._info = {"software": info["software"], **info}
        self._folder = folder
        self._prefix = prefix
        self._max_bytes = max_bytes
        self._now = now
        self._serial = 0
        self._file: _OpenFile | None = None
        self.closed: list[Closed] = []

    def write(self, group: Iterable[Draft]) -> list[Written]:
        """Append the records of a group to one file, in their order."""
        drafts = list(group)
        expected = sum(len(draft.block) + _OVERHEAD for draft in drafts)
        if self._file is not None and self._file.records > 1 and self._file.size + expected > self._max_bytes:
            self.close()
        file = self._file or self._open()
        return [file.append(draft) for draft in drafts]

    def commit(self) -> None:
        """Return when everything written so far is on the disk."""
        if self._file is not None:
            self._file.commit()

    def close(self) -> Closed | None:
        """Finish the current file, on the disk and under its final name; None where none is open."""
        if self._file is None:
            return None
        # Forgotten first: what cannot be closed now is left to `repair`
        file, self._file = self._file, None
        closed = file.close()
        self.closed.append(closed)
        return closed

    def _open(self) -> "_OpenFile":
        moment = self._now().astimezone(UTC)
        folder = self._folder / f"{moment:%Y}" / f"{moment:%m}"
        with _named_errors(self._folder):
            folder.mkdir(parents=True, exist_ok=True)
            while True:
                self._serial += 1
                path = folder / f"{self._prefix}-{moment:%Y%m%dT%H%M%SZ}-{self._serial:05d}.warc.gz"
                if path.exists():
                    continue
                try:
                    descriptor = os.open(f"{path}{OPEN}", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
                except FileExistsError:
                    continue
                break
        name = path.relative_to(self._folder.parent).as_posix()
        file = _OpenFile(descriptor, path, name)
        try:
            file.append(warcinfo(moment, self._info, path.name))
            # By itself, so that a failure of the first group's commit cannot take it away
            file.commit()
            with _named_errors(path):
                _sync_folder(folder)
        except HemerotecaError:
            file.discard()
            raise
        self._file = file
        return file


@dataclass(frozen=True, slots=True)
class _State:
    """How far a file is whole: bytes, records, and the running checksum up to there."""

    size: int
    records: int
    digest: "hashlib._Hash"


class _OpenFile:
    """One file while it is written. All writes name their offset, so a failed one moves nothing."""

    def __init__(self, descriptor: int, path: Path, name: str) -> None:
        self._descriptor = descriptor
        self._path = path
        self._name = name
        self._whole = _State(0, 0, hashlib.sha256())
        self._safe = self._whole
        self._warcinfo_id = ""

    @property
    def size(self) -> int:
        return self._whole.size

    @property
    def records(self) -> int:
        return self._whole.records

    def append(self, draft: Draft) -> Written:
        block_sha256 = hashlib.sha256(draft.block).hexdigest()
        member = pack(draft, block_sha256, self._warcinfo_id)
        offset = self._whole.size
        with _named_errors(self._path):
            try:
                _write_all(self._descriptor, member, offset)
            except OSError:
                os.ftruncate(self._descriptor, offset)
                raise
        digest = self._whole.digest.copy()
        digest.update(member)
        self._whole = _State(offset + len(member), self._whole.records + 1, digest)
        if draft.type == "warcinfo":
            self._warcinfo_id = draft.record_id
        pointer = Pointer(self._name, offset, len(member))
        return Written(draft.record_id, pointer, block_sha256, draft.payload_sha256)

    def commit(self) -> None:
        if self._safe.size == self._whole.size:
            return
        with _named_errors(self._path):
            try:
                os.fsync(self._descriptor)
            except OSError:
                # After a failed fsync nobody knows what is on the disk; only the last good one counts
                self._whole = self._safe
                os.ftruncate(self._descriptor, self._safe.size)
                raise
        self._safe = self._whole

    def close(self) -> Closed:
        try:
            self.commit()
            with _named_errors(self._path):
                os.ftruncate(self._descriptor, self._safe.size)
                os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)
        with _named_errors(self._path):
            Path(f"{self._path}{OPEN}").rename(self._path)
            _sync_folder(self._path.parent)
        return Closed(self._name, self._safe.digest.hexdigest(), self._safe.size, self._safe.records)

    def discard(self) -> None:
        os.close(self._descriptor)
        Path(f"{self._path}{OPEN}").unlink(missing_ok=True)


def repair(path: Path) -> Repair:
    """Cut a `*.warc.gz.open` file behind its last whole record, sync it and give it its final name.

    Damage before that place stays in the file and is listed. Raises HemerotecaError, DiskFull.
    """
    if not path.name.endswith(f".warc.gz{OPEN}"):
        raise HemerotecaError(f"{path} is no file that a crawl left open: name a *.warc.gz{OPEN} file")
    final = path.with_name(path.name.removesuffix(OPEN))
    if final.exists():
        raise HemerotecaError(f"{path} and {final.name} are both there: keep one of them under another name")
    old_size = path.stat().st_size
    whole = records = 0
    damage: list[Damage] = []
    for found in walk(path):
        if isinstance(found, Damage):
            damage.append(found)
        else:
            whole = found.offset + found.length
            records += 1
    with _named_errors(path):
        if not records:
            path.unlink()
            _sync_folder(path.parent)
            return Repair(None, old_size, 0, 0, ())
        with path.open("r+b") as file:
            os.ftruncate(file.fileno(), whole)
            os.fsync(file.fileno())
        path.rename(final)
        _sync_folder(path.parent)
    inside = tuple(each for each in damage if each.offset < whole)
    return Repair(final, old_size, whole, records, inside)


def _write_all(descriptor: int, data: bytes, offset: int) -> None:
    rest = memoryview(data)
    while rest:
        count = os.pwrite(descriptor, rest, offset)
        offset += count
        rest = rest[count:]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _named_errors(place: Path) -> Iterator[None]:
    """Errors of the disk as errors of ours."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull(
                f"no room left to write {place}: make room and run the same command again; nothing is lost"
            ) from error
        raise HemerotecaError(
            f"{place} cannot be written ({error.strerror}): check the disk, then run again"
        ) from error
