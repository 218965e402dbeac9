"""What is done before anything is written: files that a crash left are mended, and the journal is told.

The journal learns of a file's checksum before the file gets its final name, from the writer that made it. A file that
is there and that it does not know (put in by hand, or closed while the journal could not be written) is entered as
`found`: nothing is proven of the time before.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from hashlib import file_digest

from archive.cdxj import ENDING, write_cdxj
from archive.corpus import Corpus
from archive.events import checksums_of
from archive.wacz import OPEN
from archive.warc import Closed, Repair, repair

log = logging.getLogger(__name__)


def recover(corpus: Corpus, now: Callable[[], datetime]) -> list[Repair]:
    """Mends every file that a crash left open, and enters files that the journal does not know.

    The caller holds the corpus' lock. Raises DiskFull and its kin, BrokenJournal.
    """
    mended: list[Repair] = []
    leftovers = [path for path in corpus.warc_files() if path.name.endswith(OPEN)]
    known = checksums_of(corpus.journal.lines())
    for leftover in leftovers:
        name = corpus.name_of(leftover)

        def told(each: Repair, name: str = name) -> None:
            before = known.get(name)
            if each.file is not None and before is not None and before.sha256 == each.sha256:
                return  # closed in all but its name
            corpus.journal.append(
                "mended",
                now(),
                file=name,
                old_bytes=each.old_size,
                new_bytes=each.new_size,
                sha256=each.sha256 or None,
                records=each.records,
                reason="left open by a crash",
            )

        each = repair(leftover, told)
        mended.append(each)
        if each.old_size != each.new_size:
            log.warning("%s: mended from %d to %d bytes", leftover.name, each.old_size, each.new_size)
    if leftovers:
        known = checksums_of(corpus.journal.lines())
    for path in corpus.warc_files():
        name = corpus.name_of(path)
        if name in known or "!/" in name or name.startswith("warc/imported/"):
            continue
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        reason = "in the folder without a line of its own"
        corpus.journal.append("found", now(), file=name, sha256=digest, bytes=path.stat().st_size, reason=reason)
    return mended


def index_closed(corpus: Corpus) -> None:
    """Writes the CDXJ file of each closed WARC file of the corpus that has none."""
    for path in corpus.warc_files():
        closed = path.name.endswith((".warc.gz", ".warc", ".warc.zst")) and "!/" not in path.as_posix()
        if closed and not path.with_name(path.name + ENDING).exists():
            write_cdxj(path)


def journal_head(corpus: Corpus) -> str:
    """The journal's last line in the words of a warcinfo field: number and digest."""
    head = corpus.journal.head
    return f"{head.n} {head.digest}".strip()


def journal_closed(corpus: Corpus, closed: Closed, at: datetime) -> None:
    """Enters a file that is whole, with the checksum that its writer took."""
    corpus.journal.append(
        "closed", at, file=closed.file, sha256=closed.sha256, bytes=closed.bytes, records=closed.records
    )
