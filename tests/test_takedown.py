"""Taking an article down: nothing of it is left, everything else is as it was, and all of it can be proven."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator
from sqlite_utils import Database

from archive.corpus import Corpus
from archive.errors import DatabaseBusy
from archive.journal import Journal, JournalGrew, Line
from archive.model import Lead, Outcome
from archive.notes import CaptureNote, lead_values, unpack
from archive.records import Found, read_at, walk
from archive.takedown import finish_takedowns, sweep
from archive.takedown.pending import PENDING
from archive.takedown.tombstone import said_by
from crawler.frontier import Frontier
from tests.takedown_act import ID, JAM, SHORT, down, planned, proven
from tests.takedown_corpus import (
    DOWN,
    FEED,
    HEADLINE,
    HOME,
    MARKERS,
    REASON,
    STABLE,
    dump,
    sums,
    with_words,
)


@pytest.fixture
def corpus(gazette: Corpus) -> Corpus:
    return gazette


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


def test_the_corpus_is_proven_before_and_after(corpus: Corpus) -> None:
    assert proven(corpus) == []
    down(corpus)
    assert proven(corpus) == []
    down(corpus, f"{HOME}/gate", f"{HOME}/bac")
    assert proven(corpus) == []


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


def test_other_databases_are_left_alone(corpus: Corpus) -> None:
    with closing(Database(str(corpus.folder / "notes.db"))) as db:
        db.table("notes").insert({"text": "zeppelinfirst"})
    down(corpus)
    assert list(with_words(corpus.folder, *MARKERS)) == ["notes.db"]
