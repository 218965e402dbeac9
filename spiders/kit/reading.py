"""From bytes to an Article: what came of a page, or why it gives none. Pure: no clock, no network, no settings."""

import re
from datetime import datetime
from typing import TYPE_CHECKING

from archive.errors import SURROUNDINGS
from archive.model import Access, Article, Complete, Outcome, Reading
from spiders.kit.addresses import shown
from spiders.kit.markup import Undecodable
from spiders.kit.outlet import Outlet
from spiders.kit.page import Page
from spiders.kit.quality import leaves_out
from spiders.kit.walls import refusal

if TYPE_CHECKING:
    from archive.http import Answer

_HTML = (
    "text/html",
    "application/xhtml+xml",
    "application/xhtml",
    "text/plain",
    "application/octet-stream",
    "unknown/unknown",
    "",
)
SCRAP = 20  # words, below which a text without headline and date is taken for no article
_BROKEN_OFF = (Outcome.TRUNCATED, Outcome.TIMEOUT, Outcome.TOO_LARGE)  # what was sent so far can be read
_TAGS = re.compile(rb"<(?:!doctype|html|head|meta|body|article|div|p|h1)\b", re.IGNORECASE)
_ANY_TAG = re.compile(rb"<[a-z!/]", re.IGNORECASE)
_CODE = re.compile(
    rb"\s*(?:\(function|\(\(|!function|['\"]use strict|(?:var|let|const|import|export|function|window)\b|/[*/]|"
    rb"@(?:charset|"
    rb"import|media)|[.#]?[\w-]+(?:[\s,.#>:]+[\w-]+){0,9}\s*\{)"
)
_UNDECLARED = ("application/octet-stream", "unknown/unknown", "")
_NOT_HTML = re.compile(
    rb"^(?:%PDF|\x89PNG|GIF8|\xff\xd8\xff|RIFF|PK\x03\x04|\x1f\x8b|\x00\x00\x00.ftyp|OggS|ID3|wOF[F2]|"
    rb"\x28\xb5\x2f\xfd|"
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)?(?:<\?xml-stylesheet[^>]*>\s*)?<(?:rss|"
    rb"feed|urlset|sitemapindex|rdf:RDF|svg)\b|\s*[{\[]\s*[\"{\[])",
    re.DOTALL,
)


def read(
    body: bytes, *, url: str, at: datetime, outlet: Outlet | None = None, content_type: str | None = None
) -> Reading:
    """What the page says. `at` is the time of the capture: it chooses the outlet's layout, nothing else.

    What cannot be read is an outcome. Raises nothing but OSError where the machine fails, such as a full disk.
    """
    return _read(body, url=url, at=at, outlet=outlet, content_type=content_type, broken=None)


def read_answer(answer: "Answer", *, url: str, at: datetime, outlet: Outlet | None) -> Reading:
    """What the answer says: its status, its kind and its wholeness first, then the page.

    An answer that broke off still gives an Article, never a complete one.
    """
    status = answer.status
    if status is None:
        return Reading(answer.problem or Outcome.BAD_HTTP, answer.problem_reason or "the answer has no status")
    if status < 200:
        return no_answer(answer)
    if status == 304:
        return Reading(Outcome.NOT_MODIFIED, "304: the earlier capture stands")
    if 300 <= status < 400:
        target = answer.header("location")
        if not target:
            return Reading(Outcome.BAD_HTTP, f"{status}: a redirect that says no target")
        return Reading(Outcome.REDIRECTED, f"{status}: to {shown(target)}")
    if status >= 400:
        return Reading(Outcome.HTTP_ERROR, f"status {status}")
    if answer.problem and not (answer.body and answer.problem in _BROKEN_OFF):
        return Reading(answer.problem, answer.problem_reason)
    if not answer.body.strip():
        return Reading(Outcome.EMPTY, "the answer has no body")
    content_type = answer.header("content-type")
    mime = (content_type or "").split(";")[0].strip().lower()
    if mime not in _HTML or _is_other(answer.body, mime) or _NOT_HTML.match(answer.body[:4096]):
        if answer.problem:
            return Reading(answer.problem, answer.problem_reason)
        return Reading(Outcome.NOT_HTML, f"the answer is {mime or 'of no declared kind'} and no HTML page")
    broken = (answer.problem, answer.problem_reason or "the answer broke off") if answer.problem else None
    return _read(answer.body, url=url, at=at, outlet=outlet, content_type=content_type, broken=broken)


def _is_other(body: bytes, mime: str) -> bool:
    """Whether a body of any kind, or one that is said to be HTML, is text without markup, a program, or no text."""
    if mime == "text/plain" or mime in _UNDECLARED:
        return not _TAGS.search(body[:4096].replace(b"\0", b""))
    return _CODE.match(body[:4096]) is not None and not _ANY_TAG.search(body)


