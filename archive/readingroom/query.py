"""What a reader asks of the search page: words, filters, order and page, out of and into an address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from archive.errors import UsageError

FACETS = ("outlet", "month", "language", "access", "topic")
UNKNOWN = "unknown"
PAGES = 50  # no further: whoever needs more needs an export
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])|unknown")


@dataclass(frozen=True)
class Search:
    """`words` as typed; `chosen`: facet → value, `unknown` for articles without one; days in ISO 8601.

    `everything`: also what was read and met no topic. `order`: newest or relevance.
    """

    words: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    since: str | None = None
    until: str | None = None
    everything: bool = False
    order: str = "newest"
    page: int = 1

    def address(self) -> str:
        """The search as the part of an address behind `?`; the shortest that says the same."""
        parts = {
            "q": self.words,
            **{name: self.chosen.get(name, "") for name in FACETS},
            "since": self.since or "",
            "until": self.until or "",
            "all": "1" if self.everything else "",
            "sort": self.order if self.order != "newest" else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return urlencode({name: value for name, value in parts.items() if value})

    def choosing(self, facet: str, value: str | None) -> "Search":
        """The same with another value of one facet, or none, from the first page."""
        chosen = {name: each for name, each in self.chosen.items() if name != facet}
        return replace(self, chosen={**chosen, facet: value} if value else chosen, page=1)


def asked(arguments: Mapping[str, str]) -> Search:
    """The search in an address. Raises UsageError for a date, month or order that is none."""
    chosen = {name: value for name in FACETS if (value := (arguments.get(name) or "").strip())}
    if "month" in chosen and not _MONTH.fullmatch(chosen["month"]):
        raise UsageError(f"{chosen['month'][:40]!r} is not a month: write it as 2023-08")
    order = arguments.get("sort") or "newest"
    if order not in ("newest", "relevance"):
        raise UsageError(f"{order[:40]!r} is not an order: it is newest or relevance")
    page = arguments.get("page") or "1"
    if not (page.isascii() and page.isdigit() and 1 <= int(page[:6]) <= PAGES):
        raise UsageError(f"pages go from 1 to {PAGES}: narrow the search instead, or take all of it by an export")
    return Search(
        words=(arguments.get("q") or "").strip()[:2000],
        chosen=chosen,
        since=_day(arguments.get("since")),
        until=_day(arguments.get("until")),
        everything=arguments.get("all") == "1",
        order=order,
        page=int(page),
    )


def _day(text: str | None) -> str | None:
    if not text or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise UsageError(f"{text.strip()[:40]!r} is not a day: write it as 2023-07-26") from error
