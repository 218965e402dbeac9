"""An exchange made again from what Scrapy understood of it, for where the bytes themselves are not to be had.

The status, the fields and the content are those of the answer; its reason, the case, order and padding of its fields
and its chunk framing are lost. Such a record is marked and never passed off as exact.
"""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import uuid4

from scrapy import Request
from scrapy.http import Headers, Response

from archive.http import asked_in, cut_short
from archive.withhold import REQUEST_FIELDS, RESPONSE_FIELDS, withhold
from crawler.exchange import Exchange, is_private, target_of
from crawler.redaction import secret_values


def rebuilt(request: Request, response: Response, began: datetime, ended: datetime) -> Exchange:
    """The exchange with `fidelity` "rebuilt". `response` is the download handler's: its content still coded as sent.

    A body whose end nobody vouches for, which Scrapy flags as partial, counts as truncated.
    """
    private = is_private(request)
    asked, answer = _request_bytes(request), _answer_bytes(response)
    partial = "partial" in response.flags or cut_short(answer, asked_in(asked)) is not None
    return Exchange(
        id=uuid4().hex,
        url=target_of(request),
        request_bytes=withhold(asked, REQUEST_FIELDS, body=private, values=secret_values() if private else ()),
        response_bytes=withhold(answer, RESPONSE_FIELDS) if private else answer,
        began=began,
        ended=ended,
        ip=None if request.meta.get("proxy") or response.ip_address is None else str(response.ip_address),
        truncated="unspecified" if partial else None,
        fidelity="rebuilt",
        cookies=tuple(each.decode("latin-1") for each in response.headers.getlist("Set-Cookie")) if private else (),
    )


def _request_bytes(request: Request) -> bytes:
    parts = urlsplit(target_of(request))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = f"{request.method} {target} HTTP/1.1\r\n".encode("ascii", "replace")
    fields = _fields(request.headers)
    if b"Host" not in request.headers:
        fields = b"Host: " + parts.netloc.encode("ascii", "replace") + b"\r\n" + fields
    if request.body and b"Content-Length" not in request.headers:
        fields += b"Content-Length: %d\r\n" % len(request.body)
    return head + fields + b"\r\n" + request.body


def _answer_bytes(response: Response) -> bytes:
    # The reason is not known, and may be empty (RFC 9112 §4)
    line = f"{response.protocol or 'HTTP/1.1'} {response.status} \r\n".encode("ascii", "replace")
    return line + _fields(response.headers) + b"\r\n" + response.body


def _fields(headers: Headers) -> bytes:
    return b"".join(b"%s: %s\r\n" % (name, value) for name in headers for value in headers.getlist(name))
