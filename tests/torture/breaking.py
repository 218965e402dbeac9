"""Breaks a small crawl at each of its steps in turn and looks, each time, whether anything was lost.

`python -m tests.torture.breaking WAY` in a process of its own, since it forks: one JSON line for each fault found,
and a last one with the number of the first run that passed untouched. `cut` for WAY: the open file of a killed crawl
is cut at 50 places of its last record.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from click import echo

import crawler.run
from archive.errors import HemerotecaError
from archive.http import Answer
from archive.schema import open_database
from crawler import readers, visiting_card
from crawler.hooks import fault_of_hooks
from tests.torture import witness
from tests.torture.aftermath import left, rows_of, whole
from tests.torture.injection import CRASHED, Injection, Way
from tests.torture.offline import LEFT, Book, Books, crawl, make

BEFORE, ABANDONED, NOW = 2, 4, 6  # articles in the book at the first crawl, at the one that was killed, and now


class Bench:
    """A corpus that has been crawled once and killed once, and copies of it to break."""

    def __init__(self, scratch: Path, seed: int = 1) -> None:
        self.scratch, self.seed, self.book = scratch, seed, Book(NOW)
        self.template = make(scratch / "template")
        self.empty = scratch / "empty.db"
        fault_of_hooks()  # imports what every child would import
        crawler.run.software = visiting_card.software = lru_cache(visiting_card.software)
        _read_once()
        open_database(str(self.empty)).close()
        self._crawl(self.template, Book(BEFORE))  # here, so that no child has to import anything
        assert _forked(lambda: self._crawl(self.template, Book(ABANDONED), abandon=3)) == LEFT
        self.finished, _ = left(self.template)

    def _crawl(self, folder: Path, book: Book, **more: Any) -> None:
        crawl(folder, book, Books(folder / "books.jsonl"), **more)

    def breaks(self, way: Way, n: int) -> tuple[list[str], bool]:
        """What is lost by a fault at step `n`, and whether the run came so far."""
        folder = self._copy()
        with next(folder.rglob("*.open")).open("r+b") as file:
            begun = file.read(150)
            file.seek(0, os.SEEK_END)
            file.write(begun)  # the beginning of a record, for the start to cut off
        injection = Injection(way, n, self.seed)

        def broken() -> None:
            books = Books(folder / "broken.jsonl")
            injection.install()
            try:
                crawl(folder, self.book, books)
            except HemerotecaError as error:
                books.enter(gave_up=str(error), code=error.exit_code)
            finally:
                books.enter(steps=injection.count)

        status = _forked(broken)
        said = _entries(folder / "broken.jsonl")
        steps = next((each["steps"] for each in said if "steps" in each), n)
        if steps < n:
            return [f"an untouched run ended with {status}: {said[-2:]}"] if status else [], False
        faults = self._manners(way, status, said)
        repeated = self.finished & {each["asked"] for each in said if "asked" in each}
        faults += [f"{url} was finished before and asked for again" for url in repeated]
        finished, more = left(folder)
        faults += more
        # Derived files may go, too: the WARC files and the journal know everything
        for name, each in (("state.db", 1), ("corpus.db", 3)):
            if n // 2 % 6 == each:
                for path in folder.glob(f"{name}*"):
                    path.unlink()
        if status := _forked(lambda: self._crawl(folder, self.book)):
            return [*faults, f"the restart ended with {status}: {_said()}"], True
        again = Counter(each["asked"] for each in _entries(folder / "books.jsonl") if "asked" in each)
        before = Counter(each["asked"] for each in _entries(self.template / "books.jsonl") if "asked" in each)
        faults += [f"{url} was finished and asked for again" for url in finished & (again - before).keys()]
        return faults + whole(folder, self.book, self.empty if n // 2 % 3 == 0 else None), True

    def cuts(self, number: int) -> list[str]:
        """Cuts the file that the kill left open at so many places of its last record: what is lost by that.

        Nothing before the place may go, what comes after it is written whole, and the cut is one line of `events`.
        """
        (opened,) = self.template.rglob("*.open")
        data = opened.read_bytes()
        *_, last = witness.records(opened)
        self.book, faults = Book(ABANDONED + 5), []
        for step in range(number):
            place = last.offset + step * last.length // number
            folder = self._copy()
            path = folder / opened.relative_to(self.template)
            path.write_bytes(data[:place])
            if status := _forked(lambda folder=folder: self._crawl(folder, self.book)):  # type: ignore[misc]
                faults.append(f"cut at {place}: the restart ended with {status}: {_said()}")
                continue
            mended = path.with_suffix("")
            if not mended.exists() or mended.read_bytes() != data[: last.offset]:
                faults.append(f"cut at {place}: {mended.name} is not what was whole of it")
            name = mended.relative_to(folder).as_posix()
            _, _, events = rows_of(folder / "corpus.db")
            of_it = [(row["kind"], row["old_bytes"], row["new_bytes"]) for row in events if row["file"] == name]
            if of_it != [("mended", place, last.offset)]:
                faults.append(f"cut at {place}: the events are {of_it}")
            empty = self.empty if step % 10 == 0 else None
            faults += [f"cut at {place}: {fault}" for fault in whole(folder, self.book, empty)]
        return faults

    def _copy(self) -> Path:
        folder = self.scratch / "corpus"
        shutil.rmtree(folder, ignore_errors=True)
        return Path(shutil.copytree(self.template, folder))

    def _manners(self, way: Way, status: int, said: list[dict[str, Any]]) -> list[str]:
        """How a crawl must end: a crash at once, everything else by an error of ours."""
        if way in (Way.CRASH, Way.POWER_CUT):
            return [] if status == CRASHED else [f"no crash, but {status}: {_said()}"]
        codes = [each["code"] for each in said if "code" in each]
        if status:
            return [f"it ended with {status}: {_said()}"]
        if way is Way.FULL and codes != [4]:
            return [f"the disk was full and it ended with {codes or 'no error'}"]
        return []


def _entries(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


_SAID = Path(tempfile.gettempdir()) / f"said-{os.getpid()}.txt"


def _said() -> str:
    return " ".join(_SAID.read_text().split())[-700:]


def _forked(work: Callable[[], None]) -> int:
    """Exit status of a child that does this; what it said is in `_said()`."""
    if (child := os.fork()) == 0:
        _child(work)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _child(work: Callable[[], None]) -> None:
    words = os.open(_SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(words, 2)
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001 (the parent reads it)
        sys.stderr.write(traceback.format_exc())
        sys.stderr.flush()
    finally:
        os._exit(status)


def _read_once() -> None:
    """Readings are kept by what was read: reading is pure, and the book has few pages."""
    examine = readers.examine
    kept = lru_cache(maxsize=None)(lambda words, body, url, kind: {})

    def once(answer: Answer, *, url: str, at: Any, outlet: Any, kind: Any) -> Any:
        known = kept(answer.status, answer.body, url, kind)
        if not known:
            known["found"] = examine(answer, url=url, at=at, outlet=outlet, kind=kind)
        return known["found"]

    readers.examine = once


def breakings(bench: Bench, way: Way, numbers: Iterable[int]) -> int:
    """Prints what each breaking loses; gives the number of the first run that passed untouched."""
    for n in numbers:
        faults, reached = bench.breaks(way, n)
        for fault in faults:
            echo(json.dumps({"way": way, "n": n, "fault": fault}))
        if not reached:
            return n
    return 0


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("way", choices=[*Way, "cut"])
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--first", type=int, default=1)
    words.add_argument("--last", type=int, default=10_000)
    words.add_argument("--every", type=int, default=1)
    given = words.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as place:  # noqa: S108
        bench = Bench(Path(place), given.seed)
        if given.way == "cut":
            passed = 0
            for fault in bench.cuts(50):
                echo(json.dumps({"way": "cut", "fault": fault}))
        else:
            passed = breakings(bench, Way(given.way), range(given.first, given.last + 1, given.every))
    _SAID.unlink(missing_ok=True)
    echo(json.dumps({"way": given.way, "passed": passed}))
