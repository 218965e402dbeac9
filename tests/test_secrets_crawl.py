"""After a crawl with a login, a proxy's password or addresses with passwords in them, no file holds a secret."""

import gzip
import json
import os
import socketserver
import sqlite3
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import pyarrow.parquet
import pytest
import zstandard

from archive.corpus import Corpus
from archive.http import parse_answer, split
from archive.records import Found, Record, walk
from crawler.verbs.init import make

STORY = """<!doctype html><html lang="en"><head><title>{title}</title>{head}
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle","headline":"{title}",
"datePublished":"2023-08-04T07:32:00Z","isAccessibleForFree":true}}</script></head><body><main><article><h1>{title}</h1>
<p>This invented paragraph stands on a page for subscribers of a newspaper that does not exist, and it is long enough
to be an article for any reader of newspapers, human or not. {more}</p><p>A second invented paragraph follows, about
the weather over a town that nobody has ever seen, which was mild for the season and of no consequence at all.</p>
</article></main></body></html>"""
SECRETS = {
    "USER": "quillon.reader@letters.example",
    "PASSWORD": "Ga&rg=yle 77/ü",
    "COOKIE": "0a1b2c3d4e5f60718293a4b5",
    "TOKEN": "tok_7f6e5d4c3b2a1908",
}
GIVEN = "given-by-the-server-55aa66bb"  # a session's id that the server sets


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
    done = subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**plain, **more},
    )
    said = done.stdout + done.stderr
    assert code in (None, done.returncode), said
    assert "Traceback" not in said
    return said


def forms(secret: str) -> set[bytes]:
    user = SECRETS["USER"]
    spelled = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), json.dumps(secret)[1:-1]}
    coded = {b64encode(each) for each in (secret.encode(), f"{user}:{secret}".encode())}
    return {each.encode() for each in spelled} | {each.rstrip(b"=") for each in coded}


def records(folder: Path) -> Iterator[tuple[Path, Record]]:
    for file in sorted(folder.rglob("*.warc.gz*")):
        if not file.name.endswith(".cdxj"):
            for found in walk(file):
                assert isinstance(found, Found), found
                yield file, found.record


def views(file: Path) -> Iterator[bytes]:
    """The bytes of a file in every way that they can be read."""
    data = file.read_bytes()
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        yield zstandard.ZstdDecompressor().stream_reader(data).read()
    if data.startswith(b"PAR1"):
        yield repr(pyarrow.parquet.read_table(file).to_pylist()).encode()
    if data.startswith(b"SQLite format 3"):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
            yield "\n".join(db.iterdump()).encode()


def holding(folder: Path, secret: str) -> list[str]:
    """The files under the folder in which the secret stands, in any spelling, however they are packed."""
    found = {
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file()
        if any(form in view for view in views(file) for form in forms(secret))
    }
    for file, record in records(folder):
        if record.type == "response" and any(form in parse_answer(record.block).body for form in forms(secret)):
            found.add(f"{file.relative_to(folder)}, in a body")
    return sorted(found)


@pytest.fixture(scope="module")
def subscribed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Corpus, Site, Site, str]]:
    """A corpus after a crawl with a login, the newspaper and another host, and what the crawl said."""
    folder = tmp_path_factory.mktemp("login") / "corpus"
    with site("127.0.0.1") as home, site("127.0.0.2") as away:
        session = f"Set-Cookie: MPSESSID={GIVEN}; Path=/; HttpOnly\r\n"
        page = STORY.format(title="For subscribers", head="", more="")
        home.answers = {
            "/robots.txt": reply("User-agent: *\nDisallow:\n", kind="text/plain"),
            "/login": reply("", status="303 See Other", more=f"{session}Location: /welcome\r\n"),
            "/welcome": reply(page, more=session),
            "/story/1": packed(page, more=session),
            "/story/2": reply("", status="302 Found", more=f"{session}Location: {away.home}/elsewhere\r\n"),
            "/story/3": reply("no", status="503 Service Unavailable", more=session),
            "/story/4": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Then-Close: 1\r\nContent-Length: 99999\r\n"
            + session.encode() + b"\r\n" + page.encode(),
            "/open/5": reply(STORY.format(title="For everybody", head="", more=""), more="Set-Cookie: seen=1\r\n"),
        }  # fmt: skip
        away.answers = {"/elsewhere": reply(page)}
        urls = [f"{home.home}{path}" for path in home.answers if path.startswith(("/story/", "/open/"))]
        corpus = corpus_of(
            folder,
            home.home,
            f'articles = "/story/|/open/|/elsewhere"\n[[sources]]\nkind = "urls"\nurls = {json.dumps(urls)}\n',
            [home.address, away.address],
        )
        environment = {f"HEMEROTECA_LOGIN_GAZETTE_{name}": value for name, value in SECRETS.items()}
        said = run("tests.subscriber", folder, **environment)
        said += run("hemeroteca", "export", folder / "public", "--corpus", folder, **environment)
        said += run(
            "hemeroteca", "export", folder / "internal", "--rights", "internal", "--corpus", folder, **environment
        )
        said += run("hemeroteca", "rebuild", "--into", folder / "again.db", "--corpus", folder, **environment)
        yield corpus, home, away, said


