"""A corpus is proven, or what is wrong with it is named: files, journal, states that a crash leaves."""

import fcntl
import gzip
import json
import os
import shutil
import tempfile
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from archive.corpus import Corpus
from archive.custody import Part
from archive.errors import CorpusLocked, HemerotecaError
from archive.foreign import admit, survey
from archive.index import Index
from archive.rebuild import catch_up, rebuild
from archive.recovery import index_closed, journal_closed, recover
from archive.warc import Closed
from crawler.cli import cli
from tests.verify_corpus import (
    AT,
    Press,
    build,
    copied,
    faults,
    fingerprint,
    named,
    proved,
    readers,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("verify") / "corpus")


@pytest.fixture
def corpus(whole: Corpus, tmp_path: Path) -> Corpus:
    return copied(whole, tmp_path / "corpus")


def names(corpus: Corpus) -> list[str]:
    return [corpus.name_of(path) for path in corpus.warc_files()]


def test_a_whole_corpus_is_proven_and_not_a_byte_of_it_changes(whole: Corpus) -> None:
    before = fingerprint(whole.folder)
    account = proved(whole)
    assert faults(account) == []
    assert account.findings == []
    assert account.proven
    assert account.left_out == {}
    assert fingerprint(whole.folder) == before
    counts = account.counts
    assert counts[Part.FILES]["files"] == 3
    assert counts[Part.RECORDS]["records"] == counts[Part.RECORDS]["block digests"] == 35
    assert counts[Part.RECORDS]["CDXJ files"] == 3
    assert counts[Part.ROWS]["captures"] == 9
    assert counts[Part.JOURNAL]["lines named by WARC files"] == 3
    assert counts[Part.READING]["rows"] > 90


def test_quick_leaves_out_the_fresh_reading(whole: Corpus) -> None:
    account = proved(whole, quick=True)
    assert account.proven
    assert set(account.left_out) == {Part.READING}


def test_a_missing_file_is_named_with_the_journal_line_that_has_it(corpus: Corpus) -> None:
    for name in names(corpus):
        moved = (corpus.folder / name).rename(corpus.folder / "away")
        account = proved(corpus, quick=True)
        assert named(account, ["files", name, "missing", "line"])
        assert named(account, ["rows captures", name])
        moved.rename(corpus.folder / name)
    assert proved(corpus, quick=True).proven


def test_two_files_with_each_others_names_are_told_apart(corpus: Corpus) -> None:
    one, two = (path for path in corpus.warc_files() if "warc-private" not in path.as_posix())
    spare = one.rename(corpus.folder / "spare")
    two.rename(one)
    spare.rename(two)
    account = proved(corpus, quick=True)
    assert named(account, [corpus.name_of(one), f"these are the bytes of {corpus.name_of(two)}"])
    assert named(account, [corpus.name_of(two), f"these are the bytes of {corpus.name_of(one)}"])
    assert named(account, [corpus.name_of(one), "it was recorded under the name", two.name])


@pytest.mark.parametrize("name", ["warc/2023/08/more.warc.gz", "warc/notes.txt", "warc/2023/08/gone.warc.gz.cdxj"])
def test_a_file_that_nobody_knows_is_named(corpus: Corpus, name: str) -> None:
    shutil.copyfile(corpus.warc_files()[0], corpus.folder / name)
    assert named(proved(corpus, quick=True), ["files", name])


def test_a_file_that_was_cut_is_named_with_its_sizes(corpus: Corpus) -> None:
    path = corpus.warc_files()[0]
    size = path.stat().st_size
    os.truncate(path, size - 10)
    account = proved(corpus, quick=True)
    assert named(account, [corpus.name_of(path), f"it has {size - 10} bytes and should have {size}"])
    assert named(account, ["records", corpus.name_of(path), "the file ends inside this record"])


