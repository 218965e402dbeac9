"""The WARC files of one crawl: written in order, whole at every moment that counts, closed with a checksum.

Each record is a gzip member of its own. A file is named `*.open` while it is written and gets its name when
it is whole, on the disk and checksummed. Nothing is ever appended to a file of an earlier run: `repair`
cuts a file that a crash left behind its last whole record and closes it.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.disk import Tail, sync_folder
from archive.drafts import Draft, pieces, warcinfo
from archive.errors import DiskFailed, HemerotecaError, named_errors
from archive.model import Pointer
from archive.records import Damage, walk
from archive.wacz import OPEN

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
    """What became of a file that a crash left open; `file` is None where nothing in it was whole.

    `sha256` is the checksum of the file as it is now.
    """

    file: Path | None
    old_size: int
    new_size: int
    records: int
    damage: tuple[Damage, ...]
    sha256: str = ""


class Series:
    """The one writer of a crawl. `folder`: the corpus' warc/ or warc-private/; pointers begin with its name.

    `info` are the fields of each file's warcinfo record; its `software` must begin with "hemeroteca". `now`
    gives the time of opening for names and folders. A file is closed and the next one opened before a group
    of records would take it over `max_bytes`. `closed` lists the files finished so far.

    `head` is asked at each opening for what the journal's last line is (a warcinfo field); `closing` is told of
    each file when it is whole and on the disk and not yet under its final name.

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
        head: Callable[[], str] | None = None,
        closing: Callable[[Closed], None] | None = None,
    ) -> None:
        if not info.get("software", "").startswith("hemeroteca"):
            raise HemerotecaError("the warcinfo field `software` must begin with hemeroteca: give it so")
        # First of all fields, because readers of a damaged file know ours by it
        self._info = {"software": info["software"], **info}
        self._folder = folder
        self._prefix = prefix
        self._max_bytes = max_bytes
        self._now = now
        self._head = head
        self._closing = closing
        self._serial = 0
        self._file: _OpenFile | None = None
        self.closed: list[Closed] = []

    def write(self, group: Iterable[Draft]) -> list[Written]:
        """Append the records of a group to one file, in their order: all of them or none."""
        drafts = list(group)
        expected = sum(len(draft.block) + _OVERHEAD for draft in drafts)
        if self._file is not None and self._file.records > 1 and self._file.size + expected > self._max_bytes:
            self.close()
        file = self._file or self._open()
        return file.append(drafts)

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
        closed = file.close(self._closing)
        self.closed.append(closed)
        return closed

    def _open(self) -> "_OpenFile":
        moment = self._now().astimezone(UTC)
        folder = self._folder / f"{moment:%Y}" / f"{moment:%m}"
        with named_errors(self._folder):
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
            info = self._info if self._head is None else {**self._info, "journal": self._head()}
            file.append([warcinfo(moment, info, path.name)])
            # By itself, so that a failure of the first group's commit cannot take it away
            file.commit()
            with named_errors(path):
                sync_folder(folder)
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
        self._spoilt = False

    @property
    def size(self) -> int:
        return self._whole.size

    @property
    def records(self) -> int:
        return self._whole.records

    def append(self, group: list[Draft]) -> list[Written]:
        self._check()
        tail = Tail(self._descriptor, self._whole.size, self._whole.digest.copy())
        written = []
        with named_errors(self._path):
            try:
                for draft in group:
                    begin, block_sha256 = tail.end, hashlib.sha256(draft.block).hexdigest()
                    tail.add(pieces(draft, block_sha256, self._warcinfo_id))
                    pointer = Pointer(self._name, begin, tail.end - begin)
                    written.append(Written(draft.record_id, pointer, block_sha256, draft.payload_sha256))
                tail.flush()
            except BaseException:
                self._cut_back(tail.begin)
                raise
        self._whole = _State(tail.end, self._whole.records + len(group), tail.digest)
        self._warcinfo_id = self._warcinfo_id or group[0].record_id  # the first record of a file
        return written

    def commit(self) -> None:
        self._check()
        if self._safe.size == self._whole.size:
            return
        with named_errors(self._path):
            try:
                os.fsync(self._descriptor)
            except OSError:
                # After a failed fsync nobody knows what is on the disk; only the last good one counts
                self._whole = self._safe
                self._cut_back(self._safe.size)
                raise
        self._safe = self._whole

    def _cut_back(self, size: int) -> None:
        self._spoilt = True
        os.ftruncate(self._descriptor, size)
        self._spoilt = False

    def _check(self) -> None:
        """Nothing is written behind a tail that could not be cut: the file stays open, and `repair` mends it."""
        if self._spoilt:
            raise DiskFailed(f"{self._path} could not be cut back after a failed write: check the disk, then run again")

    def close(self, closing: Callable[[Closed], None] | None) -> Closed:
        try:
            self.commit()
            with named_errors(self._path):
                os.ftruncate(self._descriptor, self._safe.size)
                os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)
        closed = Closed(self._name, self._safe.digest.hexdigest(), self._safe.size, self._safe.records)
        if closing is not None:
            closing(closed)
        with named_errors(self._path):
            Path(f"{self._path}{OPEN}").rename(self._path)
            sync_folder(self._path.parent)
        return closed

    def discard(self) -> None:
        os.close(self._descriptor)
        Path(f"{self._path}{OPEN}").unlink(missing_ok=True)


def repair(path: Path, closing: Callable[[Repair], None] | None = None) -> Repair:
    """Cut a `*.warc.gz.open` file behind its last whole record, sync it and give it its final name.

    Damage before that place stays in the file and is listed. `closing` is told before the file gets its name, or is
    gone. Raises HemerotecaError, DiskFull.
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
    inside = tuple(each for each in damage if each.offset < whole)
    with named_errors(path):
        sha256 = ""
        if records:
            with path.open("r+b") as file:
                os.ftruncate(file.fileno(), whole)
                os.fsync(file.fileno())
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        mended = Repair(final if records else None, old_size, whole, records, inside, sha256)
        if closing is not None:
            closing(mended)
        if records:
            path.rename(final)
        else:
            path.unlink()
        sync_folder(path.parent)
    return mended
