"""A crawl in this process: Scrapy's reactor runs once and ends with the crawl."""

import logging
import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings

from archive.errors import HemerotecaError, UsageError, named_errors
from archive.model import Kind, Outcome
from crawler import redaction
from crawler.advice import ADVICE
from crawler.loader import spider_of
from crawler.run import Run
from crawler.screen import Progress
from crawler.spider import OutletSpider
from crawler.stopping import Killed, Wish

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OutletSummary:
    """What a run did at one outlet. `examples`: by outcome, one URL and the reason.

    `drifted`: articles in which the outlet's own selectors found less than the page has.
    """

    outlet: str
    listed: int
    fetched: int
    outcomes: dict[str, int]
    matched: int
    new: int
    revised: int
    examples: dict[str, tuple[str, str]]
    drifted: int = 0


@dataclass(frozen=True)
class Summary:
    """What a run did, outlet by outlet."""

    run_id: str
    corpus: str
    outlets: tuple[OutletSummary, ...]
    requests: int
    seconds: float
    errors: int
    damage: tuple[str, ...]
    interrupted: bool = False
    stopped_by: int | None = None  # the signal
    logins: dict[str, str] = field(default_factory=dict)  # by outlet, what a person should know of its login

    def as_json(self) -> dict[str, Any]:
        return {
            "run": self.run_id,
            "corpus": self.corpus,
            "requests": self.requests,
            "seconds": round(self.seconds, 1),
            "errors": self.errors,
            "damage": list(self.damage),
            "logins": self.logins,
            "interrupted": self.interrupted,
            "advice": {
                outcome.value: ADVICE[outcome]
                for outcome in Outcome
                if outcome in ADVICE and any(outcome in each.outcomes for each in self.outlets)
            },
            "outlets": [
                {
                    "outlet": each.outlet,
                    "listed": each.listed,
                    "fetched": each.fetched,
                    "matched": each.matched,
                    "new": each.new,
                    "revised": each.revised,
                    "drifted": each.drifted,
                    "outcomes": each.outcomes,
                    "examples": {
                        outcome: {"url": url, "reason": reason} for outcome, (url, reason) in each.examples.items()
                    },
                }
                for each in self.outlets
            ],
        }


def crawl(run: Run, *, quiet: bool = False, spider: type[OutletSpider] | None = None) -> Summary:
    """Runs the crawl to its end. Raises what made it stop early: CorpusLocked, DiskFull, Killed.

    `spider`: another spider than the outlets' usual one, such as one with a session.
    """
    redaction.install()
    check_proxies(os.environ)
    logged = run.corpus.folder / "crawl.log"
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    run.settle(settings)
    settings.set("LOG_FILE", str(logged), priority="cmdline")
    with named_errors(run.corpus.folder):
        logged.open("a").close()  # Scrapy would open it later, when there is more to take back
        run.open()
    wish = Wish()
    wish.listen()
    try:
        process = CrawlerProcess(settings)
        crawler = process.create_crawler(spider or spider_of(run.outlets))
        progress = Progress(run, quiet=quiet)
        crawler.signals.connect(progress.begin, signals.spider_opened)
        crawler.signals.connect(progress.end, signals.spider_closed)
        crawler.signals.connect(wish.granted, signals.spider_idle)  # it closes by itself
        process.crawl(crawler, run=run)
        _when_running(partial(wish.heed, partial(_stop, process, wish), _end))
        process.start(install_signal_handlers=False)
        if len(wish.heard) == 1 and not run.closed:  # so early that no spider closed it; a second signal is a kill
            run.close("shutdown")
    except BaseException as error:
        if not run.closed:
            run.close("fault" if isinstance(error, Exception) else "shutdown")
        raise
    if run.error is not None:
        raise run.error
    if not run.closed:
        if wish.heard:
            raise Killed(wish.heard[0])
        raise HemerotecaError(f"the crawl ended before its time: see {logged}, then run the same command again")
    with named_errors(run.corpus.folder):
        return summary_of(run, stopped_by=wish.heard[0] if wish.heard else None)


