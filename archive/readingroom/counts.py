"""The counts that a run leaves in `stats`; counted live where no run has left any."""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping

from archive.stats import COUNTS

Counts = Mapping[str, Mapping[str, int]]


def counts(connection: sqlite3.Connection) -> Counts:
    """{name: {key: value}} of the last run; counted now where a run was broken off before its counts."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for name, key, value in connection.execute("SELECT name, key, value FROM stats"):
        found[name][key] = value
    if "articles" not in found:
        for name, sql in COUNTS:
            found[name].update(connection.execute(sql).fetchall())
    return found


def pairs(table: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """{'mediapart 2023-08': 3} as {'mediapart': {'2023-08': 3}}; the second word may be empty."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for key, value in table.items():
        first, _, second = key.partition(" ")
        found[first][second] = value
    return found
