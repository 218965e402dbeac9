"""What a home page tells of its newspaper: name, languages, feeds, links, and what its links are likely to be."""

import re
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement
from slugify import slugify

from archive.http import Answer
from archive.model import Outcome
from spiders.kit import metatags
from spiders.kit.addresses import host_of, normalise, resolve
from spiders.kit.announced import moment
from spiders.kit.jsonld import names
from spiders.kit.language import primary
from spiders.kit.markup import Undecodable
from spiders.kit.page import Page
from spiders.kit.probing.patterns import is_list
from spiders.kit.probing.shapes import shape_of
from spiders.kit.reading import read_answer
from spiders.kit.words import fold, one_line, plain, unsteered

_FEED_TYPES = ("rss", "atom", "rdf", "feed+json")
_FEED_LINK = re.compile(r"(?:^|[/._?=&-])(?:rss|atom|feeds?|backend)(?:$|[/._?=&-])", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?(?:/|$|=)|commentaires", re.IGNORECASE)
_NAVIGATION = frozenset({"nav", "header", "footer"})
_SHORT = 3  # words of a link that names a section
_LINKS = 3000
_FEEDS = 12


@dataclass(frozen=True, slots=True)
class Home:
    """A home page. `wall` says what stands in its place, None where it is one.

    `feeds`: (address, title) of the feeds that it declares, then of those that it links. `sections`: addresses of
    its own hosts that are no articles; `links`: its other links to its own hosts, in their order. `date`: what the
    server's clock said (RFC 9110 §6.6.1).
    """

    url: str
    wall: str | None = None
    title: str | None = None
    languages: tuple[str, ...] = ()
    made_with: str = ""
    feeds: tuple[tuple[str, str], ...] = ()
    links: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    tdm_reservation: str | None = None
    tdm_policy: str | None = None
    robots_meta: str | None = None
    licence: str | None = None
    date: datetime | None = None


def read_home(answer: Answer, url: str, at: datetime) -> Home:
    """The home page in an answer. Pure, and never raises for what a page holds."""
    date = moment(answer.header("Date"))
    reading = read_answer(answer, url=url, at=at, outlet=None)
    if reading.outcome in (Outcome.WALL, Outcome.SOFT_404, Outcome.NOT_HTML, Outcome.UNDECODABLE):
        return Home(url, wall=reading.reason, date=date)
    try:
        page = Page(answer.body, url=url, content_type=answer.header("Content-Type"))
    except Undecodable as error:
        return Home(url, wall=str(error), date=date)
    feeds = _feeds(page)
    links, sections = _links(page, {address for address, _ in feeds})
    return Home(
        url,
        title=_title(page),
        languages=_languages(page),
        made_with=one_line(page.meta("generator"))[:80],
        feeds=feeds,
        links=links,
        sections=sections,
        tdm_reservation=page.tdm_reservation(),
        tdm_policy=page.tdm_policy(),
        robots_meta=page.robots_meta(),
        licence=page.licence(),
        date=date,
    )


def of_one_house(url: str, home: str) -> bool:
    """Whether the address is on the home's host or on a host beside it (www.a.example and sport.a.example)."""
    one, other = (host_of(each).removeprefix("www.").lower() for each in (url, home))
    return bool(one) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))


def _title(page: Page) -> str | None:
    said = [*names(page.ld.get("publisher"))]
    for node in page.ld.of_type("WebSite"):
        said += names(node.get("name"))
    said += [page.meta(*metatags.SITES)]
    if found := next((plain(each) for each in said if each and len(each) <= 60), None):
        return unsteered(found)
    whole = unsteered(plain(page.doc.findtext(".//title")))
    parts = [part.strip() for part in re.split(r"\s+[-–—|:·]\s+|\s*:\s+", whole) if part.strip()]
    host = host_of(page.url).replace("-", "").lower()
    named = [part for part in parts if len(part) > 2 and fold(slugify(part)).replace(" ", "") in host]
    return max(named, key=len, default=parts[0])[:60] if parts else None


def _languages(page: Page) -> tuple[str, ...]:
    """Of the page itself first, then of its editions on the same hosts."""
    said = [page.doc.get("lang"), page.meta(*metatags.LANGUAGES)]
    for element in page.css("link[rel~=alternate][hreflang]"):
        target = resolve(element.get("href") or "", page.url)
        if target and of_one_house(target, page.url):
            said.append(element.get("hreflang"))
    return tuple(dict.fromkeys(filter(None, map(primary, said))))


def _feeds(page: Page) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for element in page.css("link[rel~=alternate][href]"):
        kind = (element.get("type") or "").lower()
        if any(each in kind for each in _FEED_TYPES):
            _note(found, element, page, plain(element.get("title")))
    for element in page.css("a[href]"):
        url = resolve(element.get("href") or "", page.url)
        if url and of_one_house(url, page.url) and _FEED_LINK.search(element.get("href") or ""):
            _note(found, element, page, one_line(element.text_content())[:80])
    return tuple(list(found.items())[:_FEEDS])


def _note(found: dict[str, str], element: HtmlElement, page: Page, title: str) -> None:
    url = resolve(element.get("href") or "", page.url)
    if url and not _COMMENTS.search(url) and not _COMMENTS.search(title):
        found.setdefault(url, title)


def _links(page: Page, feeds: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(links that may be articles, links that are none), each once."""
    home = normalise(page.url) or page.url
    found: dict[str, bool] = {}
    for element in page.css("a[href]")[:_LINKS]:
        url = normalise(element.get("href") or "", page.url)
        if url is None or url == home or url in feeds or not of_one_house(url, page.url):
            continue
        found[url] = found.get(url, True) and _names_a_section(element, url)
    paths = set(found)
    sections = {url for url, section in found.items() if section or is_list(url) or _holds_others(url, paths)}
    return tuple(url for url in found if url not in sections), tuple(url for url in found if url in sections)


def _names_a_section(element: HtmlElement, url: str) -> bool:
    """Whether a link leads to a list of articles or a page of the house: it is short, and not in the form of one."""
    shape = shape_of(url)
    if shape is None:
        return True
    if shape.dated or shape.numbered:
        return False
    short = len(one_line(element.text_content()).split()) <= _SHORT
    around = any(parent.tag in _NAVIGATION for parent in element.iterancestors())
    return (short and shape.words <= _SHORT) or (around and shape.words <= _SHORT)


def _holds_others(url: str, others: set[str]) -> bool:
    """Whether several of the other addresses lie under this one, as the articles of a section do."""
    folder = url.partition("?")[0].rstrip("/") + "/"
    under = [each for each in others if each != url and each.startswith(folder)]
    return len(under) > 1
