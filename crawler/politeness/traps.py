"""Traps that only several pages show: one text under many addresses, "not found" with status 200, walls, calendars,
hosts that have fallen silent.

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
from spiders.kit.addresses import host_of
from spiders.kit.traps import is_calendar, shape_of

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
VARIED = 10  # pages
SHAPES = 2000  # of one outlet that are remembered
_ENOUGH = 60  # words; of a shorter text, which may be a notice that each page has, the title counts too
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
    """The newest pages of one shape, or of an outlet: by rule what each was like."""

    newest: deque[dict[str, str]]
    stop: Stop | None = None


@dataclass(slots=True)
class _Row:
    """What came one after the other, with nothing else between."""

    count: int = 0
    stop: Stop | None = None


@dataclass(slots=True)
class _Seen:
    """What one outlet has given in this run."""

    shapes: "OrderedDict[str, _Pages]" = field(default_factory=OrderedDict)
    all: _Pages | None = None
    walls: int = 0  # in a row
    silent: dict[str, _Row] = field(default_factory=dict)  # by host, requests without an answer
    loops: dict[str, _Row] = field(default_factory=dict)  # by shape
    sources: int = 0
    stop: Stop | None = None


class Traps:
    """One per run. `seen` is told each article that was read, `before` asked about each lead that is due."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._outlets: dict[str, _Seen] = {}
        self._most = max(settings.same_text, settings.walls)
        self.announced: Counter[str] = Counter()  # leads and further sources, by outlet

    def seen(self, lead: Lead, taken: Taken) -> None:
        """Counts what came of an article's address."""
        if lead.kind is not Kind.ARTICLE:
            return
        outlet, shape = self._of(lead.outlet), shape_of(lead.url)
        outlet.silent.pop(host_of(lead.url), None)
        outlet.loops.pop(shape, None)
        outcome, reason = taken.reading.outcome, taken.reading.reason or ""
        if outcome is Outcome.WALL or taken.capture.status in _REFUSED:
            self._wall(outlet, reason)
            return
        if outcome in _COMPARED or outcome in _NO_ARTICLE:
            outlet.walls = 0
        marks = _marks(lead.url, taken)
        if not marks:
            return
        most = self._settings.walls if "same text" not in marks else self._settings.same_text
        pages = outlet.shapes.setdefault(shape, _Pages(deque(maxlen=2 * self._most)))
        outlet.shapes.move_to_end(shape)
        if len(outlet.shapes) > SHAPES:
            outlet.shapes.popitem(last=False)
        _judge(pages, marks, most, most + most // 2, f"addresses like {lead.url}")
        outlet.all = outlet.all or _Pages(deque(maxlen=4 * self._most))
        _judge(outlet.all, marks, 3 * most, 4 * most, "all addresses")
        outlet.stop = outlet.stop or outlet.all.stop

    def looped(self, lead: Lead, first: str) -> None:
        """Counts an address whose redirects had no end, by the `first` of them, for that is what is asked for: a site
        that wants cookies sends every article round."""
        self._row(self._of(lead.outlet).loops, shape_of(first), "redirect loop", "ended in no page")

    def unanswered(self, lead: Lead, outcome: Outcome) -> None:
        """Counts an address that ended without an answer: each may take minutes, and a host that is down has many."""
        if outcome in (Outcome.TIMEOUT, Outcome.CONNECT_ERROR):
            self._row(self._of(lead.outlet).silent, host_of(lead.url), "no answer", "gave no answer")

    def _row(self, rows: dict[str, _Row], key: str, rule: str, what: str) -> None:
        row = rows.setdefault(key, _Row())
        row.count += 1
        if row.count >= self._settings.walls and row.stop is None:
            sentence = f"{rule}: {row.count} addresses in a row {what}; their like rest for an hour"
            row.stop = Stop(Outcome.DEFERRED, sentence, HOUR)

    def before(self, lead: Lead) -> Stop | None:
        """Why the lead is not asked for now; None: it is."""
        outlet = self._of(lead.outlet)
        if outlet.stop is not None:
            return outlet.stop
        if (silent := outlet.silent.get(host_of(lead.url))) and silent.stop:
            return silent.stop
        if lead.kind is Kind.ARTICLE:
            shape = shape_of(lead.url)
            pages, loops = outlet.shapes.get(shape), outlet.loops.get(shape)
            return (pages.stop if pages else None) or (loops.stop if loops else None)
        if stop := self.enough_sources(lead.outlet):
            return stop
        outlet.sources += 1
        return None

    def varied(self, outlet: str) -> bool:
        """Whether the newest pages of the outlet were articles with other texts, all of them: more may then be asked
        for before they are read."""
        seen = self._of(outlet)
        newest = list(seen.all.newest)[-VARIED:] if seen.all else []
        texts = {each.get("same text") for each in newest if each.keys() == {"same text"}}
        return len(texts) == len(newest) > 2 and not (seen.walls or seen.silent or seen.loops)

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

    def _wall(self, outlet: _Seen, reason: str) -> None:
        outlet.walls += 1
        if outlet.walls >= self._settings.walls and outlet.stop is None:
            sentence = f"wall: {outlet.walls} answers in a row kept us out ({reason}); the outlet rests for an hour"
            outlet.stop = Stop(Outcome.DEFERRED, sentence, HOUR)

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
        values = taken.prepared.values if taken.prepared else {}
        text = str(values.get("text") or "")
        words = len(text.split())
        doubtful = words < _ENOUGH or values.get("body_quality") == "bad"
        title = values.get("title") if doubtful else ""
        same = f"{title}\n{_core(text)}" if words else taken.capture.payload_sha256 or taken.capture.record_id
        marks["same text"] = sha256(same.encode(errors="replace")).hexdigest()[:16]
    if outcome in _NO_ARTICLE and is_calendar(url):
        marks["calendar"] = ""
    if outcome is Outcome.EMPTY:
        marks["no text"] = ""
    return marks


def _core(text: str) -> str:
    """Three quarters of a text, its longest paragraphs: a trap may count its visitors, or tell the time, in a line of
    its own."""
    wanted, found = 0.75 * len(text), list[str]()
    for paragraph in sorted(text.split("\n"), key=len, reverse=True):
        if wanted <= 0:
            break
        found.append(paragraph)
        wanted -= len(paragraph)
    return "\n".join(found)


def _judge(pages: _Pages, marks: dict[str, str], most: int, among: int, where: str) -> None:
    """Stops what is of one mark `most` times among the newest."""
    pages.newest.append(marks)
    if pages.stop is not None:
        return
    for rule, mark in marks.items():
        count = sum(each.get(rule) == mark for each in list(pages.newest)[-among:])
        if count >= (among if rule == "no text" else most):
            what = {
                "same text": f"{count} pages had one and the same text",
                "soft 404": f'{count} pages said "not found" with status 200',
                "no text": f"{count} pages in a row had no text",
                "calendar": f"{count} pages were the days of a calendar and no articles",
            }[rule]
            pages.stop = Stop(Outcome.TRAP, f"{rule}: {what}; {where} rest for a day", DAY)
            return
