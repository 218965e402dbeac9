"""What one page more costs: two runs of different length are measured, and what both pay once falls out."""

import shutil
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import yardstick
from tests.bench.account import Account
from tests.bench.corpora import corpus

PLAIN = ("bare", "ours", "decoded", "recorded")  # see tests.bench.plain
CHECKOUT = Path(__file__).resolve().parent.parent.parent
VERB = (sys.executable, "-m", "hemeroteca")


@dataclass(frozen=True, slots=True)
class Slope:
    """Milliseconds for each page more: wall time, CPU in all, CPU of the main process, CPU of its workers.

    The middle of all rounds, CPU at the best pace of the machine; `least` and `most` are the CPU of single rounds (of
    tests.bench.turns the quarters).
    """

    wall: float
    cpu: float
    main: float
    workers: float
    least: float
    most: float

    @property
    def rate(self) -> float:
        """Pages in a second of wall time."""
        return 1000 / self.wall

    @property
    def rate_per_core(self) -> float:
        """Pages in a second of CPU."""
        return 1000 / self.cpu


class Runs:
    """The accounts of short and long runs, over all rounds."""

    def __init__(self, short: int, long: int) -> None:
        self.short, self.long = short, long
        self._rounds: list[tuple[Account, Account]] = []

    def measure(self, run: Callable[[int], Account]) -> None:
        """One round: `run` is given the number of pages."""
        self._rounds.append((run(self.short), run(self.long)))

    def slope(self) -> Slope:
        wall = self._each(lambda account: account.wall)
        cpu, main, workers = (
            self._each(lambda account, value=value: value(account) * yardstick.best() / account.pace)  # type: ignore[misc]
            for value in (lambda one: one.cpu, lambda one: one.main_cpu, lambda one: one.workers_cpu)
        )
        middle = statistics.median
        return Slope(middle(wall), middle(cpu), middle(main), middle(workers), min(cpu), max(cpu))

    def _each(self, value: Callable[[Account], float]) -> list[float]:
        pages = self.long - self.short
        return [max(1e-3, (value(long) - value(short)) / pages * 1000) for short, long in self._rounds]


def crawling(way: str, port: int, pages: int, folder: Path) -> Sequence[str]:
    """The command that crawls `pages` in one of the ways into a new corpus at `folder`: PLAIN, "whole", "elsewhere"."""
    shutil.rmtree(folder, ignore_errors=True)
    corpus(folder, port, pages, "elsewhere" if way == "elsewhere" else "articles")
    if way in PLAIN:
        return (sys.executable, "-m", "tests.bench.plain", way, str(port), str(pages), str(folder))
    return (*VERB, "crawl", "--corpus", str(folder), "--json")
