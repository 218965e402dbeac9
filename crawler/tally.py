"""What a run counts: how URLs ended, by outlet, and what a person should look at."""

from collections import Counter

from archive.model import Kind, Lead, Outcome

PASSING = frozenset(
    {Outcome.TIMEOUT, Outcome.TRUNCATED, Outcome.CONNECT_ERROR, Outcome.DEFERRED, Outcome.BAD_HTTP, Outcome.TLS_ERROR}
)
ABSENT = (404, 410)
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
        self._faulty: dict[str, tuple[str, str, str]] = {}  # how URLs ended so far that may be asked for again

    def add(self, lead: Lead, outcome: Outcome, reason: str | None, status: int | None = None) -> None:
        """Counts how a URL ended; where it was counted before and asked for again, the last end counts."""
        absent = outcome is Outcome.HTTP_ERROR and status in ABSENT
        if (before := self._faulty.pop(lead.url, None)) is not None:
            self.outcomes[before] -= 1
            self.faults[before[0]] -= 1
            if self.outcomes[before] <= 0:
                del self.outcomes[before]
            if self.examples.get((before[0], before[2]), ("", ""))[0] == lead.url:
                del self.examples[before[0], before[2]]
        if absent and lead.kind in (Kind.ROBOTS, Kind.TDMREP):
            return  # most newspapers have no tdmrep.json: nothing to report
        ended = (lead.outlet, lead.kind, outcome)
        self.outcomes[ended] += 1
        if outcome in FAULTS and not (absent and lead.kind is Kind.LISTING and lead.source != "outlet"):
            self.faults[lead.outlet] += 1  # the page behind the last one of a listing is none
            self._faulty[lead.url] = ended
        if reason:
            self.examples.setdefault((lead.outlet, outcome), (lead.url, reason))
