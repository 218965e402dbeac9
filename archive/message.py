"""The parts of an HTTP/1 message: start line, fields and body, read leniently and never judged."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

HEAD_END = re.compile(rb"\n\r?\n")
_USUAL = 4096  # bytes of a head that is remembered
_USUAL_LINE = 128  # and of a status line: there are few
_STATUS_LINE = re.compile(rb"HTTP/\d+(?:\.\d+)?[ \t]+(\d{3})(?:[ \t]+(.*))?[ \t]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Message:
    """One HTTP/1 message: start line, header fields in order with their case, and the body as on the wire.

    Field values are latin-1, without the white space around them; folded lines are joined by one space
    (RFC 9112 §5.2). A line that is no field is left out. The exact bytes are in the record.
    """

    start_line: bytes
    headers: tuple[tuple[str, str], ...]
    raw_body: bytes

    def header(self, name: str) -> str | None:
        """The first value of the field, whatever its case; None where there is none."""
        name = name.lower()
        return next((value for key, value in self.headers if key.lower() == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of the field, in order."""
        name = name.lower()
        return tuple([value for key, value in self.headers if key.lower() == name])

    def tokens(self, name: str) -> tuple[str, ...]:
        """The comma-separated members of the field over all its lines, in lower case."""
        found = self.all(name)
        return tuple(each for member in ",".join(found).split(",") if (each := member.strip().lower())) if found else ()


def as_utf8(value: str) -> str:
    """The value of a field as UTF-8 where its bytes are that: so servers write addresses (WHATWG Fetch, location URL),
    though RFC 9110 §5.5 knows ASCII alone."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


class Asked(NamedTuple):
    """What of a request decides how its answer is read; None: not known."""

    method: str | None = None
    conditional: bool | None = None


def split(block: bytes) -> Message:
    """Take a message apart into start line, fields and body. Never raises; a head without end has no body."""
    head, begins = head_of(block)
    return Message(head.start_line, head.headers, block[begins:])


def head_of(block: bytes) -> tuple[Message, int]:
    """The message without its body, and where in the block that begins: a long body is not copied."""
    end = HEAD_END.search(block)
    head, begins = (block[: end.start()], end.end()) if end else (block, len(block))
    return (_parsed(head) if len(head) <= _USUAL else _parse(head)), begins


def _parse(head: bytes) -> Message:
    start_line, *lines = head.lstrip(b"\r\n").split(b"\n")
    fields: list[tuple[str, str]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            if fields:
                name, value = fields[-1]
                fields[-1] = (name, f"{value} {line.strip().decode('latin-1')}".strip())
            continue
        before, colon, after = line.partition(b":")
        if colon and (before := before.strip()):
            fields.append((before.decode("latin-1"), after.strip().decode("latin-1")))
    return Message(start_line.removesuffix(b"\r"), tuple(fields), b"")


# Whoever records or reads an exchange asks for its heads more than once
_parsed = lru_cache(maxsize=64)(_parse)


def asked_in(request: bytes) -> Asked:
    """What the block of a request record says for the reading of its answer."""
    message = split(request)
    conditions = ("if-none-match", "if-modified-since")
    return Asked(
        message.start_line.partition(b" ")[0].decode("latin-1") or None,
        any(message.header(name) is not None for name in conditions),
    )


def final_answer(block: bytes) -> bytes:
    """The block without the interim answers before it: any number of 1xx may come first (RFC 9110 §15.2).

    101 is none of them: what follows an upgrade is no HTTP (§15.2.2).
    """
    while (interim := status_of(block)) is not None and 100 <= interim < 200 and interim != 101:
        end = HEAD_END.search(block)
        if end is None or not block.startswith(b"HTTP/", end.end()):
            break
        block = block[end.end() :]
    return block


def status_of(block: bytes) -> int | None:
    """The status of a response; None where it does not begin with a status line."""
    return status_line(block[:4096].partition(b"\n")[0].removesuffix(b"\r"))[0]


def status_line(start_line: bytes) -> tuple[int | None, str]:
    """Status and reason; None for the status where it is no status line."""
    return (_status if len(start_line) <= _USUAL_LINE else _status.__wrapped__)(start_line)


@lru_cache(maxsize=64)
def _status(start_line: bytes) -> tuple[int | None, str]:
    match = _STATUS_LINE.fullmatch(start_line)
    if match is None:
        return None, ""
    return int(match[1]), (match[2] or b"").strip().decode("latin-1")
