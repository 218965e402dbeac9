"""A crawl by itself, in a process of its own: asks for URLs through the tap and keeps what it gives.

Standard input: {"folder", "settings", "record", "grace", "requests": [{"url", "meta", …}]}. Each exchange goes into
WARC files under the folder, as a response and a request record; standard output has one JSON line for each exchange
and each end. With a grace (seconds), a signal to stop ends the crawl as an archive's crawl ends.
"""

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from twisted.internet.task import LoopingCall

from archive.drafts import request as sent
from archive.drafts import response as received
from archive.warc import Series
from crawler.exchange import Exchange
from crawler.stopping import abort_open, drop_waiting


def say(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


class Recorder:
    def __init__(self, folder: Path) -> None:
        self.series = Series(folder / "warc", info={"software": "hemeroteca/test"}, now=lambda: datetime.now(UTC))

    def record(self, exchange: Exchange, request: scrapy.Request, answer: object = None) -> None:  # noqa: ARG002
        came = received(
            exchange.url,
            exchange.began,
            exchange.response_bytes,
            wire=exchange.wire,
            truncated=exchange.truncated,
            fidelity=exchange.fidelity,
        )
        asked = sent(
            exchange.url,
            exchange.began,
            exchange.request_bytes,
            concurrent_to=came.record_id,
            wire=exchange.wire,
            rebuilt=exchange.fidelity == "rebuilt",
        )
        written = self.series.write([came, asked])
        say(
            exchange=exchange.id,
            url=exchange.url,
            status=exchange.status,
            truncated=exchange.truncated,
            failure=exchange.failure,
            fidelity=exchange.fidelity,
            ip=exchange.ip,
            tls=exchange.tls,
            cipher=exchange.cipher,
            in_order=exchange.began <= exchange.ended <= datetime.now(UTC),
            tied=[name.decode() for name in request.headers if b"Exchange" in name],
            record=written[0].record_id,
        )


class Plain(scrapy.Spider):
    name = "plain"
    task: dict[str, Any]

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> "Plain":
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.task["record"]:
            crawler.recorder = Recorder(Path(spider.task["folder"]))
        crawler.signals.connect(spider.begin, scrapy.signals.spider_opened)
        return spider

    def begin(self) -> None:
        self.stop_at: float | None = None
        self.ticking = LoopingCall(self.tick)
        if self.task["grace"] is not None:
            self.ticking.start(0.05)

    def tick(self) -> None:
        if self.crawler.crawling:
            return
        self.stop_at = self.stop_at or time.monotonic() + self.task["grace"]
        if dropped := drop_waiting(self.crawler):
            say(dropped=dropped)
        if time.monotonic() > self.stop_at and (cut := abort_open(self.crawler)):
            say(cut=cut)

    async def start(self) -> Any:
        for words in self.task["requests"]:
            yield scrapy.Request(**words, callback=self.answered, errback=self.ended, dont_filter=True)

    def answered(self, response: scrapy.http.Response) -> None:
        say(
            response=response.url,
            status=response.status,
            of=response.meta.get("exchange"),
            body=len(response.body),
            flags=response.flags,
        )

    def ended(self, failure: Any) -> None:
        say(error=failure.request.url, kind=failure.type.__name__, of=failure.request.meta.get("exchange"))

    def closed(self, reason: str) -> None:
        if self.ticking.running:
            self.ticking.stop()
        if hasattr(self.crawler, "recorder"):
            self.crawler.recorder.series.close()
        say(closed=reason)


if __name__ == "__main__":
    task = json.load(sys.stdin)
    process = CrawlerProcess(
        {
            "DOWNLOAD_HANDLERS": {
                "http": "crawler.tap.RecordingHandler",
                "https": "crawler.tap.RecordingHandler",
            },
            "DOWNLOAD_VERIFY_CERTIFICATES": True,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "REFERER_ENABLED": False,
            "LOG_LEVEL": "ERROR",
            "RETRY_TIMES": 1,
            "RETRY_PRIORITY_ADJUST": 0,
            "HTTPERROR_ALLOW_ALL": True,
            **task["settings"],
        }
    )
    process.crawl(Plain, task=task)
    process.start()
