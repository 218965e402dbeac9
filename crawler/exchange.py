"""One exchange with a server as a value, and how it comes about while bytes pass."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from twisted.python.failure import Failure

from archive.drafts import Wire
from archive.http import final_answer, status_of
from archive.withhold import REQUEST_FIELDS, RESPONSE_FIELDS, withhold


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back, as it was on the wire; credentials are withheld.

    `response_bytes` begins with the final answer (interim 1xx answers are left out) and ends with its last
    byte, or with the last byte that came. `began` is when the request was written, `ended` when the last byte
    came; both UTC. `ip`, `tls` ("tls/1.3") and `cipher` are None where not known, `ip` also behind a proxy.
    `truncated` is the reason in the words of WARC-Truncated, None for an answer that came whole. `failure` is
    the exception that Scrapy got in place of a response.
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
    """One request on one connection, while it runs."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.sent: list[bytes] = []
        self.received: list[bytes] = []
        self.size = 0
        self.surplus = 0  # bytes behind the end of the answer, which belong to no answer
        self.began = self.ended = datetime.now(UTC)
        self.ip: str | None = None
        self.tls: str | None = None
        self.cipher: str | None = None
        self.whole = False
        self.lost: Failure | None = None
        self.over_limit = False
        self.sealed = False

    def truncated(self, error: BaseException | None) -> str | None:
        """WARC 1.1 §5.13."""
        if self.over_limit:
            return "length"
        if self.whole:
            return None
        if isinstance(error, DownloadTimeoutError):
            return "time"
        if isinstance(error, DownloadCancelledError):
            return "length"
        return "disconnect" if self.lost is not None else "unspecified"

    def exchange(self, request: Request, error: BaseException | None) -> Exchange:
        private = request.meta.get("session", "anonymous") != "anonymous"
        data = b"".join(self.received)
        answer = final_answer(data[: len(data) - self.surplus])
        return Exchange(
            id=uuid4().hex,
            url=_without_user(request.url),
            request_bytes=withhold(b"".join(self.sent), REQUEST_FIELDS, body=private),
            response_bytes=withhold(answer, RESPONSE_FIELDS) if private else answer,
            began=self.began,
            ended=self.ended,
            ip=None if request.meta.get("proxy") else self.ip,
            tls=self.tls,
            cipher=self.cipher,
            truncated=self.truncated(error),
            failure=None if error is None else f"{type(error).__name__}: {error}",
        )


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()