@pytest.mark.parametrize("dropped", [1, 2, 3])
def test_lines_dropped_from_the_end_of_the_journal_are_missed(corpus: Corpus, dropped: int) -> None:
    journal = corpus.journal.path
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:-dropped]))
    account = proved(corpus)
    assert not account.proven
    assert named(account, ["files", "the journal does not know this file"])
    if dropped > 1:
        assert named(account, ["journal", "the last ones are missing"])


def test_a_journal_of_another_corpus_does_not_fit(corpus: Corpus, tmp_path: Path) -> None:
    other = build(tmp_path / "other")
    shutil.copyfile(other.journal.path, corpus.journal.path)
    assert named(proved(corpus, quick=True), ["journal", "was another one"])


def test_a_broken_journal_is_named_and_the_rest_is_still_proven(corpus: Corpus) -> None:
    journal = corpus.journal.path
    journal.write_bytes(journal.read_bytes().replace(b'"records":', b'"recordz":', 1))
    account = proved(corpus)
    assert named(account, ["journal.jsonl line 1", "its text does not give its digest"])
    assert account.left_out == {Part.READING: "the journal is broken"}
    assert account.faults[Part.RECORDS] == 0
    assert account.counts[Part.ROWS]["captures"] == 9


@pytest.mark.parametrize("data", [None, b"", b"not a database" * 400])
def test_without_a_database_files_and_records_are_still_proven(corpus: Corpus, data: bytes | None) -> None:
    corpus.database_file.unlink()
    if data is not None:
        corpus.database_file.write_bytes(data)
    before = fingerprint(corpus.folder)
    account = proved(corpus)
    assert not account.proven
    assert account.counts[Part.RECORDS]["records"] == 35
    assert account.faults[Part.FILES] == account.faults[Part.RECORDS] == 0
    assert fingerprint(corpus.folder) == before


def test_pages_of_the_database_that_are_spoilt_are_no_fault_of_the_program(corpus: Corpus) -> None:
    size = corpus.database_file.stat().st_size
    with corpus.database_file.open("r+b") as file:
        for place in range(4096, size, 40_960):
            file.seek(place)
            file.write(b"\xff" * 100)
    account = proved(corpus)
    assert account.faults[Part.DATABASE]
    assert account.faults[Part.RECORDS] == 0


def killed(corpus: Corpus) -> None:
    """A crawl ends in the middle: a file is open with half a record at its end, and some of its rows are there."""
    press = Press(corpus, "20230806T120000Z-cccc", AT + timedelta(days=2))
    press.answer("/7", b"Sept\nUn texte.")
    press.public.commit()
    press.private.commit()
    db = corpus.database()
    index = Index(db, ())
    catch_up(corpus, index, readers(corpus))
    press.answer("/8", b"Huit\nUn autre texte.")
    press.public.commit()
    open_file = next(corpus.warc_folder.rglob("*.open"))
    with open_file.open("ab") as file:
        file.write(open_file.read_bytes()[:100])
    (corpus.folder / "left").mkdir()
    for name in ("corpus.db", "corpus.db-wal"):
        shutil.copyfile(corpus.folder / name, corpus.folder / "left" / name)
    db.close()
    for name in ("corpus.db", "corpus.db-wal"):
        (corpus.folder / "left" / name).replace(corpus.folder / name)
    (corpus.folder / "left").rmdir()


def test_what_a_kill_leaves_is_said_and_is_no_fault(corpus: Corpus) -> None:
    killed(corpus)
    before = fingerprint(corpus.folder)
    assert (corpus.folder / "corpus.db-wal").stat().st_size
    account = proved(corpus)
    assert faults(account) == []
    said = [f"{each.place}: {each.what}" for each in account.findings]
    assert any("left open by a crash" in line for line in said)
    assert any("the next crawl cuts the file here" in line for line in said)
    assert any("1 answers are not in the rows yet" in line for line in said)
    assert fingerprint(corpus.folder) == before


