"""A crawl of the real Run, Recorder, Spider and Frontier without a network: exchanges come from a book.

Reading is done in this process by the function that the workers call. So a crawl takes some hundredths of a second
and can be broken at each of its steps.
"""

import asyncio
import json
import os
import sqlite3
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

import crawler.run
import crawler.spider
from archive.corpus import Corpus
from archive.errors import HemerotecaError, as_error
from archive.model import Pointer
from archive.notes import CaptureNote
from crawler import readers
from crawler.exchange import Exchange
from crawler.loader import spider_of
from crawler.readers import Examined, ReaderPool
from crawler.run import Run
from crawler.spider import OutletSpider
from spiders.kit.catalogue import catalogue, choose

HOME = "http://127.0.0.1:9"
LEFT = 8  # exit status of a crawl that was abandoned
AT_ONCE = 2  # answers between two commits
_FIXED = "the same in every run"


@dataclass(frozen=True)
class Page:
    """An article of the book."""

    url: str
    first: str
    last: str
    body: bytes


def page(number: int) -> Page:
    """Article `number`, the same each time."""
    first, last = f"opening{number}word", f"closing{number}word"
    middle = " ".join(
        f"Sentence {number * 7 + each} tells of the harvest in the valley by the river." for each in range(8)
    )
    body = (
        f'<!doctype html><html lang="en"><head><title>Report {number}</title></head><body><article>'
        f"<h1>Report {number} from the valley</h1><p>{first} {middle}</p><p>{middle} {last}</p></article></body></html>"
    )
    return Page(f"{HOME}/reports/{number}", first, last, body.encode())


class Book:
    """What the newspaper says: `articles` by number, a feed that lists them, another that never changes."""

    def __init__(self, articles: int) -> None:
        self.pages = {each.url: each for each in map(page, range(articles))}
        self.feeds = {
            f"{HOME}/feed.xml": self._feed("Newest", list(self.pages)),
            f"{HOME}/old.xml": self._feed(_FIXED, []),
        }

    def _feed(self, title: str, urls: list[str]) -> bytes:
        items = "".join(f"<item><title>Report</title><link>{url}</link></item>" for url in urls)
        link = f"<item><title>Report 0</title><link>{HOME}/reports/0</link></item>"
        return f"<rss version='2.0'><channel><title>{title}</title>{link}{items}</channel></rss>".encode()

    def answer(self, url: str) -> bytes:
        """The bytes of the whole answer."""
        if (feed := self.feeds.get(url)) is not None:
            kind, body = "application/rss+xml", feed
        else:
            kind, body = "text/html; charset=utf-8", self.pages[url].body
        return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def make(folder: Path) -> Path:
    """A corpus that watches the book's feeds."""
    for part in ("topics", "outlets", "warc"):
        (folder / part).mkdir(parents=True)
    (folder / "outlets" / "reports.toml").write_text(
        f'name = "reports"\ntitle = "The Reports"\nhome = "{HOME}/"\nlanguages = ["en"]\n'
        f'[[sources]]\nkind = "urls"\nurls = ["{HOME}/reports/0"]\n'
        f'[[sources]]\nkind = "feed"\nurl = "{HOME}/old.xml"\n'
        f'[[sources]]\nkind = "feed"\nurl = "{HOME}/feed.xml"\n',
        encoding="utf-8",
    )
    (folder / "corpus.toml").write_text('title = "Offline"\noutlets = ["reports"]\n', encoding="utf-8")
    return folder


class HereReader(ReaderPool):
    """Reads in this process."""

    def __init__(self, corpus: Corpus) -> None:
        self._folder = str(corpus.folder.resolve())
        self._outlets = str(corpus.outlets_folder.resolve())

    def examine(
        self,
        pointer: Pointer,
        note: CaptureNote | None,
        *,
        rows_only: bool = False,
        urgent: bool = False,  # noqa: ARG002 (nobody else waits here)
    ) -> "Future[Examined]":
        future: Future[Examined] = Future()

        def read() -> None:
            try:
                future.set_result(readers._examine(self._folder, self._outlets, pointer, note, rows_only))
            except Exception as error:  # noqa: BLE001 (as a worker hands it on)
                future.set_exception(error)

        try:
            asyncio.get_running_loop().call_soon(read)  # a commit may come before it
        except RuntimeError:
            read()
        return future

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Self:
        return self


class Books:
    """What was asked for, and how the crawl ended, in a file that outlives the process."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def enter(self, **words: object) -> None:
        os.write(self._descriptor, json.dumps(words).encode() + b"\n")


def crawl(folder: Path, book: Book, books: Books, *, warc_bytes: int = 40_000, abandon: int | None = None) -> None:
    """A crawl from its start to its end. `abandon`: leaves everything as it is when so many answers are recorded, and
    the last not committed.

    Raises what the crawl gives up for.
    """
    crawler.run.ReaderPool = HereReader  # type: ignore[misc]
    crawler.spider.POLL = 0  # type: ignore[misc]
    corpus = Corpus(folder)
    # A rotation after a few records; a person may not set it so low
    corpus.__dict__["settings"] = replace(corpus.settings, warc_bytes=warc_bytes)
    run = Run(corpus, choose(["reports"], catalogue(corpus.outlets_folder)))
    try:
        run.open()
    except (OSError, sqlite3.Error) as error:
        raise as_error(error, folder) from error  # as crawler/cli.py does
    spider = spider_of(run.outlets)(run=run)
    spider.begin()
    asyncio.run(Engine(run, spider, book, books, abandon).crawl())
    asyncio.run(spider.end("finished"))
    if run.error is not None:
        raise run.error
    if not run.closed:
        raise HemerotecaError("the crawl was not closed")


class Engine:
    """What Scrapy does for the spider, with the book in place of the network: one answer at a time, and a commit now
    and then, also while the last answers come in after the crawl gave up."""

    def __init__(self, run: Run, spider: OutletSpider, book: Book, books: Books, abandon: int | None) -> None:
        self.run, self.spider, self.book, self.books, self.abandon = run, spider, book, books, abandon
        self._asked: deque[Request] = deque()
        self._answered = 0

    async def crawl(self) -> None:
        starting = asyncio.ensure_future(self._start())
        while not starting.done() or self._asked:
            if self._asked:
                await self._answer(self._asked.popleft())
            if not self._asked:
                self.run._tick()
            await asyncio.sleep(0)
        await starting

    async def _start(self) -> None:
        async for request in self.spider.start():
            self._asked.append(request)

    async def _answer(self, request: Request) -> None:
        self._answered += 1
        url, now = request.url, datetime.now(UTC)
        self.books.enter(asked=url)
        asked = f"GET {url.removeprefix(HOME)} HTTP/1.1\r\nHost: 127.0.0.1:9\r\n\r\n".encode()
        exchange = Exchange(uuid4().hex, url, asked, self.book.answer(url), now, now, ip="127.0.0.1")
        request.meta["exchange"] = exchange.id
        try:
            self.run.recorder.record(exchange, request)
        except Exception as error:  # noqa: BLE001 (as the engine hands it on)
            failure = Failure(error)
            failure.request = request  # type: ignore[attr-defined]
            await self.spider.failed(failure)
            return
        if self._answered == self.abandon:
            os._exit(LEFT)
        if self._answered % AT_ONCE == 0:
            self.run._tick()  # while the answer is being read
        async for found in self.spider.parse(Response(url, request=request)):
            self._asked.append(found)
