"""Which row a person means: by article id, URL, capture id, or the id of a record, also of what was taken down."""

from typing import Any, NamedTuple

from sqlite_utils import Database

from archive.errors import UsageError


class Asked(NamedTuple):
    """`found`: article, capture or takedown; `id`: that of the article or capture, of a takedown its journal line."""

    found: str
    id: str


# In this order: a taken-down article has no other row; a URL is an article's before it is a capture's
_PLACES = (
    ("article", "SELECT id FROM articles WHERE id = :asked"),
    ("takedown", "SELECT entry FROM takedowns WHERE article_id = :asked"),
    ("takedown", "SELECT entry FROM tombstones WHERE capture_id = :asked OR record_id = :record"),
    ("takedown", "SELECT entry FROM takedowns WHERE url = :asked"),
    ("capture", "SELECT id FROM captures WHERE id = :asked"),
    ("capture", "SELECT id FROM captures WHERE record_id = :record"),
    ("article", "SELECT article_id FROM addresses WHERE url = :asked"),
    ("capture", "SELECT id FROM captures WHERE url = :asked ORDER BY fetched_at DESC"),
)


def look_up(db: Database, asked: str) -> Asked:
    """The row that `asked` names. Raises UsageError where there is none."""
    text = asked.strip()
    bare = text.removeprefix("<").removesuffix(">").removeprefix("urn:uuid:")
    for form in dict.fromkeys((text, bare, text.partition("#")[0])):
        for found, sql in _PLACES:
            row = db.execute(f"{sql} LIMIT 1", {"asked": form, "record": f"<urn:uuid:{bare}>"}).fetchone()
            if row is not None:
                return Asked(found, str(row[0]))
    raise UsageError(
        f"{asked!r} names no article, capture or takedown of this corpus: give an article's id, its URL or a capture's"
        " id, as the reading room shows them"
    )


def row_of(db: Database, sql: str, *values: Any) -> dict[str, Any]:
    """The first row of a query by column; {} where there is none."""
    return next(iter(rows_of(db, sql, *values)), {})


def rows_of(db: Database, sql: str, *values: Any) -> list[dict[str, Any]]:
    """The rows of a query, each by column."""
    cursor = db.execute(sql, list(values))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
