"""find: what the answer of a source announces. The first step of the flow, and pure: bytes in, Finding
out."""

import re
from dataclasses import replace

from archive.http import Answer
from spiders.kit.feeds import read_feed
from spiders.kit.finding import Child, Finding, Hints, Notebook, Refused
from spiders.kit.json_feed import read_json_feed
from spiders.kit.listings import read_listing
from spiders.kit.outlet import Feed, Listing, Outlet, Sitemap, Source, Urls
from spiders.kit.packed import head_of
from spiders.kit.sitemaps import read_sitemap, read_text_sitemap

__all__ = ["Child", "Finding", "Hints", "Refused", "find", "named"]

_HEAD = 32 * 1024
# Whichever begins first says what the document is.
_SHAPES = {
    "sitemap": re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:urlset|sitemapindex)[\s>/]"),
    "feed": re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|RDF)[\s>/]"),
    "html": re.compile(r"<!DOCTYPE\s+html|<(?:html|head|body|meta|script|title|div|p|h1|center)[\s>/]", re.IGNORECASE),
    "text": re.compile(r"\A[\s\ufeff]*https?://", re.IGNORECASE),
    "json": re.compile(r"\A[\s\ufeff]*[{\[]"),
}


def find(answer: Answer, *, url: str, source: Source, outlet: Outlet) -> Finding:
    """What a feed, sitemap or listing announces. Pure, and never raises.

    `url` is the address that gave the answer, after redirects: relative links and `Lead.source` rest on it.
    What the document is decides how it is read: a sitemap may be gzip under any name, a feed (sitemaps.org
    allows that) or plain text, and a feed may be JSON. Problems: a status other than 2xx, an answer that is
    not whole (its good entries are used), an empty document, HTML where a feed should be, a document without
    entries.
    """
    if answer.status is None or not 200 <= answer.status < 300:
        reason = answer.problem_reason or f"the server answered {answer.status}"
        return Finding(problem=reason)
    if isinstance(source, Urls):
        return Finding(problem="addresses that are named one by one are not read from an answer")
    finding = _read(answer, url, source, outlet)
    if answer.problem is not None:
        reason = answer.problem_reason or str(answer.problem)
        finding = _with_problem(finding, f"the answer is not whole: {reason}")
    elif finding.problem is None and not finding.leads and not finding.children and finding.refused:
        finding = _with_problem(finding, f"none of its {len(finding.refused)} links is a web address")
    return finding


def named(source: Urls, outlet: Outlet) -> Finding:
    """The leads of an outlet whose articles are named one by one; their source is "corpus"."""
    notebook = Notebook("corpus", outlet)
    for each in source.urls:
        notebook.lead(each)
    return notebook.finding()


def _read(answer: Answer, url: str, source: Source, outlet: Outlet) -> Finding:
    body, content_type = answer.body, answer.header("Content-Type")
    if not body.strip():
        return Finding(problem="the document is empty")
    if isinstance(source, Listing):
        return read_listing(body, url=url, source=source, outlet=outlet, content_type=content_type)
    shape = _shape(body)
    if shape == "html":
        wanted = "feed" if isinstance(source, Feed) else "sitemap"
        return Finding(problem=f"an HTML page stands where a {wanted} should be")
    if shape == "json":
        return read_json_feed(body, url=url, outlet=outlet, content_type=content_type)
    if shape == "text":
        return read_text_sitemap(body, url=url, outlet=outlet, content_type=content_type)
    if shape == "feed" or (shape is None and isinstance(source, Feed)):
        links = answer.all("Link")
        return read_feed(body, url=url, outlet=outlet, content_type=content_type, links=links)
    only = source.only if isinstance(source, Sitemap) else None
    return read_sitemap(body, url=url, outlet=outlet, only=only, content_type=content_type)


def _shape(body: bytes) -> str | None:
    """What the document is by its first element or character; None where neither says."""
    head = head_of(body, _HEAD)
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:4]
    text = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff") if wide else head
    shown = text.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    begins = {name: found.start() for name, pattern in _SHAPES.items() if (found := pattern.search(shown))}
    return min(begins, key=lambda name: begins[name], default=None)


def _with_problem(finding: Finding, problem: str) -> Finding:
    return replace(finding, problem=f"{problem}; {finding.problem}" if finding.problem else problem)
