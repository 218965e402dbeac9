"""The act of logging in: the page with the form, the form, and where it leads.

Each exchange goes through the crawl's own handler: robots.txt is obeyed, the pace is kept, the answer is recorded in
the private series without its secrets. User and password go to the origin of the login page alone, and once: whatever
comes of it is told, and not tried again.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from archive.model import Kind, Lead
from archive.withhold import without_user
from crawler.account import is_safe, origin_of
from crawler.failures import outcome_of
from crawler.kept import Kept
from crawler.politeness.errors import CrawlStopped
from crawler.recorder import Recorder
from crawler.redaction import clean
from crawler.session import Session
from spiders.kit.addresses import resolve
from spiders.kit.login import variables
from spiders.kit.login_form import URLENCODED, Form, NoForm

HOPS = 5  # redirects that are followed
MOVED = (301, 302, 303, 307, 308)
AGAIN = "`hemeroteca crawl --login-again` tries at once"

Fetch = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """Why there is no session. `by_newspaper`: user and password were sent and not accepted."""

    def __init__(self, why: str, *, by_newspaper: bool = False) -> None:
        super().__init__(why)
        self.why, self.by_newspaper = why, by_newspaper


class SigningIn:
    """Logs in at one outlet, and looks whether a session lives."""

    def __init__(self, session: Session, fetch: Fetch, recorder: Recorder, allow: tuple[str, ...]) -> None:
        self._session, self._fetch, self._recorder, self._allow = session, fetch, recorder, allow
        self._login, self._account = session.login, session.account
        self._names = " and ".join(variables(session.name, "form"))

    async def sign_in(self) -> None:
        """Opens the session. Raises Refused with a sentence for people; CrawlStopped where the crawl ends."""
        page_url = self._login.page or ""
        own = origin_of(page_url)
        if own is None or not is_safe(own, self._allow):
            raise Refused(
                "the login page is not https, and a password is sent over nothing else: see `page` in [login]"
            )
        page = await self._get(page_url, form=True)
        if page.status != 200:
            raise Refused(f"the login page answered with status {page.status}")
        if origin_of(page.url) != own:
            raise Refused(f"the login page leads to {_shown(page.url)}: if that is right, make it `page` in [login]")
        form = self._form(page)
        if origin_of(form.action) != own:
            raise Refused(
                f"the form of the login page is sent to another place, {_shown(form.action)}: nothing was sent there"
            )
        landing = await self._post(page, form)
        self._judge(landing)
        self._session.opened(confirmed=_shows(landing))

    async def lives(self) -> bool:
        """Whether the outlet's home shows that the session lives. False also where it cannot be asked."""
        home = self._session.outlet.home
        if self._login.check is None or not self._session.covers(home):
            return False
        try:
            return _shows(await self._get(home))
        except Refused:
            return False

    def unconfirmed(self) -> Refused:
        """What is to be said of a session that no page has ever shown."""
        shown = f"no page shows {self._login.check!r}" if self._login.check else "it asks for the password"
        return Refused(
            f"{shown} after it: see whether {self._names} are right, and `check` in [login]; {AGAIN}", by_newspaper=True
        )

    def _form(self, page: Response) -> Form:
        kept: Kept | None = page.meta.get("kept")
        found = kept.form if kept is not None else None
        if isinstance(found, Form):
            return found
        why = found.why if isinstance(found, NoForm) else "the login page is no page that can be read"
        raise Refused(f"{why}: see `page` and `form` in [login] ({_shown(page.url)})")

    async def _post(self, page: Response, form: Form) -> Response:
        """The answer to the filled form, behind its redirects."""
        own, url = origin_of(form.action), form.action
        scheme, _, rest = page.url.partition("://")
        headers = {
            "Content-Type": URLENCODED,
            # Forms are guarded by these; they tell the newspaper of its own page only
            "Origin": f"{scheme}://{rest.partition('/')[0]}",
            "Referer": page.url,
        }
        body = form.filled(self._account.user, self._account.password)
        for _ in range(HOPS + 1):
            response = await self._ask(self._request(url, "POST", body, headers))
            to = _target(response)
            if to is None or response.status not in (307, 308):
                break
            if origin_of(to) != own:
                raise Refused(f"the login was sent on to another place, {_shown(to)}: nothing was sent there")
            url = to
        else:
            raise Refused("the login was sent on again and again")
        if to is None or not self._session.covers(to):
            return response
        try:
            return await self._get(to)  # RFC 9110 §15.4.2–4: what follows is a GET without the body
        except Refused:
            return response  # nobody may look there, which says nothing of the login

    def _judge(self, landing: Response) -> None:
        """Raises Refused where the answer to the form is no welcome."""
        if landing.status == 429 or landing.status >= 500:
            raise Refused(f"the newspaper answered with status {landing.status}; the next crawl tries again")
        refused = f"see whether {self._names} are right; {AGAIN}"
        if landing.status >= 400:
            raise Refused(f"the newspaper answered with status {landing.status}: {refused}", by_newspaper=True)
        kept: Kept | None = landing.meta.get("kept")
        asks_again = kept is not None and kept.asks and not kept.shows
        if asks_again or not self._session.has_cookies():
            said = "asks for them again" if asks_again else "set no cookie"
            raise Refused(f"the newspaper {said}: {refused}", by_newspaper=True)

    async def _get(self, url: str, *, form: bool = False) -> Response:
        """The page behind its redirects, as far as the session may be shown there."""
        request = self._request(url, "GET", b"", {}, form=form)
        for _ in range(HOPS + 1):
            response = await self._ask(request)
            to = _target(response)
            if to is None:
                return response
            if not self._session.covers(to):
                if form:
                    raise Refused(f"the login page leads to another place, {_shown(to)}: see `page` in [login]")
                return response
            request = self._request(to, "GET", b"", {}, form=form)
        raise Refused(f"{_shown(url)} redirects again and again")

    async def _ask(self, request: Request) -> Response:
        try:
            return await self._fetch(request)
        except CrawlStopped:
            raise
        except Exception as error:
            await self._recorder.failed(request.meta["lead"], error)
            raise Refused(f"{_shown(request.url)}: {outcome_of(error)[1]}") from error

    def _request(self, url: str, method: str, body: bytes, headers: dict[str, str], *, form: bool = False) -> Request:
        name, home = self._session.name, self._session.outlet.home
        return Request(
            url,
            method=method,
            body=body,
            headers=headers,
            meta={
                "lead": Lead(_shown(url), name, self._login.page or home, Kind.LOGIN),
                "kind": Kind.LOGIN,
                "in_session": self._session,
                "session": name,
                "login_page": form,
                "download_slot": urlsplit(url).hostname,
                "handle_httpstatus_all": True,
                "dont_retry": method == "POST",  # a password that was refused once is not shown again
            },
            dont_filter=True,
            priority=1000,
        )


def _shows(response: Response) -> bool:
    kept: Kept | None = response.meta.get("kept")
    return kept is not None and kept.shows is True


def _target(response: Response) -> str | None:
    """Where an answer leads; None for one that leads nowhere."""
    location = response.headers.get("Location")
    if response.status not in MOVED or not location:
        return None
    return resolve(location.decode("latin-1"), response.url)


def _shown(url: str) -> str:
    return clean(without_user(url))
