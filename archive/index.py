"""The index: entries become rows of corpus.db.

Rows are a fold over the entries in the order of the WARC files. A crawl applies entries as it records them, a
rebuild applies them again: so both give the same rows.
"""

from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from archive.events import keep_events
from archive.history import enter, keep
from archive.identity import addresses, known_as, new_id
from archive.intake import Entry, Rights, Taken
from archive.journal import Line
from archive.judging import Due, judge, keep_topics, unjudged
from archive.kinship import remember
from archive.model import Article, Kind, Lead, Outcome
from archive.notes import LeadsNote, RunNote
from archive.prepared import READABLE, document_of, prepared
from archive.revisions import PARTS
from archive.rows import put, put_all
from archive.times import stamp
from archive.topics import Topic

__all__ = ["READABLE", "Index"]


class Index:
    """Writes entries to a corpus.db; `topics` decide which articles are kept in view.

    Entries are not committed before `commit()`: the caller has made sure by then that the records are on the disk.
    """

    def __init__(self, db: Database, topics: Sequence[Topic]) -> None:
        self.db = db
        self.topics = tuple(topics)
        self._due: dict[str, Due] = {}
        keep_topics(db, self.topics)
        self._remember_takedowns()

    def journal(self, lines: Iterable[Line]) -> None:
        """The rows of the journal. Come before the entries: what was taken down is not taken in again."""
        self._begin()
        keep_events(self.db, lines)
        self._remember_takedowns()

    def _remember_takedowns(self) -> None:
        rows = self.db.execute("SELECT url, outlet, stable_id, reason FROM takedowns").fetchall()
        known = "SELECT url, reason FROM leads WHERE outcome = 'skipped' AND reason LIKE 'taken down: %'"
        self._down = dict(self.db.execute(known).fetchall()) | {row[0]: f"taken down: {row[3]}" for row in rows}
        self._down_ids = {(row[1], row[2]): self._down[row[0]] for row in rows if row[2] is not None}
        self._tombstones = {row[0] for row in self.db.execute("SELECT record_id FROM tombstones").fetchall()}

    def apply(self, entry: Entry) -> None:
        """The rows of one entry. Entries of one file come in the file's order."""
        self._begin()
        match entry:
            case Taken():
                self._take(entry)
            case LeadsNote():
                self._announce(entry)
            case RunNote():
                self._run(entry)

    def reached(self, warc_file: str, offset: int) -> None:
        """Everything in this file before `offset` is in the index."""
        self._begin()
        self.db.execute(
            "INSERT INTO warcs (file, indexed) VALUES (?, ?)"
            " ON CONFLICT (file) DO UPDATE SET indexed = max(indexed, excluded.indexed)",
            [warc_file, offset],
        )

    def spoilt(self, warc_file: str, why: str) -> None:
        """Keeps what is wrong with a file."""
        self._begin()
        self.db.execute("UPDATE warcs SET damage = ? WHERE file = ?", [why, warc_file])

    def reached_so_far(self, warc_file: str) -> int:
        row = self.db.execute("SELECT indexed FROM warcs WHERE file = ?", [warc_file]).fetchone()
        return int(row[0] or 0) if row else 0

    def commit(self) -> None:
        """Matches what is new against the topics, then makes all rows durable."""
        due, self._due = self._due, {}
        judge(self.db, self.topics, due.values())
        self.db.commit()

    def _begin(self) -> None:
        """Opens the transaction that `commit` ends: without one sqlite-utils commits each statement."""
        if not self.db.conn.in_transaction:
            # Not a deferred one: where a person judges between its first look and its first write, that would fail
            self.db.execute("BEGIN IMMEDIATE")

    def _take(self, taken: Taken) -> None:
        capture, rights = taken.capture, taken.rights
        if capture.record_id in self._tombstones:
            return  # a file that is not ours still holds it
        capture_id = capture.record_id.removeprefix("<urn:uuid:").removesuffix(">")
        put(
            self.db,
            "captures",
            {
                "id": capture_id,
                "url": capture.url,
                "final_url": capture.final_url,
                "outlet": capture.outlet,
                "fetched_at": stamp(capture.fetched_at),
                "status": capture.status,
                "mime": capture.mime,
                "warc_file": capture.pointer.warc_file,
                "warc_offset": capture.pointer.offset,
                "warc_length": capture.pointer.length,
                "record_id": capture.record_id,
                "kind": capture.kind,
                "truncated": capture.truncated,
                "payload_sha256": capture.payload_sha256,
                "session": capture.session,
                "run_id": capture.run_id,
                "fidelity": capture.fidelity,
                "block_sha256": capture.block_sha256,
                "revisit_of": capture.revisit_of,
            },
        )
        said = {name: getattr(rights, name) for name in Rights.__dataclass_fields__}
        put(self.db, "rights", {"capture_id": capture_id, "outlet": capture.outlet, **said})
        lead = taken.note.lead if taken.note else None
        at = stamp(capture.fetched_at) or ""
        article = taken.reading.article
        if article is not None and (down := self._down_ids.get((capture.outlet, article.stable_id))):
            self._down[capture.url] = down
        self._lead(
            lead or Lead(capture.url, capture.outlet or "", source="record", kind=capture.kind),
            at,
            capture.run_id,
            taken.reading.outcome,
            taken.reading.reason,
            capture_id,
        )
        if (
            capture.kind is Kind.ARTICLE
            and article is not None
            and taken.reading.outcome in READABLE
            and not any(url in self._down for url in addresses(capture, article))
        ):
            self._keep(taken, article, capture_id, at)

    def _keep(self, taken: Taken, article: Article, capture_id: str, at: str) -> None:
        db, capture = self.db, taken.capture
        ready = taken.prepared or prepared(capture, article)
        known = known_as(db, capture, article, ready.shingles)
        article_id = known or new_id(db, capture, article, ready.stem)
        values = ready.values
        if known is None:
            # Another page may have claimed this address for itself
            put(db, "addresses", {"url": capture.url, "article_id": article_id})
        for url in addresses(capture, article):
            db.execute("INSERT OR IGNORE INTO addresses (url, article_id) VALUES (?, ?)", [url, article_id])
        n = enter(db, article_id, capture_id, at, values) if known else 1
        if n is None:
            return
        row = {
            "id": article_id,
            "outlet": capture.outlet,
            "url": capture.url,
            **values,
            "outcome": taken.reading.outcome,
            "last_seen": at,
            "revision_count": n,
            "capture_id": capture_id,
        }
        if known is None:
            put(db, "articles", {**row, "first_seen": at, "kept": unjudged(self.topics)})
            keep(db, article_id, n, capture_id, at, values, [])
        else:
            row.pop("url")
            assignments = ", ".join(f'"{name}" = ?' for name in row if name != "id")
            db.execute(
                f"UPDATE articles SET {assignments} WHERE id = ?",
                [*(value for name, value in row.items() if name != "id"), article_id],
            )
            for table in (*PARTS, "fields"):
                db.execute(f'DELETE FROM "{table}" WHERE article_id = ?', [article_id])
        for table, rows in ready.parts.items():
            numbered = ((article_id, position, *part) for position, part in enumerate(rows))
            put_all(db, table, ("article_id", "position", *PARTS[table]), numbered)
        put_all(db, "fields", ("article_id", "field", "read_by"), ((article_id, *each) for each in ready.fields))
        db.execute(
            "INSERT INTO articles_norm (article_id, title, standfirst, text) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (article_id) DO UPDATE SET"
            " title = excluded.title, standfirst = excluded.standfirst, text = excluded.text",
            [article_id, *ready.folded],
        )
        remember(db, article_id, ready.shingles)
        document = document_of(ready, article_id, capture, article)
        never = known is None or (article_id in self._due and self._due[article_id].new)
        self._due[article_id] = Due(document, ready.matched, never)

    def _announce(self, note: LeadsNote) -> None:
        for each in note.decisions:
            self._lead(each.lead, note.at, note.run_id, each.outcome, each.reason, None)

    def _lead(
        self,
        lead: Lead,
        at: str,
        run_id: str | None,
        outcome: Outcome | None,
        reason: str | None,
        capture_id: str | None,
    ) -> None:
        """The first announcement stays; what came of it is the newest word."""
        if (down := self._down.get(lead.url)) is not None:
            self.db.execute(
                "INSERT OR IGNORE INTO leads (url, outlet, source, kind, found_at, outcome, reason)"
                " VALUES (?, ?, 'journal', ?, ?, ?, ?)",
                [lead.url, lead.outlet or None, Kind.ARTICLE, at, Outcome.SKIPPED, down],
            )
            return
        self.db.execute(
            "INSERT INTO leads (url, outlet, source, kind, found_at, title, summary, published_at, modified_at,"
            " outcome, reason, run_id, capture_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET"
            " title = coalesce(title, excluded.title), summary = coalesce(summary, excluded.summary),"
            " published_at = coalesce(published_at, excluded.published_at),"
            " modified_at = coalesce(excluded.modified_at, modified_at),"
            " outcome = coalesce(excluded.outcome, outcome),"
            " reason = CASE WHEN excluded.outcome IS NULL THEN reason ELSE excluded.reason END,"
            " run_id = excluded.run_id, capture_id = coalesce(excluded.capture_id, capture_id)",
            [
                lead.url,
                lead.outlet or None,
                lead.source,
                lead.kind,
                at,
                lead.title,
                lead.summary,
                stamp(lead.published_at),
                stamp(lead.modified_at),
                outcome,
                reason,
                run_id,
                capture_id,
            ],
        )

    def _run(self, note: RunNote) -> None:
        if note.ended_at:
            self.db.execute(
                "UPDATE runs SET ended_at = ?, reason = ? WHERE id = ?", [note.ended_at, note.reason, note.run_id]
            )
            return
        put(
            self.db,
            "runs",
            {
                "id": note.run_id,
                "started_at": note.started_at,
                "command": note.command,
                "software": note.software,
                "user_agent": note.user_agent,
                "operator": note.operator,
            },
        )
        for outlet in note.outlets:
            put(self.db, "outlets", {"name": outlet.name, "title": outlet.title, "home": outlet.home})
            for language in outlet.languages:
                put(self.db, "outlet_languages", {"outlet": outlet.name, "language": language})
            for url, kind in outlet.sources:
                put(self.db, "sources", {"url": url, "outlet": outlet.name, "kind": kind})
