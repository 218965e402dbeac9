"""Under which names the reading room answers."""

import asyncio
from typing import Any

import httpx
import pytest

from archive.readingroom.hosts import answers_to, on_loopback, only_for


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8001", "127.0.0.1:8001", "[::1]:8001", "192.0.2.7", "archive.example:443", "LOCALHOST."],
)
def test_names_that_are_ours(host: str) -> None:
    assert answers_to(host, ["archive.example"])


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8001", "localhost.evil.example", "", "127.0.0.1.evil.example"]
)
def test_names_that_are_not(host: str) -> None:
    assert not answers_to(host, ["archive.example"])


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        *((host, True) for host in ("127.0.0.1", "127.9.9.9:8001", "localhost:8001", "LOCALHOST", "::1", "[::1]:8001")),
        *(
            (host, False)
            for host in ("10.0.0.1", "::", "192.0.2.7:8001", "localhost.evil.example", "", "archive.example")
        ),
    ],
)
def test_what_this_machine_alone_can_reach(host: str, alone: bool) -> None:
    assert on_loopback(host) is alone


def test_a_request_under_another_name_is_not_answered() -> None:
    async def room(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the corpus"})

    async def ask(host: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=only_for(room, ["archive.example"]))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get("/", headers={"Host": host})

    assert asyncio.run(ask("localhost:8001")).text == "the corpus"
    refused = asyncio.run(ask("evil.example"))
    assert refused.status_code == 421
    assert "the corpus" not in refused.text
