"""The tables of version 0.1, as the first migration makes them.

They are history: whatever has changed since is a migration of its own in archive/schema/versions.py.
"""

from sqlite_utils import Database

from archive.norm import TOKENIZER


def create_first_tables(db: Database) -> None:
    """The tables, indexes and triggers of version 0.1, in an empty database."""
    db.table("outlets").create({"name": str, "title": str, "home": str}, pk="name", not_null={"title"})
    db.table("outlet_languages").create({"outlet": str, "language": str}, pk=("outlet", "language"))
    db.table("sources").create({"url": str, "outlet": str, "kind": str}, pk="url")
    db.table("runs").create(
        {
            "id": str,
            "started_at": str,
            "ended_at": str,
            "reason": str,
            "command": str,
            "software": str,
            "user_agent": str,
            "operator": str,
        },
        pk="id",
    )
    db.table("warcs").create({"file": str, "bytes": int, "sha256": str, "indexed": int, "damage": str}, pk="file")
    db.table("captures").create(
        {
            "id": str,
            "url": str,
            "final_url": str,
            "outlet": str,
            "fetched_at": str,
            "status": int,
            "mime": str,
            "warc_file": str,
            "warc_offset": int,
            "warc_length": int,
            "record_id": str,
            "kind": str,
            "truncated": str,
            "payload_sha256": str,
            "session": str,
            "run_id": str,
        },
        pk="id",
        not_null={"url", "fetched_at", "warc_file", "warc_offset", "warc_length", "record_id"},
    )
    db.table("rights").create(
        {
            "capture_id": str,
            "outlet": str,
            "robots": str,
            "robots_rule": str,
            "robots_meta": str,
            "x_robots_tag": str,
            "tdm_reservation": str,
            "tdm_policy": str,
            "tdm_source": str,
            "licence": str,
        },
        pk="capture_id",
        foreign_keys=[("capture_id", "captures", "id")],
    )
    db.table("articles").create(
        {
            "id": str,
            "outlet": str,
            "url": str,
            "canonical_url": str,
            "title": str,
            "standfirst": str,
            "kicker": str,
            "dateline": str,
            "section": str,
            "language": str,
            "published_at": str,
            "published_day": str,
            "modified_at": str,
            "month": str,
            "access": str,
            "complete": str,
            "outcome": str,
            "text": str,
            "word_count": int,
            "first_seen": str,
            "last_seen": str,
            "revision_count": int,
            "stable_id": str,
            "licence": str,
            "kept": int,
            "capture_id": str,
        },
        pk="id",
        not_null={"url", "access", "complete", "first_seen", "last_seen", "revision_count", "capture_id"},
        foreign_keys=[("capture_id", "captures", "id")],
    )
    db.table("revisions").create(
        {
            "article_id": str,
            "n": int,
            "capture_id": str,
            "seen_at": str,
            "title": str,
            "standfirst": str,
            "text": str,
            "published_at": str,
            "modified_at": str,
            "access": str,
            "complete": str,
            "changed": str,
        },
        pk=("article_id", "n"),
        foreign_keys=[("article_id", "articles", "id"), ("capture_id", "captures", "id")],
    )
    _parts_of_an_article(db)
    db.table("leads").create(
        {
            "url": str,
            "outlet": str,
            "source": str,
            "kind": str,
            "found_at": str,
            "title": str,
            "summary": str,
            "published_at": str,
            "modified_at": str,
            "outcome": str,
            "reason": str,
            "run_id": str,
            "capture_id": str,
        },
        pk="url",
        not_null={"found_at"},
    )
    _topic_tables(db)
    db.table("kin").create(
        {"article_id": str, "other_id": str, "relation": str, "score": float, "evidence": str},
        pk=("article_id", "other_id", "relation"),
        foreign_keys=[("article_id", "articles", "id"), ("other_id", "articles", "id")],
    )
    db.table("shingles").create({"hash": int, "article_id": str}, pk=("hash", "article_id"))
    db.table("shingles").create_index(["article_id"])
    db.table("health").create(
        {"run_id": str, "outlet": str, "outcome": str, "count": int}, pk=("run_id", "outlet", "outcome")
    )
    db.table("stats").create({"name": str, "key": str, "value": int}, pk=("name", "key"))
    _search(db)
    _indexes(db)


