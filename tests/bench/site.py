"""The newspapers of the benchmark: one process that serves invented pages on several loopback addresses.

Started with the number of hosts, it prints the port and serves until its standard input ends. The words of a path:
/articles/N a page on topic, /elsewhere/N one off topic, /map-FIRST-LAST.xml a sitemap of this host's share of pages.
"""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.bench.pages import page

HOSTS = 8
_ASKED = re.compile(rb"GET (\S+) HTTP/1\.1\r\n")
_MAP = re.compile(r"/(articles|elsewhere)-(\d+)-(\d+)\.xml")
_CHECKOUT = Path(__file__).resolve().parent.parent.parent


def host(number: int, port: int) -> str:
    """The host that serves page `number`."""
    return f"127.0.0.{2 + number % HOSTS}:{port}"


def address(number: int, port: int, section: str = "articles") -> str:
    """The URL of page `number`; the section "elsewhere" is off topic."""
    return f"http://{host(number, port)}/{section}/{number}"


@contextmanager
def serving() -> Iterator[int]:
    """The port of a site in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.site"], cwd=_CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
            process.terminate()


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as far as a crawler needs it: GET, one after the other, kept open."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._port = transport.get_extra_info("sockname")[1]

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while b"\r\n\r\n" in self._waiting:
            head, _, self._waiting = self._waiting.partition(b"\r\n\r\n")
            asked = _ASKED.match(head + b"\r\n")
            self._transport.write(self._answer(asked[1].decode("ascii") if asked else ""))

    def _answer(self, path: str) -> bytes:
        section, _, number = path[1:].partition("/")
        if section in ("articles", "elsewhere") and number.isdecimal():
            body = page(int(number), host(self._number, self._port), on_topic=section == "articles")
            return _message(200, "OK", "text/html; charset=utf-8", body, "Content-Encoding: gzip\r\nVary: Accept\r\n")
        if found := _MAP.fullmatch(path):
            return _message(200, "OK", "application/xml", self._map(found[1], int(found[2]), int(found[3])))
        if path == "/robots.txt":
            return _message(200, "OK", "text/plain", b"User-agent: *\nDisallow: /private/\n")
        return _message(404, "Not Found", "text/plain", b"none")

    def _map(self, section: str, first: int, last: int) -> bytes:
        urls = "".join(
            f"<url><loc>{address(number, self._port, section)}</loc></url>"
            for number in range(first, last)
            if number % HOSTS == self._number
        )
        return (
            f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()
        )


def _message(status: int, reason: str, kind: str, body: bytes, more: str = "") -> bytes:
    head = (
        f"HTTP/1.1 {status} {reason}\r\nServer: bench\r\nDate: Wed, 26 Jul 2023 12:00:00 GMT\r\n"
        f"Content-Type: {kind}\r\n{more}Cache-Control: max-age=60\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    port = 0
    for number in range(HOSTS):
        # All on the port that the first address gets
        server = await loop.create_server(partial(_Connection, number), f"127.0.0.{2 + number}", port)
        port = port or server.sockets[0].getsockname()[1]
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended = asyncio.Event()

    def look() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            ended.set()

    loop.add_reader(sys.stdin.fileno(), look)
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(_serve())
