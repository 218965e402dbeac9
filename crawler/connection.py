"""Connections that keep a copy of what passes over them, and the tie from each to the request it serves.

The names that this stands on are private to Scrapy and Twisted, so both are pinned, and `check_hooks` looks
for them before a crawl starts.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from scrapy import Request
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.iweb import IResponse

from archive.errors import HemerotecaError
from crawler.exchange import Attempt

_PINNED = "scrapy>=2.19,<2.20 and twisted>=26.10,<26.11"


def misfit(name: str) -> str:
    """What to do where a private name is not where it was."""
    return (
        f"Scrapy {version('scrapy')} and Twisted {version('twisted')} have no {name}, where exact bytes are"
        f" read: install {_PINNED}"
    )


try:
    from scrapy.core.downloader.handlers.http11 import (
        _LenientHTTP11ClientFactory,
        _LenientHTTP11ClientProtocol,
    )
    from twisted.web._newclient import BODY, DONE, HTTP11ClientProtocol, HTTPClientParser
    from twisted.web._newclient import Request as TxRequest
except ImportError as error:
    raise HemerotecaError(misfit(error.name or str(error))) from error

BASE_FACTORY = _LenientHTTP11ClientFactory
_HOOKS: tuple[tuple[type, tuple[str, ...]], ...] = (
    (HTTP11ClientProtocol, ("_parser", "_currentRequest", "_finishResponse", "_finishResponse_WAITING")),
    (HTTP11ClientProtocol, ("state", "request", "dataReceived", "connectionLost")),
    (HTTPClientParser, ("MAX_LENGTH", "switchToBodyMode")),
    (TxRequest, ("writeTo",)),
)
# A private field that ties an exchange on the wire to the request of Scrapy; it is taken off before the wire.
_TIE = b"X-Hemeroteca-Exchange"
_HEAD_LIMIT = 64 * 1024


def check_hooks() -> None:
    """Raise HemerotecaError where this Scrapy or Twisted lacks a private name that the tap stands on."""
    for owner, names in _HOOKS:
        for name in names:
            if not hasattr(owner, name):
                raise HemerotecaError(misfit(f"{owner.__name__}.{name}"))


class Tie:
    """The attempts made for one request of Scrapy.

    There are two where the connection pool repeats a request whose connection was closed under it.
    """

    def __init__(self, key: bytes, request: Request, limit: int) -> None:
        self.key = key
        self.request = request
        self.limit = limit
        self.attempts: list[Attempt] = []


class Ties:
    """Which request of Twisted was made for which request of Scrapy."""

    def __init__(self) -> None:
        self._open: dict[bytes, Tie] = {}
        self._claimed: WeakKeyDictionary[TxRequest, Tie] = WeakKeyDictionary()

    def make(self, request: Request, limit: int) -> Tie:
        """A new tie; until it is claimed or ended the request bears its key. `limit`: bytes of one answer."""
        tie = Tie(uuid4().hex.encode(), request, limit)
        request.headers[_TIE] = tie.key
        self._open[tie.key] = tie
        return tie

    def claim(self, request: TxRequest) -> Tie | None:
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
        tie.request.headers.pop(_TIE, None)
        self._open.pop(tie.key, None)


class TappedFactory(_LenientHTTP11ClientFactory):
    """Builds the connections of the pool."""

    def __init__(self, ties: Ties, quiescent: Any, metadata: str) -> None:
        super().__init__(quiescent, metadata)  # type: ignore[no-untyped-call]
        self._ties = ties

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802, ARG002
        """Twisted's name for it."""
        return TappedProtocol(self._ties, self._quiescentCallback)


class TappedProtocol(_LenientHTTP11ClientProtocol):
    """One connection; `_attempt` is the request that is under way on it."""

    def __init__(self, ties: Ties, quiescent: Any) -> None:
        super().__init__(quiescent)  # type: ignore[no-untyped-call]
        self._ties = ties
        self._attempt: Attempt | None = None

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        """Write a request, with a copy for its attempt."""
        tie = self._ties.claim(request)
        if tie is not None and self.state == "QUIESCENT":
            attempt = self._attempt = Attempt(tie.limit)
            tie.attempts.append(attempt)
            # On the request itself, since its transport is what Twisted and Scrapy go on to use
            request.writeTo = partial(_write_copied, request, attempt)  # type: ignore[method-assign]
        answer = super().request(request)
        if self._parser is not None:
            # The limit is ours, over the whole head: see dataReceived
            self._parser.MAX_LENGTH = 4 * _HEAD_LIMIT
        return answer

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Keep a copy, then let Twisted parse."""
        attempt = self._attempt
        if attempt is None or attempt.sealed:
            super().dataReceived(data)  # type: ignore[no-untyped-call]
            return
        if not attempt.received:
            self._look_at_connection(attempt)
        attempt.received.append(data)
        attempt.size += len(data)
        attempt.ended = datetime.now(UTC)
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if attempt.whole:
            return
        in_head = self._parser is not None and self._parser.state not in (BODY, DONE)
        too_long = in_head and attempt.size > _HEAD_LIMIT
        if too_long or 0 < attempt.limit < attempt.size - _HEAD_LIMIT:
            attempt.over_limit = attempt.sealed = True
            transport: Any = self.transport
            transport.abortConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        """Note how the connection ended before Twisted judges the body by it."""
        if self._attempt is not None:
            self._attempt.lost = reason
        super().connectionLost(reason)  # type: ignore[no-untyped-call]

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802
        attempt, self._attempt = self._attempt, None
        if attempt is not None and not attempt.sealed:
            # A body that ends with its connection is whole only where the peer closed it in order: FIN, and
            # over TLS the close_notify before it (RFC 9112 §9.8)
            attempt.whole = attempt.lost is None or isinstance(attempt.lost.value, ConnectionDone)
            attempt.surplus = len(rest)
        if self._currentRequest is not None and (rest or not self._may_go_on()):
            self._currentRequest.persistent = False
        super()._finishResponse(rest)

    def _may_go_on(self) -> bool:
        """HTTP/1.0 answers end their connection: what follows on it may belong to no request."""
        response = getattr(self._parser, "response", None)
        return response is None or tuple(response.version[1:]) >= (1, 1)

    def _look_at_connection(self, attempt: Attempt) -> None:
        """Known only after the handshake, so asked at the first byte."""
        transport: Any = self.transport
        attempt.ip = getattr(transport.getPeer(), "host", None)
        handle = transport.getHandle()
        if hasattr(handle, "get_protocol_version_name"):
            attempt.tls = handle.get_protocol_version_name().lower().replace("tlsv", "tls/")
            attempt.cipher = handle.get_cipher_name()


def _write_copied(request: TxRequest, attempt: Attempt, transport: Any) -> Any:
    attempt.began = datetime.now(UTC)
    return TxRequest.writeTo(request, _Copying(transport, attempt.sent))  # type: ignore[no-untyped-call]


class _Copying:
    """A transport that keeps a copy of what is written to it."""

    def __init__(self, transport: Any, kept: list[bytes]) -> None:
        self._transport = transport
        self._kept = kept

    def write(self, data: bytes) -> None:
        self._kept.append(data)
        self._transport.write(data)

    def writeSequence(self, data: Iterable[bytes]) -> None:  # noqa: N802
        for piece in data:
            self.write(piece)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
