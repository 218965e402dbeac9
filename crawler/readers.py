"""Worker processes that read stored records, with limits on time and memory.

The crawl and the rebuild hand over places in WARC files, never text: so both read the same bytes with the same code.
A worker that hangs or dies costs one row with the outcome `parse_failed`; the record stays and can be read again.
"""

import os
import resource
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, TypeVar

from archive.corpus import Corpus, warc_path
from archive.errors import SURROUNDINGS, HemerotecaError, as_error
from archive.http import Answer
from archive.intake import Entry, Group, Reader, Taken, entry, examined
from archive.model import Kind, Outcome, Pointer, Reading
from archive.notes import CaptureNote
from archive.prepared import lean, matched
from archive.records import read_at
from archive.topics import Topic
from crawler.forkserver import start_server
from crawler.redaction import clean
from crawler.workers import WorkerDied, Workers, need_room
from spiders.kit.catalogue import catalogue, of_address
from spiders.kit.examine import examine
from spiders.kit.find import Finding
from spiders.kit.outlet import Outlet

T = TypeVar("T")
SECONDS = 20  # of CPU that a page may cost, so that a busy machine gives the same rows as a quiet one
PATIENCE = 120  # seconds of the clock
MEMORY = 1 << 29  # bytes of data that a worker may hold: a page of some 25 MB
LARGE = 2 << 20  # bytes of a page, above which no other such page is read beside it: the crawl has a ceiling, too
NICENESS = 5  # the crawl itself comes first, and who works at the machine
AHEAD = 64  # groups that wait for a worker during a rebuild


@dataclass(frozen=True, slots=True)
class Examined:
    """A capture as read, and what it announced where it is a feed, sitemap or listing.

    `body` is there for robots.txt and tdmrep.json only, which the crawl itself reads.
    """

    taken: Taken
    finding: Finding | None = None
    body: bytes = b""


class LimitedWorkers:
    """Worker processes that do any work on pages, within the limits. Close it, or use it in a `with`."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or min(4, max(2, os.cpu_count() or 1))  # one of them is kept from what is slow
        # A forked reactor or logging lock would hang: workers start from a clean process that has all imported
        start_server([__name__, "crawler.warm"])
        self._processes = Workers(self.workers, _limit, PATIENCE, final=frozenset({signal.SIGXCPU}))

    def ask(self, act: Callable[..., T], *arguments: Any, lane: str = "", urgent: bool = False) -> "Future[T]":
        """What `act` gives of the arguments, in a worker: any work on captures that a page could make long.

        `lane`, `urgent`: whose turn it takes (see crawler/lanes.py).
        """
        return self._processes.submit(_within, SECONDS, act, *arguments, lane=lane, urgent=urgent)

    def close(self) -> None:
        self._processes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ReaderPool(LimitedWorkers):
    """Those that examine captures of one corpus."""

    def __init__(self, corpus: Corpus, workers: int | None = None) -> None:
        self._folder = str(corpus.folder.resolve())
        self._outlets = str(corpus.outlets_folder.resolve())
        super().__init__(workers)

    def examine(
        self, pointer: Pointer, note: CaptureNote | None, *, rows_only: bool = False, urgent: bool = False
    ) -> "Future[Examined]":
        """The capture at `pointer`, read in a worker; where that was killed or failed, with the outcome `parse_failed`.

        DiskFull and its kin where the disk failed under the worker: the capture is then read by the next run.
        CancelledError after `close`.

        `rows_only`: only what the index needs comes back, without finding and body, and of an article what is `lean`.
        `urgent`: somebody waits for it. No outlet takes the turns of the others.
        """
        lane = note.outlet or "" if note else ""
        work = self.ask(_examine, self._folder, self._outlets, pointer, note, rows_only, lane=lane, urgent=urgent)
        found: Future[Examined] = Future()

        def settle(work: "Future[Examined]") -> None:
            """In the worker's thread: the loop of a crawl has no time to unpack what no worker could read."""
            try:
                given = _result_of(work, Path(self._folder), pointer, note)
            except CancelledError:
                found.cancel()
            except Exception as error:  # noqa: BLE001 (the future's)
                found.set_exception(error)
            else:
                found.set_result(given)

        work.add_done_callback(settle)
        return found

    def entries(self, groups: Iterable[Group], *, rows_only: bool = True) -> Iterator[tuple[Group, Entry | None]]:
        """The groups with their entries, in order (see archive/rebuild.py). `rows_only`: as in `examine`."""
        waiting: deque[tuple[Group, Future[Examined] | None]] = deque()
        for group in groups:
            note = group.note if isinstance(group.note, CaptureNote) else None
            waiting.append((group, self.examine(group.pointer, note, rows_only=rows_only) if group.record else None))
            while len(waiting) > AHEAD:
                yield self._next(waiting)
        while waiting:
            yield self._next(waiting)

    def _next(self, waiting: "deque[tuple[Group, Future[Examined] | None]]") -> tuple[Group, Entry | None]:
        group, future = waiting.popleft()
        if future is None or group.record is None:
            return group, entry(group, Path(self._folder), unread("not a capture"))
        return group, future.result().taken


