"""Room for long pages: each takes thirty times its length while it is read, and one at a time does."""

import ctypes
import fcntl
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While no other process reads a long page of this file; what it took is given back to the machine at the end.

    The kernel keeps the lock, so it ends with the worker that dies of its page.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        give_back()
        os.close(descriptor)


def give_back() -> None:
    """Returns freed memory to the machine. glibc would keep the pieces between what is still used, for good."""
    gc.collect()
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
