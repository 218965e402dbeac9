"""The frontier: which URLs are due, leased, done. A SQLite file (state.db) beside the corpus.

It is no part of the truth: lost, it is filled again from the leads of corpus.db, and no article is lost or asked for
twice. A URL is done only after its record is on the disk and its rows are committed. Scrapy's JOBDIR is not used: a
killed crawl loses requests there.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.model import Kind, Lead
from archive.notes import as_lead, lead_values
from archive.times import moment, stamp

migrations = Migrations("hemeroteca.state")


@migrations()
def first_tables(db: Database) -> None:
    db.table("frontier").create(
        {
            "url": str,
            "outlet": str,
            "kind": str,
            "lead": str,
            "state": str,  # new | leased | done | skipped | failed
            "modified_at": str,
            "not_before": str,
            "attempts": int,
            "done_at": str,
        },
        pk="url",
    )
    db.table("frontier").create_index(["outlet", "state", "not_before"])
    db.table("feed_state").create(
        {
            "url": str,
            "outlet": str,
            "etag": str,
            "last_modified": str,
            "last_poll": str,
            "announced": str,  # the change that the index announced when this child was read
        },
        pk="url",
    )
    db.table("origins").create({"origin": str, "tdmrep": str, "asked_at": str}, pk="origin")


@migrations()
def settled_runs(db: Database) -> None:
    """The runs whose outcomes are all in the frontier: the others ended by a kill."""
    db.table("settled").create({"run_id": str}, pk="run_id")


@migrations()
def due_in_order(db: Database) -> None:
    """The order of leases, so that none of them looks at all that is due."""
    db.execute("CREATE INDEX due ON frontier (outlet, state, kind = 'article', done_at)")


@migrations()
def hosts(db: Database) -> None:
    """The pace at each host: see crawler/politeness/hosts.py."""
    db.table("hosts").create(
        {
            "host": str,
            "asked_at": str,
            "under_way": int,
            "not_before": str,
            "delay": float,
            "crawl_delay": float,
            "why": str,
        },
        pk="host",
    )


PATIENCE = 5  # attempts at a page behind a wall


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the last whole answer of a feed or sitemap carried, for a conditional request (RFC 9110 §13.1)."""

    etag: str | None = None
    last_modified: str | None = None
    announced: datetime | None = None