def test_the_secrets_were_sent_to_the_newspaper_and_to_nobody_else(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    _, home, away, _ = subscribed
    for secret in SECRETS.values():
        assert any(form in asked for asked in home.asked for form in forms(secret))
        assert not any(form in asked for asked in away.asked for form in forms(secret))
    assert not any(GIVEN.encode() in asked for asked in away.asked)
    for asked in home.asked:
        if b"/robots.txt" in asked or b"/open/" in asked:
            assert b"Cookie" not in asked
            assert b"Authorization" not in asked


@pytest.mark.parametrize("secret", [*SECRETS.values(), GIVEN], ids=[*SECRETS, "GIVEN"])
def test_no_file_and_no_stream_holds_a_secret(subscribed: tuple[Corpus, Site, Site, str], secret: str) -> None:
    corpus, _, _, said = subscribed
    assert holding(corpus.folder, secret) == []
    assert not any(form.decode() in said for form in forms(secret))


def test_the_log_says_what_happened(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    log = (subscribed[0].folder / "crawl.log").read_text(encoding="utf-8")
    assert "Spider error processing" in log
    assert "ValueError: '[withheld]' did not open it" in log
    assert "Traceback" not in log


def test_the_marker_stands_where_the_secrets_were(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    corpus, home, _, _ = subscribed
    asked: dict[str, list[bytes]] = {}
    for _, record in records(corpus.folder / "warc-private"):
        if record.type == "request":
            asked.setdefault(urlsplit(record.target_uri).path, []).append(record.block)
        if record.type == "response":
            assert b"Set-Cookie: [withheld]\r\n" in record.block
    assert b"POST /login HTTP/1.1\r\n" in asked["/login"][0]
    assert asked["/login"][0].endswith(b"\r\n\r\n[withheld]")
    for blocks in asked.values():
        for block in blocks:
            assert b"\r\nCookie: [withheld]\r\n" in block
            assert b"\r\nAuthorization: [withheld]\r\n" in block
            assert b"\r\nX-Reader: [withheld]\r\n" in block
    private = [path for path in home.paths if path.startswith(("/story/", "/login", "/welcome"))]
    assert sum(map(len, asked.values())) == len(private)


def test_the_series_are_apart(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    corpus = subscribed[0]
    series = {
        name: {
            urlsplit(record.target_uri).path for _, record in records(corpus.folder / name) if record.type == "response"
        }
        for name in ("warc", "warc-private")
    }
    assert series["warc"] >= {"/robots.txt", "/open/5", "/elsewhere"}
    assert series["warc-private"] == {"/login", "/welcome", "/story/1", "/story/2", "/story/3", "/story/4"}
    assert not series["warc"] & series["warc-private"]
    open_answers = [r.block for _, r in records(corpus.folder / "warc") if b"For everybody" in r.block]
    assert b"Set-Cookie: seen=1\r\n" in open_answers[0]  # an answer to nobody in particular stays as it was sent


def test_digests_are_over_what_is_stored(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    corpus = subscribed[0]
    stored: dict[str, Record] = {}
    for _, record in records(corpus.folder):
        assert record.header("WARC-Block-Digest") == f"sha256:{sha256(record.block).hexdigest()}"
        assert record.digest_problem() is None
        stored[record.record_id] = record
    for row in corpus.database().query("SELECT record_id, payload_sha256, session FROM captures"):
        record = stored[row["record_id"]]
        assert row["payload_sha256"] == parse_answer(record.block, truncated=record.truncated).payload_sha256
        assert row["session"] == ("anonymous" if b"[withheld]" not in record.block else "reader")


def test_what_a_login_opened_is_read_and_stays_at_home(subscribed: tuple[Corpus, Site, Site, str]) -> None:
    corpus = subscribed[0]
    texts = {row["title"]: row["text"] for row in corpus.database().query("SELECT title, text FROM articles")}
    assert "invented paragraph" in texts["For subscribers"]
    for mode in ("public", "internal"):
        whole = b"".join(view for file in (corpus.folder / mode).rglob("*") if file.is_file() for view in views(file))
        assert b"For everybody" in whole
        for private in (b"/story/1", b"/welcome", b"warc-private"):
            assert private not in whole
    left = json.loads(run("hemeroteca", "export", corpus.folder / "third", "--json", "--corpus", corpus.folder))
    assert left["left_out"]["captured with a login"] >= 1


def test_the_password_of_a_proxy_reaches_the_proxy_only(tmp_path: Path) -> None:
    password = "Pr0xy/pass@word"  # noqa: S105
    with site("127.0.0.1") as proxy:
        proxy.answers = {
            "/robots.txt": reply("User-agent: *\nDisallow:\n", kind="text/plain"),
            "/story/1": reply(STORY.format(title="Behind a proxy", head="", more="")),
        }
        urls = ["http://gazette.example/story/1", "https://gazette.example/story/2"]
        corpus = corpus_of(
            tmp_path / "c",
            "http://gazette.example",
            f'[[sources]]\nkind = "urls"\nurls = {json.dumps(urls)}\n',
            [proxy.address],
        )
        address = f"http://desk:{quote(password, safe='')}@{proxy.address}"
        said = run(
            "hemeroteca", "crawl", "--corpus", corpus.folder, "--json", code=1, HTTP_PROXY=address, HTTPS_PROXY=address
        )
    credentials = b64encode(f"desk:{password}".encode())
    assert any(b"Proxy-Authorization: Basic " + credentials in each for each in proxy.asked)
    assert {row["outcome"] for row in corpus.database().query("SELECT outcome FROM leads WHERE kind = 'article'")} == {
        "ok",
        "blocked_robots",  # the tunnel was refused, so robots.txt could not be read
    }
    for secret in (password, f"desk:{password}"):
        assert holding(corpus.folder, secret) == []
        assert secret not in said
    assert credentials.decode() not in said
    assert any(b"\r\nProxy-Authorization: [withheld]\r\n" in record.block for _, record in records(corpus.folder))


HIDDEN = "Hunter-2-hidden"


def test_passwords_in_announced_addresses_go_no_further(tmp_path: Path) -> None:
    """In feeds, redirects, rules and pages: only what the server itself sent stays as it sent it."""
    with site("127.0.0.1") as home:
        user = f"http://reader:{HIDDEN}@{home.address}"
        rss = "".join(
            f"<item><title>{number}</title><link>{link}</link></item>"
            for number, link in enumerate(
                (
                    f"{user}/story/1",
                    f"//reader:{HIDDEN}@{home.address}/story/2",
                    f"ftp://reader:{HIDDEN}@{home.address}/story/3",
                    f"http://reader:{HIDDEN}/x@{home.address}/story/4",
                    f"reader:{HIDDEN}@{home.address}/story/5",
                    f"{home.home}/moved",
                    f"{home.home}/moved-to-nowhere",
                )
            )
        )
        head = (
            f'<link rel="canonical" href="{user}/story/1"><meta property="og:image" content="{user}/a.jpg">'
            f'<link rel="license" href="{user}/licence"><meta name="tdm-policy" content="{user}/policy">'
        )
        more = f'Read <a href="{user}/story/2">another</a> and <a href="http:reader:{HIDDEN}@{home.address}/x">x</a>.'
        page = STORY.format(title="With a link", head=head, more=more)
        home.answers = {
            "/robots.txt": reply("", status="301 Moved", more=f"Location: {user}/rules.txt\r\n"),
            "/rules.txt": reply("User-agent: *\nDisallow:\n", kind="text/plain"),
            "/.well-known/tdmrep.json": reply(
                json.dumps([{"location": "/", "tdm-reservation": 1, "tdm-policy": f"{user}/policy"}]),
                kind="application/json",
            ),
            "/feed": reply("", status="302 Found", more=f"Location: {user}/feed.xml\r\n"),
            "/feed.xml": reply(f"<rss><channel>{rss}</channel></rss>", kind="application/rss+xml"),
            "/story/1": reply(page, more=f"tdm-reservation: 1\r\ntdm-policy: {user}/policy\r\n"),
            "/story/2": reply(page.replace("With a link", "Another")),
            "/moved": reply("", status="302 Found", more=f"Location: {user}/story/6\r\n"),
            "/story/6": reply(page.replace("With a link", "A third")),
            "/moved-to-nowhere": reply("", status="302 Found", more=f"Location: ftp://reader:{HIDDEN}@a.example/\r\n"),
        }
        corpus = corpus_of(
            tmp_path / "c",
            home.home,
            f'[[sources]]\nkind = "feed"\nurl = "{home.home}/feed"\n',
            [home.address],
        )
        said = run("hemeroteca", "crawl", "--corpus", corpus.folder, "--json", code=1)
        said += run("hemeroteca", "export", corpus.folder / "public", "--corpus", corpus.folder)
        said += run("hemeroteca", "rebuild", "--into", corpus.folder / "again.db", "--corpus", corpus.folder)
    assert HIDDEN not in said
    assert {"/rules.txt", "/story/1", "/story/2", "/story/6"} <= set(home.paths)
    assert not any(HIDDEN.encode() in asked for asked in home.asked)
    rows: list[Any] = corpus.database().query("SELECT url, outcome FROM leads")
    assert sum(row["outcome"] == "blocked_address" for row in rows) == 4
    for file in corpus.folder.rglob("*"):
        if file.is_file() and not file.name.endswith(".warc.gz"):
            assert not any(HIDDEN.encode() in view for view in views(file)), file
    for _, record in records(corpus.folder):
        assert HIDDEN not in repr(record.headers)
        assert record.type == "response" or HIDDEN.encode() not in record.block, record
