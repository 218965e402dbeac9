"""The rebuild of a recorded corpus: on one core, with one reading process, with two."""

import shutil
from pathlib import Path

from tests.bench.account import Account, spent
from tests.bench.screen import Screen
from tests.bench.slope import VERB, Runs, crawling

WAYS = {  # reading processes, cores
    "one core": (1, 1),
    "one reading process": (1, None),
    "two reading processes": (2, None),
}
PER_CORE, SECOND = 80.0, 1.7  # the targets


def measure(port: int, folder: Path, articles: int, rounds: int, screen: Screen) -> None:
    """Records a short and a long corpus, rebuilds both in each way and prints the table."""
    short = articles // 5
    corpora = {length: folder / f"recorded-{length}" for length in (short, articles)}
    runs = {way: Runs(short, articles) for way in WAYS}
    with screen.progress("rebuild", 2 + 2 * rounds * len(WAYS)) as step:
        for length, place in corpora.items():
            step(spent(crawling("recorded", port, length, place)))
        for _ in range(rounds):
            for way, (workers, cores) in WAYS.items():
                runs[way].measure(lambda length, w=workers, c=cores: step(_rebuilt(corpora[length], w, c)))  # type: ignore[misc]
    found = {way: each.slope() for way, each in runs.items()}
    screen.table(
        "Articles of 100 KB, rebuilt: how many, and ms of CPU for one",
        ("", "a second", "of CPU", "CPU ms", "rounds", "reading", "writing", "share"),
        [
            (
                way,
                f"{each.rate:.1f}",
                f"{each.rate_per_core:.1f}",
                f"{each.cpu:.1f}",
                f"{each.least:.0f}–{each.most:.0f}",
                f"{each.workers:.2f}",
                f"{each.main:.2f}",
                f"{each.main / each.cpu:.0%}",
            )
            for way, each in found.items()
        ],
    )
    one_core, one, two = found.values()
    screen.figure("articles in a second of one core", one_core.rate_per_core, least=PER_CORE)
    screen.ratio("two reading processes, to one", two.rate / one.rate, least=SECOND)
    screen.ratio("two reading processes, to one core", two.rate / one_core.rate, least=SECOND)
    # The writing process needs a share of a core, so two readers never have two cores to themselves
    allowed = one.workers / max(one.main, (one.workers + one.main) / 2)
    screen.ratio("the same, as the CPU figures of one allow on two free cores", allowed, least=SECOND)
    for place in corpora.values():
        shutil.rmtree(place)


def _rebuilt(corpus: Path, workers: int, cores: int | None) -> Account:
    into = corpus / "again.db"
    into.unlink(missing_ok=True)
    command = (*VERB, "rebuild", "--corpus", str(corpus), "--into", str(into), "--workers", str(workers), "--json")
    return spent(command, cores=cores)
