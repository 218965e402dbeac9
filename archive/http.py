"""HTTP/1 messages as they stand in a record: read leniently, judged strictly.

`parse_answer` takes the block of a response record and never raises: what is wrong with the answer is a
value. It reads what browsers read (bad lines, folding, bare line feeds, chunk extensions), and says of a body
whether it is whole. It knows no network: a live answer and a record of ten years ago are read alike.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from archive.codings import Limits, decode
from archive.model import Outcome

__all__ = ["Answer", "Limits", "Message", "content", "final_answer", "parse_answer", "split", "status_of"]

_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/\d+(?:\.\d+)?[ \t]+(\d{3})(?:[ \t]+(.*))?[ \t]*", re.DOTALL)
_HEX = re.compile(rb"[0-9A-Fa-f]{1,15}")
_NO_BODY = frozenset({204, 304})
# WARC 1.1 §5.13, and the outcome that each reason means for the answer
_TRUNCATED = {
    "length": (Outcome.TOO_LARGE, "the recording stopped at its size limit"),
    "time": (Outcome.TIMEOUT, "the recording stopped at its time limit"),
    "disconnect": (Outcome.TRUNCATED, "the connection broke off before the end"),
}


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
        return tuple(value for key, value in self.headers if key.lower() == name)

    def tokens(self, name: str) -> tuple[str, ...]:
        """The comma-separated members of the field over all its lines, in lower case."""
        members = (member.strip().lower() for value in self.all(name) for member in value.split(","))
        return tuple(member for member in members if member)


@dataclass(frozen=True, slots=True)
class Answer(Message):
    """A response and what can be said of it.

    `payload` is the body with chunking taken off, still coded as sent (the content of RFC 9110 §6.4); payload
    digests are over it. `body` is decoded, and empty where decoding passed a limit. `problem` is None for an
    answer that is whole; `problem_reason` says what is wrong with the others.
    """

    status: int | None
    reason: str
    payload: bytes
    chunked: bool
    body: bytes
    problem: Outcome | None
    problem_reason: str | None

    @property
    def media_type(self) -> str | None:
        """The Content-Type without its parameters, in lower case; None where none is sent."""
        value = self.header("content-type")
        return value.partition(";")[0].strip().lower() or None if value is not None else None

    @property
    def payload_sha256(self) -> str:
        """Hex digest of `payload`."""
        return sha256(self.payload).hexdigest()


class Fault(NamedTuple):
    """What is wrong with an answer, and the sentence that says so."""

    problem: Outcome
    reason: str


def split(block: bytes) -> Message:
    """Take a message apart into start line, fields and body. Never raises; a head without end has no body."""
    end = _HEAD_END.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    lines = head.lstrip(b"\r\n").split(b"\n")
    fields: list[tuple[str, str]] = []
    for line in lines[1:]:
        line = line.removesuffix(b"\r")
        if line[:1] in (b" ", b"\t"):
            if fields:
                name, value = fields[-1]
                fields[-1] = (name, f"{value} {line.strip().decode('latin-1')}".strip())
            continue
        before, colon, after = line.partition(b":")
        if colon and before.strip():
            fields.append((before.strip().decode("latin-1"), after.strip().decode("latin-1")))
    return Message(lines[0].removesuffix(b"\r"), tuple(fields), body)


def parse_answer(block: bytes, *, truncated: str | None = None, limits: Limits | None = None) -> Answer:
    """Read the block of a response record. Never raises: `Answer.problem` says what is wrong.

    `truncated` is the record's WARC-Truncated reason. Of several faults the one nearest to the wire is given:
    broken HTTP, too long a head, a body that is not whole, a coding that cannot be taken off.
    """
    limits = limits or Limits()
    block = final_answer(block)
    whole_head = _HEAD_END.search(block, 0, limits.head + 4) is not None
    message = split(block if whole_head else block[: limits.head])
    status, reason = _status(message.start_line)
    fault = _head_fault(block, message, status, limits, whole_head=whole_head, marked=truncated is not None)
    payload, chunked = b"", False
    if fault is None and status not in _NO_BODY:
        payload, chunked, fault = _content(message, limits)
    if truncated is not None:
        fault = _cut(truncated, fault)
    # RFC 9112 §6.1: a transfer coding other than chunked lies over the content codings
    transfer = tuple(name for name in message.tokens("transfer-encoding") if name != "chunked")
    decoded = decode(payload, message.tokens("content-encoding") + transfer, limits)
    if fault is None and decoded.problem is not None:
        fault = Fault(decoded.problem, decoded.reason or "")
    return Answer(
        start_line=message.start_line,
        headers=message.headers,
        raw_body=message.raw_body,
        status=status,
        reason=reason,
        payload=payload,
        chunked=chunked,
        body=decoded.data,
        problem=fault.problem if fault else None,
        problem_reason=fault.reason if fault else None,
    )


def content(message: Message, limits: Limits | None = None) -> tuple[bytes, bool]:
    """The content of a response (RFC 9110 §6.4) as far as it came, still coded; whether it was chunked."""
    if _status(message.start_line)[0] in _NO_BODY:
        return b"", False
    payload, chunked, _ = _content(message, limits or Limits())
    return payload, chunked


def final_answer(block: bytes) -> bytes:
    """The block without the interim answers before it: any number of 1xx may come first (RFC 9110 §15.2)."""
    while (interim := status_of(block)) is not None and 100 <= interim < 200:
        end = _HEAD_END.search(block)
        if end is None or not block.startswith(b"HTTP/", end.end()):
            break
        block = block[end.end() :]
    return block


def status_of(block: bytes) -> int | None:
    """The status of a response; None where it does not begin with a status line."""
    return _status(block[:4096].partition(b"\n")[0].removesuffix(b"\r"))[0]


def _status(start_line: bytes) -> tuple[int | None, str]:
    match = _STATUS_LINE.fullmatch(start_line)
    if match is None:
        return None, ""
    return int(match[1]), (match[2] or b"").strip().decode("latin-1")


def _head_fault(
    block: bytes, message: Message, status: int | None, limits: Limits, *, whole_head: bool, marked: bool
) -> Fault | None:
    """What the head alone shows."""
    if not whole_head:
        if len(block) > limits.head:
            return Fault(Outcome.TOO_LARGE, f"the header is longer than {limits.head} bytes")
        if block and status is None and not marked:
            return Fault(Outcome.BAD_HTTP, "the answer is not HTTP")
        return Fault(Outcome.TRUNCATED, "the header ends before its blank line" if block else "nothing came")
    head_lines = block.count(b"\n", 0, len(block) - len(message.raw_body)) - 2
    if head_lines > limits.lines:
        return Fault(Outcome.TOO_LARGE, f"the header has more than {limits.lines} lines")
    if status is None:
        return Fault(Outcome.BAD_HTTP, f"junk in place of a status line: {message.start_line[:80]!r}")
    return None


def _cut(truncated: str, fault: Fault | None) -> Fault:
    """The fault of an answer whose record is marked as cut; broken HTTP stays what it is."""
    marked = Fault(*_TRUNCATED.get(truncated, (Outcome.TRUNCATED, "the record is marked as truncated")))
    if fault is None or (fault.problem is Outcome.TRUNCATED and marked.problem is not Outcome.TRUNCATED):
        return marked
    return fault


def _content(message: Message, limits: Limits) -> tuple[bytes, bool, Fault | None]:
    """The body without chunking, whether it was chunked, what is wrong with its length (RFC 9112 §6.3)."""
    raw = message.raw_body
    if "chunked" in message.tokens("transfer-encoding"):
        payload, fault = _dechunk(raw, limits.chunks)
        # Other recorders took the chunking off and left the field; such a body does not begin with a size.
        return (raw, False, None) if payload is None else (payload, True, fault)
    lengths = set(message.tokens("content-length"))
    if not lengths:
        return raw, False, None
    if any(not length.isascii() or not length.isdigit() for length in lengths):
        return raw, False, Fault(Outcome.BAD_HTTP, "Content-Length is not a number")
    promised = {int(length[:20]) for length in lengths}
    if len(promised) > 1:
        return raw, False, Fault(Outcome.BAD_HTTP, "two Content-Length fields contradict each other")
    # More than promised is no fault of a record: recorders that decode the body keep the old field.
    if len(raw) < (length := promised.pop()):
        return raw, False, Fault(Outcome.TRUNCATED, f"{len(raw)} of {length} bytes came")
    return raw, False, None


def _dechunk(raw: bytes, most: int) -> tuple[bytes | None, Fault | None]:
    """RFC 9112 §7.1, with bare line feeds allowed; None for a body that does not begin with a chunk size."""
    pieces: list[bytes] = []
    at = 0
    cut = Fault(Outcome.TRUNCATED, "the chunked body ends before its last chunk")
    bad = Fault(Outcome.TRUNCATED, "the chunk framing is broken")
    while len(pieces) <= most:
        line_end = raw.find(b"\n", at)
        line = raw[at : line_end if line_end >= 0 else None]
        size = _HEX.fullmatch(line.partition(b";")[0].strip())
        if size is None:
            if at == 0 and raw:
                return None, None
            return b"".join(pieces), bad if line.strip() else cut
        if line_end < 0:
            return b"".join(pieces), cut
        length = int(size[0], 16)
        # RFC 9112 §8: the body is complete once the zero chunk is there, whatever becomes of its trailers
        if length == 0:
            return b"".join(pieces), None
        at = line_end + 1
        pieces.append(raw[at : at + length])
        at += length
        if at > len(raw):
            return b"".join(pieces), cut
        if raw.startswith(b"\r\n", at):
            at += 2
        elif raw.startswith(b"\n", at):
            at += 1
        else:
            return b"".join(pieces), cut if raw[at:] in (b"", b"\r") else bad
    return b"".join(pieces), Fault(Outcome.TOO_LARGE, f"the body comes in more than {most} chunks")
