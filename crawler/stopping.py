"""The end of a crawl that is asked to stop: what waits is dropped at once, what is under way is cut after a grace.

Scrapy waits for every request that it has taken, each for as long as its time limit, and for the pause before each.
"""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from functools import partial
from types import FrameType
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from crawler.politeness.errors import CrawlStopped

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
T = TypeVar("T")
GRACE = 15.0  # seconds between the wish to stop and the cut


def hold(told: Callable[[int], None]) -> None:
    """Signals that ask to stop are told, and nothing else, until `heed`: an exception out of a handler would be lost in
    the callbacks with which a reactor starts."""
    for number in STOPS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, _: told(number))


def heed(told: Callable[[int], None]) -> None:
    """Says to `told` which signals ask the crawl to stop. To be called when Scrapy has its handlers in place.

    Scrapy answers SIGINT and SIGTERM; SIGHUP, by which a terminal that closes ends its commands, is answered alike,
    unless it is ignored (nohup).
    """
    stop = signal.getsignal(signal.SIGTERM)
    for number in STOPS:
        if not callable(stop) or (number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN):
            continue

        signal.signal(number, partial(_hear, told, stop))


def _hear(told: Callable[[int], None], stop: Callable[..., Any], number: int, frame: FrameType | None) -> None:
    told(number)
    stop(number, frame)
    for each in (signal.SIGINT, signal.SIGTERM):  # now those of Scrapy that end it at once
        if callable(kill := signal.getsignal(each)) and not isinstance(kill, partial):
            signal.signal(each, partial(_hear, told, kill))


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
