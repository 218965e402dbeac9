"""Reading in worker processes: a page that hangs or kills its reader costs one row, and the rest goes on."""

import os
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.drafts import metadata, response
from archive.intake import Taken
from archive.model import Kind, Lead, Outcome
from archive.notes import CaptureNote, pack
from archive.rebuild import rebuild
from archive.warc import Series
from crawler import readers
from crawler.readers import ReaderPool

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
    monkeypatch.setattr(readers, "SECONDS", 8)
    record(corpus, {"/1": GOOD.format(1), "/slow": SLOW, "/2": GOOD.format(2)})
    with ReaderPool(corpus, workers=1) as pool:
        rebuild(corpus, pool.entries)
    assert outcomes(corpus) == {"1": "ok", "slow": "parse_failed", "2": "ok"}
    reason = corpus.database().execute("SELECT reason FROM leads WHERE outcome = 'parse_failed'").fetchone()[0]
    assert "longer than 8 s" in reason


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


def children() -> list[int]:
    """Processes started by our fork server, which is a child of this process."""
    tree: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            tree.setdefault(parent, []).append(int(entry.name))
    return [worker for server in tree.get(os.getpid(), []) for worker in tree.get(server, [])]


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
