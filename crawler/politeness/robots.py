"""robots.txt by RFC 9309, and TDMRep's file beside it.

The rules of an origin are asked for before anything else there. 4xx: everything is allowed (§2.3.1.3); 5xx or no
answer, or one that cannot be read: nothing is (§2.3.1.4); up to five redirects are followed (§2.3.1.2); 500 KiB are
read (§2.5) and no more are taken; after 24 hours they are asked for again (§2.4). The answer is recorded like any
other.
"""

import asyncio
import json
import logging
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, IgnoreRequest
from scrapy.http import Response

from archive.errors import HemerotecaError
from archive.message import as_utf8
from archive.model import Kind, Lead, Outcome
from archive.notes import Decision
from archive.withhold import without_users
from crawler.clock import utc_now
from crawler.failures import outcome_of
from crawler.politeness.address import host_key
from crawler.politeness.again import redirected_later
from crawler.politeness.errors import (
    BlockedAddress,
    BlockedByRobots,
    CrawlStopped,
    ToldToWait,
    Unreached,
    Untrusted,
)
from crawler.politeness.pace import LONGEST_GAP, PATIENCE, Pace
from crawler.recorder import Recorder
from crawler.tally import UNREADABLE
from spiders.kit.addresses import resolve, shown
from spiders.kit.robots_txt import READ, RobotsTxt, decoded

log = logging.getLogger(__name__)

AGE = timedelta(hours=24)
HOPS = 5
READABLE = (Outcome.OK, Outcome.TOO_LARGE)  # of one that is too long its beginning counts
LONGEST_LINE = 200  # characters of a rule that a row shows
MOST_LOCATIONS = 2000  # of a tdmrep.json; a newspaper has some dozens
SMALL = 50_000  # characters that are read at once; more would keep the crawl waiting


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules of an origin say of one URL. `robots`: allowed, disallowed or unreachable."""

    robots: str
    rule: str | None = None
    tdm_reservation: str | None = None
    tdm_policy: str | None = None

    @property
    def allowed(self) -> bool:
        return self.robots == "allowed"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one origin: `robots` None means that robots.txt could not be read. `why`: its address, its status,
    or what kept it from us. `instead`: what is said of every other address of the origin, where that is no matter of
    rules: its certificate is bad, or there is nobody."""

    read_at: datetime
    robots: RobotsTxt | None
    why: str
    tdmrep: str = ""
    instead: type[IgnoreRequest] | None = None

    def verdict(self, url: str, agent: str) -> Verdict:
        reservation, policy = tdm(self.tdmrep, url)
        if self.robots is None:
            return Verdict("unreachable", self.why, reservation, policy)
        rule = self.robots.rule_for(url, agent)
        said = self.why if rule is None else f"{self.why}: {rule.line[:LONGEST_LINE]}"
        return Verdict("allowed" if rule is None or rule.allows else "disallowed", said, reservation, policy)


def tdm(text: str, url: str) -> tuple[str | None, str | None]:
    """(reservation, policy) of a URL by tdmrep.json; the first rule whose location matches counts.

    Any other value than 0 and 1 is no reservation (TDM Reservation Protocol, §7.1). Any text is one: what cannot be
    read says nothing.
    """
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    for location, reservation, policy in _locations(text):
        if location.rule_for(f"https://host.invalid{path or '/'}", "any") is not None:
            return reservation, policy
    return None, None


