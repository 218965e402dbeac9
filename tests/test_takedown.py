"""Taking an article down: nothing of it is left, everything else is as it was, and all of it can be proven."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastwarc.warc import ArchiveIterator
from sqlite_utils import Database

from archive import sweep
from archive.condemned import NotToBeRewritten
from archive.corpus import Corpus
from archive.custody import verify
from archive.disk import replacing
from archive.drafts import pack, response
from archive.errors import BrokenRecord, CorpusLocked, DatabaseBusy, HemerotecaError
from archive.foreign import admit, survey
from archive.identity import new_id
from archive.journal import Journal, JournalGrew, Line
from archive.model import Article, Capture, Kind, Lead, Outcome, Pointer
from archive.notes import CaptureNote, lead_values, unpack
from archive.rebuild import one_by_one
from archive.records import Found, read_at, walk
from archive.takedown import PENDING, finish_takedowns, plan, take_down, taken_down
from archive.takedown_plan import NothingKnown, Plan
from archive.tombstone import said_by
from crawler.admission import barred
from crawler.frontier import Frontier
from crawler.verbs.takedown import command
from tests.takedown_corpus import (
    AT,
    DOWN,
    FEED,
    HEADLINE,
    HOME,
    MARKERS,
    REASON,
    RUN,
    STABLE,
    SUMMARY,
    Press,
    build,
    dump,
    page,
    read,
    rebuild_rows,
    sums,
    with_words,
)

ID = "gazette-marmaladegate-at-the-ferry"
JAM, SHORT = f"{HOME}/jam", f"{HOME}/short"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gazette") / "corpus"
    build(folder)
    return folder


@pytest.fixture
def corpus(built: Path, tmp_path: Path) -> Corpus:
    return Corpus(shutil.copytree(built, tmp_path / "corpus"))


def planned(corpus: Corpus, *asked: str) -> list[Plan]:
    with closing(corpus.database()) as db:
        return [plan(corpus, db, each) for each in asked]


def down(corpus: Corpus, *asked: str) -> list[Line]:
    with corpus.lock():
        finish_takedowns(corpus)
        return take_down(corpus, planned(corpus, *asked or (JAM,)), REASON, DOWN)


def records(corpus: Corpus) -> dict[tuple[str, int], tuple[str, int, bytes]]:
    """Every gzip member by file and offset: record id, length, raw bytes."""
    found = {}
    for path in corpus.warc_files():
        data = path.read_bytes()
        for each in walk(path):
            assert isinstance(each, Found), each
            raw = data[each.offset : each.offset + each.length]
            found[corpus.name_of(path), each.offset] = (each.record.record_id, each.length, raw)
    return found


def proven(corpus: Corpus) -> list[str]:
    """What cannot be proven of the corpus."""
    account = verify(corpus, one_by_one(read, corpus.folder))
    return [f"{each.part} {each.place}: {each.what}" for each in account.findings if each.fault]


def test_no_word_of_it_is_left_in_any_file(corpus: Corpus) -> None:
    before = with_words(corpus.folder, *MARKERS)
    assert len(before) == 4  # corpus.db and three WARC files
    assert {word for words in before.values() for word in words} == set(MARKERS)
    down(corpus)
    assert with_words(corpus.folder, *MARKERS) == {}
    # The feed and the note of what it listed stay; its own notes do not say it any more
    titled = [
        found.record.target_uri
        for path in corpus.warc_files()
        for found in walk(path)
        if isinstance(found, Found) and HEADLINE.encode() in found.record.block
    ]
    assert titled == [FEED, FEED]


def test_everything_else_stays_where_it_is_byte_for_byte(corpus: Corpus) -> None:
    before = records(corpus)
    (taken,) = planned(corpus, JAM)
    touched = {(each.file, each.offset) for each in taken.removals}
    touched |= {(each.warc_file, each.offset) for each in taken.notes}
    assert (len(taken.removals), len(taken.notes)) == (4, 5)
    down(corpus)
    after = records(corpus)
    assert {place: each[:2] for place, each in after.items()} == {place: each[:2] for place, each in before.items()}
    assert {place for place in before if before[place] != after[place]} == touched


def test_a_tombstone_says_what_it_was_and_why(corpus: Corpus) -> None:
    (taken,) = planned(corpus, ID)
    (line,) = down(corpus, ID)
    assert {each.file.partition("/")[0] for each in taken.removals} == {"warc", "warc-private"}
    of = []
    for each in taken.removals:
        record = read_at(corpus.path_of(each.file), each.offset)
        said = said_by(record)
        assert said is not None
        assert said["journal"] == line.n
        assert (record.record_id, record.target_uri) == (each.record_id, JAM)
        assert said.get("block_sha256", each.block_sha256) == each.block_sha256
        of.append(said["of"])
    assert sorted(of) == ["response", "response", "response", "revisit"]
    assert line.values["reason"] == REASON
    assert line.values["urls"] == [JAM, SHORT]
    assert (line.values["outlet"], line.values["stable_id"]) == ("gazette", STABLE)
    assert {each["file"]: each["sha256"] for each in line.values["files"]} == sums(corpus)


def test_a_note_keeps_all_but_title_and_summary(corpus: Corpus) -> None:
    (taken,) = planned(corpus, JAM)
    places = [(corpus.path_of(each.warc_file), each.offset) for each in taken.notes]
    before = [unpack(read_at(*place).block) for place in places]
    down(corpus)
    for place, old in zip(places, before, strict=True):
        new = unpack(read_at(*place).block)
        assert isinstance(old, CaptureNote)
        assert isinstance(new, CaptureNote)
        assert old.lead is not None
        assert new.lead == Lead(old.lead.url, "gazette", FEED)
        assert (new.seq, new.robots, new.session, new.same_as) == (old.seq, old.robots, old.session, old.same_as)


def test_other_tools_accept_the_files(corpus: Corpus) -> None:
    down(corpus)
    for path in corpus.warc_files():
        for tool in (["gzip", "-t"], [sys.executable, "-m", "warcio.cli", "check"]):
            checked = subprocess.run([*tool, str(path)], capture_output=True, text=True, check=False)
            assert checked.returncode == 0, checked.stdout + checked.stderr
        with path.open("rb") as stream:
            assert all(each.record_id for each in ArchiveIterator(stream, parse_http=False))
        index = path.with_name(f"{path.name}.cdxj").read_text()
        assert "/jam" not in index
        assert index.count("\n") == len([each for each in walk(path) if _answers(each)])


def _answers(found: Any) -> bool:
    return found.record.type in ("response", "revisit")


def test_the_rows_say_so_and_nothing_else_has_changed(corpus: Corpus) -> None:
    before = dump(corpus)
    down(corpus)
    after = dump(corpus)
    assert {row[0] for row in before["articles"]} - {row[0] for row in after["articles"]} == {ID}
    leads = {row[0]: row for row in after["leads"]}
    for url in (JAM, SHORT):
        assert f"taken down: {REASON}" in leads[url]
        assert HEADLINE not in leads[url]
        assert Outcome.SKIPPED in leads[url]
    assert {row[1] for row in after["takedowns"]} == {JAM, SHORT}
    assert len(after["tombstones"]) == 4
    assert all(ID not in row for row in after["kin"])
    assert ("articles", "total", 4) in after["stats"]
    # Of what was recorded only its own captures went: the redirect to it stays
    gone = {row[0] for row in before["captures"]} - {row[0] for row in after["captures"]}
    assert gone == {row[0] for row in after["tombstones"]}
    assert SHORT in {row[1] for row in after["captures"]}
    with closing(corpus.database()) as db:
        db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'articles_fts', 'row')")
        known = {row[0] for row in db.execute("SELECT term FROM temp.words").fetchall()}
    assert "kolonda" in known
    assert known.isdisjoint(word.lower() for word in MARKERS)


def test_a_rebuild_gives_the_same_rows_and_does_not_bring_it_back(corpus: Corpus) -> None:
    down(corpus)
    before = dump(corpus)
    rebuild_rows(corpus)
    assert dump(corpus) == before
    assert with_words(corpus.folder, *MARKERS) == {}


def test_the_corpus_is_proven_before_and_after(corpus: Corpus) -> None:
    assert proven(corpus) == []
    down(corpus)
    assert proven(corpus) == []
    down(corpus, f"{HOME}/gate", f"{HOME}/bac")
    assert proven(corpus) == []


def test_a_text_that_is_back_is_found_out_and_can_be_taken_down_again(corpus: Corpus, tmp_path: Path) -> None:
    backup = shutil.copytree(corpus.warc_folder, tmp_path / "backup")
    down(corpus)
    shutil.copytree(backup, corpus.warc_folder, dirs_exist_ok=True)
    assert proven(corpus)
    assert len(down(corpus, ID)) == 1
    assert with_words(corpus.folder, *MARKERS) == {}
    assert all("with the checksum" in each for each in proven(corpus))  # that the files were changed stays on record
    (again,) = planned(corpus, ID)
    assert again.is_done


def test_what_stands_in_free_pages_goes_too(corpus: Corpus) -> None:
    """An earlier text that was written over, a lead in state.db, a rebuild that was stopped."""
    with closing(corpus.database()) as db:
        for word in ("zeppelinfirst", "quokkalast"):
            db.execute("UPDATE articles SET text = ? WHERE id = ?", [f"{word} " * 3000, ID])
            db.execute("UPDATE articles SET text = 'short' WHERE id = ?", [ID])
    lead = Lead(JAM, "gazette", FEED, title=f"{HEADLINE} Xylophonist", summary="wombatcaption")
    frontier = Frontier(corpus.state_file)
    frontier.add(lead)
    frontier.add(Lead(f"{HOME}/bac", "gazette", FEED, title="The ferry"))
    frontier.close()
    (corpus.folder / "corpus.db.rebuilding").write_bytes(b"zeppelinfirst")
    (corpus.folder / "corpus.db.rebuilding-wal").write_bytes(b"quokkalast")
    assert {"corpus.db", "state.db", "corpus.db.rebuilding"} <= set(with_words(corpus.folder, *MARKERS))
    down(corpus)
    assert with_words(corpus.folder, *MARKERS) == {}
    frontier = Frontier(corpus.state_file)
    row = frontier.db.execute("SELECT state, lead FROM frontier WHERE url = ?", [JAM]).fetchone()
    assert (row[0], json.loads(row[1])) == ("skipped", lead_values(Lead(JAM, "gazette", FEED)))
    assert [each.title for each in frontier.lease("gazette", 9, DOWN)] == ["The ferry"]
    frontier.close()


def test_a_reader_of_an_older_state_is_waited_for_then_named(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "PATIENCE", 50)
    with closing(sqlite3.connect(corpus.database_file)) as room:
        room.execute("BEGIN")
        assert room.execute("SELECT count(*) FROM articles").fetchone() == (5,)
        with pytest.raises(DatabaseBusy, match="reading room"):
            down(corpus)
        assert (corpus.folder / PENDING).exists()
    assert finish_takedowns(corpus)
    assert not finish_takedowns(corpus)
    assert with_words(corpus.folder, *MARKERS) == {}


def test_several_articles_are_one_line_each(corpus: Corpus) -> None:
    lines = down(corpus, JAM, f"{HOME}/pont", "gazette-the-gate")
    assert [line.values["article_id"] for line in lines] == [ID, "gazette-the-bridge", "gazette-the-gate"]
    assert [line.n for line in lines] == [4, 5, 6]
    assert with_words(corpus.folder, *MARKERS, "since Wednesday", "Behind the gate") == {}
    assert proven(corpus) == []


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


def test_a_file_that_is_not_gzip_is_refused_before_anything_is_done(corpus: Corpus) -> None:
    (taken,) = planned(corpus, JAM)
    name = taken.files[-1]
    with closing(corpus.database()) as db:
        db.execute("UPDATE captures SET warc_file = ? WHERE warc_file = ?", [name.removesuffix(".gz"), name])
    before = sums(corpus), corpus.journal.head
    with pytest.raises(NotToBeRewritten, match="recompress"):
        down(corpus)
    assert (sums(corpus), corpus.journal.head) == before


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


def test_the_crawl_is_told(corpus: Corpus) -> None:
    down(corpus)
    with closing(corpus.database()) as db:
        known = taken_down(db)
        db.execute(
            "INSERT INTO leads (url, kind, found_at, outcome, reason) VALUES (?, 'article', '', 'skipped', ?)",
            [f"{HOME}/moved", f"taken down: {REASON}"],
        )
        assert set(taken_down(db)) == {JAM, SHORT, f"{HOME}/moved"}
    assert known == {JAM: f"taken down: {REASON}", SHORT: f"taken down: {REASON}"}
    decision = barred(Lead(JAM, "gazette", FEED, title=HEADLINE, summary=SUMMARY), known)
    assert decision is not None
    assert (decision.lead, decision.outcome, decision.reason) == (Lead(JAM, "gazette", FEED), "skipped", known[JAM])
    assert barred(Lead(f"{HOME}/bac", "gazette", FEED), known) is None


def test_the_same_article_under_another_address_is_not_taken_in(corpus: Corpus) -> None:
    down(corpus)
    press = Press(corpus, "20230807T120000Z-ef56")
    press.ask("/moved", page(HEADLINE, "zeppelinfirst", number=STABLE), title=HEADLINE)
    press.close()
    rebuild_rows(corpus)
    with closing(corpus.database()) as db:
        assert db.execute("SELECT count(*) FROM articles WHERE stable_id = ?", [STABLE]).fetchone() == (0,)
        assert f"{HOME}/moved" in taken_down(db)
    down(corpus, f"{HOME}/moved")
    assert with_words(corpus.folder, *MARKERS) == {}
    assert proven(corpus) == []


def test_the_id_is_never_given_again(corpus: Corpus) -> None:
    down(corpus)
    url = f"{HOME}/other"
    capture = Capture(url, "gazette", AT, 200, None, Pointer("", 0, 0), "", Kind.ARTICLE, url)
    with closing(corpus.database()) as db:
        assert new_id(db, capture, Article(url, "gazette", title=HEADLINE)) == f"{ID}-2"


def test_a_journal_that_grows_meanwhile_is_waited_out(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tombstones name the line: where another process adds one before it, they are made anew."""
    append: Callable[..., Line] = Journal.append
    seen: list[str] = []

    def busy(self: Journal, kind: str, at: Any, **values: Any) -> Line:
        if not seen:
            seen.append(kind)
            append(self, "label", at, article_id="gazette-the-ferry")
        return append(self, kind, at, **values)

    monkeypatch.setattr(Journal, "append", busy)
    (line,) = down(corpus)
    assert line.n == 5
    (stone,) = {
        said["journal"]
        for path in corpus.warc_files()
        for found in walk(path)
        if isinstance(found, Found) and (said := said_by(found.record))
    }
    assert stone == 5
    monkeypatch.undo()
    with pytest.raises(JournalGrew):
        corpus.journal.append("takedown", DOWN, after=(0, ""))  # type: ignore[arg-type]


