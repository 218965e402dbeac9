"""One WARC file read by several tools, and `verify` over a corpus: MB of the file in a second of CPU."""

import shutil
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from archive.records import Damage, walk
from tests.bench import yardstick
from tests.bench.account import Account, spent
from tests.bench.screen import Screen
from tests.bench.slope import VERB, Runs, crawling

MB = 1_000_000


def measure(port: int, folder: Path, pages: int, rounds: int, screen: Screen) -> None:
    """Records a corpus, reads its file in each way and prints the table."""
    short = pages // 5
    corpora = {length: folder / f"walked-{length}" for length in (short, pages)}
    verifying = find_spec("crawler.verbs.verify") is not None
    verbs: dict[str, tuple[str, ...]] = {"verify --quick": ("--quick",), "verify": ()} if verifying else {}
    with screen.progress("walk", 2 * (2 if verbs else 1) + rounds * len(_READERS) + 2 * rounds * len(verbs)) as step:
        for length, place in corpora.items():
            step(spent(crawling("recorded", port, length, place)))
            if verbs:
                step(spent((*VERB, "rebuild", "--corpus", str(place), "--json")))
        file = next((corpora[pages] / "warc").rglob("*.warc.gz"))
        size = file.stat().st_size
        seconds = {name: min(step(_timed(read, file)) for _ in range(rounds)) for name, read in _READERS.items()}
        runs = {verb: Runs(short, pages) for verb in verbs}
        for _ in range(rounds):
            for verb, options in verbs.items():
                runs[verb].measure(lambda length, o=options: step(_verified(corpora[length], o)))  # type: ignore[misc]
    rows = [(name, f"{size / MB / took:.1f}") for name, took in seconds.items()]
    rows += [
        (f"hemeroteca {verb}, all processes", f"{size / pages / MB / (each.slope().cpu / 1000):.1f}")
        for verb, each in runs.items()
    ]
    screen.table(f"A WARC file of {size / MB:.0f} MB, {pages} pages", ("", "MB/s of CPU"), rows)
    if not verbs:
        screen.say("`hemeroteca verify` is not there: not measured.")
    for place in corpora.values():
        shutil.rmtree(place)


def _verified(corpus: Path, options: tuple[str, ...]) -> Account:
    return spent((*VERB, "verify", "--corpus", str(corpus), *options))


def _timed(read: Callable[[Path], int], file: Path) -> float:
    before, began = yardstick.pace(), time.process_time()
    records = read(file)
    took = time.process_time() - began
    if not records:
        raise RuntimeError(f"{file} has no records")
    return took * yardstick.best() / ((before + yardstick.pace()) / 2)


def _ours(file: Path) -> int:
    return sum(not isinstance(found, Damage) for found in walk(file))


def _ours_checked(file: Path) -> int:
    return sum(not isinstance(found, Damage) and found.record.digest_problem() is None for found in walk(file))


def _warcio(file: Path) -> int:
    with file.open("rb") as stream:
        return sum(len(record.raw_stream.read()) >= 0 for record in ArchiveIterator(stream, no_record_parse=True))


def _warcio_checked(file: Path) -> int:
    with file.open("rb") as stream:
        found = ArchiveIterator(stream, check_digests=True)
        return sum(len(record.raw_stream.read()) >= 0 and record.digest_checker.passed is not False for record in found)


def _fastwarc(file: Path) -> int:
    return sum(len(record.reader.read()) >= 0 for record in FastIterator(str(file), parse_http=False))


def _fastwarc_checked(file: Path) -> int:
    found = FastIterator(str(file), parse_http=False)
    return sum(record.verify_block_digest(consume=True) in (True, False) for record in found)


_READERS: dict[str, Callable[[Path], int]] = {
    "our walk: every member whole, its place known": _ours,
    "our walk, block and payload digests": _ours_checked,
    "warcio": _warcio,
    "warcio, digests": _warcio_checked,
    "FastWARC": _fastwarc,
    "FastWARC, block digests": _fastwarc_checked,
}
