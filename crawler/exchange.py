"""One exchange with a server as a value, and how it comes about while bytes pass."""

import re
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from twisted.python.failure import Failure

from archive.drafts import Wire
from archive.http import Asked, cut_short, final_answer, goes_on, status_of
from archive.message import head_of
from archive.withhold import REQUEST_FIELDS, RESPONSE_FIELDS, withhold
from crawler.politeness.errors import CrawlStopped
from crawler.received import Received
from crawler.redaction import secret_values

_PLAIN_URL = re.compile(r"https?://[!\"$-?A-Z\\^-~]*[!\"$->A-Z\\^-~]")  # no @, #, [, ] and no ? at its end


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back, as it was on the wire; credentials are withheld.

    `response_bytes` begins with the final answer (interim 1xx answers are left out) and ends with its last
    byte, or with the last byte that came. `began` is when the request was written, `ended` when the last byte
    came; both UTC. `ip`, `tls` ("tls/1.3") and `cipher` are None where not known, `ip` also behind a proxy.
    `truncated` is the reason in the words of WARC-Truncated, None for an answer that came whole. `failure` is
    the exception that Scrapy got in place of a response. `fidelity` is "exact", "rebuilt" where the bytes were made
    again from what Scrapy understood of them, or "withheld" where secrets were taken out of the body. `cookies`: what
    the answer set, for its session alone; never stored.
    """

    id: str
    url: str
    request_bytes: bytes
    response_bytes: bytes
    began: datetime
    ended: datetime
    ip: str | None = None
    tls: str | None = None
    cipher: str | None = None
    truncated: str | None = None
    failure: str | None = None
    fidelity: str = "exact"
    cookies: tuple[str, ...] = field(default=(), repr=False)

    @property
    def status(self) -> int | None:
        """The status of the answer; None where there is no status line."""
        return status_of(self.response_bytes)

    @property
    def wire(self) -> Wire:
        """The connection in the words of a record."""
        http = self.response_bytes[:8].lower().decode("latin-1") if self.status is not None else None
        return Wire(self.ip, tuple(name for name in (http, self.tls) if name), self.cipher)


class Attempt:
    """One request on one connection, while it runs. `limit`: bytes of body; 0 for none."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.sent: list[bytes] = []
        self.size = 0  # bytes received
        self.body = 0  # of these, bytes of body without chunking
        self.surplus = 0  # bytes behind the end of the answer, which belong to no answer
        self.began = self.ended = datetime.now(UTC)
        self.read_at: float | None = None  # when its first byte came, on the monotonic clock
        self.connected = False  # with the handshake of TLS, where there is one
        self.reused = False  # the connection had served another request before
        self.ip: str | None = None
        self.tls: str | None = None
        self.cipher: str | None = None
        self.whole = False
        self.lost: Failure | None = None
        self.given_up = False  # the parser could make nothing of it
        self.over_limit = False
        self.wrong_host = False  # the certificate is for another
        self.sealed = False
        self._received = Received()

    def keep(self, data: bytes) -> None:
        """Bytes that have just come."""
        if self.read_at is None:
            self.read_at = time.monotonic()
        self._received.add(data)
        self.size += len(data)
        self.ended = datetime.now(UTC)

    def close(self) -> None:
        """To be called when its exchange is recorded."""
        self._received.close()

    @property
    def too_much(self) -> bool:
        return 0 < self.limit < self.body

    def truncated(self, error: BaseException | None) -> str | None:
        """WARC-Truncated (WARC 1.1 §5). A crawl that is stopped is none of the reasons with a name of their own."""
        if self.over_limit:
            return "length"
        if self.whole:
            return None
        if self.given_up or isinstance(error, CrawlStopped):
            return "unspecified"
        if isinstance(error, DownloadTimeoutError):
            return "time"
        if isinstance(error, DownloadCancelledError):
            return "length"
        return "disconnect" if self.lost is not None else "unspecified"

    def exchange(self, request: Request, error: BaseException | None) -> Exchange:
        """What is known by now, with the bytes that have come."""
        data = self._received.all()
        ends = len(data) - self.surplus
        answer = final_answer(data[:ends])
        asked = b"".join(self.sent)
        truncated, method = self.truncated(error), Asked(request.method)
        if truncated is None and (cut_short(answer, method) or goes_on(answer, data[ends:], method)):
            truncated = "unspecified"  # it was sent so
        private = is_private(request)
        return Exchange(
            id=secrets.token_hex(16),
            url=target_of(request),
            request_bytes=withhold(asked, REQUEST_FIELDS, body=private, values=secret_values() if private else ()),
            response_bytes=withhold(answer, RESPONSE_FIELDS) if private else answer,
            began=self.began,
            ended=self.ended,
            ip=None if request.meta.get("proxy") else self.ip,
            tls=self.tls,
            cipher=self.cipher,
            truncated=truncated,
            failure=None if error is None else f"{type(error).__name__}: {error}",
            cookies=head_of(answer)[0].all("set-cookie") if private else (),
        )


def is_private(request: Request) -> bool:
    """Whether the request is one of a logged-in session."""
    return bool(request.meta.get("session", "anonymous") != "anonymous")


def target_of(request: Request) -> str:
    """The URL that a record names: without user, password and fragment."""
    if _PLAIN_URL.fullmatch(request.url):
        return request.url
    parts = urlsplit(request.url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()
