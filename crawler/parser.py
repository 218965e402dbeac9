"""Twisted's parser of answers, as lenient as `archive.message` is: an odd line must not cost the article behind it.

The bytes are kept below it, so nothing is lost by what it passes over. Stands on private names (`crawler.hooks`).
"""

from scrapy.core.downloader.handlers.http11 import _LenientHTTPClientParser
from twisted.web._newclient import ParseError

from archive.message import status_line
from crawler.chunks import Chunks

HEAD_LIMIT = 64 * 1024


class TolerantParser(_LenientHTTPClientParser):
    """Passes over what is no field, and takes transfer codings as they are recorded: framed by chunks or by the end."""

    # The limit is ours, over the whole head: see `crawler.connection`
    MAX_LENGTH = 4 * HEAD_LIMIT
    _transferDecoders = {b"chunked": Chunks}  # type: ignore[dict-item]  # noqa: N815, RUF012 (Twisted's name)

    def statusReceived(self, status: bytes) -> None:  # noqa: N802
        """Twisted takes one space between the parts and two numbers in a version, and waits for an answer behind 101,
        but what follows an upgrade is no HTTP (RFC 9110 §15.2.2)."""
        code, reason = status_line(status)
        if code is not None:
            version = status.split(None, 1)[0]
            version += b"" if b"." in version else b".0"
            status = b"%s %03d %s" % (version, code, reason.encode("latin-1"))
        super().statusReceived(status)  # type: ignore[no-untyped-call]
        if self.response.code == 101:
            raise ParseError("an upgrade that nobody asked for", status)  # type: ignore[no-untyped-call]

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        """Twisted's name for it. A folded line without a field before it belongs to nothing."""
        if self.state == "HEADER" and self._partialHeader is None and line[:1] in (b" ", b"\t"):
            return
        super().lineReceived(line)

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
        """A name that is no token is Twisted's InvalidHeaderName; white space before the colon is taken off."""
        try:  # noqa: SIM105 (a call more for each field of each answer)
            super().headerReceived(name.strip(), value)  # type: ignore[no-untyped-call]
        except ValueError:
            pass

    def allHeadersReceived(self) -> None:  # noqa: N802
        """Twisted knows `chunked` alone. Any other coding lies over the content, or has no end but the connection's
        (RFC 9112 §6.3); `identity` is none.
        """
        lines = self.connHeaders.getRawHeaders(b"Transfer-Encoding", ())
        codings = [coding.strip().lower() for line in lines for coding in line.split(b",") if coding.strip()]
        if lines and codings != [b"chunked"]:
            self.connHeaders.removeHeader(b"Transfer-Encoding")
            if b"chunked" in codings:
                self.connHeaders.setRawHeaders(b"Transfer-Encoding", [b"chunked"])
            elif set(codings) - {b"identity"}:
                self.connHeaders.removeHeader(b"Content-Length")
        super().allHeadersReceived()  # type: ignore[no-untyped-call]
