"""What a captured answer is worth: an article that was read, or a source that announced leads."""

from datetime import datetime

from archive.http import Answer
from archive.model import Kind, Outcome, Reading
from spiders.kit.addresses import shown
from spiders.kit.find import Finding, find
from spiders.kit.outlet import Feed, Listing, Outlet, Sitemap, Source
from spiders.kit.reading import no_answer, read_answer

# What may stand in place of a list of articles
_NO_LISTING = frozenset(
    {Outcome.WALL, Outcome.SOFT_404, Outcome.NOT_HTML, Outcome.UNDECODABLE, Outcome.TEXT_INCOMPLETE}
)


def examine(
    answer: Answer, *, url: str, at: datetime, outlet: Outlet | None, kind: Kind
) -> tuple[Reading, Finding | None]:
    """The reading of an article's capture; for a feed, sitemap or listing also what it announced. Pure.

    `outlet` None: nobody knows whose it is.
    """
    if kind is Kind.ARTICLE:
        return read_answer(answer, url=url, at=at, outlet=outlet), None
    if outlet is None:
        # One that has no file: not yet, or not any more. A feed is a feed all the same.
        outlet = Outlet(name="", title="", home=url, languages=())
    status = answer.status or 0
    if kind in (Kind.ROBOTS, Kind.TDMREP, Kind.LOGIN) or not 200 <= status < 300:
        return _plain(answer), None
    finding = find(answer, url=url, source=source_of(outlet, url, kind), outlet=outlet)
    if answer.problem is not None:
        return Reading(answer.problem, answer.problem_reason), finding
    if finding.problem is not None and kind is Kind.LISTING and not finding.leads:
        page = read_answer(answer, url=url, at=at, outlet=outlet)
        if page.outcome in _NO_LISTING:
            return Reading(page.outcome, page.reason), finding
        return Reading(Outcome.EMPTY, finding.problem), finding
    if finding.problem is not None:
        return Reading(Outcome.BAD_FEED, finding.problem), finding
    return Reading(Outcome.OK), finding


def _plain(answer: Answer) -> Reading:
    """The outcome of an answer of which only status and wholeness count."""
    status = answer.status or 0
    if answer.problem is not None:
        return Reading(answer.problem, answer.problem_reason)
    if status == 304:
        return Reading(Outcome.NOT_MODIFIED)
    if 300 <= status < 400:
        if not (target := answer.header("Location")):
            return Reading(Outcome.BAD_HTTP, f"{status}: a redirect that says no target")
        return Reading(Outcome.REDIRECTED, f"{status}: to {shown(target)}")
    if status < 200:
        return no_answer(answer)
    if status >= 400:
        return Reading(Outcome.HTTP_ERROR, f"status {status}")
    return Reading(Outcome.OK)


def source_of(outlet: Outlet, url: str, kind: Kind) -> Source:
    """The declaration that led here: the outlet's own, or for a child the one of its kind."""
    for source in outlet.sources:
        if isinstance(source, Listing) and (listing := source.holding(url)):
            return listing
        if getattr(source, "url", None) == url:
            return source
    wanted: type[Feed | Sitemap | Listing] = {Kind.FEED: Feed, Kind.SITEMAP: Sitemap, Kind.LISTING: Listing}[kind]
    return next((source for source in outlet.sources if isinstance(source, wanted)), wanted(url))
