"""One crawl of one corpus: what is opened, in which order, and how it ends."""

import asyncio
import logging
import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from scrapy.settings import BaseSettings
from twisted.internet.task import LoopingCall

from archive.corpus import CORPUS_FILE, Corpus
from archive.drafts import Earlier
from archive.errors import HemerotecaError, UsageError, named_errors
from archive.model import Kind, Lead
from archive.notes import OutletNote, RunNote
from archive.rebuild import catch_up, finish
from archive.recovery import index_closed, journal_closed, journal_head, recover
from archive.takedown import finish_takedowns
from archive.times import moment, stamp
from archive.tuning.in_force import index_of
from archive.warc import Series
from crawler import redaction
from crawler.admission import Admission, window_of
from crawler.clock import utc_now
from crawler.frontier import Frontier
from crawler.hooks import fault_of_hooks
from crawler.politeness.address import Guard, proxies_of
from crawler.politeness.configured import delay_by_hand, delays
from crawler.politeness.errors import CrawlStopped
from crawler.politeness.hosts import Hosts
from crawler.politeness.pace import Pace
from crawler.politeness.traps import Traps
from crawler.readers import ReaderPool
from crawler.reconciled import reconcile
from crawler.recorder import Recorder
from crawler.refusals import Refusals
from crawler.sessions import Sessions
from crawler.visiting_card import need_contact, software, user_agent, warcinfo
from spiders.kit.catalogue import catalogue, choose
from spiders.kit.listings import page_url
from spiders.kit.outlet import KINDS, Listing, Outlet, Source, Urls, addresses_of

log = logging.getLogger(__name__)

_STAMP = "%Y%m%dT%H%M%SZ"
SLOT_DELAY = 0.001  # seconds; with none Scrapy does not hold its limit per slot
TICK = 0.5  # seconds between two group commits
HURRY = 5.0  # seconds in which a crawl that is stopped reads what it has recorded


