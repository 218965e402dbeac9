"""Hosts that a crawl must survive, each on a loopback address of its own, and one that is well.

`python -m tests.bench.hostile` serves the faults, each on an address of its own from 127.0.0.3 on, in the order of
FAULTS; with `healthy` it serves the healthy host, 127.0.0.2, from a process of its own, so that what the others cost
the server is not taken for its slowness. Both print their port and serve until their standard input ends; then they
print how many articles of the healthy host were asked for, and the seconds between the first and the last of them.
"""

import asyncio
import gzip
import itertools
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from functools import cache, partial

from tests.bench.pages import page

HEALTHY = "127.0.0.2"
ARTICLES = 60
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
_WORDS = b"<p>" + b" ".join(b"word%d" % number for number in range(2000)) + b"</p>\n"
_MIB = 1 << 20

Fault = Callable[[], AsyncIterator[bytes | None]]


def _whole(body: bytes, *fields: bytes) -> bytes:
    return _HEAD + b"".join(field + b"\r\n" for field in fields) + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _once(make: Callable[[], bytes]) -> Fault:
    made = cache(make)  # what it costs the server is not to be the crawl's loss

    async def send() -> AsyncIterator[bytes | None]:
        yield made()

    return send


async def silent() -> AsyncIterator[bytes | None]:
    await asyncio.sleep(3600)
    yield None


async def slow() -> AsyncIterator[bytes | None]:
    yield _HEAD + b"Content-Length: 5000\r\n\r\n"
    for _ in range(3600):
        await asyncio.sleep(1)
        yield b"x"


async def slow_head() -> AsyncIterator[bytes | None]:
    yield b"HTTP/1.1 200 OK\r\n"
    for number in range(3600):
        await asyncio.sleep(1)
        yield b"X-%d: y\r\n" % number


async def endless() -> AsyncIterator[bytes | None]:
    yield _HEAD + b"\r\n"
    while True:
        yield _WORDS * 4


async def endless_head() -> AsyncIterator[bytes | None]:
    yield b"HTTP/1.1 200 OK\r\n"
    for number in itertools.count():
        yield b"X-%d: %s\r\n" % (number, b"y" * 900)


async def interim() -> AsyncIterator[bytes | None]:
    while True:
        yield b"HTTP/1.1 102 Processing\r\n\r\n" * 50


async def crumbs() -> AsyncIterator[bytes | None]:
    yield _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    for _ in range(2 * _MIB // 4096):
        yield b"1\r\nx\r\n" * 4096
    yield b"0\r\n\r\n"


async def cut() -> AsyncIterator[bytes | None]:
    yield _HEAD + b"Content-Length: 90000\r\n\r\n" + _WORDS[:9000]


FAULTS: dict[str, Fault] = {
    "silent": silent,
    "slow": slow,
    "slow-head": slow_head,
    "endless": endless,
    "endless-head": endless_head,
    "interim": interim,
    "crumbs": crumbs,
    "cut": cut,
    "bomb": _once(lambda: _whole(gzip.compress(bytes(512 * _MIB), 1), b"Content-Encoding: gzip")),
    "large": _once(lambda: _whole(_WORDS * (15 * _MIB // len(_WORDS)))),
    "attributes": _once(
        lambda: _whole(b"<html><body><p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">text</p>")
    ),
    "deep": _once(lambda: _whole(b"<html><body>" + b"<div>" * 200_000 + b"text")),
    "wide": _once(lambda: _whole(b"<html><body>" + b'<a href="/x">read this</a> ' * 200_000)),
    "junk": _once(lambda: b"\x16\x03\x01 this is no HTTP\r\n\r\n"),
    "nothing": _once(lambda: b""),
    "loop": _once(lambda: b"HTTP/1.1 302 Found\r\nLocation: ?\r\nContent-Length: 0\r\n\r\n"),
    "status": _once(lambda: b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
    "lengths": _once(lambda: _HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\nabcdefghi"),
    "chunks": _once(lambda: _HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n"),
    "large-again": _once(lambda: _whole(_WORDS * (15 * _MIB // len(_WORDS)))),
}
HOSTS = [f"127.0.0.{3 + number}" for number in range(len(FAULTS))]


class _Site:
    def __init__(self) -> None:
        self.asked: list[float] = []

    async def serve(self, fault: Fault | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                path = line.split(b" ")[1].decode()
                if path in ("/robots.txt", "/.well-known/tdmrep.json"):
                    writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                elif fault is None:
                    self.asked.append(time.monotonic())
                    body = page(int(path.rpartition("/")[2]), HEALTHY)
                    writer.write(_whole(body, b"Content-Encoding: gzip").replace(b"close", b"keep-alive", 1))
                else:
                    async for data in fault():
                        writer.write(data or b"")
                        await writer.drain()
                    return
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


async def _serve(hosts: dict[str, Fault | None]) -> None:
    site, port = _Site(), 0
    for host, fault in hosts.items():
        server = await asyncio.start_server(partial(site.serve, fault), host, port)
        port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    sys.stdout.write(json.dumps([len(site.asked), site.asked[-1] - site.asked[0] if site.asked else 0.0]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(
        _serve({HEALTHY: None} if sys.argv[1:] == ["healthy"] else dict(zip(HOSTS, FAULTS.values(), strict=True)))
    )
