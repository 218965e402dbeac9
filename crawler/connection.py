"""Connections that keep a copy of what passes over them.

What this stands on is private to Scrapy and Twisted: `crawler.hooks` says whether it is there, and only then may this
be imported.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress, IHandshakeListener, ITransport
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, DONE, HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.iweb import IResponse
from zope.interface import implementer

from archive.http import Limits
from crawler.chunks import Chunks
from crawler.exchange import Attempt
from crawler.parser import HEAD_LIMIT, TolerantParser
from crawler.politeness.certificate import vouches
from crawler.ties import Tie, Ties

BASE_FACTORY = _LenientHTTP11ClientFactory
DEAR = 0.02  # seconds of the loop that what one read gave has cost to parse
REST = 4.0  # times that cost its connection then rests
MOST_CHUNKS = Limits().chunks
_CONDITIONS = (b"If-None-Match", b"If-Modified-Since")


class TappedFactory(_LenientHTTP11ClientFactory):
    """Builds the connections of the pool."""

    def __init__(self, ties: Ties, quiescent: Any, metadata: str) -> None:
        super().__init__(quiescent, metadata)  # type: ignore[no-untyped-call]
        self._ties = ties
        self._quiescent = quiescent

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802, ARG002
        """Twisted's name for it."""
        return TappedProtocol(self._ties, self._quiescent)


@implementer(IHandshakeListener)
class TappedProtocol(_LenientHTTP11ClientProtocol):
    """One connection; `_attempt` is the request that is under way on it, `_tie` the one it was last made for."""

    def __init__(self, ties: Ties, quiescent: Any) -> None:
        super().__init__(quiescent)  # type: ignore[no-untyped-call]
        self._ties = ties
        self._tie: Tie | None = None
        self._attempt: Attempt | None = None

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        """Write a request, with a copy for its attempt."""
        tie = self._ties.claim(request)
        if tie is None or self.state != "QUIESCENT":
            return super().request(request)
        attempt = self._attempt = Attempt(tie.limit)
        attempt.reused = attempt.connected = self._tie is not None
        self._tie = tie
        tie.attempts.append(attempt)
        # On the request itself, since its transport is what Twisted and Scrapy go on to use
        request.writeTo = partial(_write_copied, request, attempt)  # type: ignore[method-assign]
        answer = super().request(request)
        answer.addCallback(_hold_back, attempt)
        if self._parser is not None:
            # As Scrapy puts its own in place of Twisted's
            self._parser.__class__ = TolerantParser
        return answer

    def handshakeCompleted(self) -> None:  # noqa: N802
        """Ends a connection whose certificate is not for the host, before the request is written to it.

        Twisted compares the names too, but lets a certificate pass in which it finds none to compare.
        """
        transport: Any = self.transport
        if self._tie is None or self._attempt is None:
            return
        # What is written before is only now on its way
        self._attempt.began, self._attempt.connected = datetime.now(UTC), True
        if not vouches(transport.getPeerCertificate().to_cryptography(), self._tie.host):
            self._attempt.wrong_host = True
            transport.abortConnection()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        """Keep a copy, then let Twisted parse."""
        attempt = self._attempt
        if attempt is None or attempt.sealed:
            super().dataReceived(data)  # type: ignore[no-untyped-call]
            return
        if not attempt.size:
            self._look_at_connection(attempt)
        attempt.keep(data)
        began = time.thread_time()
        super().dataReceived(data)  # type: ignore[no-untyped-call]
        if (spent := time.thread_time() - began) > DEAR:
            self._rest(spent * REST)
        if attempt.whole:
            return
        attempt.given_up = self._parser is None
        in_head = self._parser is not None and self._parser.state not in (BODY, DONE)
        too_long = in_head and attempt.size > HEAD_LIMIT
        decoder = getattr(self._parser, "bodyDecoder", None)
        too_many = isinstance(decoder, Chunks) and decoder.count > MOST_CHUNKS
        if too_long or too_many or attempt.too_much or 0 < attempt.limit < attempt.size - HEAD_LIMIT:
            attempt.over_limit = attempt.sealed = True
            transport: Any = self.transport
            transport.abortConnection()

    def _rest(self, seconds: float) -> None:
        """Reads nothing for so long: what is dear to parse, such as chunks of one byte, leaves the loop to others."""
        transport: Any = self.transport
        transport.pauseProducing()
        asyncio.get_running_loop().call_later(seconds, _go_on, transport)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        """Note how the connection ended before Twisted judges the body by it."""
        if self._attempt is not None:
            self._attempt.lost = reason
        super().connectionLost(reason)  # type: ignore[no-untyped-call]

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802
        attempt, self._attempt = self._attempt, None
        if attempt is not None and not attempt.sealed and not attempt.too_much:
            # A body that ends with its connection is whole only where the peer closed it in order: FIN, and
            # over TLS the close_notify before it (RFC 9112 §9.8)
            attempt.whole = attempt.lost is None or isinstance(attempt.lost.value, ConnectionDone)
            attempt.surplus = len(rest)
        if self._currentRequest is not None and (rest or not self._may_go_on(self._currentRequest)):
            self._currentRequest.persistent = False
        super()._finishResponse(rest)

    def _may_go_on(self, request: TxRequest) -> bool:
        """Whether the end of the answer is certain; where it is not, what follows may belong to no request.

        It is not in an HTTP/1.0 answer, chunked or not, and in one with both a length and chunks (RFC 9112 §6.1,
        §6.3), nor behind a 304 that nobody asked for.
        """
        response = getattr(self._parser, "response", None)
        fields = getattr(self._parser, "connHeaders", None)
        if response is None or fields is None:
            return True
        if tuple(response.version[1:]) < (1, 1):
            return False
        if fields.hasHeader(b"Transfer-Encoding") and fields.hasHeader(b"Content-Length"):
            return False
        return response.code != 304 or any(request.headers.hasHeader(name) for name in _CONDITIONS)

    def _look_at_connection(self, attempt: Attempt) -> None:
        """Known only after the handshake, so asked at the first byte."""
        transport: Any = self.transport
        attempt.ip = getattr(transport.getPeer(), "host", None)
        handle = transport.getHandle()
        if hasattr(handle, "get_protocol_version_name"):
            attempt.tls = handle.get_protocol_version_name().lower().replace("tlsv", "tls/")
            attempt.cipher = handle.get_cipher_name()


def _go_on(transport: Any) -> None:
    with suppress(Exception):  # of a connection that is gone
        transport.resumeProducing()


def _hold_back(response: Any, attempt: Attempt) -> Any:
    """The response without its body, which is in the copy: nobody reads a second one, and it would take its room."""
    deliver = response.deliverBody
    response.deliverBody = lambda reader: deliver(_Counting(reader, attempt))
    return response


class _Counting(Protocol):
    """Stands before the reader of a body and counts what would have come to it."""

    def __init__(self, reader: Any, attempt: Attempt) -> None:
        self._reader = reader
        self._attempt = attempt

    def makeConnection(self, transport: ITransport) -> None:  # noqa: N802
        super().makeConnection(transport)  # type: ignore[no-untyped-call]
        self._reader.makeConnection(transport)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self._attempt.body += len(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        self._reader.connectionLost(reason)


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
        pieces = list(data)
        self._kept += pieces
        self._transport.writeSequence(pieces)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
