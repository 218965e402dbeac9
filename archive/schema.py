"""The tables of corpus.db, as sqlite-utils migrations.

The database is derived: `hemeroteca rebuild` makes the same rows again from warc/ and topics/. Times
are UTC in ISO 8601 with `Z`; an unknown value is NULL; lists are tables of their own. The names are relied on by
scripts and saved queries: they change only by a further migration and a line in CHANGELOG.md.
"""

from itertools import groupby
from operator import itemgetter

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.norm import TOKENIZER, register

migrations = Migrations("hemeroteca.corpus")

# What each column holds, for the reading room, the data card and anyone who opens the file in ten years.
DESCRIPTIONS = {
    "outlets": "The newspapers of this corpus.",
    "outlet_languages": "The languages in which an outlet publishes.",
    "sources": "Feeds, sitemaps and listings in which new articles are announced.",
    "runs": "Each crawl: when, with which software, under which user agent.",
    "captures": "HTTP exchanges as stored: where the record lies in which WARC file, and its digest.",
    "rights": "What robots.txt, TDMRep, headers and the page said about use, at the time of the capture.",
    "leads": "Every URL that an outlet announced or the crawl asked for, with the outcome and its reason.",
    "articles": "What the newest capture of each article says.",
    "revisions": "The article as of each capture in which an extracted field had changed.",
    "authors": "Bylines: persons, organisations and agencies, in the order of the page.",
    "tags": "Keywords that the page gives.",
    "images": "Pictures with caption, photographer, agency and distributor as printed.",
    "links": "Links in the body.",
    "blocks": "The pieces of the body, as characters of `articles.text`: paragraph, subhead, quote, list_item.",
    "attributions": "Whose reporting an article rests on, with the sentence that says so.",
    "evidence": "The signs on which the access verdict rests.",
    "fields": "Which reader gave which field: the outlet's own, JSON-LD, meta elements, the visible page, trafilatura.",
    "addresses": "Every URL under which an article was captured.",
    "topics": "Topic files, by version.",
    "matches": "Which article meets which topic, with score and decision.",
    "match_spans": "The words that met a topic: field and characters (start included, end not).",
    "articles_norm": "Title, standfirst and text as the search sees them, folded by `norm()`.",
    "shingles": "A sample of the word runs of each text as 32-bit hashes, by which copies are found.",
    "kin": "Articles with a text in common: copies, excerpts, translations.",
    "warcs": "WARC files with size and checksum; `indexed`: bytes whose records are in the tables.",
    "events": "The journal: what happened to the files of the corpus, and what people decided. One row per line.",
    "takedowns": "Articles that were taken down, with the reason: one row for each of their addresses.",
    "tombstones": "Records whose payload was taken out of the WARC file, with the digests that it had.",
    "health": "Per run and outlet: how many URLs ended in which outcome.",
    "stats": "Counts made at the end of a run, so that no page has to count.",
}


@migrations()
def first_tables(db: Database) -> None:
    """The tables of version 0.1."""
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
            "kind": str,  # closed | mended | found | imported | takedown
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


def open_database(path: str) -> Database:
    """corpus.db at `path`, brought to the newest schema, in WAL mode, with the SQL function `norm()`."""
    db = Database(path)
    register(db.conn)
    db.enable_wal()
    migrations.apply(db)
    return db
