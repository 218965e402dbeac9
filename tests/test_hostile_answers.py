"""What robots.txt and servers of any kind make of a crawl: one outcome for each address, and its reason in words."""

import gzip
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.hostile.crawling import Crawled, corpus, nothing, outlet, robots, story
from tests.hostile.host import Asked, Host, at_once, hosting, reset
from tests.listening_site import reply

RULES = "User-agent: *\nDisallow: /private/\n"
SECONDS = 4  # of one answer, in place of 120
Answer = Callable[[socket.socket, int], bytes | None]


def said(answer: bytes) -> Answer:
    return lambda connection, number: answer


def sent(*pieces: bytes, then: Callable[[socket.socket], None] = lambda connection: None) -> Answer:
    """Writes these, and ends the connection."""

    def answer(connection: socket.socket, number: int) -> None:
        for piece in pieces:
            connection.sendall(piece)
        then(connection)

    return answer


def flood(piece: bytes, pause: float = 0) -> Answer:
    def answer(connection: socket.socket, number: int) -> None:
        while True:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


def plain_text(body: bytes, more: str = "") -> bytes:
    return reply(body, kind="text/plain", more=more)


HEAD, BODY = story(1).split(b"\r\n\r\n", 1)
HEAD += b"\r\n\r\n"
ZIPPED = gzip.compress(BODY)
HOPS = count(1)
PROMISED = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 30000000\r\n\r\n"
LONG = ("# nothing\n" * 1_000).encode()

# robots.txt → how /a and /private/b end
ROBOTS: dict[str, tuple[Answer, str, str]] = {
    "utf16": (said(plain_text(RULES.encode("utf-16"))), "ok", "blocked_robots"),
    "gzip": (said(plain_text(gzip.compress(RULES.encode()), "Content-Encoding: gzip\r\n")), "ok", "blocked_robots"),
    "page": (said(reply("<html><body>User-agent: none</body></html>")), "ok", "ok"),
    "403": (said(robots("", status="403 Forbidden")), "ok", "ok"),
    "500": (said(robots("", status="500 Broken")), "blocked_robots", "blocked_robots"),
    "once": (
        lambda _, number: robots(RULES) if number else robots("", status="503 Busy", more="Retry-After: 1\r\n"),
        "ok",
        "blocked_robots",
    ),
    "reset": (sent(then=reset), "blocked_robots", "blocked_robots"),
    "cut": (sent(HEAD, BODY[:50]), "blocked_robots", "blocked_robots"),
    "coding": (said(plain_text(b"x", "Content-Encoding: x-odd\r\n")), "blocked_robots", "blocked_robots"),
    "circle": (
        said(reply("", status="302 Found", more="Location: /robots.txt\r\n")),
        "blocked_robots",
        "blocked_robots",
    ),
    "inside": (
        said(reply("", status="302 Found", more="Location: http://10.0.0.1/\r\n")),
        "blocked_robots",
        "blocked_robots",
    ),
    "elsewhere": (
        said(reply("", status="302 Found", more="Location: ftp://127.0.13.1/robots.txt\r\n")),
        "blocked_robots",
        "blocked_robots",
    ),
    "chain": (
        lambda _, number: reply("", status="302 Found", more=f"Location: /robots.txt?{next(HOPS)}\r\n"),
        "ok",
        "ok",
    ),
    "long": (sent(PROMISED, RULES.encode(), *[LONG] * 600), "ok", "blocked_robots"),
    "heads": (flood(b"X-Field: 1\r\n" * 100), "blocked_robots", "blocked_robots"),
}
# the answer at /a → how it ends, and a word of the reason
ANSWERS: dict[str, tuple[Answer, str, str]] = {
    "silence": (sent(then=lambda connection: time.sleep(2 * SECONDS)), "timeout", "within"),
    "drip": (flood(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 9, 0.5), "timeout", "time limit"),
    "interim": (flood(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 99), "too_large", "size limit"),
    "early": (said(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + story(2)), "ok", ""),
    "upgrade": (sent(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), "bad_http", "status 101"),
    "upgraded": (sent(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + story(2)), "bad_http", "status 101"),
    "spaces": (said(story(3).replace(b"HTTP/1.1 200", b"HTTP/1.1  200")), "ok", ""),
    "tabs": (said(story(4).replace(b"HTTP/1.1 200 OK", b"HTTP/1.1\t200\tOK")), "ok", ""),
    "one": (sent(story(5).replace(b"HTTP/1.1", b"HTTP/1")), "ok", ""),
    "checksum": (said(reply(ZIPPED[:-8] + bytes(8), more="Content-Encoding: gzip\r\n")), "truncated", "checksum"),
    "mended": (
        lambda _, number: reply(ZIPPED[: None if number else -9], more="Content-Encoding: gzip\r\n"),
        "ok",
        "",
    ),
    "zero": (said(b"HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n"), "bad_http", "status 0"),
    "nine": (sent(BODY), "bad_http", "not HTTP"),
    "body": (flood(b"<p>without an end</p>" * 5000), "too_large", "header"),
    "endless": (sent(HEAD.split(b"Content-Length")[0] + b"\r\n", *[b"<p>x</p>" * 50_000] * 60), "too_large", "size"),
    "circle": (said(reply("", status="301 Moved", more="Location: /a\r\n")), "redirect_loop", "which led here"),
    "again": (said(reply("", status="503 Busy", more="Retry-After: 1\r\n")), "http_error", "503"),
}


