"""Hosts on loopback addresses that answer as they are told, byte by byte, and note when they were asked for what."""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass
class Asked:
    """One request as the host saw it; times of the monotonic clock, `ended` when its answer was out."""

    at: float
    name: str  # of the Host field
    method: str
    path: str
    head: bytes
    over: int  # the number of the connection
    ended: float | None = None


@dataclass
class Host:
    """A server on one address and port. `answer` is called with the request and its number for that path, from 0.

    It gives bytes, or writes them itself to the connection and gives None, which ends the connection.
    """

    answer: "Callable[[Asked, int, socket.socket], bytes | None]"
    address: str
    context: ssl.SSLContext | None = None
    before: Callable[[int], None] = lambda number: None  # called with the number of a connection before it is served
    name: str | None = None  # by which it is asked for, in place of the address
    log: list[Asked] = field(default_factory=list)
    connections: int = 0
    open: bool = True

    def listen(self, port: int = 0) -> None:
        self.listening = socket.create_server((self.address, port))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def place(self) -> str:
        return f"{self.address}:{self.port}"

    @property
    def home(self) -> str:
        return f"{'https' if self.context else 'http'}://{self.name or self.address}:{self.port}"

    @property
    def paths(self) -> list[str]:
        return [each.path for each in self.log]

    def close(self) -> None:
        self.open = False
        with suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError, ValueError), connection:
            connection.settimeout(20)
            self.before(number)
            if self.context is not None:
                with self.context.wrap_socket(connection, server_side=True) as secure:
                    self._answer(secure, number)
            else:
                self._answer(connection, number)

    def _answer(self, connection: socket.socket, number: int) -> None:
        with connection.makefile("rb") as reader:
            while line := reader.readline():
                at = time.monotonic()
                head = line
                while (line := reader.readline()) not in (b"\r\n", b""):
                    head += line
                method, target, _ = head.split(b" ", 2)
                fields = dict(each.split(b":", 1) for each in head.split(b"\r\n")[1:] if b":" in each)
                reader.read(int(fields.get(b"Content-Length", 0)))
                name = fields.get(b"Host", b"").strip().decode()
                asked = Asked(at, name, method.decode(), target.decode(), head, number)
                count = sum(each.path == asked.path for each in self.log)
                self.log.append(asked)
                try:
                    said = self.answer(asked, count, connection)
                    if said is None:
                        return
                    connection.sendall(said)
                finally:
                    asked.ended = time.monotonic()
                if b"connection: close" in said[:400].lower():
                    return


def reset(connection: socket.socket) -> None:
    """Ends a connection so that the peer is told that it broke."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def gaps(*hosts: Host) -> list[float]:
    """Seconds between the starts of requests, at these hosts taken together."""
    times = sorted(each.at for host in hosts for each in host.log)
    return [after - before for before, after in pairwise(times)]


def at_once(*hosts: Host) -> int:
    """The most requests that were open together."""
    moments = sorted(
        (moment, change)
        for host in hosts
        for each in host.log
        for moment, change in ((each.at, 1), (each.ended or float("inf"), -1))
    )
    most = now = 0
    for _, change in moments:
        now += change
        most = max(most, now)
    return most


@contextmanager
def hosting(*hosts: Host) -> Iterator[None]:
    """The hosts while they listen."""
    for each in hosts:
        each.listen()
    try:
        yield
    finally:
        for each in hosts:
            each.close()
