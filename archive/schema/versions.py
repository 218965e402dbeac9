"""The versions of corpus.db, one sqlite-utils migration each. Their names stand in the database: none may change."""

from itertools import groupby
from operator import itemgetter

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.schema.first_tables import create_first_tables

migrations = Migrations("hemeroteca.corpus")


@migrations()
def first_tables(db: Database) -> None:
    """The tables of version 0.1."""
    create_first_tables(db)


@migrations()
def custody(db: Database) -> None:
    """The journal as tables, and what is known of a capture's record."""
    db.table("captures").add_column("fidelity", str)  # exact | rebuilt; NULL: not recorded by us
    db.table("captures").add_column("block_sha256", str)
    db.table("captures").add_column("revisit_of", str)  # id of the earlier record that holds the payload
    db.table("captures").create_index(["url", "fetched_at"])
    db.table("events").create(
        {
            "n": int,
            "at": str,
            "kind": str,  # closed | mended | found | imported | takedown | label | topic
            "file": str,
            "old_bytes": int,
            "new_bytes": int,
            "sha256": str,
            "article_id": str,
            "reason": str,
        },
        pk="n",
        not_null={"at", "kind"},
    )
    db.table("takedowns").create(
        {
            "article_id": str,
            "url": str,
            "outlet": str,
            "stable_id": str,
            "at": str,
            "reason": str,
            "entry": int,
        },
        pk="url",
        foreign_keys=[("entry", "events", "n")],
    )
    db.table("takedowns").create_index(["article_id"])
    db.table("tombstones").create(
        {
            "capture_id": str,
            "record_id": str,
            "article_id": str,
            "url": str,
            "fetched_at": str,
            "warc_file": str,
            "warc_offset": int,
            "warc_length": int,
            "block_sha256": str,
            "payload_sha256": str,
            "entry": int,
        },
        pk="record_id",
        foreign_keys=[("entry", "events", "n")],
    )
    db.table("tombstones").create_index(["warc_file", "warc_offset"])


@migrations()
def shingles_by_article(db: Database) -> None:
    """The shingles of an article as one value (see archive/kinship.py) instead of a row for each."""
    db.execute("ALTER TABLE shingles RENAME TO old_shingles")
    db.table("shingles").create({"article_id": str, "hashes": bytes}, pk="article_id", not_null={"hashes"})
    rows = db.execute("SELECT article_id, hash FROM old_shingles ORDER BY article_id, hash")
    for article_id, group in groupby(rows, key=itemgetter(0)):
        packed = b"".join(value.to_bytes(4, "little") for _, value in group)
        db.execute("INSERT INTO shingles (article_id, hashes) VALUES (?, ?)", [article_id, packed])
    db.execute("DROP TABLE old_shingles")


@migrations()
def readings(db: Database) -> None:
    """What a page gave beside the values that were chosen, and how far the body can be relied on."""
    db.table("articles").add_column("body_quality", str)  # good | doubtful | bad | unknown
    parts: dict[str, dict[str, type]] = {
        "candidates": {"field": str, "reader": str, "where": str, "raw": str},
        "embeds": {"kind": str, "url": str, "title": str, "block": int},
        "quality": {"where": str, "says": str, "verdict": str},
        "drift": {"field": str, "says": str},
    }
    for name, columns in parts.items():
        db.table(name).create(
            {"article_id": str, "position": int, **columns},
            pk=("article_id", "position"),
            foreign_keys=[("article_id", "articles", "id")],
        )


@migrations()
def labels(db: Database) -> None:
    """What people said of articles and topics; a line of the journal each."""
    db.table("labels").create(
        {
            "entry": int,
            "at": str,
            "article_id": str,
            "topic": str,
            "topic_version": str,
            "verdict": str,  # yes | no | unsure
            "judged_by": str,
            "stratum": str,
            "weight": float,
        },
        pk="entry",
        not_null={"at", "article_id", "topic", "verdict"},
        foreign_keys=[("entry", "events", "n")],  # a verdict outlives the article's rows
    )
    db.table("labels").create_index(["article_id", "topic"])
    db.table("labels").create_index(["topic"])


@migrations()
def matches_of_met_rules(db: Database) -> None:
    """No rows for articles that do not meet a topic's rule: hundreds of topics made more of them than of all else."""
    for topic, version, compiled, current in db.execute("SELECT id, version, compiled, current FROM topics").fetchall():
        rows = "FROM matches WHERE topic = ? AND topic_version = ?"
        if (
            current
            and db.execute(f"SELECT count(*) < (SELECT count(*) FROM articles) {rows}", [topic, version]).fetchone()[0]
        ):
            # Left behind by a version of the program that did not decide on older articles: the next run does
            db.execute("UPDATE topics SET current = 0 WHERE id = ? AND version = ?", [topic, version])
        db.execute(
            f"DELETE {rows} AND decision = 'reject' AND reason <> 'by_hand' AND article_id NOT IN"
            " (SELECT article_id FROM articles_norm WHERE n IN (SELECT rowid FROM articles_fts(?)))",
            [topic, version, compiled],
        )