def _result_of(work: "Future[Examined]", folder: Path, pointer: Pointer, note: CaptureNote | None) -> Examined:
    try:
        return work.result()
    except CancelledError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in SURROUNDINGS:
            raise as_error(error, folder) from error
        why = why_not(error)
    record = read_at(warc_path(folder, pointer.warc_file), pointer.offset)
    return Examined(examined(record, pointer, note, folder, unread(why)))


def why_not(error: Exception) -> str:
    """Why a worker gave nothing, in a few words."""
    if isinstance(error, TimeoutError):
        return f"reading took longer than {PATIENCE} s"
    if isinstance(error, WorkerDied):
        spent = error.status == -signal.SIGXCPU
        return f"reading took longer than {SECONDS} s of CPU" if spent else "the reading process died"
    if isinstance(error, MemoryError):
        return f"reading took more memory than {MEMORY >> 20} MiB"
    return clean(f"{type(error).__name__}: {error}")


def unread(why: str) -> Reader:
    """A reader that reads nothing and says why."""
    return lambda answer, url, at, outlet, kind: Reading(Outcome.PARSE_FAILED, why)


def _within(seconds: int, act: Callable[..., T], *arguments: Any) -> T:
    """`act`, with so many seconds of CPU for it."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, most))
    return act(*arguments)


def _examine(
    folder: str, outlets: str, pointer: Pointer, note: CaptureNote | None, rows_only: bool = False
) -> Examined:
    if pointer.length > LARGE:
        need_room()
    record = read_at(warc_path(Path(folder), pointer.warc_file), pointer.offset)
    known, small = _known(outlets), note is not None and note.kind in (Kind.ROBOTS, Kind.TDMREP)
    finding: Finding | None = None
    body = b""

    def read(answer: Answer, url: str, at: datetime, name: str | None, kind: Kind) -> Reading:
        nonlocal finding, body
        if len(answer.body) > LARGE:
            need_room()
        outlet = known.get(name) if name else of_address(url, known)
        reading, finding = examine(answer, url=url, at=at, outlet=outlet, kind=kind)
        body = answer.body if small else b""
        return reading

    taken = examined(record, pointer, note, Path(folder), read)
    if taken.prepared is not None and taken.reading.article is not None:
        ready = matched(taken.prepared, taken.capture, taken.reading.article, _topics(folder))
        taken = replace(taken, prepared=ready)
    if not rows_only:
        return Examined(taken, finding, body)
    if taken.reading.article is not None:
        taken = replace(taken, reading=replace(taken.reading, article=lean(taken.reading.article)))
    return Examined(taken)


@lru_cache(maxsize=1)
def _known(outlets: str) -> dict[str, Outlet]:
    return dict(catalogue(Path(outlets)))


@lru_cache(maxsize=1)
def _topics(folder: str) -> tuple[Topic, ...]:
    """Those of the corpus; none where one has an error: the index then asks its own, as it does where they differ."""
    try:
        return Corpus(folder).topics()
    except HemerotecaError:
        return ()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # who takes too long is ended by SIGXCPU, which would dump core
