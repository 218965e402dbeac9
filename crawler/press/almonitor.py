"""The replica of Al-Monitor: which address gives what.

Structure and traps follow the newspaper; every text is invented.
"""

import re
from collections.abc import Callable
from urllib.parse import unquote

from crawler.press import almonitor_lists as lists
from crawler.press import almonitor_pages as pages
from crawler.press.almonitor_addresses import HOME, address, path, specials
from crawler.press.edition import FOUNDED, Edition, node, number
from crawler.press.exchange import Answer, Request, answer_html, document, gzipped, moved
from crawler.press.texts import Story

HOSTS = frozenset(("www.al-monitor.com", "al-monitor.com"))
__all__ = ["HOSTS", "address", "answer", "specials"]

ROBOTS = """\
#
# robots.txt of a demonstration replica.
# Reading by programs is welcome for tests. Use of these pages for training models is not permitted.
#
User-agent: *
Disallow: /search
Disallow: /user/
Disallow: /originals/*/*/print-edition-

User-agent: GPTBot
Disallow: /

User-agent: ClaudeBot
Disallow: /

Sitemap: https://www.al-monitor.com/sitemap.xml
"""
_XML = "application/xml; charset=utf-8"
_RSS = "application/rss+xml; charset=utf-8"
_FORMER = r"/pulse/(?:[a-z]{2}/)?(originals|afp)/(\d{4})/(\d\d)/([^/]+?)(\.html)?"


def answer(request: Request, edition: Edition) -> Answer:
    """The replica's answer to a GET or HEAD."""
    if request.scheme != "https" or request.host != "www.al-monitor.com":
        return moved("https://www.al-monitor.com" + request.target)
    return (
        _machine_readable(request, edition)
        or _article(request, edition)
        or _listing(request, edition)
        or _special(request, edition)
        or _legacy(request, edition)
        or _page(answer_html(404, pages.plain(edition, "Page not found")), request)
    )


def _machine_readable(request: Request, edition: Edition) -> Answer | None:
    match request.path:
        case "/robots.txt":
            return document(ROBOTS, "text/plain", request, FOUNDED)
        case "/rss":
            return document(lists.feed(edition), _RSS, request, edition.changed)
        case "/rss.xml":
            return moved(f"{HOME}rss")
        case "/sitemap.xml":
            xml = lists.sitemap_page(edition, request.query.get("page"))
            return document(xml, _XML, request, edition.changed) if xml else None
    return None


def _article(request: Request, edition: Edition) -> Answer | None:
    wanted = unquote(request.path)
    by_number = re.fullmatch(r"/node/(\d+)", wanted)
    for story in edition.stories:
        if path(story) == wanted or (by_number and node(story) == int(by_number[1])):
            return _page(answer_html(200, pages.article(story, edition)), request)
    return None


def _listing(request: Request, edition: Edition) -> Answer | None:
    found = lists.listing(unquote(request.path), edition)
    if found is None:
        return None
    return _page(answer_html(200, pages.listing(*found, request, edition)), request)


def _special(request: Request, edition: Edition) -> Answer | None:
    special = next((entry for entry in specials(edition) if entry.url == HOME + request.path[1:]), None)
    if special is None:
        return None
    if special.target is not None:
        return moved(special.target, special.status)
    if special.kind == "challenge":
        return answer_html(200, pages.challenge(edition)).with_headers(("cf-mitigated", "challenge"))
    if special.kind == "not found":
        texts = ("The page you are looking for could not be found.", "Error 404. Try the search instead.")
        return _page(answer_html(200, pages.plain(edition, "Page not found", *texts)), request)
    return _page(answer_html(200, pages.plain(edition, "Print edition", "For printers only.")), request)


def _legacy(request: Request, edition: Edition) -> Answer | None:
    """The addresses of earlier years: most lead to the article, the third of every four in two steps."""
    found = re.fullmatch(_FORMER, request.path)
    if not found:
        return None
    new = f"/originals/{found[2]}/{found[3]}/{unquote(found[4])}"
    story = _first(edition, lambda story: path(story) == new)
    if story is None:
        return None
    if number(story.key, 4) == 2 and found[5]:
        return moved(HOME + request.path[1:].removesuffix(".html"))
    return moved(address(story))


def _first(edition: Edition, wanted: Callable[[Story], bool]) -> Story | None:
    return next((story for story in edition.stories if wanted(story)), None)


def _page(answered: Answer, request: Request) -> Answer:
    """A page as Drupal sends it: no validators that hold, one of three ways to frame it."""
    answered = answered.with_headers(
        ("Cache-Control", "must-revalidate, no-cache, private"),
        ("X-Drupal-Dynamic-Cache", "MISS"),
        ("X-Content-Type-Options", "nosniff"),
    )
    way = number(request.path, 3)
    if way == 0:
        return answered
    coded = gzipped(answered, request)
    return coded if way == 1 else Answer(coded.status, coded.headers, coded.body, "chunked")
