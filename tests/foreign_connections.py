"""A download handler whose pool is filled by somebody else, behind the tap's back."""

from typing import Any

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory
from scrapy.crawler import Crawler

from crawler.tap import RecordingHandler


class ForeignConnections(RecordingHandler):
    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        pool: Any = self._pool
        pool._factory = _LenientHTTP11ClientFactory
