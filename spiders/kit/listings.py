"""Pages that list articles: their links, the title, teaser and time beside each, and the next page."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from lxml.html import HtmlElement

from archive.model import Kind
from spiders.kit.addresses import host_of, resolve
from spiders.kit.announced import LONGEST_SUMMARY, line, moment, words_in
from spiders.kit.finding import Finding, Notebook
from spiders.kit.markup import Undecodable, decode, parse, select
from spiders.kit.outlet import Listing, Outlet

LONGEST_LISTING = 8 * 2**20
"""Bytes; of a longer page only these are read."""

_ANY_PAGE = 987_654_321  # stands for the number while an address is compared with its template
_CLIMB = 8  # levels from a link to the edge of its teaser
_BOXES = frozenset({"article", "li", "tr", "dd"})  # a teaser ends here, however empty the page around it is
_EDGES = frozenset({"body", "main", "html", "ul", "ol", "table", "tbody", "nav", "footer", "header"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEASER_WORDS = 6  # a paragraph of fewer words is a label or a byline


@dataclass(slots=True)
class _Teaser:
    """The links of one page to one article, and the box around them."""

    links: list[HtmlElement] = field(default_factory=list)
    box: HtmlElement | None = None


def read_listing(body: bytes, *, url: str, source: Listing, outlet: Outlet, content_type: str | None = None) -> Finding:
    """What a listing announces. Never raises.

    Links are those that `source.links` selects, else those that the outlet's `articles` pattern takes, else
    (no pattern) those to the listing's own host. The first page of a listing without any link has a problem;
    a later one is the end of the walk. Runs in the time libxml2 takes, which a hostile page can make long:
    call it where time is limited.
    """
    notebook = Notebook(url, outlet)
    problems: list[str] = []
    if len(body) > LONGEST_LISTING:
        problems.append(f"it is larger than {LONGEST_LISTING} bytes; the rest was not read")
        body = body[:LONGEST_LISTING]
    try:
        text, _ = decode(body, content_type)
    except (Undecodable, LookupError, ValueError):
        return notebook.finding([*problems, "its character set cannot be told"])
    doc = parse(text).doc
    base = _base(doc, url)
    try:
        teasers = _teasers(_chosen(doc, source, notebook, base), notebook, base)
    except ValueError as fault:
        return notebook.finding([*problems, str(fault)])
    for teaser in teasers:
        links = [href for link in teaser.links if (href := link.get("href"))]
        title = _title(teaser)
        notebook.lead(*links, base=base, title=title, summary=_summary(teaser, title), published_at=_published(teaser))
    number = page_number(source, url)
    if not notebook.entries and number in (None, source.first_page):
        problems.append("the listing has no link to an article")
    _next_page(doc, source, notebook, base, number)
    return notebook.finding(problems)


def page_url(source: Listing, number: int) -> str:
    """The address of one page of the listing, numbers as in `first_page`."""
    return source.url.replace("{page}", str(number))


def page_number(source: Listing, url: str) -> int | None:
    """Which page of the listing an address is; None when it is none of them."""
    template, asked = resolve(page_url(source, _ANY_PAGE)), resolve(url)
    if template is None or asked is None:
        return None
    pattern = re.escape(template).replace(str(_ANY_PAGE), r"(\d{1,9})")
    found = re.fullmatch(pattern, asked)
    if found is None:
        return None
    number = int(found[1]) if found.groups() else source.first_page
    return number if source.first_page <= number < source.first_page + max(source.pages, 1) else None


def _chosen(doc: HtmlElement, source: Listing, notebook: Notebook, base: str) -> list[HtmlElement]:
    """The `a` elements that count, in the order of the page."""
    if source.links is not None:
        chosen: list[HtmlElement] = []
        for element in select(doc, source.links):
            chosen += [element] if element.tag == "a" else element.iterdescendants("a")
        return [link for link in chosen if link.get("href")]
    return [link for link in doc.iter("a") if _counts(link.get("href"), notebook, base)]


def _counts(href: str | None, notebook: Notebook, base: str) -> bool:
    url = notebook.address(href, base) if href else None
    if url is None:
        return False
    is_article = notebook.outlet.is_article(url)
    if is_article is not None:
        return is_article
    home = resolve(notebook.outlet.home)
    return host_of(url) == host_of(resolve(notebook.url) or "") and url not in (resolve(notebook.url), home)


def _teasers(links: list[HtmlElement], notebook: Notebook, base: str) -> list[_Teaser]:
    """One teaser per address: its box is the largest element near it that holds no other article's link."""
    teasers: dict[str, _Teaser] = {}
    inside: dict[HtmlElement, set[str]] = {}
    for link in links:
        url = notebook.address(link.get("href") or "", base) or link.get("href") or ""
        teasers.setdefault(url, _Teaser()).links.append(link)
        for near in _upward(link):
            inside.setdefault(near, set()).add(url)
    for url, teaser in teasers.items():
        # Of several links to one article the one with words has the better neighbours.
        best = max(teaser.links, key=lambda link: len(words_in(link).strip()))
        for near in _upward(best):
            if inside[near] != {url}:
                break
            teaser.box = near
    return list(teasers.values())


def _upward(link: HtmlElement) -> list[HtmlElement]:
    near = [link]
    for parent in link.iterancestors():
        if parent.tag in _EDGES or len(near) > _CLIMB:
            break
        near.append(parent)
        if parent.tag in _BOXES:
            break
    return near


def _title(teaser: _Teaser) -> str | None:
    """The heading of the teaser, a heading around or inside the link first; else the longest link text."""
    for link in teaser.links:
        around = next((up for up in link.iterancestors() if up.tag in _HEADINGS), None)
        heading = around if around is not None else next((d for d in link.iter() if d.tag in _HEADINGS), None)
        if heading is not None and (words := line(words_in(heading))):
            return words
    if teaser.box is not None:
        for heading in teaser.box.iter(*_HEADINGS):
            if words := line(words_in(heading)):
                return words
    texts = [words for link in teaser.links if (words := line(words_in(link)))]
    return max(texts, key=len, default=None)


def _summary(teaser: _Teaser, title: str | None) -> str | None:
    if teaser.box is None:
        return None
    for paragraph in teaser.box.iter("p"):
        words = line(words_in(paragraph), LONGEST_SUMMARY)
        if words and words != title and len(words.split()) >= _TEASER_WORDS:
            return words
    return None


def _published(teaser: _Teaser) -> datetime | None:
    if teaser.box is None:
        return None
    return next((at for time in teaser.box.iter("time") if (at := moment(time.get("datetime")))), None)


def _base(doc: HtmlElement, url: str) -> str:
    for element in doc.iter("base"):
        if href := element.get("href"):
            return resolve(href, url) or url
    return url


def _next_page(doc: HtmlElement, source: Listing, notebook: Notebook, base: str, number: int | None) -> None:
    """The next page by number where the address has one, else by rel=next on the same host."""
    if "{page}" in source.url:
        if number is not None and number + 1 < source.first_page + source.pages and notebook.entries:
            notebook.child(page_url(source, number + 1), Kind.LISTING)
        return
    if source.pages <= 1:
        return
    for element in doc.iter("link", "a"):
        href = element.get("href")
        if href and "next" in (element.get("rel") or "").lower().split():
            target = resolve(href, base)
            if target and host_of(target) == host_of(resolve(notebook.url) or ""):
                notebook.child(target, Kind.LISTING)
            return
