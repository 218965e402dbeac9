"""`hemeroteca import` and `read` of files that others made."""

import hashlib
import json
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.corpus import Corpus
from archive.errors import HemerotecaError, UsageError
from archive.foreign import admit, standing, survey
from archive.records import read_at
from crawler.clock import utc_now
from crawler.verbs import import_, read, rebuild
from tests.museum import MUSEUM, answer, gz, info, page, pages, record, url_of, write

TOPIC = """
schema = 1
id = "grain"
title = "Grain"
[rule]
require = ["grain"]
min_score = 1.0
prefilter = "none"
[concepts.grain]
en = ["wheat"]
"""
COPIED = "warc/imported/a.warc.gz"


def article(n: int, words: str) -> bytes:
    """A page with enough prose to pass for an article."""
    paragraph = (
        f"The {words} of the harvest came late to the town this year, and number {n} of the silos stayed empty. "
    )
    body = "".join(f"<p>{paragraph * 3}</p>" for _ in range(4))
    head = f"<title>Story {n}</title><meta property='article:published_time' content='2023-08-0{n}T10:00:00Z'>"
    return (
        f"<html lang='en'><head>{head}</head><body><article><h1>Story {n}</h1>{body}</article></body></html>".encode()
    )


def stories() -> list[bytes]:
    """Three articles, a picture, a script, the address of a host, and an error."""
    made = [
        record("response", url_of(n), answer(article(n, words)))
        for n, words in ((1, "wheat"), (2, "barley"), (3, "wheat"))
    ]
    return [
        info("wget/1"),
        record("response", "dns:press.example", b"20230804\npress.example. 60 IN A 192.0.2.1\n", mime="text/dns"),
        *made,
        record("response", "http://press.example/a.png", answer(b"\x89PNG", mime="image/png")),
        record("response", "http://press.example/a.js", answer(b"var a = 1", mime="text/javascript")),
        record("response", "http://press.example/gone", answer(b"<p>Not here</p>", status="404 Not Found")),
    ]


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    return write(tmp_path / "elsewhere", "a.warc.gz", gz(*stories()))[0]


@pytest.fixture
def wheat(corpus: Corpus) -> Corpus:
    (corpus.folder / "topics").mkdir(exist_ok=True)
    (corpus.folder / "topics" / "grain.toml").write_text(TOPIC)
    return corpus


def run(corpus: Corpus, *words: Path | str) -> Result:
    arguments = [*map(str, words), "--corpus", str(corpus.folder), "--workers", "1"]
    return CliRunner().invoke(import_.command, arguments)


