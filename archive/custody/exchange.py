"""The exchange that a capture was read from: its answer, its note and its request, found in their file again."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.errors import BrokenRecord
from archive.http import split
from archive.intake import Group, groups
from archive.model import Pointer
from archive.records import OWN_SOFTWARE, Damage, Record, read_at, walk


@dataclass(frozen=True, slots=True)
class Exchange:
    """A group of records as it lies in a file; `request` is None where none was recorded."""

    group: Group
    record: Record
    request: Record | None

    @property
    def user_agent(self) -> str | None:
        """Under which name the page was asked for, as it was sent."""
        return split(self.request.block).header("user-agent") if self.request else None

    @property
    def connection(self) -> str | None:
        """From which address the answer came and over what, in words; None where it is not known."""
        ip = self.record.header("WARC-IP-Address")
        over = [value for name, value in self.record.headers if name.lower() == "warc-protocol"]
        if cipher := self.record.header("WARC-Cipher-Suite"):
            over.append(f"cipher {cipher}")
        words = [f"from {ip}"] if ip else []
        words += [f"over {', '.join(over)}"] if over else []
        return " ".join(words) or None


def exchange_at(path: Path, pointer: Pointer, start: int) -> Exchange:
    """The exchange whose answer lies at `pointer`; `start` is the offset of some record before its note.

    Raises BrokenRecord where there is none, OSError where the file cannot be opened.
    """
    request: Record | None = None

    def records() -> Iterator[tuple[Pointer, Record]]:
        nonlocal request
        for found in walk(path, start=start):
            if isinstance(found, Damage):
                if found.offset >= pointer.offset:
                    raise BrokenRecord(f"{pointer.warc_file}@{found.offset}: {found.why}")
                continue
            if found.record.type == "request":
                request = found.record
            yield Pointer(pointer.warc_file, found.offset, found.length), found.record
            if found.offset >= pointer.offset:
                return

    for group in groups(records()):
        if group.record is not None and group.pointer.offset == pointer.offset:
            belongs = request is not None and group.record.record_id in request.concurrent_to
            return Exchange(group, group.record, request if belongs else None)
    raise BrokenRecord(f"no answer begins at byte {pointer.offset} of {pointer.warc_file}")


def warcinfo_of(path: Path) -> Record | None:
    """The first record of a file of ours; None of other files. Raises OSError."""
    try:
        first = read_at(path, 0)
    except BrokenRecord:
        return None
    return first if first.type == "warcinfo" and first.block.startswith(OWN_SOFTWARE) else None
