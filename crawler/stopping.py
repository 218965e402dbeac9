"""The end of a crawl that is asked to stop: what waits is dropped at once, what is under way is cut after a grace.

Scrapy waits for every request that it has taken, each for as long as its time limit, and for the pause before each.
"""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from archive.errors import HemerotecaError
from crawler.politeness.errors import CrawlStopped
from crawler.stops import STOPS

T = TypeVar("T")
GRACE = 15.0  # seconds between the wish to stop and the cut
ONE = 0.2  # seconds in which several signals are one wish: `timeout` sends its own to the command and to its group


class Killed(HemerotecaError):
    """A second signal ended the crawl before its files were closed."""

    def __init__(self, number: int) -> None:
        super().__init__("killed by a second signal: the next crawl mends what is open, and goes on")
        self.exit_code = 128 + number


class Wish:
    """The signals that ask a crawl to stop, from before its reactor starts to its end; `heard`: the wishes, in order.

    A handler only takes note: what an exception out of it would end, or an act in the midst of anything, nobody could
    foresee. Nobody else may set handlers for them meanwhile: a signal that meets such a one would be lost. SIGHUP is
    never a second wish: a shell and the kernel both send it when a terminal closes.
    """

    def __init__(self) -> None:
        self.heard: list[int] = []
        self._since = 0.0
        self._acts: tuple[Callable[[], object], ...] = ()
        self._acted = 0

    def listen(self) -> None:
        """From here on. A signal that is ignored (nohup) stays so."""
        for number in STOPS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._hear)

    def heed(self, *acts: Callable[[], object]) -> None:
        """Calls, in the reactor's loop, the first of `acts` for the first wish and the second for the second, also
        for those that came before; one more ends the process at once, since its loop may not turn any more. To be
        called in that loop."""
        self._acts = acts
        self._act()

    def granted(self) -> None:
        """The crawl ends by itself from here on: a first wish has no act, since Scrapy would end it before its files
        are closed."""
        self._acted = max(self._acted, 1)

    def _hear(self, number: int, _: FrameType | None) -> None:
        now = time.monotonic()
        if self.heard and (number == signal.SIGHUP or now - self._since < ONE):
            return
        self._since = now
        self.heard.append(number)
        if self._acts:
            if len(self.heard) > len(self._acts):
                os._exit(128 + self.heard[0])
            from twisted.internet import reactor

            reactor.callFromThread(self._act)

    def _act(self) -> None:
        while self._acted < min(len(self.heard), len(self._acts)):
            self._acted += 1
            self._acts[self._acted - 1]()


class UnderWay:
    """What one crawl waits for and may cut: its requests that are with a server, whichever download handler made
    them; its answers that are with a reader."""

    def __init__(self) -> None:
        self._asking: set[asyncio.Task[Any]] = set()
        self._ended = False

    async def ask(self, asking: Coroutine[Any, Any, T]) -> T:
        """What `asking` gives. Raises CrawlStopped where it was cut, or may not begin any more."""
        if self._ended:
            asking.close()
            raise CrawlStopped("the crawl ends")
        task = asyncio.ensure_future(asking)
        self._asking.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if self._ended:
                raise CrawlStopped("the crawl ends") from None
            raise
        finally:
            self._asking.discard(task)

    def abort(self) -> int:
        """Cuts them all, at whatever point they are; none begins after this. Returns how many were cut."""
        self._ended = True
        for task in self._asking:
            task.cancel()
        return len(self._asking)


_crawls: WeakKeyDictionary[Crawler, UnderWay] = WeakKeyDictionary()


def under_way(crawler: Crawler) -> UnderWay:
    """What is under way in the crawl."""
    return _crawls.setdefault(crawler, UnderWay())


def drop_waiting(crawler: Crawler) -> int:
    """Ends with CrawlStopped what waits for its turn at a host and has not been asked for. Returns how many.

    To be called as soon as the crawl is to stop, and again until it has: a request may come to wait later. Raises
    RuntimeError before the crawl has begun.
    """
    dropped = 0
    for slot in crawler.engine.downloader.slots.values():
        while slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(CrawlStopped("the crawl ends"))
            dropped += 1
    return dropped


def abort_open(crawler: Crawler) -> int:
    """Cuts what is under way. Where bytes came, they are recorded with WARC-Truncated: unspecified. Returns how many.

    May be called again.
    """
    return under_way(crawler).abort()
