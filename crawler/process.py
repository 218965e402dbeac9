"""A crawl in this process: Scrapy's reactor runs once and ends with the crawl."""

import logging
from collections import Counter
from dataclasses import dataclass
from typing import Any

from scrapy import signals
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings

from archive.errors import HemerotecaError
from archive.model import Kind, Outcome
from crawler.loader import spider_of
from crawler.run import Run
from crawler.screen import Progress


@dataclass(frozen=True)
class OutletSummary:
    """What a run did at one outlet. `examples`: by outcome, one URL and the reason."""

    outlet: str
    listed: int
    fetched: int
    outcomes: dict[str, int]
    matched: int
    new: int
    revised: int
    examples: dict[str, tuple[str, str]]


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

    def as_json(self) -> dict[str, Any]:
        return {
            "run": self.run_id,
            "corpus": self.corpus,
            "requests": self.requests,
            "seconds": round(self.seconds, 1),
            "errors": self.errors,
            "damage": list(self.damage),
            "interrupted": self.interrupted,
            "outlets": [
                {
                    "outlet": each.outlet,
                    "listed": each.listed,
                    "fetched": each.fetched,
                    "matched": each.matched,
                    "new": each.new,
                    "revised": each.revised,
                    "outcomes": each.outcomes,
                    "examples": {
                        outcome: {"url": url, "reason": reason} for outcome, (url, reason) in each.examples.items()
                    },
                }
                for each in self.outlets
            ],
        }


def crawl(run: Run, *, quiet: bool = False) -> Summary:
    """Runs the crawl to its end. Raises what made it stop early: CorpusLocked, DiskFull."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    run.settle(settings)
    settings.set("LOG_FILE", str(run.corpus.folder / "crawl.log"), priority="cmdline")
    run.open()
    logging.captureWarnings(True)
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(spider_of(run.outlets))
    progress = Progress(run, quiet=quiet)
    crawler.signals.connect(progress.begin, signals.spider_opened)
    crawler.signals.connect(progress.end, signals.spider_closed)
    process.crawl(crawler, run=run)
    process.start()
    if run.error is not None:
        raise run.error
    if not run.closed:
        raise HemerotecaError(f"the crawl ended before its time: see {run.corpus.folder / 'crawl.log'}")
    return summary_of(run)


def summary_of(run: Run) -> Summary:
    """The counts of a run that has ended."""
    db = run.corpus.database()
    outlets, errors = [], 0
    for outlet in run.outlets:
        counts: Counter[str] = Counter()
        fetched = 0
        for (name, kind, outcome), number in run.recorder.outcomes.items():
            if name != outlet.name or (kind in (Kind.ROBOTS, Kind.TDMREP) and outcome == Outcome.OK):
                continue
            counts[outcome] += number
            fetched += number if kind == Kind.ARTICLE and outcome in READ else 0
        errors += run.recorder.faults[outlet.name]
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
            outcome: example for (name, outcome), example in run.recorder.examples.items() if name == outlet.name
        }
        outlets.append(
            OutletSummary(outlet.name, run.listed[outlet.name], fetched, dict(counts), matched, new, revised, examples)
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
        run.damage,
        interrupted=run.reason == "shutdown",
    )


READ = frozenset(
    {Outcome.OK, Outcome.PAYWALLED, Outcome.EMPTY, Outcome.TEXT_INCOMPLETE, Outcome.WALL, Outcome.SOFT_404}
)
