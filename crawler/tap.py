"""The tap: what each connection wrote and received, byte for byte, below Scrapy's and Twisted's parsing.

Everything above loses something: the reason of a status line, the case and order of fields, chunk framing,
the part of a body that came before a connection broke. The pool of connections is the one place where both
directions pass as they are.
"""

import asyncio
import logging
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol
from weakref import WeakSet

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError
from scrapy.http import Response

from archive.drafts import Draft, packed_now
from crawler.drafting import answer_of
from crawler.exchange import Attempt, Exchange
from crawler.hooks import fault_of_hooks, missing
from crawler.rebuilt import rebuilt
from crawler.session import Session
from crawler.stopping import under_way
from crawler.ties import Tie, Ties

log = logging.getLogger(__name__)

LONG = 1 << 20  # bytes of an answer that takes time to record


class Listener(Protocol):
    """What the tap gives exchanges to: `crawler.recorder`."""

    def record(self, exchange: Exchange, request: Request, answer: Draft | None = None) -> None:
        """Called once for each exchange of which bytes arrived, before Scrapy sees its response or failure.

        So for answers, redirects, each retry, and answers that broke off. What it raises ends the request. `answer`:
        the record of a long one.
        """


class RecordingHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler, with a tap on its connections.

    Exchanges go to `crawler.recorder`; without one (`scrapy shell`) it is Scrapy's handler and nothing else.
    `request.meta["exchange"]` names the last exchange that was given to the recorder. The response that Scrapy gets
    has no body: it is in the exchange. An answer that passes DOWNLOAD_MAXSIZE on the wire, or 64 KiB of header, is
    broken off: DownloadCancelledError. CrawlStopped where `crawler.stopping` cut it.

    Where this Scrapy or Twisted gives no place for the tap, or an answer did not pass it, the exchange is rebuilt
    from Scrapy's response and says so (`Exchange.fidelity`).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._under_way = under_way(crawler)
        self._ties = Ties()
        self._one_long = asyncio.Lock()
        fault = fault_of_hooks() or _tap(getattr(self, "_pool", None), self._ties)
        self._tapped = fault is None
        if fault is not None:
            _warn(crawler, fault)

    async def download_request(self, request: Request) -> Response:
        recorder: Listener | None = getattr(self._crawler, "recorder", None)
        if recorder is None:
            return await super().download_request(request)
        began = datetime.now(UTC)
        session: Session | None = request.meta.get("in_session")
        if session is not None:
            session.dress(request)
        tie = self._tie(request)
        response: Response | None = None
        failure: BaseException | None = None
        try:
            response = await self._under_way.ask(super().download_request(request))
        except BaseException as error:  # noqa: BLE001 (raised again, when what came is recorded)
            failure = error
        self._ties.end(tie)
        for attempt in tie.attempts:
            attempt.sealed = True
        came = [attempt for attempt in tie.attempts if attempt.size]
        try:
            for attempt in came:
                await self._record(attempt, request, failure, recorder, session)
        finally:
            for attempt in tie.attempts:
                attempt.close()
        if response is not None and not came:
            exchange = rebuilt(request, response, began, datetime.now(UTC))
            if self._tapped:
                _warn(self._crawler, f"{exchange.url} did not pass the tap: its capture is rebuilt and marked so")
            request.meta["exchange"] = exchange.id
            recorder.record(exchange, request)
        if tie.attempts and tie.attempts[-1].over_limit:
            raise DownloadCancelledError(f"{request.url} sent more than {tie.limit} bytes") from failure
        if tie.attempts and tie.attempts[-1].wrong_host:
            raise DownloadFailedError(f"the certificate is not for {tie.host}") from failure
        if failure is not None:
            raise failure
        assert response is not None
        return response

    async def _record(
        self,
        attempt: Attempt,
        request: Request,
        failure: BaseException | None,
        recorder: Listener,
        session: Session | None,
    ) -> None:
        """A long answer is unframed, digested and compressed beside the loop, which others need; one at a time, since
        each is in memory then."""
        if attempt.size <= LONG:
            exchange = attempt.exchange(request, failure)
            if session is not None:
                exchange = await session.withheld(exchange, request)
            request.meta["exchange"] = exchange.id
            recorder.record(exchange, request)
            return
        async with self._one_long:
            exchange = await asyncio.to_thread(attempt.exchange, request, failure)
            if session is not None:
                exchange = await session.withheld(exchange, request)
            answer = await asyncio.to_thread(_drafted, exchange)
            request.meta["exchange"] = exchange.id
            recorder.record(exchange, request, answer)

    def _tie(self, request: Request) -> Tie:
        limit = int(request.meta.get("download_maxsize", self._limit))
        return self._ties.make(request, limit) if self._tapped else Tie(b"", request, limit)


def _drafted(exchange: Exchange) -> Draft:
    return packed_now(answer_of(exchange))


def _tap(pool: Any, ties: Ties) -> str | None:
    """Puts the tap on a pool of connections; the sentence that says why not, where it cannot."""
    from crawler.connection import BASE_FACTORY, TappedFactory

    if getattr(pool, "_factory", None) is not BASE_FACTORY:
        return missing("connection pool whose _factory is Scrapy's own")
    pool._factory = partial(TappedFactory, ties)  # noqa: SLF001 - checked above
    return None


_warned: WeakSet[Crawler] = WeakSet()


def _warn(crawler: Crawler, why: str) -> None:
    """Once a crawl: there is a handler for each scheme, and an answer for each page."""
    if crawler not in _warned:
        _warned.add(crawler)
        log.warning("%s", why)
