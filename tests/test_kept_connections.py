"""A server that closes the connections it let us keep: no fault of the address that is asked for next."""

import socket
from collections import Counter
from pathlib import Path

from tests.hostile.crawling import corpus, crawl, nothing, outlet, story
from tests.hostile.host import Asked, Host, hosting, reset

SERVED = 2  # requests on each connection


def test_a_reset_of_a_kept_connection_is_no_attempt(tmp_path: Path) -> None:
    served: Counter[int] = Counter()

    def answer(asked: Asked, _before: int, connection: socket.socket) -> bytes | None:
        served[asked.over] += 1
        if served[asked.over] > SERVED:
            reset(connection)
            return None
        return story(asked.path) if asked.path.startswith("/s") else nothing()

    host = Host(answer, "127.0.0.232")
    urls = [f"/s{number}" for number in range(5)]
    with hosting(host):
        made = corpus(tmp_path / "corpus", host, delay=0.02)
        outlet(made, "kept", host.home, *(host.home + path for path in urls), delay=0.02)
        crawled = crawl(made)
    assert {path: crawled.outcomes[host.home + path][0] for path in urls} == dict.fromkeys(urls, "ok")
    asked = Counter(host.paths)
    assert sum(asked[path] for path in urls) > len(urls), "no kept connection was reset"
    assert max(asked.values()) == 2


def test_a_server_that_reads_and_hangs_up_is_asked_once_more_than_the_retries_allow(tmp_path: Path) -> None:
    def answer(asked: Asked, _before: int, _connection: socket.socket) -> bytes | None:
        if asked.path == "/mute":
            return None
        return story(asked.path) if asked.path.startswith("/s") else nothing()

    host = Host(answer, "127.0.0.233")
    urls = ["/mute", *(f"/s{number}" for number in range(6))]
    with hosting(host):
        made = corpus(tmp_path / "corpus", host, delay=0.02)
        outlet(made, "mute", host.home, *(host.home + path for path in urls), delay=0.02)
        crawled = crawl(made)
    assert crawled.outcomes[host.home + "/mute"][0] == "connect_error"
    assert Counter(host.paths)["/mute"] <= 4
