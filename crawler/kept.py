"""What is kept of an exchange that was made with a login: everything but its secrets. For a reader's process.

A secret may stand in the address, in a field, and in the page itself, which greets its reader by name. Where the body
must be changed it is kept as text: decoded, without chunks, and the head says so.
"""

import re
from dataclasses import dataclass

from archive.http import Answer, parse_answer
from archive.message import HEAD_END
from archive.model import Outcome
from archive.withhold import MARKER
from crawler.spellings import looks_drawn, struck
from spiders.kit.document import Document
from spiders.kit.login import Login
from spiders.kit.login_form import Form, NoForm, asks_for_password, login_form, tokens
from spiders.kit.markup import Undecodable, select

_LENGTH, _FRAMING = (
    re.compile(rb"^(?:%b)[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*" % names, re.IGNORECASE | re.MULTILINE)
    for names in (b"content-length|transfer-encoding", b"content-length|transfer-encoding|content-encoding")
)
_PAGES = ("text/html", "application/xhtml+xml", None)


@dataclass(frozen=True, slots=True)
class Kept:
    """An exchange without the secrets of its session. `changed`: the body is not as it was sent.

    `shows`: whether the page shows what `Login.check` names; None where that is not to be seen from this answer.
    `asks`: whether it asks for a password; None likewise. `form`: the login form, where it was looked for. `drawn`:
    values in it that are secrets of this visit.
    """

    asked: bytes
    answer: bytes
    changed: bool = False
    shows: bool | None = None
    asks: bool | None = None
    form: Form | NoForm | None = None
    drawn: tuple[str, ...] = ()


def keep(asked: bytes, answer: bytes, url: str, login: Login, values: tuple[str, ...], *, form: bool) -> Kept:
    """The exchange as it may be stored, and what a session must know of the page.

    `values`: the secrets. `form`: the page is the login's own, and its form is looked for.
    """
    read = parse_answer(answer)
    page = _page(read, url)
    found = login_form(page, login) if form and page is not None else None
    drawn: tuple[str, ...] = ()
    if isinstance(found, Form):
        drawn = tuple({*tokens(found), *(value for _, value in found.hidden if looks_drawn(value))})
    elif form and page is not None:
        drawn = tuple({value for each in page.doc.iter("input") if looks_drawn(value := each.get("value", ""))})
    kept, changed = _without(answer, read, (*values, *drawn))
    return Kept(
        asked=struck(asked, values),
        answer=kept,
        changed=changed,
        shows=bool(select(page.doc, login.check)) if page is not None and login.check else None,
        asks=asks_for_password(page) if page is not None else None,
        form=found,
        drawn=drawn,
    )


def head_only(asked: bytes, answer: bytes, values: tuple[str, ...]) -> Kept:
    """The exchange with the marker in place of a body that could not be looked at."""
    end = HEAD_END.search(answer)
    head = answer[: end.end()] if end else answer[:4096]
    return Kept(struck(asked[:65536], values), _framed(struck(head, values), MARKER, _LENGTH), changed=True)


def _page(answer: Answer, url: str) -> Document | None:
    """The page of a whole answer with status 200; None for any other."""
    if answer.status != 200 or answer.problem is not None or not answer.body or answer.media_type not in _PAGES:
        return None
    try:
        return Document(answer.body, url=url, content_type=answer.header("content-type"))
    except Undecodable:
        return None


def _without(block: bytes, read: Answer, values: tuple[str, ...]) -> tuple[bytes, bool]:
    """The answer without the values, and whether its body had any."""
    begins = len(block) - len(read.raw_body)
    head, raw = struck(block[:begins], values), block[begins:]
    if read.status is None or not raw:
        kept = struck(raw, values)
        return head + kept, kept != raw
    if read.problem is Outcome.TOO_LARGE and not read.body:
        return _framed(head, MARKER, _LENGTH), True  # what nobody can look into is not kept
    plain = struck(raw, values)
    if read.body == raw:
        return (head + raw, False) if plain == raw else (_framed(head, plain, _LENGTH), True)
    body = struck(read.body, values)
    if plain == raw and body == read.body:
        return head + raw, False
    if read.problem is Outcome.UNDECODABLE:
        return _framed(head, MARKER, _LENGTH), True
    return _framed(head, body, _FRAMING), True


def _framed(head: bytes, body: bytes, without: re.Pattern[bytes]) -> bytes:
    """The head with the length of this body, in place of what it said of the one that came."""
    end = HEAD_END.search(head)
    at = end.start() + 1 if end else len(head)
    fields, blank = head[:at], head[at:] or b"\r\n"
    return without.sub(b"", fields) + b"Content-Length: %d\r\n" % len(body) + blank + body
