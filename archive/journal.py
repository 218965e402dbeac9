"""The journal: the corpus' custody log. What people decided, and what happened to its files.

`journal.jsonl` is part of the truth. Lines are only ever added, and each is tied to the one before:

    {"n":2,"at":"2023-08-04T10:15:00Z","kind":"closed","file":"warc/…",…,"previous":"<sha256>","digest":"<sha256>"}

`digest` is the SHA-256 of the line's own bytes without `,"digest":"…"`; `previous` is the digest of the line before,
"" in the first. So a line cannot be changed, moved or taken out unseen. Nor can lines be dropped from the end: the
warcinfo record of each WARC file names the line that was the last when the file was begun.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from archive.disk import sync_folder, write_all
from archive.errors import HemerotecaError, named_errors
from archive.times import stamp

_OWN = ("n", "at", "kind", "previous", "digest")
_SEAL = len(',"digest":""}') + 64  # what the digest adds to a line
_TAIL = 64 * 1024


class BrokenJournal(HemerotecaError):
    """A line of the journal is not as it was written."""


class JournalGrew(HemerotecaError):
    """Another process has added a line since the caller looked."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: its number from 1 on, the time (UTC, ISO 8601), its kind, and what that kind says."""

    n: int
    at: str
    kind: str
    values: Mapping[str, Any]
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line; `number` counts the lines of the file from 1 on. `torn`: the file ends inside it."""

    number: int
    why: str
    torn: bool = False


class Head(NamedTuple):
    """The last line: its number, 0 in an empty journal, and its digest."""

    n: int
    digest: str


class Journal:
    """The journal at `path`, which need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def head(self) -> Head:
        """The last whole line. Raises BrokenJournal where it is not as it was written, NotPermitted and its kin."""
        if not self.path.exists():
            return Head(0, "")
        with named_errors(self.path), self.path.open("rb") as file:
            return _head(file.fileno(), self.path)[0]

    def append(self, kind: str, at: datetime, *, after: Head | None = None, **values: Any) -> Line:
        """Adds a line and returns when it is on the disk.

        A last line without its end was cut by a crash before anyone was told of it: it is taken away first. `after`:
        the line that must still be the last. Raises JournalGrew where it is not, BrokenJournal, DiskFull,
        HemerotecaError; the journal is then as it was.
        """
        with named_errors(self.path):
            fresh = not self.path.exists()
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                # Another process may write at the same time: a reading room that keeps a label
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                head, end = _head(descriptor, self.path)
                if after is not None and head != after:
                    raise JournalGrew(f"another process has just written to {self.path}: run this again")
                body = {
                    "n": head.n + 1,
                    "at": stamp(at),
                    "kind": kind,
                    **{name: value for name, value in values.items() if value is not None},
                    "previous": head.digest,
                }
                data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
                digest = sha256(data).hexdigest()
                try:
                    os.ftruncate(descriptor, end)
                    write_all(descriptor, data[:-1] + f',"digest":"{digest}"}}\n'.encode(), end)
                    os.fsync(descriptor)
                except OSError:
                    os.ftruncate(descriptor, end)
                    raise
            finally:
                os.close(descriptor)
            if fresh:
                sync_folder(self.path.parent)
        return _line({**body, "digest": digest})

    def lines(self, after: int = 0) -> Iterator[Line]:
        """Every line in order, or those behind line `after`, without a look at the ones before.

        Raises BrokenJournal at the first that is not as it was written.
        """
        for each in self.examine(after):
            if isinstance(each, Fault):
                if each.torn:
                    return
                raise BrokenJournal(
                    f"{self.path} line {each.number} is not as it was written ({each.why}): put back a copy of the"
                    " file; `hemeroteca verify` tells what the journal still proves"
                )
            yield each

    def examine(self, after: int = 0) -> Iterator[Line | Fault]:
        """Every whole line in order, or those behind line `after`, and what is wrong with the others."""
        if not self.path.exists():
            return
        previous: str | None = None if after else ""
        n = after
        with named_errors(self.path), self.path.open("rb") as file:
            for number, data in enumerate(file, 1):
                if number <= after:
                    continue
                if not data.endswith(b"\n"):
                    yield Fault(number, "the file ends inside it: a crash came before anyone was told of it", torn=True)
                    return
                try:
                    line = _parse(data.removesuffix(b"\n"))
                except ValueError as fault:
                    yield Fault(number, str(fault))
                    previous, n = None, n + 1
                    continue
                if line.n != n + 1:
                    yield Fault(number, f"it has the number {line.n} where {n + 1} is due: lines are missing or moved")
                elif previous is not None and line.previous != previous:
                    yield Fault(number, "it does not name the line before it")
                yield line
                previous, n = line.digest, line.n


def _parse(data: bytes) -> Line:
    """A line without its end. Raises ValueError in words."""
    try:
        values = json.loads(data)
        line = _line(values)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise ValueError("it is no line of a journal") from fault
    if sha256(data[:-_SEAL] + b"}").hexdigest() != line.digest:
        raise ValueError("its text does not give its digest")
    return line


def _line(values: Mapping[str, Any]) -> Line:
    rest = {name: value for name, value in values.items() if name not in _OWN}
    return Line(int(values["n"]), values["at"], values["kind"], rest, values["previous"], values["digest"])


def _head(descriptor: int, path: Path) -> tuple[Head, int]:
    """The last whole line and where it ends."""
    size = os.fstat(descriptor).st_size
    tail, begin = b"", size
    while begin and tail.count(b"\n") < 2:
        step = min(_TAIL, begin)
        begin -= step
        tail = os.pread(descriptor, step, begin) + tail
    whole = tail.rpartition(b"\n")[0]
    if not whole:
        return Head(0, ""), 0
    end = begin + len(whole) + 1
    try:
        line = _parse(whole.rpartition(b"\n")[2])
    except ValueError as fault:
        raise BrokenJournal(
            f"the last line of {path} is not as it was written ({fault}): put back a copy of the file, or move it"
            " away; `hemeroteca verify` tells what is proven without it"
        ) from fault
    return Head(line.n, line.digest), end
