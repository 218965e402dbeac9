"""Two databases compared row by row."""

from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from archive.custody.account import Account, Part
from archive.errors import BadCorpusFile
from archive.topics import parse_topic

# The key by which rows are matched where it is not the table's own, and columns that are bookkeeping
_KEYS = {"articles_norm": ("article_id",)}
_BOOKKEEPING = {"articles_norm": frozenset({"n"}), "warcs": frozenset({"indexed"})}
# Rows that are history, as a condition on `a`
_PAST = {
    "topics": "a.current = 0",
    "matches": "NOT EXISTS (SELECT 1 FROM main.topics t WHERE t.id = a.topic AND t.version = a.topic_version"
    " AND t.current = 1)",
}
_LONGEST = 60  # characters of a value in a finding


def tables_of(db: Database, schema: str) -> list[str]:
    """The tables that hold rows of ours; migrations, the search index and SQLite's own left out."""
    rows = db.execute(f"SELECT name FROM \"{schema}\".sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return [name for (name,) in rows if not name.startswith(("_", "articles_fts", "sqlite_"))]


def compare(db: Database, other: str, tables: Iterable[str], part: Part, account: Account) -> Iterator[tuple[str, int]]:
    """Puts into the account every row of `tables` that differs between the database and the attached one `other`.

    Yields each table when it is done, with the number of its rows; 0 where one of them differs.
    """
    for table in tables:
        before = account.faults[part]
        _compare(db, other, table, part, account)
        number = db.execute(f'SELECT count(*) FROM main."{table}"').fetchone()[0]
        expected = db.execute(f'SELECT count(*) FROM "{other}"."{table}"').fetchone()[0]
        history = _history(db, other, table) if table in _PAST else 0
        if account.faults[part] == before and number - history != expected:
            account.fault(part, table, f"it has {number} rows where {expected} are due", table=table)
        yield table, number if account.faults[part] == before else 0


def compare_schema(db: Database, other: str, part: Part, account: Account) -> None:
    """Puts into the account tables, indexes and triggers that are not as this program makes them."""
    sql = (
        "SELECT type, name, tbl_name FROM {one}.sqlite_master AS a WHERE name NOT LIKE 'sqlite^_%' ESCAPE '^'"
        " AND NOT EXISTS (SELECT 1 FROM {two}.sqlite_master AS b WHERE b.type = a.type AND b.name = a.name"
        " AND b.sql IS a.sql)"
    )
    odd = {(row[0], row[1]): row for row in db.execute(sql.format(one="main", two=f'"{other}"')).fetchall()}
    odd |= {(row[0], row[1]): row for row in db.execute(sql.format(one=f'"{other}"', two="main")).fetchall()}
    for kind, name, table in odd.values():
        account.fault(part, f"{kind} {name}", "it is not as this version of the program makes it", table=table)


def _compare(db: Database, other: str, table: str, part: Part, account: Account) -> None:
    columns = [row[1:6:4] for row in db.execute(f'PRAGMA "{other}".table_info("{table}")').fetchall()]
    keys = _KEYS.get(table) or tuple(name for name, place in sorted(columns, key=lambda each: each[1]) if place)
    left_out = _BOOKKEEPING.get(table, frozenset())
    values = [name for name, _ in columns if name not in keys and name not in left_out]
    joined = " AND ".join(f'a."{name}" IS b."{name}"' for name in keys)
    named = ", ".join(f'a."{name}"' for name in keys)
    if values:
        pairs = ", ".join(f'a."{name}", b."{name}"' for name in values)
        differs = " OR ".join(f'a."{name}" IS NOT b."{name}"' for name in values)
        sql = f'SELECT {named}, {pairs} FROM main."{table}" a JOIN "{other}"."{table}" b ON {joined} WHERE {differs}'
        for row in db.execute(sql):
            key, rest = row[: len(keys)], row[len(keys) :]
            for name, ours, fresh in zip(values, rest[::2], rest[1::2], strict=True):
                if ours != fresh or type(ours) is not type(fresh):
                    if (table, name) == ("topics", "toml") and _gives(str(ours), *map(str, key)):
                        continue
                    why = f"{name} is {_shown(ours, fresh)}, and {_shown(fresh, ours)} when it is made again"
                    _fault(account, part, table, keys, key, why, name)
    for one, two, why in (
        ("main", f'"{other}"', "nothing in the records gives this row"),
        (f'"{other}"', "main", "this row is missing"),
    ):
        old = f" AND NOT ({_PAST[table]})" if table in _PAST and one == "main" else ""
        sql = (
            f'SELECT {named} FROM {one}."{table}" a'
            f' WHERE NOT EXISTS (SELECT 1 FROM {two}."{table}" b WHERE {joined}){old}'
        )
        for key in db.execute(sql):
            _fault(account, part, table, keys, key, why, None)


def _gives(toml: str, topic_id: str, version: str) -> bool:
    """Is this a text of that version? A version may have come into force again with other remarks in its file."""
    try:
        return parse_topic(toml, f"{topic_id}.toml", topic_id).version == version
    except BadCorpusFile:
        return False


def _history(db: Database, other: str, table: str) -> int:
    """Versions of topics that are no longer in force, and what they said: kept, and no file gives them any more."""
    keys = {"topics": ("id", "version"), "matches": ("article_id", "topic", "topic_version")}[table]
    joined = " AND ".join(f"b.{key} = a.{key}" for key in keys)
    sql = f'SELECT count(*) FROM main."{table}" a WHERE {_PAST[table]}'
    sql += f' AND NOT EXISTS (SELECT 1 FROM "{other}"."{table}" b WHERE {joined})'
    return int(db.execute(sql).fetchone()[0])


def _fault(
    account: Account,
    part: Part,
    table: str,
    keys: tuple[str, ...],
    key: tuple[object, ...],
    why: str,
    column: str | None,
) -> None:
    named = ", ".join(f"{name}={value}" for name, value in zip(keys, key, strict=True))
    known = dict(zip(keys, key, strict=True))
    url = known.get("url")
    account.fault(part, f"{table}[{named}]", why, table=table, key=named, column=column, url=str(url) if url else None)


def _shown(value: object, other: object) -> str:
    """The value; of long texts the place where they part."""
    if value is None:
        return "empty"
    if not isinstance(value, str) or len(value) <= _LONGEST or not isinstance(other, str):
        text = repr(value)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    parting = next((at for at, (one, two) in enumerate(zip(value, other, strict=False)) if one != two), len(other))
    start = max(0, parting - _LONGEST // 3)
    piece = value[start : start + _LONGEST]
    return f"{'…' if start else ''}{piece!r}{'…' if start + _LONGEST < len(value) else ''} (character {parting})"
