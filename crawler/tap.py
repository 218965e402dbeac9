"""The tap: what each connection wrote and received, byte for byte, below Scrapy's and Twisted's parsing.

Everything above loses something: the reason of a status line, the case and order of fields, chunk framing,
the part of a body that came before a connection broke. The pool of connections is the one place where both
directions pass as they are.
"""

from functools import partial
from typing import Any, Protocol

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from archive.errors import HemerotecaError
from crawler.connection import BASE_FACTORY, TappedFactory, Tie, Ties, check_hooks, misfit
from crawler.exchange import Exchange


class Listener(Protocol):
    """What the tap gives exchanges to: `crawler.recorder`."""

    def record(self, exchange: Exchange, request: Request) -> None:
        """Called once for each exchange of which bytes arrived, before Scrapy sees its response or failure.

        So for answers, redirects, each retry, and answers that broke off. What it raises ends the request.
        """


class RecordingHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 handler, with a tap on its connections.

    Exchanges go to `crawler.recorder`; without one (`scrapy shell`) it is Scrapy's handler and nothing else.
    `request.meta["exchange"]` names the last exchange that was given to the recorder. An answer that passes
    DOWNLOAD_MAXSIZE on the wire, or 64 KiB of header, is broken off: DownloadCancelledError.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        check_hooks()
        if getattr(self._pool, "_factory", None) is not BASE_FACTORY:
            raise HemerotecaError(misfit("the connection pool's _factory"))
        self._ties = Ties()
        tapped: Any = partial(TappedFactory, self._ties)
        self._pool._factory = tapped  # noqa: SLF001 - checked above

    async def download_request(self, request: Request) -> Response:
        recorder: Listener | None = getattr(self._crawler, "recorder", None)
        if recorder is None:
            return await super().download_request(request)
        limit = int(request.meta.get("download_maxsize", self._default_maxsize))
        tie = self._ties.make(request, limit)
        try:
            response = await super().download_request(request)
        except BaseException as error:
            _hand_over(tie, recorder, error)
            if tie.attempts and tie.attempts[-1].over_limit:
                raise DownloadCancelledError(f"{request.url} sent more than {limit} bytes") from error
            raise
        finally:
            self._ties.end(tie)
        _hand_over(tie, recorder, None)
        return response


def _hand_over(tie: Tie, recorder: Listener, error: BaseException | None) -> None:
    for attempt in tie.attempts:
        attempt.sealed = True
        if attempt.received:
            exchange = attempt.exchange(tie.request, error)
            tie.request.meta["exchange"] = exchange.id
            recorder.record(exchange, tie.request)