def no_answer(answer: "Answer") -> Reading:
    """Of a status below 200, which promises an answer and is none (RFC 9110 §15.2)."""
    if answer.problem in _BROKEN_OFF and answer.status != 101:  # behind an upgrade none would ever have come
        return Reading(answer.problem, answer.problem_reason)
    return Reading(Outcome.BAD_HTTP, f"status {answer.status} and no answer behind it")


def _read(
    body: bytes,
    *,
    url: str,
    at: datetime,
    outlet: Outlet | None,
    content_type: str | None,
    broken: tuple[Outcome, str] | None,
) -> Reading:
    kind = outlet.page_at(at) if outlet else Page
    name, url_id = (outlet.name, outlet.id_in(url)) if outlet else (None, None)
    try:
        page = kind(body, url=url, content_type=content_type, outlet=name, url_id=url_id)
        article = article_of(page, cut=broken is not None)
        return _judge(page, article, broken)
    except Undecodable as error:
        if broken is None and not _TAGS.search(body[:4096]):
            return Reading(Outcome.NOT_HTML, "the answer is no text, and no HTML page")
        return Reading(Outcome.UNDECODABLE, str(error))
    except Exception as error:  # whatever a page does to a parser is that page's outcome
        if isinstance(error, OSError) and error.errno in SURROUNDINGS:
            raise
        if broken is not None:
            return Reading(*broken)  # it decided before any parser
        return Reading(Outcome.PARSE_FAILED, f"{type(error).__name__}: {error}"[:300])


def article_of(page: Page, *, cut: bool = False) -> Article:
    """Everything that the page says, field by field. `cut`: the answer broke off, so the text is not whole."""
    blocks = page.blocks()
    access, evidence = page.access()
    given = {
        "canonical_url": page.canonical_url(),
        "title": page.title(),
        "standfirst": page.standfirst(),
        "kicker": page.kicker(),
        "authors": page.authors(),
        "published": page.published(),
        "modified": page.modified(),
        "published_day": page.published_day(),
        "language": page.language(),
        "section": page.section(),
        "tags": page.tags(),
        "images": page.images(),
        "dateline": page.dateline(),
        "attributions": page.attributions(),
        "links": page.links(),
        "stable_id": page.stable_id(),
        "licence": page.licence(),
        "robots_meta": page.robots_meta(),
        "tdm_reservation": page.tdm_reservation(),
        "tdm_policy": page.tdm_policy(),
    }
    complete = Complete.NO if cut else page.complete()
    body_quality, quality_evidence = page.quality()
    read_by = {
        field: page.read_by.get(field, "outlet")
        for field, value in {**given, "blocks": blocks}.items()
        if value and (field in page.read_by or getattr(type(page), field) is not getattr(Page, field))
    }
    return Article(
        url=page.url,
        outlet=page.outlet,
        blocks=blocks,
        access=access,
        access_evidence=evidence,
        complete=complete,
        read_by=read_by,
        embeds=page.embeds(),
        body_quality=body_quality,
        quality_evidence=quality_evidence,
        drift=page.drift(),
        candidates=page.candidates(given),
        **given,  # type: ignore[arg-type]
    )


def _judge(page: Page, article: Article, broken: tuple[Outcome, str] | None) -> Reading:
    if broken:
        return Reading(*broken, article)
    refused = refusal(page, article)
    if refused:
        return Reading(refused.outcome, refused.reason, _without_body(article))
    if page.lost_text:
        return Reading(Outcome.TEXT_INCOMPLETE, "text that is in the bytes is missing from the parsed page", article)
    if article.blocks and article.complete is not Complete.NO and leaves_out(page, article.blocks):
        return Reading(Outcome.TEXT_INCOMPLETE, "paragraphs that stand together are not in the text", article)
    closed = article.access in (Access.PAYWALLED, Access.METERED) and article.complete is Complete.NO
    if closed:
        sign = article.access_evidence[0]
        return Reading(Outcome.PAYWALLED, f"not the whole text ({sign.where}: {sign.says})", article)
    if not article.blocks:
        return Reading(Outcome.EMPTY, "the page has no text to read", article)
    if not (article.title or article.published or article.published_day) and len(article.text.split()) < SCRAP:
        return Reading(Outcome.EMPTY, "the page has a few words, and neither headline nor date", article)
    return Reading(Outcome.OK, None, article)


def _without_body(article: Article) -> Article:
    return Article(
        url=article.url,
        outlet=article.outlet,
        title=article.title,
        language=article.language,
        robots_meta=article.robots_meta,
    )
