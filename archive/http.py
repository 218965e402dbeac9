"""HTTP/1 messages as they stand in a record: read leniently, judged strictly.

`parse_answer` takes the block of a response record and never raises: what is wrong with the answer is a
value. It reads what browsers read (bad lines, folding, bare line feeds, chunk extensions), and says of a body
whether it is whole. It knows no network: a live answer and a record of ten years ago are read alike.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from archive.codings import Limits, decode, unfinished
from archive.message import HEAD_END, Asked, Message, asked_in, final_answer, head_of, split, status_line, status_of
from archive.model import Outcome

__all__ = [
    "Answer",
    "Asked",
    "Limits",
    "Message",
    "asked_in",
    "content",
    "cut_short",
    "final_answer",
    "framed",
    "goes_on",
    "parse_answer",
    "split",
    "status_of",
]

_HEX = re.compile(rb"[0-9A-Fa-f]{1,15}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
_VIEWED = 4096
_NO_BODY = frozenset({204, 304})
_LIMITS = Limits()
_UNKNOWN = Asked()
# WARC-Truncated (WARC 1.1 §5), and the outcome that each reason means for the answer
_TRUNCATED = {
    "length": (Outcome.TOO_LARGE, "the recording stopped at its size limit"),
    "time": (Outcome.TIMEOUT, "the recording stopped at its time limit"),
    "disconnect": (Outcome.TRUNCATED, "the connection broke off before the end"),
}


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


def parse_answer(
    block: bytes, *, truncated: str | None = None, limits: Limits | None = None, asked: Asked | None = None
) -> Answer:
    """Read the block of a response record. Never raises: `Answer.problem` says what is wrong.

    `truncated` is the record's WARC-Truncated reason. `asked` is what is known of the request: an answer to HEAD has
    no body whatever its fields promise (RFC 9112 §6.3), and a 304 answers a condition only (RFC 9110 §15.4.5).
    Of several faults the one nearest to the wire is given: broken HTTP, too long a head, a body that is not whole, a
    coding that cannot be taken off.
    """
    limits, asked = limits or _LIMITS, asked or _UNKNOWN
    block = final_answer(block)
    whole_head = HEAD_END.search(block, 0, limits.head + 4) is not None
    message = split(block if whole_head else block[: limits.head])
    status, reason = status_line(message.start_line)
    fault = _head_fault(block, message, status, limits, whole_head=whole_head, marked=truncated is not None)
    if fault is None and status == 304 and asked.conditional is False:
        fault = Fault(Outcome.BAD_HTTP, "304 to a request without a condition")
    payload, chunked = b"", False
    if fault is None and _may_have_body(status, asked):
        found, chunked, fault = _content(message, message.raw_body, 0, limits)
        payload, fault = bytes(found), fault or _part(message, status)
    # RFC 9112 §6.1: a transfer coding other than chunked lies over the content codings
    decoded = decode(payload, _codings(message), limits)
    inner = Fault(decoded.problem, decoded.reason or "") if decoded.problem is not None else None
    fault = _cut(truncated, fault, inner) if truncated is not None else fault or inner
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


class Framed(NamedTuple):
    """An answer as its head frames it. `begins`: where in the block the body does. `content`: the body without
    chunking as far as it came, still coded; of a body without chunks it is a view, so that a long one is not copied.
    """

    head: Message
    begins: int
    content: bytes | memoryview
    chunked: bool
    fault: Fault | None


def framed(block: bytes) -> Framed:
    """The head of a response and the content behind it (RFC 9110 §6.4). Never raises."""
    head, begins = head_of(block)
    if not _may_have_body(status_line(head.start_line)[0], _UNKNOWN):
        return Framed(head, begins, b"", chunked=False, fault=None)
    return Framed(head, begins, *_content(head, block, begins, _LIMITS))


def cut_short(block: bytes, asked: Asked | None = None) -> str | None:
    """Why an answer that came to the end of its framing is a part all the same; None where nothing says so.

    Its coding breaks off or fails its checksum, or it says itself that it is a part (206).
    """
    head, begins = head_of(block)
    status, _ = status_line(head.start_line)
    if status is None or not _may_have_body(status, asked or _UNKNOWN):
        return None
    if (part := _part(head, status)) is not None:
        return part.reason
    if not (codings := _codings(head)):
        return None
    payload, _, fault = _content(head, block, begins, _LIMITS)
    return None if fault is not None else unfinished(payload, codings, _LIMITS)


def goes_on(block: bytes, behind: bytes, asked: Asked | None = None) -> bool:
    """Whether the bytes behind an answer's end look like more of its body: the server promised less than it sent.

    Line ends are a habit of old servers (RFC 9112 §2.2), and what begins as an answer is one that nobody asked for.
    Behind a last chunk only more chunks are more of the body.
    """
    head, _ = head_of(block)
    if not behind.strip() or not _may_have_body(status_line(head.start_line)[0], asked or _UNKNOWN):
        return False
    if "chunked" in head.tokens("transfer-encoding"):
        return _HEX.fullmatch(behind[:32].partition(b"\n")[0].partition(b";")[0].strip()) is not None
    return not behind.startswith(b"HTTP/")


def content(message: Message, limits: Limits | None = None) -> tuple[bytes, bool]:
    """The content of a response (RFC 9110 §6.4) as far as it came, still coded; whether it was chunked."""
    if not _may_have_body(status_line(message.start_line)[0], _UNKNOWN):
        return b"", False
    payload, chunked, _ = _content(message, message.raw_body, 0, limits or _LIMITS)
    return bytes(payload), chunked


def _head_fault(
    block: bytes, message: Message, status: int | None, limits: Limits, *, whole_head: bool, marked: bool
) -> Fault | None:
    """What the head alone shows."""
    if not whole_head:
        if len(block) > limits.head:
            return Fault(Outcome.TOO_LARGE, f"the header is longer than {limits.head} bytes")
        # One that is cut may have ended within its status line; one that begins otherwise never had any
        if block and status is None and not (marked and block[:5] == b"HTTP/"[: len(block)]):
            return Fault(Outcome.BAD_HTTP, "the answer is not HTTP")
        return Fault(Outcome.TRUNCATED, "the header ends before its blank line" if block else "nothing came")
    head_lines = block.count(b"\n", 0, len(block) - len(message.raw_body)) - 2
    if head_lines > limits.lines:
        return Fault(Outcome.TOO_LARGE, f"the header has more than {limits.lines} lines")
    if status is None:
        return Fault(Outcome.BAD_HTTP, f"junk in place of a status line: {message.start_line[:80]!r}")
    return None


def _may_have_body(status: int | None, asked: Asked) -> bool:
    return status not in _NO_BODY and asked.method != "HEAD"


def _codings(message: Message) -> tuple[str, ...]:
    transfer = tuple(name for name in message.tokens("transfer-encoding") if name != "chunked")
    return message.tokens("content-encoding") + transfer


def _part(message: Message, status: int | None) -> Fault | None:
    """RFC 9110 §15.3.7: a 206 is a part, unless its range is the whole."""
    if status != 206:
        return None
    said = message.header("content-range") or "no Content-Range"
    found = _RANGE.fullmatch(said)
    if found and int(found[1]) == 0 and int(found[2]) + 1 == int(found[3]):
        return None
    return Fault(Outcome.TRUNCATED, f"a part of the content only: {said[:80]}")


def _cut(truncated: str, fault: Fault | None, inner: Fault | None) -> Fault:
    """The fault of an answer whose record is marked as cut; broken HTTP stays what it is.

    `inner` is the fault of its coding, which knows best of an answer that was sent as a part.
    """
    marked = Fault(*_TRUNCATED.get(truncated, (Outcome.TRUNCATED, "the record is marked as truncated")))
    if fault is None and truncated == "unspecified" and inner is not None and inner.problem is Outcome.TRUNCATED:
        return inner
    if fault is None or (fault.problem is Outcome.TRUNCATED and marked.problem is not Outcome.TRUNCATED):
        return marked
    return fault


def _content(
    message: Message, block: bytes, begins: int, limits: Limits
) -> tuple[bytes | memoryview, bool, Fault | None]:
    """The body that `begins` in `block` without chunking, whether it was chunked, what is wrong with its length
    (RFC 9112 §6.3).
    """
    raw = memoryview(block)[begins:] if begins else block
    lengths = set(message.tokens("content-length"))
    if "chunked" in message.tokens("transfer-encoding"):
        payload, fault = _dechunk(block, begins, limits.chunks)
        # Other recorders took the chunking off and left the field; such a body does not begin with a size.
        if payload is None:
            return raw, False, None
        if lengths:
            fault = Fault(Outcome.BAD_HTTP, "a length and chunks contradict each other")
        return payload, True, fault
    if not lengths:
        named = bool(message.all("content-length"))
        return raw, False, Fault(Outcome.BAD_HTTP, "Content-Length is empty") if named else None
    if any(not length.isascii() or not length.isdigit() for length in lengths):
        return raw, False, Fault(Outcome.BAD_HTTP, "Content-Length is not a number")
    promised = {int(length[:20]) for length in lengths}
    if len(promised) > 1:
        return raw, False, Fault(Outcome.BAD_HTTP, "two Content-Length fields contradict each other")
    # More than promised is no fault of a record: recorders that decode the body keep the old field.
    if len(raw) < (length := promised.pop()):
        return raw, False, Fault(Outcome.TRUNCATED, f"{len(raw)} of {length} bytes came")
    return raw, False, None


def _dechunk(block: bytes, begins: int, most: int) -> tuple[bytes | None, Fault | None]:
    """RFC 9112 §7.1, with bare line feeds allowed; None for a body that does not begin with a chunk size."""
    view = memoryview(block)
    pieces: list[bytes | memoryview] = []
    at = begins
    cut = Fault(Outcome.TRUNCATED, "the chunked body ends before its last chunk")
    bad = Fault(Outcome.TRUNCATED, "the chunk framing is broken")
    while len(pieces) <= most:
        # A plain chunk that is there as a whole, which nearly all are
        if plain := _CHUNK.match(block, at):
            begin, end = plain.end(), plain.end() + int(plain[1], 16)
            if begin < end and block.startswith(b"\r\n", end):
                pieces.append((view if end - begin > _VIEWED else block)[begin:end])
                at = end + 2
                continue
        line_end = block.find(b"\n", at)
        line = block[at : line_end if line_end >= 0 else None]
        size = _HEX.fullmatch(line.partition(b";")[0].strip())
        if size is None:
            if at == begins and len(block) > begins:
                return None, None
            return b"".join(pieces), bad if line.strip() else cut
        if line_end < 0:
            return b"".join(pieces), cut
        length = int(size[0], 16)
        # RFC 9112 §8: the body is complete once the zero chunk is there, whatever becomes of its trailers
        if length == 0:
            return b"".join(pieces), None
        at = line_end + 1
        # A view takes some 200 bytes, and there may be very many chunks
        pieces.append((view if length > _VIEWED else block)[at : at + length])
        at += length
        if at > len(block):
            return b"".join(pieces), cut
        if block.startswith(b"\r\n", at):
            at += 2
        elif block.startswith(b"\n", at):
            at += 1
        else:
            return b"".join(pieces), cut if block[at : at + 3] in (b"", b"\r") else bad
    return b"".join(pieces), Fault(Outcome.TOO_LARGE, f"the body comes in more than {most} chunks")
