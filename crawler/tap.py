"""The tap: what each connection wrote and received, byte for byte, below Scrapy's and Twisted's parsing.

Everything above loses something: the reason of a status line, the case and order of fields, chunk framing,
the part of a body that came before a connection broke. The pool of connections is the one place where both
directions pass as they are.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol
from weakref import WeakSet

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Response

from archive.drafts import Draft, packed_now
from archive.model import Outcome
from crawler.drafting import answer_of
from crawler.exchange import Attempt, Exchange
from crawler.failures import outcome_of
from crawler.hooks import fault_of_hooks, missing
from crawler.politeness.address import Guard, host_key
from crawler.politeness.again import heed
from crawler.politeness.errors import BlockedAddress, HandshakeBroken
from crawler.politeness.names import stand_guard
from crawler.politeness.pace import PATIENCE, Pace, Turn
from crawler.rebuilt import rebuilt
from crawler.session import Session
from crawler.stopping import under_way
from crawler.ties import Tie, Ties

log = logging.getLogger(__name__)
CONNECT = 30.0  # seconds for a connection, TLS included

LONG = 1 << 20  # bytes of an answer that takes time to record
# One thread for all of them: each thread keeps the room for the longest answer that it ever had
_BESIDE = ThreadPoolExecutor(1, "long answers")


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
    `request.meta["enough"]`: so many bytes of body are wanted, and what is longer is cut there without a failure.
    `request.meta["exchange"]` names the last exchange that was given to the recorder, `"cut"` why it is a part where
    Scrapy takes it for whole. The response that Scrapy gets has no body: it is in the exchange. An answer that passes
    DOWNLOAD_MAXSIZE on the wire, or 64 KiB of header, is broken off: DownloadCancelledError. CrawlStopped where
    `crawler.stopping` cut it.

    Each request waits for its turn at the host (`crawler.pace`, see `crawler.politeness.pace`), and from then on has
    DOWNLOAD_TIMEOUT seconds for everything: name, connection, head and body. An address that the guard refuses is
    BlockedAddress, before any connection.

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
        self._guard: Guard | None = crawler.settings["ADDRESS_GUARD"]
        if self._guard is not None:
            stand_guard(self._guard)
        if fault is not None:
            _warn(crawler, fault)

    async def download_request(self, request: Request) -> Response:
        recorder: Listener | None = getattr(self._crawler, "recorder", None)
        if recorder is None:
            return await super().download_request(request)
        if self._guard is not None and (why := self._guard.refusal(request.url)):
            raise BlockedAddress(why)
        began = datetime.now(UTC)
        request.meta.pop("cut", None)  # of an earlier attempt
        session: Session | None = request.meta.get("in_session")
        if session is not None:
            session.dress(request)
        tie = self._tie(request)
        response: Response | None = None
        failure: BaseException | None = None
        try:
            response = await self._under_way.ask(self._in_turn(request, tie))
        except BaseException as error:  # noqa: BLE001 (raised again, when what came is recorded)
            failure = error
        self._ties.end(tie)
        for attempt in tie.attempts:
            attempt.sealed = True
        came = [attempt for attempt in tie.attempts if attempt.size]
        try:
            exchanges = [await self._record(attempt, request, failure, recorder, session) for attempt in came]
        finally:
            for attempt in tie.attempts:
                attempt.close()
        if response is not None and not came:
            exchange = rebuilt(request, response, began, datetime.now(UTC))
            if self._tapped:
                _warn(self._crawler, f"{exchange.url} did not pass the tap: its capture is rebuilt and marked so")
            exchanges.append(self._keep(exchange, request, recorder))
            del exchange
        # An error that is raised here keeps this frame until Python looks for circles: not with the bytes, too
        status, cut = (exchanges[-1].status, exchanges[-1].truncated) if exchanges else (None, None)
        del exchanges
        if tie.attempts and tie.attempts[-1].over_limit:
            if "enough" in request.meta and tie.attempts[-1].body:
                return Response(request.url, status=status or 0, request=request, flags=["cut"])
            raise DownloadCancelledError(f"{request.url} sent more than {tie.limit} bytes") from failure
        if tie.attempts and tie.attempts[-1].wrong_host:
            raise DownloadFailedError(f"the certificate is not for {tie.host}") from failure
        if failure is not None:
            if isinstance(failure, DownloadFailedError) and _in_handshake(request, tie, failure):
                raise HandshakeBroken("the host broke off the handshake") from failure
            raise failure
        assert response is not None
        request.meta["cut"] = cut
        return response

    async def _record(
        self,
        attempt: Attempt,
        request: Request,
        failure: BaseException | None,
        recorder: Listener,
        session: Session | None,
    ) -> Exchange:
        """A long answer is unframed, digested and compressed beside the loop, which others need; one at a time, since
        each is in memory then."""
        if attempt.size <= LONG:
            exchange = attempt.exchange(request, failure)
            if session is not None:
                exchange = await session.withheld(exchange, request)
            return self._keep(exchange, request, recorder)
        async with self._one_long:
            loop = asyncio.get_running_loop()
            exchange = await loop.run_in_executor(_BESIDE, attempt.exchange, request, failure)
            if session is not None:
                exchange = await session.withheld(exchange, request)
            return self._keep(exchange, request, recorder, await loop.run_in_executor(_BESIDE, _drafted, exchange))

    def _keep(self, exchange: Exchange, request: Request, recorder: Listener, answer: Draft | None = None) -> Exchange:
        request.meta["exchange"] = exchange.id
        recorder.record(exchange, request, answer)
        if self._pace is not None:
            heed(self._pace, host_key(request.url), exchange)
        return exchange

    @property
    def _pace(self) -> Pace | None:
        return getattr(self._crawler, "pace", None)

    async def _in_turn(self, request: Request, tie: Tie) -> Response:
        """The answer, in a turn of its own at the host."""
        try:
            return await self._turn(request, tie)
        except DownloadFailedError:
            last = tie.attempts[-1] if tie.attempts else None
            if last is None or not last.reused or last.size or request.method != "GET" or "made_anew" in request.meta:
                raise
        # The server had closed the connection that was kept: no fault of the address, and no attempt at it (RFC 9112
        # §9.3.1). It may have read the request all the same, so another one is another turn, and once is enough.
        request.meta["made_anew"] = True
        self._ties.renew(tie)
        return await self._turn(request, tie)

    async def _turn(self, request: Request, tie: Tie) -> Response:
        if self._pace is None:
            return await self._within_limits(request, tie)
        patience = float(request.meta.get("patience", PATIENCE))
        async with self._pace.turn(host_key(request.url), patience) as turn:
            return await self._asked(request, tie, turn)

    async def _asked(self, request: Request, tie: Tie, turn: Turn) -> Response:
        """The answer; the turn is told what became of it."""
        try:
            return await self._within_limits(request, tie)
        except CannotResolveHostError as error:
            turn.untouched = True
            if self._guard is not None and (why := self._guard.refused(request.url)):
                raise BlockedAddress(why) from error
            raise
        finally:
            if tie.attempts:
                turn.read_at = tie.attempts[-1].read_at

    async def _within_limits(self, request: Request, tie: Tie) -> Response:
        """The answer. Raises DownloadTimeoutError where there is no connection in time, or no whole answer."""
        loop = asyncio.get_running_loop()
        whole = float(request.meta.get("download_timeout") or self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT"))
        why = f"no whole answer within {whole:g} s"
        secure = request.url.startswith("https:")

        def look() -> None:
            nonlocal why
            if self._tapped and not any(each.connected or not secure for each in tie.attempts):
                why = f"no connection within {CONNECT:g} s"
                scope.reschedule(loop.time())

        try:
            async with asyncio.timeout(whole) as scope:
                watch = loop.call_later(CONNECT, look)
                try:
                    return await super().download_request(request)
                finally:
                    watch.cancel()
        except TimeoutError as error:
            raise DownloadTimeoutError(why) from error

    def _tie(self, request: Request) -> Tie:
        limit = int(request.meta.get("download_maxsize", self._limit))
        if self._tapped and "enough" in request.meta:
            # Scrapy would not read the beginning of a body whose length it knows to be above its limit
            limit, request.meta["download_maxsize"] = int(request.meta["enough"]), 0
        return self._ties.make(request, limit) if self._tapped else Tie(b"", request, limit)


def _in_handshake(request: Request, tie: Tie, failure: DownloadFailedError) -> bool:
    """Whether the connection was lost between its beginning and the end of the handshake of TLS."""
    begun = request.url.startswith("https:") and bool(tie.attempts) and not tie.attempts[-1].connected
    return begun and outcome_of(failure)[0] is Outcome.CONNECT_ERROR


def _drafted(exchange: Exchange) -> Draft:
    return packed_now(answer_of(exchange))


def _tap(pool: Any, ties: Ties) -> str | None:
    """Puts the tap on a pool of connections; the sentence that says why not, where it cannot."""
    from crawler.connection import BASE_FACTORY, TappedFactory

    if getattr(pool, "_factory", None) is not BASE_FACTORY:
        return missing("connection pool whose _factory is Scrapy's own")
    pool._factory = partial(TappedFactory, ties)  # noqa: SLF001 - checked above
    pool.retryAutomatically = False  # it would ask again without a turn
    return None


_warned: WeakSet[Crawler] = WeakSet()


def _warn(crawler: Crawler, why: str) -> None:
    """Once a crawl: there is a handler for each scheme, and an answer for each page."""
    if crawler not in _warned:
        _warned.add(crawler)
        log.warning("%s", why)
