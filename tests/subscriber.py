"""A crawl with a session, in a process of its own: python -m tests.subscriber CORPUS.

It logs in with a form and sends a cookie and an Authorization field to the outlet's own host, all from the
environment, as a crawl with a login does. Its log tells everything, and one of its callbacks fails with a secret in
the sentence.
"""

import json
import os
import sys
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from scrapy import Request
from scrapy.http import Response

import crawler.settings
from archive.corpus import Corpus
from archive.model import Lead
from crawler.process import crawl
from crawler.run import Run
from crawler.screen import show_summary
from crawler.spider import OutletSpider
from spiders.kit.catalogue import catalogue, choose

NAMES = ("USER", "PASSWORD", "COOKIE", "TOKEN")
USER, PASSWORD, COOKIE, TOKEN = (os.environ.get(f"HEMEROTECA_LOGIN_GAZETTE_{name}", "") for name in NAMES)


class Subscriber(OutletSpider):
    """Logs in first; what it then asks of the outlet's own host belongs to the session."""

    async def start(self) -> AsyncIterator[Any]:
        home = self.outlets[0].home
        yield self._request(Lead(f"{home}login", "gazette", "outlet")).replace(
            method="POST",
            body=urlencode({"name": USER, "password": PASSWORD}),
            priority=100,
        )
        async for request in super().start():
            yield request

    def _request(self, lead: Lead, hops: int = 0) -> Request:
        request = super()._request(lead, hops)
        if urlsplit(lead.url).netloc == urlsplit(self.outlets[0].home).netloc and "/open/" not in lead.url:
            request.meta["session"] = "reader"
            request.headers["Cookie"] = f"MPSESSID={COOKIE}"
            request.headers["Authorization"] = f"Bearer {TOKEN}"
            request.headers["X-Reader"] = USER
        return request

    async def parse(self, response: Response, **_: Any) -> AsyncIterator[Any]:
        async for each in super().parse(response):
            yield each
        if response.url.endswith("/story/1"):
            raise ValueError(f"{PASSWORD!r} did not open it, nor did {response.request.headers!r}")


if __name__ == "__main__":
    crawler.settings.LOG_LEVEL = "DEBUG"
    corpus = Corpus(sys.argv[1])
    outlets = choose(["gazette"], catalogue(corpus.outlets_folder))
    spider = type("Outlets", (Subscriber,), {"name": "gazette", "outlets": tuple(outlets)})
    summary = crawl(Run(corpus, outlets), spider=spider)
    show_summary(summary)
    sys.stdout.write(json.dumps(summary.as_json()))
