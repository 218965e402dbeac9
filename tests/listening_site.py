"""A newspaper on loopback that keeps what it was asked, and the command that crawls it."""

import gzip
import json
import os
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from archive.corpus import Corpus
from archive.http import split
from crawler.verbs.init import make
from tests.warm import start

STORY = """<!doctype html><html lang="en"><head><title>{title}</title>{head}
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle","headline":"{title}",
"datePublished":"2023-08-04T07:32:00Z","isAccessibleForFree":true}}</script></head><body><main><article><h1>{title}</h1>
<p>This invented paragraph stands on a page for subscribers of a newspaper that does not exist, and it is long enough
to be an article for any reader of newspapers, human or not. {more}</p><p>A second invented paragraph follows, about
the weather over a town that nobody has ever seen, which was mild for the season and of no consequence at all.</p>
</article></main></body></html>"""


@dataclass
class Site:
    """A server on one of the loopback addresses: says the bytes it is told, keeps what it was asked."""

    answers: dict[str, bytes] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)  # head and body, as they came
    address: str = ""

    @property
    def home(self) -> str:
        return f"http://{self.address}"

    @property
    def paths(self) -> list[str]:
        return [each.split(b" ")[1].decode() for each in self.asked]


@contextmanager
def site(host: str) -> Iterator[Site]:
    ours = Site()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while line := self.rfile.readline():
                head = [line]
                while (line := self.rfile.readline()) not in (b"\r\n", b""):
                    head.append(line)
                message = split(b"".join(head) + b"\r\n")
                body = self.rfile.read(int(message.header("Content-Length") or 0))
                ours.asked.append(b"".join(head) + b"\r\n" + body)
                target = urlsplit(head[0].split(b" ")[1].decode())
                answer = ours.answers.get(target.path, reply("nothing here", status="404 Not Found"))
                self.wfile.write(answer)
                if b"X-Then-Close" in answer:
                    return

    class Threads(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Threads((host, 0), Conversation) as listening:
        ours.address = f"{host}:{listening.server_address[1]}"
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield ours
        listening.shutdown()


def reply(
    body: str | bytes, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", more: str = ""
) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{more}\r\n".encode() + data


def packed(body: str, more: str = "") -> bytes:
    """Compressed and in chunks."""
    data = gzip.compress(body.encode())
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n{more}"
    )
    pieces = [data[at : at + 200] for at in range(0, len(data), 200)]
    return f"{head}\r\n".encode() + b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def corpus_of(folder: Path, home: str, sources: str, allow: list[str]) -> Corpus:
    make(folder, contact="https://archive.example/", title="A test", outlets=("gazette",), topic=False, delay=0.02)
    (folder / "outlets" / "gazette.toml").write_text(
        f'name = "gazette"\ntitle = "Gazette"\nhome = "{home}/"\nlanguages = ["en"]\ndelay = 0.02\n{sources}',
        encoding="utf-8",
    )
    file = folder / "corpus.toml"
    text = file.read_text(encoding="utf-8").replace('# allow = ["127.0.0.1:8800"]', f"allow = {json.dumps(allow)} #")
    file.write_text(text, encoding="utf-8")
    return Corpus(folder)


def run(*words: object, code: int | None = 0, **more: str) -> str:
    """What the command says, on both streams."""
    plain = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    command = start(*map(str, words), env={**plain, **more})
    said = "".join(command.communicate(timeout=120))
    assert code in (None, command.returncode), said
    assert "Traceback" not in said
    return said
