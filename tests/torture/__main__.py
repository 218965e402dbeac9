"""`make torture`: 200 kills of a crawl of 500 articles, 20 of them with 8 MiB, and the proof that nothing was lost.

Then a fault, a crash and a power cut at every step of a small crawl. Another --seed gives other moments.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from click import echo

from tests.torture.injection import Way
from tests.torture.killing import Siege
from tests.torture.newspaper import Newspaper, corpus_of
from tests.torture.proof import prove


def torture(articles: int, large: int, kills: int, seed: int, folder: Path, *, cold: int) -> list[str]:
    """Kills crawls until `kills` have met one, every `cold`th started from nothing; then what does not hold."""
    began = time.monotonic()
    with Newspaper(articles, large, seed) as newspaper:
        siege = Siege(newspaper, corpus_of(newspaper, folder / "corpus", warc_bytes=32_000_000), seed)
        for number in siege.rounds(kills):
            siege.kill(cold=number % cold == 0)
            if sys.stderr.isatty() or number % 20 == 0:
                done = len(siege.finished & newspaper.articles.keys())
                echo(f"\r{siege.kills} kills, {done} articles recorded", nl=False, err=True)
        siege.end()
        took = time.monotonic() - began
        faults = siege.faults + prove(newspaper, siege.folder, siege.kills)
        asked = newspaper.requests()
    again = sum(count - 1 for count in asked.values())
    echo(f"\n{siege.kills} kills in {took:.0f} s; {len(asked)} articles, {again} asked for a second time")
    for what, count in sorted(siege.hits.items()):
        echo(f"  {count:4} {what}")
    return faults


def breaking(seed: int) -> list[str]:
    """What is lost where a crawl breaks at one of its steps."""
    found = []
    for way in (*Way, "cut"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.torture.breaking", way, "--seed", str(seed)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        *faults, end = done.stdout.splitlines()
        echo(f"{way}: {json.loads(end)['passed'] or 50} steps, {len(faults)} faults")
        found += faults
    return found


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    for name, default in (("articles", 500), ("large", 20), ("kills", 200), ("seed", 1), ("cold", 2)):
        words.add_argument(f"--{name}", type=int, default=default)
    words.add_argument("--keep", type=Path, help="where the corpus is left to look at")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        found = torture(given.articles, given.large, given.kills, given.seed, folder, cold=given.cold)
    found += breaking(given.seed)
    for fault in found:
        echo(f"not proven: {fault}")
    echo("nothing was lost" if not found else f"{len(found)} promises were not kept")
    sys.exit(1 if found else 0)
