"""Which leads are fetched: each is taken, or skipped by a rule that its row names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from archive.matching import prefilter
from archive.model import Lead, Outcome
from archive.notes import Decision
from archive.topics import Topic
from spiders.kit.outlet import Outlet
from spiders.kit.period import period_in
from spiders.kit.traps import AHEAD, trap_in

MANY = 20  # changes in one document, all within
MOMENT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Window:
    """Days of publication, both included; None: open."""

    since: date | None = None
    until: date | None = None

    def __str__(self) -> str:
        return f"{self.since or '…'} to {self.until or '…'}"

    def months(self, today: date) -> tuple[tuple[int, int], ...]:
        """(year, month) of each month in the window, newest first; without a beginning: this one and the last."""
        last = min(self.until or today, today)
        first = self.since or (last.replace(day=1) - timedelta(days=1))
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        numbers = (last.year * 12 + last.month - 1 - back for back in range(count))
        return tuple((number // 12, number % 12 + 1) for number in numbers)

    def holds(self, day: date) -> bool:
        return (self.since is None or day >= self.since) and (self.until is None or day <= self.until)

    def may_hold(self, sitemap: str, changed: datetime | None) -> bool:
        """Whether a sitemap may list articles of these days: by the month or day in its address, which in the
        newspaper's own time may lie a day off, and by the time of its last change."""
        if self.since and changed and changed.date() < self.since:
            return False
        period = period_in(sitemap)
        if period is None:
            return True
        day = timedelta(days=1)
        after = self.until is not None and period.first - day > self.until
        return not after and (self.since is None or period.last + day >= self.since)


@dataclass(frozen=True, slots=True)
class Admission:
    """The rules of one run: the outlet's address pattern, traps, the window, the topics' prefilter.

    `today`: the day of the run; None where no day is too far ahead.
    """

    topics: tuple[Topic, ...]
    window: Window
    today: date | None = None

    def decide(self, lead: Lead, outlet: Outlet) -> Decision:
        """The lead with outcome None (to be fetched), or `skipped` or `trap` and why."""
        if outlet.is_article(lead.url) is False:
            return Decision(lead, Outcome.SKIPPED, f"not the address of an article of {outlet.title}")
        if trap := self.trap(lead):
            return Decision(lead, Outcome.TRAP, trap)
        day = outlet.day_in(lead.url) or (lead.published_at.date() if lead.published_at else None)
        if day and not self.window.holds(day):
            return Decision(lead, Outcome.SKIPPED, f"of {day}, outside the window {self.window}")
        changed = lead.modified_at.date() if lead.modified_at else None
        if day is None and changed and self.window.since and changed < self.window.since:
            return Decision(lead, Outcome.SKIPPED, f"last changed on {changed}, before the window {self.window}")
        if self.topics:
            dated = replace(lead, published_at=datetime.combine(day, time(), UTC)) if day else lead
            reasons = []
            for topic in self.topics:
                keep, reason = prefilter(topic, dated)
                if keep and day is None and changed and topic.window_from and changed < topic.window_from:
                    keep, reason = False, f"last changed on {changed}, before its window"
                if keep:
                    return Decision(lead)
                reasons.append(f"{topic.id} ({reason})")
            return Decision(lead, Outcome.SKIPPED, f"announced with no word of the topic {', '.join(reasons)}")
        return Decision(lead)

    def trap(self, lead: Lead) -> str | None:
        """The rule by which an address is a trap. Where the day of an article is announced, it needs none in there."""
        return trap_in(lead.url, None if lead.published_at else self.today)


def believable(leads: Sequence[Lead], now: datetime) -> Sequence[Lead]:
    """The leads without times that say nothing: those in the future, and changes that are the sitemap's own.

    Many a site writes the moment of asking behind each address: believed, all of it would be asked for at each crawl.
    """
    latest = now + AHEAD
    changes = [lead.modified_at for lead in leads if lead.modified_at]
    own = len(changes) >= MANY and min(changes) >= now - timedelta(hours=1) and max(changes) - min(changes) <= MOMENT

    def sure(at: datetime | None) -> datetime | None:
        return at if at is not None and at <= latest else None

    return [
        lead
        if (lead.published_at or now) <= latest and (lead.modified_at or now) <= latest and not own
        else replace(lead, published_at=sure(lead.published_at), modified_at=None if own else sure(lead.modified_at))
        for lead in leads
    ]


def barred(lead: Lead, taken_down: Mapping[str, str]) -> Decision | None:
    """The lead as skipped, without its words, where its article was taken down; None for every other lead.

    `taken_down`: why, by address (`archive.takedown.taken_down`). This holds whoever asks: a feed, a redirect, a person
    who names the address.
    """
    reason = taken_down.get(lead.url)
    if reason is None:
        return None
    return Decision(replace(lead, title=None, summary=None), Outcome.SKIPPED, reason)


def window_of(topics: Sequence[Topic], since: date | None, until: date | None) -> Window:
    """The span that holds every topic's window, narrowed to `since` and `until`."""
    starts = [topic.window_from for topic in topics]
    ends = [topic.window_to for topic in topics]
    first = min((each for each in starts if each), default=None) if all(starts) and starts else None
    last = max((each for each in ends if each), default=None) if all(ends) and ends else None
    return Window(
        since if first is None or (since and since > first) else first,
        until if last is None or (until and until < last) else last,
    )
