"""The index from the records: whatever the damage and however the files came."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.corpus import Corpus
from archive.drafts import metadata, response
from archive.intake import Reader
from archive.model import Article, Block, Kind, Lead, Outcome, Reading
from archive.notes import CaptureNote, Decision, LeadsNote, pack
from archive.rebuild import one_by_one, rebuild
from archive.warc import Series

AT = datetime(2023, 8, 4, 12, tzinfo=UTC)


def read(body: bytes, url: str) -> Reading:
    title, text = body.decode().split("\n", 1)
    return Reading(Outcome.OK, None, Article(url, "a", title=title, blocks=(Block("paragraph", text),)))


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
    pages = [(f"/{n}", f"Page {n}\n" + f"words of page {n} " * 50) for n in range(20)]
    record(corpus, *pages)
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
