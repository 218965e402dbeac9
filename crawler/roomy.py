"""Room for long pages: each takes many times its length while it is read, so they take turns."""

import ctypes
import fcntl
import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 5.0  # seconds; who waits longer stands behind a page that hangs, and would keep the short ones waiting
_POLL = 0.05


@contextmanager
def alone(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """While no other process reads a long page of this file, or after so many seconds; what it took is given back to
    the machine at the end.

    The kernel keeps the lock, so it ends with the worker that dies of its page.
    """
    descriptor, end = os.open(path, os.O_RDONLY), time.monotonic() + patience
    try:
        while not _locked(descriptor) and time.monotonic() < end:
            time.sleep(_POLL)
        yield
    finally:
        give_back()
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def give_back() -> None:
    """Returns freed memory to the machine. glibc would keep the pieces between what is still used, for good."""
    gc.collect()
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
