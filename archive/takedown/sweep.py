"""Words that are deleted are gone from the file, too.

SQLite leaves deleted rows in free pages, in the write-ahead log, and deleted words in the segments of a search index
(sqlite.org, "FTS5", §6.9; "PRAGMA secure_delete"; "VACUUM").
"""

import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from archive.errors import DatabaseBusy

PATIENCE = 20_000  # milliseconds to wait for readers


def sweep(db: Database, path: Path, *, search: str | None = None) -> None:
    """Writes the file of a database anew, without anything that is no row, and empties its log.

    `search`: its FTS5 table. Raises DatabaseBusy where another program still reads an older state, sqlite3.Error.
    """
    db.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    if search is not None:
        with db.atomic():
            db.execute(f"INSERT INTO {search} ({search}) VALUES ('optimize')")
    db.execute("VACUUM")
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise DatabaseBusy(
            f"another program still reads an older state of {path}, so words that were taken down may stand in its"
            " -wal file: stop the reading room and whatever else has it open, then run this again"
        )


def sweep_frontier(path: Path, urls: Iterable[str]) -> None:
    """Takes title and summary of these URLs out of state.db, lets none of them wait to be fetched, and sweeps it."""
    with closing(Database(str(path))) as db:
        if "frontier" in db.table_names():
            with db.atomic():
                for url in sorted(urls):
                    row = db.execute("SELECT lead FROM frontier WHERE url = ?", [url]).fetchone()
                    if row is None:
                        continue
                    lead = {
                        name: value for name, value in json.loads(row[0]).items() if name not in ("title", "summary")
                    }
                    db.execute(
                        "UPDATE frontier SET lead = ?, state = 'skipped', not_before = NULL WHERE url = ?",
                        [json.dumps(lead, ensure_ascii=False), url],
                    )
        sweep(db, path)
