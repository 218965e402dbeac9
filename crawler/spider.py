"""The spider of every outlet: leads become requests, responses become captures.

It parses nothing. What a feed announces or a page says is read in worker processes from the stored record; here a
URL is asked for, its answer is awaited, and what follows from it is asked for in turn.
"""

import asyncio
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any, Self

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from archive.errors import HemerotecaError, UsageError
from archive.index import READABLE
from archive.message import as_utf8
from archive.model import Article, Kind, Lead, Outcome, Reading
from archive.notes import Decision
from crawler.clock import utc_now
from crawler.discovery import Discovery
from crawler.failures import outcome_of
from crawler.politeness.again import redirected_later
from crawler.politeness.errors import CrawlStopped, ToldToWait
from crawler.readers import Examined
from crawler.run import Run
from crawler.settings import RECORDED_CRAWL
from crawler.stopping import GRACE, UnderWay, abort_open, drop_waiting
from spiders.kit.addresses import resolve, shown
from spiders.kit.as_json import as_json
from spiders.kit.outlet import Outlet

AHEAD = 3  # requests of one outlet in Scrapy's queue: the rest waits in the frontier, where a trap can still stop it
UNREAD = 24  # answers of an outlet without traps that are not read yet, since readers are busy with other outlets
BACKLOG = 2000  # captures that wait for the index, above which nothing new is asked for
HOPS = 5  # redirects that are followed
BATCH = 500  # leads of a resting outlet that are put off at once
ROUNDS = 20  # of them in a row
POLL = 0.05  # seconds
WATCH = 0.5


