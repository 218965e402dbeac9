"""The index from the records: whatever the damage and however the files came."""

import os
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.corpus import Corpus
from archive.drafts import metadata, response
from archive.intake import Reader
from archive.model import Article, Block, Kind, Lead, Outcome, Reading
from archive.notes import CaptureNote, Decision, LeadsNote, pack
from archive.rebuild import going_on, one_by_one, rebuild
from archive.volumes import HEAD, Volume, in_order
from archive.warc import Series

AT = datetime(2023, 8, 4, 12, tzinfo=UTC)


def read(body: bytes, url: str) -> Reading:
    title, text = body.decode().split("\n", 1)
    return Reading(Outcome.OK, None, Article(url, "a", title=title, blocks=(Block("paragraph", text),)))


PAGES = [(f"/{n}", f"Page {n}\n" + f"words of page {n} " * 50) for n in range(20)]
READER: Reader = lambda answer, url, at, outlet, kind: read(answer.body, url)  # noqa: E731


def record(corpus: Corpus, *pages: tuple[str, str], **more: Any) -> None:
    """One WARC file with these (path, body) pages."""
    series = Series(corpus.warc_folder, info={"software": "hemeroteca/0.1.0"}, now=lambda: AT, **more)
    for path, body in pages:
        url = f"https://a.example{path}"
        block = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}".encode()
        answer = response(url, AT, block)
        note = CaptureNote("run", "a", Kind.ARTICLE, Lead(url, "a", "https://a.example/feed", title="announced"))
        series.write([metadata(AT, pack(note), url=url, concurrent_to=answer.record_id), answer])
    series.close()


