"""Traps that only several pages show: one text under many addresses, "not found" with status 200, walls, calendars.

Counted by outlet and run, and within an outlet by the shape of the address, so that one bad corner of a site does not
cost the rest. What is stopped is tried again by a later run: a site that was broken for a day loses nothing.
"""

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from archive.corpus import Settings
from archive.intake import Taken
from archive.model import Kind, Lead, Outcome
from crawler.tally import BUDGET
from spiders.kit.traps import is_calendar, shape_of

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SHAPES = 2000  # of one outlet that are remembered
_ENOUGH = 60  # words that no notice or banner has, which a poor reading may take for the text of every page
_REFUSED = (401, 403, 451)
_COMPARED = frozenset({Outcome.OK, Outcome.EMPTY, Outcome.TEXT_INCOMPLETE})
_NO_ARTICLE = frozenset({Outcome.EMPTY, Outcome.SOFT_404, Outcome.NOT_HTML})


@dataclass(frozen=True, slots=True)
class Stop:
    """Why an address is not asked for in this run, and how long it waits before another one may ask."""

    outcome: Outcome
    reason: str
    wait: timedelta


@dataclass(slots=True)
class _Pages:
    """The newest pages of one shape, or of an outlet: what each was by each rule, None where it was nothing."""

    newest: deque[dict[str, str]]
    stop: Stop | None = None


@dataclass(slots=True)
class _Seen:
    """What one outlet has given in this run."""

    shapes: "OrderedDict[str, _Pages]" = field(default_factory=OrderedDict)
    all: _Pages | None = None
    walls: list[str] = field(default_factory=list)  # in a row
    sources: int = 0
    stop: Stop | None = None


class Traps:
    """One per run. `seen` is told each article that was read, `before` asked about each lead that is due."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._outlets: dict[str, _Seen] = {}
        self.announced: Counter[str] = Counter()  # leads and further sources, by outlet

    def seen(self, lead: Lead, taken: Taken) -> None:
        """Counts what came of an article's address."""
        if lead.kind is not Kind.ARTICLE:
            return
        outlet = self._of(lead.outlet)
        outcome, reason = taken.reading.outcome, taken.reading.reason or ""
        if outcome is Outcome.WALL or taken.capture.status in _REFUSED:
            self._wall(outlet, lead.url, reason)
            return
        if outcome in _COMPARED or outcome in _NO_ARTICLE:
            outlet.walls.clear()
        marks = _marks(lead.url, taken)
        if not marks:
            return
        most = self._settings.same_text
        shape = shape_of(lead.url)
        pages = outlet.shapes.setdefault(shape, _Pages(deque(maxlen=most + most // 2)))
        outlet.shapes.move_to_end(shape)
        if len(outlet.shapes) > SHAPES:
            outlet.shapes.popitem(last=False)
        _judge(pages, marks, most, f"addresses like {lead.url}")
        outlet.all = outlet.all or _Pages(deque(maxlen=4 * most))
        _judge(outlet.all, marks, 3 * most, "all addresses")
        outlet.stop = outlet.stop or outlet.all.stop

    def before(self, lead: Lead) -> Stop | None:
        """Why the lead is not asked for now; None: it is."""
        outlet = self._of(lead.outlet)
        if outlet.stop is not None:
            return outlet.stop
        if lead.kind is Kind.ARTICLE:
            pages = outlet.shapes.get(shape_of(lead.url))
            return pages.stop if pages else None
        if stop := self.enough_sources(lead.outlet):
            return stop
        outlet.sources += 1
        return None

    def resting(self, outlet: str) -> bool:
        """Whether nothing more is asked of the outlet in this run."""
        return self._of(outlet).stop is not None

    def enough_sources(self, outlet: str) -> Stop | None:
        """Why no further sitemap or listing page of the outlet is asked for; None: it may be."""
        bounds = self._settings
        if self._of(outlet).sources >= bounds.sources:
            what = f"sources: more than {bounds.sources} sitemaps and listing pages in one run"
        elif self.announced[outlet] >= bounds.leads:
            what = f"leads: more than {bounds.leads} addresses were announced in one run"
        else:
            return None
        return Stop(Outcome.DEFERRED, f"{what}; the next run goes on", HOUR)

    def _wall(self, outlet: _Seen, url: str, reason: str) -> None:
        outlet.walls.append(url)
        if len(outlet.walls) >= self._settings.walls and outlet.stop is None:
            outlet.stop = Stop(
                Outcome.DEFERRED,
                f"wall: {len(outlet.walls)} answers in a row kept us out ({reason}); the outlet rests for an hour",
                HOUR,
            )

    def _of(self, outlet: str) -> _Seen:
        return self._outlets.setdefault(outlet, _Seen())


def pages_used_up(pages: int) -> Stop:
    """Of what still waits when a run has asked for all the articles that it may."""
    return Stop(
        Outcome.DEFERRED, f"{BUDGET}{pages} articles of an outlet in one run; the next run goes on", timedelta(0)
    )


def time_used_up() -> Stop:
    """Of what still waits when the time of a run is over."""
    return Stop(Outcome.DEFERRED, f"{BUDGET}the time of the run is over; the next run goes on", timedelta(0))


def _marks(url: str, taken: Taken) -> dict[str, str]:
    """By rule what a page is: pages of one mark are alike."""
    outcome = taken.reading.outcome
    if outcome is Outcome.SOFT_404:
        return {"soft 404": "", **({"calendar": ""} if is_calendar(url) else {})}
    marks = {}
    if outcome in _COMPARED:
        text = str(taken.prepared.values.get("text") or "") if taken.prepared else ""
        words = len(text.split())
        title = (taken.reading.article.title or "") if taken.reading.article and words < _ENOUGH else ""
        same = f"{title}\n{text}" if words else taken.capture.payload_sha256 or taken.capture.record_id
        marks["same text"] = sha256(same.encode(errors="replace")).hexdigest()[:16]
    if outcome in _NO_ARTICLE and is_calendar(url):
        marks["calendar"] = ""
    return marks


def _judge(pages: _Pages, marks: dict[str, str], most: int, where: str) -> None:
    pages.newest.append(marks)
    if pages.stop is not None:
        return
    for rule, mark in marks.items():
        count = sum(each.get(rule) == mark for each in pages.newest)
        if count >= most:
            what = {
                "same text": f"{count} pages had one and the same text",
                "soft 404": f'{count} pages said "not found" with status 200',
                "calendar": f"{count} pages were the days of a calendar and no articles",
            }[rule]
            pages.stop = Stop(Outcome.TRAP, f"{rule}: {what}; {where} rest for a day", DAY)
            return
