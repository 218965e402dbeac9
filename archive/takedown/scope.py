"""What a takedown of an article would touch, from rows and files. Reads only.

Feeds, sitemaps and listings that printed the headline are not touched: they are evidence of what was listed.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.events import PARTS
from archive.model import Kind, Pointer
from archive.takedown.condemned import Removal, in_file

_TABLES = ("captures", "rights", "articles", "kin", *PARTS)


class NothingKnown(UsageError):
    """The corpus holds nothing under this id or address."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a takedown of one article would touch.

    `article_id` is None where the corpus has captures of the address and no article. `urls`: its addresses, and those
    that redirect to it. `notes`: places of notes that lose title and summary. `rows`: by table, how many go.
    `copies`: articles with a text in common, which stay. `since`: when it was taken down already.
    """

    asked: str
    article_id: str | None
    title: str | None
    outlet: str | None
    stable_id: str | None
    urls: tuple[str, ...]
    removals: tuple[Removal, ...]
    notes: tuple[Pointer, ...]
    rows: dict[str, int]
    copies: tuple[str, ...]
    since: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the corpus that are written anew."""
        names = {each.file for each in self.removals} | {each.warc_file for each in self.notes}
        return tuple(sorted(name for name in names if not is_foreign(name)))

    @property
    def foreign(self) -> tuple[str, ...]:
        """Files of others that still hold the article: their owner must deal with them."""
        return tuple(sorted({each.file for each in self.removals if is_foreign(each.file)}))

    @property
    def is_done(self) -> bool:
        """Whether it is taken down and nothing has come in since."""
        return self.since is not None and not self.removals and not self.notes


def is_foreign(name: str) -> bool:
    """Whether a row's file was imported and stays where its owner has it."""
    return Path(name).is_absolute()


def plan(corpus: Corpus, db: Database, asked: str) -> Plan:
    """What is known under an article's id or one of its addresses.

    Raises NothingKnown, NotToBeRewritten, BrokenRecord where rows and files do not fit.
    """
    found = _article(db, asked) or _taken_down(db, asked) or _address(db, asked)
    if found is None:
        raise NothingKnown(
            f"the corpus knows no article {asked!r}: give its id or its address, as the article page does"
        )
    article_id = found["id"]
    urls = _with_redirects(db, article_id, found["urls"])
    rows = _removals(db, article_id, urls)
    removals: list[Removal] = []
    notes: list[Pointer] = []
    for name in sorted({each.file for each in rows} | _buried_in(corpus, db, article_id, urls)):
        mine = [each for each in rows if each.file == name]
        if is_foreign(name):
            removals += mine
            continue
        answers, titled = in_file(corpus.folder / name, name, mine, frozenset(urls))
        removals += answers
        notes += titled
    for name in _other_notes(db, urls, {each.file for each in rows}):
        notes += in_file(corpus.folder / name, name, [], frozenset(urls))[1]
    return Plan(
        asked=asked,
        article_id=article_id,
        title=found["title"],
        outlet=found["outlet"],
        stable_id=found["stable_id"],
        urls=tuple(urls),
        removals=tuple(removals),
        notes=tuple(notes),
        rows=_counts(db, article_id, [each.capture_id for each in removals]),
        copies=tuple(
            row[0]
            for row in db.execute(
                "SELECT CASE WHEN article_id = :id THEN other_id ELSE article_id END FROM kin"
                " WHERE :id IN (article_id, other_id) AND relation = 'copy' ORDER BY 1",
                {"id": article_id},
            ).fetchall()
        ),
        since=found["since"],
    )


def _article(db: Database, asked: str) -> dict[str, Any] | None:
    row = db.execute(
        "SELECT id, title, outlet, stable_id, url FROM articles WHERE id ="
        " coalesce((SELECT article_id FROM addresses WHERE url = :asked), :asked)",
        {"asked": asked},
    ).fetchone()
    if row is None:
        return None
    article_id, title, outlet, stable_id, url = row
    rows = db.execute("SELECT url FROM addresses WHERE article_id = ? ORDER BY url", [article_id]).fetchall()
    urls = list(dict.fromkeys((url, *(each[0] for each in rows))))
    # An address under which the newspaper shows another article now stays open for that one
    shared = {
        each[0]
        for each in db.execute(
            "SELECT url FROM captures JOIN revisions ON capture_id = captures.id"
            " WHERE article_id <> ? AND url IN (SELECT value FROM json_each(?))",
            [article_id, json.dumps(urls)],
        ).fetchall()
    }
    urls = [each for each in urls if each not in shared]
    return {"id": article_id, "title": title, "outlet": outlet, "stable_id": stable_id, "urls": urls, "since": None}


