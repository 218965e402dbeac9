"""A parent that has imported everything and forks a crawl for each line that it reads.

A kill is about what a crawl did, not about what Python imports; so fifty of them fit into a minute. Standard input:
{"arguments": […], "said": FILE} for each crawl; standard output: its process id, and its status when it has ended.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from multiprocessing import forkserver, util
from typing import NoReturn

IMPORTED = ("crawler.process", "crawler.run", "crawler.verbs.crawl", "crawler.cli", "crawler.readers")


def warm() -> None:
    """Imports what a crawl and its readers import, and loads the model that a reader loads for its first page."""
    for name in IMPORTED:
        import_module(name)
    import_module("spiders.kit.language")._model()


def crawl(arguments: list[str], said: str) -> NoReturn:
    """The command, as if it had been started by itself."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may ignore it
    nothing = os.open(os.devnull, os.O_RDWR)
    words = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for number, descriptor in enumerate((nothing, nothing, words)):
        os.dup2(descriptor, number)
    sys.argv = ["hemeroteca", *arguments]
    code: object = 70
    try:
        warm_readers()
        import_module("crawler.cli").main()
    except SystemExit as end:
        code = end.code
    finally:
        os._exit(code if isinstance(code, int) else 0)


def warm_readers() -> None:
    """Starts multiprocessing's fork server as a fork of this process, where it would start Python anew."""
    start = util.spawnv_passfds  # type: ignore[attr-defined]

    def fork(path: object, args: Sequence[str | bytes], passed: Sequence[int]) -> int:
        if "forkserver" not in str(args[-1]):
            return int(start(path, args, passed))
        if child := os.fork():
            return child
        for descriptor in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208 (names, not paths)
            if descriptor > 2 and descriptor not in passed:
                with suppress(OSError):
                    os.close(descriptor)
        exec(args[-1])  # noqa: S102 (the one line that multiprocessing gives to `python -c`)
        os._exit(0)

    util.spawnv_passfds = fork  # type: ignore[attr-defined]
    forkserver.ensure_running()


if __name__ == "__main__":
    warm()
    for line in sys.stdin:
        task = json.loads(line)
        if (child := os.fork()) == 0:
            crawl(task["arguments"], task["said"])
        with suppress(OSError):  # it has done so itself, or has ended already
            os.setpgid(child, child)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()
