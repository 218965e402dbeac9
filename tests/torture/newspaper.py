"""A newspaper on loopback that keeps its own books: what it printed, who asked for it, what it sent to the end.

Each article has a first and a last word that stand nowhere else, so that a cut text shows. Some articles have 8 MiB.
"""

import base64
import gzip
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

LARGE = 8 * 1024 * 1024
SITEMAP = 100  # articles in a sitemap
WORDS = ("river", "market", "school", "road", "bridge", "harvest", "council", "teacher", "radio", "winter", "letter")


@dataclass(frozen=True)
class Printed:
    """An article as it is: its words at both ends, its page, and the content as it travels (before chunking)."""

    number: int
    url: str
    first: str
    last: str
    page: bytes
    coding: str | None
    chunked: bool

    @cached_property
    def content(self) -> bytes:
        return gzip.compress(self.page, 1, mtime=0) if self.coding else self.page

    @cached_property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Asked:
    """One request, and when it came."""

    url: str
    at: float


class Newspaper:
    """`articles` pages, `large` of them with `size` bytes, announced by a sitemap, a feed and by name.

    Use it in a `with`.
    """

    def __init__(self, articles: int = 500, large: int = 20, seed: int = 1, *, size: int = LARGE) -> None:
        self._random = random.Random(seed)  # noqa: S311
        self._filler = base64.b64encode(self._random.randbytes(size * 3 // 4))
        self.large: set[str] = set()
        self._changed = threading.Condition()
        self.asked: list[Asked] = []
        self.whole: Counter[str] = Counter()  # answers of which the last byte was handed to the network
        self.held: set[str] = set()  # answers that stop in the middle
        self._released = threading.Event()
        paper = self

        class Desk(_Desk):
            newspaper = paper

        self._server = _Press(("127.0.0.1", 0), Desk)
        self.address = f"127.0.0.1:{self._server.server_port}"
        self.home = f"http://{self.address}"
        every = articles // large if large else articles + 1
        self.articles = {
            each.url: each for each in (self._print(number, number % every == every // 2) for number in range(articles))
        }

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def _print(self, number: int, large: bool) -> Printed:
        draw = self._random
        first, last = (f"{word}{draw.getrandbits(64):016x}" for word in ("opening", "closing"))
        sentences = [" ".join(draw.choices(WORDS, k=14)).capitalize() + "." for _ in range(24)]
        paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, 24, 4)]
        body = "".join(f"<p>{each}</p>\n" for each in (f"{first} {paragraphs[0]}", *paragraphs[1:-1]))
        if large:
            turn = draw.randrange(len(self._filler) // 2)
            filler = (self._filler[turn:] + self._filler[:turn]).decode()
            body += f'<script type="application/json">{{"picture": "{filler}"}}</script>\n'
        body += f"<p>{paragraphs[-1]} {last}</p>\n"
        page = (
            f'<!doctype html><html lang="en"><head><title>Report {number}</title></head>'
            f"<body><article><h1>Report {number} from the {draw.choice(WORDS)}</h1>\n{body}</article></body></html>"
        ).encode()
        url = f"{self.home}/reports/{number:04}"
        if large:
            self.large.add(url)
        # What 8 MiB of pictures is, no server compresses
        return Printed(
            number, url, first, last, page, "gzip" if number % 3 == 1 and not large else None, number % 2 == 1
        )

    def outlet(self, name: str = "reports") -> str:
        """The newspaper as an outlet in TOML. The first tenth is named one by one, the last is in the feed."""
        named = ", ".join(f'"{url}"' for url in list(self.articles)[: self._tenth])
        return (
            f'name = "{name}"\ntitle = "The Reports"\nhome = "{self.home}/"\nlanguages = ["en"]\n'
            "articles = '/reports/\\d{4}'\ndelay = 0.005\n"
            f'[[sources]]\nkind = "urls"\nurls = [{named}]\n'
            f'[[sources]]\nkind = "feed"\nurl = "{self.home}/feed.xml"\n'
            f'[[sources]]\nkind = "sitemap"\nurl = "{self.home}/sitemap.xml"\n'
        )

    @property
    def _tenth(self) -> int:
        return max(1, len(self.articles) // 10)

    def wait(self, until: "Callable[[Newspaper], bool]", seconds: float) -> bool:
        """Waits for something in the books; False where it did not come in time."""
        with self._changed:
            return self._changed.wait_for(lambda: until(self), seconds)

    def requests(self) -> Counter[str]:
        """How often each article was asked for."""
        with self._changed:
            return Counter(each.url for each in self.asked if each.url in self.articles)

    def _begin(self, url: str) -> None:
        with self._changed:
            self.asked.append(Asked(url, time.monotonic()))
            self._changed.notify_all()

    def _end(self, url: str) -> None:
        with self._changed:
            self.whole[url] += 1
            self._changed.notify_all()

    def announcement(self, path: str) -> tuple[str, bytes] | None:
        """Content type and body of robots.txt, the feed, the sitemap index and its children."""
        urls = list(self.articles)
        if path == "/robots.txt":
            return "text/plain", b"User-agent: *\nDisallow: /private/\n"
        if path == "/feed.xml":
            items = "".join(f"<item><title>Report</title><link>{url}</link></item>" for url in urls[-self._tenth :])
            feed = f"<rss version='2.0'><channel><title>Reports</title><link>{self.home}/</link>{items}</channel></rss>"
            return "application/rss+xml", feed.encode()
        name = "http://www.sitemaps.org/schemas/sitemap/0.9"
        if path == "/sitemap.xml":
            children = range(-(-len(urls) // SITEMAP))
            listed = "".join(f"<sitemap><loc>{self.home}/sitemap-{each}.xml</loc></sitemap>" for each in children)
            return "application/xml", f'<sitemapindex xmlns="{name}">{listed}</sitemapindex>'.encode()
        if path.startswith("/sitemap-"):
            at = int(path.removeprefix("/sitemap-").removesuffix(".xml")) * SITEMAP
            listed = "".join(f"<url><loc>{url}</loc></url>" for url in urls[at : at + SITEMAP])
            return "application/xml", f'<urlset xmlns="{name}">{listed}</urlset>'.encode()
        return None


class _Press(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawl that is killed resets its connections: nothing to say about that."""


class _Desk(BaseHTTPRequestHandler):
    newspaper: Newspaper
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        url = self.newspaper.home + self.path
        self.newspaper._begin(url)
        try:
            article = self.newspaper.articles.get(url)
            if article is not None:
                self._send(article)
            else:
                self._announce()
        except OSError:
            self.close_connection = True  # the crawl was killed while it read
            return
        self.newspaper._end(url)

    def _announce(self) -> None:
        found = self.newspaper.announcement(self.path)
        kind, body = found or ("text/plain", b"no such page")
        tag = f'"{sha256(body).hexdigest()[:16]}"'
        same = found is not None and self.headers.get("If-None-Match") == tag
        self.send_response(304 if same else 200 if found else 404)
        if found and not self.path.startswith("/robots"):
            self.send_header("ETag", tag)
        if not same:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not same:
            self.wfile.write(body)

    def _send(self, article: Printed) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if article.coding:
            self.send_header("Content-Encoding", article.coding)
        if article.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(article.content)))
        self.end_headers()
        step = 256 * 1024 if len(article.content) > LARGE // 2 else 2000
        for at in range(0, len(article.content), step):
            piece = article.content[at : at + step]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if article.chunked else piece)
            if article.url in self.newspaper.held:
                self.newspaper._released.wait(60)
            if at:
                time.sleep(0.002)  # a large answer is under way long enough to be met by a kill
        if article.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's signature)
        """The newspaper keeps its own books."""


def corpus_of(newspaper: Newspaper, folder: Path, *, warc_bytes: int = 256_000_000) -> Path:
    """A corpus without topics that watches the newspaper, without rest between two requests."""
    for part in ("topics", "outlets", "warc"):
        (folder / part).mkdir(parents=True)
    (folder / "outlets" / "reports.toml").write_text(newspaper.outlet(), encoding="utf-8")
    (folder / "corpus.toml").write_text(
        'title = "Torture"\ncontact = "https://archive.example/"\noutlets = ["reports"]\n'
        f"[pace]\ndelay = 0.005\n[limits]\nwarc_bytes = {warc_bytes}\n"
        f'[network]\nallow = ["{newspaper.address}"]\n',
        encoding="utf-8",
    )
    return folder
