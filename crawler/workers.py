"""Worker processes that run one function after another, each call with a limit on time.

Each worker has a pipe of its own: whenever and however it dies, the end of the pipe says so at once, and which call it
had begun is known. A pool whose workers share a pipe loses a call, or waits for ever, when one of them dies between two
bytes.
"""

import atexit
import multiprocessing
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from crawler.lanes import SLOW, Lanes
from crawler.stops import STOPS

AHEAD = 2  # calls that a worker has: one that runs, one that it finds when it is done
SMALL = 16_384  # bytes that a pipe takes while the process at its other end does not read
LIVES = 2  # workers that a call may see die: one may have died of something else, such as a machine without memory
STARTS = 3  # times that a process is started in vain before the call that needs it fails
SHORT = 5.0  # seconds that a worker has to end by itself
START = 120.0  # seconds that a process may take to begin
READY = b"ready"
CALLS = 2000  # after which a worker is replaced, since libraries keep what they met


class WorkerDied(Exception):
    """The process ended in the middle of a call; `status` is negative for a signal, None where nobody knows."""

    def __init__(self, status: int | None) -> None:
        super().__init__(f"the worker process ended with {status}")
        self.status = status


class NeedsRoom(Exception):
    """Raised by a call in a worker: it needs so much memory that no other such call may run beside it."""


def need_room() -> None:
    """Raises NeedsRoom, unless the call that runs in this worker has the one place for such calls. For the call itself,
    before it takes any memory: it is begun again when the place is free."""
    if not _has_room:
        raise NeedsRoom


_has_room = False  # in a worker: whether its call has the place


@dataclass(slots=True, eq=False)
class _Call:
    payload: bytes
    lane: str
    urgent: bool
    alone: bool = False
    future: "Future[Any]" = field(default_factory=Future)
    lives: int = LIVES


@dataclass(slots=True, eq=False)
class _Worker:
    process: BaseProcess
    pipe: "Connection[bytes, bytes]"
    left: int = CALLS
    given: deque[_Call] = field(default_factory=deque)  # in the order in which it answers
    since: float = 0.0  # when it began with the oldest of them

    def give(self, call: _Call) -> None:
        if not self.given:
            self.since = time.monotonic()
        self.given.append(call)
        self.left -= 1
        with suppress(OSError):  # it has died, which its end of the pipe says
            self.pipe.send_bytes(bytes([call.alone]) + call.payload)


_Take = Callable[..., _Call | None]


