"""An article that was taken down: that it is gone, since when and why, and what it was the digest of."""

from typing import Any

from sqlite_utils import Database

from archive.custody.by_hand import journal_line, record_commands
from archive.custody.capture import spoken
from archive.custody.lookup import row_of, rows_of
from archive.custody.testimony import Source, Step, Testimony
from archive.custody.witness import Witness
from archive.errors import BrokenRecord
from archive.records import found_at


def takedown_testimony(db: Database, witness: Witness, asked: str, entry: int) -> Testimony:
    """The chain of a takedown, named by its journal line: that line, tombstones, rows that are no longer there."""
    row = row_of(db, "SELECT * FROM events WHERE n = ?", entry)
    article_id = row.get("article_id")
    # Of an article that was met again there may be several; of an address without article the line is all there is
    same = "article_id = ?" if article_id is not None else "entry = ?"
    known = article_id if article_id is not None else entry
    stones = rows_of(db, f"SELECT * FROM tombstones WHERE {same} ORDER BY fetched_at", known)
    downs = rows_of(db, f"SELECT * FROM takedowns WHERE {same} ORDER BY url", known)
    outlet = next((each["outlet"] for each in downs if each["outlet"]), "an unknown outlet")
    testimony = Testimony(asked, "takedown", row)
    what = f"The article {article_id}" if article_id else "A page that was no article"
    testimony.statements += [
        f"{what} of {outlet} was taken down on {spoken(row.get('at'))}.",
        f"Reason: {row.get('reason')}",
        f"Its addresses: {', '.join(each['url'] for each in downs)}. None of them is asked for again.",
    ]
    for n in sorted({entry, *(each["entry"] for each in (*stones, *downs))}):
        testimony.steps.append(_entry(db, witness, n))
        if digest := witness.chain.at(n):
            testimony.by_hand.append(journal_line(n, digest))
    testimony.steps.append(_gone(db, article_id, [each["capture_id"] for each in stones]))
    testimony.sources += [_stone(witness, each) for each in stones]
    return testimony


def _entry(db: Database, witness: Witness, n: int) -> Step:
    says = f"Line {n} of the journal says so; its digest is {witness.chain.at(n) or 'not known'}."
    row = row_of(db, "SELECT at, kind, article_id, reason FROM events WHERE n = ?", n)
    line = next((each for each in witness.lines() if each.n == n), None)
    if line is None or line.kind != "takedown":
        return Step("journal line", says, "the journal has no such line")
    said = {"at": line.at, "kind": line.kind, **{name: line.values.get(name) for name in ("article_id", "reason")}}
    differ = [
        f"{name} is {row.get(name)!r} in the row, {value!r} there"
        for name, value in said.items()
        if row.get(name) != value
    ]
    return Step("journal line", says, "; ".join(differ) or None)


def _gone(db: Database, article_id: str | None, captures: list[str]) -> Step:
    """No table that has articles or captures names it any more."""
    says = "No row of the database and no entry of the search holds the article, its text or its captures."
    left: list[str] = []
    for table in db.table_names():
        if table in ("takedowns", "tombstones", "events") or table.startswith(("_", "articles_fts")):
            continue
        columns = {column.name for column in db[table].columns}
        if (
            article_id
            and "article_id" in columns
            and row_of(db, f'SELECT 1 FROM "{table}" WHERE article_id = ?', article_id)
        ):
            left.append(table)
        if "capture_id" in columns and any(
            row_of(db, f'SELECT 1 FROM "{table}" WHERE capture_id = ?', each) for each in captures
        ):
            left.append(table)
    if row_of(db, "SELECT 1 FROM articles WHERE id = ?", article_id):
        left.append("articles")
    if any(row_of(db, "SELECT 1 FROM captures WHERE id = ?", each) for each in captures):
        left.append("captures")
    return Step("rows", says, f"there are rows in {', '.join(sorted(set(left)))}" if left else None)


def _stone(witness: Witness, stone: dict[str, Any]) -> Source:
    """The record in whose place the tombstone stands."""
    file, offset, length = stone["warc_file"], stone["warc_offset"], stone["warc_length"]
    source = Source(f"What was captured on {spoken(stone['fetched_at'])}", stone["record_id"])
    source.statements.append(
        f"The answer of {stone['url']}: its block had the SHA-256 {stone['block_sha256'] or 'unknown'}, its payload"
        f" {stone['payload_sha256'] or 'unknown'}. Whoever holds a copy can be told by this whether it is the same."
    )
    says = (
        f"In {file}, {length} bytes from byte {offset} on, a tombstone stands under the record's id, without payload."
    )
    path = witness.path_of(file)
    try:
        found = found_at(path, offset)
    except BrokenRecord as error:
        source.steps.append(Step("tombstone", says, str(error)))
    else:
        record, why = found.record, found.record.digest_problem()
        if record.record_id != stone["record_id"] or found.length != length:
            why = f"there lies {record.type} {record.record_id}"
        elif record.type != "metadata":
            why = "the answer is still there"
        source.steps.append(Step("tombstone", says, why))
        source.by_hand += record_commands(path, file, offset, length, record)
    steps, commands = witness.file(file)
    source.steps += steps
    source.by_hand += commands
    return source
