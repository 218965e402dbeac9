"""A session at a newspaper with the user's own account: what it adds to a request, and what it takes out of a record.

Its cookies are in memory only, in a jar of its own; they go to the outlet's home and login page, and nowhere else. Its
state: not tried yet, open, or over for the rest of the run, with the sentence that says why.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from enum import Enum
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from archive.model import Kind
from crawler import redaction
from crawler.account import Account, Origin, origin_of, origins_of
from crawler.awaiting import ended
from crawler.exchange import Exchange, is_private
from crawler.kept import Kept, head_only, keep
from crawler.recorder import ANONYMOUS
from crawler.spellings import looks_drawn, struck
from spiders.kit.login import Login
from spiders.kit.outlet import Outlet

AGAIN = 3600.0  # seconds that a renewed session must have lived before it is renewed once more
DOUBTS = 3  # pages that do not show the check while the session lives, after which no page is judged by it

Ask = Callable[..., "Future[Any]"]  # work for a reader's process


class State(Enum):
    NEW = "not tried yet"
    OPEN = "open"
    OVER = "over"


class Session:
    """One per outlet and run. `turn` is held by the one request of the session that is under way."""

    def __init__(self, outlet: Outlet, account: Account, work: Ask, allow: Sequence[str] = ()) -> None:
        assert outlet.login is not None
        self.outlet, self.account, self.name = outlet, account, outlet.name
        self.login: Login = outlet.login
        self.turn = asyncio.Lock()
        self.why: str | None = None  # why it is over, or what was noteworthy
        self.failed = False  # a person should look at it
        self.confirmed = False  # a page has shown that it lives
        self.renewed = 0
        self.doubts = 0
        self._work = work
        self._opened = 0.0
        self._origins = origins_of(outlet, outlet.login, allow)
        self._jar = CookieJar(DefaultCookiePolicy(strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain))
        self.state = State.NEW if account.kind == "form" else State.OPEN
        if account.kind == "cookie":
            self._give(account.cookie)

    def __repr__(self) -> str:
        return f"<session at {self.name}, {self.state.value}>"

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN

    @property
    def origins(self) -> frozenset[Origin]:
        return self._origins

    def covers(self, url: str) -> bool:
        """Whether the session may be shown to this address."""
        return origin_of(url) in self._origins

    def opened(self, *, confirmed: bool) -> None:
        self.state, self.confirmed, self._opened = State.OPEN, confirmed, time.monotonic()

    def over(self, why: str) -> None:
        """Nothing more is asked in the session; the sentence is told once."""
        self.state, self.why, self.failed = State.OVER, why, True
        self._jar.clear()

    def may_renew(self) -> bool:
        """One renewal; another one when the session has lived long enough since."""
        return self.account.kind == "form" and (not self.renewed or time.monotonic() - self._opened > AGAIN)

    def forget(self) -> None:
        """The cookies of a session that has ended."""
        self._jar.clear()

    def has_cookies(self) -> bool:
        return len(self._jar) > 0

    def _give(self, cookie: str) -> None:
        """A browser's own cookies, for the outlet's hosts."""
        for scheme, host, port in self._origins:
            shown = f"[{host}]" if ":" in host else host
            request = Request(f"{scheme}://{shown}:{port}/")
            pieces = [piece.strip() for piece in cookie.split(";") if "=" in piece]
            self._hear([f"{piece}; Path=/" for piece in pieces], request)

    def dress(self, request: Request) -> None:
        """Just before a request is sent: it belongs to the session, with cookies and field, or it is anonymous."""
        header = self.account.header
        request.headers.pop("Cookie", None)
        if header is not None:
            request.headers.pop(header[0], None)
        inside = self.covers(request.url) and (self.is_open or request.meta["kind"] is Kind.LOGIN)
        request.meta["session"] = self.name if inside else ANONYMOUS
        if inside:
            self._jar.add_cookie_header(request)
            if header is not None:
                request.headers[header[0]] = header[1]

    def _hear(self, cookies: Sequence[str], request: Request) -> None:
        said = Response(request.url, headers={"Set-Cookie": list(cookies)}, request=request)
        self._jar.extract_cookies(said, request)
        redaction.learn(cookie.value for cookie in self._jar if cookie.value and _is_secret(cookie))

    async def withheld(self, exchange: Exchange, request: Request) -> Exchange:
        """The exchange as it may be recorded; of an anonymous request it is what it was.

        `request.meta["kept"]` has what was seen of the page.
        """
        if not is_private(request):
            return exchange
        if exchange.cookies and self.covers(request.url):
            self._hear(exchange.cookies, request)
        values = redaction.of_sessions()
        look = partial(keep, form=bool(request.meta.get("login_page")))
        work = self._work(look, exchange.request_bytes, exchange.response_bytes, exchange.url, self.login, values)
        try:
            await ended(work)
            kept: Kept = work.result()
        except Exception:  # noqa: BLE001 (a page that no reader survives, or the end of the readers)
            kept = head_only(exchange.request_bytes, exchange.response_bytes, values)
        redaction.learn(kept.drawn)
        request.meta["kept"] = kept
        return replace(
            exchange,
            url=struck(exchange.url.encode(), values).decode(),
            request_bytes=kept.asked,
            response_bytes=kept.answer,
            fidelity="withheld" if kept.changed and exchange.fidelity == "exact" else exchange.fidelity,
            cookies=(),
        )

    def has_ended(self, request: Request, response: Response) -> bool:
        """Whether this answer shows that the session is no longer known to the newspaper."""
        if not is_private(request):
            return False
        if response.status == 401:
            return True
        if response.status in (301, 302, 303, 307, 308) and self.login.page is not None:
            to = urlsplit(response.urljoin((response.headers.get("Location") or b"").decode("latin-1")))
            return to.path == urlsplit(self.login.page).path and to.hostname == urlsplit(self.login.page).hostname
        kept: Kept | None = request.meta.get("kept")
        if kept is None or response.status != 200:
            return False
        if self.login.check is not None:
            self.confirmed = self.confirmed or bool(kept.shows)
            return kept.shows is False and self.doubts < DOUBTS
        self.confirmed = self.confirmed or kept.asks is False
        return kept.asks is True and self.account.kind == "form"


def _is_secret(cookie: Any) -> bool:
    """Whether a cookie's value opens something: not "accepted" or "fr"."""
    return looks_drawn(cookie.value) or (len(cookie.value) >= 6 and cookie.has_nonstandard_attr("HttpOnly"))