class Workers:
    """`count` processes, each started when there is something to do. Close them, or use them in a `with`.

    `prepare` is called in each process before anything else. `patience`: seconds of the clock that a call may take.
    `final`: signals by which a call ends its own worker, and is not tried again.

    The last of several takes nothing of a lane that was slow. A call that turns out to be slow gives way to what is
    urgent, if it was urgent or is with the last: it is broken off, and begun again when nothing urgent is there.
    """

    def __init__(
        self, count: int, prepare: Callable[[], None], patience: float, final: frozenset[signal.Signals] = frozenset()
    ) -> None:
        self._prepare, self._patience, self._final = prepare, patience, final
        self._calls: Lanes[_Call] = Lanes()
        self._processes = threading.Lock()  # two threads that ask for the status of one process may lose it
        self._workers: set[_Worker] = set()
        self._closed = False
        calls = self._calls
        turns: list[tuple[_Take, _Take | None]] = [(partial(calls.next, alone=True), calls.other)]
        turns += [(calls.next, calls.other)] * (count - 2)
        turns += [(partial(calls.next, quick=True), None)] * (count > 1)
        self._threads = [threading.Thread(target=self._serve, args=turn, daemon=True, name="worker") for turn in turns]
        for thread in self._threads:
            thread.start()
        atexit.register(self.close)

    def submit(
        self, function: Callable[..., Any], *arguments: Any, lane: str = "", urgent: bool = False
    ) -> "Future[Any]":
        """What the function returns or raises; WorkerDied or TimeoutError where the call ended its worker.

        `lane`, `urgent`: whose turn it takes (see crawler/lanes.py). Raises RuntimeError after `close`.
        """
        if self._closed:
            raise RuntimeError("the workers are closed")
        call = _Call(pickle.dumps((function, arguments), pickle.HIGHEST_PROTOCOL), lane, urgent)
        self._calls.put(call, lane, urgent=urgent)
        return call.future

    def close(self) -> None:
        """Ends the processes, whatever they do. Calls that have no result are cancelled."""
        atexit.unregister(self.close)
        self._closed = True
        with self._processes:
            for worker in self._workers:
                worker.process.kill()
        self._calls.close()
        for thread in self._threads:
            thread.join()
        while (call := self._calls.next(wait=False, alone=True)) is not None:
            _cancel(call)

    def pids(self) -> list[int]:
        """The process ids of the workers that are there now."""
        with self._processes:
            return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _serve(self, take: "_Take", ahead: "_Take | None") -> None:
        """One thread per worker: gives it calls, takes results, replaces it when it has died. `ahead`: what it may have
        beside the call that it takes; None for the last."""
        waiting: deque[_Call] = deque()
        worker: _Worker | None = None
        while not self._closed:
            if worker is None or not worker.given:
                call = waiting.popleft() if waiting else take(wait=True)
                if call is None:
                    break
                if not _begins(call):
                    continue
                worker = worker or self._hired(call)
                if worker is None:
                    continue
                worker.give(call)
            if worker.given[0].alone:
                worker.left = 0  # the memory that it takes goes with it
            elif ahead is not None:
                self._fill(worker, waiting, ahead)
            call, alive = worker.given[0], self._answered(worker, last=ahead is None)
            now = time.monotonic()
            self._calls.spent(call.lane, now - worker.since)
            worker.since = now
            if not alive:
                waiting.extendleft(reversed(worker.given))
                worker = None
            elif worker.left <= 0 and not worker.given:
                self._ended(worker)
                worker = None
        if worker is not None:
            waiting.extendleft(reversed(worker.given))
            self._ended(worker, kill=True)
        for call in waiting:
            _cancel(call)

    def _fill(self, worker: _Worker, waiting: deque[_Call], ahead: "_Take") -> None:
        """A worker that has the next call already need not wait for this process; what is urgent is not to wait behind
        another call."""
        while len(worker.given) < AHEAD and worker.left > 0:
            call = waiting.popleft() if waiting else ahead()
            if call is None:
                return
            if len(call.payload) > SMALL:  # both sides would write, and nobody read
                waiting.appendleft(call)
                return
            if _begins(call):
                worker.give(call)

    def _hired(self, call: _Call) -> _Worker | None:
        """A new process; None after `close`, and where none can be started: the call has then failed."""
        context = multiprocessing.get_context("forkserver")
        for last in (*[False] * (STARTS - 1), True):
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there, self._prepare), daemon=True)
            with self._processes, there:
                if self._closed:
                    call.future.set_exception(CancelledError())
                    return None
                try:
                    process.start()
                except (OSError, EOFError) as error:  # the process from which it is forked died just now
                    here.close()
                    if last:
                        call.future.set_exception(error)
                    continue
                worker = _Worker(process, here)
                self._workers.add(worker)
            if self._is_ready(worker):
                return worker
            if last:
                call.future.set_exception(WorkerDied(process.exitcode))
        return None

    def _is_ready(self, worker: _Worker) -> bool:
        """Whether it has begun to work: how long that takes is no fault of the call that it is for."""
        try:
            if worker.pipe.poll(START) and worker.pipe.recv_bytes() == READY:
                return True
        except (EOFError, OSError):
            pass
        self._ended(worker, kill=True)
        return False

    def _answered(self, worker: _Worker, *, last: bool) -> bool:
        """Waits for the answer to the oldest call; False where the worker has died over it, or was ended for it."""
        call = worker.given[0]
        left = self._patience
        try:
            while not worker.pipe.poll(min(SLOW, left)):
                if left == self._patience:
                    self._calls.spent(call.lane, SLOW)  # now, so that nobody else waits for its end
                left -= SLOW
                give_way = (call.urgent or last) and self._calls.pressed()
                if left > 0 and not give_way:
                    continue
                worker.given.popleft()
                self._ended(worker, kill=True)
                if left <= 0:
                    call.future.set_exception(TimeoutError(f"longer than {self._patience} s"))
                else:
                    self._later(call)
                return False
            answer = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            status = self._ended(worker)
            call.lives -= 1
            if self._closed:
                return False
            if not call.lives or (status is not None and -status in self._final):
                worker.given.popleft()
                call.future.set_exception(WorkerDied(status))
            return False
        worker.given.popleft()
        try:
            good, value = pickle.loads(answer)  # noqa: S301 (of our own worker)
        except Exception as error:  # noqa: BLE001 (an error whose class cannot be made again from its words)
            good, value = False, error
        if good:
            call.future.set_result(value)
        elif isinstance(value, NeedsRoom) and not call.alone:
            self._later(call, alone=True)
        else:
            call.future.set_exception(value)
        return True

    def _later(self, call: _Call, *, alone: bool = False) -> None:
        """Begins the call anew when its time has come."""
        call.urgent, call.alone = False, alone
        self._calls.put(call, call.lane, urgent=False, alone=alone)

    def _ended(self, worker: _Worker, *, kill: bool = False) -> int | None:
        """The status of a worker that is over. One that only waits for a call ends when its pipe does."""
        worker.pipe.close()
        with self._processes:
            self._workers.discard(worker)
            if not kill:
                worker.process.join(SHORT)
            worker.process.kill()
            worker.process.join()
            return worker.process.exitcode


def _begins(call: _Call) -> bool:
    """False for a call that nobody waits for any more."""
    return call.future.running() or call.future.set_running_or_notify_cancel()


def _cancel(call: _Call) -> None:
    if not call.future.cancel():
        call.future.set_exception(CancelledError())


def _work(pipe: "Connection[bytes, bytes]", prepare: Callable[[], None]) -> None:
    """What a worker does from its start to its end."""
    for number in STOPS:  # sent to all; the parent ends us
        signal.signal(number, signal.SIG_IGN)
    prepare()
    try:
        pipe.send_bytes(READY)
        while True:
            pipe.send_bytes(_answer(pipe.recv_bytes()))
    except (EOFError, OSError):
        return


def _answer(payload: bytes) -> bytes:
    global _has_room  # noqa: PLW0603 (a worker has one call at a time)
    try:
        _has_room = bool(payload[0])
        function, arguments = pickle.loads(memoryview(payload)[1:])  # noqa: S301 (of our own parent)
        return pickle.dumps((True, function(*arguments)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the caller's)
        try:
            return pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
        except Exception:  # noqa: BLE001
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
