"""WARC files of others that come into the corpus: looked at whole, then entered in the journal.

The corpus keeps a pointer to the file where it lies, or a copy in warc/imported/. Which file it was, its checksum says:
one that has changed since it was entered is not taken for it.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

from archive.corpus import Corpus
from archive.disk import replacing
from archive.errors import HemerotecaError, UsageError
from archive.events import checksums_of
from archive.intake import Entry, Taken
from archive.model import Outcome
from archive.records import Damage, walk
from archive.wacz import ARCHIVE_ENDINGS, warc_size, warcs_in

__all__ = ["Admission", "Survey", "admit", "is_no_page", "standing", "survey", "volumes_of"]

FOLDER = "imported"  # in warc/
_HEADS = 64 * 1024  # bytes of a block that a survey keeps
_LONGEST_NAME = 180  # bytes

Progress = Callable[[int], None]  # bytes gone through since the last call


@dataclass(frozen=True, slots=True)
class Survey:
    """A file as it is: absolute path, checksum (hex) and size in bytes of the whole file, records that stand whole in
    it, and the damage in it, each with its place.
    """

    path: Path
    sha256: str
    bytes: int
    records: int
    damage: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Admission:
    """The name under which the corpus knows a file (absolute, or relative to the corpus for a copy), and whether it
    came in just now.
    """

    file: str
    new: bool


def survey(path: Path, progress: Progress | None = None) -> Survey:
    """Goes through a WARC or WACZ file, every record of it.

    Raises UsageError for what is no such file or holds no record, OSError where it cannot be read.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a directory: name the files in it")
    path = path.resolve()
    if not path.name.lower().endswith(ARCHIVE_ENDINGS):
        raise UsageError(f"{path} is no WARC file by its name: what is imported ends in {', '.join(ARCHIVE_ENDINGS)}")
    if not str(path).isprintable():
        raise UsageError(f"{str(path)!r} has characters that no journal can hold: give it another name")
    records = 0
    damage: list[str] = []
    for warc in warcs_in(path):
        at = 0
        for found in walk(warc, limit=_HEADS):
            if isinstance(found, Damage):
                damage.append(f"{warc}@{found.offset}: {found.why}")
                continue
            records += 1
            if progress:
                progress(found.offset + found.length - at)
                at = found.offset + found.length
    if not records:
        why = damage[0].partition(": ")[2] if damage else "it is empty"
        raise UsageError(f"{path} holds no record that can be read ({why}): fetch it again")
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return Survey(path, digest, path.stat().st_size, records, tuple(damage))


def volumes_of(path: Path) -> int:
    """The bytes that a survey of the file goes through."""
    return sum(warc_size(warc) for warc in warcs_in(path))


def standing(corpus: Corpus, found: Survey) -> str | None:
    """The name under which the corpus has the file already, whether imported or recorded; None where it has not.

    Raises UsageError where the journal knows the file and its bytes are others now.
    """
    known = checksums_of(corpus.journal.lines())
    before = known.get(str(found.path))
    if before is not None and before.sha256 != found.sha256:
        raise UsageError(
            f"{found.path} is not the file that was imported on {before.at[:10]}: its SHA-256 was {before.sha256} and"
            f" is {found.sha256} now; put the old file back, or import the new one under another name"
        )
    name = next((name for name, each in known.items() if each.sha256 == found.sha256), None)
    inside = (corpus.warc_folder.resolve(), corpus.private_folder.resolve())
    if name is None and any(found.path.is_relative_to(folder) for folder in inside):
        raise UsageError(f"{found.path} lies in the corpus itself: `hemeroteca rebuild` reads it")
    return name


def is_no_page(entry: Entry) -> bool:
    """A picture, script or style sheet of a file that others recorded, or no exchange of the web at all: nobody asked
    for it as an article.
    """
    if not isinstance(entry, Taken) or entry.note is not None:
        return False
    capture = entry.capture
    web = capture.url.lower().startswith(("http://", "https://"))
    html = capture.mime is None or "html" in capture.mime
    return not web or not html or entry.reading.outcome is Outcome.NOT_HTML


def admit(corpus: Corpus, found: Survey, at: datetime, *, copy: bool = False) -> Admission:
    """Enters the file in the journal; a copy is on the disk, under its name, when this returns.

    A file that the corpus has is not entered again; a copy of it that is missing is made. The caller holds the
    corpus' lock. Raises UsageError (see `standing`), DiskFull and its kin, HemerotecaError where the file changed
    while it was copied.
    """
    name = standing(corpus, found)
    if name is not None and (not name.startswith(f"warc/{FOLDER}/") or (corpus.folder / name).exists()):
        return Admission(name, new=False)

    def enter(file: str) -> None:
        if name is None:
            corpus.journal.append(
                "imported", at, file=file, sha256=found.sha256, bytes=found.bytes, records=found.records, copied=copy
            )

    if name is None and not copy:
        enter(str(found.path))
        return Admission(str(found.path), new=True)
    target = corpus.folder / (name or f"warc/{FOLDER}/{_name_for(corpus, found)}")
    target.parent.mkdir(parents=True, exist_ok=True)
    file = target.relative_to(corpus.folder).as_posix()
    with replacing(target) as part:
        _copy(found, part)
        # The line before the name: a file under this name is always one that the journal knows
        enter(file)
    return Admission(file, new=True)


def _copy(found: Survey, target: Path) -> None:
    with found.path.open("rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())
    with target.open("rb") as copy:
        if file_digest(copy, "sha256").hexdigest() != found.sha256:
            raise HemerotecaError(f"{found.path} changed while it was copied: import it again when nobody writes to it")


def _name_for(corpus: Corpus, found: Survey) -> str:
    """The file's own name; with the checksum where that is taken or too long."""
    name = found.path.name
    ending = next(each for each in sorted(ARCHIVE_ENDINGS, key=len, reverse=True) if name.lower().endswith(each))
    if len(name.encode()) > _LONGEST_NAME:
        return f"{sha256(name.encode()).hexdigest()[:16]}-{found.sha256[:16]}{ending}"
    name = name[: -len(ending)] + ending
    known = checksums_of(corpus.journal.lines())
    taken = (corpus.warc_folder / FOLDER / name).exists() or f"warc/{FOLDER}/{name}" in known
    return f"{found.sha256[:16]}-{name}" if taken else name
