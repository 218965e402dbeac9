"""One crawl of one corpus: what is opened, in which order, and how it ends."""

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings
from sqlite_utils import Database
from twisted.internet.task import LoopingCall

from archive.corpus import CORPUS_FILE, Corpus
from archive.drafts import Earlier
from archive.errors import HemerotecaError, UsageError
from archive.index import Index
from archive.model import Kind, Lead
from archive.notes import OutletNote, RunNote
from archive.rebuild import catch_up, finish
from archive.times import stamp
from archive.warc import OPEN, Series, repair
from crawler.admission import Admission, window_of
from crawler.clock import utc_now
from crawler.connection import check_hooks
from crawler.frontier import Frontier
from crawler.politeness.address import Guard
from crawler.readers import ReaderPool
from crawler.recorder import Recorder
from crawler.visiting_card import hosts_of, need_contact, software, user_agent, warcinfo
from spiders.kit.catalogue import catalogue, choose
from spiders.kit.listings import page_url
from spiders.kit.outlet import KINDS, Listing, Outlet, Source, Urls, addresses_of

log = logging.getLogger(__name__)

TICK = 0.5  # seconds between two group commits


class Run:
    """Opens a corpus for one crawl and closes it again, whole.

    `outlets`: those that the crawl watches. `pages`: at most so many articles per outlet; `seconds`: at most so long.
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
    ) -> None:
        self.corpus, self.outlets, self.command, self.items = corpus, tuple(outlets), command, items
        settings = corpus.settings
        self.topics = corpus.topics()
        self.admission = Admission(
            self.topics, window_of(self.topics, since or settings.since, until or settings.until)
        )
        self.pages = pages if pages is not None else settings.pages
        self.guard = Guard(settings.allow)
        self.user_agent = user_agent(settings)
        self.id = f"{utc_now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        self.listed: Counter[str] = Counter()
        self.damage: tuple[str, ...] = ()
        self.error: HemerotecaError | None = None
        self.closed = False
        self.reason: str | None = None
        self.seconds = 0.0
        self._began = time.monotonic()
        self._ends = self._began + seconds if seconds else None
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
        slots: dict[str, dict[str, Any]] = {}
        for outlet in self.outlets:
            delay = self.corpus.settings.delay or outlet.delay
            for host in hosts_of(outlet):
                known = slots.get(host, {"concurrency": 1, "delay": 0.0, "jitter": 0})
                slots[host] = {**known, "delay": max(delay, float(known["delay"]))}
        settings.setdict(
            {
                "USER_AGENT": self.user_agent,
                "ADDRESS_GUARD": self.guard,
                "DOWNLOAD_SLOTS": slots,
                "DOWNLOAD_DELAY": self.corpus.settings.delay or max(each.delay for each in self.outlets),
            },
            priority="cmdline",
        )

    def open(self) -> None:
        """Takes the lock, mends what a crash left, indexes what was recorded and not indexed.

        Raises CorpusLocked. Everything that was opened is closed again when this fails.
        """
        check_hooks()
        with ExitStack() as opening:
            opening.enter_context(self.corpus.lock())
            db = self.corpus.database()
            opening.callback(db.close)
            self.index = Index(db, self.topics)
            for leftover in sorted(self.corpus.warc_folder.rglob(f"*{OPEN}")):
                mended = repair(leftover)
                if mended.old_size == mended.new_size:
                    continue
                log.warning("%s: mended from %d to %d bytes", leftover.name, mended.old_size, mended.new_size)
            self.pool = opening.enter_context(ReaderPool(self.corpus))
            self.damage = catch_up(self.corpus, self.index, self.pool.entries).damage
            self.frontier = Frontier(self.corpus.state_file)
            opening.callback(self.frontier.close)
            self._reconcile(db)
            self.series = Series(
                self.corpus.warc_folder,
                info=warcinfo(self.corpus.settings),
                max_bytes=self.corpus.settings.warc_bytes,
                now=utc_now,
            )
            self.recorder = Recorder(
                self.corpus,
                self.series,
                self.index,
                self.frontier,
                self.pool,
                self.id,
                self.guard,
                self.give_up,
            )
            self._open = opening.pop_all()

    def _reconcile(self, db: Database) -> None:
        """Brings the frontier to what the corpus knows, after a kill or without its file."""
        killed = db.execute("SELECT count(*) FROM runs WHERE ended_at IS NULL").fetchone()[0]
        if not killed and not self.frontier.is_empty():
            return
        self.frontier.fill(
            db.execute(
                "SELECT url, coalesce(outlet, ''), kind, modified_at, outcome IS NOT NULL FROM leads"
                " WHERE kind = 'article' OR outcome IS NULL"
            ).fetchall()
        )
        self.frontier.settle(
            [
                row[0]
                for row in db.execute(
                    "SELECT url FROM leads WHERE kind = 'article' AND outcome IS NOT NULL AND outcome <> 'skipped'"
                    " AND run_id IN (SELECT id FROM runs WHERE ended_at IS NULL)"
                ).fetchall()
            ],
            utc_now(),
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

    def _tick(self) -> None:
        try:
            self.recorder.tick()
        except HemerotecaError as error:
            self.give_up(error)

    def give_up(self, error: HemerotecaError) -> None:
        """Stops the crawl for a reason that a person must mend first, such as a full disk."""
        if self.error is None:
            self.error = error
            if self.stop is not None:
                self.stop()

    def settle_queue(self) -> None:
        """Waits until everything that is recorded has been read and indexed."""
        try:
            self.recorder.tick(last=True)
        except HemerotecaError as error:
            self.give_up(error)

    def close(self, reason: str) -> None:
        """Ends the run: what is recorded is read and indexed, files are closed, counts are made."""
        self.reason = reason
        if self._ticking and self._ticking.running:
            self._ticking.stop()
        try:
            if self.error is None:
                self.recorder.tell(
                    RunNote(run_id=self.id, ended_at=stamp(utc_now()), reason=reason),
                    f"urn:hemeroteca:run:{self.id}",
                )
                self.recorder.tick(last=True)
            self.series.close()
            if self.error is None:
                finish(self.corpus, self.index, {each.file: each.sha256 for each in self.series.closed})
            self.closed = True
        except HemerotecaError as error:
            self.error = self.error or error
        finally:
            self._open.close()
            self.seconds = time.monotonic() - self._began

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
