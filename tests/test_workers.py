"""Worker processes: each call ends, whatever happens to the process that has it."""

import os
import random
import signal
import threading
import time
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from pathlib import Path

import pytest

from crawler.forkserver import start_server
from crawler.lanes import SLOW
from crawler.workers import CALLS, WorkerDied, Workers, need_room

PATIENCE = 60.0


@pytest.fixture(autouse=True, scope="module")
def _server() -> None:
    start_server(["crawler.readers", "crawler.warm", __name__])  # as others that share this process need it


def nothing() -> None:
    """A worker needs no preparation."""


def large(number: int) -> bytes:
    """More than a pipe holds, so that a worker may die in the middle of it."""
    return bytes([number % 256]) * 3_000_000


def name(number: int) -> int:
    return number or os.getpid()


def sleep(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def die(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def die_once(mark: str) -> str:
    if not Path(mark).exists():
        Path(mark).touch()
        die(signal.SIGKILL)
    return "lived"


def hear(*numbers: signal.Signals) -> str:
    for number in numbers:
        die(number)
    return "lived"


class Stubborn(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def fail(kind: str) -> object:
    match kind:
        case "an error":
            raise KeyError("which")
        case "an error that cannot be made again":
            raise Stubborn(1, 2)
        case "an error that cannot be sent":
            raise ValueError(lambda: None)
        case _:
            return lambda: None


def workers(count: int = 1, patience: float = PATIENCE, final: frozenset[signal.Signals] = frozenset()) -> Workers:
    return Workers(count, nothing, patience, final)


def test_each_call_gives_what_the_function_gives() -> None:
    with workers(2) as pool:
        calls = [pool.submit(name, number) for number in range(1, 300)]
        assert [call.result(PATIENCE) for call in calls] == list(range(1, 300))
        assert pool.submit(name, 0).result(PATIENCE) != os.getpid()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_workers_that_are_killed_at_any_moment_lose_no_call(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    with workers(2) as pool:
        calls = [pool.submit(large, number) for number in range(40)]
        while not all(call.done() for call in calls):
            time.sleep(draw.uniform(0.0, 0.03))
            for worker in list(pool.pids()):
                if draw.random() < 0.4:
                    with suppress(ProcessLookupError):
                        os.kill(worker, signal.SIGKILL)
    for number, call in enumerate(calls):
        error = call.exception(PATIENCE)
        assert error is None or isinstance(error, WorkerDied)
        assert error is not None or call.result() == large(number)


def test_a_call_whose_worker_dies_is_given_to_another_once(tmp_path: Path) -> None:
    with workers() as pool:
        before, once, after = pool.submit(name, 1), pool.submit(die_once, str(tmp_path / "mark")), pool.submit(name, 2)
        always, last = pool.submit(die, signal.SIGKILL), pool.submit(name, 3)
        assert [each.result(PATIENCE) for each in (before, once, after, last)] == [1, "lived", 2, 3]
        with pytest.raises(WorkerDied) as died:
            always.result(PATIENCE)
        assert died.value.status == -signal.SIGKILL


def test_a_call_that_ends_its_own_worker_is_not_tried_again(tmp_path: Path) -> None:
    with workers(final=frozenset({signal.SIGKILL})) as pool, pytest.raises(WorkerDied):
        pool.submit(die_once, str(tmp_path / "mark")).result(PATIENCE)


def test_a_call_that_takes_too_long_is_ended_and_the_next_is_not() -> None:
    with workers(patience=0.5) as pool:
        slow, quick = pool.submit(sleep, 3600.0), pool.submit(name, 1)
        with pytest.raises(TimeoutError):
            slow.result(PATIENCE)
        assert quick.result(PATIENCE) == 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("an error", KeyError),
        ("an error that cannot be made again", TypeError),
        ("an error that cannot be sent", RuntimeError),
        ("a value that cannot be sent", Exception),
    ],
)
def test_errors_come_back_as_values(kind: str, expected: type[Exception]) -> None:
    with workers() as pool:
        with pytest.raises(expected):
            pool.submit(fail, kind).result(PATIENCE)
        assert pool.submit(name, 1).result(PATIENCE) == 1


def test_payloads_larger_than_a_pipe_pass_in_both_directions() -> None:
    with workers() as pool:
        calls = [pool.submit(bytes.upper, b"a" * 2_000_000) for _ in range(8)]
        assert all(call.result(PATIENCE) == b"A" * 2_000_000 for call in calls)


def test_what_is_urgent_does_not_wait_for_slow_calls() -> None:
    with workers(2) as pool:
        slow = [pool.submit(sleep, 3600.0, lane="slow") for _ in range(8)]
        while not all(call.running() for call in slow[:2]):
            time.sleep(0.01)
        assert pool.submit(name, 1, lane="quick", urgent=True).result(PATIENCE) == 1
        assert not slow[0].done()


def test_signals_to_a_whole_group_leave_the_workers_alone() -> None:
    with workers() as pool:
        assert pool.submit(hear, signal.SIGTERM, signal.SIGINT).result(PATIENCE) == "lived"


def test_closing_ends_what_is_under_way_and_cancels_what_waits() -> None:
    pool = workers()
    calls: list[Future[float]] = [pool.submit(sleep, 3600.0) for _ in range(5)]
    while not calls[0].running():
        time.sleep(0.01)
    closing = threading.Thread(target=pool.close)
    closing.start()
    closing.join(PATIENCE)
    assert not closing.is_alive()
    for call in calls:
        with pytest.raises(CancelledError):
            call.result(0)
    assert pool.pids() == []
    with pytest.raises(RuntimeError):
        pool.submit(name, 1)


def test_a_call_that_nobody_waits_for_any_more_is_left_out(tmp_path: Path) -> None:
    with workers() as pool:
        begun = pool.submit(sleep, 0.3)
        while not begun.running():
            time.sleep(0.01)
        pool.submit(name, 1)
        unwanted = pool.submit(die_once, str(tmp_path / "mark"))
        assert unwanted.cancel()
        assert pool.submit(name, 2).result(PATIENCE) == 2
    assert not (tmp_path / "mark").exists()


def test_a_worker_is_replaced_after_some_calls() -> None:
    with workers() as pool:
        first = pool.submit(name, 0).result(PATIENCE)
        for _ in range(CALLS):
            last = pool.submit(name, 0)
        assert last.result(PATIENCE) != first


def hold(path: str) -> str:
    """Takes the place of those who need much memory, and says how many had it at the same time."""
    need_room()
    mark = Path(path) / str(os.getpid())
    mark.touch()
    time.sleep(0.1)
    there = len(list(Path(path).iterdir()))
    mark.unlink()
    return f"{there} beside each other"


def test_what_needs_room_runs_alone_and_its_worker_gives_the_memory_back(tmp_path: Path) -> None:
    with workers(3) as pool:
        calls = [pool.submit(hold, str(tmp_path), lane=str(n), urgent=n % 2 == 0) for n in range(6)]
        light = [pool.submit(name, n, lane="light") for n in range(1, 50)]
        assert [call.result(PATIENCE) for call in light] == list(range(1, 50))
        assert {call.result(PATIENCE) for call in calls} == {"1 beside each other"}


def begun(path: str, seconds: float) -> str:
    with Path(path).open("a") as file:
        file.write("begun\n")
    time.sleep(seconds)
    return Path(path).read_text()


def test_an_urgent_call_that_is_slow_gives_way_and_is_begun_again(tmp_path: Path) -> None:
    file = tmp_path / "calls"
    with workers(2) as pool:
        # As many as there are workers, the one that is kept from what is slow among them
        slow = [pool.submit(begun, f"{file}{n}", 3 * SLOW, lane=f"slow {n}", urgent=True) for n in range(2)]
        while not all(call.running() for call in slow):
            time.sleep(0.01)
        quick = [pool.submit(name, n, lane="quick", urgent=True) for n in range(1, 20)]
        assert [call.result(PATIENCE) for call in quick] == list(range(1, 20))
        assert not all(call.done() for call in slow)
        assert {call.result(PATIENCE) for call in slow} >= {"begun\nbegun\n"}


def slowly() -> None:
    time.sleep(1.5)


def test_the_start_of_a_worker_is_no_time_of_its_call() -> None:
    with Workers(1, slowly, patience=0.5) as pool:
        assert pool.submit(name, 1).result(PATIENCE) == 1
