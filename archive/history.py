"""Where a capture stands in the history of its article: revisions are in the order of time.

A crawl sees an article's states as they come. A file of others may bring an older one: it takes its place in the
history, and the article stays as its newest capture shows it.
"""

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from archive.revisions import REVISED, changes
from archive.rows import put

_STATE = ", ".join(REVISED)


def enter(db: Database, article_id: str, capture_id: str, at: str, values: Mapping[str, Any]) -> int | None:
    """Enters what a capture of a known article shows, as a revision where it is another state than that before it.

    Gives the number of the revision where it is the newest; None where the article's row stays as it is.
    """
    (last_seen,) = db.execute("SELECT last_seen FROM articles WHERE id = ?", [article_id]).fetchone()
    if at < last_seen:
        _look_back(db, article_id, capture_id, at, values)
        return None
    last = db.execute(
        f"SELECT n, {_STATE} FROM revisions WHERE article_id = ? ORDER BY n DESC LIMIT 1", [article_id]
    ).fetchone()
    changed = changes(last[1:], values)
    db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", [at, article_id])
    if not changed:
        return None
    keep(db, article_id, last[0] + 1, capture_id, at, values, changed)
    return int(last[0]) + 1


def keep(
    db: Database, article_id: str, n: int, capture_id: str, at: str, values: Mapping[str, Any], changed: list[str]
) -> None:
    """One revision; `changed` are the fields that differ from the one before it."""
    row = {"article_id": article_id, "n": n, "capture_id": capture_id, "seen_at": at}
    state = {name: values[name] for name in REVISED}
    put(db, "revisions", {**row, **state, "changed": ", ".join(changed) or None})


def _look_back(db: Database, article_id: str, capture_id: str, at: str, values: Mapping[str, Any]) -> None:
    rows = list(db.query("SELECT * FROM revisions WHERE article_id = ? ORDER BY n", [article_id]))
    earlier = [row for row in rows if row["seen_at"] <= at]
    before, after = (earlier[-1] if earlier else None), (rows[len(earlier)] if len(earlier) < len(rows) else None)
    db.execute("UPDATE articles SET first_seen = min(first_seen, ?) WHERE id = ?", [at, article_id])
    changed = changes(_state(before), values) if before else []
    if before and not changed:
        return
    if after and not changes(_state(after), values):
        # The same state, seen earlier than was known
        db.execute(
            "UPDATE revisions SET seen_at = ?, capture_id = ? WHERE article_id = ? AND n = ?",
            [at, capture_id, article_id, after["n"]],
        )
        return
    place = len(earlier) + 1
    db.execute("UPDATE revisions SET n = -n - 1 WHERE article_id = ? AND n >= ?", [article_id, place])
    db.execute("UPDATE revisions SET n = -n WHERE article_id = ? AND n < 0", [article_id])
    keep(db, article_id, place, capture_id, at, values, changed)
    if after:
        since = ", ".join(changes(_state(values), after)) or None
        db.execute("UPDATE revisions SET changed = ? WHERE article_id = ? AND n = ?", [since, article_id, place + 1])
    elif before:
        # The newest state came back after this one: it was seen again later
        again, seen = db.execute(
            "SELECT captures.id, fetched_at FROM captures JOIN addresses USING (url)"
            " WHERE article_id = ? AND fetched_at > ? ORDER BY fetched_at LIMIT 1",
            [article_id, at],
        ).fetchone() or (before["capture_id"], before["seen_at"])
        keep(db, article_id, place + 1, again, seen, before, changes(_state(values), before))
    db.execute(
        "UPDATE articles SET revision_count = (SELECT count(*) FROM revisions WHERE article_id = ?1) WHERE id = ?1",
        [article_id],
    )


def _state(values: Mapping[str, Any]) -> list[Any]:
    return [values[name] for name in REVISED]
