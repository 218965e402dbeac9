"""Room for the copies of a verification, outside the corpus, of which nothing stays."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "hemeroteca-verify-"
_YOUNG = 60.0  # seconds in which a directory may not be locked yet


@contextmanager
def scratch() -> Iterator[Path]:
    """A directory of our own in the system's temporary one, gone afterwards.

    What a verification left there that was killed holds texts of a corpus: it is removed first.
    """
    remove_left()
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        lock = os.open(name, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield Path(name)
        finally:
            os.close(lock)


def remove_left() -> None:
    """Removes what verifications left that were killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            state = os.fstat(lock)
            if state.st_uid == os.getuid() and time.time() - state.st_mtime > _YOUNG:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            continue  # in use
        finally:
            os.close(lock)
