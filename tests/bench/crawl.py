"""The same crawl in six ways, from bare Scrapy to the whole house."""

from dataclasses import dataclass
from pathlib import Path

from tests.bench.account import spent
from tests.bench.screen import Screen
from tests.bench.slope import PLAIN, Runs, Slope, crawling
from tests.bench.turns import TURN, Turns

WAYS = {
    "bare": "bare default Scrapy",
    "ours": "our settings, nothing recorded",
    "decoded": "the same, pages unpacked",
    "recorded": "with recording, nothing read",
    "whole": "whole: an article read, matched, indexed",
    "elsewhere": "whole: a page found off topic",
}
RECORDING, WHOLE = 1.15, 3.0  # the targets


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pages of a plain spider, pages of the long run of a whole crawl (the short one has a fifth), and rounds."""

    plain: int
    whole: int
    rounds: int


def measure(port: int, folder: Path, sizes: Sizes, screen: Screen) -> None:
    """Runs the crawls by turns and prints the table."""
    place = folder / "corpus"
    plain = Turns()
    houses = {way: Runs(sizes.whole // 5, sizes.whole) for way in WAYS if way not in PLAIN}
    with screen.progress("crawl", sizes.rounds * (sizes.plain // TURN + 2 * len(houses))) as step:
        for _ in range(sizes.rounds):
            plain.measure(port, folder, sizes.plain, step)
            for way, runs in houses.items():
                runs.measure(lambda pages, way=way: step(spent(crawling(way, port, pages, place))))  # type: ignore[misc]
    found = {way: plain.slope(way) for way in PLAIN}
    found |= {way: runs.slope() for way, runs in houses.items()}
    bare = found["bare"].cpu
    screen.table(
        "One page of 100 KB, crawled",
        ("", "CPU ms", "spread", "main", "workers", "wall ms", "× bare"),
        [(said, *_cells(found[way]), f"{found[way].cpu / bare:.2f}") for way, said in WAYS.items()],
    )
    for other, said in (("decoded", "with pages unpacked"), ("ours", "that looks at nothing")):
        middle, least, most = plain.ratio("recorded", other)
        screen.ratio(f"recording, to the same crawl {said}", middle, most=RECORDING)
        screen.say(f"    half of the turns of {TURN} pages lie between {least:.2f} and {most:.2f}")
    whole = found["whole"].cpu
    screen.ratio("an article whole, to bare Scrapy", whole / bare, most=WHOLE)
    screen.ratio("a page off topic, to bare Scrapy", found["elsewhere"].cpu / bare, most=1.0)


def _cells(slope: Slope) -> tuple[str, ...]:
    cpu, main, workers, wall = (f"{value:.2f}" for value in (slope.cpu, slope.main, slope.workers, slope.wall))
    return cpu, f"{slope.least:.2f}–{slope.most:.2f}", main, workers, wall
