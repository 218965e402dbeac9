"""The command as a process: a full disk, an output that nobody reads, signals, a log without room."""

import os
import resource
import shlex
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.corpus import Corpus
from crawler.verbs.init import make
from tests.command_line import PAGE, called, warc


def test_output_on_a_full_disk() -> None:
    with Path("/dev/full").open("w") as full:
        command = called("outlets", "--json", stdout=full)
        _, err = command.communicate(timeout=60)
    assert command.returncode == 4
    assert err.startswith("hemeroteca: no room left to write the output")
    assert err.count("\n") == 1


@pytest.mark.parametrize("closed", ["1", "2", "1 2"])
def test_an_output_that_was_closed_before(closed: str) -> None:
    closing = " ".join(f"{number}>&-" for number in closed.split())
    words = ["sh", "-c", f"exec {shlex.quote(sys.executable)} -m hemeroteca outlets --json {closing}"]
    assert subprocess.run(words, stdout=subprocess.DEVNULL, check=False, timeout=60).returncode == 0


def test_nobody_reads_the_output(tmp_path: Path) -> None:
    record = warc(tmp_path / "warc", *((f"https://replica.example/{n}", PAGE) for n in range(60)))
    for words in (["outlets", "--json"], ["read", record]):
        reading, writing = os.pipe()
        command = called(*words, stdout=writing)
        os.close(writing)
        os.close(reading)
        _, err = command.communicate(timeout=60)
        assert (command.returncode, err) == (141, "")


def many(folder: Path) -> Corpus:
    """A corpus of which a rebuild takes some seconds."""
    make(folder, contact="a@example.org", title=None, outlets=("mediapart",), topic=False)
    warc(folder / "warc", *((f"https://replica.example/{n}", PAGE.replace("story", f"story{n}")) for n in range(1500)))
    return Corpus(folder)


# Ctrl-C while the command is being imported, and when it has ended and Python has not
AROUND = """
import atexit, os, signal, sys
import hemeroteca

def interrupted(*_):
    os.kill(os.getpid(), signal.SIGINT)

class Importing:
    def find_spec(self, name, *_):
        if name == "crawler.cli":
            interrupted()

if sys.argv.pop(1) == "before":
    sys.meta_path.insert(0, Importing())
else:
    atexit.register(interrupted)
hemeroteca.main()
"""


@pytest.mark.parametrize("moment", ["before", "behind"])
def test_an_interrupt_around_the_command_shows_no_traceback(moment: str) -> None:
    words = [sys.executable, "-c", AROUND, moment, "outlets"]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_rebuild_that_is_stopped(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """On a terminal, where Ctrl-C reaches the reading processes as well."""
    corpus = many(tmp_path / "c")
    corpus.database().close()
    before = corpus.database_file.read_bytes()
    ours, theirs = os.openpty()
    command = called(
        "rebuild", "--corpus", corpus.folder, stdout=theirs, stderr=theirs, stdin=theirs, start_new_session=True
    )
    os.close(theirs)
    terminal = ThreadPoolExecutor().submit(drained, ours)  # one that nobody reads stops who writes on it
    while command.poll() is None and not list(corpus.folder.glob("*.rebuilding-wal")):
        time.sleep(0.02)
    if number is signal.SIGINT:
        os.killpg(command.pid, number)
    else:
        command.send_signal(number)
    assert command.wait(timeout=30) == code
    shown = terminal.result(timeout=30)
    assert "Traceback" not in shown
    assert "the same command can be run again" in shown
    assert shown.rfind("\x1b[?25h") >= shown.rfind("\x1b[?25l")  # the cursor is to be seen again
    with corpus.lock():
        assert corpus.database_file.read_bytes() == before
    assert is_gone(command.pid)


def is_gone(group: int) -> bool:
    """Whether every process of the group ends soon."""
    for _ in range(600):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def drained(terminal: int) -> str:
    pieces = []
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # nobody holds the other end any more
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces).decode()


LONG = 4_000_000


@pytest.mark.parametrize("log", ["a directory", "too long"])
def test_a_log_that_cannot_be_written(tmp_path: Path, log: str) -> None:
    """Without a file there is no crawl; a file that cannot grow, as on a full disk, stops none."""
    folder = tmp_path / "c"
    make(folder, contact="a@example.org", title=None, outlets=("nowhere",), topic=False)
    (folder / "outlets" / "nowhere.toml").write_text(
        'name = "nowhere"\ntitle = "N"\nhome = "http://127.0.0.1:9/"\nlanguages = ["en"]\n'
        '[[sources]]\nkind = "feed"\nurl = "http://127.0.0.1:9/feed"\n',
        encoding="utf-8",
    )
    file = folder / "crawl.log"
    if log == "a directory":
        file.mkdir()
    else:
        with file.open("wb") as stream:
            stream.truncate(LONG)
    crawl = called(
        "crawl",
        "--corpus",
        folder,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LONG, LONG)),
    )
    _, err = crawl.communicate(timeout=60)
    if log == "a directory":
        assert crawl.returncode == 2
        assert err.startswith(f"hemeroteca: {file} cannot be used")
        assert err.count("\n") == 1
    else:
        assert (crawl.returncode, err) == (1, "")
        assert file.stat().st_size == LONG
    with Corpus(folder).lock():
        assert list(folder.rglob("*.open")) == []
