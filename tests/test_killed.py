"""A crawl that is killed, stopped and killed again: nothing is lost, nothing finished is asked for twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.corpus import Corpus
from archive.records import Damage, walk
from crawler.press import play
from crawler.press.playing import Press
from crawler.verbs.demo import prepare
from tests.test_flow import ARTICLES, OPENS, dump
from tests.torture.killing import Crawl, Siege
from tests.torture.newspaper import Newspaper, corpus_of
from tests.torture.proof import prove
from tests.warm import Started, run, start

KILLS = (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL)


def begin(folder: Path, press: Press) -> Started:
    return start("hemeroteca", "crawl", "--corpus", folder, env={**os.environ, **press.environment()})


def test_killed_and_stopped_and_killed(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    prepare(folder)
    with play() as press:
        for number in KILLS:
            already = len(press.log)
            crawl = begin(folder, press)
            while crawl.poll() is None and sum(bool(ARTICLES.search(e.url)) for e in press.log[already:]) < 12:
                time.sleep(0.02)
            crawl.send_signal(number)
            _, said = crawl.communicate(timeout=60)
            if number is signal.SIGTERM:
                assert crawl.returncode == 128 + number, said
                assert list(folder.rglob("*.open")) == []
        done = begin(folder, press)
        _, said = done.communicate(timeout=120)
        assert done.returncode in (0, 1), said
        asked = Counter(entry.url for entry in press.log if ARTICLES.search(entry.url) and entry.status < 400)
        truth = [each for each in press.truth().articles if each.published >= OPENS]
    corpus = Corpus(folder)
    db = corpus.database()
    stored = {row["url"] for row in db.query("SELECT url FROM articles")}
    assert [each.url for each in truth if each.url not in stored] == []
    # Only what was under way when a signal came may be asked for again: one per host and signal.
    assert sum(count - 1 for count in asked.values()) <= 3 * len(KILLS)
    assert list(folder.rglob("*.open")) == []
    for file in corpus.warc_files():
        assert not any(isinstance(found, Damage) for found in walk(file))
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    other = tmp_path / "again.db"
    run("rebuild", "--corpus", folder, "--into", other).check_returncode()
    before, after = dump(db), dump(Database(str(other)))
    for table, rows in before.items():
        assert after[table] == rows, table


def test_a_second_writer_is_refused_with_a_code_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    prepare(folder)
    with play() as press, Corpus(folder).lock():
        second = begin(folder, press)
        _, said = second.communicate(timeout=60)
    assert second.returncode == 3
    assert said.count("\n") == 1
    assert "another process writes" in said


def test_twenty_five_kills_lose_nothing(tmp_path: Path) -> None:
    """G1, with answers of 8 MiB among the others. `make torture` does it with 200 kills and 500 articles."""
    with Newspaper(articles=100, large=4) as newspaper:
        siege = Siege(newspaper, corpus_of(newspaper, tmp_path / "corpus", warc_bytes=16_000_000))
        for number in siege.rounds(25):
            siege.kill(cold=number % 12 == 0)
        siege.end()
        faults = siege.faults + prove(newspaper, siege.folder, siege.kills)
    assert not faults, "\n".join(faults)
    assert siege.kills == 25
    met = {
        moment for moment in ("start", "fetch", "large", "close", "stop") if any(moment in hit for hit in siege.hits)
    }
    # So few kills, at drawn moments, may miss one
    assert len(met) >= 4, "the kills did not meet the stages of a crawl"


def asked_for(wanted: int) -> Callable[[Newspaper], bool]:
    return lambda books: len(books.requests()) >= wanted


# (signal, to the crawl alone or to its whole group): a service manager, its readers too, a terminal that closes
STOPS = ((signal.SIGTERM, True), (signal.SIGTERM, False), (signal.SIGHUP, False))


def test_a_stop_closes_everything(tmp_path: Path) -> None:
    """G22. Three newspapers at once, since each crawl mostly waits."""
    with ThreadPoolExecutor(len(STOPS)) as threads:
        tried = [threads.submit(stopped, tmp_path / str(n), *each) for n, each in enumerate(STOPS)]
        assert [each.result() for each in tried] == [[], [], []]


def stopped(folder: Path, number: signal.Signals, alone: bool) -> list[str]:
    """A crawl that is stopped twice and then ends by itself; what was lost by that."""
    folder.mkdir()
    with Newspaper(articles=60, large=2) as newspaper:
        corpus = corpus_of(newspaper, folder / "corpus")
        for wanted in (10, 25):
            crawl = Crawl(corpus)
            assert newspaper.wait(asked_for(wanted), 60)
            crawl.send(number, alone=alone)
            assert crawl.ended(60) == 128 + number
            assert list(corpus.rglob("*.open")) == []
        assert Crawl(corpus).ended() in (0, 1)
        return prove(newspaper, corpus, again=2)


def test_a_second_signal_is_a_kill(tmp_path: Path) -> None:
    with Newspaper(articles=30, large=0) as newspaper:
        folder = corpus_of(newspaper, tmp_path / "corpus")
        slow = list(newspaper.articles)[2]
        newspaper.held.add(slow)
        crawl = Crawl(folder)
        assert newspaper.wait(lambda books: slow in books.requests(), 60)
        crawl.send(signal.SIGTERM, alone=True)
        time.sleep(0.3)
        assert crawl.runs, "it waits for the answer that is under way"
        crawl.send(signal.SIGTERM, alone=True)
        assert crawl.ended() == 128 + signal.SIGTERM
        assert list(folder.rglob("*.open")), "it closed its files first"
        newspaper.held.clear()
        assert Crawl(folder).ended() in (0, 1)
        assert prove(newspaper, folder, again=1) == []


def test_signals_that_come_together_are_one_wish(tmp_path: Path) -> None:
    """`timeout` tells the command and then its group; a terminal that closes is told by the shell and by the kernel."""
    with Newspaper(articles=60, large=0) as newspaper:
        folder = corpus_of(newspaper, tmp_path / "corpus")
        for pause, wanted in ((0.0, 8), (0.4, 20)):
            crawl = Crawl(folder)
            assert newspaper.wait(asked_for(wanted), 60)
            first, then = (signal.SIGHUP, signal.SIGHUP) if pause else (signal.SIGINT, signal.SIGTERM)
            crawl.send(first, alone=True)
            time.sleep(pause)
            crawl.send(then)
            # Python itself may be ending, and hear the second one as anybody does
            assert crawl.ended() in (128 + first, -then)
            assert list(folder.rglob("*.open")) == []


def test_a_stop_at_any_moment_of_the_start_is_told_by_the_code(tmp_path: Path) -> None:
    """Before the corpus is open, while the reactor starts, when the first answers come: never a fault.

    More articles than eight crawls of a second or two can take: none has finished when it is told to stop."""
    with Newspaper(articles=400, large=0) as newspaper:
        folder = corpus_of(newspaper, tmp_path / "corpus")
        for tenth in range(0, 16, 2):
            crawl = Crawl(folder)
            time.sleep(tenth / 10)
            crawl.send(signal.SIGTERM, alone=True)
            status = crawl.ended(30)
            # Python's own ending, before the command has begun, is a signal's
            assert status in (128 + signal.SIGTERM, -signal.SIGTERM), (tenth, status)
            assert list(folder.rglob("*.open")) == []
        log = folder / "crawl.log"
        assert "Traceback" not in (log.read_text() if log.exists() else "")


# A crawl in which the signal comes at one moment of the reactor's start
EARLY = """
import os, signal, sys
from crawler import process
from crawler.verbs.crawl import command

