"""Which requests are made in a session, and what happens when it has ended.

Articles at the outlet's home and login page are asked for in its session, one after another; feeds, sitemaps and
robots.txt never. When an answer shows that the session has ended, it is renewed once and the page is asked for again;
else the rest of the outlet is asked for without a login, and what needs one ends as paywalled.
"""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.model import Kind, Outcome
from archive.notes import Decision
from crawler.clock import utc_now
from crawler.politeness.errors import CrawlStopped, SignsOut
from crawler.redaction import clean, holds_secret
from crawler.run import Run
from crawler.session import Session, State
from crawler.signing_in import Refused, SigningIn
from spiders.kit.addresses import normalise
from spiders.kit.login import signs_out, variable

SECRET = "the address has a secret of the login in it"  # noqa: S105

if TYPE_CHECKING:
    from crawler.spider import OutletSpider

log = logging.getLogger(__name__)


class SessionMiddleware:
    """Downloader middleware: the last one before a request goes to its host, the first one after."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises SignsOut for an address that would end the session."""
        lead = request.meta.get("lead")
        if lead is None or request.meta.get("kind") is not Kind.ARTICLE or not self._spider.with_login:
            return
        session = self._run.sessions.of(lead.outlet)
        if session is None or not session.covers(request.url):
            request.meta.pop("in_session", None)
            return
        if signs_out(request.url):
            raise SignsOut("the address would end the session of the login")
        if request.meta.get("asked_again"):
            return  # inside the turn of the first time
        await session.turn.acquire()
        request.meta["has_turn"] = True
        if not self._crawler.crawling:
            raise CrawlStopped("the crawl ends")
        if session.state is State.NEW:
            await self._sign_in(session)
        request.meta["in_session"] = session

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        session: Session | None = request.meta.get("in_session")
        if session is None or request.meta.get("kind") is not Kind.ARTICLE:
            return response
        response = self._without_secret(request, response)
        try:
            if not session.has_ended(request, response) or not session.is_open:
                return response
            if await self._goes_on(session):
                return response
            again = request.replace(meta={**request.meta, "asked_again": True})
            del again.meta["has_turn"]
            assert self._crawler.engine is not None
            return await self._crawler.engine.download_async(again)
        finally:
            self._end_turn(request)

    def _without_secret(self, request: Request, response: Response) -> Response:
        """The answer; a redirect to an address with a secret in it leads nowhere, and has its row."""
        location = response.headers.get("Location")
        if not 300 <= response.status < 400 or not location:
            return response
        target = response.urljoin(location.decode("latin-1"))
        if not holds_secret(normalise(target) or target):
            return response
        lead = request.meta["lead"]
        found = replace(lead, url=clean(target), source=lead.url)
        self._run.recorder.announce(lead.url, [Decision(found, Outcome.SKIPPED, SECRET)])
        headers = response.headers.copy()
        del headers["Location"]
        return response.replace(headers=headers)

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 (Scrapy's signature)
        self._end_turn(request)

    def _end_turn(self, request: Request) -> None:
        if request.meta.pop("has_turn", False):
            session = self._run.sessions.of(request.meta["lead"].outlet)
            assert session is not None
            session.turn.release()

    async def _goes_on(self, session: Session) -> bool:
        """Whether the answer stands as it is: the session lives all the same, or is over. False: it is a new one."""
        signing_in = self._signing_in(session)
        if await signing_in.lives():
            session.doubts += 1
            session.confirmed = True
            return True
        if session.account.kind != "form":
            named = variable(session.name, session.account.kind.upper())
            self._over(session, Refused(f"the newspaper does not know it, or no more: see whether {named} is right"))
        elif not session.confirmed:
            self._over(session, signing_in.unconfirmed())
        elif not session.may_renew():
            self._over(session, Refused("the session ended a second time"))
        else:
            session.renewed += 1
            session.forget()
            return not await self._sign_in(session)
        return True

    async def _sign_in(self, session: Session) -> bool:
        try:
            await self._signing_in(session).sign_in()
        except Refused as refused:
            self._over(session, refused)
            return False
        self._run.sessions.refusals.forget(session.name)
        self._run.sessions.take_back(session.name, self._run.index.db, self._run.frontier)
        return True

    def _over(self, session: Session, refused: Refused) -> None:
        """The rest of the outlet is asked for without a login."""
        session.over(refused.why)
        refusals, now = self._run.sessions.refusals, utc_now()
        refusals.missed(session.name, now)
        if refused.by_newspaper:
            refusals.keep(session.name, refused.why, now)
        log.warning("%s: no login: %s", session.name, session.why)

    def _signing_in(self, session: Session) -> SigningIn:
        engine = self._crawler.engine
        assert engine is not None
        return SigningIn(session, engine.download_async, self._run.recorder, self._run.corpus.settings.allow)

    @property
    def _run(self) -> Run:
        return self._spider.run

    @property
    def _spider(self) -> "OutletSpider":
        spider = self._crawler.spider
        assert spider is not None
        return cast("OutletSpider", spider)
