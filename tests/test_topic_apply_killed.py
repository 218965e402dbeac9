"""A `topic apply` that is killed at any moment leaves the old decisions or the new ones; the next one completes it."""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from archive import events, judging
from archive.corpus import Corpus
from archive.tuning import in_force
from crawler import second_thoughts
from crawler.frontier import Frontier
from crawler.verbs import topic_apply
from tests.command_line import run
from tests.test_topic_apply import WIDER
from tests.tuning_corpus import TOPIC, build, proven, table, write
from tests.verify_corpus import SITE

WATCHED = {module.__file__ for module in (in_force, judging, events, second_thoughts, topic_apply)}
EVERY = 6  # of the lines that are new one in so many: a kill takes a tenth of a second
TABLES = ("topics", "matches", "match_spans")
SECOND = TOPIC.replace('"ferry"', '"soup"').replace('"naufrage*"', '"arbitre"').replace("4.0", "0.5")


def killing(n: int) -> Callable[[FrameType, str, Any], Any]:
    """A trace that kills the process before the n-th of these lines."""
    seen: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in WATCHED:
            return None
        seen.add((frame.f_code.co_filename, frame.f_lineno))
        if len(seen) > n * EVERY:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def killed(corpus: Corpus, n: int) -> bool:
    """Applies in a process that is killed at step `n`; False where it ends before."""
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        sys.settrace(killing(n))
        try:
            topic_apply.command.main(["--corpus", str(corpus.folder), "--json"], standalone_mode=False)
        except BaseException:  # noqa: BLE001 (no second copy of the test run goes on)
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status != 0


def state(corpus: Corpus) -> list[object]:
    kept = table(corpus, "SELECT id, kept FROM articles ORDER BY id")
    return [kept, *(sorted(map(repr, table(corpus, f"SELECT * FROM {name}"))) for name in TABLES)]


def test_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = build(tmp_path / "c")
    old = state(corpus)
    write(corpus, WIDER)
    write(corpus, SECOND, "soup")
    shutil.copytree(corpus.folder, tmp_path / "whole")
    whole = Corpus(tmp_path / "whole")
    assert run(capsys, "topic", "apply", "--corpus", whole.folder)[0] == 0
    new = state(whole)
    met, n = [], 0
    while killed(corpus, n):
        met.append(state(corpus))
        assert met[-1] in (old, new)
        n += 1
    assert n > 10
    assert old in met
    assert new in met, "no kill came after the rows were whole"
    assert state(corpus) == new
    assert proven(corpus) == []
    told = [line.values["topic"] for line in corpus.journal.lines() if line.kind == "topic"]
    assert sorted(told) == ["ferry", "soup"]
    frontier = Frontier(corpus.state_file)
    waiting = frontier.db.execute("SELECT url, state FROM frontier").fetchall()
    frontier.close()
    assert waiting == [(SITE + "/refused-ferry", "new")]