class Told(process.CrawlerProcess):
    def start(self, *args, **options):
        from twisted.internet import reactor
        reactor.addSystemEventTrigger(sys.argv[1], "startup", os.kill, os.getpid(), signal.SIGTERM)
        super().start(*args, **options)

process.CrawlerProcess = Told
command(["--corpus", sys.argv[2]])
"""


@pytest.mark.parametrize("moment", ["during", "after"])
def test_a_stop_while_the_reactor_starts_is_a_stop(moment: str, tmp_path: Path) -> None:
    """Twisted and Scrapy set handlers of their own here, each of which once took such a signal for itself."""
    with Newspaper(articles=20, large=0) as newspaper:
        folder = corpus_of(newspaper, tmp_path / "corpus")
        crawl = subprocess.run(
            [sys.executable, "-c", EARLY, moment, str(folder)], capture_output=True, text=True, timeout=60, check=False
        )
        assert crawl.returncode == 128 + signal.SIGTERM, crawl.stderr
        assert not newspaper.requests()
    assert list(folder.rglob("*.open")) == []


# A crawl that has come to its end by itself, and is told to stop while the indexes of its files are made
LATE = """
import os, signal, sys, time
from crawler import run
from crawler.verbs.crawl import command

def told(corpus, index_closed=run.index_closed):
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.5)
    index_closed(corpus)

run.index_closed = told
command(["--corpus", sys.argv[1]])
"""


def test_a_stop_while_a_crawl_closes_by_itself_changes_nothing(tmp_path: Path) -> None:
    with Newspaper(articles=5, large=0) as newspaper:
        folder = corpus_of(newspaper, tmp_path / "corpus")
        crawl = subprocess.run(
            [sys.executable, "-c", LATE, str(folder)], capture_output=True, text=True, timeout=60, check=False
        )
        assert crawl.returncode == 0, crawl.stderr
        assert "interrupted" not in crawl.stdout
        assert len(list(folder.rglob("*.warc.gz"))) == len(list(folder.rglob("*.cdxj"))) == 1, "it was closed twice"
        assert prove(newspaper, folder, again=0) == []


def test_a_demo_that_is_stopped_lets_its_crawl_close_its_files(tmp_path: Path) -> None:
    demo = start("hemeroteca", "demo", tmp_path / "demo", "--no-serve")
    while not list((tmp_path / "demo").rglob("*.open")) and demo.poll() is None:
        time.sleep(0.02)
    demo.terminate()
    said, told = demo.communicate(timeout=60)
    assert demo.returncode == 128 + signal.SIGTERM, told
    assert "The crawl was interrupted" in said
    assert not list((tmp_path / "demo").rglob("*.open"))
