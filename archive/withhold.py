"""Credentials are taken out of a message before it is stored; a marker shows that something stood there.

A record with a password in it could never be shown to anyone. Digests are taken over what is stored.
"""

MARKER = b"[withheld]"
REQUEST_FIELDS = frozenset({b"cookie", b"authorization", b"proxy-authorization"})
RESPONSE_FIELDS = frozenset({b"set-cookie"})


def withhold(block: bytes, fields: frozenset[bytes], *, body: bool = False) -> bytes:
    """The message with the marker as value of each of `fields` (lower case); with `body`, of its body too.

    Every other byte stays as it is.
    """
    at = 0
    kept: list[bytes] = []
    inside = False  # in the folded lines of a field that is withheld
    while at < len(block):
        end = block.find(b"\n", at) + 1 or len(block)
        line = block[at:end]
        if not line.strip(b"\r\n"):
            break
        name, colon, _ = line.partition(b":")
        if line[:1] in (b" ", b"\t"):
            if not inside:
                kept.append(line)
        elif inside := bool(colon) and at > 0 and name.strip().lower() in fields:
            kept.append(name + b": " + MARKER + line[len(line.rstrip(b"\r\n")) :])
        else:
            kept.append(line)
        at = end
    rest = block[at:]
    blank = rest[: len(rest) - len(rest.lstrip(b"\r\n"))][:2] if rest else b""
    content = rest[len(blank) :]
    return b"".join((*kept, blank, MARKER if body and content else content))