def _taken_down(db: Database, asked: str) -> dict[str, Any] | None:
    rows = db.execute(
        "SELECT article_id, outlet, stable_id, url, at FROM takedowns WHERE entry ="
        " (SELECT max(entry) FROM takedowns WHERE article_id = :asked OR url = :asked) ORDER BY url",
        {"asked": asked},
    ).fetchall()
    if not rows:
        return None
    article_id, outlet, stable_id, _, since = rows[0]
    urls = [row[3] for row in rows]
    return {"id": article_id, "title": None, "outlet": outlet, "stable_id": stable_id, "urls": urls, "since": since}


def _address(db: Database, asked: str) -> dict[str, Any] | None:
    """An address that was announced or captured, of which no article was made."""
    for table in ("captures", "leads"):
        row = db.execute(f"SELECT outlet, kind FROM {table} WHERE url = ?", [asked]).fetchone()
        if row is not None and row[1] != Kind.ARTICLE:
            raise NothingKnown(f"{asked} is a {row[1]}, which stays as evidence of what was listed: name an article")
        if row is not None:
            return {"id": None, "title": None, "outlet": row[0], "stable_id": None, "urls": [asked], "since": None}
    return None


def _with_redirects(db: Database, article_id: str | None, urls: Iterable[str]) -> list[str]:
    """The addresses, and those that were answered with a redirect to one of them."""
    found = list(urls)
    while True:
        rows = db.execute(
            "SELECT DISTINCT url FROM captures WHERE kind = 'article' AND status BETWEEN 300 AND 399 AND status <> 304"
            " AND (final_url IN (SELECT value FROM json_each(:urls)) OR url IN"
            " (SELECT source FROM leads WHERE leads.url IN (SELECT value FROM json_each(:urls))))"
            " AND NOT EXISTS (SELECT 1 FROM addresses a WHERE a.url = captures.url AND a.article_id IS NOT :id)"
            " ORDER BY url",
            {"urls": json.dumps(found), "id": article_id},
        ).fetchall()
        new = [row[0] for row in rows if row[0] not in found]
        if not new:
            return found
        found += new


def _removals(db: Database, article_id: str | None, urls: list[str]) -> list[Removal]:
    """The captures of an article: by address, by version, and what repeats their payload elsewhere."""
    rows = db.execute(
        "WITH RECURSIVE own (id, record_id) AS ("
        " SELECT id, record_id FROM captures WHERE kind = 'article'"
        " AND NOT (coalesce(status, 0) BETWEEN 300 AND 399 AND status <> 304)"
        " AND (url IN (SELECT value FROM json_each(:urls))"
        " OR id IN (SELECT capture_id FROM revisions WHERE article_id = :id)"
        " OR id IN (SELECT capture_id FROM articles WHERE id = :id))"
        " UNION SELECT c.id, c.record_id FROM captures c JOIN own ON c.revisit_of = own.record_id)"
        " SELECT id, record_id, url, fetched_at, warc_file, warc_offset, warc_length, block_sha256, payload_sha256"
        " FROM captures WHERE id IN (SELECT id FROM own)"
        " AND id NOT IN (SELECT capture_id FROM revisions WHERE article_id IS NOT :id)"
        " ORDER BY warc_file, warc_offset",
        {"urls": json.dumps(urls), "id": article_id},
    ).fetchall()
    return [Removal(*row) for row in rows]


def _buried_in(corpus: Corpus, db: Database, article_id: str | None, urls: list[str]) -> set[str]:
    """Files in which a tombstone of the article lies: one may have been put back from a backup since."""
    rows = db.execute(
        "SELECT DISTINCT warc_file FROM tombstones WHERE article_id IS ? AND url IN (SELECT value FROM json_each(?))",
        [article_id, json.dumps(urls)],
    ).fetchall()
    return {row[0] for row in rows if not is_foreign(row[0]) and (corpus.folder / row[0]).exists()}


def _other_notes(db: Database, urls: list[str], looked_at: set[str]) -> list[str]:
    """Further files with notes of the article: those of redirects, which say what was announced."""
    rows = db.execute(
        "SELECT DISTINCT warc_file FROM captures WHERE kind = 'article' AND url IN (SELECT value FROM json_each(?))",
        [json.dumps(urls)],
    ).fetchall()
    return sorted(row[0] for row in rows if row[0] not in looked_at and not is_foreign(row[0]))


def _counts(db: Database, article_id: str | None, captures: list[str]) -> dict[str, int]:
    counts = {}
    for table in _TABLES:
        values: list[str | None] = [article_id]
        match table:
            case "captures" | "rights":
                key = "id" if table == "captures" else "capture_id"
                where, values = f"{key} IN (SELECT value FROM json_each(?))", [json.dumps(captures)]
            case "kin":
                where = "? IN (article_id, other_id)"
            case _:
                where = "id = ?" if table == "articles" else "article_id = ?"
        count = int(db.execute(f'SELECT count(*) FROM "{table}" WHERE {where}', values).fetchone()[0])
        if count:
            counts[table] = count
    return counts
