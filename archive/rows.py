"""Rows inside an open transaction."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlite_utils import Database


def put(db: Database, table: str, row: Mapping[str, Any]) -> None:
    """Inserts the row, or replaces the one with its key. The caller holds the transaction."""
    db.execute(_statement(table, tuple(row)), tuple(row.values()))


def put_all(db: Database, table: str, columns: tuple[str, ...], rows: Iterable[Sequence[Any]]) -> None:
    """As `put`, for rows of the same columns."""
    db.conn.executemany(_statement(table, columns), rows)


@lru_cache(maxsize=256)
def _statement(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'
