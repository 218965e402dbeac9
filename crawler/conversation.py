"""Asking for one thing after another, for a person who waits: a spider with the rules and the recording of each crawl.

robots.txt comes first and is obeyed, the pace is that of a crawl, and every answer is in the WARC file before anybody
looks at it.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.corpus import warc_path
from archive.http import Answer
from archive.intake import Taken
from archive.model import Kind, Lead, Outcome, Pointer, Reading
from archive.notes import Decision
from archive.records import read_at
from archive.revisits import answer_of
from archive.takedown import taken_down
from crawler.admission import barred
from crawler.failures import outcome_of
from crawler.politeness.errors import CrawlStopped, ToldToWait
from crawler.politeness.robots import Verdict
from crawler.process import Summary, crawl
from crawler.readers import Examined
from crawler.run import Run
from crawler.spider import HOPS, OutletSpider
from spiders.kit.addresses import normalise

T = TypeVar("T")
REFUSED = (401, 402, 403, 407, 429, 451)
PATIENCE = 45.0  # seconds for one answer: a person waits, and can ask again


@dataclass(frozen=True, slots=True)
class Said:
    """What came of asking. `url` is where the last redirect led; `examined` is None where no answer came.

    `reading` says how it ended; `verdict` what robots.txt and tdmrep.json say of the address, where they were asked.
    """

    asked: str
    url: str
    reading: Reading
    examined: Examined | None = None
    verdict: Verdict | None = None

    @property
    def taken(self) -> Taken | None:
        return self.examined.taken if self.examined else None

    @property
    def status(self) -> int | None:
        return self.taken.capture.status if self.taken else None

    @property
    def refused(self) -> bool:
        """Whether the site does not let us in: by its status, or by what it shows in place of the page."""
        return self.status in REFUSED or self.reading.outcome is Outcome.WALL


class Conversation(OutletSpider):
    """Asks what `talk` wants to know, in order, at the outlet of its run; `note` is told what is being asked for."""

    talk: ClassVar[Callable[["Conversation"], Awaitable[None]]]
    note: ClassVar[Callable[[str], None]]

    def __init__(self, run: Run, *args: Any, **kwargs: Any) -> None:
        super().__init__(run, *args, **kwargs)
        self.asked = 0
        self._robots: dict[str, str] = {}  # origin → the exchange with its robots.txt
        self._robots_status: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "Conversation":
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.downloaded, signals.response_downloaded)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        with self.run.attempt(vital=True):
            await type(self).talk(self)
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def downloaded(self, response: Response, request: Request) -> None:
        """Scrapy's signal: remembers which exchange brought the rules of an origin."""
        if request.meta.get("kind") is Kind.ROBOTS and "exchange" in request.meta:
            parts = urlsplit(request.url)
            origin = f"{parts.scheme}://{parts.netloc}"
            self._robots_status[origin] = response.status
            if response.status == 200:
                self._robots[origin] = request.meta["exchange"]

    def robots_status(self, url: str) -> int | None:
        """The status with which robots.txt of this origin was answered; None where no answer came."""
        parts = urlsplit(url)
        return self._robots_status.get(f"{parts.scheme}://{parts.netloc}")

    async def robots_of(self, url: str) -> str:
        """The text of the robots.txt that was asked for at this origin; "" where there was none to read."""
        parts = urlsplit(url)
        exchange = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        if exchange is None:
            return ""
        return (await self.run.recorder.examined(exchange)).body.decode("utf-8", errors="replace").lstrip("\ufeff")

    async def ask(self, url: str, kind: Kind, source: str) -> Said:
        """The answer at an address, behind its redirects. `source`: who named it, for the row of the lead.

        Raises CrawlStopped where the person has stopped it.
        """
        lead = Lead(url, self.outlets[0].name, source, kind)
        for _hop in range(HOPS + 1):
            if lead.kind is Kind.ARTICLE:
                decision = barred(lead, taken_down(self.run.index.db)) or Decision(lead)
                self.run.recorder.announce(lead.source, [decision], leased=True)
                if decision.outcome is not None:
                    return Said(url, lead.url, Reading(decision.outcome, decision.reason))
            said = await self._once(url, lead)
            if said.status is None or not 300 <= said.status < 400 or said.status == 304 or said.taken is None:
                return said
            target = normalise(said.taken.capture.final_url)
            if target is None:
                return said
            if target == lead.url:
                reading = Reading(Outcome.REDIRECT_LOOP, "it redirects to itself")
                return replace(said, url=lead.url, reading=reading, examined=None)
            lead = replace(lead, url=target, source=lead.url)
        reading = Reading(Outcome.REDIRECT_LOOP, f"more than {HOPS} redirects")
        self.run.recorder.announce(lead.source, [Decision(lead, reading.outcome, reading.reason)])
        return Said(url, lead.url, reading)

    async def _once(self, url: str, lead: Lead) -> Said:
        if self._stopping or not self.crawler.crawling:
            raise CrawlStopped("the person has stopped it")
        type(self).note(lead.url)
        self.asked += 1
        request = Request(
            lead.url,
            meta={
                "lead": lead,
                "kind": lead.kind,
                "handle_httpstatus_all": True,
                "earlier": None,
                "dont_retry": True,
                "download_timeout": PATIENCE,
                "patience": PATIENCE,
            },
            dont_filter=True,
        )
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except CrawlStopped:
            raise
        except Exception as error:  # noqa: BLE001 (whatever kept the answer from us is the answer)
            if isinstance(error, ToldToWait) or not request.meta.get("recorded"):
                await self.run.recorder.failed(lead, error)
            return Said(url, lead.url, Reading(*outcome_of(error)), verdict=request.meta.get("verdict"))
        examined = await self._reading.ask(self.run.recorder.examined(response.meta["exchange"]))
        return Said(url, lead.url, examined.taken.reading, examined, request.meta.get("verdict"))

    async def look(self, said: Said, act: Callable[..., T], *arguments: Any) -> T:
        """What `act` makes of the recorded answer, in a worker: called with it, its address, `arguments`."""
        assert said.taken is not None
        capture, note = said.taken.capture, said.taken.note
        work = self.run.pool.ask(
            _look, self.run.corpus.folder.resolve(), capture.pointer, note.same_as if note else None, act, arguments
        )
        return await self._reading.ask(_awaited(work))


def converse(
    run: Run, talk: Callable[[Conversation], Awaitable[None]], note: Callable[[str], None] = lambda _: None
) -> Summary:
    """Runs `talk` to its end, recorded into the corpus of `run`. Raises what `crawl` raises."""
    kind = type(
        "Asking",
        (Conversation,),
        {"name": "outlet", "outlets": run.outlets, "talk": staticmethod(talk), "note": staticmethod(note)},
    )
    return crawl(run, quiet=True, spider=kind)


async def _awaited(work: "Future[T]") -> T:
    return await asyncio.wrap_future(work)


def _look(
    folder: Path, pointer: Pointer, same_as: Pointer | None, act: Callable[..., T], arguments: tuple[Any, ...]
) -> T:
    record = read_at(warc_path(folder, pointer.warc_file), pointer.offset)
    answer: Answer = answer_of(folder, record, same_as)
    return act(answer, record.target_uri, *arguments)
