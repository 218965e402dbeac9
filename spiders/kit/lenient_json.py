"""JSON as content systems break it: quotation marks within a text, several values in a row, an end that is missing."""

import json
import re
from typing import Any

_SIGN = re.compile(r'["{}\[\]\\]')
_SPACE = re.compile(r"[ \t\r\n]*")
_CLOSES = {"{": "}", "[": "]"}
_ESCAPES = tuple('"\\/bfnrtu')
_FULL = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\]]|[^\s"{}\[\],:]+|[,:]', re.DOTALL)
_MOST = 200_000  # characters
_DEEP = 100


def read(text: str) -> Any:
    """The values of a broken block: one, or a list of several; None where it holds no whole object or list.

    A value that is cut off gives what stood in it before the cut.
    """
    if not text or text[0] not in "{[" or len(text) > _MOST:
        return None
    mended = _requoted(text)
    for attempt in (text, mended):
        if found := _in_a_row(attempt):
            return found[0] if len(found) == 1 else found
    return _uncut(mended)


def _in_a_row(text: str) -> list[Any]:
    """The values that stand one after the other, as far as they are whole."""
    decoder, at = json.JSONDecoder(strict=False), 0
    found: list[Any] = []
    while at < len(text) and text[at] in "{[" and len(found) < 100:
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
        at = _skip(text, at)
        if at < len(text) and text[at] in ",;":
            at = _skip(text, at + 1)
    return found


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _requoted(text: str) -> str:
    """The text with a backslash before each quotation mark in a string that cannot be its end, since nothing comes
    after it that may follow a string, and before each backslash that begins no escape (RFC 8259 §7)."""
    out: list[str] = []
    last, inside, skipped = 0, False, -1
    for found in _SIGN.finditer(text):
        at, sign = found.start(), found[0]
        if at == skipped:
            continue
        if sign == "\\":
            skipped = at + 1 if inside else -1
            if inside and text[at + 1 : at + 2] not in _ESCAPES:
                out += (text[last:at], "\\\\")
                last = at + 1
                skipped = -1
        elif sign == '"':
            if not inside:
                inside = True
            elif _ends(text, at):
                inside = False
            else:
                out += (text[last:at], '\\"')
                last = at + 1
    return "".join((*out, text[last:]))


def _ends(text: str, at: int) -> bool:
    then = _skip(text, at + 1)
    if then >= len(text) or text[then] in ":}]":
        return True
    # behind a comma comes another value: a mark, a bracket, a number or a word of JSON
    return text[then] == "," and (after := _skip(text, then + 1)) < len(text) and text[after] in '"{[-0123456789tfn]}'


def _uncut(text: str) -> Any:
    """The value whose end is missing, closed behind the last member that is whole."""
    open_brackets: list[str] = []
    good: tuple[int, str] | None = None
    for found in _FULL.finditer(text):
        sign = found[0]
        if sign in "{[":
            open_brackets.append(sign)
        elif sign in "}]":
            if not open_brackets or _CLOSES[open_brackets.pop()] != sign:
                break
            good = (found.end(), "".join(map(_CLOSES.__getitem__, reversed(open_brackets))))
        elif sign == ",":
            good = (found.start(), "".join(map(_CLOSES.__getitem__, reversed(open_brackets))))
        if len(open_brackets) > _DEEP:
            return None
    if good is None:
        return None
    try:
        value = json.loads(text[: good[0]] + good[1], strict=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, (dict, list)) and value else None
