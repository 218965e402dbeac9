"""SQLite's own checks: the file's structure, keys that point to rows that are there, the search index."""

import sqlite3

from sqlite_utils import Database

from archive.custody.account import Account, Part

_PLACE = "corpus.db"


def check_database(db: Database, account: Account) -> None:
    """Runs `integrity_check`, `foreign_key_check` and FTS5's integrity-check, against itself and against the texts."""
    rows = [row[0] for row in db.execute("PRAGMA integrity_check").fetchall()]
    for line in rows if rows != ["ok"] else ():
        account.fault(Part.DATABASE, _PLACE, f"SQLite's integrity check: {line}")
    if rows == ["ok"]:
        account.count(Part.DATABASE, "integrity check")
    broken = 0
    for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check"):
        broken += 1
        why = f"it points to a row of {parent} that is not there"
        account.fault(Part.DATABASE, f"{table}[rowid {rowid}]", why, table=table, key=str(rowid))
    if not broken:
        account.count(Part.DATABASE, "foreign keys")
    _check_search(db, account)


def _check_search(db: Database, account: Account) -> None:
    """FTS5, "The 'integrity-check' Command": rank 1 compares the index with the table it is made from."""
    for rank, what in ((0, "is damaged"), (1, "is not that of the texts in articles_norm")):
        try:
            db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', ?)", [rank])
        except sqlite3.DatabaseError as error:
            account.fault(Part.DATABASE, "articles_fts", f"the search index {what} ({error})", table="articles_fts")
            return
    account.count(Part.DATABASE, "search index")
