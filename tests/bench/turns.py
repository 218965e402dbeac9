"""Plain crawls side by side: all are started, and one at a time goes on for a turn of some pages.

What other work takes from the machine changes from second to second. A turn takes less than one, so turns that follow
each other meet the same machine, and their ratio says more than two whole runs do.
"""

import json
import random
import statistics
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import yardstick
from tests.bench.slope import CHECKOUT, PLAIN, Slope, crawling

TURN = 100  # pages
_WARM = 3  # turns that are not counted: code is loaded and connections are opened in them


@dataclass(slots=True)
class Turns:
    """What each page of each turn cost, in ms, in every way of `PLAIN` and in the order of the rounds; `paces` is the
    yardstick in seconds."""

    cpu: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in PLAIN})
    wall: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in PLAIN})
    paces: list[float] = field(default_factory=list)

    def measure(self, port: int, folder: Path, pages: int, step: Callable[[None], None]) -> None:
        """One crawl in each way, each with a corpus of its own below `folder`. `step` is called after each turn."""
        chance = random.Random(len(self.paces))  # noqa: S311 (an order, no secret)
        with _crawls(port, folder, pages) as crawls:
            for turn in range(pages // TURN):
                before = yardstick.pace()
                for way in chance.sample(PLAIN, len(PLAIN)):
                    said = crawls[way].next(first=turn == 0)
                    if turn >= _WARM:
                        self.cpu[way].append(said["cpu"])
                        self.wall[way].append(said["wall"])
                if turn >= _WARM:
                    self.paces.append((before + yardstick.pace()) / 2)
                step(None)

    def slope(self, way: str) -> Slope:
        """The middle of all turns, CPU at the best pace of the machine; `least` and `most` are the quarters."""
        cpu = [each * yardstick.best() / pace for each, pace in zip(self.cpu[way], self.paces, strict=True)]
        least, middle, most = statistics.quantiles(cpu, n=4)
        return Slope(statistics.median(self.wall[way]), middle, middle, 0.0, least, most)

    def ratio(self, way: str, other: str) -> tuple[float, float, float]:
        """What a page costs in `way` to what it costs in the `other`, turn by turn: the middle, and the quarters."""
        ratios = [one / two for one, two in zip(self.cpu[way], self.cpu[other], strict=True)]
        least, middle, most = statistics.quantiles(ratios, n=4)
        return middle, least, most


class _Crawl:
    """A crawl that goes on when it is told to."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def next(self, *, first: bool) -> dict[str, Any]:
        """What the next turn says of itself. The first one begins by itself."""
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        if not first:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        if line := self._process.stdout.readline():
            return dict(json.loads(line))
        raise RuntimeError(f"{self._process.args} ended:\n{self._process.stderr.read()[-4000:]}")


@contextmanager
def _crawls(port: int, folder: Path, pages: int) -> Iterator[dict[str, _Crawl]]:
    processes = {
        way: subprocess.Popen(
            [*crawling(way, port, pages, folder / f"turns-{way}"), str(TURN)],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for way in PLAIN
    }
    try:
        yield {way: _Crawl(process) for way, process in processes.items()}
        for process in processes.values():
            process.communicate("\n")
    finally:
        for process in processes.values():
            process.kill()
            process.communicate()
