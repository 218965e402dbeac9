"""Reading in worker processes: a page that hangs or kills its reader costs one row, and the rest goes on."""

import os
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.corpus import Corpus
from archive.drafts import metadata, response
from archive.http import Answer
from archive.intake import Taken
from archive.model import Kind, Lead, Outcome, Reading
from archive.notes import CaptureNote, pack
from archive.rebuild import one_by_one, rebuild
from archive.warc import Series
from crawler import readers
from crawler.readers import ReaderPool
from spiders.kit.catalogue import catalogue
from spiders.kit.examine import examine
from tests.test_flow import dump

AT = datetime(2023, 8, 4, 12, tzinfo=UTC)
PARAGRAPH = "<p>An invented paragraph, number {0}, about a valley in which it rained for most of the week.</p>"
GOOD = "<html><body><article><h1>Story {0}</h1>" + PARAGRAPH * 4 + "</article></body></html>"
# libxml2 compares each attribute of a tag with all before it: quadratic time
SLOW = "<html><body><p " + " ".join(f"a{n}=''" for n in range(200_000)) + ">slow</p></body></html>"


def record(corpus: Corpus, pages: dict[str, str]) -> None:
    series = Series(corpus.warc_folder, info={"software": "hemeroteca/0.1.0"}, now=lambda: AT)
    for path, body in pages.items():
        url = f"https://www.mediapart.fr{path}"
        data = body.encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(data)}\r\n\r\n"
        answer = response(url, AT, head.encode() + data)
        note = CaptureNote("run", "mediapart", Kind.ARTICLE, Lead(url, "mediapart", "corpus"))
        series.write([metadata(AT, pack(note), url=url, concurrent_to=answer.record_id), answer])
    series.close()


def outcomes(corpus: Corpus) -> dict[str, str]:
    return {row["url"].rsplit("/", 1)[1]: row["outcome"] for row in corpus.database().query("SELECT * FROM leads")}


def test_a_page_that_hangs_its_reader_is_one_row(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "SECONDS", 3)
    record(corpus, {"/1": GOOD.format(1), "/slow": SLOW, "/2": GOOD.format(2)})
    with ReaderPool(corpus, workers=1) as pool:
        rebuild(corpus, pool.entries)
    assert outcomes(corpus) == {"1": "ok", "slow": "parse_failed", "2": "ok"}
    reason = corpus.database().execute("SELECT reason FROM leads WHERE outcome = 'parse_failed'").fetchone()[0]
    assert "longer than 3 s" in reason


def test_what_a_page_took_too_much_of_is_said_in_words() -> None:
    assert readers.why_not(MemoryError()) == "reading took more memory than 512 MiB"


@pytest.mark.parametrize("wait", [0.0, 1.5], ids=["while it starts", "while it reads"])
def test_a_reader_that_is_killed_is_replaced(corpus: Corpus, wait: float) -> None:
    record(corpus, {f"/{n}": GOOD.format(n) for n in range(60)})
    with ReaderPool(corpus, workers=1) as pool:

        def kill_one() -> None:
            time.sleep(wait)
            for _ in range(200):
                time.sleep(0.02)
                for child in children():
                    os.kill(child, signal.SIGKILL)
                    return

        killer = threading.Thread(target=kill_one)
        killer.start()
        rebuild(corpus, pool.entries)
        killer.join()
    found = outcomes(corpus)
    assert len(found) == 60
    assert sum(outcome == "ok" for outcome in found.values()) >= 58


def tree() -> dict[int, list[int]]:
    """The children of each process."""
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            found.setdefault(parent, []).append(int(entry.name))
    return found


def children() -> list[int]:
    """Processes started by our fork server, which is a child of this process."""
    known = tree()
    return [worker for server in known.get(os.getpid(), []) for worker in known.get(server, [])]


def test_the_same_bytes_give_the_same_entry_in_any_process(corpus: Corpus) -> None:
    record(corpus, {"/1": GOOD.format(1)})
    found = []
    for workers in (1, 2):
        with ReaderPool(corpus, workers=workers) as pool:
            from archive.intake import groups
            from archive.model import Pointer
            from archive.records import Found, walk

            file = corpus.warc_files()[0]
            name = file.relative_to(corpus.folder).as_posix()
            records = [
                (Pointer(name, each.offset, each.length), each.record) for each in walk(file) if isinstance(each, Found)
            ]
            found.append([entry for _, entry in pool.entries(groups(records))])
    assert found[0] == found[1]
    taken = found[0][0]
    assert isinstance(taken, Taken)
    assert taken.reading.outcome is Outcome.OK


TOPIC = """\
schema = 1
id = "rain"
title = "Rain"

[rule]
require = ["rain"]

[concepts.rain]
en = ["rained", "valley"]
"""


@pytest.mark.parametrize("topics", [1, 9], ids=["one topic", "some topics"])
def test_worker_processes_give_the_rows_that_this_process_gives(corpus: Corpus, tmp_path: Path, topics: int) -> None:
    """Whoever asks the topics: a worker for one article, or the index for many."""
    for n in range(topics):
        (corpus.folder / "topics" / f"rain-{n}.toml").write_text(TOPIC.replace('"rain"', f'"rain-{n}"', 1))
    dry = "<html><body><article><h1>Sun</h1>" + "<p>Nothing of that kind was seen anywhere.</p>" * 9
    pages = {"/1": GOOD.format(1), "/2": GOOD.format(2), "/3": dry, "/4": "<html><body>nothing</body></html>"}
    record(corpus, pages)

    def read(answer: Answer, url: str, at: datetime, name: str | None, kind: Kind) -> Reading:
        return examine(answer, url=url, at=at, outlet=catalogue(corpus.outlets_folder)["mediapart"], kind=kind)[0]

    with ReaderPool(corpus, workers=1) as pool:
        rebuild(corpus, pool.entries)
    rebuild(corpus, one_by_one(read, corpus.folder), into=tmp_path / "here.db")
    there, here = dump(corpus.database()), dump(Database(tmp_path / "here.db"))
    assert there == here
    assert {row[5] for row in here["matches"]} >= {"rule_met"}
    assert here["match_spans"]


def test_workers_are_forked_from_one_process_that_has_the_model_of_languages(corpus: Corpus) -> None:
    record(corpus, {"/1": GOOD.format(1)})
    with ReaderPool(corpus, workers=1) as pool:
        rebuild(corpus, pool.entries)
        servers = [each for each in tree().get(os.getpid(), []) if tree().get(each)]
        assert len(servers) == 1
        process = Path("/proc") / str(servers[0])
        assert "numpy" in (process / "maps").read_text()
        assert len(list((process / "task").iterdir())) == 1, "a process with several threads must not fork"
