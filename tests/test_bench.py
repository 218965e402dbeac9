"""What the benchmark compares still runs: the figures are `make bench`'s."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.corpora import corpus
from tests.bench.site import serving
from tests.bench.slope import CHECKOUT, PLAIN

PAGES = 24


@pytest.mark.parametrize("way", PLAIN)
def test_a_plain_crawl_gets_every_page(tmp_path: Path, way: str) -> None:
    folder = tmp_path / "corpus"
    with serving() as port:
        corpus(folder, port, PAGES)
        command = [sys.executable, "-m", "tests.bench.plain", way, str(port), str(PAGES), str(folder)]
        done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert any(folder.joinpath("warc").rglob("*.warc.gz")) is (way == "recorded")
