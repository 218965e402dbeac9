"""What goes over the wire: a request as it came, an answer as it leaves, and the rules of HTTP between them.

Nothing here opens a socket. Conditional requests follow RFC 9110 §13, content coding §8.4.
"""

import gzip
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One request with its absolute URL; `headers` in the order in which they came."""

    method: str
    url: str
    headers: Headers = ()

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its case; None when it was not sent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @property
    def scheme(self) -> str:
        return urlsplit(self.url).scheme

    @property
    def host(self) -> str:
        """Host name in lower case, without a port."""
        return urlsplit(self.url).hostname or ""

    @property
    def path(self) -> str:
        """The path as sent, percent-encoded; "/" when there is none."""
        return urlsplit(self.url).path or "/"

    @property
    def target(self) -> str:
        """Path and query, as in the request line."""
        query = urlsplit(self.url).query
        return f"{self.path}?{query}" if query else self.path

    @property
    def query(self) -> dict[str, str]:
        """Query parameters; of one name the last."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def takes_gzip(self) -> bool:
        """Whether the client lists gzip with a weight above zero (RFC 9110 §12.5.3)."""
        for part in (self.header("Accept-Encoding") or "").lower().split(","):
            coding, _, weight = part.strip().partition(";")
            if coding.strip() in {"gzip", "x-gzip", "*"}:
                return weight.strip() not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
        return False


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: status, headers without those of framing, and the body as it leaves (coded already)."""

    status: int
    headers: Headers = ()
    body: bytes = b""
    framing: Literal["length", "chunked"] = "length"

    def with_headers(self, *headers: tuple[str, str]) -> "Answer":
        """The same answer with more headers at the end."""
        return replace(self, headers=(*self.headers, *headers))


def http_date(moment: datetime) -> str:
    """RFC 9110 §5.6.7: `Wed, 27 Sep 2023 10:00:00 GMT`."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def answer_text(status: int, text: str, mime: str = "text/plain; charset=utf-8") -> Answer:
    """A short answer that is the same for everybody."""
    return Answer(status, (("Content-Type", mime),), text.encode())


def answer_html(status: int, html: str) -> Answer:
    """A page in UTF-8."""
    return answer_text(status, html, "text/html; charset=utf-8")


def answer_json(status: int, text: str) -> Answer:
    """A JSON document."""
    return answer_text(status, text, "application/json")


def moved(location: str, status: int = 301) -> Answer:
    """A redirect, with the short page that RFC 9110 §15.4 asks for."""
    html = f'<!DOCTYPE html><title>Moved</title><p><a href="{location}">Moved</a></p>\n'
    return answer_html(status, html).with_headers(("Location", location))


def gzipped(answer: Answer, request: Request) -> Answer:
    """The answer in gzip when the client takes it; the same bytes each time."""
    if not request.takes_gzip or not answer.body:
        return answer
    coded = gzip.compress(answer.body, mtime=0)
    return replace(answer, body=coded).with_headers(("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))


def conditional(answer: Answer, request: Request, changed: datetime) -> Answer:
    """The answer with validators, or 304 when the client's copy is the same (RFC 9110 §13.2.2).

    The entity tag is weak, because the same document also leaves in gzip.
    """
    tag = f'W/"{hashlib.sha256(answer.body).hexdigest()[:20]}"'
    changed = changed.astimezone(UTC).replace(microsecond=0)
    validators = (("ETag", tag), ("Last-Modified", http_date(changed)))
    if_none_match = request.header("If-None-Match")
    if if_none_match is not None:
        fresh = if_none_match.strip() == "*" or _opaque(tag) in map(_opaque, if_none_match.split(","))
    else:
        since = _date(request.header("If-Modified-Since"))
        fresh = since is not None and changed <= since
    if fresh:
        return Answer(304, validators)
    return answer.with_headers(*validators)


def document(text: str | bytes, mime: str, request: Request, changed: datetime) -> Answer:
    """A feed, sitemap or robots.txt: validators first, then gzip when it is asked for."""
    body = text.encode() if isinstance(text, str) else text
    return gzipped(conditional(Answer(200, (("Content-Type", mime),), body), request, changed), request)


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")


def _date(value: str | None) -> datetime | None:
    try:
        return None if value is None else parsedate_to_datetime(value).astimezone(UTC)
    except ValueError:
        return None
