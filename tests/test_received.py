"""An answer while it comes: no byte is lost between memory and disk, whatever the disk says."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.received import IN_MEMORY, Received

PIECES = st.lists(st.integers(0, IN_MEMORY // 2), max_size=12)


@settings(max_examples=30, deadline=None)
@given(PIECES)
def test_what_came_is_given_back(sizes: list[int]) -> None:
    received, came = Received(), b""
    for size in sizes:
        data = os.urandom(size)
        received.add(data)
        came += data
        assert len(came) > 2 * IN_MEMORY or received.all() == came
    assert received.all() == came
    received.close()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of a process is asked of Linux")
def test_a_long_answer_is_not_held_in_memory() -> None:
    """40 answers of 16 MiB at once, in a process of its own."""
    measured = subprocess.run(
        [sys.executable, "-c", _MANY], capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    assert int(measured.stdout) < 150 * 1024  # KiB


_MANY = """
from pathlib import Path
from crawler.received import Received
data = bytes(65536)
answers = [Received() for _ in range(40)]
for _ in range(256):
    for each in answers:
        each.add(data)
lines = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


def test_what_the_disk_refuses_stays_in_memory() -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    data = os.urandom(1 << 19)
    received = Received()
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 * IN_MEMORY, before[1]))
    try:
        for _ in range(20):
            received.add(data)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert received.all() == data * 20
    received.close()
