"""The tables of corpus.db, as sqlite-utils migrations.

The database is derived: `hemeroteca rebuild` makes the same rows again from warc/ and topics/. Times
are UTC in ISO 8601 with `Z`; an unknown value is NULL; lists are tables of their own. The names are relied on by
scripts and saved queries: they change only by a further migration and a line in CHANGELOG.md.
"""

from sqlite_utils import Database

from archive.norm import register
from archive.schema.descriptions import DESCRIPTIONS
from archive.schema.versions import migrations

__all__ = ["DESCRIPTIONS", "migrations", "open_database"]


def open_database(path: str) -> Database:
    """corpus.db at `path`, brought to the newest schema, in WAL mode, with the SQL function `norm()`."""
    db = Database(path)
    register(db.conn)
    db.enable_wal()
    migrations.apply(db)
    return db
