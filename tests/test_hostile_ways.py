"""Ways that lead away from a newspaper, or nowhere: to another host by a redirect, and to one without a handshake."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.hostile.crawling import Crawled, corpus, crawl, nothing, outlet, robots, story
from tests.hostile.host import Asked, Host, hosting
from tests.listening_site import reply

RULES = "User-agent: *\nDisallow: /closed"


@dataclass(frozen=True)
class Ways:
    paper: Host
    elsewhere: Host
    mute: Host
    crawled: Crawled

    def end(self, host: Host, path: str) -> str | None:
        return self.crawled.outcomes[host.home + path][0]


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    def there(asked: Asked, _number: int, _connection: socket.socket) -> bytes:
        return robots(RULES) if asked.path == "/robots.txt" else story("moved" + asked.path)

    def here(asked: Asked, _number: int, _connection: socket.socket) -> bytes:
        if asked.path.startswith("/to/"):
            return reply("", status="301 Moved", more=f"Location: {elsewhere.home}/{asked.path[4:]}\r\n")
        return nothing()

    def hang_up(_number: int) -> None:
        raise ConnectionAbortedError

    paper, elsewhere = Host(here, "127.0.0.234"), Host(there, "127.0.0.235")
    mute = Host(there, "127.0.0.236", before=hang_up)
    with hosting(paper, elsewhere, mute):
        made = corpus(tmp_path_factory.mktemp("ways") / "corpus", paper, elsewhere, mute, delay=0.02)
        outlet(made, "moves", paper.home, *(f"{paper.home}/to/{word}" for word in ("open", "closed")), delay=0.02)
        outlet(made, "says", paper.home, f"{paper.home}/to/other", delay=0.02)
        file = made.outlets_folder / "says.toml"
        file.write_text(f'articles = "^{paper.home}/"\n' + file.read_text(encoding="utf-8"), encoding="utf-8")
        secure = mute.home.replace("http:", "https:")
        outlet(made, "mute", secure, f"{secure}/story", delay=0.02)
        yield Ways(paper, elsewhere, mute, crawl(made))


def test_an_outlet_that_does_not_say_what_its_articles_are_is_followed_where_it_moves(ways: Ways) -> None:
    assert ways.end(ways.paper, "/to/open") == "redirected"
    assert ways.end(ways.elsewhere, "/open") == "ok"


def test_the_rules_of_the_other_host_are_asked_for_first_and_count(ways: Ways) -> None:
    assert ways.elsewhere.paths[0] == "/robots.txt"
    assert ways.end(ways.elsewhere, "/closed") == "blocked_robots"
    assert "/closed" not in ways.elsewhere.paths


def test_what_leads_away_from_an_outlet_that_says_so_is_no_article_of_it(ways: Ways) -> None:
    assert ways.end(ways.elsewhere, "/other") == "skipped"


def test_a_handshake_that_is_broken_off_is_tried_again_and_told(ways: Ways) -> None:
    rows = {url.rpartition("/")[2]: row for url, row in ways.crawled.outcomes.items() if url.startswith("https:")}
    assert {name: end for name, (end, _) in rows.items()} == {"robots.txt": "tls_error", "story": "tls_error"}
    assert rows["robots.txt"][1] == "the host broke off the handshake"
    assert ways.mute.connections == 3
