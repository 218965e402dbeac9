"""The process from which reading processes are forked: deaf to what stops a command, silent on a terminal."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker

from crawler.redaction import DEBUG
from crawler.stops import STOPS

THREADS = "OPENBLAS_NUM_THREADS"  # of the library that numpy calculates with


def start_server(preload: Sequence[str]) -> None:
    """Starts it, with the modules imported that its children need. Where it runs already, nothing happens.

    A worker's faults come back as values. What it prints besides, such as a traceback where it is stopped while it
    starts, is of no use to whoever sits at the terminal; HEMEROTECA_DEBUG=1 shows it.
    """
    forkserver.set_forkserver_preload(list(preload))
    resource_tracker.ensure_running()  # which would unblock both signals again
    # All of it is inherited by the server and its children. Ctrl-C goes to every process of a terminal, and so
    # does SIGHUP when it closes, SIGTERM to every process of a service: the command alone answers them
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        with _silent(), _one_thread():
            forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Children that are started now calculate in one thread each: a process with several must not fork."""
    before = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[THREADS]
        else:
            os.environ[THREADS] = before


@contextmanager
def _silent() -> Iterator[None]:
    """Children that are started now write their errors to nowhere."""
    if os.environ.get(DEBUG):
        yield
        return
    try:
        ours = os.dup(2)
    except OSError:  # closed already
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(ours, 2)
        os.close(ours)
        os.close(nowhere)