def hemeroteca(corpus: Corpus, *words: str) -> tuple[int, str]:
    """The exit code of the command, and what it printed."""
    ended = CliRunner().invoke(command, ["--corpus", str(corpus.folder), *words])
    if isinstance(ended.exception, HemerotecaError):
        return ended.exception.exit_code, str(ended.exception)
    return ended.exit_code, ended.output


def test_the_command(corpus: Corpus) -> None:
    before = {path: path.read_bytes() for path in corpus.folder.rglob("*") if path.suffix in (".gz", ".jsonl")}
    _, shown = hemeroteca(corpus, f"{JAM}?utm_source=feed", ID, "--dry-run", "--json")
    (article,) = json.loads(shown)["articles"]
    assert (article["article"], len(article["records"]), len(article["notes"])) == (ID, 4, 5)
    assert article["rows"]["captures"] == 4
    assert article["copies"] == ["gazette-a-copy"]
    for words, why in (((JAM,), "needs a reason"), ((JAM, "--reason", REASON), "nobody is there to confirm")):
        code, said = hemeroteca(corpus, *words)
        assert code == 2
        assert why in said
    assert {path: path.read_bytes() for path in before} == before
    with corpus.lock():
        assert hemeroteca(corpus, JAM, "--reason", REASON, "--yes")[0] == CorpusLocked.exit_code
    code, done = hemeroteca(corpus, JAM, "--reason", f" {REASON}\n", "--yes")
    assert code == 0, done
    assert f"{ID} is taken down: 4 records and 5 notes in 3 files; line 4 of the journal." in done
    assert "gazette-a-copy" in done
    assert with_words(corpus.folder, *MARKERS) == {}
    code, again = hemeroteca(corpus, ID, "--reason", "once more", "--yes")
    assert (code, corpus.journal.head.n) == (0, 4)
    assert "is taken down already, since" in again


