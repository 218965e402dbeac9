"""A fault at each write, fsync, rename, truncation and commit of a crawl in turn: nothing that was told is lost (G3).

The crawls run in a process of their own (tests/torture/breaking.py), which forks one for each step.
"""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.torture.injection import Way
from tests.torture.killing import CHECKOUT


def broken(way: str) -> tuple[list[dict[str, Any]], int]:
    """What was found, and the number of the first crawl that the fault did not reach."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.breaking", way],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *faults, end = map(json.loads, done.stdout.splitlines())
    return faults, end["passed"]


@pytest.mark.parametrize("way", [Way.FAILS_ONCE, Way.FULL])
def test_whatever_step_fails_nothing_is_lost(way: Way) -> None:
    faults, passed = broken(way)
    assert faults == []
    assert passed > 50, "the crawl has more steps than that"