class Run:
    """Opens a corpus for one crawl and closes it again, whole.

    `outlets`: those that the crawl watches. `pages`: at most so many articles per outlet; `seconds`: at most so long.
    `login_again`: logins that a newspaper refused lately are tried all the same.
    """

    def __init__(
        self,
        corpus: Corpus,
        outlets: Sequence[Outlet],
        *,
        since: date | None = None,
        until: date | None = None,
        pages: int | None = None,
        seconds: float | None = None,
        command: str = "crawl",
        items: bool = False,
        login_again: bool = False,
    ) -> None:
        self.corpus, self.outlets, self.command, self.items = corpus, tuple(outlets), command, items
        settings = corpus.settings
        self.topics = corpus.topics()
        self.admission = Admission(
            self.topics, window_of(self.topics, since or settings.since, until or settings.until), utc_now().date()
        )
        self.traps = Traps(settings)
        self.pages = pages if pages is not None else settings.pages
        self.guard = Guard(settings.allow, proxies_of(os.environ))
        self.user_agent = user_agent(settings)
        self.login_again = login_again
        self.sessions = Sessions(self.outlets, os.environ)
        self.id = ""  # given when the corpus is open
        self.listed: Counter[str] = Counter()
        self.damage: tuple[str, ...] = ()
        self.error: Exception | None = None
        self.closed = False
        self._shut = False  # its WARC files are closed
        self.reason: str | None = None
        self.seconds = 0.0
        self._began = time.monotonic()
        self._ends = self._began + seconds if seconds else None
        self._least_delay = 0.0  # that a person asked of Scrapy
        self._deadline: float | None = None
        self.stop: Callable[[], None] | None = None  # the spider's, once it runs
        self._open = ExitStack()
        self._ticking: LoopingCall | None = None
        need_contact(corpus, self.outlets)

    @classmethod
    def for_scrapy(cls, folder: str | None, names: Sequence[str], *, since: date | None, until: date | None) -> "Run":
        """The run of `scrapy crawl NAME -a corpus=DIR`; without DIR the current directory is the corpus."""
        if folder is None and not Path(CORPUS_FILE).is_file():
            raise UsageError(
                "scrapy crawl keeps what it fetches in a corpus: name one with -a corpus=DIR"
                " (`hemeroteca init DIR` makes it)"
            )
        corpus = Corpus(folder or ".")
        outlets = choose(names, catalogue(corpus.outlets_folder))
        return cls(corpus, outlets, since=since, until=until, command="scrapy crawl", items=True)

    def settle(self, settings: BaseSettings) -> None:
        """Puts what the corpus decides into Scrapy's settings."""
        self._least_delay = delay_by_hand(settings)
        settings.setdict(
            {
                "USER_AGENT": self.user_agent,
                "ADDRESS_GUARD": self.guard,
                # One at a time in the slot of each host; the gap is kept below it
                "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
                "DOWNLOAD_SLOTS": {},
                "DOWNLOAD_DELAY": SLOT_DELAY,
            },
            priority="cmdline",
        )

    def _pace(self) -> Pace:
        """The pace at all hosts. Where state.db was lost, each may have been asked when the last capture was made."""
        by_host, otherwise = delays(self.corpus.settings, self.outlets, self._least_delay)
        newest = self.index.db.execute("SELECT max(fetched_at) FROM captures").fetchone()[0]
        since = moment(newest) if self.frontier.is_empty() else None
        return Pace(Hosts(self.corpus.state_file), by_host, otherwise, ends=self._ends, since=since)

    def open(self) -> None:
        """Takes the lock, mends what a crash left, indexes what was recorded and not indexed.

        Raises CorpusLocked. Everything that was opened is closed again when this fails.
        """
        redaction.install()
        if fault := fault_of_hooks():
            log.warning("%s", fault)
        with ExitStack() as opening:
            opening.enter_context(self.corpus.lock())
            finish_takedowns(self.corpus)
            db = self.corpus.database()
            opening.callback(db.close)
            self.index = index_of(self.corpus, db, self.topics, utc_now())
            recover(self.corpus, utc_now)
            self.pool = opening.enter_context(ReaderPool(self.corpus))
            self.damage = catch_up(self.corpus, self.index, self.pool.entries).damage
            self.frontier = Frontier(self.corpus.state_file)
            opening.callback(self.frontier.close)
            self.pace = self._pace()
            opening.callback(self.pace.close)
            runs = {
                row[0]
                for row in db.execute("SELECT id FROM runs UNION SELECT run_id FROM leads").fetchall()
                if row[0] is not None
            }
            reconcile(self.frontier, db, runs)
            self.id = _new_id(max(runs, default=""))
            self.series, self.private = self._series(self.corpus.warc_folder), self._series(self.corpus.private_folder)
            self.recorder = Recorder(
                self.corpus,
                self.series,
                self.private,
                self.index,
                self.frontier,
                self.pool,
                self.id,
                self.guard,
                self.give_up,
            )
            self.recorder.articles_wanted = self.items
            refusals = Refusals(self.frontier.db, again=self.login_again)
            self.sessions.open(self.pool.ask, self.corpus.settings.allow, refusals)
            self._open = opening.pop_all()

    def _series(self, folder: Path) -> Series:
        return Series(
            folder,
            info=warcinfo(self.corpus.settings),
            max_bytes=self.corpus.settings.warc_bytes,
            now=utc_now,
            head=lambda: journal_head(self.corpus),
            closing=lambda closed: journal_closed(self.corpus, closed, utc_now()),
        )

    def addresses(self, source: Source) -> tuple[str, ...]:
        """What a crawl asks for first because of a source: of a listing by months the first page of each month."""
        if not isinstance(source, Listing):
            return addresses_of(source)
        return tuple(url for url, _ in self.first_pages(source))

    def first_pages(self, listing: Listing) -> list[tuple[str, tuple[int, int] | None]]:
        """The first page of a listing, or of each month of the window with the month."""
        if not listing.by_month:
            return [(page_url(listing, listing.first_page), None)]
        months = self.admission.window.months(utc_now().date())
        return [(page_url(listing.of(*month), listing.first_page), month) for month in months]

    def outlet(self, name: str) -> Outlet:
        return next(each for each in self.outlets if each.name == name)

    def begin(self) -> None:
        """The first record of the run, and the clock of the group commits."""
        self.recorder.tell(
            RunNote(
                run_id=self.id,
                started_at=stamp(utc_now()),
                command=self.command,
                software=software(),
                user_agent=self.user_agent,
                operator=self.corpus.settings.operator,
                outlets=tuple(
                    OutletNote(
                        each.name,
                        each.title,
                        each.home,
                        each.languages,
                        tuple(
                            (source.url, KINDS[type(source)]) for source in each.sources if not isinstance(source, Urls)
                        ),
                    )
                    for each in self.outlets
                ),
            ),
            f"urn:hemeroteca:run:{self.id}",
        )
        self._ticking = LoopingCall(self._tick)
        self._ticking.start(TICK, now=False)

    @contextmanager
    def attempt(self, *, vital: bool = False) -> Iterator[None]:
        """Work that the disk may refuse: that ends the crawl, since a person must mend something first.

        `vital`: any other fault ends it too, since without this the crawl would wait for ever.
        """
        try:
            with named_errors(self.corpus.folder):
                yield
        except CrawlStopped:
            pass  # what it was for is told already
        except HemerotecaError as error:
            self.give_up(error)
        except Exception as error:
            if not vital:
                raise
            self.give_up(error)

    def _tick(self) -> None:
        """A group commit. After a failure there is none any more: rows that were not committed are made again from the
        records at the next start, and no later row may hide that they are missing."""
        if self.error is None:
            with self.attempt(vital=True):
                self.recorder.tick()

    def give_up(self, error: Exception) -> None:
        """Stops the crawl for a reason that a person must mend first, such as a full disk."""
        if self.error is None:
            self.error = error
            if self.stop is not None:
                self.stop()

    def settle_queue(self, *, hurry: bool = False) -> None:
        """Waits until everything that is recorded has been read and indexed; in a `hurry` not for long: the next run
        reads the rest."""
        self._deadline = time.monotonic() + HURRY if hurry else None
        if self.error is None:
            with self.attempt(vital=True):
                self.recorder.tick(last=True, until=self._deadline)

    def close(self, reason: str) -> None:
        """Ends the run: what is recorded is read and indexed, files are closed, counts are made."""
        with self._closing(reason) as whole:
            if whole:
                index_closed(self.corpus)

    async def close_beside(self, reason: str) -> None:
        """`close`, with the walk over the files beside the loop, which others still use."""
        with self._closing(reason) as whole:
            if whole:
                await asyncio.to_thread(index_closed, self.corpus)

    @contextmanager
    def _closing(self, reason: str) -> Iterator[bool]:
        """Around what is done last: tells whether the run came to its end without a fault."""
        try:
            self._end(reason)
            with self.attempt(vital=True):
                yield self._shut and self.error is None
                if self._shut:
                    self._settle()
        finally:
            self._open.close()
            self.seconds = time.monotonic() - self._began

    def _end(self, reason: str) -> None:
        self.reason = reason
        if self._ticking and self._ticking.running:
            self._ticking.stop()
        with self.attempt(vital=True):
            if self.error is None:
                note = RunNote(run_id=self.id, ended_at=stamp(utc_now()), reason=reason)
                self.recorder.tell(note, f"urn:hemeroteca:run:{self.id}")
                self.recorder.tick(last=True, until=self._deadline)
            self.series.close()
            self.private.close()
            if self.error is None:
                finish(self.corpus, self.index)
            self._shut = True

    def _settle(self) -> None:
        if self.error is None and not self.recorder.backlog:
            self.frontier.settle([self.id], [], utc_now())
        self.closed = True

    def time_is_up(self) -> bool:
        return self._ends is not None and time.monotonic() > self._ends

    def earlier(self, lead: Lead) -> Earlier | None:
        """The capture that a 304 would let stand."""
        if lead.kind is Kind.ARTICLE:
            return None
        row = self.index.db.execute(
            "SELECT record_id, url, fetched_at FROM captures WHERE url = ? AND status = 200"
            " ORDER BY fetched_at DESC LIMIT 1",
            [lead.url],
        ).fetchone()
        return Earlier(row[0], row[1], datetime.fromisoformat(row[2])) if row else None


def _new_id(newest: str) -> str:
    """A name for a run: the time, and four digits so that no two corpora have the same. Later than the newest one:
    rows come about in the order of runs, whatever was done to the clock."""
    now = utc_now().replace(microsecond=0)
    if newest[:16] >= f"{now:{_STAMP}}":
        now = datetime.strptime(newest[:16], _STAMP).replace(tzinfo=UTC) + timedelta(seconds=1)
    return f"{now:{_STAMP}}-{secrets.token_hex(2)}"
