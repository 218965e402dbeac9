"""One byte or one value is changed, anywhere: it is found, and named with its file and record, or its row."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.corpus import Corpus
from archive.custody import Account, Finding
from archive.records import Found, walk
from tests.verify_corpus import AT, Press, build, copied, faults, proved

ALIKE = {("warcs", "indexed"), ("articles_norm", "n")}  # bookkeeping: how far, and in which order, something was read


@dataclass(frozen=True)
class Place:
    """A member of a WARC file."""

    path: Path
    offset: int
    length: int
    record_id: str
    type: str


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("damage") / "corpus")


def places(corpus: Corpus) -> list[Place]:
    return [
        Place(path, each.offset, each.length, each.record.record_id, each.record.type)
        for path in corpus.warc_files()
        for each in walk(path)
        if isinstance(each, Found)
    ]


def flipped(corpus: Corpus, path: Path, at: int, bit: int) -> Account:
    data = path.read_bytes()
    try:
        path.write_bytes(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
        return proved(corpus, quick=True)
    finally:
        path.write_bytes(data)


def about(account: Account, file: str) -> list[Finding]:
    return [each for each in account.findings if each.fault and each.file == file]


def check(corpus: Corpus, place: Place, inside: int, bit: int) -> None:
    account = flipped(corpus, place.path, place.offset + inside, bit)
    found = [each for each in about(account, corpus.name_of(place.path)) if each.offset == place.offset]
    assert found, (place, inside, bit, faults(account))
    if place.type in ("response", "revisit"):
        assert any(each.record_id == place.record_id for each in found), (place, inside, bit, faults(account))


def test_a_flipped_bit_in_the_head_of_a_member_is_named_with_its_record(corpus: Corpus) -> None:
    """Readers pass over the time, the extra flags and the system: one flip gives the head that tombstones have."""
    place = places(corpus)[0]
    for inside in range(10):
        check(corpus, place, inside, 2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.data())
def test_a_flipped_bit_anywhere_in_a_warc_is_named_with_its_record(corpus: Corpus, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(corpus)))
    check(corpus, place, data.draw(st.integers(0, place.length - 1)), 1 << data.draw(st.integers(0, 7)))


def test_bits_that_carry_no_content_are_named_too(corpus: Corpus) -> None:
    """The head of a gzip member has a time and a system that no digest and no CRC covers."""
    found = places(corpus)
    for inside in range(10):
        check(corpus, found[inside * 3], inside, 1 << inside % 8)


def test_each_record_of_sixteen_is_named_by_a_byte_in_its_middle(tmp_path: Path) -> None:
    corpus = build(tmp_path / "corpus")
    press = Press(corpus, "20230807T120000Z-dddd", AT + timedelta(days=3))
    for n in range(4):
        press.answer(f"/n{n}", f"Titre {n}\n{'mots ' * 200}".encode())
    press.skip("/older")
    press.end()
    found = [each for each in places(corpus) if "20230807" in each.path.name]
    assert len(found) == 16
    for place in found:
        account = flipped(corpus, place.path, place.offset + place.length // 2, 0xFF)
        named = [each for each in about(account, corpus.name_of(place.path)) if each.part == "records"]
        assert [each.offset for each in named] == [place.offset]
        assert place.record_id in named[0].what


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.data())
def test_a_flipped_bit_in_journal_or_cdxj_is_named_with_its_line(corpus: Corpus, data: st.DataObject) -> None:
    files = [corpus.journal.path, *sorted(corpus.folder.rglob("*.cdxj"))]
    path = data.draw(st.sampled_from(files))
    before = path.read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    account = flipped(corpus, path, at, 1 << data.draw(st.integers(0, 7)))
    name = path.relative_to(corpus.folder).as_posix()
    number = before[:at].count(b"\n") + 1
    # A last line without its end counts as never written: that is said, and what it said of a file is missed
    found = [each for each in account.findings if each.file == name]
    assert any(each.place.endswith(f"line {number}") for each in found), (name, at, faults(account))
    assert not account.proven


def columns(corpus: Corpus) -> dict[str, list[tuple[str, bool]]]:
    """By table with rows, its columns and whether they hold numbers."""
    with closing(sqlite3.connect(corpus.database_file)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: [
                (name, kind in ("INTEGER", "FLOAT", "REAL"))
                for _, name, kind, *_ in db.execute(f'PRAGMA table_info("{table}")')
                if (table, name) not in ALIKE
            ]
            for table in tables
            if not table.startswith(("_", "articles_fts", "sqlite_"))
            and db.execute(f'SELECT 1 FROM "{table}"').fetchone()
        }


def rounds(corpus: Corpus) -> Iterator[list[tuple[str, str, bool]]]:
    """Every column of every table once, one of each table at a time; those on which others depend by themselves."""
    alone = ("warcs", "runs", "events")
    found = columns(corpus)
    for table in alone:
        yield from ([(table, *column)] for column in found[table])
    for number in range(max(map(len, found.values()))):
        yield [(table, *each[number]) for table, each in found.items() if table not in alone and number < len(each)]


def test_a_changed_value_in_any_column_of_any_table_is_named_with_its_row(corpus: Corpus) -> None:
    dice = random.Random(20230804)  # noqa: S311
    untouched = corpus.database_file.read_bytes()
    seen = 0
    for changes in rounds(corpus):
        with closing(sqlite3.connect(corpus.database_file)) as db:
            db.execute("PRAGMA journal_mode = DELETE")
            for table, column, number in changes:
                rowid, value = dice.choice(db.execute(f'SELECT rowid, "{column}" FROM "{table}"').fetchall())
                new = (value or 0) + 1000 if number else f"{value or ''}x"
                db.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', [new, rowid])
            db.commit()
        account = proved(corpus)
        for table, column, _ in changes:
            found = [each for each in account.findings if each.fault and each.table == table and each.key]
            assert any(each.column == column or f"{column}=" in (each.key or "") for each in found), (table, column)
            seen += 1
        corpus.database_file.write_bytes(untouched)
    assert seen > 120
    assert proved(corpus).proven


def changed(corpus: Corpus, tmp_path: Path, *statements: str) -> Account:
    """The account of a copy in whose database these were executed."""
    copy = copied(corpus, tmp_path / "changed")
    with closing(sqlite3.connect(copy.database_file)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            db.execute(statement)
        db.commit()
    return proved(copy)


def test_a_row_that_points_to_another_record_is_named(corpus: Corpus, tmp_path: Path) -> None:
    account = changed(
        corpus,
        tmp_path,
        "UPDATE captures SET (warc_offset, warc_length) ="
        " (SELECT warc_offset, warc_length FROM captures WHERE url LIKE '%/3') WHERE url LIKE '%/4'",
    )
    found = [each for each in account.findings if each.part == "rows" and each.url == "https://a.example/4"]
    assert any("there lies" in each.what for each in found)


FORGED = """
CREATE TEMP TABLE forged AS SELECT * FROM articles LIMIT 1;
UPDATE forged SET id = 'forged';
INSERT INTO articles SELECT * FROM forged
"""
TOMBSTONE = """
INSERT INTO tombstones (capture_id, record_id, article_id, url, fetched_at, warc_file, warc_offset, entry)
SELECT id, record_id, 'x', url, fetched_at, warc_file, warc_offset, 1 FROM captures LIMIT 1
"""


@pytest.mark.parametrize(
    ("statements", "table"),
    [
        ("DELETE FROM captures WHERE url LIKE '%/6'", "captures"),
        ("DELETE FROM articles WHERE url LIKE '%/6'", "articles"),
        ("DELETE FROM events WHERE n = 2", "events"),
        (FORGED, "articles"),
        (TOMBSTONE, "tombstones"),
        ("UPDATE articles_norm SET text = 'other words'", "articles_norm"),
        ("DROP TRIGGER articles_norm_update", "articles_norm"),
        ("CREATE TABLE more (n)", "more"),
        ("DROP TABLE kin", "kin"),
    ],
)
def test_rows_and_tables_that_come_or_go_are_named(corpus: Corpus, tmp_path: Path, statements: str, table: str) -> None:
    account = changed(corpus, tmp_path, *statements.split(";"))
    assert any(each.table == table for each in account.findings if each.fault), faults(account)


def test_a_search_index_of_other_words_is_found(corpus: Corpus, tmp_path: Path) -> None:
    account = changed(
        corpus,
        tmp_path,
        "DROP TRIGGER articles_norm_update",
        "UPDATE articles_norm SET text = 'other words'",
    )
    assert any(each.table == "articles_fts" for each in account.findings)