def rows(corpus: Corpus, sql: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = corpus.database().execute(sql).fetchall()
    return found


def test_articles_revisions_and_leads(corpus: Corpus) -> None:
    record(corpus, ("/1", "One\nfirst words"), ("/2", "Two\nother words"), ("/1", "One\nchanged words"))
    caught = rebuild(corpus, one_by_one(READER, corpus.folder))
    assert (caught.groups, caught.damage) == (3, ())
    assert rows(corpus, "SELECT id, text, revision_count, kept FROM articles ORDER BY id") == [
        ("a-one", "changed words", 2, 1),
        ("a-two", "other words", 1, 1),
    ]
    assert rows(corpus, "SELECT n, changed FROM revisions WHERE article_id = 'a-one' ORDER BY n") == [
        (1, None),
        (2, "text"),
    ]
    assert rows(corpus, "SELECT title, outcome FROM leads ORDER BY url") == [("announced", "ok"), ("announced", "ok")]
    assert rows(corpus, "SELECT value FROM stats WHERE name = 'articles'") == [(2,)]


def test_ids_are_given_once_and_never_twice(corpus: Corpus) -> None:
    record(corpus, ("/1", "Same title\nx"), ("/2", "Same title\ny"), ("/1", "New title\nx"))
    rebuild(corpus, one_by_one(READER, corpus.folder))
    assert rows(corpus, "SELECT id, title FROM articles ORDER BY id") == [
        ("a-same-title", "New title"),
        ("a-same-title-2", "Same title"),
    ]


def test_a_flipped_byte_is_reported_and_what_lies_behind_it_is_read(corpus: Corpus) -> None:
    record(corpus, *PAGES)
    rebuild(corpus, one_by_one(READER, corpus.folder))
    offset = rows(corpus, "SELECT warc_offset FROM captures WHERE url = 'https://a.example/7'")[0][0]
    file = corpus.warc_files()[0]
    data = bytearray(file.read_bytes())
    data[offset + 200] ^= 0xFF
    file.write_bytes(bytes(data))
    caught = rebuild(corpus, one_by_one(READER, corpus.folder))
    assert any(str(offset) in line for line in caught.damage)
    urls = {row[0] for row in rows(corpus, "SELECT url FROM captures")}
    assert urls == {f"https://a.example/{n}" for n in range(20)} - {"https://a.example/7"}


def test_the_old_database_stays_until_the_new_one_is_whole(corpus: Corpus, tmp_path: Path) -> None:
    record(corpus, ("/1", "One\nwords"))
    rebuild(corpus, one_by_one(READER, corpus.folder))
    other = tmp_path / "other.db"
    rebuild(corpus, one_by_one(READER, corpus.folder), into=other)
    assert other.exists()
    before = corpus.database_file.read_bytes()

    def fails(*_: Any) -> Reading:
        raise RuntimeError("a fault in the middle")

    try:
        rebuild(corpus, one_by_one(fails, corpus.folder))
    except RuntimeError:
        pass
    else:
        raise AssertionError("the fault was swallowed")
    assert corpus.database_file.read_bytes() == before


def test_a_corpus_can_be_moved(corpus: Corpus, tmp_path: Path) -> None:
    record(corpus, ("/1", "One\nwords"))
    rebuild(corpus, one_by_one(READER, corpus.folder))
    moved = Path(shutil.move(corpus.folder, tmp_path / "elsewhere"))
    again = Corpus(moved)
    file, offset = rows(again, "SELECT warc_file, warc_offset FROM captures")[0]
    assert again.path_of(file).is_file()
    assert offset > 0


def test_leads_that_were_skipped_keep_their_reason(corpus: Corpus) -> None:
    lead = Lead("https://a.example/old", "a", "https://a.example/feed", title="Old")
    note = LeadsNote("run", "2023-08-04T12:00:00Z", (Decision(lead, Outcome.SKIPPED, "outside the window"),))
    series = Series(corpus.warc_folder, info={"software": "hemeroteca/0.1.0"}, now=lambda: AT)
    series.write([metadata(AT, pack(note), url="https://a.example/feed")])
    series.close()
    rebuild(corpus, one_by_one(READER, corpus.folder))
    assert rows(corpus, "SELECT url, title, outcome, reason, capture_id FROM leads") == [
        ("https://a.example/old", "Old", "skipped", "outside the window", None)
    ]


def test_long_answers_are_read_whole_and_are_not_held_while_they_wait(corpus: Corpus) -> None:
    text = "words and more words " * (HEAD // 10)
    record(corpus, ("/1", f"Long\n{text}"))
    rebuild(corpus, one_by_one(READER, corpus.folder))
    assert rows(corpus, "SELECT text FROM articles") == [(text,)]
    file = corpus.warc_files()[0]
    (group,) = in_order([Volume(corpus.name_of(file), file, 0, file.stat().st_size, None, [])])
    assert group.record is not None
    assert len(group.record.block) == HEAD < group.record.size


def test_a_long_note_is_read_whole(corpus: Corpus) -> None:
    leads = [Lead(f"https://a.example/{n}", "a", "https://a.example/feed", title="x" * 100) for n in range(HEAD // 100)]
    note = LeadsNote("run", "2023-08-04T12:00:00Z", tuple(Decision(each) for each in leads))
    series = Series(corpus.warc_folder, info={"software": "hemeroteca/0.1.0"}, now=lambda: AT)
    series.write([metadata(AT, pack(note), url="https://a.example/feed")])
    series.close()
    rebuild(corpus, one_by_one(READER, corpus.folder))
    assert rows(corpus, "SELECT count(*) FROM leads") == [(len(leads),)]


def stopped(corpus: Corpus, monkeypatch: pytest.MonkeyPatch, after: int, how: Callable[[], None]) -> None:
    """A rebuild that commits each page and is stopped when it has read so many."""
    monkeypatch.setattr("archive.rebuild.BATCH", 1)
    left = iter(range(after))

    def stopping(*what: Any) -> Reading:
        if next(left, None) is None:
            how()
        return READER(*what)

    rebuild(corpus, one_by_one(stopping, corpus.folder))


def counted(corpus: Corpus) -> int:
    """The pages that a rebuild reads."""
    again: list[str] = []

    def counting(answer: Any, url: str, at: datetime, outlet: str | None, kind: Kind) -> Reading:
        again.append(url)
        return READER(answer, url, at, outlet, kind)

    rebuild(corpus, one_by_one(counting, corpus.folder))
    return len(again)


ROWS = "SELECT id, articles.text, hashes FROM articles LEFT JOIN shingles ON article_id = id ORDER BY id"


def test_a_rebuild_that_was_killed_is_gone_on_with(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    record(corpus, *PAGES)
    rebuild(corpus, one_by_one(READER, corpus.folder))
    before = rows(corpus, ROWS)
    if not (child := os.fork()):
        stopped(corpus, monkeypatch, 15, lambda: os.kill(os.getpid(), signal.SIGKILL))
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert rows(corpus, ROWS) == before  # the old one stays
    assert going_on(corpus)
    assert counted(corpus) == len(PAGES) - 15
    assert rows(corpus, ROWS) == before
    assert not going_on(corpus)


def test_a_stopped_rebuild_that_was_damaged_begins_anew(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    record(corpus, *PAGES)
    rebuild(corpus, one_by_one(READER, corpus.folder))
    before = rows(corpus, ROWS)

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        stopped(corpus, monkeypatch, 15, stop)
    assert going_on(corpus)
    part = corpus.database_file.with_name("corpus.db.rebuilding")
    data = part.read_bytes()
    half = len(data) // 2 // 4096 * 4096
    part.write_bytes(data[:half] + bytes(len(data) - half))  # as a disk leaves blocks that were never written
    assert counted(corpus) == len(PAGES)
    assert rows(corpus, ROWS) == before
