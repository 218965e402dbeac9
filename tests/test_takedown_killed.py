"""A takedown that is killed at any step has either not begun, or is done after the next start."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from archive.corpus import Corpus
from archive.custody import verify
from archive.rebuild import one_by_one
from archive.takedown import finish_takedowns, pending, plan, rewrite, rows, steps, sweep, take_down
from archive.takedown.pending import PENDING
from tests.takedown_corpus import DOWN, FEED, HEADLINE, HOME, MARKERS, REASON, build, dump, read, sums, with_words

JAM, PONT = f"{HOME}/jam", f"{HOME}/pont"
KILLED = 9
CALLS = ("rename", "replace", "fsync", "unlink", "ftruncate", "pwrite")
WATCHED = {module.__file__ for module in (steps, pending, rewrite, rows, sweep)}  # whose lines are steps, too
EVERY = 5  # of these lines one in so many: a commit of SQLite lies between two calls, and all take minutes


class Reaper:
    """Ends the process before its n-th step: a call that changes the disk, or one in EVERY lines that are new."""

    def __init__(self, n: int) -> None:
        self.left = n
        self.seen: set[tuple[str, int]] = set()

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            os._exit(KILLED)

    def watch(self) -> None:
        for name in CALLS:
            setattr(os, name, self._before(getattr(os, name)))
        sys.settrace(self._trace)

    def _before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*arguments: Any, **named: Any) -> Any:
            self.step()
            return call(*arguments, **named)

        return stepping

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in WATCHED:
            return None
        place = (frame.f_code.co_filename, frame.f_lineno)
        if event == "line" and place not in self.seen:
            self.seen.add(place)
            if len(self.seen) % EVERY == 0:
                self.step()
        return self._trace


def down(folder: Path) -> None:
    corpus = Corpus(folder)
    with corpus.lock(), closing(corpus.database()) as db:
        plans = [plan(corpus, db, each) for each in (JAM, PONT)]
    with corpus.lock():
        take_down(corpus, plans, REASON, DOWN)


def killed(folder: Path, n: int) -> bool:
    """Takes down in a process of its own that dies before step n; False where it came to its end."""
    child = os.fork()
    if not child:
        try:
            corpus = Corpus(folder)
            with closing(corpus.database()) as db:
                plans = [plan(corpus, db, each) for each in (JAM, PONT)]
            with corpus.lock():
                Reaper(n).watch()
                take_down(corpus, plans, REASON, DOWN)
        except BaseException:  # noqa: BLE001 (a child must not go on with the parent's work)
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED)
    return code == KILLED


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".*") if path.is_file() and path.name != ".run.lock"]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gazette") / "corpus"
    build(folder)
    shutil.copytree(folder, folder.with_name("done"))
    down(folder.with_name("done"))
    return folder


def test_killed_at_every_step(begun: Path, tmp_path: Path) -> None:
    ends = {}
    for done, folder in enumerate((begun, begun.with_name("half"), begun.with_name("done"))):
        if done == 1:
            shutil.copytree(begun, folder)
            corpus = Corpus(folder)
            with closing(corpus.database()) as db:
                plans = [plan(corpus, db, JAM)]
            take_down(corpus, plans, REASON, DOWN)
        ends[done] = (sums(Corpus(folder)), dump(Corpus(folder)))
    reached = []
    n = 0
    while True:
        folder = shutil.copytree(begun, tmp_path / "killed")
        died = killed(folder, n)
        corpus = Corpus(folder)
        was_pending = (folder / PENDING).exists()
        with corpus.lock():
            assert finish_takedowns(corpus) == was_pending
        done = sum(line.kind == "takedown" for line in corpus.journal.lines())
        reached.append(done)
        assert (sums(corpus), dump(corpus)) == ends[done], n
        assert left_over(folder) == []
        if done:
            assert with_words(folder, *MARKERS) == {}, n
        if n % 15 == 0:
            assert verify(corpus, one_by_one(read, folder)).proven, n
        if not died:
            break
        shutil.rmtree(folder)
        n += 1
    assert reached == sorted(reached)
    assert set(reached) == {0, 1, 2}
    assert min(reached.count(0), reached.count(1)) > 15


def test_a_start_that_is_killed_is_made_up_for_by_the_next(begun: Path, tmp_path: Path) -> None:
    """The recovery itself may be killed: it begins again."""
    folder = shutil.copytree(begun, tmp_path / "killed")
    n = 0
    while not list(_takedowns(folder)):
        shutil.rmtree(folder)
        folder = shutil.copytree(begun, tmp_path / "killed")
        n += 7
        assert killed(folder, n)
    for step in range(0, 60, 9):
        child = os.fork()
        if not child:
            Reaper(step).watch()
            finish_takedowns(Corpus(folder))
            os._exit(0)
        os.waitpid(child, 0)
    corpus = Corpus(folder)
    finish_takedowns(corpus)
    assert with_words(folder, *MARKERS) == {}
    assert left_over(folder) == []
    assert verify(corpus, one_by_one(read, folder)).proven


def _takedowns(folder: Path) -> list[int]:
    return [line.n for line in Corpus(folder).journal.lines() if line.kind == "takedown"]


def test_an_error_of_the_disk_leaves_all_or_nothing(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not only death: a write that fails is told, and the article is then as it was."""
    folder = shutil.copytree(begun, tmp_path / "full")
    before = sums(Corpus(folder)), dump(Corpus(folder))
    fsync, calls = os.fsync, []

    def failing(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(Exception, match="no room left"):
        down(folder)
    monkeypatch.undo()
    assert (sums(Corpus(folder)), dump(Corpus(folder))) == before
    assert left_over(folder) == []
    assert with_words(folder, HEADLINE, FEED)