def test_help_says_that_there_is_no_way_back(corpus: Corpus) -> None:
    said = " ".join(hemeroteca(corpus, "--help")[1].split())
    for words in ("There is no undo", "Backups, exports made before", "Feeds, sitemaps and listings", "--dry-run"):
        assert words in said


def test_what_a_crash_left_open_is_closed_and_read_first(corpus: Corpus) -> None:
    """A capture that was recorded and never indexed is taken down with the others."""
    press = Press(corpus, f"{RUN[:4]}0807T120000Z-ef56")
    press.ask("/jam", page(HEADLINE, "zeppelinfirst of another day", number=STABLE), title=HEADLINE)
    press.public.commit()
    assert list(corpus.folder.rglob("*.open"))
    code, done = hemeroteca(corpus, JAM, "--reason", REASON, "--yes", "--json")
    assert code == 0, done
    (article,) = json.loads(done)["articles"]
    assert len(article["records"]) == 5
    assert with_words(corpus.folder, *MARKERS) == {}
    assert list(corpus.folder.rglob("*.open")) == []


def test_other_databases_are_left_alone(corpus: Corpus) -> None:
    with closing(Database(str(corpus.folder / "notes.db"))) as db:
        db.table("notes").insert({"text": "zeppelinfirst"})
    down(corpus)
    assert list(with_words(corpus.folder, *MARKERS)) == ["notes.db"]
