"""corpus.sqlite: the release as a database, with the tables of corpus.db and its search index.

A public reading room serves this file. What may not be read is not in it: rows are written one by one into a
new database, from the views of archive/release/views.py. The tables in EMPTY stay empty; `articles` and
`revisions` have two columns more, `text_status` and `text_reason`, and `match_counts` tells how often a topic
was met.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from archive.release.views import VIEWS
from archive.schema import open_database
from archive.stats import count

BATCH = 500
# The order within a table, where it is not the order of articles; the same corpus gives the same bytes.
ORDER = {
    "articles": "n",
    "revisions": "at, n",
    "authors": "n, position",
    "tags": "n, position",
    "images": "n, position",
    "links": "n, position",
    "attributions": "n, position",
    "evidence": "n, position",
    "candidates": "n, position",
    "embeds": "n, position",
    "quality": "n, position",
    "drift": "n, position",
    "fields": "n, field",
    "addresses": "n, url",
    "articles_norm": "n",
    "matches": "n, topic, topic_version",
    "match_spans": 'n, topic, field, start, "end", concept',
    "labels": "entry",
    "match_counts": "n, topic, concept, field",
    "kin": "n, other_id, relation",
    "captures": "fetched_at, id",
    "rights": "capture_id",
    "warcs": "file",
    "outlets": "name",
    "outlet_languages": "outlet, language",
    "sources": "url",
    "runs": "id",
    "topics": "id, version",
    "health": "run_id, outlet, outcome",
    "takedowns": "at, article_id, url",
}
EMPTY = ("leads", "shingles", "events", "tombstones")  # tables whose rows stay at home
MATCH_COUNTS = "How often a topic was met, by concept and field: also where the words are withheld."
# Counts of the whole corpus, which the rows of the release cannot give.
DENOMINATORS = "name LIKE 'leads_by_%' OR name = 'articles_read'"


def write(
    source: sqlite3.Connection, path: Path, as_of: str, done: Callable[[int], None] | None = None
) -> dict[str, int]:
    """Writes the database to `path`; gives the rows of each table. `as_of` stands for the time of its making.

    `done` hears of every batch of articles.
    """
    db = open_database(str(path))
    target = db.conn
    for table in ("articles", "revisions"):
        for column in ("text_status", "text_reason"):
            target.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT")
    target.execute(
        "CREATE TABLE match_counts (article_id TEXT, topic TEXT, concept TEXT, field TEXT, mentions INTEGER,"
        " PRIMARY KEY (article_id, topic, concept, field))"
    )
    target.execute("UPDATE _sqlite_migrations SET applied_at = ?", [as_of])
    written = {
        table: _copy(source, target, table, done if table == "articles" else None)
        for table in VIEWS
        if table != "health"
    }
    target.commit()
    count(db)
    target.execute(f"DELETE FROM stats WHERE {DENOMINATORS}")
    target.executemany(
        "INSERT INTO stats (name, key, value) VALUES (?, ?, ?)",
        source.execute(f"SELECT name, key, value FROM main.stats WHERE {DENOMINATORS} ORDER BY name, key"),
    )
    written["health"] = _copy(source, target, "health", None)
    target.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
    target.commit()
    # Served from read-only media, too: one file, no journal beside it.
    for statement in ("ANALYZE", "PRAGMA journal_mode = DELETE", "VACUUM"):
        target.execute(statement)
        target.commit()
    target.close()
    return written


def _copy(
    source: sqlite3.Connection, target: sqlite3.Connection, table: str, done: Callable[[int], None] | None
) -> int:
    cursor = source.execute(f"SELECT * FROM out_{table} ORDER BY {ORDER[table]}")
    given = [each[0] for each in cursor.description]
    kept = [row[1] for row in target.execute(f"PRAGMA table_info({table})") if row[1] in given]
    places = [given.index(name) for name in kept]
    target.executemany(
        f"INSERT INTO {table} ({', '.join(map(_quoted, kept))}) VALUES ({', '.join('?' * len(kept))})",
        _picked(cursor, places, done),
    )
    return int(target.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _picked(cursor: sqlite3.Cursor, places: list[int], done: Callable[[int], None] | None) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(BATCH):
        for row in rows:
            yield tuple(row[place] for place in places)
        if done:
            done(len(rows))


def _quoted(name: str) -> str:
    return f'"{name}"'
