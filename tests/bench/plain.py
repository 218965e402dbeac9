"""A plain spider over the pages: `python -m tests.bench.plain WAY PORT PAGES FOLDER [TURN]`.

WAY is "bare" (Scrapy as it comes), "ours" (our settings, nothing recorded), "decoded" (the same, with Scrapy taking
off the gzip, as somebody has to where nothing is recorded) or "recorded" (the tap, and every exchange in the WARC
files of the corpus at FOLDER; nobody reads them). All ask for the same pages at the same pace, and do nothing with the
responses. With TURN the crawl stands still each time that so many pages have come, prints as JSON what each of them
cost in this process ("cpu" and "wall", in ms), and goes on when it is given a line (see tests.bench.turns).
"""

import json
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import scrapy
from scrapy import Request, signals
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from twisted.internet.task import LoopingCall

from archive.corpus import Corpus
from archive.model import Kind, Lead
from crawler import settings as ours
from crawler.politeness.address import Guard
from crawler.run import TICK, Run
from spiders.kit.catalogue import catalogue
from tests.bench.corpora import DELAY
from tests.bench.site import HOSTS, address


class Spider(scrapy.Spider):
    """Asks for every page once."""

    name = "bench"
    with_login = False
    port: int
    pages: int
    turn: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.came = 0
        self._began = (time.process_time(), time.monotonic())

    async def start(self) -> AsyncIterator[Any]:
        for number in range(self.pages):
            url = address(number, self.port)
            lead = Lead(url, f"host{number % HOSTS}", source="bench", kind=Kind.ARTICLE)
            yield Request(url, callback=self.parse, meta={"lead": lead, "kind": Kind.ARTICLE})

    def parse(self, response: Any, **_: Any) -> None:
        if response.status != 200:
            raise RuntimeError(f"{response.url} gave {response.status}")
        self.came += 1
        if self.turn and self.came % self.turn == 0:
            now = (time.process_time(), time.monotonic())
            cpu, wall = ((after - before) / self.turn * 1000 for before, after in zip(self._began, now, strict=True))
            sys.stdout.write(json.dumps({"cpu": cpu, "wall": wall}) + "\n")
            sys.stdout.flush()
            sys.stdin.readline()
            self._began = (time.process_time(), time.monotonic())


class _NobodyReads:
    """Stands where the reading processes are: what is recorded stays unread."""

    def __init__(self) -> None:
        self._never: Future[Any] = Future()

    def examine(self, *_: Any, **__: Any) -> "Future[Any]":
        return self._never


def crawl(way: str, port: int, pages: int, folder: Path, turn: int = 0) -> None:
    """Runs the crawl in this process."""
    settings = Settings()
    if way != "bare":
        _as_ours(settings, port, decoded=way == "decoded")
    settings.setdict({"DOWNLOAD_DELAY": DELAY, "LOG_LEVEL": "WARNING"}, priority="cmdline")
    run = _opened(folder) if way != "bare" else None
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(Spider)
    if run is not None:
        crawler.pace = run.pace  # type: ignore[attr-defined]
    if run is not None and way == "recorded":
        crawler.recorder = run.recorder  # type: ignore[attr-defined]

        def begin() -> None:
            LoopingCall(run.series.commit).start(TICK)  # made when the reactor runs: making it would choose one

        crawler.signals.connect(begin, signals.spider_opened, weak=False)
    process.crawl(crawler, port=port, pages=pages, turn=turn)
    process.start()
    if run is not None:
        run.series.close()
        run.pace.close()
    spider = crawler.spider
    assert isinstance(spider, Spider)
    if spider.came != pages:
        raise SystemExit(f"{spider.came} of {pages} pages came")


def _as_ours(settings: Settings, port: int, *, decoded: bool) -> None:
    settings.setmodule(ours, priority="project")
    middlewares = dict(ours.RECORDED_CRAWL["DOWNLOADER_MIDDLEWARES"])
    middlewares.pop("crawler.politeness.robots.RobotsMiddleware")  # it needs a recorder
    if decoded:
        middlewares.pop("scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware")
    settings.setdict({**ours.RECORDED_CRAWL, "DOWNLOADER_MIDDLEWARES": middlewares}, priority="project")
    settings.set("ADDRESS_GUARD", Guard([f"127.0.0.{2 + number}:{port}" for number in range(HOSTS)]))


def _opened(folder: Path) -> Run:
    corpus = Corpus(folder)
    run = Run(corpus, list(catalogue(corpus.outlets_folder).values())[:1])
    run.open()
    run.pool.close()
    run.recorder.pool = _NobodyReads()  # type: ignore[assignment]
    return run


if __name__ == "__main__":
    crawl(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), *map(int, sys.argv[5:]))