class OutletSpider(scrapy.Spider):
    """Crawls `outlets` into the corpus of `run`. `scrapy crawl NAME -a corpus=DIR` opens the run by itself."""

    outlets: tuple[Outlet, ...] = ()
    custom_settings = RECORDED_CRAWL
    with_login = True  # where the outlet has one and the environment has the values

    def __init__(self, run: Run, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.run = run
        self.discovery = Discovery(run)
        self._by_name = {outlet.name: outlet for outlet in self.outlets}
        self._asked: Counter[str] = Counter()  # article requests by outlet, in all
        self._asking: Counter[str] = Counter()  # requests without an answer, by outlet
        self._open: Counter[str] = Counter()  # requests whose answer is not dealt with, by outlet
        self._reading = UnderWay()
        self._stopping = False
        self._stopped = 0.0
        self._watching: LoopingCall | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        run = kwargs.pop("run", None)
        if run is None:
            try:
                run = Run.for_scrapy(
                    kwargs.pop("corpus", None),
                    [outlet.name for outlet in cls.outlets],
                    since=_day(kwargs.pop("since", None)),
                    until=_day(kwargs.pop("until", None)),
                )
                run.settle(crawler.settings)
                run.open()
            except HemerotecaError as error:
                sys.exit(f"hemeroteca: {error}")  # Scrapy would show a traceback
        spider = super().from_crawler(crawler, *args, run=run, **kwargs)
        crawler.recorder = run.recorder  # type: ignore[attr-defined]
        crawler.pace = run.pace  # type: ignore[attr-defined]
        crawler.signals.connect(spider.begin, scrapy.signals.spider_opened)
        crawler.signals.connect(spider.end, scrapy.signals.spider_closed)
        return spider

    def begin(self) -> None:
        self.run.stop = self.stop
        self.run.begin()
        self._watching = LoopingCall(self._watch)  # not before: it would choose a reactor
        self._watching.start(WATCH, now=False)

    async def end(self, reason: str) -> None:
        if self._watching and self._watching.running:
            self._watching.stop()
        self.run.settle_queue(hurry=reason == "shutdown")
        with self.run.attempt(vital=True):
            self.discovery.settle()
        await self.run.close_beside(reason)

    def _watch(self) -> None:
        """A crawl that is asked to stop ends soon, whatever a server is doing."""
        if self.crawler.crawling and not self._stopping:
            return
        self._stopped = self._stopped or time.monotonic()
        self.run.recorder.wait = timedelta(0)  # what is cut now is the next run's first
        self.run.pace.end()
        drop_waiting(self.crawler)
        if time.monotonic() - self._stopped > GRACE:
            abort_open(self.crawler)
            self._reading.abort()  # the next run reads what is recorded

    async def start(self) -> AsyncIterator[Any]:
        """The sources of each outlet, then what the frontier holds, until both are used up."""
        with self.run.attempt(vital=True):
            async for request in self._requests():
                yield request

    async def _requests(self) -> AsyncIterator[Request]:
        for outlet in self.outlets:
            for lead in [] if self._stopping else self.discovery.sources(outlet):
                yield self._request(lead)
        ended = False
        while not self._stopping:
            found = False
            for outlet in self.outlets:
                for lead in self._lease(outlet):
                    found = True
                    yield self._request(lead)
            idle = not found and not any(self._open.values()) and not self.run.recorder.backlog
            if idle and not any(self._may_ask(outlet) for outlet in self.outlets):
                if ended:
                    return
                ended = True
                await self.discovery.put_off()
            await asyncio.sleep(POLL)

    def stop(self) -> None:
        """Asks for nothing more; what is under way is ended and kept."""
        self._stopping = True

    def _lease(self, outlet: Outlet) -> list[Lead]:
        """What is asked for next; what traps stop has its row instead, and makes room for more."""
        wanted: list[Lead] = []
        traps, now = self.run.traps, utc_now()
        for _ in range(ROUNDS):
            if (room := self._room(outlet) - len(wanted)) <= 0:
                break
            if traps.enough_sources(outlet.name):
                self.discovery.sift(self.run.frontier.lease(outlet.name, BATCH, now, sources=True))
            leads = self.run.frontier.lease(outlet.name, BATCH if traps.resting(outlet.name) else room, now)
            go = self.discovery.sift(leads)
            wanted += go
            if len(go) == len(leads):
                break
        self._asked[outlet.name] += sum(lead.kind is Kind.ARTICLE for lead in wanted)
        return wanted

    def _room(self, outlet: Outlet) -> int:
        unread = UNREAD if self.run.traps.varied(outlet.name) else AHEAD
        room = min(AHEAD - self._asking[outlet.name], unread - self._open[outlet.name])
        if self.run.recorder.backlog > BACKLOG or self.run.time_is_up():
            return 0
        return room if self.run.pages is None else min(room, self.run.pages - self._asked[outlet.name])

    def _may_ask(self, outlet: Outlet) -> bool:
        """Whether the frontier holds something that this run may still ask for."""
        within = self.run.pages is None or self._asked[outlet.name] < self.run.pages
        return within and not self.run.time_is_up() and self.run.frontier.due(outlet.name, utc_now()) > 0

    def _request(self, lead: Lead, hops: int = 0) -> Request:
        self._open[lead.outlet] += 1
        self._asking[lead.outlet] += 1
        return Request(
            lead.url,
            callback=self.parse,
            errback=self.failed,
            headers=self.discovery.conditions(lead),
            meta={
                "lead": lead,
                "kind": lead.kind,
                "hops": hops,
                "handle_httpstatus_all": True,
                "earlier": self.run.earlier(lead),
            },
            dont_filter=True,
            priority=0 if lead.kind is Kind.ARTICLE else 10,
        )

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        """What follows from an answer: a redirect's target, the leads of a feed. Gives each article as an item."""
        lead: Lead = response.meta["lead"]
        self._asking[lead.outlet] -= 1
        try:
            if "recorded" not in response.meta:
                return  # the disk refused it, and the crawl ends for that
            if 300 <= response.status < 400 and response.status != 304:
                with self.run.attempt():
                    for request in self._follow(lead, response):
                        yield request
                return
            examined: Examined | None = None
            with self.run.attempt():
                examined = await self._reading.ask(self.run.recorder.examined(response.meta["exchange"]))
                self.run.traps.seen(lead, examined.taken)
                if lead.kind is not Kind.ARTICLE:
                    await self.discovery.read(lead, response, examined, self._by_name[lead.outlet])
            if examined is None or lead.kind is not Kind.ARTICLE:
                return
            if self.run.items and (article := _readable(examined.taken.reading)):
                yield as_json(article)
        finally:
            self._open[lead.outlet] -= 1

    def _follow(self, lead: Lead, response: Response) -> list[Request]:
        location = response.headers.get("Location")
        chain: tuple[str, ...] = (*response.meta.get("chain", ()), lead.url)
        if not location:
            return []
        target = as_utf8(location.decode("latin-1"))
        loop = f"it redirects to {shown(target)}, which led here" if resolve(target, lead.url) in chain else None
        if loop or len(chain) > HOPS:
            decision = Decision(lead, Outcome.REDIRECT_LOOP, loop or f"more than {HOPS} redirects")
            self.run.recorder.announce(lead.url, [decision])
            self.run.traps.looped(lead, chain[0])
            return []
        found = self.discovery.redirected(lead, target, self._by_name[lead.outlet])
        if found is None:
            return []
        request = self._request(found, len(chain))
        request.meta["chain"] = chain
        request.meta["not_before"] = redirected_later(response)
        return [request]

    async def failed(self, failure: Failure) -> None:
        """A request that ended without a usable answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        lead: Lead = request.meta["lead"]
        error: BaseException = failure.value or RuntimeError("no reason given")
        self._asking[lead.outlet] -= 1
        self.run.traps.unanswered(lead, outcome_of(error)[0])
        try:
            if isinstance(error, sqlite3.Error | HemerotecaError):
                with self.run.attempt():
                    raise error  # not of the address, but of the disk under us
            elif isinstance(error, ToldToWait) or not (request.meta.get("recorded") or isinstance(error, CrawlStopped)):
                await self.run.recorder.failed(lead, error)
        finally:
            self._open[lead.outlet] -= 1


def _readable(reading: Reading) -> Article | None:
    return reading.article if reading.outcome in READABLE else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{text!r} is no day: write it as 2023-07-26") from error
