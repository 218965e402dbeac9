"""A fault at writes, fsyncs, renames, truncations and commits of a crawl in turn: nothing that was told is lost (G3).

The crawls run in a process of their own (tests/torture/breaking.py), which forks one for each step. Here each step is
met by a fault or by an end (tests/test_faults_crash.py); `make torture` does all of them at each.
"""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.torture.injection import Way
from tests.warm import CHECKOUT


def broken(way: str, *, first: int = 1) -> tuple[list[dict[str, Any]], int]:
    """What was found, and the number of the first crawl that the fault did not reach; every third step from `first`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.breaking", way, "--first", str(first), "--every", "3"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *faults, end = map(json.loads, done.stdout.splitlines())
    return faults, end["passed"]


@pytest.mark.parametrize(("way", "first"), [(Way.FAILS_ONCE, 1), (Way.FULL, 2)])
def test_whatever_step_fails_nothing_is_lost(way: Way, first: int) -> None:
    faults, passed = broken(way, first=first)
    assert faults == []
    assert passed > 50, "the crawl has more steps than that"
