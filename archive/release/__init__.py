"""`export`: a corpus becomes a dataset that can leave the house.

    OUT/
      README.md  LICENSE.md  CITATION.cff  CHANGES.md  rights.csv  topics/
      takedowns.csv               what was taken down, where there is something
      manifest.json  SHA256SUMS
      data/articles/2023-00000-of-00001.parquet  data/{revisions,topic_matches,kin,outlets}/
      data/articles.jsonl.zst     the rows that carry text
      corpus.sqlite               the same as a database, with its search index
      hydrate/ids.parquet         what is needed to fetch again what could not travel

The same corpus gives the same bytes: rows are sorted, and no clock is read.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from archive.corpus import Corpus, Settings
from archive.errors import UsageError
from archive.release import papers, sqlite, tables
from archive.release.card import card, name_of
from archive.release.columns import ARTICLES, IDS, KIN, OUTLETS, REVISIONS, TOPIC_MATCHES
from archive.release.facts import Facts, gather
from archive.release.folder import (
    Earlier,
    NotARelease,
    Sealed,
    data_digest,
    digests,
    held_in,
    seal,
    standing,
    written_whole,
)
from archive.release.jsonl import Lines
from archive.release.selection import Chosen, Mode, NothingToRelease, Selection, UnknownTopic, choose
from archive.times import stamp

__all__ = ["NotARelease", "NothingToRelease", "Released", "Selection", "UnknownTopic", "export"]

Progress = Callable[[int, int], None]  # articles written, articles to write in all


@dataclass(frozen=True, slots=True)
class Released:
    """What was written where. `left_out`: articles of the selection that may not leave at all, by reason."""

    out: Path
    name: str
    rights: Mode
    articles: int
    with_text: int
    left_out: dict[str, int]
    files: int
    bytes: int

    @property
    def without_text(self) -> int:
        return self.articles - self.with_text


def export(
    corpus: Corpus,
    out: Path,
    *,
    rights: Mode = "public",
    since: date | None = None,
    until: date | None = None,
    topic: str | None = None,
    created: datetime | None = None,
    progress: Progress | None = None,
) -> Released:
    """Writes a release of the articles in view to the folder `out`, whole or not at all.

    `rights`: "public" gives text where rights allow, "internal" all text, "ids" only what is needed to fetch
    again. `since`, `until`: days of publication, both included. `created` is printed where it is given. A
    release that stands at `out` is replaced, and CHANGES.md says what is different.

    Raises NotARelease where something else stands there, UnknownTopic, NothingToRelease, DiskFull.
    """
    selection = Selection(rights, since, until, topic)
    out = out.absolute()
    out = out.resolve() if out.is_symlink() else out
    if not corpus.database_file.is_file():
        raise UsageError(f"{corpus.folder} has no corpus.db yet: run `hemeroteca crawl` or `hemeroteca rebuild`")
    earlier = standing(out)
    db = corpus.database()
    connection: sqlite3.Connection = db.conn
    try:
        connection.execute("BEGIN")  # one view of the corpus, while a crawl may go on
        with written_whole(out) as part:
            chosen = choose(connection, corpus.settings, selection)
            release = _Release(corpus.settings, selection, chosen, gather(connection), stamp(created))
            rows = _data(connection, part, release, progress)
            sealed = _papers(connection, part, release, rows, earlier)
    finally:
        connection.rollback()
        connection.close()
    return Released(
        out=out,
        name=name_of(corpus.settings, selection),
        rights=rights,
        articles=chosen.articles,
        with_text=chosen.with_text,
        left_out=chosen.left_out,
        files=sealed.files,
        bytes=sealed.bytes,
    )


@dataclass(frozen=True, slots=True)
class _Release:
    settings: Settings
    selection: Selection
    chosen: Chosen
    facts: Facts
    created: str | None


def _data(connection: sqlite3.Connection, part: Path, release: _Release, progress: Progress | None) -> dict[str, int]:
    """Writes everything that has rows; gives their number by the file's name."""
    rows: dict[str, int] = {}

    def write(place: str, schema: Any, batches: Iterable[tables.Batch], *, numbered: bool = True) -> None:
        written = tables.write(part / place, schema, batches, numbered=numbered)
        rows.update({f"{place}/{name}": count for name, count in written.items()})

    if release.selection.rights != "ids":
        done = _counting(progress, 2 * release.chosen.articles)
        with Lines(part / "data" / "articles.jsonl.zst") as lines:
            write("data/articles", ARTICLES, lines.passing(tables.articles(connection, done)))
        rows["data/articles.jsonl.zst"] = lines.rows
        write("data/revisions", REVISIONS, tables.revisions(connection))
        write("data/topic_matches", TOPIC_MATCHES, tables.topic_matches(connection))
        write("data/kin", KIN, tables.kin(connection))
        write("data/outlets", OUTLETS, tables.outlets(connection))
        database = sqlite.write(connection, part / "corpus.sqlite", release.facts.as_of, done)
        rows["corpus.sqlite"] = database["articles"]
    write("hydrate", IDS, tables.ids(connection), numbered=False)
    return rows


def _papers(
    connection: sqlite3.Connection,
    part: Path,
    release: _Release,
    rows: dict[str, int],
    earlier: Earlier | None,
) -> Sealed:
    """Writes what tells of the data, then manifest and checksums."""
    settings, selection, facts, created = release.settings, release.selection, release.facts, release.created
    rows["rights.csv"] = papers.write_rights(connection, part / "rights.csv")
    papers.write_topics(facts, part / "topics")
    count, taken_down = papers.write_takedowns(connection, part / "takedowns.csv")
    if count:
        rows["takedowns.csv"] = count
    files = digests(part)
    digest = data_digest(files)
    held = held_in(part)
    texts = {
        "README.md": card(settings, selection, facts, release.chosen.left_out, rows=rows, created=created),
        "LICENSE.md": papers.licence_notes(facts, selection.rights),
        "CITATION.cff": papers.citation(settings, facts, created, digest),
        "CHANGES.md": papers.changes(earlier, held, digest, created, taken_down),
    }
    for name, text in texts.items():
        (part / name).write_text(text, encoding="utf-8", newline="\n")
    manifest = {
        "name": name_of(settings, selection),
        "title": settings.title,
        "rights": selection.rights,
        "created": created,
        "as_of": facts.as_of,
        "selection": {
            "since": selection.since and selection.since.isoformat(),
            "until": selection.until and selection.until.isoformat(),
            "topic": selection.topic,
        },
        "topics": [{"id": each.id, "version": each.version} for each in facts.topics],
        "articles": release.chosen.articles,
        "with_text": release.chosen.with_text,
        "left_out": release.chosen.left_out,
        "removed": sorted((earlier.removed | earlier.held.keys()) - held.keys()) if earlier else [],
        "data_digest": digest,
    }
    return seal(part, manifest, rows, files | digests(part, skip=files))


def _counting(progress: Progress | None, total: int) -> Callable[[int], None] | None:
    if progress is None:
        return None
    written = 0

    def done(count: int) -> None:
        nonlocal written
        written += count
        progress(written, total)

    return done