@dataclass
class Web:
    hosts: dict[str, Host]
    done: Crawled

    def end(self, name: str, path: str) -> tuple[str | None, str | None]:
        return self.done.outcomes[self.hosts[name].home + path]


def host(address: str, *, rules: Answer | None = None, article: Answer | None = None) -> Host:
    def answer(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
        if asked.path.startswith("/robots.txt"):
            return rules(connection, number) if rules else robots(RULES)
        if asked.path.startswith("/.well-known/"):
            return nothing()
        return article(connection, number) if article and asked.path == "/a" else story(asked.path)

    return Host(answer, address)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """All of them in one crawl, as one outlet whose articles lie at many hosts."""
    made_of = {
        f"robots-{name}": host(f"127.0.13.{n}", rules=each[0]) for n, (name, each) in enumerate(ROBOTS.items(), 1)
    }
    made_of |= {name: host(f"127.0.14.{n}", article=each[0]) for n, (name, each) in enumerate(ANSWERS.items(), 1)}
    with hosting(*made_of.values()):
        made = corpus(tmp_path_factory.mktemp("answers") / "corpus", *made_of.values(), delay=0.05)
        urls = [each.home + path for each in made_of.values() for path in ("/a", "/private/b", "/c")]
        outlet(made, "all", "http://127.0.13.1", *urls)
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "all", "-s", f"DOWNLOAD_TIMEOUT={SECONDS}", "-a", "corpus=."],
            cwd=made.folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env={
                **os.environ,
                "SCRAPY_SETTINGS_MODULE": "crawler.settings",
                "PYTHONPATH": os.pathsep.join([str(Path(__file__).resolve().parents[1]), os.environ["PYTHONPATH"]]),
            },
        )
        assert "Traceback" not in done.stderr, done.stderr
        yield Web(made_of, Crawled(made, done.returncode, done.stdout))


@pytest.mark.parametrize("name", ROBOTS)
def test_robots_txt_decides(web: Web, name: str) -> None:
    _, allowed, forbidden = ROBOTS[name]
    at = f"robots-{name}"
    assert (web.end(at, "/a")[0], web.end(at, "/private/b")[0]) == (allowed, forbidden)
    asked = web.hosts[at].paths
    assert asked[0] == "/robots.txt"
    assert ("/a" in asked, "/private/b" in asked) == (allowed == "ok", forbidden == "ok")
    if allowed != "ok":
        assert "could not be read" in str(web.end(at, "/a")[1])
        assert set(asked) == {"/robots.txt"}


# where the way to the rules ends → that address, how it ends there, and a word of the reason
ENDS = {
    "circle": ("/robots.txt", "redirect_loop", "which led here"),
    "inside": ("http://10.0.0.1/", "blocked_address", "corpus.toml"),
    "elsewhere": ("ftp://127.0.13.1/robots.txt", "blocked_address", "only http"),
    "chain": ("/robots.txt?5", "redirect_loop", "more than 5"),
}


@pytest.mark.parametrize("name", ENDS)
def test_the_address_at_which_the_way_to_the_rules_ends_has_its_row(web: Web, name: str) -> None:
    address, outcome, word = ENDS[name]
    address = address if ":" in address else web.hosts[f"robots-{name}"].home + address
    found, reason = web.done.outcomes[address]
    assert (found, word in str(reason)) == (outcome, True), reason


def test_what_came_as_a_part_is_asked_for_again(web: Web) -> None:
    assert web.hosts["checksum"].paths.count("/a") == 3
    assert web.hosts["mended"].paths.count("/a") == 2


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_of_any_kind_ends_in_one_outcome(web: Web, name: str) -> None:
    _, outcome, word = ANSWERS[name]
    found, reason = web.end(name, "/a")
    assert (found, word in str(reason or "")) == (outcome, True), reason
    assert web.hosts[name].paths.count("/a") <= 3
    assert web.end(name, "/c")[0] == "ok", "the next one is asked for all the same"


def test_a_robots_txt_without_end_is_cut_at_500_kib_and_its_record_says_so(web: Web) -> None:
    db = web.done.corpus.database()
    row = db.execute(
        "SELECT truncated, warc_length FROM captures WHERE url = ?", [web.hosts["robots-long"].home + "/robots.txt"]
    ).fetchone()
    assert row[0] == "length"


def test_what_was_cut_is_never_taken_for_whole(web: Web) -> None:
    rows = web.done.corpus.database().execute(
        "SELECT leads.url, outcome FROM leads JOIN captures ON captures.id = capture_id WHERE truncated IS NOT NULL"
    )
    assert "ok" not in {outcome for _, outcome in rows.fetchall()}


def test_one_request_at_a_time_at_each_that_notices_an_end(web: Web) -> None:
    assert {at_once(each) for name, each in web.hosts.items() if name not in ("silence", "upgrade", "drip")} == {1}
