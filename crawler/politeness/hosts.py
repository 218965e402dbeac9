"""What is known of each host's pace across runs: the table `hosts` of state.db.

A crawl that follows at once upon another, or upon one that was killed, keeps the gap all the same.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from archive.times import moment, stamp


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs left about a host.

    `asked_at`: the last request; `under_way`: the run ended before it was known when the host had read it.
    `not_before`: the host asked to be left alone until then. `delay`: seconds between requests that 429 and 503 have
    taught; `crawl_delay`: those that its robots.txt asks for; 0 for neither. `why`: the last reason for a rest.
    """

    asked_at: datetime
    under_way: bool = False
    not_before: datetime | None = None
    delay: float = 0.0
    crawl_delay: float = 0.0
    why: str | None = None


class Hosts:
    """The table in state.db at `path`, whose tables are there.

    It has a connection of its own: its rows are written at the moment of each request, one by one and without a sync.
    They outlast a kill; after a power cut nobody comes back within a delay.
    """

    def __init__(self, path: Path) -> None:
        self.db = Database(sqlite3.connect(path, isolation_level=None))
        self.db.execute("PRAGMA synchronous = NORMAL")

    def known(self, host: str) -> Known | None:
        row = self.db.execute(
            "SELECT asked_at, under_way, not_before, delay, crawl_delay, why FROM hosts WHERE host = ?", [host]
        ).fetchone()
        if row is None:
            return None
        asked_at = moment(row[0])
        assert asked_at is not None
        return Known(asked_at, bool(row[1]), moment(row[2]), row[3], row[4], row[5])

    def keep(self, host: str, known: Known) -> None:
        self.db.execute(
            "INSERT OR REPLACE INTO hosts (host, asked_at, under_way, not_before, delay, crawl_delay, why)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                host,
                stamp(known.asked_at),
                int(known.under_way),
                stamp(known.not_before),
                known.delay,
                known.crawl_delay,
                known.why,
            ],
        )

    def close(self) -> None:
        self.db.close()
