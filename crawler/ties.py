"""The tie between a request of Scrapy and what was written for it on the wire."""

from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request

from crawler.exchange import Attempt

if TYPE_CHECKING:
    from twisted.web._newclient import Request as TxRequest  # private, and missing where the tap cannot be used

# A private field that ties an exchange on the wire to the request of Scrapy; it is taken off before the wire.
_TIE = b"X-Hemeroteca-Exchange"


class Tie:
    """The attempts made for one request of Scrapy.

    There are two where the connection pool repeats a request whose connection was closed under it.
    """

    def __init__(self, key: bytes, request: Request, limit: int) -> None:
        self.key = key
        self.request = request
        self.limit = limit
        self.attempts: list[Attempt] = []

    @property
    def host(self) -> str:
        """The host that the request is meant for, whatever proxy it goes through."""
        return urlsplit(self.request.url).hostname or ""


class Ties:
    """Which request of Twisted was made for which request of Scrapy."""

    def __init__(self) -> None:
        self._numbers = count()
        self._open: dict[bytes, Tie] = {}
        self._claimed: WeakKeyDictionary[TxRequest, Tie] = WeakKeyDictionary()

    def make(self, request: Request, limit: int) -> Tie:
        """A new tie; until it is claimed or ended the request bears its key. `limit`: bytes of one answer."""
        tie = Tie(b"%d" % next(self._numbers), request, limit)
        request.headers[_TIE] = tie.key
        self._open[tie.key] = tie
        return tie

    def renew(self, tie: Tie) -> None:
        """For another attempt of the same request."""
        tie.request.headers[_TIE] = tie.key

    def claim(self, request: "TxRequest") -> Tie | None:
        """The tie of a request that is about to be written; nothing of it is left in the request."""
        if (tie := self._claimed.get(request)) is not None:
            return tie
        keys = request.headers.getRawHeaders(_TIE, ())
        request.headers.removeHeader(_TIE)
        tie = self._open.get(keys[0]) if keys else None
        if tie is not None:
            tie.request.headers.pop(_TIE, None)
            self._claimed[request] = tie
        return tie

    def end(self, tie: Tie) -> None:
        """Forget the tie."""
        if not tie.attempts:  # it may never have been claimed
            tie.request.headers.pop(_TIE, None)
        self._open.pop(tie.key, None)