def _parts_of_an_article(db: Database) -> None:
    parts: dict[str, dict[str, type]] = {
        "authors": {"article_id": str, "position": int, "name": str, "role": str},
        "tags": {"article_id": str, "position": int, "tag": str},
        "images": {
            "article_id": str,
            "position": int,
            "url": str,
            "caption": str,
            "photographer": str,
            "agency": str,
            "distributor": str,
        },
        "links": {"article_id": str, "position": int, "url": str, "text": str, "block": int},
        "blocks": {"article_id": str, "position": int, "kind": str, "start": int, "end": int},
        "attributions": {
            "article_id": str,
            "position": int,
            "source": str,
            "relation": str,
            "evidence": str,
            "url": str,
        },
        "evidence": {"article_id": str, "position": int, "where": str, "says": str, "verdict": str},
        "fields": {"article_id": str, "field": str, "read_by": str},
    }
    for name, columns in parts.items():
        db.table(name).create(
            columns,
            pk=("article_id", "position" if "position" in columns else "field"),
            foreign_keys=[("article_id", "articles", "id")],
        )
    db.table("addresses").create(
        {"url": str, "article_id": str}, pk="url", foreign_keys=[("article_id", "articles", "id")]
    )


def _topic_tables(db: Database) -> None:
    db.table("topics").create(
        {
            "id": str,
            "version": str,
            "title": str,
            "description": str,
            "window_from": str,
            "window_to": str,
            "toml": str,
            "compiled": str,
            "current": int,
        },
        pk=("id", "version"),
    )
    db.table("matches").create(
        {
            "article_id": str,
            "topic": str,
            "topic_version": str,
            "score": float,
            "decision": str,
            "reason": str,
        },
        pk=("article_id", "topic", "topic_version"),
        foreign_keys=[("article_id", "articles", "id")],
    )
    db.table("match_spans").create(
        {
            "article_id": str,
            "topic": str,
            "concept": str,
            "term": str,
            "language": str,
            "field": str,
            "start": int,
            "end": int,
        },
        pk=("article_id", "topic", "field", "start", "end", "concept"),
        foreign_keys=[("article_id", "articles", "id")],
    )


def _search(db: Database) -> None:
    """`articles_fts` lies over a normalised copy, since FTS5's own folding misses Arabic, Turkish and Hausa."""
    db.table("articles_norm").create(
        {"n": int, "article_id": str, "title": str, "standfirst": str, "text": str}, pk="n"
    )
    db.table("articles_norm").create_index(["article_id"], unique=True)
    db.execute(
        "CREATE VIRTUAL TABLE articles_fts USING fts5(title, standfirst, text,"
        f" content='articles_norm', content_rowid='n', tokenize='{TOKENIZER}')"
    )
    add = (
        "INSERT INTO articles_fts (rowid, title, standfirst, text) VALUES (new.n, new.title, new.standfirst, new.text);"
    )
    remove = (
        "INSERT INTO articles_fts (articles_fts, rowid, title, standfirst, text)"
        " VALUES ('delete', old.n, old.title, old.standfirst, old.text);"
    )
    for event, body in (("INSERT", add), ("DELETE", remove), ("UPDATE", remove + add)):
        db.execute(f"CREATE TRIGGER articles_norm_{event.lower()} AFTER {event} ON articles_norm BEGIN {body} END")


def _indexes(db: Database) -> None:
    for table, columns in (
        ("articles", ["outlet", "published_at"]),
        ("articles", ["published_at"]),
        ("articles", ["kept", "published_at"]),
        ("articles", ["month"]),
        ("articles", ["language"]),
        ("articles", ["access"]),
        ("articles", ["stable_id"]),
        ("authors", ["name"]),
        ("tags", ["tag"]),
        ("captures", ["url"]),
        ("captures", ["warc_file", "warc_offset"]),
        ("captures", ["record_id"]),
        ("leads", ["outlet", "outcome"]),
        ("leads", ["capture_id"]),
        ("matches", ["topic", "decision"]),
        ("kin", ["other_id"]),
        ("addresses", ["article_id"]),
    ):
        db.table(table).create_index(columns)
