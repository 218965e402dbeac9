"""What can be said before an editor or a court about one row, as values: statements, and steps that are proven or not.

A statement is what the recording software wrote down; a step is what was computed again just now.
"""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain: its name, what it says, and why it is not proven; None where it is."""

    name: str
    says: str
    why: str | None = None

    @property
    def proven(self) -> bool:
        return self.why is None

    def as_json(self) -> dict[str, Any]:
        return {"step": self.name, "says": self.says, "proven": self.proven, **({"why": self.why} if self.why else {})}


@dataclass(frozen=True, slots=True)
class Command:
    """A line of shell that anyone can run in the corpus directory, and what stands in its output where all is well."""

    what: str
    shell: str
    gives: str


@dataclass(slots=True)
class Source:
    """One record that the row rests on: its heading, statements, steps, and commands to check it by hand."""

    heading: str
    record_id: str
    statements: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    by_hand: list[Command] = field(default_factory=list)


@dataclass(slots=True)
class Testimony:
    """The chain of one row.

    `found`: article, capture or takedown; `row`: what the tables say, by column; `revisions`: of an article, in order.
    """

    asked: str
    found: str
    row: dict[str, Any]
    statements: list[str] = field(default_factory=list)
    revisions: list[dict[str, Any]] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    by_hand: list[Command] = field(default_factory=list)

    @property
    def proven(self) -> bool:
        """Whether every step is."""
        return all(step.proven for source in self.sources for step in source.steps) and all(
            step.proven for step in self.steps
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "asked": self.asked,
            "found": self.found,
            "proven": self.proven,
            "row": self.row,
            "statements": self.statements,
            "revisions": self.revisions,
            "sources": [
                {
                    "heading": each.heading,
                    "record_id": each.record_id,
                    "statements": each.statements,
                    "steps": [step.as_json() for step in each.steps],
                    "by_hand": [asdict(command) for command in each.by_hand],
                }
                for each in self.sources
            ],
            "steps": [step.as_json() for step in self.steps],
            "by_hand": [asdict(command) for command in self.by_hand],
            "limits": LIMITS,
        }


LIMITS = (
    "What this cannot prove: that the clock of the recording machine was right, that the publisher sent others the same"
    " page, and that whoever holds the whole corpus did not make it anew from the first line on. Against the last, keep"
    " the journal's head elsewhere: with a notary, a time-stamping service, or in print."
)
