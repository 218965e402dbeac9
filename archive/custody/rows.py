"""Rows against records, both ways: every row has its record, every answer of our own has its row."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.custody.account import Account, Part
from archive.custody.chain import Chain
from archive.custody.pending import Pending
from archive.custody.records import Walked
from archive.intake import Group, examined, groups
from archive.model import Capture, Outcome, Pointer, Reading
from archive.notes import CaptureNote
from archive.records import Record
from archive.times import stamp

_COLUMNS = (
    "id",
    "url",
    "final_url",
    "outlet",
    "fetched_at",
    "status",
    "mime",
    "warc_file",
    "warc_offset",
    "warc_length",
    "record_id",
    "kind",
    "truncated",
    "payload_sha256",
    "session",
    "run_id",
    "fidelity",
    "block_sha256",
    "revisit_of",
)


def columns_of(capture: Capture) -> dict[str, Any]:
    """The row of `captures` that a capture gives."""
    pointer = capture.pointer
    placed = {"warc_file": pointer.warc_file, "warc_offset": pointer.offset, "warc_length": pointer.length}
    own = {
        "id": capture.record_id.removeprefix("<urn:uuid:").removesuffix(">"),
        "fetched_at": stamp(capture.fetched_at),
        **placed,
    }
    return {name: own[name] if name in own else getattr(capture, name) for name in _COLUMNS}


def unread(*_: object) -> Reading:
    """A reader that reads nothing: what a row of `captures` says stands in the record itself."""
    return Reading(Outcome.PARSE_FAILED)


def differences(row: dict[str, Any], record: Record, group: Group, folder: Path) -> dict[str, tuple[Any, Any]]:
    """By column, what a row of `captures` says and what its record says, where they differ.

    The outlet is told by the note; of a record without one it is a matter of reading.
    """
    note = group.note if isinstance(group.note, CaptureNote) else None
    due = columns_of(examined(record, group.pointer, note, folder, unread).capture)
    if note is None:
        due.pop("outlet")
    return {name: (row[name], value) for name, value in due.items() if row[name] != value}


class Rows:
    """The rows about one file, in the order of its records."""

    def __init__(self, db: Database, corpus: Corpus, walked: Walked, pending: Pending, account: Account) -> None:
        self.db, self.corpus, self.walked, self.pending, self.account = db, corpus, walked, pending, account
        sql = f"SELECT {', '.join(_COLUMNS)} FROM captures WHERE warc_file = ? ORDER BY warc_offset"
        self._rows: Iterator[tuple[Any, ...]] = iter(db.execute(sql, [walked.name]))
        sql = "SELECT warc_offset, record_id, warc_length, url FROM tombstones WHERE warc_file = ?"
        self._stones = {row[0]: row[1:] for row in db.execute(sql, [walked.name]).fetchall()}
        self._row: dict[str, Any] | None = None
        self._next()

    def check(self, records: Iterable[tuple[Pointer, Record]]) -> None:
        """Compares the rows with the records on the walk."""
        for group in groups(self._stones_seen(records)):
            self.pending.saw(self.walked, group.note)
            if group.record is not None:
                self._answer(group, group.record)
        while self._row is not None:
            self._lost(self._row)
            self._next()
        for offset, (record_id, _, url) in self._stones.items():
            self._stone(offset, record_id, url, "there is no such record")

    def _stones_seen(self, records: Iterable[tuple[Pointer, Record]]) -> Iterator[tuple[Pointer, Record]]:
        for pointer, record in records:
            if (stone := self._stones.pop(pointer.offset, None)) is not None:
                record_id, length, url = stone
                if record.record_id != record_id or length != pointer.length:
                    self._stone(pointer.offset, record_id, url, f"there lies {record.type} {record.record_id}")
                elif record.type != "metadata" and self.walked.own:
                    self._stone(pointer.offset, record_id, url, "what was taken down is still there")
                elif record.type != "metadata":
                    why = f"{url} was taken down; this file is not ours and holds it still"
                    self.account.remark(Part.ROWS, f"{self.walked.name}@{pointer.offset}", why, file=self.walked.name)
                else:
                    self.account.count(Part.ROWS, "tombstones")
            yield pointer, record

    def _answer(self, group: Group, record: Record) -> None:
        offset = group.pointer.offset
        while self._row is not None and self._row["warc_offset"] < offset:
            self._lost(self._row)
            self._next()
        named = False
        while self._row is not None and self._row["warc_offset"] == offset:
            named = self._compare(self._row, group, record) or named
            self._next()
        if not named and self.walked.own and not self._elsewhere(record.record_id):
            self.pending.lacks(self.walked, group)

    def _elsewhere(self, record_id: str) -> bool:
        """Whether a row has this record at another place: in a copy of the file, or wrongly, which its row tells."""
        found = self.db.execute("SELECT 1 FROM captures WHERE record_id = ? LIMIT 1", [record_id]).fetchone()
        return found is not None

    def _compare(self, row: dict[str, Any], group: Group, record: Record) -> bool:
        """Whether the row is about this record at all; what differs goes into the account."""
        differ = differences(row, record, group, self.corpus.folder)
        if not differ:
            self.account.count(Part.ROWS, "captures")
        elif "record_id" in differ:
            self._fault(row, f"it names {row['record_id']}, there lies {record.record_id}", "record_id")
        else:
            for name, (said, due) in differ.items():
                self._fault(row, f"{name} is {said!r}, its record gives {due!r}", name)
        return "record_id" not in differ

    def _lost(self, row: dict[str, Any]) -> None:
        if any(each.offset == row["warc_offset"] for each in self.walked.damaged):
            self._fault(row, "its record is damaged")
        else:
            self._fault(row, f"no answer begins at byte {row['warc_offset']} of {self.walked.name}", "warc_offset")

    def _fault(self, row: dict[str, Any], what: str, column: str | None = None) -> None:
        row_fault(self.account, row, what, column)

    def _stone(self, offset: int, record_id: str, url: str, what: str) -> None:
        self.account.fault(
            Part.ROWS,
            f"tombstones[record_id={record_id}]",
            f"it stands for {self.walked.name}@{offset}: {what}",
            file=self.walked.name,
            offset=offset,
            record_id=record_id,
            url=url,
            table="tombstones",
            key=f"record_id={record_id}",
        )

    def _next(self) -> None:
        row = next(self._rows, None)
        self._row = None if row is None else dict(zip(_COLUMNS, row, strict=True))


def row_fault(account: Account, row: dict[str, Any], what: str, column: str | None = None) -> None:
    """A fault of a row of `captures`."""
    account.fault(
        Part.ROWS,
        f"captures[id={row['id']}]",
        f"{row['url']}: {what}",
        file=row["warc_file"],
        offset=row["warc_offset"],
        record_id=row["record_id"],
        url=row["url"],
        table="captures",
        key=f"id={row['id']}",
        column=column,
    )


def check_links(db: Database, files: Iterable[str], chain: Chain, account: Account) -> None:
    """Rows about files that were not walked, checksums in rows, articles and revisions without their capture."""
    walked = set(files)
    for name, digest, size in db.execute("SELECT file, sha256, bytes FROM warcs").fetchall():
        word = chain.files.get(name)
        for column, said, due in (("sha256", digest, word and word.sha256), ("bytes", size, word and word.bytes)):
            if None not in (said, due) and said != due:
                why = f"{column} is {said}, the journal has {due}"
                account.fault(Part.ROWS, f"warcs[file={name}]", why, file=name, table="warcs", key=name, column=column)
    sql = f"SELECT {', '.join(_COLUMNS)} FROM captures WHERE warc_file = ?"
    for (name,) in db.execute("SELECT DISTINCT warc_file FROM captures").fetchall():
        if name not in walked:
            for row in db.execute(sql, [name]):
                row_fault(account, dict(zip(_COLUMNS, row, strict=True)), f"{name} cannot be read", "warc_file")
    for table, key in (("articles", "id"), ("revisions", "article_id || ' ' || n")):
        sql = (
            f"SELECT {key}, capture_id FROM {table} a WHERE NOT EXISTS"
            " (SELECT 1 FROM captures b WHERE b.id = a.capture_id)"
        )
        missing = db.execute(sql).fetchall()
        for name, capture_id in missing:
            why = f"there is no capture {capture_id}"
            account.fault(Part.ROWS, f"{table}[{name}]", why, table=table, key=str(name), column="capture_id")
        number = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        account.count(Part.ROWS, table, number - len(missing))
