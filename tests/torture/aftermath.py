"""What a broken crawl leaves behind: straight after the fault, and after the restart."""

import shutil
import sqlite3
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from archive.corpus import Corpus
from archive.custody import verify
from archive.events import checksums_of
from archive.index import Index
from archive.rebuild import catch_up, finish
from archive.schema import open_database
from tests.torture import witness
from tests.torture.offline import Book, HereReader
from tests.torture.proof import dump


def left(folder: Path) -> tuple[set[str], list[str]]:
    """Straight after the fault: the articles that are recorded, and rows or finished URLs without a record."""
    records: dict[tuple[str, int], witness.Seen] = {}
    for path in folder.glob("warc*/**/*.warc.gz*"):
        if not path.name.endswith(".cdxj"):
            name = path.relative_to(folder).as_posix().removesuffix(".open")
            records.update({(name, each.offset): each for each in witness.whole_responses(path)})
    faults = []
    copy = folder.parent / "left"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for path in folder.glob("*.db*"):
        if not path.name.endswith("-shm"):
            shutil.copy(path, copy)
    rows, _, _ = rows_of(copy / "corpus.db")
    for row in rows:
        seen = records.get((row["warc_file"], row["warc_offset"]))
        if seen is None or seen.id != row["record_id"]:
            faults.append(f"the row of {row['url']} at {row['warc_offset']} has no record")
    with sqlite3.connect(copy / "state.db") as db:
        done = {row[0] for row in db.execute("SELECT url FROM frontier WHERE state = 'done' AND kind = 'article'")}
    db.close()
    faults += [f"{url} is done and has no row" for url in done - {row["url"] for row in rows}]
    return {seen.url for seen in records.values() if "/reports/" in seen.url}, faults


def whole(folder: Path, book: Book, empty: Path | None) -> list[str]:
    """What must hold after a restart that nothing disturbed, and does not.

    `empty`: a database without rows; with it a rebuild and `verify` are asked, too.
    """
    faults = [f"{path.name} was left" for path in (*folder.rglob("*.open"), *folder.rglob("*.part"))]
    files = sorted(folder.glob("warc*/**/*.warc.gz"))
    answers: dict[str, witness.Seen] = {}
    for path in files:
        for each in _whole_file(path.read_bytes(), path):
            if isinstance(each, str):
                faults.append(each)
            else:
                answers[each.id] = each
    rows, articles, events = rows_of(folder / "corpus.db")
    for row in rows:
        try:
            seen = witness.record_at(folder / row["warc_file"], row["warc_offset"])
        except (witness.Cut, OSError) as fault:
            faults.append(f"the row of {row['url']} has no record: {fault}")
            continue
        if (seen.id, seen.length, seen.url) != (row["record_id"], row["warc_length"], row["url"]):
            faults.append(f"the row of {row['url']} names another record")
        payload = answers.get(seen.field("WARC-Refers-To"), seen) if seen.type == "revisit" else seen
        if row["payload_sha256"] != sha256(payload.content).hexdigest():
            faults.append(f"the row of {row['url']} does not give its digest")
    indexed = {row["record_id"] for row in rows}
    faults += [f"record {seen.id} of {seen.url} has no row" for key, seen in answers.items() if key not in indexed]
    for page in book.pages.values():
        if page.first not in articles.get(page.url, "") or page.last not in articles.get(page.url, ""):
            faults.append(f"{page.url} has no whole article")
    corpus = Corpus(folder)
    known = checksums_of(corpus.journal.lines())
    for path in files:
        name = path.relative_to(folder).as_posix()
        if name not in known or known[name].sha256 != sha256(path.read_bytes()).hexdigest():
            faults.append(f"the journal does not know {name} as it is")
    if len(events) != sum(1 for _ in corpus.journal.lines()):
        faults.append("the events are not the journal's lines")
    return faults + _proven(corpus, empty) if empty else faults


def _proven(corpus: Corpus, empty: Path) -> list[str]:
    """What `verify` finds, and where a rebuild gives other rows."""
    again = corpus.folder.parent / "again.db"
    shutil.copy(empty, again)
    db = open_database(str(again))
    index = Index(db, corpus.topics())
    catch_up(corpus, index, HereReader(corpus).entries)
    finish(corpus, index)
    db.close()
    before, after = dump(corpus.database_file), dump(again)
    account = verify(corpus, HereReader(corpus).entries)
    return [f"verify: {each}" for each in account.findings if each.fault] + [
        f"rebuild gives other rows of {table}: {sorted(set(map(repr, rows)) ^ set(map(repr, after[table])))[:2]}"
        for table, rows in before.items()
        if rows != after[table]
    ]


def rows_of(file: Path) -> tuple[list[sqlite3.Row], dict[str, str], list[sqlite3.Row]]:
    """Captures, text by article URL, events; the database must be sound."""
    with sqlite3.connect(file) as db:
        db.row_factory = sqlite3.Row
        assert [row[0] for row in db.execute("PRAGMA integrity_check")] == ["ok"], file
        db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
        rows = db.execute("SELECT * FROM captures").fetchall()
        articles = {row["url"]: row["text"] for row in db.execute("SELECT url, text FROM articles")}
        events = db.execute("SELECT * FROM events").fetchall()
        db.rollback()
    db.close()
    return rows, articles, events


@lru_cache(maxsize=500)
def _whole_file(data: bytes, path: Path) -> list[str | witness.Seen]:
    """The answers in a closed file, and what any reader has against it; kept, since most files never change."""
    return [*witness.unreadable(path), *witness.whole_responses(path)]
