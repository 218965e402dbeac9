"""The pace: one request at a time per host, and a gap between two that holds at the server's own clock.

It stands below everything that asks: articles, feeds, robots.txt, retries, a login. The gap counts from the moment at
which the server is known to have read the last request, its first byte of an answer: a slow handshake or a busy
server would shorten one that counts from our sending. A host may ask for more: by Crawl-delay, by Retry-After
(RFC 9110 §10.2.3), and by 429 and 503 alone.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.clock import utc_now
from crawler.politeness.errors import CrawlStopped, ToldToWait
from crawler.politeness.hosts import Hosts, Known

PATIENCE = 300.0  # seconds of rest that a run waits for one URL; what is asked for beyond is for a later run
LONGEST_GAP = 60.0  # seconds that Crawl-delay, 429 and 503 can make of a gap
LEAST_SLOWED = 1.0  # seconds of a gap after a first 429 or 503
SLOW_FOR = timedelta(hours=1)  # after its last request a host is taken to have recovered from 429 and 503
CRAWL_DELAY_FOR = timedelta(hours=24)  # as long as a robots.txt counts


@dataclass(slots=True)
class _Host:
    """One host; moments are those of the monotonic clock. `crawl_delays`: by origin, since each has its own rules."""

    lock: asyncio.Lock
    asked: float = float("-inf")
    rests_until: float = float("-inf")
    taught: float = 0.0
    crawl_delays: dict[str, float] = field(default_factory=dict)
    why: str | None = None
    under_way: bool = False


@dataclass(slots=True)
class Turn:
    """A turn at a host. `read_at`: when the host is known to have read the request, on the monotonic clock; None: when
    the turn ends. `untouched`: no connection was tried."""

    read_at: float | None = None
    untouched: bool = False


class Pace:
    """The pace of one run at all hosts.

    `delays`: the configured seconds between requests, by host; `otherwise`: at all other hosts. `ends`: the moment of
    the monotonic clock after which nothing is asked. `since`: a host without a row was perhaps asked at that time.
    """

    def __init__(
        self,
        hosts: Hosts,
        delays: Mapping[str, float],
        otherwise: float,
        *,
        ends: float | None = None,
        since: datetime | None = None,
    ) -> None:
        self._known = hosts
        self._delays, self._otherwise = dict(delays), otherwise
        self._ends = float("inf") if ends is None else ends
        self._since = since
        self._hosts: dict[str, _Host] = {}
        self._over = asyncio.Event()

    def gap(self, host: str) -> float:
        """Seconds between two requests at the host."""
        found = self._of(host)
        own = self._delays.get(host, self._otherwise)
        return max(own, found.taught, *found.crawl_delays.values(), 0.0)

    @asynccontextmanager
    async def turn(self, host: str, patience: float = PATIENCE) -> AsyncIterator[Turn]:
        """The only turn at the host while it lasts. Raises ToldToWait where the host rests for longer than `patience`
        (seconds) or than the run lasts, and CrawlStopped at the end of the run."""
        found = self._of(host)
        async with found.lock:
            await self._due(host, found, patience)
            found.under_way = True
            self._keep(host, found)
            turn = Turn()
            before = found.asked
            try:
                yield turn
            finally:
                found.under_way = False
                found.asked = before if turn.untouched else turn.read_at or time.monotonic()
                self._keep(host, found)

    async def until(self, moment: datetime, why: str, patience: float = PATIENCE) -> None:
        """Waits until that time. Raises as `turn` does."""
        due = time.monotonic() + (moment - utc_now()).total_seconds()
        if due - time.monotonic() > patience or due > self._ends:
            raise ToldToWait(f"{why}, until {_shown(moment)}", moment)
        await self._sleep_until(due)

    def told(self, host: str, patience: float = PATIENCE) -> ToldToWait | None:
        """What `turn` would raise because the host rests for long."""
        found = self._of(host)
        if found.rests_until - time.monotonic() <= patience and found.rests_until <= self._ends:
            return None
        until = utc_now() + timedelta(seconds=found.rests_until - time.monotonic())
        return ToldToWait(f"{found.why or 'the host asks to be left alone'}, until {_shown(until)}", until)

    def rest(self, host: str, wait: timedelta, why: str) -> None:
        """Nothing is asked at the host for so long, in this run and in later ones."""
        found = self._of(host)
        until = time.monotonic() + wait.total_seconds()
        if until > found.rests_until:
            found.rests_until, found.why = until, why
            self._keep(host, found)

    def slow_down(self, host: str, why: str) -> None:
        """Doubles the gap at the host, within limits."""
        found = self._of(host)
        found.taught = min(max(2 * self.gap(host), LEAST_SLOWED), max(LONGEST_GAP, self.gap(host)))
        found.why = why
        self._keep(host, found)

    def crawl_delay(self, host: str, origin: str, seconds: float) -> None:
        """What the robots.txt of an origin of the host asks for now, in place of what an earlier one asked; 0 for
        nothing."""
        found = self._of(host)
        found.crawl_delays.pop("", None)  # an earlier run's
        found.crawl_delays[origin] = min(seconds, LONGEST_GAP)
        self._keep(host, found)

    def end(self) -> None:
        """Ends every wait with CrawlStopped, now and from now on."""
        self._over.set()

    def close(self) -> None:
        self._known.close()

    async def _due(self, host: str, found: _Host, patience: float) -> None:
        while True:
            self._go_on()
            if (told := self.told(host, patience)) is not None:
                raise told
            due = max(found.asked + self.gap(host), found.rests_until)
            if due <= time.monotonic():
                return
            await self._sleep_until(due)

    async def _sleep_until(self, due: float) -> None:
        while (left := min(due, self._ends) - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(self._over.wait(), left)
            except TimeoutError:
                continue
            break
        self._go_on()

    def _go_on(self) -> None:
        if self._over.is_set() or time.monotonic() >= self._ends:
            raise CrawlStopped("the crawl ends")

    def _of(self, host: str) -> _Host:
        found = self._hosts.get(host)
        if found is None:
            found = self._hosts[host] = self._remembered(self._known.known(host))
        return found

    def _remembered(self, known: Known | None) -> _Host:
        found = _Host(asyncio.Lock())
        if known is None and self._since is None:
            return found
        known = known or Known(self._since or utc_now())
        now, tick = utc_now(), time.monotonic()
        # A clock that was set back must not make the wait longer than the gap
        ago = max(now - known.asked_at, timedelta(0))
        found.asked = tick if known.under_way else tick - ago.total_seconds()
        if known.not_before is not None:
            found.rests_until = tick + (known.not_before - now).total_seconds()
            found.why = known.why
        if ago < SLOW_FOR:
            found.taught = known.delay
        if ago < CRAWL_DELAY_FOR and known.crawl_delay:
            found.crawl_delays[""] = known.crawl_delay
        return found

    def _keep(self, host: str, found: _Host) -> None:
        now, tick = utc_now(), time.monotonic()
        ago = 0.0 if found.under_way else min(tick - found.asked, timedelta(days=365).total_seconds())
        rests = found.rests_until > tick
        self._known.keep(
            host,
            Known(
                asked_at=now - timedelta(seconds=ago),
                under_way=found.under_way,
                not_before=now + timedelta(seconds=found.rests_until - tick) if rests else None,
                delay=found.taught,
                crawl_delay=max(found.crawl_delays.values(), default=0.0),
                why=found.why,
            ),
        )


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
