"""The frontier after a run that did not end: what the corpus holds is done, whatever state.db says."""

from sqlite_utils import Database

from archive.model import Outcome
from crawler.clock import utc_now
from crawler.frontier import Frontier
from crawler.tally import passing


def reconcile(frontier: Frontier, db: Database, runs: set[str]) -> None:
    """Brings the frontier to what the corpus knows of these runs, after a kill or without its file."""
    killed = sorted(runs - frontier.settled())
    if not killed and not frontier.is_empty():
        return
    frontier.fill(
        db.execute(
            "SELECT url, coalesce(outlet, ''), kind, modified_at, outcome IS NOT NULL AND outcome <> 'deferred'"
            " FROM leads WHERE kind = 'article' OR outcome IS NULL OR outcome = 'deferred'"
        ).fetchall()
    )
    stored = [
        row[0]
        for run in killed
        for row in db.execute(
            "SELECT leads.url, outcome, status, reason FROM leads LEFT JOIN captures ON captures.id = capture_id"
            " WHERE leads.kind = 'article' AND outcome NOT IN ('skipped', 'trap', 'wall') AND leads.run_id = ?",
            [run],
        ).fetchall()
        if not passing(Outcome(row[1]), row[2], row[3])
    ]
    frontier.settle(killed, stored, utc_now())
