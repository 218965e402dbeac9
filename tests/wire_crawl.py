"""A tapped crawl of a wire server, and what came of it: the common ground of the tests of exact bytes."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.records import Found, Record, walk
from tests.warm import Started, start
from tests.wire_server import Script, TunnelServer, WireServer, certificate

CHECKOUT = Path(__file__).resolve().parent.parent
TEXT = b"<p>PREMIER mot d'un article invent\xc3\xa9.</p>" * 50
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
LIMIT = 300_000
TAPPED = ("tests.tapped_crawl",)
ONE_BY_ONE = {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.01}


def sized(body: bytes, *fields: bytes, first: bytes = OK) -> bytes:
    head = b"".join(field + b"\r\n" for field in fields)
    return first + head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunks(body: bytes, size: int, extension: bytes = b"", trailers: bytes = b"") -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    framed = b"".join(b"%X%s\r\n%s\r\n" % (len(part), extension, part) for part in parts)
    return framed + b"0\r\n" + trailers + b"\r\n"


@dataclass
class Crawled:
    """What came of one crawl: lines that it said, records that it wrote, and the server it asked."""

    base: str
    server: WireServer
    lines: list[dict[str, Any]]
    records: list[Record]
    files: list[Path]

    def exchanges(self, name: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if "exchange" in line and line["url"] == f"{self.base}/{name}"]

    def blocks(self, kind: str, name: str) -> list[bytes]:
        return [r.block for r in self.records if r.type == kind and r.target_uri == f"{self.base}/{name}"]

    def ends(self, name: str) -> list[dict[str, Any]]:
        url = f"{self.base}/{name}"
        return [line for line in self.lines if url in (line.get("response"), line.get("error"))]

    def plain(self, name: str, method: str = "GET") -> bytes:
        return self.server.plain(f"/{name}", self.base.partition("//")[2], method)


def requests(
    base: str, names: list[str], meta: dict[str, Any] | None = None, **more: dict[str, Any]
) -> list[dict[str, Any]]:
    """Requests that are not repeated; `more`: what is special to one, by its name with _ for -."""
    made = []
    for name in names:
        special = more.get(name.replace("-", "_"), {})
        words = {key: value for key, value in special.items() if key != "meta"}
        made.append(
            {
                "url": f"{base}/{name}",
                "meta": {"dont_retry": True, **(meta or {}), **special.get("meta", {})},
                **words,
            }
        )
    return made


def started(
    folder: Path,
    asked: list[dict[str, Any]],
    *,
    record: bool = True,
    grace: float | None = None,
    module: tuple[str, ...] = TAPPED,
    **settings: Any,
) -> Started:
    """The crawl as a process of its own, which has been told what to ask for."""
    settings = {"DOWNLOAD_MAXSIZE": LIMIT, "COOKIES_ENABLED": False, **settings}
    task = {"folder": str(folder), "record": record, "grace": grace, "settings": settings, "requests": asked}
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    process = start(
        *module,
        cwd=CHECKOUT,
        env={**clean, "SSL_CERT_FILE": str(folder / "press.pem")},
        stdin=subprocess.PIPE,
        cold=module != TAPPED,  # it changes what is imported
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(task))
    process.stdin.close()
    process.stdin = None
    return process


def ended(process: Started, reason: str = "finished") -> tuple[list[dict[str, Any]], str]:
    """The lines that the crawl said, and what it logged."""
    try:
        said, logged = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 0, logged
    lines = [json.loads(line) for line in said.splitlines()]
    assert lines, logged
    assert lines[-1] == {"closed": reason}, logged
    return lines, logged


def crawl(folder: Path, asked: list[dict[str, Any]], **words: Any) -> list[dict[str, Any]]:
    """A crawl to its end, of which every capture is exact."""
    lines, _ = ended(started(folder, asked, **words))
    assert {line["fidelity"] for line in lines if "exchange" in line} <= {"exact"}
    return lines


def records_in(folder: Path) -> list[Record]:
    """All records of the WARC files below, which are whole."""
    found = [each for path in sorted(folder.rglob("*.warc.gz")) for each in walk(path)]
    assert all(isinstance(each, Found) for each in found)
    return [each.record for each in found if isinstance(each, Found)]


@contextmanager
def crawled(
    way: str,
    folder: Path,
    scripts: dict[str, Script],
    names: list[str],
    settings: dict[str, Any] | None = None,
    **more: dict[str, Any],
) -> Iterator[Crawled]:
    """A crawl of `names` over http, over https, or over https through a tunnel."""
    host = "press.example" if way == "tunnel" else "localhost"
    context, _ = certificate(folder, host)
    tls = way != "http"
    server = WireServer({f"/{name}": script for name, script in scripts.items()}, context if tls else None)
    base = f"{'https' if tls else 'http'}://{host}:{server.port}"
    meta: dict[str, Any] = {}
    tunnel = None
    if way == "tunnel":
        tunnel = TunnelServer(server.port)
        base = f"https://{host}"
        meta = {"proxy": f"http://127.0.0.1:{tunnel.port}"}
    lines = crawl(folder, requests(base, names, meta, **more), **(settings or {}))
    yield Crawled(base, server, lines, records_in(folder), sorted(folder.rglob("*.warc.gz")))
    server.close()
    if tunnel is not None:
        assert tunnel.asked
        tunnel.close()
