"""The parent: a process that has imported what commands import, and forks one for each that is asked for.

`python -m tests.warm.parent SOCKET`, until its standard input ends. A connection to SOCKET brings one line of JSON,
{"module": …, "words": […], "env": {…}, "folder": …}, and three descriptors for the streams; it is told the process id,
then the exit status, negative for a signal.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing import util
from pathlib import Path
from runpy import run_module
from typing import Any

IMPORTED = (
    "crawler.cli",
    "crawler.process",
    "crawler.readers",
    "crawler.run",
    "crawler.connection",
    "crawler.tap",
    "crawler.verbs.crawl",
    "crawler.verbs.outlet_probe",
    "crawler.verbs.rebuild",
    "crawler.verbs.verify",
    "crawler.warm",
)


def asked_for(path: str) -> dict[str, Any] | None:
    """Answers each connection with a process. Returns in each such process its task, in the parent None at the end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{path}.new")
        listening.listen(64)
        Path(f"{path}.new").rename(path)  # who sees it can connect
        while sys.stdin not in (ready := select.select([listening, sys.stdin], [], [])[0]):
            if listening in ready:
                connection, _ = listening.accept()
                with connection:
                    if os.fork() == 0:
                        listening.close()
                        return _answer(connection)
    return None


def _answer(connection: socket.socket) -> dict[str, Any]:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    begun, streams, _, _ = socket.recv_fds(connection, 1 << 16, 3)
    while not begun.endswith(b"\n"):
        begun += connection.recv(1 << 16)
    task: dict[str, Any] = json.loads(begun)
    if child := os.fork():
        for stream in streams:
            os.close(stream)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with suppress(OSError):  # nobody asks any more
            connection.sendall(b"%d\n" % status)
        os._exit(0)
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(task["env"])
    time.tzset()
    os.chdir(task["folder"])
    connection.sendall(b"%d\n" % os.getpid())
    connection.close()
    return task


def warm_readers() -> None:
    """Lets multiprocessing's fork server be a fork of this process, where Python would be started anew."""
    start = util.spawnv_passfds  # type: ignore[attr-defined]  # undocumented, and the only place for it

    def fork(path: object, args: Sequence[str | bytes], passed: Sequence[int]) -> int:
        if "forkserver" not in str(args[-1]):
            return int(start(path, args, passed))
        if child := os.fork():
            return child
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            for descriptor in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208 (names, not paths)
                if descriptor > 2 and descriptor not in passed:
                    os.dup2(nothing, descriptor)  # closed, it would be another's under a number that has an owner here
            exec(args[-1])  # noqa: S102 (the one line that multiprocessing gives to `python -c`)
        finally:
            os._exit(0)

    util.spawnv_passfds = fork  # type: ignore[attr-defined]  # as above


def main() -> None:
    for name in IMPORTED:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules, "each process chooses its own"
    gc.collect()
    gc.freeze()  # what is there is shared, and not touched by a child's collections
    task = asked_for(sys.argv[1])
    if task is None:
        return
    warm_readers()
    sys.argv = [task["module"], *task["words"]]
    run_module(task["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
