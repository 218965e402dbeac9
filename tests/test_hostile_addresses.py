"""Names that lead into private networks, at the first look or at the second: no connection is tried."""

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hostile.crawling import Crawled, corpus, crawl, nothing, outlet, robots, story
from tests.hostile.host import Asked, Host, hosting
from tests.listening_site import reply

PUBLIC = "93.184.216.34"  # stands for a loopback address here
NAMES = {
    "open.example": [[PUBLIC]],
    "inside.example": [["10.0.0.7"]],
    "xn--intrieur-e1a.example": [["10.0.0.8"]],
    "mapped.example": [["::ffff:127.0.0.1"]],
    "both.example": [["10.0.0.7", PUBLIC]],
    "rebound.example": [[PUBLIC], ["127.0.0.1"]],
    "gone.example": [[]],
}
LITERALS = (
    "2130706433", "0177.1", "0x7f.0.0.1", "127.1", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "[::]", "[::1]", "0", "localhost", "127.0.0.1.", "169.254.169.254",
)  # fmt: skip


@dataclass
class Tried:
    """What the crawl left, the canary behind the private addresses, and each address that was connected to."""

    done: Crawled
    canary: Host
    addresses: list[str]
    port: int

    def end(self, url: str) -> str | None:
        return self.done.outcomes[url][0]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    folder = tmp_path_factory.mktemp("names")

    def answer(asked: Asked, number: int, connection: socket.socket) -> bytes | None:
        if asked.path == "/robots.txt" and asked.name.startswith("open."):
            return robots("User-agent: *\nAllow: /\n")
        if asked.path == "/robots.txt":
            return robots("", more="Connection: close\r\n")
        if asked.path.startswith("/to/"):
            at = LITERALS[int(asked.path[4:])]
            return reply("", status="302 Found", more=f"Location: http://{at}:{canary.port}/x\r\n")
        if asked.path.startswith("/.well-known/"):
            return nothing()
        return story(asked.path)

    canary = Host(answer, "127.0.0.1")
    house = Host(answer, "127.0.12.1")
    with hosting(canary, house):
        file = folder / "web.json"
        file.write_text(json.dumps({"names": NAMES, "leads": {PUBLIC: house.address}}), encoding="utf-8")
        made = corpus(folder / "corpus", house, delay=0.05)
        for name in NAMES:
            home = f"http://{name}:{house.port}"
            more = [f"{home}/to/{number}" for number in range(len(LITERALS))] if name == "open.example" else []
            outlet(made, name, home, f"{home}/a", *more)
        path = os.pathsep.join([str(Path(__file__).parent / "hostile" / "names"), os.environ["PYTHONPATH"]])
        done = crawl(made, [*NAMES], HOSTILE_WEB=str(file), PYTHONPATH=path)
        yield Tried(done, canary, file.with_suffix(".log").read_text(encoding="utf-8").split(), house.port)


def test_no_connection_is_tried_to_any_address_that_is_not_public(tried: Tried) -> None:
    assert set(tried.addresses) == {PUBLIC}
    assert tried.canary.connections == 0


@pytest.mark.parametrize("name", ["inside.example", "xn--intrieur-e1a.example", "mapped.example", "rebound.example"])
def test_a_name_that_leads_inside_is_a_blocked_address(tried: Tried, name: str) -> None:
    assert tried.end(f"http://{name}:{tried.port}/a") == "blocked_address"


def test_of_several_addresses_the_public_one_is_taken(tried: Tried) -> None:
    assert tried.end(f"http://open.example:{tried.port}/a") == "ok"
    assert tried.end(f"http://both.example:{tried.port}/a") == "ok"


def test_a_name_that_nobody_knows_is_no_blocked_address(tried: Tried) -> None:
    outcome, reason = tried.done.outcomes[f"http://gone.example:{tried.port}/a"]
    assert (outcome, reason) == ("connect_error", "robots.txt could not be read: the host's name was not found")
    assert tried.end(f"http://gone.example:{tried.port}/robots.txt") == "connect_error"


def test_a_redirect_inside_in_any_form_of_address_is_refused(tried: Tried) -> None:
    ends = {url: end for url, (end, _) in tried.done.outcomes.items() if url.endswith(f":{tried.canary.port}/x")}
    assert set(ends.values()) == {"blocked_address"}
    assert len(ends) >= len(LITERALS) - 2  # some are one address in another spelling
