"""The pace at the server's own clock, whatever asks and however the server answers."""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.times import stamp
from tests.hostile.crawling import DELAY, Crawled, corpus, crawl, ended, nothing, outlet, robots, start, story
from tests.hostile.host import Asked, Host, at_once, gaps, hosting, reset
from tests.listening_site import reply
from tests.wire_server import certificate

Answer = Callable[[Asked, int, socket.socket], bytes | None]
URLS = ("/1", "/2", "/3")


def usual(asked: Asked) -> bytes:
    """What a newspaper without faults says."""
    if asked.path == "/robots.txt":
        return robots("User-agent: *\nDisallow: /private/\n")
    if asked.path.startswith("/.well-known/"):
        return nothing()
    return story(asked.path)


def plain(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
    return usual(asked)


def closes(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
    said = usual(asked)
    return said.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)


def slow(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
    time.sleep(0.3 if number == 0 and asked.path in ("/1", "/3") else 0)
    return usual(asked)


def drops(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
    """Reads a request on a connection that was kept, and closes it without a word."""
    return None if asked.path == "/2" and number == 0 else usual(asked)


def breaks(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
    if asked.path == "/2" and number < 2:
        reset(connection)
        return None
    return usual(asked)


def fails(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
    return reply("", status="502 Bad Gateway") if asked.path == "/2" and number < 2 else usual(asked)


def delayed(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
    if asked.path == "/robots.txt":
        return robots("User-agent: other\nCrawl-delay: 50\n\nUser-agent: *\nCrawl-delay: 0,5\n")
    return usual(asked)


def busy(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
    return (
        reply("", status="503 Busy", more="Retry-After: 2\r\n") if asked.path == "/1" and not number else usual(asked)
    )


def too_many(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
    return reply("", status="429 Too Many") if asked.path == "/1" and not number else usual(asked)


ANSWERS: dict[str, Answer] = {
    "plain": plain,
    "closes": closes,
    "slow": slow,
    "drops": drops,
    "breaks": breaks,
    "fails": fails,
    "delayed": delayed,
    "busy": busy,
    "too_many": too_many,
}


@dataclass
class Web:
    """All these hosts at once, and the crawl of them."""

    hosts: dict[str, Host]
    done: Crawled


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("pace")
    hosts = {name: Host(answer, f"127.0.10.{at}") for at, (name, answer) in enumerate(ANSWERS.items(), 1)}
    context, _ = certificate(folder, "localhost")
    # The handshake of the first connection is slow, that of the second is not
    hosts["handshake"] = Host(closes, "127.0.0.1", context, lambda at: time.sleep(0.5 if at % 2 else 0), "localhost")
    with hosting(*hosts.values()):
        made = corpus(folder / "corpus", *hosts.values())
        for name, host in hosts.items():
            outlet(made, name, host.home, *(host.home + path for path in URLS))
        yield Web(hosts, crawl(made, SSL_CERT_FILE=str(folder / "press.pem")))


@pytest.mark.parametrize("name", [*ANSWERS, "handshake"])
def test_one_request_at_a_time_and_never_two_within_the_delay(web: Web, name: str) -> None:
    host = web.hosts[name]
    assert at_once(host) == 1
    assert min(gaps(host)) >= DELAY, host.paths
    assert host.paths[0] == "/robots.txt"


@pytest.mark.parametrize("name", [*ANSWERS, "handshake"])
def test_every_article_comes_in_the_end(web: Web, name: str) -> None:
    host = web.hosts[name]
    assert {web.done.outcomes[host.home + path][0] for path in URLS} == {"ok"}


def test_no_request_is_made_more_often_than_the_retries_allow(web: Web) -> None:
    for host in web.hosts.values():
        assert max(map(host.paths.count, host.paths)) <= 3, host.paths


def test_crawl_delay_of_our_group_holds_from_the_first_request_after_it(web: Web) -> None:
    assert min(gaps(web.hosts["delayed"])) >= 0.5


def test_retry_after_holds_for_the_whole_host(web: Web) -> None:
    log = web.hosts["busy"].log
    at = next(number for number, each in enumerate(log) if each.path == "/1")
    assert log[at + 1].at - log[at].at >= 2


def test_429_alone_doubles_the_gaps_that_follow(web: Web) -> None:
    log = web.hosts["too_many"].log
    at = next(number for number, each in enumerate(log) if each.path == "/1")
    after = [later.at - each.at for each, later in zip(log[at:], log[at + 1 :], strict=False)]
    assert min(after) >= max(1.0, 2 * DELAY)


@pytest.fixture(scope="module")
def resting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Host, list[Crawled]]]:
    """429 with an hour of Retry-After at one of two outlets on one host, crawled twice."""

    def answer(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
        if asked.path == "/1":
            return reply("", status="429 Too Many", more="Retry-After: 3600\r\n")
        return usual(asked)

    host = Host(answer, "127.0.11.1")
    with hosting(host):
        made = corpus(tmp_path_factory.mktemp("rest") / "corpus", host)
        outlet(made, "one", host.home, host.home + "/1")
        outlet(made, "two", host.home, *(f"{host.home}/{number}" for number in range(2, 14)))
        yield host, [crawl(made), crawl(made)]


def test_a_host_that_asks_for_an_hour_is_left_alone_in_this_run_and_in_the_next(
    resting: tuple[Host, list[Crawled]],
) -> None:
    host, _ = resting
    assert host.paths.count("/1") == 1
    assert host.paths[-1] == "/1"
    assert host.paths.count("/robots.txt") == 1


def test_its_leads_are_deferred_and_due_again_when_it_said(resting: tuple[Host, list[Crawled]]) -> None:
    host, (first, second) = resting
    wanted = {f"{host.home}/{number}" for number in range(1, 14)}
    asked = {f"{host.home}{path}" for path in host.paths}
    ends = {url: end for url, end in first.outcomes.items() if url in wanted - asked | {f"{host.home}/1"}}
    assert {outcome for outcome, _ in ends.values()} == {"deferred"}
    assert all("until" in str(reason) for _, reason in ends.values())
    assert (first.code, second.code) == (1, 0)
    db = Database(str(first.corpus.state_file))
    later = stamp(datetime.now(UTC) + timedelta(seconds=3000))
    rows = db.execute("SELECT url, state, not_before > ? FROM frontier", [later]).fetchall()
    assert {tuple(row) for row in rows if row[0] in ends} == {(url, "new", 1) for url in ends}


def _wait(host: Host, path: str) -> None:
    until = time.monotonic() + 60
    while path not in host.paths:
        assert time.monotonic() < until, host.paths
        time.sleep(0.01)


def test_the_gap_holds_across_a_stop_a_kill_and_another_verb(tmp_path: Path) -> None:
    delay = 3.0
    host = Host(plain, "127.0.11.2")
    with hosting(host):
        made = corpus(tmp_path / "corpus", host, delay=delay)
        outlet(made, "one", host.home, *(host.home + path for path in URLS))
        for words, signal in ((("crawl", "one"), 15), (("crawl", "one"), 9), (("outlet", "probe", host.home), 15)):
            before = len(host.log)
            process = start(made, *words, "--json")
            _until(lambda before=before: len(host.log) > before)
            process.send_signal(signal)
            if signal == 15:
                ended(made, process, within=60)
            else:
                process.communicate()
    assert len(host.log) >= 3
    assert min(gaps(host)) >= delay * 0.95


def _until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize(("words", "stopped"), [((), True), (("--max-time", "90s"), False)])
def test_a_stop_and_the_end_of_the_time_end_a_rest(tmp_path: Path, words: tuple[str, ...], stopped: bool) -> None:
    def answer(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
        return reply("", status="503 Busy", more="Retry-After: 200\r\n") if asked.path == "/1" else usual(asked)

    host = Host(answer, "127.0.11.3")
    with hosting(host):
        made = corpus(tmp_path / "corpus", host)
        outlet(made, "one", host.home, *(host.home + path for path in URLS))
        process = start(made, "crawl", "one", "--json", *words)
        _until(lambda: "/1" in host.paths)
        if stopped:
            process.send_signal(15)
        done = ended(made, process, within=60)
    assert done.code == (128 + 15 if stopped else 1)
    assert host.paths.count("/1") == 1
    if not stopped:
        assert done.outcomes[f"{host.home}/1"][0] == "deferred"
