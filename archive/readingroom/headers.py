"""The headers that make every answer inert: nothing runs, nothing is framed, nothing is told to other sites.

Datasette sends none of them. The archived page is the one exception: it has a stricter policy of its own and
may stand in a frame of ours.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from archive.readingroom.formulas import Guard

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Any, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # a copy of a newspaper is for its readers here, not for search engines
    "x-robots-tag": "noindex, noarchive",
}


def inert(app: App) -> App:
    """The application with HEADERS on each answer that does not set them itself, and with safe CSV."""

    async def wrapped(scope: Message, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        guard: Guard | None = None

        async def sending(message: Message) -> None:
            nonlocal guard
            if message["type"] == "http.response.start":
                sent = [(bytes(name).lower(), value) for name, value in message.get("headers", [])]
                there = {name for name, _ in sent}
                # Datasette sends its CSV as text/plain
                if scope["path"].endswith(".csv") or dict(sent).get(b"content-type", b"").startswith(b"text/csv"):
                    guard = Guard()
                    sent = [pair for pair in sent if pair[0] != b"content-length"]
                missing = [
                    (name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in there
                ]
                message = {**message, "headers": [*sent, *missing]}
            elif message["type"] == "http.response.body" and guard is not None:
                body = guard.feed(message.get("body", b""))
                if not message.get("more_body", False):
                    body += guard.close()
                message = {**message, "body": body}
            await send(message)

        await app(scope, receive, sending)

    return wrapped
