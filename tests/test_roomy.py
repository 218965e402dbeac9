"""Long pages take turns, whoever reads them, and none waits for long."""

import os
import time
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path

from crawler.roomy import alone


def _hold(path: Path, begun: Event, file: Path) -> None:
    with alone(path):
        begun.set()
        time.sleep(0.3)
        file.write_text("read")


def test_a_long_page_waits_for_the_one_before_it(tmp_path: Path) -> None:
    path, file = tmp_path / "volume.warc.gz", tmp_path / "read"
    path.write_bytes(b"")
    processes = get_context("fork" if hasattr(os, "fork") else "spawn")
    begun = processes.Event()
    other = processes.Process(target=_hold, args=(path, begun, file))
    other.start()
    assert begun.wait(20)
    with alone(path, 60):
        assert file.read_text() == "read"
    other.join()


def test_a_page_that_hangs_holds_up_nobody(tmp_path: Path) -> None:
    path = tmp_path / "volume.warc.gz"
    path.write_bytes(b"")
    with alone(path), alone(path, 0.1):
        pass


def test_a_reader_that_dies_of_its_page_holds_up_nobody(tmp_path: Path) -> None:
    path = tmp_path / "volume.warc.gz"
    path.write_bytes(b"")
    child = os.fork()
    if child == 0:
        with alone(path):
            os._exit(9)
    os.waitpid(child, 0)
    with alone(path):
        pass
