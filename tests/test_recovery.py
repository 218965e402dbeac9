"""What a crash left is mended before anything is written, and the journal tells it."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator

from archive.corpus import Corpus
from archive.drafts import metadata, response
from archive.errors import HemerotecaError
from archive.intake import groups
from archive.journal import Line
from archive.model import Kind, Lead, Pointer
from archive.notes import CaptureNote, pack
from archive.rebuild import one_by_one, rebuild
from archive.records import Found, walk
from archive.recovery import index_closed, journal_closed, journal_head, recover
from archive.warc import Series
from tests.test_order_of_rows import READER

AT = datetime(2023, 8, 4, 12, tzinfo=UTC)


def series(corpus: Corpus, **more: Any) -> Series:
    return Series(
        corpus.warc_folder,
        info={"software": "hemeroteca/0.1.0"},
        now=lambda: AT,
        head=lambda: journal_head(corpus),
        closing=lambda closed: journal_closed(corpus, closed, AT),
        **more,
    )


def page(number: int) -> list[Any]:
    url = f"https://a.example/{number}"
    answer = response(url, AT, b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n" + b"%040d" % number)
    note = CaptureNote("run", "a", Kind.ARTICLE, Lead(url, "a", "feed"), seq=number)
    return [metadata(AT, pack(note), url=url, concurrent_to=answer.record_id), answer]


def left_open(corpus: Corpus, pages: int) -> Path:
    """A file as a kill leaves it."""
    writing = series(corpus)
    for number in range(pages):
        writing.write(page(number))
    (path,) = corpus.warc_folder.rglob("*.open")
    return path


def lines(corpus: Corpus) -> list[Line]:
    return list(corpus.journal.lines())


def test_a_closed_file_is_in_the_journal_with_the_checksum_of_its_bytes(corpus: Corpus) -> None:
    writing = series(corpus)
    writing.write(page(1))
    writing.close()
    (line,) = lines(corpus)
    (file,) = corpus.warc_files()
    assert line.kind == "closed"
    assert line.values == {
        "file": corpus.name_of(file),
        "sha256": sha256(file.read_bytes()).hexdigest(),
        "bytes": file.stat().st_size,
        "records": 3,
    }


def test_each_file_names_the_line_of_the_journal_that_was_the_last(corpus: Corpus) -> None:
    for number in range(3):
        writing = series(corpus)
        writing.write(page(number))
        writing.close()
    said = []
    for file in corpus.warc_files():
        with file.open("rb") as stream:
            block = next(iter(ArchiveIterator(stream))).reader.read().decode()
        said += [row.partition(": ")[2] for row in block.splitlines() if row.startswith("journal: ")]
    assert said == ["0", *(f"{line.n} {line.digest}" for line in lines(corpus)[:2])]


def test_a_file_left_open_is_mended_and_the_cut_is_told(corpus: Corpus) -> None:
    path = left_open(corpus, 3)
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08 half a member")
    recover(corpus, lambda: AT)
    (line,) = lines(corpus)
    (file_,) = corpus.warc_files()
    assert line.kind == "mended"
    assert (line.values["old_bytes"], line.values["new_bytes"]) == (whole + 17, whole)
    assert line.values["sha256"] == sha256(file_.read_bytes()).hexdigest()
    rebuild(corpus, one_by_one(READER, corpus.folder))
    assert corpus.database().execute("SELECT kind, file, old_bytes, new_bytes FROM events").fetchall() == [
        ("mended", corpus.name_of(file_), whole + 17, whole)
    ]


def test_a_file_in_which_nothing_is_whole_goes_and_the_journal_tells_it(corpus: Corpus) -> None:
    path = left_open(corpus, 1)
    path.write_bytes(path.read_bytes()[:100])
    recover(corpus, lambda: AT)
    assert corpus.warc_files() == []
    assert (lines(corpus)[0].kind, lines(corpus)[0].values["new_bytes"]) == ("mended", 0)


def test_a_crash_between_the_journal_and_the_name_is_told_once(corpus: Corpus) -> None:
    writing = series(corpus)
    writing.write(page(1))
    writing.close()
    (file,) = corpus.warc_files()
    file.rename(f"{file}.open")
    recover(corpus, lambda: AT)
    assert [line.kind for line in lines(corpus)] == ["closed"]
    assert corpus.warc_files() == [file]


def test_a_file_that_nobody_told_of_is_entered_once(corpus: Corpus) -> None:
    writing = Series(corpus.warc_folder, info={"software": "hemeroteca/0.1.0"}, now=lambda: AT)
    writing.write(page(1))
    writing.close()
    for _ in range(2):
        recover(corpus, lambda: AT)
    (line,) = lines(corpus)
    assert line.kind == "found"
    assert line.values["sha256"] == sha256(corpus.warc_files()[0].read_bytes()).hexdigest()


def test_an_answer_is_never_left_without_its_note(corpus: Corpus) -> None:
    path = left_open(corpus, 2)
    data = path.read_bytes()
    ends = [found.offset + found.length for found in walk(path) if isinstance(found, Found)]
    for cut in range(ends[2], len(data), 7):
        path.write_bytes(data[:cut])
        found = list(
            groups(
                (Pointer("x", each.offset, each.length), each.record) for each in walk(path) if isinstance(each, Found)
            )
        )
        assert len(found) in (1, 2)
        assert all(each.note is not None for each in found)


def test_two_files_of_one_name_are_not_chosen_between(corpus: Corpus) -> None:
    path = left_open(corpus, 1)
    path.with_name(path.name.removesuffix(".open")).write_bytes(b"another")
    with pytest.raises(HemerotecaError, match="both there"):
        recover(corpus, lambda: AT)
    assert path.exists()


def test_each_closed_file_gets_its_index(corpus: Corpus) -> None:
    writing = series(corpus, max_bytes=1)
    for number in range(3):
        writing.write(page(number))
    writing.close()
    index_closed(corpus)
    for file in corpus.warc_files():
        assert len(Path(f"{file}.cdxj").read_text().splitlines()) == 1
