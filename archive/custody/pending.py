"""Answers that have no row yet: what a crash leaves, told from rows that somebody took away.

A crawl enters everything that an earlier one left before it records anything, and its files are closed after its last
row is safe. So answers without rows are of the newest run alone, and of one that did not come to its end; or they are
in a file that was put into the directory since.
"""

from collections import Counter
from dataclasses import dataclass, field

from sqlite_utils import Database

from archive.custody.account import Account, Part
from archive.custody.chain import Chain
from archive.custody.records import Walked
from archive.intake import Group
from archive.notes import CaptureNote, Note, RunNote

_AWAITED = frozenset({"closed", "mended", "takedown"})  # files whose records have had their rows


@dataclass(slots=True)
class Answer:
    """An answer without row, as far as a finding needs it."""

    file: str
    offset: int
    record_id: str
    url: str
    run: str | None


@dataclass(slots=True)
class Pending:
    """Collects answers without rows on the walk over all files; the verdict comes at its end."""

    db: Database
    chain: Chain
    newest: str = ""
    ended: set[str] = field(default_factory=set)  # runs that came to their end, with their files closed
    _found: list[Answer] = field(default_factory=list)

    def saw(self, walked: Walked, note: Note | None) -> None:
        """A note on the walk: which runs there are, and which came to their end."""
        if note is None or not walked.own:
            return
        self.newest = max(self.newest, note.run_id)
        word = self.chain.files.get(walked.name)
        closed = not walked.is_open and word is not None and word.kind in ("closed", "takedown")
        if isinstance(note, RunNote) and note.ended_at and closed:
            self.ended.add(note.run_id)

    def lacks(self, walked: Walked, group: Group) -> None:
        """An answer that no row names."""
        if group.record is None:
            return
        run = group.note.run_id if isinstance(group.note, CaptureNote) else None
        record = group.record
        self._found.append(Answer(walked.name, group.pointer.offset, record.record_id, record.target_uri, run))

    def judge(self, account: Account) -> None:
        """Puts each into the account: as a remark per file, or as a fault by itself."""
        entered = {row[0] for row in self.db.execute("SELECT file FROM warcs").fetchall()}
        waiting: Counter[str] = Counter()
        for each in self._found:
            word = self.chain.files.get(each.file)
            new = each.file not in entered and (word is None or word.kind not in _AWAITED)
            if new or (each.run is not None and each.run == self.newest and each.run not in self.ended):
                waiting[each.file] += 1
            else:
                self._fault(each, account)
        for file, number in waiting.items():
            why = f"{number} answers are not in the rows yet, since a crash came: the next crawl enters them"
            account.remark(Part.ROWS, file, why, file=file)

    def _fault(self, each: Answer, account: Account) -> None:
        account.fault(
            Part.ROWS,
            f"{each.file}@{each.offset}",
            f"the answer {each.record_id} of {each.url} has no row",
            file=each.file,
            offset=each.offset,
            record_id=each.record_id,
            url=each.url,
            table="captures",
        )
