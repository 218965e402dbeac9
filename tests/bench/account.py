"""Runs a command and tells what it and all its processes used: CPU to the tick, memory at its highest.

`python -m tests.bench.account FILE COMMAND …` writes the figures to FILE as JSON. It is a process of its own, so that
it can adopt what the command leaves behind: worker processes are children of a server that outlives nobody.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.bench import yardstick

EVERY = 0.2  # seconds between two looks at memory
_DEATH_SIGNAL, _SUBREAPER = 1, 36  # prctl(2), PR_SET_PDEATHSIG and PR_SET_CHILD_SUBREAPER
_LIBC = ctypes.CDLL(None)
_TICK = os.sysconf("SC_CLK_TCK")
_CHECKOUT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Account:
    """What a command used: seconds of wall time and of CPU (user and system), bytes of resident memory.

    `main_cpu`: of the command's own process. `main_peak`: the most that this process held; `peak`: the most that
    it and its worker processes held at one moment, pages that they share counted once. `pace`: the yardstick
    around the run. `said`: its standard output.
    """

    status: int
    wall: float
    cpu: float
    main_cpu: float
    main_peak: int
    peak: int
    pace: float = 1.0
    said: str = ""

    @property
    def workers_cpu(self) -> float:
        return self.cpu - self.main_cpu


def spent(command: Sequence[str], *, cores: int | None = None) -> Account:
    """Runs the command to its end; `cores`: on so many cores only. Raises RuntimeError, with what it said, where it
    ends with an error."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "account.json"
        allowed = sorted(os.sched_getaffinity(0))[:cores]
        before = yardstick.pace()
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.account", str(file), *command],
            cwd=_CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: os.sched_setaffinity(0, allowed),
        )
        account = Account(**json.loads(file.read_text())) if file.exists() else None
        if account is None or account.status:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
        return replace(account, pace=(before + yardstick.pace()) / 2, said=done.stdout)


def _account(command: Sequence[str]) -> Account:
    _LIBC.prctl(_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    process = subprocess.Popen(command, preexec_fn=_ends_with_parent)  # noqa: PLW1509 (no thread runs yet)
    watch = _Watch(process.pid)
    watch.start()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    wall = time.monotonic() - began
    main_cpu = _cpu_of(process.pid)  # still told of a process that is not waited for
    watch.ended.set()
    watch.join()
    status = process.wait()
    while True:  # what it left behind ends by itself, and is ours now
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Account(status, wall, used.ru_utime + used.ru_stime, main_cpu, watch.main_peak, watch.peak)


def _ends_with_parent() -> None:
    """A benchmark that is broken off leaves nothing running."""
    _LIBC.prctl(_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)


class _Watch(threading.Thread):
    """Looks at the memory of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.ended = threading.Event()
        self.main_peak = self.peak = 0

    def run(self) -> None:
        while not self.ended.wait(EVERY):
            self.main_peak = max(self.main_peak, _bytes(self._pid, "status", "VmHWM:"))
            pids = (self._pid, *_descendants(self._pid))
            self.peak = max(self.peak, sum(_bytes(pid, "smaps_rollup", "Pss:") for pid in pids))


def _bytes(pid: int, file: str, line: str) -> int:
    """What a line of a file says of a process (proc(5)), 0 of one that ended. VmHWM: the most that was resident so far;
    Pss: what is resident now, a page that several have divided by their number."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(each.split()[1]) * 1024 for each in lines if each.startswith(line)), 0)


def _descendants(pid: int) -> list[int]:
    try:
        children = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return children + [each for child in children for each in _descendants(child)]


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(asdict(_account(sys.argv[2:]))))