def ran(corpus: Corpus, *words: Path | str) -> dict[str, Any]:
    result = run(corpus, *words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    db = sqlite3.connect(database)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def dump(database: Path) -> list[str]:
    """Everything in it but the time at which its tables were made."""
    db = sqlite3.connect(database)
    try:
        return [line for line in db.iterdump() if "_sqlite_migrations" not in line]
    finally:
        db.close()


def test_articles_come_in_and_the_file_stays_where_it_is(wheat: Corpus, foreign: Path) -> None:
    before = foreign.read_bytes()
    said = ran(wheat, foreign)
    assert foreign.read_bytes() == before
    assert said["files"] == [
        {
            "file": str(foreign),
            "sha256": hashlib.sha256(before).hexdigest(),
            "bytes": len(before),
            "records": 8,
            "copied": False,
            "new": True,
        }
    ]
    assert said["outlets"] == [
        {"outlet": None, "captures": 4, "articles": 3, "matches": 2, "outcomes": {"ok": 3, "http_error": 1}}
    ]
    assert (said["passed_over"], said["damage"], said["dry_run"]) == (3, [], False)
    assert rows(wheat.database_file, "SELECT title, kept FROM articles ORDER BY title") == [
        ("Story 1", 1),
        ("Story 2", 0),
        ("Story 3", 1),
    ]
    captures = rows(wheat.database_file, "SELECT url, warc_file, warc_offset, fidelity, session FROM captures")
    assert len(captures) == 4
    for url, file, offset, fidelity, session in captures:
        assert (file, fidelity, session) == (str(foreign), None, "anonymous")
        assert read_at(Path(file), offset).target_uri == url
    (line,) = wheat.journal.lines()
    assert line.kind == "imported"
    assert line.values["copied"] is False
    assert not list(wheat.warc_folder.rglob("*.gz"))

    # The same again changes nothing, however the file is named
    database, journal = dump(wheat.database_file), wheat.journal.path.read_bytes()
    again = run(wheat, foreign.parent / ".." / "elsewhere" / "a.warc.gz")
    assert (again.exit_code, "nothing changed" in again.output) == (0, True)
    twin = foreign.with_name("twin.warc.gz")
    shutil.copy(foreign, twin)
    assert ran(wheat, twin, "--copy")["files"][0]["new"] is False
    assert dump(wheat.database_file) == database
    assert wheat.journal.path.read_bytes() == journal

    # A rebuild reads it again, from the journal
    words = ["--corpus", str(wheat.folder), "--into", str(wheat.folder / "again.db"), "--workers", "1"]
    assert CliRunner().invoke(rebuild.command, words).exit_code == 0
    assert dump(wheat.folder / "again.db") == database

    # Another file under the name is not taken for it
    foreign.write_bytes(b"".join(gz(*pages(2))))
    refused = run(wheat, foreign)
    assert isinstance(refused.exception, UsageError)
    assert "is not the file that was imported" in str(refused.exception)
    assert wheat.journal.path.read_bytes() == journal


def test_a_dry_run_counts_and_changes_nothing(wheat: Corpus, foreign: Path) -> None:
    before = sorted(path.name for path in wheat.folder.rglob("*"))
    said = ran(wheat, foreign, "--dry-run")
    assert said["outlets"] == [
        {"outlet": None, "captures": 4, "articles": None, "matches": None, "outcomes": {"ok": 3, "http_error": 1}}
    ]
    assert (said["passed_over"], said["dry_run"]) == (3, True)
    assert sorted(path.name for path in wheat.folder.rglob("*")) == before


def test_copies_and_packages(wheat: Corpus, foreign: Path) -> None:
    package = foreign.with_name("b.wacz")
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(
            "archive/data.warc.gz", b"".join(gz(record("response", url_of(7), answer(article(7, "wheat")))))
        )
    said = ran(wheat, foreign, "--copy", package)
    copies = ["warc/imported/a.warc.gz", "warc/imported/b.wacz"]
    assert [(each["file"], each["copied"]) for each in said["files"]] == [(each, True) for each in copies]
    assert [each.values["file"] for each in wheat.journal.lines()] == copies
    for name, source in zip(copies, (foreign, package), strict=True):
        assert (wheat.folder / name).read_bytes() == source.read_bytes()
    shutil.rmtree(foreign.parent)
    found = rows(wheat.database_file, "SELECT DISTINCT warc_file FROM captures ORDER BY 1")
    assert found == [("warc/imported/a.warc.gz",), ("warc/imported/b.wacz!/archive/data.warc.gz",)]
    for url, file, offset in rows(wheat.database_file, "SELECT url, warc_file, warc_offset FROM captures"):
        assert read_at(wheat.path_of(file), offset).target_uri == url


def test_damage_is_told_and_the_rest_comes_in(wheat: Corpus, foreign: Path) -> None:
    data = foreign.read_bytes()
    foreign.write_bytes(data[: len(data) // 2] + bytes(50) + data[len(data) // 2 + 50 :])
    result = run(wheat, foreign, "--json")
    said = json.loads(result.stdout)
    assert result.exit_code == 1
    assert len(said["damage"]) == 1
    assert said["damage"][0].startswith(f"{foreign}@")
    assert sum(each["captures"] for each in said["outlets"]) + said["passed_over"] == 6
    assert rows(wheat.database_file, "SELECT damage LIKE '%@%' FROM warcs") == [(1,)]


def test_a_file_without_a_record_is_left_out_and_told(wheat: Corpus, foreign: Path, tmp_path: Path) -> None:
    bad = write(tmp_path, "text.warc.gz", [b"404 Not Found\n"])[0]
    empty = tmp_path / "empty.warc"
    empty.touch()
    alone = run(wheat, bad)
    assert isinstance(alone.exception, UsageError)
    assert "no record that can be read" in str(alone.exception)
    assert not wheat.journal.path.exists()
    for words in (["--dry-run"], []):
        done = run(wheat, *words, bad, foreign, empty, "--json")
        assert done.exit_code == 1
        said = json.loads(done.stdout)
        assert [each["file"] for each in said["files"]] == [str(foreign)]
        assert [line.partition(" ")[0] for line in said["refused"]] == [str(bad), str(empty)]
    assert rows(wheat.database_file, "SELECT count(*) FROM articles") == [(3,)]


def test_an_error_in_a_topic_is_told_before_anything_is_written(corpus: Corpus, foreign: Path) -> None:
    (corpus.folder / "topics").mkdir(exist_ok=True)
    (corpus.folder / "topics" / "bad.toml").write_text("schema = 1\nconcept = 3")
    assert isinstance(run(corpus, foreign).exception, UsageError)
    assert not corpus.journal.path.exists()
    assert not corpus.database_file.exists()


# ---- what is entered in the journal


def test_what_is_no_file_to_import(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    (tmp_path / "a.html").write_bytes(b"<p>")
    (tmp_path / "a.warc.gz.open").write_bytes(b"".join(gz(*pages(1))))
    (tmp_path / "torn.wacz").write_bytes(b"PK\x03\x04")
    (tmp_path / "new\nline.warc").write_bytes(pages(1)[0])
    for path in sorted(each for each in tmp_path.iterdir() if each != corpus.folder):
        with pytest.raises(UsageError):
            survey(path)
    with pytest.raises(UsageError, match="directory"):
        survey(tmp_path)
    inside = corpus.warc_folder / "mine.warc"
    inside.parent.mkdir(exist_ok=True)
    inside.write_bytes(pages(1)[0])
    with pytest.raises(UsageError, match="rebuild"):
        standing(corpus, survey(inside))


def test_a_copy_takes_another_name_where_its_own_is_taken(corpus: Corpus, foreign: Path, tmp_path: Path) -> None:
    other = write(tmp_path, "a.warc.gz", gz(*pages(2)))[0]
    long = write(tmp_path, f"{'x' * 200}.warc.gz", gz(*pages(3)))[0]
    names = [admit(corpus, survey(path), utc_now(), copy=True).file for path in (foreign, other, long)]
    assert names[0] == COPIED
    assert names[1] == f"warc/imported/{survey(other).sha256[:16]}-a.warc.gz"
    assert len(Path(names[2]).name) < 60
    assert names[2].endswith(".warc.gz")
    for name, path in zip(names, (foreign, other, long), strict=True):
        assert (corpus.folder / name).read_bytes() == path.read_bytes()
        assert admit(corpus, survey(path), utc_now(), copy=True).new is False


def test_a_copy_that_a_crash_left_out_is_made_without_a_second_line(corpus: Corpus, foreign: Path) -> None:
    assert admit(corpus, survey(foreign), utc_now(), copy=True).new
    (corpus.folder / COPIED).unlink()
    assert admit(corpus, survey(foreign), utc_now(), copy=True).file == COPIED
    assert (corpus.folder / COPIED).read_bytes() == foreign.read_bytes()
    assert len(list(corpus.journal.lines())) == 1


def test_a_file_that_changes_while_it_is_copied(corpus: Corpus, foreign: Path) -> None:
    found = survey(foreign)
    with foreign.open("ab") as file:
        file.write(b"more")
    with pytest.raises(HemerotecaError, match="changed while it was copied"):
        admit(corpus, found, utc_now(), copy=True)
    assert not list(corpus.journal.lines())
    assert not list((corpus.warc_folder / "imported").iterdir())


# ---- read


def reading(*words: Path | str) -> tuple[int, list[dict[str, Any]], str]:
    result = CliRunner().invoke(read.command, [*map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_read_looks_into_packages(foreign: Path) -> None:
    package = foreign.with_name("b.wacz")
    with zipfile.ZipFile(package, "w") as target:
        target.writestr("archive/a.warc.gz", foreign.read_bytes())
        target.writestr("archive/b.warc", record("response", url_of(5), answer(article(5, "oats"))))
    code, found, told = reading(package)
    assert [each["title"] for each in found] == ["Story 1", "Story 2", "Story 3", "Story 5"]
    assert (code, told) == (0, "")


def test_read_goes_through_every_file_of_the_museum(tmp_path: Path) -> None:
    paths: dict[str, Path] = {}
    for name, make in MUSEUM.items():
        folder = tmp_path / name
        folder.mkdir()
        shown = make(folder)
        paths[name] = Path(str(shown.path).partition("!/")[0])
        code, _, told = reading(paths[name], "--all")
        named = [line for line in told.splitlines() if "@" in line]
        assert [int(line.partition("@")[2].partition(":")[0]) for line in named] == list(shown.damage), name
        assert not (shown.damage and code == 0), name
    for name in ("empty", "a_text_file"):
        assert "holds no page" in reading(paths[name])[2]


def test_read_refuses_a_broken_package_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    path.write_bytes(page(1))
    result = CliRunner().invoke(read.command, [str(path)])
    assert isinstance(result.exception, UsageError)
    assert "no whole WACZ file" in str(result.exception)
