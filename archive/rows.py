"""Rows inside an open transaction."""

from typing import Any

from sqlite_utils import Database


def put(db: Database, table: str, row: dict[str, Any]) -> None:
    """Inserts the row, or replaces the one with its key. The caller holds the transaction."""
    columns = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    db.execute(f'INSERT OR REPLACE INTO "{table}" ({columns}) VALUES ({marks})', list(row.values()))
