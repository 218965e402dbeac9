"""The local proxy that plays the press at its true addresses.

Plain requests come in absolute form, `https` ones through CONNECT (RFC 9110 §9.3.6) with a certificate
made for the host. The proxy connects to nobody: what is not of the press gets 502.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from crawler.press.authority import Authority
from crawler.press.exchange import Answer, Request, answer_json, answer_text
from crawler.press.texts import Story
from crawler.press.truth import Truths, truth
from crawler.press.web import HOSTS, answer

START = datetime(2023, 9, 30, 12, tzinfo=UTC)
STEP = timedelta(days=3)
CONTROL = "press.invalid"
_CHUNK = 1400


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as it was answered.

    `time` is UTC; `started` and `ended` are seconds of a monotonic clock, the second when the answer was
    ready; `in_flight` counts the requests that the host was busy with when this one came, itself included.
    """

    time: datetime
    method: str
    url: str
    host: str
    status: int
    user_agent: str | None
    accept_encoding: str | None
    if_none_match: str | None
    if_modified_since: str | None
    in_flight: int
    started: float
    ended: float


class Proxy:
    """Answers connections for the press; the clock stands still between two ticks.

    `pause`: seconds that each answer takes, so that requests at the same time can be told from one after
    the other.
    """

    def __init__(
        self, stories: Sequence[Story], authority: Authority, clock: datetime = START, pause: float = 0.005
    ) -> None:
        self.clock = clock
        self.log: list[Entry] = []
        self._stories = tuple(stories)
        self._authority = authority
        self._pause = pause
        self._visits = 0
        self._busy: Counter[str] = Counter()
        self._connections: set[asyncio.Task[None]] = set()

    def tick(self, to: datetime | None = None) -> datetime:
        """Moves the clock, by three days when nothing else is said; it never goes back. Raises ValueError."""
        wanted = to or self.clock + STEP
        if wanted.tzinfo is None or wanted < self.clock:
            raise ValueError(f"Give a time with an offset, not before {self.clock.isoformat()}.")
        self.clock = wanted
        return wanted

    def truth(self) -> Truths:
        """What is true at the clock."""
        return truth(self._stories, self.clock)

    async def listen(self, port: int = 0) -> asyncio.Server:
        """Starts to listen on 127.0.0.1; port 0 takes any that is free."""
        return await asyncio.start_server(self._connected, "127.0.0.1", port)

    async def hang_up(self) -> None:
        """Ends the connections that are still open."""
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            await self._converse(reader, writer)
        except (OSError, EOFError, asyncio.LimitOverrunError, asyncio.CancelledError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tunnel: str | None = None
        while (head := await _read_head(reader)) is not None:
            if head.method == "CONNECT" and tunnel is None:
                host, _, port = head.url.rpartition(":")
                if host.lower() not in HOSTS or port != "443":
                    await _send(writer, _unknown(host), head, keep=False)
                    return
                tunnel = host.lower()
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.start_tls(self._authority.context(tunnel))
                continue
            keep = _keeps_alive(head)
            if tunnel is not None:
                request = Request(head.method, f"https://{tunnel}{head.url}", head.headers)
            else:
                request = Request(head.method, head.url, head.headers)
            if tunnel is None and (head.url.startswith("/") or request.host == CONTROL):
                await _send(writer, self._control(request), head, keep)
            else:
                await self._exchange(writer, request, head, keep)
            if not keep:
                return

    async def _exchange(self, writer: asyncio.StreamWriter, request: Request, head: "Head", keep: bool) -> None:
        started, when = time.monotonic(), datetime.now(UTC)
        self._busy[request.host] += 1
        in_flight = self._busy[request.host]
        try:
            await asyncio.sleep(self._pause)
            self._visits += 1
            answered = answer(request, self._stories, self.clock, self._visits) or _unknown(request.host)
        finally:
            self._busy[request.host] -= 1
        # Before the answer leaves: whoever has it finds it in the log.
        self.log.append(
            Entry(
                time=when,
                method=request.method,
                url=request.url,
                host=request.host,
                status=answered.status,
                user_agent=request.header("User-Agent"),
                accept_encoding=request.header("Accept-Encoding"),
                if_none_match=request.header("If-None-Match"),
                if_modified_since=request.header("If-Modified-Since"),
                in_flight=in_flight,
                started=started,
                ended=time.monotonic(),
            )
        )
        await _send(writer, answered, head, keep)

    def _control(self, request: Request) -> Answer:
        match urlsplit(request.url).path:
            case "/log":
                rows = [asdict(entry) | {"time": entry.time.isoformat()} for entry in self.log]
                return answer_json(200, json.dumps(rows))
            case "/truth":
                return answer_json(200, json.dumps(self.truth().as_json(), ensure_ascii=False))
            case "/tick":
                wanted = request.query.get("to")
                try:
                    self.tick(datetime.fromisoformat(wanted.replace(" ", "+")) if wanted else None)
                except ValueError as error:
                    return answer_text(400, f"{error}\n")
                return answer_json(200, json.dumps({"clock": self.clock.isoformat()}))
        return answer_text(404, "The press knows /log, /truth and /tick?to=TIME.\n")


@dataclass(frozen=True, slots=True)
class Head:
    """A request line and its headers."""

    method: str
    url: str
    version: str
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str:
        """The value in lower case, empty when it was not sent."""
        return next((value for key, value in self.headers if key.lower() == name), "").lower()


async def _read_head(reader: asyncio.StreamReader) -> Head | None:
    """The next request without its body, None when the client has hung up between two requests."""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial.strip():
            raise
        return None
    first, *rest = raw.decode("latin-1").strip("\r\n").split("\r\n")
    method, url, version = first.split(" ", 2) if first.count(" ") >= 2 else (first, "/", "HTTP/1.0")
    pairs = (line.partition(":") for line in rest)
    head = Head(method, url, version, tuple((name.strip(), value.strip()) for name, _, value in pairs))
    if head.header("content-length").isdecimal():
        await reader.readexactly(int(head.header("content-length")))
    return head


def _keeps_alive(head: Head) -> bool:
    asked = head.header("connection") or head.header("proxy-connection")
    return asked == "keep-alive" if head.version == "HTTP/1.0" else "close" not in asked


def _unknown(host: str) -> Answer:
    return answer_text(502, f"{host} is not of the press, and nothing else is reached from here.\n")


async def _send(writer: asyncio.StreamWriter, answered: Answer, head: Head, keep: bool) -> None:
    writer.write(wire(answered, head, keep))
    await writer.drain()


def wire(answered: Answer, head: Head, keep: bool) -> bytes:
    """The bytes of an answer to this request (RFC 9112 §6): no body for HEAD and 304, no chunks for 1.0."""
    lines = [f"HTTP/1.1 {answered.status} {HTTPStatus(answered.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in answered.headers]
    chunked = answered.framing == "chunked" and head.version != "HTTP/1.0"
    body = answered.body
    if answered.status == 304:
        body = b""
    elif chunked:
        lines.append("Transfer-Encoding: chunked")
    else:
        lines.append(f"Content-Length: {len(body)}")
    lines.append("Connection: keep-alive" if keep else "Connection: close")
    start = "\r\n".join([*lines, "", ""]).encode("latin-1")
    if head.method == "HEAD" or not body:
        return start
    return start + (_chunks(body) if chunked else body)


def _chunks(body: bytes) -> bytes:
    parts = (body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
