"""Requests that are not made, or not to their end, and why."""

from datetime import datetime

from scrapy.exceptions import DownloadFailedError, IgnoreRequest


class BlockedByRobots(IgnoreRequest):
    """robots.txt forbids the address, or could not be read."""


class Untrusted(IgnoreRequest):
    """The host is not who it says it is: its certificate or handshake was refused when robots.txt was asked for."""


class HandshakeBroken(DownloadFailedError):
    """The host took the connection, and ended it before the handshake of TLS was over; it may not the next time."""


class Unreached(IgnoreRequest):
    """There is no such host, or nobody answers at its port: that was found when robots.txt was asked for."""


class BlockedAddress(IgnoreRequest):
    """The host lies in a network that corpus.toml does not allow."""


class SignsOut(IgnoreRequest):
    """The address would end the session of a login."""


class CrawlStopped(IgnoreRequest):
    """The crawl was asked to end before the answer was whole; the URL is as good as not asked for."""


class ToldToWait(IgnoreRequest):
    """The host asked to be left alone for longer than this run waits: the URL is due again at `until` (UTC)."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until
