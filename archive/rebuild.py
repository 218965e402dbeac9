"""The index from the WARC files: catching up with what a crawl left, or everything from nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from archive.corpus import Corpus
from archive.index import Index
from archive.intake import Entry, Group, Reader, entry, groups
from archive.kinship import relate
from archive.model import Pointer
from archive.records import Damage, Record, walk
from archive.schema import open_database
from archive.stats import count

BATCH = 200  # groups between two commits

# Reads groups into entries, in their order: in this process, or in several.
Readers = Callable[[Iterable[Group]], Iterator[tuple[Group, Entry | None]]]
Progress = Callable[[int, int], None]  # bytes done, bytes in all


@dataclass(frozen=True, slots=True)
class Caught:
    """What catching up found: groups applied, and the damage in files, each with its place."""

    groups: int
    damage: tuple[str, ...]


def one_by_one(read: Reader) -> Readers:
    """Readers that work in this process."""

    def readers(found: Iterable[Group]) -> Iterator[tuple[Group, Entry | None]]:
        for group in found:
            yield group, entry(group, read)

    return readers


def catch_up(corpus: Corpus, index: Index, readers: Readers, progress: Progress | None = None) -> Caught:
    """Applies every record behind the place that the index has reached in each file, in the order of file names."""
    files = [(path, index.reached_so_far(name_of(corpus, path))) for path in corpus.warc_files()]
    due = [(path, start) for path, start in files if path.stat().st_size > start]
    total, done, applied = sum(path.stat().st_size - start for path, start in due), 0, 0
    damage: list[str] = []
    for path, start in due:
        name = name_of(corpus, path)
        found = groups(_records(path, name, start, damage))
        for group, each in readers(found):
            if each is not None:
                index.apply(each)
            applied += 1
            index.reached(name, group.end)
            if applied % BATCH == 0:
                index.commit()
                if progress:
                    progress(done + group.end - start, total)
        done += path.stat().st_size - start
        index.reached(name, path.stat().st_size)
        if spoilt := [line for line in damage if line.startswith(f"{name}@")]:
            index.spoilt(name, "; ".join(spoilt))
        index.commit()
        if progress:
            progress(done, total)
    return Caught(applied, tuple(damage))


def finish(corpus: Corpus, index: Index, checksums: Mapping[str, str] | None = None) -> None:
    """What is made once at the end of a run: checksums of closed files, kin, counts.

    `checksums`: by file, those that the writer has taken already.
    """
    known = checksums or {}
    with index.db.atomic():
        for path in corpus.warc_files():
            if path.suffix == ".open":
                continue
            name, size = name_of(corpus, path), path.stat().st_size
            row = index.db.execute("SELECT bytes, sha256 FROM warcs WHERE file = ?", [name]).fetchone()
            if row is None or row[0] != size or row[1] is None:
                index.db.execute(
                    "UPDATE warcs SET bytes = ?, sha256 = ?, indexed = ? WHERE file = ?",
                    [size, known.get(name) or _sha256(path), size, name],
                )
        relate(index.db)
        count(index.db)


def rebuild(corpus: Corpus, readers: Readers, *, into: Path | None = None, progress: Progress | None = None) -> Caught:
    """A new corpus.db from warc/ and topics/; the old one stays until the new one is whole.

    `into`: another file to write; then corpus.db is not touched.
    """
    target = into or corpus.database_file
    part = target.with_name(target.name + ".rebuilding")
    _remove(part)
    db = open_database(str(part))
    index = Index(db, corpus.topics())
    caught = catch_up(corpus, index, readers, progress)
    finish(corpus, index)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    _remove(target)
    part.replace(target)
    _remove(part)
    return caught


def name_of(corpus: Corpus, path: Path) -> str:
    """The name under which rows know a WARC file: relative to the corpus, without `.open`."""
    return path.relative_to(corpus.folder).as_posix().removesuffix(".open")


def _records(path: Path, name: str, start: int, damage: list[str]) -> Iterator[tuple[Pointer, Record]]:
    for found in walk(path, start=start):
        if isinstance(found, Damage):
            damage.append(f"{name}@{found.offset}: {found.why}")
        else:
            record, offset, length = found
            yield Pointer(name, offset, length), record


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
