"""The journal's chain, and what the journal says of each file."""

from dataclasses import dataclass, field
from typing import NamedTuple

from archive.custody.account import Account, Part
from archive.journal import Fault, Journal, Line

NAME = "journal.jsonl"


class Word(NamedTuple):
    """What the journal last said of a file: line, time and kind, SHA-256 and size in bytes (None: not said).

    `before` is the checksum that the file had before a takedown.
    """

    n: int
    at: str
    kind: str
    sha256: str
    bytes: int | None
    before: str | None = None


@dataclass(slots=True)
class Chain:
    """The journal as far as it can be read. `digests`: of each line by its number, "" where it is broken."""

    digests: dict[int, str] = field(default_factory=dict)
    files: dict[str, Word] = field(default_factory=dict)
    imports: set[str] = field(default_factory=set)  # files of others that stay where they are
    head: int = 0
    whole: bool = True

    def at(self, n: int) -> str:
        """The digest of line `n`; "" for 0 and where there is none."""
        return self.digests.get(n, "")

    def unlike(self, said: str) -> str | None:
        """What is wrong with a line that a WARC file names ("N DIGEST"), in words; None where the journal has it."""
        number, _, digest = said.partition(" ")
        if not number.isdecimal():
            return f"it names the journal's line as {said!r}, which is none"
        n = int(number)
        if n > self.head:
            return f"when it was begun the journal had {n} lines, now it has {self.head}: the last ones are missing"
        if self.at(n) != digest:
            return f"when it was begun line {n} of the journal was another one (digest {digest})"
        return None


def read_chain(journal: Journal, account: Account) -> Chain:
    """Every line of the journal, its faults put into the account."""
    chain = Chain()
    for each in journal.examine():
        if isinstance(each, Line):
            _take(chain, each, account)
        elif each.torn:
            account.remark(Part.JOURNAL, _place(each), f"{each.why}; the next crawl takes it away", file=NAME)
        else:
            chain.whole = False
            account.fault(Part.JOURNAL, _place(each), each.why, file=NAME, key=str(each.number))
    account.count(Part.JOURNAL, "lines", len(chain.digests))
    return chain


def _place(fault: Fault) -> str:
    return f"{NAME} line {fault.number}"


def _take(chain: Chain, line: Line, account: Account) -> None:
    chain.digests[line.n] = line.digest
    chain.head = max(chain.head, line.n)
    said = line.values
    if line.kind == "imported" and not said.get("copied"):
        chain.imports.add(said["file"])
    for each in (said, *said.get("files", ())):
        if "file" not in each or not each.get("sha256"):
            continue
        file, known = each["file"], chain.files.get(each["file"])
        before = each.get("old_sha256")
        if before and known and known.sha256 != before:
            why = f"it takes {file} for one with the checksum {before}, line {known.n} gives it {known.sha256}"
            account.fault(Part.JOURNAL, f"{NAME} line {line.n}", why, file=file)
        size = each.get("new_bytes", each.get("bytes"))
        if size is None and known:
            size = known.bytes
        chain.files[file] = Word(line.n, line.at, line.kind, each["sha256"], size, before)
