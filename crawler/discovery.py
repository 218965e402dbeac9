"""Discovery: from the sources of an outlet to leads that are fetched, or skipped for a reason that is kept."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy.http import Response

from archive.model import Kind, Lead, Outcome
from archive.notes import Decision
from archive.takedown import taken_down
from archive.times import stamp
from crawler.admission import barred, believable
from crawler.clock import utc_now
from crawler.frontier import FeedState
from crawler.politeness.address import host_key
from crawler.politeness.traps import Stop, pages_used_up, time_used_up
from crawler.readers import Examined
from crawler.tally import passing
from spiders.kit.addresses import host_of, normalise, resolve, shown
from spiders.kit.examine import source_of
from spiders.kit.find import named
from spiders.kit.finding import Finding
from spiders.kit.outlet import Feed, Listing, NewsSitemap, Outlet, Sitemap, Urls
from spiders.kit.traps import trap_in

if TYPE_CHECKING:
    from crawler.run import Run

AT_ONCE = 1000  # leads of a long sitemap, so that the other outlets are served in between
DEPTH = 4  # sitemaps that name sitemaps; a longer chain is a trap


class Discovery:
    """The walk through the sources of one run."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._came_from: dict[str, str] = {}  # target of a source's redirect → the source
        self._parents: dict[str, str] = {}  # of a source that another one named
        self._walked: set[str] = set()  # sources, each without what does not choose a page
        self._decided: dict[str, str] = {}  # URL → announced change, of leads that wait for their rows
        self._first_changes: dict[str, Lead] = {}
        self._taken_down = taken_down(run.index.db)

    def sources(self, outlet: Outlet) -> Iterator[Lead]:
        """The requests with which a crawl of the outlet begins; named URLs go to the frontier."""
        for source in outlet.sources:
            match source:
                case Urls():
                    decisions = self._decide(named(source, outlet).leads, outlet, asked=True)
                    self._run.recorder.announce("urn:hemeroteca:corpus", decisions)
                case Listing():
                    for url, month in self._run.first_pages(source):
                        if not self._is_over(url, month):
                            yield self._first(url, Kind.LISTING, outlet)
                case Feed():
                    yield self._first(source.url, Kind.FEED, outlet)
                case NewsSitemap() | Sitemap():
                    yield self._first(source.url, Kind.SITEMAP, outlet)

    def _is_over(self, url: str, month: tuple[int, int] | None) -> bool:
        """Whether the listing of a month was read when the month had ended: it will announce nothing new."""
        if month is None:
            return False
        read_at = self._run.frontier.last_read(url)
        return read_at is not None and (read_at.year, read_at.month) > month

    def _first(self, url: str, kind: Kind, outlet: Outlet) -> Lead:
        self._walked.add(_key(url))
        return Lead(url, outlet.name, "outlet", kind)

    def conditions(self, lead: Lead) -> dict[str, str]:
        """Headers of a conditional request for a source that was read before (RFC 9110 §13.1)."""
        if lead.kind is Kind.ARTICLE:
            return {}
        state = self._run.frontier.feed(lead.url)
        headers = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
        return {name: value for name, value in headers.items() if value}

    async def read(self, lead: Lead, response: Response, examined: Examined, outlet: Outlet) -> None:
        """Admits what a source announced: articles, and the further sources that it names."""
        finding, outcome = examined.finding, examined.taken.reading.outcome
        again = passing(outcome, response.status)
        if finding is None or response.status == 304:
            if not again:
                self._done(lead)
            return
        new, leads = 0, believable(finding.leads, utc_now())
        for at in range(0, len(leads), AT_ONCE):
            if found := self._decide(leads[at : at + AT_ONCE], outlet):
                new += len(found)
                self._run.recorder.announce(lead.url, found)
            await asyncio.sleep(0)
        decisions = self._children(finding, lead, new)
        self._run.traps.announced[outlet.name] += new + len(decisions)
        decisions += [
            Decision(
                Lead(each.link, outlet.name, lead.url, title=each.title),
                Outcome.TRAP if each.reason.startswith("long address: ") else Outcome.BLOCKED_ADDRESS,
                each.reason,
            )
            for each in finding.refused
        ]
        state = FeedState(_text(response, "ETag"), _text(response, "Last-Modified"), lead.modified_at)

        def then() -> None:
            if outcome is Outcome.OK:
                self._run.frontier.keep_feed(lead.url, outlet.name, state, utc_now())
            if not again:
                self._done(lead)

        self._run.recorder.announce(lead.url, decisions, then=then)
        self._run.listed[outlet.name] += new

    def _done(self, source: Lead) -> None:
        """A source is read, and those that redirected to it: a crawl that is killed before this reads them again, and
        so loses none of their leads."""
        urls = [source.url]
        while (came_from := self._came_from.get(urls[-1])) is not None and came_from not in urls:
            urls.append(came_from)
        self._run.frontier.done(urls, utc_now())

    def _children(self, finding: Finding, parent: Lead, new: int) -> list[Decision]:
        """The sitemaps and listing pages that are read in this run: each once, and only where they may hold news."""
        source = source_of(self._run.outlet(parent.outlet), parent.url, parent.kind)
        above = set(self._above(parent.url))
        decisions = []
        for child in finding.children:
            lead = Lead(child.url, parent.outlet, parent.url, child.kind, modified_at=child.modified_at)
            if _key(child.url) in self._walked:
                continue
            if isinstance(source, Listing):
                # Newest first: a page on which everything was known ends the walk.
                if not new:
                    continue
                decision = self._next_page(lead, source, len(above) + 1)
            else:
                known = self._run.frontier.feed(child.url).announced
                if known and child.modified_at and child.modified_at <= known:
                    continue
                if not self._run.admission.window.may_hold(child.url, child.modified_at):
                    continue
                decision = self._sitemap(lead, len(above) + 1)
            self._walked.add(_key(child.url))
            self._parents[child.url] = parent.url
            decisions.append(decision)
        named = finding.names_itself or finding.children
        circle = named and not finding.leads and all(_key(each.url) in above for each in finding.children)
        if circle and parent.kind is Kind.SITEMAP:
            reason = "sitemap chain: it names nothing but sitemaps that led to it"
            return [Decision(parent, Outcome.TRAP, reason)]
        return decisions

    def _next_page(self, lead: Lead, listing: Listing, depth: int) -> Decision:
        if trap := self._run.admission.trap(lead):
            return Decision(lead, Outcome.TRAP, trap)
        if depth > listing.pages:
            return Decision(lead, Outcome.SKIPPED, f"next page: the listing is walked {listing.pages} pages deep")
        return Decision(lead)

    def _sitemap(self, lead: Lead, depth: int) -> Decision:
        if trap := trap_in(lead.url):
            return Decision(lead, Outcome.TRAP, trap)
        if depth > DEPTH:
            return Decision(lead, Outcome.TRAP, f"sitemap chain: sitemaps name sitemaps more than {DEPTH} deep")
        return Decision(lead)

    def _above(self, url: str) -> Iterator[str]:
        """A source and those that led to it, without what does not choose a page."""
        at: str | None = url
        while at is not None:
            yield _key(at)
            at = self._parents.get(at)

    def sift(self, leads: Sequence[Lead]) -> list[Lead]:
        """Those of the due leads whose host does not rest and that no trap stops; the others have their rows."""
        told = [(lead, self._run.pace.told(host_key(lead.url))) for lead in leads]
        self._run.recorder.defer((lead, wait) for lead, wait in told if wait)
        go, stopped = list[Lead](), dict[Stop, list[Lead]]()
        for lead in [lead for lead, wait in told if not wait]:
            stop = self._run.traps.before(lead)
            if stop is None:
                go.append(lead)
            else:
                stopped.setdefault(stop, []).append(lead)
        for stop, those in stopped.items():
            self._stop(stop, those)
        return go

    async def put_off(self) -> None:
        """Gives what still waits its row, where the run's own budget is why. Comes when all else is indexed."""
        run = self._run
        stop = time_used_up() if run.time_is_up() else pages_used_up(run.pages) if run.pages else None
        if stop is None or run.error is not None:
            return
        for outlet in run.outlets:
            waiting = run.index.db.execute(
                "SELECT url, source, kind FROM leads WHERE outlet = ? AND outcome IS NULL", [outlet.name]
            ).fetchall()
            leads = [Lead(url, outlet.name, source, Kind(kind)) for url, source, kind in waiting]
            for at in range(0, len(leads), AT_ONCE):
                self._stop(stop, leads[at : at + AT_ONCE])
                await asyncio.sleep(0)

    def _stop(self, stop: Stop, leads: Sequence[Lead]) -> None:
        decisions = [Decision(lead, stop.outcome, stop.reason) for lead in leads]
        self._run.recorder.announce("urn:hemeroteca:corpus", decisions, wait=stop.wait)

    def redirected(self, lead: Lead, url: str, outlet: Outlet) -> Lead | None:
        """The target of a redirect as a lead to ask for at once; None where it is known or skipped."""
        target, exact = normalise(url, lead.url), resolve(url, lead.url)
        if target is None or exact is None:
            found = replace(lead, url=shown(url), source=lead.url)
            self._run.recorder.announce(
                lead.url, [Decision(found, Outcome.BLOCKED_ADDRESS, "only http and https are fetched")]
            )
            return None
        if lead.kind is not Kind.ARTICLE:
            if target in self._walked and target != _key(lead.url):
                return None
            self._walked.add(target)
            if above := self._parents.get(lead.url):
                self._parents[exact] = above
            self._came_from[exact] = lead.url
            return replace(lead, url=exact, source=lead.url)
        found = replace(lead, url=outlet.one_spelling(target), source=lead.url)
        if found.url == lead.url:
            # Our spelling of the target is what was asked for (http to https, a tracking parameter): ask for exactly
            # what the answer says.
            found = replace(found, url=exact)
        if not self._is_new(found):
            return None
        # A newspaper may move its articles to addresses of another form, or send us to a consent page first: both
        # are seen on its own host. What leads away from it is no article of an outlet that says what its articles are;
        # of another one nobody knows, and it may have moved as a whole.
        at_home = host_of(target) in (host_of(lead.url), host_of(outlet.home))
        away = not at_home and outlet.is_article(found.url) is False
        if down := barred(found, self._taken_down):
            decision = down
        elif why := self._run.guard.refusal(found.url):
            decision = Decision(found, Outcome.BLOCKED_ADDRESS, why)
        elif away:
            decision = Decision(found, Outcome.SKIPPED, f"redirected to another site, {host_of(target)}")
        elif trap := self._run.admission.trap(found):
            decision = Decision(found, Outcome.TRAP, trap)
        else:
            decision = Decision(found)
        self._run.recorder.announce(lead.url, [decision], leased=True)
        return found if decision.outcome is None else None

    def _decide(self, leads: Sequence[Lead], outlet: Outlet, *, asked: bool = False) -> list[Decision]:
        """A decision for each lead that says something new, in the order in which they were announced."""
        return [
            barred(lead, self._taken_down) or (Decision(lead) if asked else self._run.admission.decide(lead, outlet))
            for lead in leads
            if not self._is_source(lead.url) and self._is_new(lead)
        ]

    def _is_source(self, url: str) -> bool:
        """Whether the address has a row for something else: a feed that is listed in a feed is no article."""
        return url in self._walked or url.endswith(("/robots.txt", "/.well-known/tdmrep.json"))

    def _is_new(self, lead: Lead) -> bool:
        """Whether this run has not yet decided about this announcement, nor an earlier one."""
        said = stamp(lead.modified_at) or ""
        before = self._decided.get(lead.url)
        if (before is not None and said <= before) or not self._run.frontier.is_new(lead):
            return False
        self._decided[lead.url] = said
        if before == "":
            # Announced before in this run without a change: this one is where later changes are told from.
            self._first_changes[lead.url] = lead
        return before is None or before != ""

    def settle(self) -> None:
        """Lets the frontier remember the changes that were announced while a lead was on its way to it."""
        for lead in [each for url, each in self._first_changes.items() if self._run.frontier.knows(url)]:
            self._run.frontier.is_new(lead)
            del self._first_changes[lead.url]


def _key(url: str) -> str:
    return normalise(url) or url


def _text(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
