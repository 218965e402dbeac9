"""Rows of a release in batches, and Parquet files of them: sorted, in shards of limited size, zstd."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from archive.release.columns import (
    ARTICLES,
    ATTRIBUTION,
    IDS,
    IMAGE,
    KIN,
    OUTLETS,
    REVISIONS,
    TIME,
    TOPIC_MATCHES,
)
from archive.release.views import TAKEN

BATCH = 500  # rows that are in memory at a time, and in one row group
SHARD = 256_000_000  # bytes after which a new shard begins

Row = dict[str, Any]
Batch = tuple[str, list[Row]]  # (stem of the file's name, rows)

_CAPTURE = "c.fetched_at AS captured, c.record_id, c.warc_file, c.warc_offset, c.payload_sha256"
# Column of the article → (query that gives article_id and values; are they several, by name?)
_LISTS: dict[str, tuple[str, bool]] = {
    "authors": ("article_id, name, role FROM out_authors WHERE {} ORDER BY n, position", True),
    "tags": ("article_id, tag FROM out_tags WHERE {} ORDER BY n, position", False),
    "images": (f"article_id, {', '.join(IMAGE)} FROM out_images WHERE {{}} ORDER BY n, position", True),
    "links": ("article_id, url FROM out_links WHERE {} ORDER BY n, position", False),
    "attributions": (
        f"article_id, {', '.join(ATTRIBUTION)} FROM out_attributions WHERE {{}} ORDER BY n, position",
        True,
    ),
    "topics": (
        f"DISTINCT article_id, topic FROM out_matches WHERE {{}} AND decision IN {TAKEN} ORDER BY n, topic",
        False,
    ),
}


def articles(connection: sqlite3.Connection, done: Callable[[int], None] | None = None) -> Iterator[Batch]:
    """Batches of whole article rows, in the order of publication; `done` hears how many each batch held."""
    for year, first, last in connection.execute(
        "SELECT year, min(n), max(n) FROM chosen GROUP BY year ORDER BY min(n)"
    ).fetchall():
        for start in range(first, last + 1, BATCH):
            window = (start, min(start + BATCH - 1, last))
            rows = _rows(
                connection.execute(
                    f"SELECT a.*, {_CAPTURE} FROM out_articles a LEFT JOIN main.captures c ON c.id ="
                    " a.capture_id"
                    " WHERE a.n BETWEEN ? AND ? ORDER BY a.n",
                    window,
                ),
                ARTICLES,
            )
            _add_lists(connection, rows, window)
            yield year, rows
            if done:
                done(len(rows))


def _add_lists(connection: sqlite3.Connection, rows: list[Row], window: tuple[int, int]) -> None:
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        row.update({name: [] for name in _LISTS})
    for name, (sql, several) in _LISTS.items():
        cursor = connection.execute(f"SELECT {sql.format('n BETWEEN ? AND ?')}", window)
        keys = [each[0] for each in cursor.description][1:]
        for article_id, *values in cursor:
            value = dict(zip(keys, values, strict=True)) if several else values[0]
            by_id[article_id][name].append(value)


def revisions(connection: sqlite3.Connection) -> Iterator[Batch]:
    """Batches of revisions, by article and number."""
    cursor = connection.execute(
        f"SELECT r.*, {_CAPTURE} FROM out_revisions r LEFT JOIN main.captures c ON c.id = r.capture_id"
        " ORDER BY r.at, r.n"
    )
    for rows in _batches(cursor, REVISIONS):
        for row in rows:
            row["changed"] = [name.strip() for name in (row["changed"] or "").split(",") if name.strip()]
        yield "revisions", rows


def topic_matches(connection: sqlite3.Connection) -> Iterator[Batch]:
    """Batches of decisions, by article and topic."""
    cursor = connection.execute("SELECT * FROM out_matches ORDER BY n, topic, topic_version")
    for rows in _batches(cursor, TOPIC_MATCHES):
        for row in rows:
            row["concepts"] = (row["concepts"] or "").splitlines()
        yield "topic_matches", rows


def kin(connection: sqlite3.Connection) -> Iterator[Batch]:
    """Batches of pairs."""
    for rows in _batches(connection.execute("SELECT * FROM out_kin ORDER BY n, other_id, relation"), KIN):
        yield "kin", rows


def outlets(connection: sqlite3.Connection) -> Iterator[Batch]:
    """The newspapers, with the articles of each."""
    rows = _rows(
        connection.execute(
            "SELECT a.outlet AS name, o.title, o.home, count(*) AS articles, sum(a.text IS NOT NULL) AS"
            " with_text"
            " FROM out_articles a LEFT JOIN out_outlets o ON o.name = a.outlet"
            " WHERE a.outlet IS NOT NULL GROUP BY 1 ORDER BY 1"
        ),
        OUTLETS,
    )
    for row in rows:
        row["languages"] = [
            each[0]
            for each in connection.execute(
                "SELECT language FROM out_outlet_languages WHERE outlet = ? ORDER BY language", [row["name"]]
            )
        ]
    yield "outlets", rows


def ids(connection: sqlite3.Connection) -> Iterator[Batch]:
    """What is needed to fetch each article again, and to find our record of it."""
    cursor = connection.execute(
        "SELECT a.id, a.url, c.fetched_at AS captured, 'sha256:' || c.payload_sha256 AS digest, c.warc_file,"
        ' c.warc_offset AS "offset"'
        " FROM out_articles a LEFT JOIN main.captures c ON c.id = a.capture_id ORDER BY a.n"
    )
    for rows in _batches(cursor, IDS):
        yield "ids", rows


def _batches(cursor: sqlite3.Cursor, schema: Any) -> Iterator[list[Row]]:
    convert = _converter(cursor, schema)
    while found := cursor.fetchmany(BATCH):
        yield [convert(values) for values in found]


def _rows(cursor: sqlite3.Cursor, schema: Any) -> list[Row]:
    convert = _converter(cursor, schema)
    return [convert(values) for values in cursor]


def _converter(cursor: sqlite3.Cursor, schema: Any) -> Callable[[tuple[Any, ...]], Row]:
    names = [each[0] for each in cursor.description]
    times = {field.name for field in schema if field.type == TIME}
    days = {field.name for field in schema if field.type == pa.date32()}

    def convert(values: tuple[Any, ...]) -> Row:
        row = dict(zip(names, values, strict=True))
        for name in times:
            row[name] = row[name] and datetime.fromisoformat(row[name])
        for name in days:
            row[name] = row[name] and date.fromisoformat(row[name])
        return row

    return convert


def write(
    folder: Path, schema: Any, batches: Iterable[Batch], *, numbered: bool = True, shard: int = SHARD
) -> dict[str, int]:
    """Writes `folder/STEM-00000-of-00002.parquet` …, or `folder/STEM.parquet`; gives the rows of each file.

    Batches of one stem come one after the other; after `shard` bytes the next begins a new file. Without any batch
    there is one file without rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shards: dict[str, list[int]] = {}
    writer: Any = None
    sink: IO[bytes] | None = None
    last = None
    try:
        for stem, rows in batches:
            if sink and (stem != last or (numbered and sink.tell() >= shard)):
                writer.close()
                sink.close()
                sink = None
            counts = shards.setdefault(stem, [])
            if sink is None:
                sink = (folder / f"{stem}-{len(counts):05}.part").open("wb")
                writer = pq.ParquetWriter(sink, schema, compression="zstd", compression_level=9)
                counts.append(0)
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            counts[-1] += len(rows)
            last = stem
    finally:
        if sink:
            writer.close()
            sink.close()
    if not shards:
        pq.write_table(schema.empty_table(), folder / f"{folder.name}-00000.part", compression="zstd")
        shards = {folder.name: [0]}
    written = {}
    for stem, counts in shards.items():
        for i, count in enumerate(counts):
            name = f"{stem}-{i:05}-of-{len(counts):05}.parquet" if numbered else f"{stem}.parquet"
            (folder / f"{stem}-{i:05}.part").rename(folder / name)
            written[name] = count
    return written
