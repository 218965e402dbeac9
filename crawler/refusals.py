"""Logins that a newspaper refused, remembered across runs: the same password is not shown again day and night.

Neither the values nor a digest of them are kept, so a changed password cannot be told from the old one: the wait ends
with time, or when a person asks for it (`crawl --login-again`).
"""

from datetime import datetime, timedelta

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.times import moment, stamp

migrations = Migrations("hemeroteca.logins")
WAIT = timedelta(hours=24)
LATELY = timedelta(minutes=5)


@migrations()
def first_tables(db: Database) -> None:
    """The newest refusal of an outlet's login, and since when the outlet was asked without it."""
    db.table("refused_logins").create({"outlet": str, "refused_at": str, "why": str}, pk="outlet")
    db.table("missed_logins").create({"outlet": str, "since": str}, pk="outlet")


class Refusals:
    """Those in state.db. `again`: earlier ones do not count."""

    def __init__(self, db: Database, *, again: bool = False) -> None:
        self._db, self._again = db, again
        migrations.apply(db)

    def of(self, outlet: str, now: datetime) -> tuple[datetime, str] | None:
        """Until when the outlet's login is left alone, and why; None: it may be tried."""
        row = self._db.execute("SELECT refused_at, why FROM refused_logins WHERE outlet = ?", [outlet]).fetchone()
        at = moment(row[0]) if row and not self._again else None
        return (at + WAIT, row[1]) if at is not None and at <= now < at + WAIT else None

    def keep(self, outlet: str, why: str, now: datetime) -> None:
        with self._db.atomic():
            self._db.execute("INSERT OR REPLACE INTO refused_logins VALUES (?, ?, ?)", [outlet, stamp(now), why])

    def forget(self, outlet: str) -> None:
        with self._db.atomic():
            self._db.execute("DELETE FROM refused_logins WHERE outlet = ?", [outlet])

    def missed(self, outlet: str, now: datetime) -> None:
        """From now on, or from an earlier time that is known already, the outlet is asked without its login: the page
        that showed it was cut already."""
        with self._db.atomic():
            self._db.execute("INSERT OR IGNORE INTO missed_logins VALUES (?, ?)", [outlet, stamp(now - LATELY)])

    def missed_since(self, outlet: str) -> datetime | None:
        """Since when the outlet was asked without its login, which is forgotten with the question; None: it was not."""
        with self._db.atomic():
            row = self._db.execute("SELECT since FROM missed_logins WHERE outlet = ?", [outlet]).fetchone()
            self._db.execute("DELETE FROM missed_logins WHERE outlet = ?", [outlet])
        return moment(row[0]) if row else None
