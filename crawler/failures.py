"""Why a request ended without a usable answer: exceptions become outcomes with a reason that a person understands."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from archive.model import Outcome
from crawler.politeness.errors import (
    BlockedAddress,
    BlockedByRobots,
    CrawlStopped,
    HandshakeBroken,
    SignsOut,
    ToldToWait,
    Unreached,
    Untrusted,
)
from crawler.redaction import clean

_KINDS: tuple[tuple[type[BaseException], Outcome, str], ...] = (
    (BlockedByRobots, Outcome.BLOCKED_ROBOTS, ""),
    (BlockedAddress, Outcome.BLOCKED_ADDRESS, ""),
    (SignsOut, Outcome.SKIPPED, ""),
    (Untrusted, Outcome.TLS_ERROR, ""),
    (HandshakeBroken, Outcome.TLS_ERROR, "the host broke off the handshake"),
    (Unreached, Outcome.CONNECT_ERROR, ""),
    (CrawlStopped, Outcome.DEFERRED, "the crawl was stopped before the answer was whole"),
    (ToldToWait, Outcome.DEFERRED, ""),
    (CannotResolveHostError, Outcome.CONNECT_ERROR, "the host's name was not found"),
    (DownloadConnectionRefusedError, Outcome.CONNECT_ERROR, "the host refused the connection"),
    (DownloadTimeoutError, Outcome.TIMEOUT, ""),
    (ResponseDataLossError, Outcome.TRUNCATED, "the answer broke off"),
    (DownloadCancelledError, Outcome.TOO_LARGE, "the answer passed the size limit"),
    (UnsupportedURLSchemeError, Outcome.BLOCKED_ADDRESS, "only http and https are fetched"),
)
# Twisted says these in the text of its failures; they are what Scrapy wraps in DownloadFailedError.
_TUNNEL = ("TunnelError",)
_TLS = ("OpenSSL", "SSL.Error", "certificate", "VerificationError", "handshake", "CertificateError")
_BROKEN_HTTP = (
    "ParseError",
    "InvalidHeader",
    "_MalformedChunkedDataError",
    "BadHeaders",
    "PotentialDataLoss",
)


def outcome_of(error: BaseException) -> tuple[Outcome, str]:
    """The outcome of the closed list and one sentence."""
    for kind, outcome, reason in _KINDS:
        if isinstance(error, kind):
            return outcome, reason or clean(str(error))
    text = f"{type(error).__name__}: {error} {error.__cause__ or ''}"
    if any(word in text for word in _TUNNEL):
        return Outcome.CONNECT_ERROR, "the proxy did not reach the host"
    if any(word in text for word in _TLS):
        return Outcome.TLS_ERROR, "the host's certificate or handshake was refused"
    if any(word in text for word in _BROKEN_HTTP):
        return Outcome.BAD_HTTP, "the answer breaks HTTP"
    return Outcome.CONNECT_ERROR, "the connection failed"
