"""Newspapers that answer badly: each URL ends in a row with its outcome, the rest goes on, no traceback is shown."""

import json
import os
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.corpus import Corpus
from crawler.verbs.init import make
from tests.warm import run

GOOD = """<!doctype html><html lang="en"><head><title>{title}</title>
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle","headline":"{title}",
"datePublished":"2023-08-04T07:32:00Z","isAccessibleForFree":true}}</script></head><body><main><article><h1>{title}</h1>
<p>This invented paragraph stands on a page of a small server that otherwise behaves as badly as it can, and it is
long enough to be an article for any reader of newspapers, human or not.</p><p>A second invented paragraph follows,
about the weather over a town that does not exist, which was mild for the season and of no consequence at all.</p>
</article></main></body></html>"""
CHALLENGE = """<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>
<noscript>Please enable JavaScript and cookies to continue</noscript>
<form id="challenge-form" action="/cdn-cgi/challenge-platform/h/b"></form></body></html>"""


def reply(
    body: bytes | str, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", more: str = ""
) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{more}\r\n".encode() + data


@dataclass
class Server:
    """A server that says exactly the bytes it is told, path by path."""

    answers: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def server() -> Iterator[Server]:
    ours = Server()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while line := self.rfile.readline():
                path = line.split(b" ")[1].decode()
                while self.rfile.readline() not in (b"\r\n", b""):
                    pass
                ours.asked.append(path)
                answer = ours.answers.get(path, reply("nothing here", status="404 Not Found"))
                self.wfile.write(answer)
                if b"X-Then-Close" in answer:
                    return

    class Threads(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Threads(("127.0.0.1", 0), Conversation) as listening:
        ours.port = listening.server_address[1]
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield ours
        listening.shutdown()


def corpus_of(folder: Path, outlets: dict[str, str], allow: list[str]) -> Corpus:
    make(folder, contact="https://archive.example/", title="A test", outlets=tuple(outlets), topic=False, delay=0.02)
    for name, text in outlets.items():
        (folder / "outlets" / f"{name}.toml").write_text(text, encoding="utf-8")
    file = folder / "corpus.toml"
    settings = file.read_text(encoding="utf-8")
    file.write_text(
        settings.replace('# allow = ["127.0.0.1:8800"]', f"allow = {json.dumps(allow)} #"), encoding="utf-8"
    )
    return Corpus(folder)


def crawl(corpus: Corpus, *words: str) -> tuple[int, dict[str, Any]]:
    plain = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    done = run("crawl", "--corpus", corpus.folder, "--json", *words, env=plain)
    assert "Traceback" not in done.stderr + done.stdout
    log = corpus.folder / "crawl.log"
    assert "Traceback" not in (log.read_text() if log.exists() else "")
    return done.returncode, json.loads(done.stdout) if done.stdout else {"stderr": done.stderr}


def outlet(name: str, home: str, sources: str) -> str:
    return f'name = "{name}"\ntitle = "{name}"\nhome = "{home}/"\nlanguages = ["en"]\ndelay = 0.02\n{sources}'


def urls(*addresses: str) -> str:
    return f'[[sources]]\nkind = "urls"\nurls = {json.dumps(list(addresses))}\n'


def source(kind: str, url: str) -> str:
    return f'[[sources]]\nkind = "{kind}"\nurl = "{url}"\n'


def outcomes(corpus: Corpus) -> dict[str, str]:
    return {row["url"]: row["outcome"] for row in corpus.database().query("SELECT url, outcome FROM leads")}


def test_pages_that_are_no_whole_articles(server: Server, tmp_path: Path) -> None:
    home = server.home
    whole = GOOD.format(title="A good story").encode()
    server.answers = {
        "/robots.txt": reply("User-agent: *\nDisallow: /secret/\n", kind="text/plain"),
        "/good": reply(whole),
        "/empty": reply("<html><body></body></html>"),
        "/nothing": reply(""),
        "/cut": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Then-Close: 1\r\nContent-Length: 99999\r\n\r\n"
        + whole,
        "/challenge": reply(CHALLENGE),
        "/film": reply(b"\x00\x00\x00\x18ftypmp42", kind="video/mp4"),
        "/gone": reply("gone", status="410 Gone"),
        "/round": reply("", status="302 Found", more=f"Location: {home}/and-round\r\n"),
        "/and-round": reply("", status="302 Found", more=f"Location: {home}/round\r\n"),
        "/secret/story": reply(whole),
    }
    paths = ["good", "empty", "nothing", "cut", "challenge", "film", "gone", "round", "secret/story"]
    corpus = corpus_of(
        tmp_path / "c",
        {"bad": outlet("bad", home, urls(*(f"{home}/{path}" for path in paths)))},
        [f"127.0.0.1:{server.port}"],
    )
    code, _ = crawl(corpus)
    assert code == 1
    found = outcomes(corpus)
    assert {path: found[f"{home}/{path}"] for path in paths} == {
        "good": "ok",
        "empty": "empty",
        "nothing": "empty",
        "cut": "truncated",
        "challenge": "wall",
        "film": "not_html",
        "gone": "http_error",
        "round": "redirected",
        "secret/story": "blocked_robots",
    }
    assert "/secret/story" not in server.asked
    assert server.asked.count("/round") <= 2
    titles = [row["title"] for row in corpus.database().query("SELECT title FROM articles WHERE text IS NOT NULL")]
    assert titles == ["A good story"]
    cut = next(corpus.database().query("SELECT truncated FROM captures WHERE url = ?", [f"{home}/cut"]))
    assert cut["truncated"] == "disconnect"


def test_sources_that_announce_nothing_or_themselves(server: Server, tmp_path: Path) -> None:
    home = server.home
    sitemap = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</sitemapindex>"
    child = "<sitemap><loc>{}</loc></sitemap>"
    server.answers = {
        "/feed-html": reply(GOOD.format(title="no feed")),
        "/feed-empty": reply("", kind="application/rss+xml"),
        "/feed-none": reply("<rss version='2.0'><channel><title>t</title></channel></rss>", kind="text/xml"),
        "/loop.xml": reply(
            sitemap.format(child.format(f"{home}/loop.xml") + child.format(f"{home}/loop2.xml")),
            kind="text/xml",
        ),
        "/loop2.xml": reply(sitemap.format(child.format(f"{home}/loop.xml")), kind="text/xml"),
        "/feed-good": reply(
            f"<rss version='2.0'><channel><item><title>x</title><link>{home}/good</link></item></channel></rss>",
            kind="text/xml",
        ),
        "/good": reply(GOOD.format(title="Found all the same")),
    }
    names = ["feed-html", "feed-empty", "feed-none", "feed-good"]
    text = outlet(
        "bad",
        home,
        "".join(source("feed", f"{home}/{name}") for name in names) + source("sitemap", f"{home}/loop.xml"),
    )
    corpus = corpus_of(tmp_path / "c", {"bad": text}, [f"127.0.0.1:{server.port}"])
    code, summary = crawl(corpus)
    assert code == 1
    found = outcomes(corpus)
    assert {name: found[f"{home}/{name}"] for name in names} == {
        "feed-html": "bad_feed",
        "feed-empty": "bad_feed",
        "feed-none": "bad_feed",
        "feed-good": "ok",
    }
    assert found[f"{home}/good"] == "ok"
    assert server.asked.count("/loop.xml") == 1
    assert server.asked.count("/loop2.xml") == 1
    assert summary["outlets"][0]["outcomes"]["bad_feed"] == 3


def test_a_sitemap_that_fails_for_a_while_is_read_later(server: Server, tmp_path: Path) -> None:
    home = server.home
    index = "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</sitemapindex>"
    child = f"<sitemap><loc>{home}/child.xml</loc></sitemap><sitemap><loc>{home}/moved.xml</loc></sitemap>"
    urlset = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>{}</loc></url></urlset>"
    server.answers = {
        "/index.xml": reply(index.format(child), kind="text/xml", more='ETag: "1"\r\n'),
        "/child.xml": reply("", status="503 Service Unavailable"),
        "/moved.xml": reply("", status="301 Moved Permanently", more=f"Location: {home}/here.xml\r\n"),
        "/here.xml": reply(urlset.format(f"{home}/one"), kind="text/xml"),
        "/one": reply(GOOD.format(title="One")),
        "/two": reply(GOOD.format(title="Two")),
    }
    text = outlet("late", home, source("sitemap", f"{home}/index.xml"))
    corpus = corpus_of(tmp_path / "c", {"late": text}, [f"127.0.0.1:{server.port}"])
    crawl(corpus)
    assert outcomes(corpus)[f"{home}/one"] == "ok"
    assert f"{home}/two" not in outcomes(corpus)
    # An hour later: the index has not changed, so nobody names the child again.
    Database(str(corpus.state_file)).execute("UPDATE frontier SET not_before = NULL")
    server.asked.clear()
    server.answers["/index.xml"] = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
    server.answers["/child.xml"] = reply(urlset.format(f"{home}/two"), kind="text/xml")
    crawl(corpus)
    assert outcomes(corpus)[f"{home}/two"] == "ok"
    assert not {"/moved.xml", "/here.xml", "/one"} & set(server.asked)


def test_a_broken_newspaper_does_not_stop_the_others(server: Server, tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = closed.getsockname()[1]
    server.answers = {
        "/good": reply(GOOD.format(title="Still here")),
        "/broken/feed": reply("oh", status="500 Internal Server Error"),
    }
    home, refused = server.home, f"http://127.0.0.1:{nobody}"
    corpus = corpus_of(
        tmp_path / "c",
        {
            "broken": outlet("broken", home, source("feed", f"{home}/broken/feed")),
            "nobody": outlet("nobody", refused, source("feed", f"{refused}/feed")),
            "good": outlet("good", home, urls(f"{home}/good")),
        },
        [f"127.0.0.1:{server.port}", f"127.0.0.1:{nobody}"],
    )
    code, summary = crawl(corpus)
    assert code == 1
    found = outcomes(corpus)
    assert found[f"{home}/good"] == "ok"
    assert found[f"{home}/broken/feed"] == "http_error"
    assert found[f"{refused}/robots.txt"] == "connect_error"
    told = {each["outlet"]: each["outcomes"] for each in summary["outlets"]}
    assert told["nobody"] == {"connect_error": 2}
    assert told["good"] == {"ok": 1}
    # Rules that could not be read forbid everything (RFC 9309 §2.3.1.4).
    assert found[f"{refused}/feed"] == "connect_error"


def test_robots_that_cannot_be_read_forbid_everything(server: Server, tmp_path: Path) -> None:
    home = server.home
    server.answers = {
        "/robots.txt": reply("", status="503 Service Unavailable"),
        "/good": reply(GOOD.format(title="Never asked for")),
    }
    corpus = corpus_of(
        tmp_path / "c", {"shut": outlet("shut", home, urls(f"{home}/good"))}, [f"127.0.0.1:{server.port}"]
    )
    crawl(corpus)
    assert outcomes(corpus)[f"{home}/good"] == "blocked_robots"
    assert set(server.asked) == {"/robots.txt"}


def test_private_addresses_need_an_entry(server: Server, tmp_path: Path) -> None:
    home = server.home
    server.answers = {"/good": reply(GOOD.format(title="Never asked for"))}
    corpus = corpus_of(tmp_path / "c", {"private": outlet("private", home, urls(f"{home}/good"))}, [])
    code, _ = crawl(corpus)
    assert code == 1
    assert outcomes(corpus)[f"{home}/robots.txt"] == "blocked_address"
    assert server.asked == []


def test_a_crawl_that_reaches_nothing_ends_with_errors(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = closed.getsockname()[1]
    home = f"http://127.0.0.1:{nobody}"
    corpus = corpus_of(tmp_path / "c", {"nobody": outlet("nobody", home, urls(f"{home}/x"))}, [f"127.0.0.1:{nobody}"])
    code, summary = crawl(corpus)
    assert code == 1
    assert summary["errors"] >= 1
    assert "the host refused the connection" in json.dumps(summary)


def test_a_public_host_is_not_asked_without_a_contact(tmp_path: Path) -> None:
    make(tmp_path / "c", contact="", title="A test", outlets=("mediapart",), topic=False)
    code, said = crawl(Corpus(tmp_path / "c"))
    assert code == 2
    assert "names no contact" in said["stderr"]
    assert said["stderr"].count("\n") == 1


def test_an_unknown_outlet_is_told_with_the_nearest_names(corpus: Corpus) -> None:
    code, said = crawl(corpus, "mediaprat")
    assert code == 2
    assert "mediapart" in said["stderr"]
