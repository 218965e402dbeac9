"""`python -m tests.bench [PART]...`: prints ratios side by side from one run, and keeps none."""

import signal
import sys
import tempfile
from pathlib import Path

import click

from tests.bench import crawl, memory, rebuild, topics, walk
from tests.bench.screen import Screen
from tests.bench.site import serving

PARTS = ("crawl", "rebuild", "walk", "topics", "memory")


@click.command("bench")
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option("--quick", is_flag=True, help="Small sizes and one round: to see that it runs, not to quote it.")
@click.option("--rounds", type=click.IntRange(min=1), default=3, show_default=True, help="Of these the middle counts.")
@click.option("--pages", type=click.IntRange(min=600), default=1500, show_default=True, help="Of a plain spider.")
@click.option("--articles", type=click.IntRange(min=50), default=500, show_default=True, help="Read by us.")
@click.option("--short", type=click.IntRange(min=50), default=1000, show_default=True, help="Memory: pages.")
@click.option("--long", type=click.IntRange(min=50), default=20_000, show_default=True, help="Memory: pages.")
@click.option(
    "--corpus",
    type=click.IntRange(min=1000),
    default=100_000,
    show_default=True,
    envvar="BENCH_ARTICLES",
    show_envvar=True,
    help="Articles that topics look at.",
)
def main(
    parts: tuple[str, ...],
    quick: bool,
    rounds: int,
    pages: int,
    articles: int,
    short: int,
    long: int,
    corpus: int,
) -> None:
    """Measure the crawl, the rebuild, the walk over a WARC file, topics over a corpus, and the memory of a crawl.
    Without PART all of them; memory with 20,000 pages takes most of the time.
    """
    if not sys.platform.startswith("linux"):
        raise click.ClickException("the benchmark asks the Linux kernel what each process used: run it on Linux")
    if quick:
        rounds, pages, articles, short, long, corpus = 1, 600, 100, 100, 300, 2_000
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the folder goes and the site ends
    screen = Screen()
    with tempfile.TemporaryDirectory(prefix="hemeroteca-bench-") as name, serving() as port:
        folder = Path(name)
        for part in parts or PARTS:
            match part:
                case "crawl":
                    crawl.measure(port, folder, crawl.Sizes(pages, articles, rounds), screen)
                case "rebuild":
                    rebuild.measure(port, folder, articles, rounds, screen)
                case "walk":
                    walk.measure(port, folder, pages, rounds, screen)
                case "topics":
                    topics.measure(folder, corpus, screen)
                case "memory":
                    memory.measure(port, folder, short, long, screen)
    screen.end()


if __name__ == "__main__":
    main()
