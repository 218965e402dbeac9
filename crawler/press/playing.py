"""The press for tests and the demo: a proxy in a thread of its own, a clock that is moved by hand."""

import asyncio
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources.abc import Traversable
from pathlib import Path

from crawler.press.authority import Authority
from crawler.press.proxy import START, Entry, Proxy
from crawler.press.texts import load
from crawler.press.truth import Truths


@dataclass(frozen=True)
class Press:
    """A press that is being played: `proxy` is where clients go through, `ca_file` what they trust."""

    proxy: str
    ca_file: Path
    _playing: Proxy

    @property
    def clock(self) -> datetime:
        """Where the press' clock stands."""
        return self._playing.clock

    @property
    def log(self) -> tuple[Entry, ...]:
        """The requests answered so far, in the order in which they were done."""
        return tuple(self._playing.log)

    def environment(self) -> dict[str, str]:
        """The variables that lead a program through the press and through nothing else."""
        return environment(self.proxy, self.ca_file)

    def tick(self, to: datetime | None = None) -> datetime:
        """Moves the clock, by three days when nothing else is said, and returns where it stands."""
        return self._playing.tick(to)

    def truth(self) -> Truths:
        """What a polite crawler without an account must have found by now."""
        return self._playing.truth()


def environment(proxy: str, ca_file: Path) -> dict[str, str]:
    """The variables for a proxy's address and a certificate file, in both spellings where both are in use."""
    names = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
    return dict.fromkeys(names, proxy) | {"SSL_CERT_FILE": str(ca_file), "NO_PROXY": "", "no_proxy": ""}


@contextmanager
def play(clock: datetime = START, texts: Traversable | None = None) -> Iterator[Press]:
    """Plays the press on loopback for as long as the block lasts.

    `texts`: another folder of text files than the press' own. Raises BadCorpusFile.
    """
    authority = Authority()
    proxy = Proxy(load(texts), authority, clock)
    with tempfile.TemporaryDirectory(prefix="press-") as folder:
        ca_file = Path(folder, "ca.pem")
        ca_file.write_bytes(authority.pem)
        with _running(proxy) as port:
            yield Press(f"http://127.0.0.1:{port}", ca_file, proxy)


@contextmanager
def _running(proxy: Proxy) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(proxy.listen())
    port: int = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, name="press", daemon=True)
    thread.start()
    try:
        yield port
    finally:
        asyncio.run_coroutine_threadsafe(close(server, proxy), loop).result(timeout=10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def close(server: asyncio.Server, proxy: Proxy) -> None:
    """Stops listening, then ends what is still open."""
    server.close()
    await proxy.hang_up()
    await server.wait_closed()
