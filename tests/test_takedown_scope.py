"""What a takedown reaches: damaged records, copies, files of others, addresses with and without an article."""

import shutil
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.disk import replacing
from archive.drafts import pack, response
from archive.errors import BrokenRecord
from archive.foreign import admit, survey
from archive.journal import Journal
from archive.records import read_at
from archive.takedown import NothingKnown, taken_down
from archive.takedown.tombstone import said_by
from tests.takedown_act import ID, JAM, down, planned, proven
from tests.takedown_corpus import (
    AT,
    FEED,
    HOME,
    MARKERS,
    Press,
    page,
    rebuild_rows,
    sums,
    with_words,
)


@pytest.fixture
def corpus(gazette: Corpus) -> Corpus:
    return gazette


def test_an_address_without_an_article_can_be_taken_down(corpus: Corpus) -> None:
    press = Press(corpus, "20230806T120000Z-ef56")
    press.ask("/wall", b"zeppelinfirst: an answer that is no page", status="404 Not Found")
    press.close()
    rebuild_rows(corpus)
    (line,) = down(corpus, f"{HOME}/wall")
    assert "article_id" not in line.values
    assert len(line.values["records"]) == 1
    with closing(corpus.database()) as db:
        assert f"{HOME}/wall" in taken_down(db)


@pytest.mark.parametrize(("asked", "why"), [("nothing-of-the-kind", "knows no article"), (FEED, "stays as evidence")])
def test_what_is_no_article_is_refused(corpus: Corpus, asked: str, why: str) -> None:
    with pytest.raises(NothingKnown, match=why):
        planned(corpus, asked)


def test_a_damaged_record_goes_too(corpus: Corpus) -> None:
    (taken,) = planned(corpus, JAM)
    each = next(each for each in taken.removals if each.file.startswith("warc/"))
    path = corpus.path_of(each.file)
    data = bytearray(path.read_bytes())
    data[each.offset + each.length - 3] ^= 0xFF  # of the length: the words can still be unpacked
    path.write_bytes(data)
    down(corpus)
    assert with_words(corpus.folder, *MARKERS) == {}
    record = read_at(path, each.offset)
    assert (record.record_id, said_by(record) is not None) == (each.record_id, True)


def test_rows_that_do_not_fit_the_files_are_refused(corpus: Corpus) -> None:
    with closing(corpus.database()) as db:
        db.execute("UPDATE captures SET warc_offset = warc_offset + 1, record_id = 'other' WHERE url = ?", [JAM])
    before = sums(corpus)
    with pytest.raises(BrokenRecord, match="rebuild"):
        down(corpus)
    assert sums(corpus) == before


def test_files_of_others_are_not_touched_and_named(corpus: Corpus, tmp_path: Path) -> None:
    elsewhere = tmp_path / "theirs.warc.gz"
    (taken,) = planned(corpus, JAM)
    shutil.copyfile(corpus.path_of(taken.files[-1]), elsewhere)
    corpus.path_of(taken.files[-1]).unlink()
    with replacing(corpus.journal.path) as part:  # as if the second file had never been ours
        part.write_bytes(b"")
    Journal(corpus.journal.path).append("imported", AT, file=str(elsewhere), sha256="0" * 64, bytes=1, records=1)
    rebuild_rows(corpus)
    (again,) = planned(corpus, JAM)
    assert again.foreign == (str(elsewhere),)
    theirs = elsewhere.read_bytes()
    down(corpus)
    assert elsewhere.read_bytes() == theirs
    assert with_words(corpus.folder, *MARKERS) == {}
    rebuild_rows(corpus)
    assert with_words(corpus.folder, *MARKERS) == {}
    with closing(corpus.database()) as db:
        assert db.execute("SELECT count(*) FROM captures WHERE url = ?", [JAM]).fetchone() == (0,)


def test_a_copy_of_an_imported_file_is_ours(corpus: Corpus, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.warc.gz"
    with theirs.open("wb") as stream:
        for url, text in ((JAM, "zeppelinfirst in their words"), (f"{HOME}/other", "walrusword")):
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
            draft = response(url, AT, head + page("Theirs", text))
            stream.write(pack(draft, sha256(draft.block).hexdigest(), ""))
    with corpus.lock():
        admit(corpus, survey(theirs), AT, copy=True)
    rebuild_rows(corpus)
    (taken,) = planned(corpus, JAM)
    assert "warc/imported/theirs.warc.gz" in taken.files
    (line,) = down(corpus)
    assert len(line.values["records"]) == 5
    assert with_words(corpus.folder, *MARKERS) == {}
    assert with_words(corpus.folder, "walrusword").keys() == {"corpus.db", "warc/imported/theirs.warc.gz"}
    assert proven(corpus) == []


def test_another_article_at_one_of_its_addresses_stays(corpus: Corpus) -> None:
    """The newspaper has used the address again: what is there now is not what was asked to go."""
    press = Press(corpus, "20230807T120000Z-ef56")
    for path in ("/story", "/jam"):
        press.ask(path, page("A new story", f"walrusword {path} " * 20, number="9999"))
    press.close()
    rebuild_rows(corpus)
    (line,) = down(corpus, ID)
    assert with_words(corpus.folder, *MARKERS) == {}
    assert len(with_words(corpus.folder, "walrusword")) == 2  # corpus.db and the WARC file
    assert JAM not in line.values["urls"]
    rebuild_rows(corpus)
    assert with_words(corpus.folder, *MARKERS) == {}
    assert len(with_words(corpus.folder, "walrusword")) == 2
