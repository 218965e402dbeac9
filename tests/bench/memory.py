"""The most memory that a crawl held, for a short crawl and a long one."""

import shutil
from pathlib import Path

from tests.bench.account import spent
from tests.bench.screen import Screen
from tests.bench.slope import crawling

MOST = 1.2  # the target
MB = 1_000_000


def measure(port: int, folder: Path, short: int, long: int, screen: Screen) -> None:
    """Crawls both and prints the table. The long crawl takes its time: some 20 to 60 ms a page."""
    place = folder / "memory"
    with screen.progress("memory", 2) as step:
        small, large = (step(spent(crawling("whole", port, pages, place))) for pages in (short, long))
    shutil.rmtree(place)
    screen.table(
        "Resident memory at its highest, MB",
        ("", f"{short} pages", f"{long} pages", "ratio"),
        [
            (name, f"{one / MB:.0f}", f"{other / MB:.0f}", f"{other / one:.2f}")
            for name, one, other in (
                ("main process", small.main_peak, large.main_peak),
                ("with its reading processes", small.peak, large.peak),
            )
        ],
    )
    screen.ratio(f"the main process at {long} pages, to {short}", large.main_peak / small.main_peak, most=MOST)
    screen.ratio(f"all processes at {long} pages, to {short}", large.peak / small.peak, most=MOST)
