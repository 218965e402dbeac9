"""A healthy outlet alone, and beside twenty hosts that are not: its time, the loop's longest gap, the memory of all."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.corpus import CORPUS_FILE
from crawler.verbs.init import make
from tests.bench.account import Account, spent
from tests.bench.hostile import ARTICLES, FAULTS, HEALTHY, HOSTS
from tests.bench.screen import Screen

DELAY = 0.1  # seconds
LASTS = 45.0  # seconds of a crawl beside the others, in which each has shown what it can do
SLOWER, GAP, MAIN, ALL = 2.0, 2.0, 400, 768  # the targets (guarantees G6, G7)
MIB = 1 << 20
_CHECKOUT = Path(__file__).resolve().parent.parent.parent
_OUTLET = """\
name = "{name}"
title = "{name}"
home = "http://{host}/"
languages = ["fr"]

[[sources]]
kind = "urls"
urls = [{urls}]
"""


@dataclass
class _Site:
    """Where the hosts are; `asked` and `seconds` of the healthy one, when they are closed."""

    port: int
    asked: int = 0
    seconds: float = 0.0


def measure(folder: Path, screen: Screen) -> None:
    """Runs both crawls and prints the figures."""
    with screen.progress("beside", 2) as step:
        alone, _ = step(_crawl(folder / "alone", ()))
        beside, account = step(_crawl(folder / "beside", tuple(FAULTS)))
    said = json.loads(account.said)
    screen.table(
        f"A healthy outlet of {ARTICLES} articles beside {len(FAULTS)} hosts that are not",
        ("", "seconds", "articles asked for"),
        [
            ("alone", f"{alone.seconds:.1f}", str(alone.asked)),
            ("beside them", f"{beside.seconds:.1f}", str(beside.asked)),
        ],
    )
    screen.ratio("its time beside them, to its time alone", beside.seconds / alone.seconds, most=SLOWER)
    screen.figure("the longest that the event loop stood still, s", said["gap"], most=GAP)
    screen.figure("memory of the main process at its highest, MiB", account.main_peak / MIB, most=MAIN)
    screen.figure("memory of all processes at its highest, MiB", account.peak / MIB, most=ALL)


def _crawl(folder: Path, faults: Sequence[str]) -> tuple[_Site, Account]:
    shutil.rmtree(folder, ignore_errors=True)
    with _serving("healthy") as site, _serving() as others:
        _corpus(folder, site.port, others.port, faults)
        account = spent((sys.executable, "-m", "tests.bench.heartbeat", str(folder), str(LASTS if faults else 0)))
    return site, account


@contextmanager
def _serving(*which: str) -> Iterator[_Site]:
    command = (sys.executable, "-m", "tests.bench.hostile", *which)
    with subprocess.Popen(command, cwd=_CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        try:
            site = _Site(int(process.stdout.readline()))
            yield site
            process.stdin.close()
            site.asked, site.seconds = json.loads(process.stdout.readline())
        finally:
            process.kill()


def _corpus(folder: Path, healthy: int, others: int, faults: Sequence[str]) -> None:
    hosts = {"healthy": f"{HEALTHY}:{healthy}"}
    hosts |= {name: f"{host}:{others}" for name, host in zip(FAULTS, HOSTS, strict=True) if name in faults}
    make(folder, contact="https://archive.example/", title="Benchmark", outlets=(*hosts,), topic=True, delay=DELAY)
    file = folder / CORPUS_FILE
    allowed = ", ".join(f'"{host}"' for host in hosts.values())
    file.write_text(re.sub(r"^# allow = .*$", f"allow = [{allowed}]", file.read_text(), flags=re.MULTILINE))
    for name, host in hosts.items():
        pages = range(ARTICLES if name == "healthy" else 5)
        urls = ", ".join(f'"http://{host}/articles/{number}"' for number in pages)
        (folder / "outlets" / f"{name}.toml").write_text(_OUTLET.format(name=name, host=host, urls=urls))
