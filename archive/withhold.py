"""Credentials are taken out before anything is stored; a marker shows that something stood there.

A record with a password in it could never be shown to anyone. Digests are taken over what is stored. What a server
sent stays as sent, but for the Set-Cookie fields of a session with a login: a Location field that holds a password
is the publisher's own word and stays in the response record. It goes no further: addresses in rows, requests,
notes and the WARC's own fields are `without_user`.
"""

import re
from collections.abc import Iterable

MARKER = b"[withheld]"
REQUEST_FIELDS = frozenset({b"cookie", b"authorization", b"proxy-authorization"})
RESPONSE_FIELDS = frozenset({b"set-cookie", b"set-cookie2"})
_SHORT = 4096

# RFC 3986 §3.2.1, as lenient as browsers: any number of slashes of either kind behind http and https, spaces before
_SLASHES = r"(?:[a-z][a-z0-9+.-]*:)?[/\\]{2,}|https?:[/\\]*"
# A backslash behind them is a slash to a browser and part of the name to others: what either takes for a name goes
_USER = re.compile(rf"(\s*(?:{_SLASHES}))[^/?#]*@", re.IGNORECASE)
# What stands before the slashes stays in any case; sought too, it would take a long word the square of its length
_NAMED = re.compile(r"((?:\\?/){2})[^/?#\s]*@")


def withhold(block: bytes, fields: frozenset[bytes], *, body: bool = False, values: Iterable[bytes] = ()) -> bytes:
    """The message with the marker as value of each of `fields` (lower case); with `body`, of its body too.

    `values`: secrets that are replaced wherever they stand, as in a field with a name of the publisher's own. Every
    other byte stays as it is.
    """
    if not body and not values and len(block) <= _SHORT:
        lower = block.lower()
        if not any(name in lower for name in fields):  # as of most requests
            return block
    at = len(block) - len(block.lstrip(b"\r\n"))  # lenient servers and readers let empty lines go before
    kept: list[bytes] = [block[:at]]
    first, inside = True, False  # inside: in the folded lines of a field that is withheld
    while at < len(block):
        end = block.find(b"\n", at) + 1 or len(block)
        line = block[at:end]
        if line in (b"\n", b"\r\n"):
            break
        name, colon, _ = line.partition(b":")
        if line[:1] in (b" ", b"\t"):
            if not inside:
                kept.append(line)
        elif inside := bool(colon) and not first and name.strip().lower() in fields:
            kept.append(name + b": " + MARKER + line[len(line.rstrip(b"\r\n")) :])
        else:
            kept.append(line)
        at, first = end, False
    blank = block[at : block.find(b"\n", at) + 1]
    content = memoryview(block)[at + len(blank) :]  # which may be long: a copy less
    whole = b"".join((*kept, blank, MARKER if body and content else content))
    for value in sorted({value for value in values if value}, key=len, reverse=True):
        whole = whole.replace(value, MARKER)
    return whole


def without_user(url: str) -> str:
    """The address without user name and password; nothing else is changed. Text that is no address comes back."""
    return _USER.sub(r"\1", url, count=1) if "@" in url and _USER.match(url) else url


def without_users(text: str) -> str:
    """The text with every address in it `without_user`."""
    return _NAMED.sub(r"\1", text)


def names_user(text: str) -> bool:
    """Whether an address with a user name or a password stands somewhere in the text."""
    return _NAMED.search(text) is not None
