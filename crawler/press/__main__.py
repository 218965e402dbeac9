"""`python -m crawler.press`: plays the press until it is interrupted. The first line of output is JSON."""

import argparse
import asyncio
import json
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import HemerotecaError
from crawler.press.authority import Authority
from crawler.press.playing import close
from crawler.press.proxy import START, Proxy
from crawler.press.texts import load


def run(port: int = 0, clock: datetime = START, ca: Path | None = None) -> None:
    """Plays the press until SIGINT or SIGTERM. Raises HemerotecaError."""
    asyncio.run(_play(port, clock, ca))


def main() -> None:
    """Reads the arguments of the process and plays."""
    parser = argparse.ArgumentParser(prog="python -m crawler.press", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any that is free)")
    parser.add_argument("--clock", type=_moment, default=START, help="where the clock stands, ISO 8601")
    parser.add_argument("--ca", type=Path, help="where to write the certificate to trust")
    arguments = parser.parse_args()
    try:
        run(arguments.port, arguments.clock, arguments.ca)
    except HemerotecaError as error:
        sys.exit(str(error))


async def _play(port: int, clock: datetime, ca: Path | None) -> None:
    authority = Authority()
    proxy = Proxy(load(), authority, clock)
    ca = ca or Path(tempfile.mkdtemp(prefix="press-"), "ca.pem")
    ca.write_bytes(authority.pem)
    server = await proxy.listen(port)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    line = {"proxy": address, "ca": str(ca), "clock": clock.isoformat()}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    await stop.wait()
    await close(server, proxy)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