def test_behind_a_kill_a_changed_row_is_still_found(corpus: Corpus) -> None:
    killed(corpus)
    db = corpus.database()
    db.execute("UPDATE articles SET title = 'Autre chose' WHERE url = 'https://a.example/7'")
    db.close()
    assert named(proved(corpus), ["reading articles", "title is 'Autre chose', and 'Sept'"])


def test_a_mended_file_and_one_that_was_found_are_proven(corpus: Corpus) -> None:
    killed(corpus)
    shutil.copyfile(corpus.warc_files()[0], corpus.warc_folder / "of-others.warc.gz")
    recover(corpus, lambda: AT)
    for path in corpus.warc_files():
        path.with_name(path.name + ".cdxj").unlink(missing_ok=True)
    index_closed(corpus)
    rebuild(corpus, readers(corpus))
    account = proved(corpus)
    assert [line for line in faults(account) if "of-others" not in line] == []
    assert named(account, ["of-others.warc.gz", "it was recorded under the name"])


def test_a_file_that_is_closed_in_all_but_its_name_is_proven(corpus: Corpus) -> None:
    press = Press(corpus, "20230806T120000Z-cccc", AT + timedelta(days=2))
    press.answer("/7", b"Sept\nUn texte.")

    def killed_behind(closed: Closed) -> None:
        journal_closed(corpus, closed, AT)
        raise HemerotecaError("killed")

    press.public._closing = killed_behind
    with pytest.raises(HemerotecaError):
        press.public.close()
    account = proved(corpus)
    assert faults(account) == []
    assert "closed in all but its name" in account.findings[0].what


def test_rows_that_were_taken_away_are_not_taken_for_a_crash(corpus: Corpus) -> None:
    db = corpus.database()
    for statement in ("DELETE FROM captures WHERE url LIKE '%/6'", "UPDATE warcs SET indexed = 0"):
        db.execute(statement)
    db.close()
    assert named(proved(corpus, quick=True), ["of https://a.example/6 has no row"])


def foreign(path: Path, *, broken: bool) -> Path:
    """A WARC file as a service makes it, without requests and notes; with a spoilt record in the middle if `broken`."""
    members = []
    for n in range(3):
        block = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nTitre {n}\n{'Un texte. ' * 30}"
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{UUID(int=n)}>\r\n"
            f"WARC-Date: 2023-08-04T12:00:0{n}Z\r\nWARC-Target-URI: https://b.example/{n}\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        members.append(bytearray(gzip.compress(f"{head}{block}\r\n\r\n".encode(), mtime=0)))
    if broken:
        members[1][100] ^= 0xFF
    path.write_bytes(b"".join(members))
    return path


@pytest.mark.parametrize("copy", [True, False])
def test_files_of_others_are_proven_to_be_as_they_came(corpus: Corpus, tmp_path: Path, copy: bool) -> None:
    files = [foreign(tmp_path / "whole.warc.gz", broken=False), foreign(tmp_path / "broken.warc.gz", broken=True)]
    package = tmp_path / "package.wacz"
    with zipfile.ZipFile(package, "w") as packed:
        packed.write(foreign(tmp_path / "inside.warc.gz", broken=False), "archive/inside.warc.gz")
    admitted = [admit(corpus, survey(each), AT, copy=copy).file for each in (files[1], package)]
    rebuild(corpus, readers(corpus))
    account = proved(corpus)
    assert faults(account) == []
    (said,) = account.findings
    assert (said.file, said.part) == (admitted[0], Part.RECORDS)
    assert "it was so when line 4 of the journal was written (imported)" in said.what
    (corpus.folder / admitted[0]).write_bytes(files[0].read_bytes())
    assert named(proved(corpus, quick=True), ["files", admitted[0], "its checksum is"])
    (corpus.folder / admitted[1]).unlink()
    assert named(proved(corpus, quick=True), ["files", admitted[1], "missing"])


