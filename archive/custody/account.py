"""What a verification counts and finds, part by part."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

LISTED = 1000  # findings of one part that are kept word by word; all are counted

Progress = Callable[[str, int, int], None]  # what is being done, how much is done, of how much (0: not known)


class Part(StrEnum):
    """What is proven, in this order."""

    JOURNAL = "journal"  # its chain, and the lines that WARC files name
    FILES = "files"  # each file against the checksum in the journal
    DATABASE = "database"  # SQLite's own checks
    RECORDS = "records"  # each record against its digests, and the CDXJ beside the file
    ROWS = "rows"  # rows against records, both ways
    READING = "reading"  # rows against a fresh reading of the records


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not as it should be, and where.

    `place` is how a person finds it: a file, file@offset, table[key]. A finding that is no `fault` is said and proves
    nothing against the corpus, such as a file that a crash left open. What is not known is None.
    """

    part: Part
    place: str
    what: str
    fault: bool = True
    file: str | None = None
    offset: int | None = None
    record_id: str | None = None
    url: str | None = None
    table: str | None = None
    key: str | None = None
    column: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value is not None and name != "fault"}


@dataclass(slots=True)
class Account:
    """The result of a verification: `counts` of what was proven, `findings`, and parts that were left out, with why.

    Memory stays flat: of each part the first findings are kept, all are counted in `faults`.
    """

    counts: dict[Part, Counter[str]] = field(default_factory=lambda: {part: Counter() for part in Part})
    faults: Counter[Part] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    left_out: dict[Part, str] = field(default_factory=dict)
    _kept: Counter[Part] = field(default_factory=Counter)

    def count(self, part: Part, what: str, number: int = 1) -> None:
        self.counts[part][what] += number

    def found(self, finding: Finding) -> None:
        self.faults[finding.part] += finding.fault
        self._kept[finding.part] += 1
        if self._kept[finding.part] <= LISTED:
            self.findings.append(finding)

    def fault(self, part: Part, place: str, what: str, **known: Any) -> None:
        """A finding that is a fault."""
        self.found(Finding(part, place, what, **known))

    def remark(self, part: Part, place: str, what: str, **known: Any) -> None:
        """A finding that is none."""
        self.found(Finding(part, place, what, fault=False, **known))

    @property
    def proven(self) -> bool:
        """Whether everything that was asked for is proven."""
        return not self.faults.total()

    def as_json(self) -> dict[str, Any]:
        return {
            "proven": self.proven,
            "parts": [
                {
                    "part": part,
                    "proven": None if part in self.left_out else not self.faults[part],
                    "faults": self.faults[part],
                    "counts": dict(self.counts[part]),
                    **({"left_out": self.left_out[part]} if part in self.left_out else {}),
                }
                for part in Part
            ],
            "faults": [each.as_json() for each in self.findings if each.fault],
            "remarks": [each.as_json() for each in self.findings if not each.fault],
        }
