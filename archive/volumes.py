"""The groups of many WARC files in the one order in which rows come about.

Names of files say nothing: files may be renamed, and a run that logs in writes two at a time. The notes say it: each
has its run and its number in it. Records of other people's files come when they were imported.
"""

import heapq
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archive.intake import Group, groups
from archive.model import Pointer
from archive.records import Damage, Record, read_at, walk

Place = tuple[str, int]  # run, number in it
HEAD = 64 * 1024  # bytes of a block that the walk keeps
_RUN = "%Y%m%dT%H%M%SZ"  # how the name of a run begins


@dataclass(frozen=True, slots=True)
class Volume:
    """A WARC file from `start` on; `size` is that of the whole file, in bytes.

    `imported`: when it was taken over from others; None for a file of this corpus. Damage is told to `damage`.
    """

    name: str
    path: Path
    start: int
    size: int
    imported: datetime | None
    damage: list[str]

    def groups(self) -> Iterator[tuple[Place, Group]]:
        """The groups with their places, which never go down: a group without note stands where the last one does."""
        place = (f"{self.imported:{_RUN}}", 0) if self.imported else None
        for group in groups(_records(self)):
            own: Place | None = None
            if self.imported is None and group.note:
                own = (group.note.run_id, group.note.seq)
            elif place is None and group.record is not None:
                own = (f"{group.record.date:{_RUN}}", 0)
            place = max(own or ("", 0), place or ("", 0))
            yield place, group

    def first(self) -> Place | None:
        """Where its first group stands; None for a file without one, whose damage is told here."""
        damage: list[str] = []
        found = next(replace(self, damage=damage).groups(), None)
        if found is None:
            self.damage.extend(damage)
        return found[0] if found else None


def in_order(volumes: Iterable[Volume]) -> Iterator[Group]:
    """Every group of these files; of a long answer only the beginning is there.

    A file is opened when its first group is due and closed behind its last.
    """
    waiting = deque(
        sorted(
            ((place, number, volume) for number, volume in enumerate(volumes) if (place := volume.first()) is not None),
            key=lambda each: each[:2],
        )
    )
    under_way: list[tuple[Place, int, Group, Iterator[tuple[Place, Group]]]] = []

    def go_on(number: int, stream: Iterator[tuple[Place, Group]]) -> None:
        if (following := next(stream, None)) is not None:
            heapq.heappush(under_way, (following[0], number, following[1], stream))

    while waiting or under_way:
        while waiting and (not under_way or waiting[0][:2] <= under_way[0][:2]):
            _, number, volume = waiting.popleft()
            go_on(number, volume.groups())
        if under_way:
            _, number, group, stream = heapq.heappop(under_way)
            yield group
            go_on(number, stream)


def _records(volume: Volume) -> Iterator[tuple[Pointer, Record]]:
    """Of answers only the beginning: whoever reads one reads it at its place, and many wait for that at a time."""
    try:
        for found in walk(volume.path, start=volume.start, limit=HEAD):
            if isinstance(found, Damage):
                volume.damage.append(f"{volume.name}@{found.offset}: {found.why}")
            else:
                record, offset, length = found
                if record.type == "metadata" and record.size > HEAD:
                    record = read_at(volume.path, offset)
                yield Pointer(volume.name, offset, length), record
    except OSError as error:
        volume.damage.append(f"{volume.name}: it cannot be read ({error.strerror or error})")
