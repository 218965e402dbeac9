"""Under which names the room answers.

A room on this machine is open to the person at it. A hostile web page in their browser could reach it too, by a name
of its own that resolves to 127.0.0.1 (DNS rebinding): so a room on loopback answers to `localhost`, to addresses, and
to the names that were given, and to no other (RFC 9110 §7.4 asks servers to check the authority they are asked under).
"""

import ipaddress
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

Application = Callable[[Any, Any, Any], Awaitable[None]]


def answers_to(host: str, names: Iterable[str]) -> bool:
    """Whether a Host field, with or without a port, is an address, `localhost` or one of `names`."""
    name = _name(host)
    if name == "localhost" or name in {each.lower() for each in names}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def on_loopback(host: str) -> bool:
    """Whether a Host field or an address to listen on can be reached from this machine alone (RFC 6761 §6.3)."""
    name = _name(host)
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """A Host field without its port, in small letters."""
    name = host.rsplit(":", 1)[0] if host.count(":") == 1 or (host.startswith("[") and "]:" in host) else host
    return name.strip("[]").lower().rstrip(".")


def only_for(application: Application, names: Iterable[str]) -> Application:
    """The application, answering 421 (RFC 9110 §15.5.20) to requests under any other name."""
    known = frozenset(names)

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
            if len(hosts) != 1 or not answers_to(hosts[0], known):
                text = b"This reading room is not known under that name; see `hemeroteca serve --name`.\n"
                head = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode())]
                await send({"type": "http.response.start", "status": 421, "headers": head})
                await send({"type": "http.response.body", "body": text})
                return
        await application(scope, receive, send)

    return guarded
