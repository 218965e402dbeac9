"""The recorder: each exchange goes to the WARC file before anything looks at it, then to a reader, then to the index.

The order is what a crash must not break (SQLite's own): record written, flushed, synced; then the rows, in the order
of the records; then the URL is done in the frontier. Whatever a kill leaves behind the last synced record is asked
for again, whatever it leaves before is indexed at the next start.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from scrapy.http import Response

from archive.corpus import Corpus
from archive.drafts import Draft, metadata
from archive.errors import HemerotecaError
from archive.index import Index
from archive.intake import Entry, Taken
from archive.model import Kind, Lead, Outcome, Pointer
from archive.notes import CaptureNote, Decision, LeadsNote, RunNote, pack
from archive.times import stamp
from archive.warc import Series, Written
from crawler.awaiting import ended
from crawler.clock import utc_now
from crawler.drafting import records_of
from crawler.exchange import Exchange
from crawler.failures import outcome_of
from crawler.frontier import Frontier
from crawler.politeness.address import Guard
from crawler.politeness.errors import CrawlStopped, ToldToWait
from crawler.readers import Examined, ReaderPool
from crawler.tally import Tally, passing

log = logging.getLogger(__name__)

ANONYMOUS = "anonymous"
SHARE = 0.2  # seconds of a tick, so that a long sitemap does not hold up the connections
_ENTERING = (None, Outcome.SKIPPED, Outcome.TRAP)  # decisions about leads that the frontier does not know yet
SOON = timedelta(hours=1)  # before a URL that failed for a passing reason is tried in another run


@dataclass(slots=True, eq=False)
class Waiting:
    """A group in the order of the file: an entry, or an examination that is under way."""

    end: int
    warc_file: str
    pointer: Pointer
    url: str
    entry: Entry | None = None
    note: CaptureNote | None = None
    examination: "Future[Examined] | None" = None
    seq: int = 0
    wait: timedelta | None = None
    indexed: bool = False


@dataclass(slots=True)
class _Ends:
    """What the frontier is told after a commit: URLs that are done, that wait, that a wall stands before."""

    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, timedelta]] = field(default_factory=list)
    walled: list[str] = field(default_factory=list)


class Recorder:
    """One per crawl, whatever the number of download handlers. `tick()` is called about every half second."""

    def __init__(
        self,
        corpus: Corpus,
        series: Series,
        private: Series,
        index: Index,
        frontier: Frontier,
        pool: ReaderPool,
        run_id: str,
        guard: Guard,
        give_up: Callable[[HemerotecaError], None],
    ) -> None:
        self.corpus, self.index, self.frontier, self.pool = corpus, index, frontier, pool
        self.series, self.private = series, private
        self.run_id, self.guard, self.give_up = run_id, guard, give_up
        self.tally = Tally()
        self.wait = SOON  # for URLs that failed for a passing reason
        self.articles_wanted = False  # by somebody else than the index, for which a part of them is enough
        self._seq = 0
        self._queue: deque[Waiting] = deque()
        self._then: list[Callable[[], None]] = []  # what waits for the next sync
        self._renewed: dict[str, int] = {}  # URL → the note by which it became due
        self._examinations: dict[str, Waiting] = {}
        self._until: dict[str, datetime] = {}  # when URLs that were told to wait are due again

    @property
    def backlog(self) -> int:
        """Groups that are recorded and not yet in the index."""
        return len(self._queue)

    def record(self, exchange: Exchange, request: Any, answer: Draft | None = None) -> None:
        """Called by the tap for each exchange of which bytes arrived: answers, redirects, retries, broken bodies.

        `answer`: its record, where that was made already.
        """
        verdict = request.meta.get("verdict")
        lead: Lead = request.meta["lead"]
        note = CaptureNote(
            run_id=self.run_id,
            seq=self._next(),
            outlet=lead.outlet,
            kind=request.meta["kind"],
            lead=lead,
            session=request.meta.get("session", ANONYMOUS),
            robots=verdict.robots if verdict else None,
            robots_rule=verdict.rule if verdict else None,
            tdm_reservation=verdict.tdm_reservation if verdict else None,
            tdm_policy=verdict.tdm_policy if verdict else None,
            fidelity=exchange.fidelity,
        )
        self.tally.rebuilt += exchange.fidelity == "rebuilt"
        group, note = records_of(exchange, note, request.meta.get("earlier"), self.corpus, self.index.db, answer)
        written = self._write(group, note.session)
        if written is None:
            return
        request.meta["recorded"] = True
        response = written[-1]
        waiting = Waiting(
            end=_end(written),
            warc_file=response.pointer.warc_file,
            pointer=response.pointer,
            url=lead.url,
            note=note,
            seq=note.seq,
        )
        rows_only = note.kind is Kind.ARTICLE and not self.articles_wanted
        waiting.examination = self.pool.examine(response.pointer, note, rows_only=rows_only, urgent=True)
        self._queue.append(waiting)
        self._examinations[exchange.id] = waiting

    def tell(
        self,
        note: LeadsNote | RunNote,
        about: str,
        then: Callable[[], None] | None = None,
        *,
        wait: timedelta | None = None,
    ) -> None:
        """Leads, or the start and the end of the run; `about` is the URI that the record names.

        `then` is called when the record is on the disk, and its rows follow from it whatever happens: the frontier may
        rely on them, and need not wait for a page before it that is slow to read. `wait`: how long its leads wait
        before another run may ask for them; None: by their outcomes.
        """
        note = replace(note, seq=self._next())
        written = self._write([metadata(utc_now(), pack(note), url=about)], ANONYMOUS)
        if written is None:
            return
        pointer = written[0].pointer
        self._queue.append(
            Waiting(_end(written), pointer.warc_file, pointer, about, entry=note, seq=note.seq, wait=wait)
        )
        if then is not None:
            self._then.append(then)

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _write(self, group: list[Draft], session: str) -> list[Written] | None:
        """The group in the file; None where the disk refused it, and the run ends for that."""
        try:
            return (self.series if session == ANONYMOUS else self.private).write(group)
        except HemerotecaError as error:
            self.give_up(error)
            return None

    def announce(
        self,
        source: str,
        decisions: Iterable[Decision],
        *,
        leased: bool = False,
        then: Callable[[], None] | None = None,
        wait: timedelta | None = None,
    ) -> None:
        """Leads found in a source, with those that a rule skips. They enter the frontier when the record is safe;
        `leased`: they are asked for already. `then` follows. `wait`: these were due, and another run may ask for them
        after so long."""
        found, seq = tuple(decisions), self._seq + 1

        def enter() -> None:
            if not leased:
                self._renewed.update((each.lead.url, seq) for each in found if each.outcome is None)
            self.frontier.add_all(
                (each.lead, "leased" if leased else "new") if each.outcome is None else (each.lead, "skipped")
                for each in found
                if each.outcome in _ENTERING and wait is None
            )
            if then is not None:
                then()

        self.tell(LeadsNote(self.run_id, stamp(utc_now()) or "", found), source, enter, wait=wait)

    async def failed(self, lead: Lead, error: BaseException) -> None:
        """A URL that ended without an answer. Where bytes came, the record tells the outcome by itself."""
        outcome, reason = outcome_of(error)
        if isinstance(error, ToldToWait):
            self._until[lead.url] = error.until
        self.announce(lead.url, [Decision(lead, outcome, reason)])

    def defer(self, told: Iterable[tuple[Lead, ToldToWait]]) -> None:
        """Leads that are not asked for in this run, since their hosts rest."""
        decisions = []
        for lead, error in told:
            self._until[lead.url] = error.until
            decisions.append(Decision(lead, *outcome_of(error)))
        if decisions:
            self.announce("urn:hemeroteca:corpus", decisions)

    async def examined(self, exchange_id: str) -> Examined:
        """What a reader says of the exchange. Raises CrawlStopped where it could not be recorded."""
        waiting = self._examinations.get(exchange_id)
        if waiting is None:
            raise CrawlStopped("the exchange could not be recorded")
        assert waiting.examination is not None
        await ended(waiting.examination)
        if waiting.examination.cancelled():
            raise CrawlStopped("the crawl ends")
        return self._result(waiting)

    async def body_of(self, response: Response) -> bytes:
        """The decoded body of robots.txt or tdmrep.json."""
        return (await self.examined(response.meta["exchange"])).body

    def tick(self, *, last: bool = False, until: float | None = None) -> None:
        """Syncs the records, then indexes those at the head of the queue that have been read; `last`: waits for their
        reading, at most until that moment of the monotonic clock."""
        if not self._queue:
            return
        self.series.commit()
        self.private.commit()
        on_disk, self._then = self._then, []
        for then in on_disk:
            then()
        ends = _Ends()
        began = time.monotonic()
        while self._queue and (last or time.monotonic() - began < SHARE):
            waiting = self._queue[0]
            if waiting.examination is not None and not _read(waiting.examination, last=last, until=until):
                break
            self._queue.popleft()
            waiting.indexed = True
            entry = waiting.entry or self._result(waiting).taken
            self.index.apply(entry)
            self.index.reached(waiting.warc_file, waiting.end)
            self._count(entry, waiting, ends)
        self.index.commit()
        self.frontier.done(ends.done, utc_now())
        self.frontier.behind_a_wall(ends.walled, utc_now())
        now = utc_now()
        due = [(url, self._until.pop(url, now + wait) - now) for url, wait in ends.failed]
        self.frontier.put_off(due, now)
        ended = [key for key, each in self._examinations.items() if each.indexed]
        for key in ended[:-64]:  # a callback may still ask for the newest
            del self._examinations[key]

    def _result(self, waiting: Waiting) -> Examined:
        assert waiting.examination is not None
        return waiting.examination.result()

    def _count(self, entry: Entry, waiting: Waiting, ends: _Ends) -> None:
        """Counts how URLs ended. One that was announced anew behind this entry stays due."""
        match entry:
            case Taken(note=note, reading=reading):
                lead = note.lead if note else None
                if lead is None:
                    return
                self.tally.add(lead, reading.outcome, reading.reason, entry.capture.status)
                if self._renewed.get(lead.url, 0) > waiting.seq:
                    return
                if passing(reading.outcome, entry.capture.status):
                    ends.failed.append((lead.url, self.wait))
                elif lead.kind is Kind.ARTICLE and reading.outcome is Outcome.WALL:
                    ends.walled.append(lead.url)
                elif lead.kind is Kind.ARTICLE:  # a source is done when its leads are safe: see Discovery.read
                    ends.done.append(lead.url)
            case LeadsNote():
                for each in entry.decisions:
                    if each.outcome is not None:
                        self.tally.add(each.lead, each.outcome, each.reason)
                        if self._renewed.get(each.lead.url, 0) > waiting.seq:
                            continue
                        wait = waiting.wait
                        if wait is not None or passing(each.outcome, None, each.reason):
                            ends.failed.append((each.lead.url, self.wait if wait is None else wait))
                        elif each.outcome not in _ENTERING:
                            ends.done.append(each.lead.url)


def _read(examination: "Future[Examined]", *, last: bool, until: float | None) -> bool:
    """Whether the examination is over, or may be waited for to its end."""
    if not last or examination.done():
        return examination.done()
    if until is not None:
        wait([examination], timeout=max(0.0, until - time.monotonic()))
        return examination.done()
    return True


def _end(written: "list[Written]") -> int:
    last = written[-1].pointer
    return last.offset + last.length