@lru_cache(maxsize=32)  # each request of an origin asks
def _locations(text: str) -> tuple[tuple[RobotsTxt, str | None, str | None], ...]:
    """The rules of a tdmrep.json; a location is a pattern as in robots.txt: a prefix, `*` for anything, `$` for the
    end."""
    try:
        rules = json.loads(text) if text else []
    except (ValueError, RecursionError):  # one of a hundred thousand brackets is no reason to ask for no article
        return ()
    found = []
    for rule in rules[:MOST_LOCATIONS] if isinstance(rules, list) else []:
        if not isinstance(rule, dict) or not isinstance(rule.get("location"), str):
            continue
        said, policy = rule.get("tdm-reservation"), rule.get("tdm-policy")
        reservation = str(said) if isinstance(said, str | int) else ""
        known = reservation in ("0", "1")
        found.append(
            (
                RobotsTxt(f"User-agent: *\nDisallow: {rule['location']}"),
                reservation if known else None,
                policy if known and isinstance(policy, str) else None,
            )
        )
    return tuple(found)


class RobotsMiddleware:
    """Downloader middleware: asks, keeps and applies the rules of each origin."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        # The product token alone (RFC 9309 §2.2.1): a contact may hold another robot's name
        self._agent = str(crawler.settings["BOT_NAME"])
        self._rules: dict[str, asyncio.Future[Rules]] = {}
        self._refused: set[str] = set()  # origins whose row is written

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises BlockedByRobots; the verdict goes with the request either way."""
        if request.meta.get("kind") in (Kind.ROBOTS, Kind.TDMREP):
            return
        parts = urlsplit(request.url)
        rules = await self._of(f"{parts.scheme}://{parts.netloc}", request)
        verdict = rules.verdict(request.url, self._agent)
        request.meta["verdict"] = verdict
        if rules.instead is not None:
            raise rules.instead(f"{UNREADABLE}: {rules.why}")
        if not verdict.allowed:
            raise BlockedByRobots(
                f"{UNREADABLE}: {rules.why}"
                if verdict.robots == "unreachable"
                else f"robots.txt disallows it: {verdict.rule}"
            )

    async def _of(self, origin: str, request: Request) -> Rules:
        waiting = self._rules.get(origin)
        if waiting is not None:
            rules = await asyncio.shield(waiting)
            if utc_now() - rules.read_at < AGE:
                return rules
        future: asyncio.Future[Rules] = asyncio.get_running_loop().create_future()
        self._rules[origin] = future
        try:
            rules = await self._ask(origin, request)
        except BaseException as error:
            self._rules.pop(origin, None)
            future.set_exception(error)
            future.exception()  # nobody else may be waiting for it
            raise
        future.set_result(rules)
        return rules

    async def _ask(self, origin: str, request: Request) -> Rules:
        url, now, not_before = f"{origin}/robots.txt", utc_now(), None
        seen = {url}
        while True:
            try:
                response = await self._download(url, Kind.ROBOTS, request, not_before)
            except (CrawlStopped, sqlite3.Error, HemerotecaError):
                raise  # it says nothing of the origin
            except ToldToWait as error:
                await self._recorder.failed(_lead(url, Kind.ROBOTS, request), error)
                raise
            except BlockedAddress as error:
                if host_key(url) == host_key(origin):
                    if origin not in self._refused:
                        self._refused.add(origin)
                        await self._recorder.failed(_lead(url, Kind.ROBOTS, request), error)
                    raise
                await self._recorder.failed(_lead(url, Kind.ROBOTS, request), error)
                return Rules(now, None, "it redirects to a network that corpus.toml does not allow")
            except Exception as error:  # noqa: BLE001 (whatever kept it from us, it could not be read)
                await self._recorder.failed(_lead(url, Kind.ROBOTS, request), error)
                outcome, why = outcome_of(error)
                nobody = isinstance(error, CannotResolveHostError | DownloadConnectionRefusedError)
                instead = Untrusted if outcome is Outcome.TLS_ERROR else Unreached if nobody else None
                return Rules(now, None, why, instead=instead if len(seen) == 1 else None)
            if 300 <= response.status < 400 and (location := response.headers.get("Location")):
                said = as_utf8(location.decode("latin-1"))
                target, not_before = resolve(said, url), redirected_later(response)
                if target is None:
                    self._tell(shown(said), request, Outcome.BLOCKED_ADDRESS, "only http and https are fetched")
                    return Rules(now, None, "it redirects to no web address")
                if target in seen:
                    self._tell(url, request, Outcome.REDIRECT_LOOP, f"it redirects to {target}, which led here")
                    return Rules(now, None, "it redirects in a circle")
                if len(seen) > HOPS:
                    self._tell(url, request, Outcome.REDIRECT_LOOP, f"more than {HOPS} redirects")
                    return Rules(now, RobotsTxt(""), f"more than {HOPS} redirects")
                url = target
                seen.add(url)
                continue
            if 200 <= response.status < 300:
                examined = await self._recorder.examined(response.meta["exchange"])
                reading = examined.taken.reading
                if reading.outcome not in READABLE or (reading.outcome is not Outcome.OK and not examined.body):
                    return Rules(now, None, reading.reason or reading.outcome)
                text = decoded(examined.body)
                rules = RobotsTxt(text) if len(text) < SMALL else await asyncio.to_thread(RobotsTxt, text)
                self._slow_down(origin, rules)
                return Rules(now, rules, url, await self._tdmrep(origin, request))
            if 400 <= response.status < 500:
                self._slow_down(origin, RobotsTxt(""))
                return Rules(now, RobotsTxt(""), f"status {response.status}", await self._tdmrep(origin, request))
            return Rules(now, None, f"status {response.status} at {url}")

    def _tell(self, url: str, request: Request, outcome: Outcome, why: str) -> None:
        """The row of an address at which the way to the rules ends."""
        self._recorder.announce(url, [Decision(_lead(url, Kind.ROBOTS, request), outcome, why)])

    async def _tdmrep(self, origin: str, request: Request) -> str:
        """The origin's tdmrep.json, '' where it has none; what was read in the last 24 hours counts."""
        frontier, now = self._recorder.frontier, utc_now()
        known = frontier.tdmrep(origin, now)
        if known is not None:
            return known
        url, text = f"{origin}/.well-known/tdmrep.json", ""
        try:
            response = await self._download(url, Kind.TDMREP, request)
        except (CrawlStopped, ToldToWait, sqlite3.Error, HemerotecaError):
            raise
        except Exception as error:  # noqa: BLE001 (no file is no reservation; the failure has its row)
            await self._recorder.failed(_lead(url, Kind.TDMREP, request), error)
            return ""
        if response.status == 200:
            text = without_users((await self._recorder.body_of(response)).decode("utf-8", errors="replace"))
        if response.status < 500:
            frontier.keep_tdmrep(origin, text, now)
        return text

    async def _download(self, url: str, kind: Kind, request: Request, not_before: datetime | None = None) -> Response:
        assert self._crawler.engine is not None
        return await self._crawler.engine.download_async(
            Request(
                url,
                meta={
                    "kind": kind,
                    "lead": _lead(url, kind, request),
                    "handle_httpstatus_all": True,
                    "enough": READ,
                    "not_before": not_before,
                    "patience": request.meta.get("patience", PATIENCE),
                },
                dont_filter=True,
                priority=1000,
            )
        )

    def _slow_down(self, origin: str, rules: RobotsTxt) -> None:
        """What the file asks for counts where it is more than our own delay."""
        pace: Pace = self._crawler.pace  # type: ignore[attr-defined]
        asked = rules.delay(self._agent)
        if asked > LONGEST_GAP:
            log.warning("%s asks for %g s between two requests: %g s are kept", origin, asked, LONGEST_GAP)
        pace.crawl_delay(host_key(origin), origin, asked)

    @property
    def _recorder(self) -> Recorder:
        recorder: Recorder = self._crawler.recorder  # type: ignore[attr-defined]
        return recorder


def _lead(url: str, kind: Kind, request: Request) -> Lead:
    outlet = request.meta["lead"].outlet if "lead" in request.meta else ""
    return Lead(url, outlet, source=request.url, kind=kind)
