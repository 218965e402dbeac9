"""Rows of one article against what its record gives when it is read now."""

from typing import Any

from sqlite_utils import Database

from archive.custody.lookup import rows_of
from archive.custody.testimony import Step
from archive.intake import Taken
from archive.revisions import REVISED, changes, parts_of, values_of

_NAME = "reading again"


def reading_step(db: Database, row: dict[str, Any], taken: Taken) -> Step:
    """The outcome of a capture that is no article's: that of its URL, where it is the newest."""
    outcome, reason = taken.reading.outcome, taken.reading.reason
    says = f"Read again now, the record gives the outcome {outcome}{f' ({reason})' if reason else ''}."
    found = rows_of(db, "SELECT outcome, reason FROM leads WHERE capture_id = ?", row["id"])
    if not found or (found[0]["outcome"], found[0]["reason"]) == (outcome, reason):
        return Step(_NAME, says)
    return Step(_NAME, says, f"the row of its URL says {found[0]['outcome']} ({found[0]['reason']})")


def article_steps(
    db: Database, article: dict[str, Any], revision: dict[str, Any], capture_id: str, taken: Taken
) -> list[Step]:
    """Compares a revision, and the article where it was read from this capture, with the reading."""
    n = revision.get("n")
    says = f"Read again now, the record gives the title, times and text of revision {n}, letter by letter."
    read = taken.reading.article
    if read is None:
        return [Step(_NAME, says, f"it gives no article: {taken.reading.reason or taken.reading.outcome}")]
    values = values_of(read)
    if revision["capture_id"] != capture_id:
        says = f"Read again now, the record gives nothing new against revision {n}."
        differ = changes([revision[name] for name in REVISED], values)
        return [Step(_NAME, says, _why(differ))]
    differ = [name for name in REVISED if revision[name] != values[name]]
    if article["capture_id"] == capture_id:
        says = f"Read again now, the record gives revision {n} and the article's row, letter by letter."
        differ += [name for name, value in values.items() if name not in differ and article[name] != value]
        differ += [table for table, rows in parts_of(read).items() if rows != _parts(db, table, article["id"])]
    return [Step(_NAME, says, _why(differ))]


def _parts(db: Database, table: str, article_id: str) -> list[dict[str, Any]]:
    rows = rows_of(db, f'SELECT * FROM "{table}" WHERE article_id = ? ORDER BY position', article_id)
    return [{name: value for name, value in row.items() if name not in ("article_id", "position")} for row in rows]


def _why(differ: list[str]) -> str | None:
    return f"the rows differ in {', '.join(differ)}" if differ else None
