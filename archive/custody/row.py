"""`verify ROW`: the chain of one article, capture or takedown."""

from typing import Any

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.custody.capture import capture_source, spoken
from archive.custody.lookup import look_up, row_of, rows_of
from archive.custody.reread import article_steps, reading_step
from archive.custody.scratch import scratch
from archive.custody.takendown import takedown_testimony
from archive.custody.testimony import Source, Step, Testimony
from archive.custody.untouched import held_still, looked_into
from archive.custody.witness import Witness
from archive.errors import UsageError, named_errors
from archive.rebuild import Readers


def testify(corpus: Corpus, asked: str, readers: Readers) -> Testimony:
    """What can be proven of the row that `asked` names: an article's id or URL, a capture's id.

    Raises UsageError where there is none, CorpusLocked while something writes to the corpus.
    """
    with held_still(corpus), named_errors(corpus.folder), scratch() as folder:
        db = looked_into(corpus, folder)
        if db is None:
            raise UsageError(f"{corpus.database_file} is missing: make it with `hemeroteca rebuild`")
        try:
            return _testimony(db, Witness(corpus), asked, readers)
        finally:
            db.close()


def _testimony(db: Database, witness: Witness, asked: str, readers: Readers) -> Testimony:
    found, row_id = look_up(db, asked)
    if found == "takedown":
        testimony = takedown_testimony(db, witness, asked, int(row_id))
    elif found == "article":
        testimony = _article(db, witness, asked, row_id, readers)
    else:
        testimony = _capture(db, witness, asked, row_id, readers)
    step, commands = witness.journal()
    testimony.steps.append(step)
    testimony.by_hand += commands
    return testimony


def _capture(db: Database, witness: Witness, asked: str, capture_id: str, readers: Readers) -> Testimony:
    row = row_of(db, "SELECT * FROM captures WHERE id = ?", capture_id)
    testimony = Testimony(asked, "capture", row)
    testimony.statements.append(f"Capture {row['id']} of {row['url']}, asked for as {row['kind']}.")
    for each in rows_of(db, "SELECT article_id, n FROM revisions WHERE capture_id = ?", capture_id):
        testimony.statements.append(f"Revision {each['n']} of the article {each['article_id']} was read from it.")
    testimony.sources.append(
        capture_source(db, witness, row, "The capture", readers, lambda taken: [reading_step(db, row, taken)])
    )
    return testimony


def _article(db: Database, witness: Witness, asked: str, article_id: str, readers: Readers) -> Testimony:
    row = row_of(db, "SELECT * FROM articles WHERE id = ?", article_id)
    revisions = rows_of(db, "SELECT * FROM revisions WHERE article_id = ? ORDER BY n", article_id)
    testimony = Testimony(asked, "article", row, _of_article(row), revisions)
    for each in revisions:
        heading = f"Revision {each['n']} of {len(revisions)}, seen on {spoken(each['seen_at'])}"
        heading += f": {each['changed']} had changed" if each["changed"] else ""
        _add(db, witness, testimony, each["capture_id"], heading, readers, each)
    newest = revisions[-1] if revisions else {}
    last = row_of(
        db,
        "SELECT captures.id FROM captures JOIN addresses ON addresses.url = captures.url"
        " WHERE article_id = ? AND fetched_at = ?",
        article_id,
        row["last_seen"],
    )
    if last and last["id"] not in {each["capture_id"] for each in revisions}:
        heading = f"Seen unchanged on {spoken(row['last_seen'])}"
        _add(db, witness, testimony, last["id"], heading, readers, newest)
    return testimony


def _add(
    db: Database,
    witness: Witness,
    testimony: Testimony,
    capture_id: str,
    heading: str,
    readers: Readers,
    revision: dict[str, Any],
) -> None:
    row = row_of(db, "SELECT * FROM captures WHERE id = ?", capture_id)
    if not row:
        says = f"The article's row names the capture {capture_id}."
        steps = [Step("row and record", says, "there is no such capture")]
        testimony.sources.append(Source(heading, capture_id, steps=steps))
        return
    article = testimony.row
    testimony.sources.append(
        capture_source(
            db, witness, row, heading, readers, lambda taken: article_steps(db, article, revision, capture_id, taken)
        )
    )


def _of_article(row: dict[str, Any]) -> list[str]:
    published = spoken(row["published_at"] or row["published_day"])
    words = f"{row['word_count']} words" if row["word_count"] else "no text"
    return [
        f"“{row['title'] or 'without a title'}”",
        f"{row['outlet'] or 'unknown outlet'}, published {published} as the page says; language"
        f" {row['language'] or 'unknown'}, {words}; access {row['access']}, whole text: {row['complete']}.",
        f"{row['url']}",
        f"First seen {spoken(row['first_seen'])}, last seen {spoken(row['last_seen'])};"
        f" revisions: {row['revision_count']}. Id: {row['id']}",
    ]