def _stop(process: CrawlerProcess, wish: Wish) -> None:
    log.info("%s: what is under way is ended; a second one is a kill", signal.Signals(wish.heard[0]).name)
    process.stop().addBoth(lambda _: _end())


def _end() -> None:
    from twisted.internet import reactor
    from twisted.internet.error import ReactorNotRunning

    with suppress(ReactorNotRunning):  # it ends already
        reactor.stop()  # type: ignore[misc]  # Twisted's interfaces name no self


def _when_running(act: Callable[[], None]) -> None:
    """After everything that Scrapy does when its reactor has started."""
    from twisted.internet import reactor  # the reactor is chosen by now

    reactor.callWhenRunning(reactor.callLater, 0, act)


def check_proxies(environment: Mapping[str, str]) -> None:
    """Raises UsageError for the address of a proxy that would be misread, and a password in it taken for a host."""
    for name, value in environment.items():
        if name.lower() not in ("http_proxy", "https_proxy") or (value.startswith("/") and "//" not in value):
            continue
        try:
            parts = urlsplit(value if "//" in value else f"//{value}")
            good = bool(parts.hostname) and parts.port != 0 and "@" not in parts.path + parts.query + parts.fragment
        except ValueError:
            good = False
        if value.strip() and not good:
            raise UsageError(
                f"the environment's {name} is no address of a proxy: write it as http://user:password@host:port,"
                " with %40 for @, %2F for / and %3A for : in the password"
            )


def summary_of(run: Run, *, stopped_by: int | None = None) -> Summary:
    """The counts of a run that has ended; `stopped_by` is the signal that asked it to."""
    db = run.corpus.database()
    outlets, errors = [], 0
    for outlet in run.outlets:
        counts: Counter[str] = Counter()
        fetched = 0
        for (name, kind, outcome), number in run.recorder.tally.outcomes.items():
            if name != outlet.name or (kind in ASIDE and outcome in (Outcome.OK, Outcome.REDIRECTED)):
                continue
            counts[outcome] += number
            fetched += number if kind == Kind.ARTICLE and outcome in READ else 0
        errors += run.recorder.tally.faults[outlet.name] + run.sessions.failed(outlet.name)
        new, revised, matched = db.execute(
            "SELECT count(DISTINCT CASE WHEN n = 1 THEN article_id END),"
            " count(DISTINCT CASE WHEN n > 1 THEN article_id END),"
            " count(DISTINCT CASE WHEN n = 1 AND kept = 1 THEN article_id END)"
            " FROM revisions JOIN captures ON captures.id = revisions.capture_id"
            " JOIN articles ON articles.id = article_id"
            " WHERE captures.run_id = ? AND captures.outlet = ?",
            [run.id, outlet.name],
        ).fetchone()
        examples = {
            outcome: (redaction.clean(url), redaction.clean(reason))
            for (name, outcome), (url, reason) in run.recorder.tally.examples.items()
            if name == outlet.name
        }
        drifted = db.execute(
            "SELECT coalesce(sum(count), 0) FROM health WHERE run_id = ? AND outlet = ? AND outcome = 'drift'",
            [run.id, outlet.name],
        ).fetchone()[0]
        outlets.append(
            OutletSummary(
                outlet.name,
                run.listed[outlet.name],
                fetched,
                dict(+counts),
                matched,
                new,
                revised,
                examples,
                drifted,
            )
        )
    requests = db.execute("SELECT count(*) FROM captures WHERE run_id = ?", [run.id]).fetchone()[0]
    db.close()
    return Summary(
        run.id,
        str(run.corpus.folder),
        tuple(outlets),
        requests,
        run.seconds,
        errors,
        tuple(map(redaction.clean, run.damage)),
        interrupted=run.reason == "shutdown",
        stopped_by=stopped_by,
        logins={name: redaction.clean(said) for name, said in run.sessions.told().items()},
    )


ASIDE = (Kind.ROBOTS, Kind.TDMREP, Kind.LOGIN)  # of no interest where they went well
READ = frozenset(
    {Outcome.OK, Outcome.PAYWALLED, Outcome.EMPTY, Outcome.TEXT_INCOMPLETE, Outcome.WALL, Outcome.SOFT_404}
)
