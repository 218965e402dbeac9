"""What an answer says of the pace: a turn's wait before a request, the asking again after it.

429 and 503 ask for rest (RFC 6585 §4, RFC 9110 §15.6.4): with Retry-After for as long as it says, without it for
longer gaps. A redirect with Retry-After is followed after that time (RFC 9110 §10.2.3).
"""

from datetime import datetime, timedelta
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from archive.message import head_of
from archive.model import Outcome
from crawler.clock import utc_now
from crawler.exchange import Exchange
from crawler.failures import outcome_of
from crawler.politeness.address import host_key
from crawler.politeness.errors import HandshakeBroken, ToldToWait
from crawler.politeness.pace import PATIENCE, Pace
from crawler.politeness.retry_after import wait_of

BUSY = (429, 503)


def heed(pace: Pace, host: str, exchange: Exchange) -> None:
    """What the answer asks of the next requests at the host, whoever makes them."""
    status = exchange.status or 0
    if status < 400 or (status < 500 and status not in (408, 413, 425, 429)):
        return
    head, _ = head_of(exchange.response_bytes)
    wait = wait_of(head.all("Retry-After"), head.header("Date"), exchange.ended)
    if wait:
        pace.rest(host, wait, f"status {status}: the host asks to be left alone")
    elif status in BUSY:
        pace.slow_down(host, f"status {status}: the host asks for fewer requests")


def redirected_later(response: Response) -> datetime | None:
    """The time before which a redirect asks not to be followed; None: at once."""
    now = utc_now()
    wait = _wait(response, now)
    return now + wait if wait else None


def _wait(response: Response, now: datetime) -> timedelta | None:
    date = response.headers.get("Date")
    values = [value.decode("latin-1") for value in response.headers.getlist("Retry-After")]
    return wait_of(values, date.decode("latin-1") if date else None, now)


class PatientMiddleware(RetryMiddleware):
    """Downloader middleware in place of Scrapy's: whatever is asked goes through the slot of its host, and is asked
    again where that may help and the host lets us.

    `request.meta["not_before"]`: the time (UTC) before which the request is not made. `"patience"`: seconds of rest
    that it waits for.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        made = super().from_crawler(crawler)
        made.crawler = crawler
        return made

    async def process_request(self, request: Request) -> None:
        """Raises ToldToWait where the host, or a redirect, asks for more patience than the request has."""
        host = request.meta["download_slot"] = host_key(request.url)
        patience = float(request.meta.get("patience", PATIENCE))
        not_before: datetime | None = request.meta.get("not_before")
        if not_before is not None:
            await self._pace.until(not_before, "a redirect asks to be followed later", patience)
        if (told := self._pace.told(host, patience)) is not None:
            raise told

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Any = None,  # noqa: ARG002 (Scrapy's signature)
    ) -> Request | Response:
        """Another request where the status is one that passes, or where only a part came. Raises ToldToWait where the
        host asks for more rest than a run grants to one URL."""
        if request.meta.get("dont_retry"):
            return response
        if 200 <= response.status < 300 and request.meta.get("cut"):
            return self._retry(request, "a part of the answer") or response
        if response.status not in self.retry_http_codes:
            return response
        now = utc_now()
        wait = _wait(response, now) or timedelta(0)
        rested = float(request.meta.get("rested", 0.0)) + wait.total_seconds()
        if rested > PATIENCE:
            raise self._pace.told(host_key(request.url)) or ToldToWait(
                f"status {response.status}: the host asks again and again to be left alone", now + wait
            )
        again = self._retry(request, f"status {response.status}")
        if isinstance(again, Request):
            again.meta["rested"] = rested
        return again or response

    def process_exception(
        self,
        request: Request,
        exception: Exception,
        spider: Any = None,  # noqa: ARG002 (Scrapy's signature)
    ) -> Request | Response | None:
        """Another request where the connection failed, but not where a certificate did: it would again."""
        if outcome_of(exception)[0] is Outcome.TLS_ERROR and not isinstance(exception, HandshakeBroken):
            return None
        return super().process_exception(request, exception)

    @property
    def _pace(self) -> Pace:
        pace: Pace = self.crawler.pace  # type: ignore[attr-defined]
        return pace
