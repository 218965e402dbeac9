"""The rows of what was taken down: gone from the tables, swept out of the files, known to the crawl."""

from contextlib import closing

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.errors import named_errors
from archive.events import keep_events
from archive.fixtures import forget
from archive.kinship import relate
from archive.stats import count
from archive.takedown.sweep import sweep, sweep_frontier


def taken_down(db: Database) -> dict[str, str]:
    """Every address that is not asked for again, with the reason as rows have it: "taken down: …".

    These are the addresses of what was taken down, and others under which the same article was met since.
    """
    rows = db.execute("SELECT url, 'taken down: ' || reason FROM takedowns").fetchall()
    rows += db.execute(
        "SELECT url, reason FROM leads WHERE outcome = 'skipped' AND reason LIKE 'taken down: %'"
    ).fetchall()
    return dict(rows)


def keep_rows(corpus: Corpus) -> None:
    """The rows as the journal has them. Raises DatabaseBusy, DiskFull and its kin."""
    if not corpus.database_file.exists():
        return
    lines = list(corpus.journal.lines())
    with closing(corpus.database()) as db, named_errors(corpus.database_file), db.atomic():
        keep_events(db, lines)
        for line in lines:
            for each in line.values.get("files", ()) if line.kind == "takedown" else ():
                db.execute(
                    "UPDATE warcs SET sha256 = ?, bytes = ? WHERE file = ?",
                    [each["sha256"], each["bytes"], each["file"]],
                )
        relate(db)
        count(db)


def sweep_corpus(corpus: Corpus) -> None:
    """No word of what is gone is left in a file of a database. Raises DatabaseBusy, DiskFull and its kin."""
    if corpus.database_file.exists():
        with closing(corpus.database()) as db, named_errors(corpus.database_file):
            sweep(db, corpus.database_file, search="articles_fts")
    # A rebuild that was stopped begins again: what it read has changed
    for left in corpus.folder.glob("*.rebuilding*"):
        left.unlink()
    urls = {url for line in corpus.journal.lines() if line.kind == "takedown" for url in line.values["urls"]}
    with named_errors(corpus.folder):
        forget(corpus.folder, urls)
    if corpus.state_file.exists():
        with named_errors(corpus.state_file):
            sweep_frontier(corpus.state_file, urls)
