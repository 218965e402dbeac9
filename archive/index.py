"""The index: entries become rows of corpus.db.

Rows are a fold over the entries in the order of the WARC files. A crawl applies entries as it records them, a
rebuild applies them again: so both give the same rows.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace

from sqlite_utils import Database

from archive.identity import addresses, known_as, new_id
from archive.intake import Entry, Taken
from archive.judging import judge, keep_topics
from archive.kinship import forget, remember
from archive.matching import Document
from archive.model import Article, Kind, Lead, Outcome
from archive.norm import norm
from archive.notes import LeadsNote, RunNote
from archive.revisions import REVISED, changes, parts_of, values_of
from archive.rows import put
from archive.times import stamp
from archive.topics import Topic

# An article row is made for these; for all others the lead's row keeps what was announced.
READABLE = frozenset({Outcome.OK, Outcome.PAYWALLED, Outcome.TEXT_INCOMPLETE, Outcome.EMPTY})


class Index:
    """Writes entries to a corpus.db; `topics` decide which articles are kept in view.

    Entries are not committed before `commit()`: the caller has made sure by then that the records are on the disk.
    """

    def __init__(self, db: Database, topics: Sequence[Topic]) -> None:
        self.db = db
        self.topics = tuple(topics)
        self._unmatched: dict[str, Document] = {}
        keep_topics(db, self.topics)

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
        documents, self._unmatched = list(self._unmatched.values()), {}
        judge(self.db, self.topics, documents)
        self.db.commit()

    def _begin(self) -> None:
        """Opens the transaction that `commit` ends: without one sqlite-utils commits each statement."""
        if not self.db.conn.in_transaction:
            self.db.begin()

    def _take(self, taken: Taken) -> None:
        capture, rights = taken.capture, taken.rights
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
            },
        )
        put(self.db, "rights", {"capture_id": capture_id, "outlet": capture.outlet, **asdict(rights)})
        lead = taken.note.lead if taken.note else None
        at = stamp(capture.fetched_at) or ""
        self._lead(
            lead or Lead(capture.url, capture.outlet or "", source="record", kind=capture.kind),
            at,
            capture.run_id,
            taken.reading.outcome,
            taken.reading.reason,
            capture_id,
        )
        article = taken.reading.article
        if capture.kind is Kind.ARTICLE and article is not None and taken.reading.outcome in READABLE:
            self._keep(taken, article, capture_id, at)

    def _keep(self, taken: Taken, article: Article, capture_id: str, at: str) -> None:
        db, capture = self.db, taken.capture
        article_id = known_as(db, capture, article)
        values = values_of(article)
        if article_id is None:
            article_id = new_id(db, capture, article)
            changed, n, first = "", 1, True
        else:
            last = db.execute(
                "SELECT title, standfirst, text, published_at, modified_at, access, complete, n"
                " FROM revisions WHERE article_id = ? ORDER BY n DESC LIMIT 1",
                [article_id],
            ).fetchone()
            changed, n, first = ", ".join(changes(last[:7], values)), last[7] + 1, False
        for url in addresses(capture, article):
            db.execute("INSERT OR IGNORE INTO addresses (url, article_id) VALUES (?, ?)", [url, article_id])
        if not first and not changed:
            db.execute("UPDATE articles SET last_seen = max(last_seen, ?) WHERE id = ?", [at, article_id])
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
        if first:
            put(self.db, "articles", {**row, "first_seen": at, "kept": None})
        else:
            row.pop("url")
            assignments = ", ".join(f'"{name}" = ?' for name in row if name != "id")
            db.execute(
                f"UPDATE articles SET {assignments} WHERE id = ?",
                [*(value for name, value in row.items() if name != "id"), article_id],
            )
        put(
            self.db,
            "revisions",
            {
                "article_id": article_id,
                "n": n,
                "capture_id": capture_id,
                "seen_at": at,
                **{name: values[name] for name in REVISED},
                "changed": changed or None,
            },
        )
        self._parts(article_id, article)
        self._search_copy(article_id, article)
        forget(db, article_id)
        remember(db, article_id, article.text)
        self._unmatched[article_id] = Document.of(article_id, replace(article, outlet=capture.outlet))

    def _parts(self, article_id: str, article: Article) -> None:
        parts = parts_of(article)
        for table in (*parts, "fields"):
            self.db.execute(f'DELETE FROM "{table}" WHERE article_id = ?', [article_id])
        for table, rows in parts.items():
            for position, row in enumerate(rows):
                put(self.db, table, {"article_id": article_id, "position": position, **row})
        for name, reader in sorted(article.read_by.items()):
            put(self.db, "fields", {"article_id": article_id, "field": name, "read_by": reader})

    def _search_copy(self, article_id: str, article: Article) -> None:
        copy = [norm(article.title or ""), norm(article.standfirst or ""), norm(article.text)]
        self.db.execute(
            "INSERT INTO articles_norm (article_id, title, standfirst, text) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (article_id) DO UPDATE SET"
            " title = excluded.title, standfirst = excluded.standfirst, text = excluded.text",
            [article_id, *copy],
        )

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
