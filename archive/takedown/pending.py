"""`.takedown.json`: what a takedown is about to do, said before it does anything."""

import json
from dataclasses import asdict, dataclass

from archive.corpus import Corpus
from archive.disk import replacing, sync_folder
from archive.errors import named_errors
from archive.journal import Line
from archive.notes import FORM

PENDING = ".takedown.json"


@dataclass(frozen=True, slots=True)
class Pending:
    """What `.takedown.json` says.

    `line`: the number that the journal's line will have. `sweep`: whether a takedown before this one is still to be
    swept out of the databases.
    """

    line: int
    files: tuple[str, ...]
    sweep: bool


def is_pending(corpus: Corpus) -> bool:
    """Whether a takedown was broken off."""
    return (corpus.folder / PENDING).exists()


def announce(corpus: Corpus, pending: Pending) -> None:
    """Says what is to come, synced. Raises DiskFull and its kin."""
    with replacing(corpus.folder / PENDING) as part:
        part.write_text(json.dumps({"hemeroteca": FORM, **asdict(pending)}) + "\n", encoding="utf-8")


def announced(corpus: Corpus) -> Pending | None:
    """What was announced and is not forgotten; None where nothing was."""
    try:
        said = json.loads((corpus.folder / PENDING).read_bytes())
    except FileNotFoundError:
        return None
    return Pending(said["line"], tuple(said["files"]), said["sweep"])


def line_of(corpus: Corpus, pending: Pending) -> Line | None:
    """The line of the journal that was announced, if it was added. Raises BrokenJournal."""
    for line in corpus.journal.lines():
        if line.n == pending.line:
            same = line.kind == "takedown" and tuple(each["file"] for each in line.values["files"]) == pending.files
            return line if same else None
    return None


def clear_half_written(corpus: Corpus) -> None:
    """Removes an announcement that was not written to its end: nothing had been begun. Raises DiskFull's kin."""
    with named_errors(corpus.folder):
        (corpus.folder / f".{PENDING}.part").unlink(missing_ok=True)


def forget(corpus: Corpus) -> None:
    """Removes what was announced, because it is done. Raises DiskFull's kin."""
    with named_errors(corpus.folder):
        (corpus.folder / PENDING).unlink()
        sync_folder(corpus.folder)
