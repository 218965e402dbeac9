"""The journal as tables: `events`, `takedowns`, `tombstones`, `labels` are a fold over its lines.

So a rebuild gives them again, and what was taken down stays down.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlite_utils import Database

from archive.journal import Line
from archive.judging import keep_verdict, keep_version
from archive.model import Kind, Outcome
from archive.rows import put

# Which values of a line are columns of `events`
_COLUMNS = {
    "file": "file",
    "old_bytes": "old_bytes",
    "bytes": "new_bytes",
    "new_bytes": "new_bytes",
    "sha256": "sha256",
    "article_id": "article_id",
    "article": "article_id",
    "reason": "reason",
}
PARTS = (
    "authors",
    "tags",
    "images",
    "links",
    "blocks",
    "attributions",
    "evidence",
    "candidates",
    "embeds",
    "quality",
    "drift",
    "fields",
    "addresses",
    "matches",
    "match_spans",
    "labels",
    "articles_norm",
    "shingles",
    "revisions",
)


class Checksum(NamedTuple):
    """What the journal last said of a file: line, time, SHA-256 and size in bytes."""

    n: int
    at: str
    sha256: str
    bytes: int


def checksums_of(lines: Iterable[Line]) -> dict[str, Checksum]:
    """By file, the newest checksum that the journal has."""
    found: dict[str, Checksum] = {}
    for line in lines:
        for said in (line.values, *line.values.get("files", ())):
            if "file" in said and said.get("sha256"):
                size = said.get("new_bytes", said.get("bytes", 0))
                found[said["file"]] = Checksum(line.n, line.at, said["sha256"], size)
    return found


def keep_events(db: Database, lines: Iterable[Line]) -> None:
    """The rows of these lines; those that are there already stay. The caller commits."""
    known = {row[0] for row in db.execute("SELECT n FROM events").fetchall()}
    for line in lines:
        if line.n in known:
            continue
        row = {column: line.values[name] for name, column in _COLUMNS.items() if name in line.values}
        put(db, "events", {"n": line.n, "at": line.at, "kind": line.kind, **row})
        if line.kind == "takedown":
            _take_down(db, line)
        elif line.kind == "label":
            keep_verdict(db, line)
        elif line.kind == "topic":
            keep_version(db, line)


def _take_down(db: Database, line: Line) -> None:
    """Removes what the tables hold of the article, and says so in its place."""
    said = line.values
    article_id, reason = said.get("article_id"), said["reason"]
    for url in said["urls"]:
        put(
            db,
            "takedowns",
            {
                "article_id": article_id,
                "url": url,
                "outlet": said.get("outlet"),
                "stable_id": said.get("stable_id"),
                "at": line.at,
                "reason": reason,
                "entry": line.n,
            },
        )
        db.execute("DELETE FROM leads WHERE url = ?", [url])
        put(
            db,
            "leads",
            {
                "url": url,
                "outlet": said.get("outlet"),
                "source": "journal",
                "kind": Kind.ARTICLE,
                "found_at": line.at,
                "outcome": Outcome.SKIPPED,
                "reason": f"taken down: {reason}",
            },
        )
    for record in said["records"]:
        put(
            db,
            "tombstones",
            {
                "capture_id": record["capture_id"],
                "record_id": record["record_id"],
                "article_id": article_id,
                "url": record["url"],
                "fetched_at": record["fetched_at"],
                "warc_file": record["file"],
                "warc_offset": record["offset"],
                "warc_length": record["length"],
                "block_sha256": record.get("block_sha256"),
                "payload_sha256": record.get("payload_sha256"),
                "entry": line.n,
            },
        )
    for table in PARTS:
        db.execute(f'DELETE FROM "{table}" WHERE article_id = ?', [article_id])
    db.execute("DELETE FROM kin WHERE article_id = ? OR other_id = ?", [article_id, article_id])
    db.execute("DELETE FROM articles WHERE id = ?", [article_id])
    for record in said["records"]:
        db.execute("DELETE FROM rights WHERE capture_id = ?", [record["capture_id"]])
        db.execute("DELETE FROM captures WHERE id = ?", [record["capture_id"]])
