"""Crawls that are killed at every stage of their life, and what must be true after each kill."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture import witness
from tests.torture.newspaper import Newspaper
from tests.warm import start

PATIENCE = 60.0  # seconds that a crawl may take for anything before the harness gives up


class Crawl:
    """One crawl in a process group of its own: `hemeroteca crawl …`; `cold`: Python imports everything first."""

    def __init__(self, folder: Path, *arguments: str, cold: bool = False) -> None:
        words = ["crawl", "--corpus", str(folder), *arguments]
        nothing = subprocess.DEVNULL
        with (folder.parent / "said.txt").open("a") as said:
            self._process = start("hemeroteca", *words, stdout=nothing, stderr=said, cold=cold)

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def send(self, number: signal.Signals, *, alone: bool = False) -> None:
        """To the whole group, readers included, or to the crawl alone."""
        with suppress(ProcessLookupError):  # it has ended by itself
            (os.kill if alone else os.killpg)(self._process.pid, number)

    def ended(self, seconds: float = PATIENCE) -> int:
        """The exit status, negative for a signal. Raises TimeoutExpired; then it is ended for good."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
            raise


@dataclass
class Siege:
    """Kills of crawls of one corpus. `faults` collects what was not as it must be; `hits` what the kills met."""

    newspaper: Newspaper
    folder: Path
    seed: int = 1
    faults: list[str] = field(default_factory=list)
    hits: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    finished: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311
        self._walked: set[Path] = set()
        self._share = 5

    def rounds(self, kills: int) -> Iterator[int]:
        """Counts rounds until so many kills have met a crawl; the articles are shared out over the kills to come."""
        for number in range(3 * kills):
            if self.kills >= kills:
                return
            left = len(self.newspaper.articles.keys() - self.finished)
            self._share = max(1, 2 * left // (kills - self.kills))
            yield number

    def kill(self, *, cold: bool = False) -> None:
        """One crawl, killed at a drawn moment; then the books are compared."""
        draw, paper = self._random, self.newspaper
        moment = draw.choices(("start", "fetch", "close", "stop"), (3, 9, 3, 2))[0]
        pages = draw.randint(1, self._share)
        extra = ("--pages", str(pages)) if moment == "close" else ()
        before = len(paper.asked)
        crawl = Crawl(self.folder, *extra, cold=cold)

        def articles(books: Newspaper) -> list[str]:
            return [each.url for each in books.asked[before:] if each.url in books.articles]

        if moment == "start":
            time.sleep(draw.uniform(0.0, 3.0 if cold else 0.8))
        else:
            met = draw.random() < 0.7  # a large answer that comes on the way is met while it is sent
            self._until(
                crawl,
                lambda books: (
                    len(articles(books)) >= pages
                    or (met and moment == "fetch" and not paper.large.isdisjoint(articles(books)))
                ),
            )
            if moment == "fetch":
                large = articles(paper)[-1:] and articles(paper)[-1] in paper.large
                moment = "large" if large else moment
                time.sleep(draw.uniform(0, 0.15 if large else 0.05))
            elif moment == "stop":
                crawl.send(signal.SIGTERM, alone=draw.random() < 0.5)
                time.sleep(draw.uniform(0, 0.8))
            else:
                time.sleep(draw.uniform(0, 1.2))
        if not crawl.runs:
            self.hits["had ended"] += 1
            if crawl.ended() not in (0, 1, 128 + signal.SIGTERM):
                self.faults.append(f"a crawl ended with {crawl.ended()} before the kill ({moment})")
        else:
            crawl.send(signal.SIGKILL)
            self.kills += crawl.ended() == -signal.SIGKILL
        self._look(before, moment)

    def _until(self, crawl: Crawl, reached: Callable[[Newspaper], bool], seconds: float = 20.0) -> None:
        ends = time.monotonic() + seconds
        while not self.newspaper.wait(reached, 0.1) and crawl.runs and time.monotonic() < ends:
            pass

    def _look(self, before: int, moment: str) -> None:
        """What is in the files now is finished: nobody may ask for it again. Rows name records that are there."""
        left = sorted(self.folder.rglob("*.warc.gz.open"))
        self.hits[f"{moment}, {'a file was open' if left else 'no file was open'}"] += 1
        for url, count in Counter(each.url for each in self.newspaper.asked[before:]).items():
            if url in self.finished and url in self.newspaper.articles:
                self.faults.append(f"{url} was finished and asked for again {count} times (kill {self.kills})")
        for path in sorted(self.folder.glob("warc*/**/*.warc.gz*")):
            closed = path.name.endswith(".gz")
            if path in self._walked or path.name.endswith(".cdxj"):
                continue
            if closed:
                self._walked.add(path)
            try:
                for each in witness.records(path):
                    if each.type in ("response", "revisit"):
                        self.finished.add(each.url)
            except witness.Cut as cut:
                self.hits["the last record was cut"] += 1
                if closed:
                    self.faults.append(f"a closed file is not whole: {cut}")
        self._rows()

    def _rows(self) -> None:
        """Reads a copy of the database, so that the next start finds it as the kill left it."""
        copy = self.folder.parent / "copy.db"
        for suffix in ("", "-wal"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
            if (original := self.folder / f"corpus.db{suffix}").exists():
                shutil.copy(original, copy.with_name(copy.name + suffix))
        with sqlite3.connect(copy) as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'captures'").fetchone():
                return
            rows = db.execute("SELECT url, warc_file, warc_offset, warc_length, record_id FROM captures").fetchall()
        db.close()
        for url, file, offset, length, record_id in rows:
            path = self.folder / file
            path = path if path.exists() else path.with_name(path.name + ".open")
            if not path.exists() or path.stat().st_size < offset + length:
                self.faults.append(f"the row of {url} ({record_id}) names {file}@{offset}, which is not there")

    def end(self) -> None:
        """The last restart, which is left alone."""
        crawl = Crawl(self.folder)
        before = len(self.newspaper.asked)
        if (status := crawl.ended(600)) not in (0, 1):
            self.faults.append(f"the last crawl ended with {status}")
        self._look(before, "the last crawl")
        for path in (self.folder / "crawl.log", self.folder.parent / "said.txt"):
            if path.exists() and ("Traceback" in (words := path.read_text()) or "fault of its own" in words):
                self.faults.append(f"{path.name}: {words[-600:]}")
