"""One address for each way in which an address can end."""

import socket
from collections.abc import Callable

from tests.hostile.crawling import nothing, robots, story
from tests.hostile.host import Asked, Host, reset
from tests.hostile.traps import NOT_FOUND, moved, sitemap
from tests.listening_site import STORY, reply
from tests.probed_sites import CONSENT

LOCKED = STORY.format(title="A locked story", head="", more="").replace(
    '"isAccessibleForFree":true', '"isAccessibleForFree":false'
)
LOCKED = (
    LOCKED[: LOCKED.index("<p>A second")] + '<div class="paywall">Subscribe to read on.</div></article></body></html>'
)
DEEP = STORY.format(title="A deep story", head="", more="<div>" * 2100 + "<p>The last words of this story.</p>")

RESERVED = '<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="https://paper.example/terms">'
OPEN = "X-Robots-Tag: noarchive\r\ntdm-reservation: 0\r\ntdm-policy: https://paper.example/open\r\n"

ENDS: dict[str, str] = {
    "/ok": "ok",
    "/open": "ok",
    "/reserved": "ok",
    "/moved": "redirected",
    "/pdf": "not_html",
    "/empty": "empty",
    "/deep": "text_incomplete",
    "/coded": "undecodable",
    "/locked": "paywalled",
    "/wall": "wall",
    "/nothing": "soft_404",
    "/gone": "http_error",
    "/cut": "truncated",
    "/heads": "too_large",
    "/junk": "bad_http",
    "/reset": "connect_error",
    "/turn": "redirect_loop",
    "/secret": "blocked_robots",
    "/inside": "redirected",
    "/a/a/a": "trap",
    "/feed.xml": "bad_feed",
}
"""By path how it ends."""


def answer(asked: Asked, _before: int, connection: socket.socket) -> bytes | None:
    if asked.path == "/reset":
        reset(connection)
        return None
    if asked.path == "/cut":
        connection.sendall(story("cut")[:-200])
        return None
    said = PAGES.get(asked.path)
    return said(asked) if said else nothing()


def _conditional(asked: Asked) -> bytes:
    if b'If-None-Match: "1"' in asked.head:
        return b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    body = sitemap("http://" + asked.name, [path for path in ENDS if path != "/feed.xml"])
    return body.replace(b"\r\n\r\n", b'\r\nETag: "1"\r\n\r\n', 1)


PAGES: dict[str, Callable[[Asked], bytes | None]] = {
    "/robots.txt": lambda _: robots("User-agent: *\nDisallow: /secret\n"),
    "/ok": lambda _: story("ok"),
    "/open": lambda _: story("open", more=OPEN),
    "/reserved": lambda _: reply(STORY.format(title="A reserved story", head=RESERVED, more="Ours."), more=OPEN),
    "/moved": lambda _: moved("/ok"),
    "/pdf": lambda _: reply(b"%PDF-1.4", kind="application/pdf"),
    "/empty": lambda _: reply(""),
    "/deep": lambda _: reply(DEEP),
    "/coded": lambda _: reply(b"no gzip at all", more="Content-Encoding: gzip\r\n"),
    "/locked": lambda _: reply(LOCKED),
    "/wall": lambda _: reply(CONSENT),
    "/nothing": lambda _: reply(NOT_FOUND),
    "/gone": lambda _: reply("gone", status="410 Gone"),
    "/heads": lambda _: reply("", more="".join(f"X-{n}: {'y' * 1000}\r\n" for n in range(100))),
    "/junk": lambda _: b"NOT HTTP AT ALL\r\n\r\n",
    "/turn": lambda _: moved("/turn"),
    "/inside": lambda _: moved("http://127.0.0.1:9/metadata"),
    "/known.xml": _conditional,
    "/feed.xml": lambda _: reply('<rss version="2.0"><channel><title>None</title></channel></rss>'),
}


def newspaper(address: str) -> Host:
    return Host(answer, address)