def test_a_running_crawl_is_told_of_in_a_sentence(corpus: Corpus) -> None:
    with corpus.lock(), pytest.raises(CorpusLocked, match="verify it again when that has ended"):
        proved(corpus)
    assert proved(corpus, quick=True).proven


def test_two_verifications_may_run_at_a_time_and_no_crawl_beside_them(corpus: Corpus) -> None:
    (corpus.folder / ".run.lock").touch()
    with (corpus.folder / ".run.lock").open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        assert proved(corpus, quick=True).proven
        with pytest.raises(CorpusLocked), corpus.lock():
            pass


def test_a_corpus_that_may_only_be_read_is_proven(corpus: Corpus) -> None:
    places = [corpus.folder, *corpus.folder.rglob("*")]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    try:
        assert proved(corpus).proven
    finally:
        for place in places:
            place.chmod(0o755 if place.is_dir() else 0o644)


def test_a_corpus_that_was_never_crawled_has_no_database_to_prove(tmp_path: Path) -> None:
    corpus = Corpus(build(tmp_path / "built").folder)
    for name in ("corpus.db", "journal.jsonl"):
        (corpus.folder / name).unlink()
    for folder in (corpus.warc_folder, corpus.private_folder):
        shutil.rmtree(folder)
    account = proved(corpus)
    assert named(account, ["corpus.db is missing"])


def test_the_command_prints_a_table_and_json_and_ends_with_the_verdict(corpus: Corpus) -> None:
    """By the worker processes of the real readers: a page of this corpus is none of theirs, so --quick."""
    done = CliRunner().invoke(cli, ["verify", "--quick", "--corpus", str(corpus.folder)])
    assert done.exit_code == 0, done.output
    assert "files     proven      3 files" in done.output
    assert "is proven as far as it was asked" in done.output
    done = CliRunner().invoke(cli, ["verify", "--quick", "--json", "--corpus", str(corpus.folder)])
    assert json.loads(done.output)["proven"] is True
    path = corpus.warc_files()[0]
    path.unlink()
    done = CliRunner().invoke(cli, ["verify", "--quick", "--corpus", str(corpus.folder)])
    assert done.exit_code == 1
    assert f"FAULT: files: {corpus.name_of(path)}: the file is missing" in done.output
    assert "NOT PROVEN" in done.output
    found = json.loads(CliRunner().invoke(cli, ["verify", "--quick", "--json", "--corpus", str(corpus.folder)]).output)
    assert found["proven"] is False
    assert {each["file"] for each in found["faults"] if each["part"] == "files"} >= {corpus.name_of(path)}


def test_what_a_killed_verification_left_is_removed_by_the_next(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = tmp_path / "tmp"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    left, young, in_use = (room / f"hemeroteca-verify-{name}" for name in ("left", "young", "in-use"))
    for folder in (left, young, in_use):
        folder.mkdir()
        (folder / "corpus.db").write_bytes(b"texts")
    for folder in (left, in_use):
        os.utime(folder, (1, 1))
    (room / "somebody-else").mkdir()
    lock = os.open(in_use, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    try:
        assert proved(corpus, quick=True).proven
    finally:
        os.close(lock)
    assert sorted(path.name for path in room.iterdir()) == [in_use.name, young.name, "somebody-else"]


def test_a_run_that_ended_before_it_counted_is_no_damage(corpus: Corpus) -> None:
    """As a full disk leaves it: all is recorded, indexed and closed, kin and counts are missing."""
    third = Press(corpus, "20230806T120000Z-cccc", AT + timedelta(days=2))
    third.answer("/7", ("Le sommet de Niamey\n" + "Les chefs d’État se réunissent. " * 30).encode())
    third.end()
    index_closed(corpus)
    with closing(corpus.database()) as db:
        catch_up(corpus, Index(db, corpus.topics()), readers(corpus))
    assert faults(proved(corpus)) == []
