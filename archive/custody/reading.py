"""Rows against a fresh reading: all records are read once more, into a database beside, and every row is compared."""

from collections.abc import Sequence
from pathlib import Path

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.custody.account import Account, Part, Progress
from archive.custody.tables import compare, compare_schema, tables_of
from archive.errors import DiskFull, HemerotecaError
from archive.events import keep_events
from archive.index import Index
from archive.kinship import relate
from archive.rebuild import Readers, catch_up, finish, rebuild
from archive.schema import open_database
from archive.stats import count
from archive.topics import Topic

TOLD = ("events", "takedowns", "tombstones", "labels")  # tables that are the journal and nothing else


def check_told(db: Database, corpus: Corpus, scratch: Path, account: Account) -> None:
    """The rows that the journal gives, against the journal. Raises BrokenJournal."""
    entered = int(db.execute("SELECT coalesce(max(n), 0) FROM events").fetchone()[0])
    path = scratch / "told.db"
    told = open_database(str(path))
    with told.atomic():
        keep_events(told, (line for line in corpus.journal.lines() if line.n <= entered))
    told.close()
    db.attach("told", path)
    for _, proven in compare(db, "told", TOLD, Part.ROWS, account):
        account.count(Part.ROWS, "rows of the journal", proven)
    db.execute("DETACH told")
    late = corpus.journal.head.n - entered
    if late < 0:
        why = f"the rows have {-late} lines more than the journal: lines were cut off its end; put a copy of it back"
        account.fault(Part.ROWS, "events", why, table="events")
    elif late:
        why = f"{late} lines of the journal are not in the rows yet: the next crawl enters them"
        account.remark(Part.ROWS, "events", why, table="events")


def is_late(db: Database, corpus: Corpus, files: dict[str, int]) -> bool:
    """Whether a crash left something undone that the next crawl does: records or lines of the journal to enter, counts
    to make. `files`: sizes in bytes."""
    known = {row[0]: row[1:] for row in db.execute("SELECT file, indexed, sha256 FROM warcs").fetchall()}
    entered, killed = db.execute(
        "SELECT (SELECT coalesce(max(n), 0) FROM events), (SELECT count(*) FROM runs WHERE ended_at IS NULL)"
    ).fetchone()
    behind = any((known.get(name, (None, None))[0] or 0) < size for name, size in files.items())
    # The checksums of closed files come into the rows in one step with what is counted over all of them
    uncounted = any(known.get(name, (None, None))[1] is None for name in files)
    return bool(behind or uncounted or killed or entered < corpus.journal.head.n)


def check_reading(
    db: Database,
    corpus: Corpus,
    readers: Readers,
    topics: Sequence[Topic],
    scratch: Path,
    account: Account,
    progress: Progress,
    *,
    late: bool,
) -> None:
    """Compares every row of the copy `db` with those of a database made from the records alone, in `scratch`.

    `topics`: those in force. `late`: what the next crawl would do first is done in the copy. Raises DiskFull.
    """
    fresh = scratch / "fresh.db"
    try:
        if late:
            index = Index(db, topics)
            catch_up(corpus, index, readers)
            finish(corpus, index)
        rebuild(corpus, readers, into=fresh, topics=topics, progress=progress)
    except DiskFull:
        raise
    except HemerotecaError as error:
        account.fault(Part.READING, "corpus.db", f"the records cannot be read afresh: {error}")
        return
    db.attach("fresh", fresh)
    _enter_meanwhile(db, corpus)
    _relate_anew(db, account)
    compare_schema(db, "fresh", Part.READING, account)
    tables = tables_of(db, "fresh")
    for number, (_, proven) in enumerate(compare(db, "fresh", tables, Part.READING, account), 1):
        account.count(Part.READING, "tables")
        account.count(Part.READING, "rows", proven)
        progress("comparing rows", number, len(tables))
    db.execute("DETACH fresh")


def _enter_meanwhile(db: Database, corpus: Corpus) -> None:
    """Verdicts that a person gave while the records were read: only the fresh database has them."""
    known, due = (
        db.execute(f"SELECT coalesce(max(n), 0) FROM {schema}.events").fetchone()[0] for schema in ("main", "fresh")
    )
    if known < due:
        with db.atomic():
            keep_events(db, (line for line in corpus.journal.lines() if line.n <= due))
            count(db)


def _relate_anew(db: Database, account: Account) -> None:
    """Kin is looked for at the end of a run, among the articles in view. What people decide later changes what is in
    view, by a verdict at a time: too often to look for kin each time."""
    sql = "SELECT coalesce(max(n), 0) FROM events WHERE kind IN (?, ?)"
    ended, decided = (db.execute(sql, kinds).fetchone()[0] for kinds in (["closed", "imported"], ["label", "topic"]))
    if decided <= ended:
        return
    db.execute("CREATE TEMP TABLE kin_then AS SELECT * FROM main.kin")
    relate(db)
    now, then = "SELECT * FROM main.kin", "SELECT * FROM temp.kin_then"
    sql = f"SELECT count(*) FROM ({then} EXCEPT {now}) UNION ALL SELECT count(*) FROM ({now} EXCEPT {then})"
    if any(row[0] for row in db.execute(sql).fetchall()):
        why = "what was decided since the last run changes it: the next crawl writes it anew"
        account.remark(Part.READING, "kin", why, table="kin")
    db.execute("DROP TABLE temp.kin_then")
