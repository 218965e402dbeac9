"""What a run counts: how URLs ended, by outlet, and what a person should look at."""

from collections import Counter

from archive.model import Kind, Lead, Outcome

PASSING = frozenset(
    {Outcome.TIMEOUT, Outcome.TRUNCATED, Outcome.CONNECT_ERROR, Outcome.DEFERRED, Outcome.BAD_HTTP, Outcome.TLS_ERROR}
)
ABSENT = (404, 410)
BUDGET = "budget: "  # begins the reason of what the operator's own limits put off: no fault
UNREADABLE = "robots.txt could not be read"  # how the reason begins
# What a person should look at; the rest is the ordinary life of a newspaper's site.
FAULTS = frozenset(
    {
        Outcome.PARSE_FAILED,
        Outcome.UNDECODABLE,
        Outcome.TEXT_INCOMPLETE,
        Outcome.HTTP_ERROR,
        Outcome.DEFERRED,
        Outcome.TIMEOUT,
        Outcome.TRUNCATED,
        Outcome.TOO_LARGE,
        Outcome.BAD_HTTP,
        Outcome.CONNECT_ERROR,
        Outcome.TLS_ERROR,
        Outcome.REDIRECT_LOOP,
        Outcome.BLOCKED_ADDRESS,
        Outcome.TRAP,
        Outcome.BAD_FEED,
    }
)


def passing(outcome: Outcome, status: int | None, reason: str | None = None) -> bool:
    """Whether the reason is one that passes, so that a later run tries the URL again."""
    if outcome is Outcome.BLOCKED_ROBOTS:
        return (reason or "").startswith(UNREADABLE)
    return outcome in PASSING or (outcome is Outcome.HTTP_ERROR and ((status or 0) >= 500 or status in (408, 429)))


class Tally:
    """The counts of one run.

    `outcomes`: by (outlet, kind, outcome); `faults`: by outlet, what a person should look at; `examples`: by (outlet,
    outcome) one URL and the reason; `rebuilt`: answers whose exact bytes were not to be had.
    """

    def __init__(self) -> None:
        self.outcomes: Counter[tuple[str, str, str]] = Counter()
        self.faults: Counter[str] = Counter()
        self.examples: dict[tuple[str, str], tuple[str, str]] = {}
        self.rebuilt = 0
        self._may_change: dict[str, tuple[str, str, str, bool]] = {}  # by URL what was counted of it

    def add(self, lead: Lead, outcome: Outcome, reason: str | None, status: int | None = None) -> None:
        """Counts how a URL ended; its newest word counts where it has several, as after a second attempt."""
        if before := self._may_change.pop(lead.url, None):
            outlet, kind, counted, fault = before
            self.outcomes.subtract([(outlet, kind, counted)])
            self.outcomes += Counter()  # without those of which none is left
            self.faults[outlet] -= fault
            if self.examples.get((outlet, counted), ("",))[0] == lead.url:
                del self.examples[outlet, counted]
        absent = outcome is Outcome.HTTP_ERROR and status in ABSENT
        if absent and lead.kind in (Kind.ROBOTS, Kind.TDMREP):
            return  # most newspapers have no tdmrep.json: nothing to report
        behind = absent and lead.kind is Kind.LISTING and lead.source != "outlet"  # the last page of a listing
        put_off = outcome is Outcome.DEFERRED and (reason or "").startswith(BUDGET)
        fault = outcome in FAULTS and not behind and not put_off
        self.outcomes[lead.outlet, lead.kind, outcome] += 1
        self.faults[lead.outlet] += fault
        final = outcome in (Outcome.DEFERRED, Outcome.TRAP)  # of this run
        if not final and (fault or outcome is Outcome.REDIRECTED or lead.kind is not Kind.ARTICLE):
            self._may_change[lead.url] = (lead.outlet, lead.kind, outcome, fault)
        if reason:
            self.examples.setdefault((lead.outlet, outcome), (lead.url, reason))
