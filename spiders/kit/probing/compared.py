"""Two readings of one page, field by field: what was accepted and what is read now, or two readers. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

ACCEPTED: Final = (
    "title",
    "standfirst",
    "kicker",
    "authors",
    "published",
    "modified",
    "language",
    "section",
    "tags",
    "paragraphs",
    "images",
    "dateline",
    "access",
    "complete",
    "attributions",
    "canonical_url",
    "stable_id",
)
"""Fields that a person accepts of a page, by the names that `hemeroteca read` prints."""

_SHORT = 0.9  # of the words: a text that has fewer has lost something


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is read otherwise than before. `fell`: it is gone, or the text is much shorter."""

    field: str
    before: Any
    now: Any
    fell: bool


def accepted(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that count, of a page as `hemeroteca read` prints it."""
    return {field: values[field] for field in ACCEPTED if field in values}


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Change, ...]:
    """What `now` reads otherwise than `before`; a field that `before` does not name is not compared."""
    return tuple(
        Change(field, value, now.get(field), fell(field, value, now.get(field)))
        for field, value in before.items()
        if value != now.get(field)
    )


def fell(field: str, before: Any, now: Any) -> bool:
    """Whether a value was lost: it was known and is not, or it is a text that lost a tenth of its words or more."""
    if not _is_known(before):
        return False
    if not _is_known(now):
        return True
    if field in ("paragraphs", "text"):
        return _words(now) < _SHORT * _words(before)
    return isinstance(before, list) and isinstance(now, list) and len(now) < len(before) / 2


@dataclass(frozen=True, slots=True)
class Drifted:
    """One field over many pages: how often the outlet's page and the generic reader agree, and else who has what."""

    field: str
    same: int = 0
    own_only: int = 0
    generic_only: int = 0
    differ: int = 0


def drift(pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> tuple[Drifted, ...]:
    """For each field what (outlet's own, generic) readings of the same pages give."""
    counts: Counter[tuple[str, str]] = Counter()
    for own, generic in pairs:
        for field in ACCEPTED:
            one, other = own.get(field), generic.get(field)
            if one == other:
                kind = "same"
            elif _is_known(one) and _is_known(other):
                kind = "differ"
            else:
                kind = "own_only" if _is_known(one) else "generic_only"
            counts[field, kind] += 1
    kinds = ("same", "own_only", "generic_only", "differ")
    return tuple(Drifted(field, *(counts[field, kind] for kind in kinds)) for field in ACCEPTED)


def _is_known(value: Any) -> bool:
    return value not in (None, "", "unknown", [], ())


def _words(value: Any) -> int:
    return sum(len(str(each).split()) for each in value) if isinstance(value, list | tuple) else len(str(value).split())
