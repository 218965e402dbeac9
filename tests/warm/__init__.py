"""Commands in processes of their own that need not import everything first: forks of a parent that has (parent.py).

Most tests are about what a command does, and a cold start costs it more than its work. That the command starts cold is
tested, too: tests/test_cli_process.py, tests/test_wheel.py, tests/torture/.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Union

CHECKOUT = Path(__file__).resolve().parent.parent.parent
START = 60.0  # seconds that the parent may take for its imports
Stream = int | IO[str]
Started = Union["Command", "subprocess.Popen[str]"]


class Command:
    """A command that runs, alone in its process group: what these tests need of `subprocess.Popen`, by its names."""

    def __init__(self, told: socket.socket, streams: tuple[IO[str] | None, IO[str] | None, IO[str] | None]) -> None:
        self.stdin, self.stdout, self.stderr = streams
        self.returncode: int | None = None
        self._told = told.makefile("rb", 0)
        told.close()
        self.pid = int(self._told.readline())

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, negative for a signal. Raises TimeoutExpired."""
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode = int(self._told.readline())
            self._told.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it says on both streams until it ends. Raises TimeoutExpired, and has killed it then."""
        with ThreadPoolExecutor(2) as threads:
            said = [threads.submit(stream.read) if stream else None for stream in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise
        for stream in (self.stdin, self.stdout, self.stderr):
            if stream is not None:
                stream.close()
        out, err = ("" if each is None else each.result() for each in said)
        return out, err

    def send_signal(self, number: int, *, group: bool = False) -> None:
        """To it, or to all processes of its group. Nothing where it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                (os.killpg if group else os.kill)(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """It, and the readers that it may have."""
        self.send_signal(signal.SIGKILL, group=True)


def start(
    module: str,
    *words: object,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: Stream = subprocess.DEVNULL,
    stdout: Stream = subprocess.PIPE,
    stderr: Stream = subprocess.PIPE,
    cold: bool = False,
) -> Started:
    """`python -m MODULE WORD…`, each stream as `subprocess.Popen` takes it. `cold`: Python imports everything first."""
    if cold:
        return subprocess.Popen(
            [sys.executable, "-m", module, *map(str, words)],
            env=env,
            cwd=cwd,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )
    ours, theirs = zip(*(_ends(each, writing=not n) for n, each in enumerate((stdin, stdout, stderr))), strict=True)
    task = {
        "module": module,
        "words": [str(word) for word in words],
        "env": dict(os.environ if env is None else env),
        "folder": str(cwd or Path.cwd()),
    }
    told = socket.socket(socket.AF_UNIX)
    told.connect(_parent())
    packed = json.dumps(task).encode() + b"\n"
    sent = socket.send_fds(told, [packed], theirs)
    told.sendall(packed[sent:])
    for number in theirs:
        os.close(number)
    return Command(told, ours)


def run(
    *words: object, env: Mapping[str, str] | None = None, timeout: float = 300
) -> "subprocess.CompletedProcess[str]":
    """`hemeroteca WORD…` to its end."""
    command = start("hemeroteca", *words, env=env)
    out, err = command.communicate(timeout)
    return subprocess.CompletedProcess(["hemeroteca", *map(str, words)], command.returncode or 0, out, err)


def _ends(stream: Stream, *, writing: bool) -> tuple[IO[str] | None, int]:
    """Our end of a stream, where it is a pipe, and the command's."""
    if stream == subprocess.PIPE:
        reads, writes = os.pipe()
        return (open(writes, "w"), reads) if writing else (open(reads), writes)  # noqa: PTH123 (descriptors)
    if stream == subprocess.DEVNULL:
        return None, os.open(os.devnull, os.O_RDWR)
    return None, os.dup(stream if isinstance(stream, int) else stream.fileno())


@cache
def _parent() -> str:
    """The socket of this process' own parent of commands."""
    path = Path(tempfile.mkdtemp(prefix="warm")) / "socket"
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.warm.parent", str(path)],
        cwd=CHECKOUT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # a process with several threads must not fork
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )

    def end() -> None:
        assert parent.stdin
        parent.stdin.close()
        parent.wait()
        path.unlink(missing_ok=True)
        path.parent.rmdir()

    atexit.register(end)
    ends = time.monotonic() + START
    while not path.exists() and parent.poll() is None and time.monotonic() < ends:
        time.sleep(0.02)
    return str(path)
