"""/replay/CAPTURE: the archived page as it was sent, and nothing beside it.

Two addresses: a page of ours with the provenance and a frame, and what stands in the frame. That is the
record's HTML without scripts, frames, targets of links and forms, and all that would be fetched, under
`sandbox; default-src 'none'` and in an `<iframe sandbox="">`. So even what slips through the cleaning cannot
run, load, submit or navigate.
"""

import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from datasette import Response
from lxml import etree, html
from markupsafe import escape

from archive.errors import BrokenRecord
from archive.http import Answer, parse_answer
from archive.model import Pointer
from archive.readingroom.gone import refuse_capture
from archive.readingroom.pages import ROOMS, Missing, answer, ask, row
from archive.records import Record, read_at
from archive.revisits import answer_of

POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {"content-security-policy": POLICY, "x-frame-options": "SAMEORIGIN", "cache-control": "no-store"}
LARGEST = 8_000_000  # bytes of HTML that are still made into a page
_GONE = (
    "script",
    "iframe",
    "frame",
    "frameset",
    "object",
    "embed",
    "applet",
    "portal",
    "base",
    "link",
    "meta",
    "template",
    "audio",
    "video",
    "source",
    "track",
)
_FETCHED = frozenset({"src", "srcset", "poster", "background", "data", "action", "formaction", "ping", "manifest"})
_LINKS = frozenset({"href", "{http://www.w3.org/1999/xlink}href", "xlink:href"})
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_TEXT = re.compile(r"text/(?!html)|application/(.*\+)?(xml|json)|message/")
_HTML = re.compile(r"text/html|application/xhtml\+xml")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A stored exchange: its record, and the answer in it; `earlier`: where the body lies that the answer repeats."""

    record: Record
    answer: Answer
    earlier: Pointer | None = None

    @property
    def media_type(self) -> str:
        return self.answer.media_type or "unknown"


async def replay_page(datasette: Any, request: Any) -> Response:
    """Provenance, the headers as sent, and the frame."""
    capture, article, exchange, problem = await _open(datasette, request.url_vars["id"])
    context = {
        "capture": capture,
        "article": article,
        "exchange": exchange,
        "problem": problem,
        "framed": exchange is not None and bool(exchange.answer.body),
    }
    return await answer(datasette, request, "replay.html", context)


async def archived_page(datasette: Any, request: Any) -> Response:
    """What stands in the frame."""
    _, _, exchange, problem = await _open(datasette, request.url_vars["id"])
    if exchange is None:
        raise Missing(problem or "there is no such record")
    return Response(inert_page(exchange.answer), headers=HEADERS, content_type="text/html; charset=utf-8")


async def _open(
    datasette: Any, capture_id: str
) -> tuple[dict[str, Any], dict[str, Any] | None, Exchange | None, str | None]:
    corpus = ROOMS[datasette]

    def look(
        connection: sqlite3.Connection,
    ) -> tuple[dict[str, Any], dict[str, Any] | None, Exchange | None, str | None]:
        capture = row(connection, "SELECT * FROM captures WHERE id = ?", [capture_id])
        if capture is None:
            refuse_capture(connection, capture_id)
            raise Missing(f"there is no capture {capture_id!r} in this corpus")
        article = row(
            connection,
            "SELECT id, title, language FROM articles WHERE id = (SELECT article_id FROM addresses WHERE url = ?)",
            [capture["url"]],
        )
        try:
            record = read_at(corpus.path_of(capture["warc_file"]), capture["warc_offset"])
        except BrokenRecord as error:
            return capture, article, None, str(error)
        earlier = _earlier(connection, capture)
        try:
            return capture, article, Exchange(record, answer_of(corpus.folder, record, earlier), earlier), None
        except BrokenRecord as error:
            alone = Exchange(record, parse_answer(record.block, truncated=record.truncated))
            return capture, article, alone, f"its body lies in an earlier record ({error})"

    found: tuple[dict[str, Any], dict[str, Any] | None, Exchange | None, str | None] = await ask(datasette, look)
    return found


def _earlier(connection: sqlite3.Connection, capture: dict[str, Any]) -> Pointer | None:
    """Where the body lies that a capture repeats; None where it has its own, or none (304)."""
    if capture["revisit_of"] is None or capture["status"] == 304:
        return None
    found = row(
        connection,
        "SELECT warc_file, warc_offset, warc_length FROM captures WHERE record_id = ?",
        [capture["revisit_of"]],
    )
    return Pointer(found["warc_file"], found["warc_offset"], found["warc_length"]) if found else None


def inert_page(stored: Answer) -> str:
    """The body of an answer as HTML that asks for nothing and does nothing."""
    media_type, body = stored.media_type or "", stored.body
    if _HTML.match(media_type) or (not media_type and b"<html" in body[:2000].lower()):
        if len(body) > LARGEST:
            return _as_text(_decoded(body[:LARGEST], stored), "The first 8 MB of the page's source.")
        return cleaned(_decoded(body, stored))
    if _TEXT.match(media_type):
        return _as_text(_decoded(body[:LARGEST], stored), f"As it was sent ({media_type}).")
    return _as_text("", f"{len(body):,} bytes of {media_type or 'an unknown kind'}, which are not shown here.")


def cleaned(text: str) -> str:
    """HTML without what runs, loads, submits or leads elsewhere; pictures are replaced by their words."""
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _as_text(text, "The page could not be laid out; this is its source.")
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rpartition("}")[2].rpartition(":")[2].lower()
        if tag in _GONE and element.getparent() is not None:
            element.drop_tree()
        elif tag == "img":
            _worded(element)
        else:
            _still(element)
    laid_out: str = html.tostring(root, encoding="unicode")
    return f"<!DOCTYPE html>\n{laid_out}"


def _still(element: html.HtmlElement) -> None:
    for name in list(element.attrib):
        low = str(name).lower()
        leads = low in _LINKS and not str(element.get(name)).startswith("#")
        if low.startswith("on") or low in _FETCHED or low in ("srcdoc", "http-equiv", "target") or leads:
            if leads and low == "href" and element.get("title") is None:
                element.set("title", str(element.get(name)))
            del element.attrib[name]


def _worded(image: html.HtmlElement) -> None:
    """Pictures are not recorded: what they are said to show stands in their place."""
    if str(image.get("src") or "").startswith("data:image/"):
        source = image.get("src")
        _still(image)
        image.set("src", str(source))
        return
    words = (image.get("alt") or "").strip()
    image.tag = "span"
    for name in list(image.attrib):
        del image.attrib[name]
    image.text = f"[picture: {words}]" if words else ""


def _decoded(body: bytes, stored: Answer) -> str:
    """By the declared character set, else UTF-8, else Windows-1252, as browsers do (WHATWG Encoding §8)."""
    declared = _CHARSET.search((stored.header("content-type") or "").encode("latin-1", "replace"))
    named = declared or _CHARSET.search(body[:1024])
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    if named:
        try:
            return body.decode(named[1].decode(), "replace")
        except (LookupError, UnicodeError):
            pass
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _as_text(text: str, says: str) -> str:
    return (
        '<!DOCTYPE html><meta charset="utf-8"><title>Archived record</title>'
        "<style>body{font:14px/1.5 ui-monospace,monospace;margin:1rem;background:#fff;color:#222}"
        "pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>"
        f"<p>{escape(says)}</p><pre>{escape(text)}</pre>"
    )