class Frontier:
    """state.db at `path`; leases of an earlier process are void, since the corpus' lock is held."""

    def __init__(self, path: Path) -> None:
        self.db = Database(str(path))
        self.db.enable_wal()
        migrations.apply(self.db)
        self.db.execute("UPDATE frontier SET state = 'new' WHERE state = 'leased'")

    def fill(self, rows: Iterable[tuple[str, str, str, str | None, bool]]) -> None:
        """Takes over (url, outlet, kind, modified_at, decided) from corpus.db where the URL is missing here: what the
        corpus knows is not asked for again, what it waits for is."""
        with self.db.atomic():
            for url, outlet, kind, modified_at, decided in rows:
                if not self.knows(url):
                    lead = Lead(url, outlet, "corpus", Kind(kind), modified_at=moment(modified_at))
                    self._insert(lead, "done" if decided else "new")

    def is_new(self, lead: Lead) -> bool:
        """Whether this announcement says something new: an unknown URL, or a change later than the last one.

        Where no change was announced before, one counts that is later than our fetch; an earlier one is only
        remembered, since the fetch has it already.
        """
        row = self.db.execute("SELECT modified_at, done_at FROM frontier WHERE url = ?", [lead.url]).fetchone()
        if row is None:
            return True
        announced = stamp(lead.modified_at)
        if announced is None or (row[0] is not None and announced <= row[0]):
            return False
        if row[0] is not None or (row[1] is not None and announced > row[1]):
            return True
        with self.db.atomic():
            self.db.execute("UPDATE frontier SET modified_at = ? WHERE url = ?", [announced, lead.url])
        return False

    def is_empty(self) -> bool:
        return self.db.execute("SELECT 1 FROM frontier LIMIT 1").fetchone() is None

    def knows(self, url: str) -> bool:
        return self.db.execute("SELECT 1 FROM frontier WHERE url = ?", [url]).fetchone() is not None

    def add(self, lead: Lead, state: str = "new") -> None:
        """A lead to fetch, or one that a rule skips; an earlier row of the URL becomes due again."""
        self._insert(lead, state)

    def add_all(self, leads: Iterable[tuple[Lead, str]]) -> None:
        """Leads with their states, all or none."""
        with self.db.atomic():
            for lead, state in leads:
                self._insert(lead, state)

    def _insert(self, lead: Lead, state: str) -> None:
        self.db.execute(
            "INSERT INTO frontier (url, outlet, kind, lead, state, modified_at, attempts)"
            " VALUES (?, ?, ?, ?, ?, ?, 0)"
            " ON CONFLICT (url) DO UPDATE SET lead = excluded.lead, state = excluded.state,"
            " modified_at = coalesce(excluded.modified_at, modified_at), not_before = NULL",
            [
                lead.url,
                lead.outlet,
                lead.kind,
                json.dumps(lead_values(lead), ensure_ascii=False),
                state,
                stamp(lead.modified_at),
            ],
        )

    def requeue(self, leads: Iterable[Lead]) -> list[Lead]:
        """Makes leads due that a rule had skipped; gives those that were not due already. All or none."""
        with self.db.atomic():
            due = []
            for lead in leads:
                row = self.db.execute("SELECT state FROM frontier WHERE url = ?", [lead.url]).fetchone()
                if row is None or row[0] not in ("new", "leased"):
                    self._insert(lead, "new")
                    due.append(lead)
        return due

    def let_go(self, leads: Iterable[Lead]) -> int:
        """Skips leads after all that were due; gives how many there were. All or none."""
        sql = "UPDATE frontier SET state = 'skipped' WHERE url = ? AND state = 'new' AND kind = 'article'"
        with self.db.atomic():
            return sum(self.db.execute(sql, [lead.url]).rowcount for lead in leads)

    def lease(self, outlet: str, most: int, now: datetime, *, sources: bool = False) -> list[Lead]:
        """Up to `most` leads of an outlet that are due, sources before articles, and of each first what was never asked
        for; they are leased from now on. `sources`: nothing else.
        """
        only = " AND kind <> 'article'" if sources else ""
        with self.db.atomic():
            rows = self.db.execute(
                "SELECT url, lead FROM frontier WHERE outlet = ? AND state = 'new'"
                f"{only} AND (not_before IS NULL OR not_before <= ?) ORDER BY kind = 'article', done_at, rowid LIMIT ?",
                [outlet, stamp(now), most],
            ).fetchall()
            self.db.conn.executemany(
                "UPDATE frontier SET state = 'leased', attempts = attempts + 1 WHERE url = ?",
                [(row[0],) for row in rows],
            )
        return [as_lead(json.loads(row[1])) for row in rows]

    def done(self, urls: Iterable[str], now: datetime) -> None:
        """These are stored and indexed. Called after the rows are committed."""
        with self.db.atomic():
            self.db.conn.executemany(
                "UPDATE frontier SET state = 'done', done_at = ? WHERE url = ?",
                [(stamp(now), url) for url in urls],
            )

    def settled(self) -> set[str]:
        """The runs whose outcomes are all here."""
        return {row[0] for row in self.db.execute("SELECT run_id FROM settled").fetchall()}

    def settle(self, runs: Iterable[str], urls: Iterable[str], now: datetime) -> None:
        """Marks as done what these runs had stored; a URL that was done before and is due again stays due."""
        with self.db.atomic():
            self.db.conn.executemany("INSERT OR IGNORE INTO settled VALUES (?)", [(run,) for run in runs])
            self.db.conn.executemany(
                "UPDATE frontier SET state = 'done', done_at = ? WHERE url = ? AND done_at IS NULL",
                [(stamp(now), url) for url in urls],
            )

    def failed(self, url: str, now: datetime, *, wait: timedelta) -> None:
        """To be tried again in a later run, not before `wait` has passed."""
        self.put_off([(url, wait)], now)

    def put_off(self, urls: Iterable[tuple[str, timedelta]], now: datetime) -> None:
        """As `failed`, for many, each with its wait."""
        with self.db.atomic():
            self.db.conn.executemany(
                "UPDATE frontier SET state = 'new', not_before = ? WHERE url = ?",
                [(stamp(now + wait), url) for url, wait in urls],
            )

    def behind_a_wall(self, urls: Iterable[str], now: datetime) -> None:
        """To be tried again after a day, then two, and so on: a challenge of one night must not cost an article. After
        `PATIENCE` attempts the wall is taken for lasting."""
        with self.db.atomic():
            for url in urls:
                row = self.db.execute("SELECT attempts FROM frontier WHERE url = ?", [url]).fetchone()
                attempts = max(1, row[0]) if row else PATIENCE
                if attempts < PATIENCE:
                    self.put_off([(url, timedelta(days=attempts))], now)
                else:
                    self.done([url], now)

    def due(self, outlet: str, now: datetime) -> int:
        """How many leads of an outlet could be leased now."""
        row = self.db.execute(
            "SELECT count(*) FROM frontier WHERE outlet = ? AND state = 'new'"
            " AND (not_before IS NULL OR not_before <= ?)",
            [outlet, stamp(now)],
        ).fetchone()
        return int(row[0])

    def counts(self, outlet: str) -> tuple[int, int]:
        """Articles of an outlet that are done, and that wait or are under way."""
        rows = dict(
            self.db.execute(
                "SELECT state, count(*) FROM frontier WHERE outlet = ? AND kind = 'article' GROUP BY state",
                [outlet],
            ).fetchall()
        )
        return rows.get("done", 0), rows.get("new", 0) + rows.get("leased", 0)

    def feed(self, url: str) -> FeedState:
        row = self.db.execute("SELECT etag, last_modified, announced FROM feed_state WHERE url = ?", [url]).fetchone()
        return FeedState(row[0], row[1], moment(row[2])) if row else FeedState()

    def last_read(self, url: str) -> datetime | None:
        """When a source was last read whole; None: never."""
        row = self.db.execute("SELECT last_poll FROM feed_state WHERE url = ?", [url]).fetchone()
        return moment(row[0]) if row else None

    def keep_feed(self, url: str, outlet: str, state: FeedState, now: datetime) -> None:
        with self.db.atomic():
            self.db.execute(
                "INSERT OR REPLACE INTO feed_state (url, outlet, etag, last_modified, last_poll, announced)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [url, outlet, state.etag, state.last_modified, stamp(now), stamp(state.announced)],
            )

    def tdmrep(self, origin: str, now: datetime, *, age: timedelta = timedelta(hours=24)) -> str | None:
        """The tdmrep.json of an origin as last read, '' where it has none; None where that is too long ago."""
        row = self.db.execute("SELECT tdmrep, asked_at FROM origins WHERE origin = ?", [origin]).fetchone()
        asked = moment(row[1]) if row else None
        return str(row[0]) if asked and now - asked < age else None

    def keep_tdmrep(self, origin: str, text: str, now: datetime) -> None:
        with self.db.atomic():
            self.db.execute("INSERT OR REPLACE INTO origins VALUES (?, ?, ?)", [origin, text, stamp(now)])

    def close(self) -> None:
        self.db.close()
