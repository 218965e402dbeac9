"""Home pages, sections, tags and search results: pages that list articles and are none.

A page is taken for one only where three things come together: it does not say that it is an article, it says that it
is something else, and what was read from it is the teasers of other articles, each below its link.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from archive.model import Block
from spiders.kit import metatags
from spiders.kit.places import key

if TYPE_CHECKING:
    from spiders.kit.page import Page

_LISTS = ("CollectionPage", "SearchResultsPage", "ProfilePage")
_HEADINGS = ("h2", "h3", "h4", "h5")
_LEAST = 4  # teasers, fewer of which may stand in an article
_OWN = 40  # words that stand in no teaser, from which the page has a text of its own
_LONG = 1200  # letters, beyond which an element is more than a teaser
_UP = 6  # elements above a text, in which its headline is looked for


def is_index(page: "Page", blocks: Iterable[Block]) -> bool:
    """Whether the page lists articles and is none; `blocks` is the text that was read from it."""
    if not _says_so(page):
        return False
    teasers: set[HtmlElement] = set()
    known: dict[HtmlElement, bool | None] = {}
    inside = own = 0
    for block in blocks:
        place = page.places.get(key(block.text))
        words = len(block.text.split())
        if place is None:
            own += words
        elif place.linked > 0.9:
            inside += words
        elif (teaser := _teaser(place.element, page.url, known)) is not None:
            teasers.add(teaser)
            inside += words
        else:
            own += words
    return len(teasers) >= _LEAST and own < _OWN and own < 0.2 * inside


def _says_so(page: "Page") -> bool:
    """Whether the page's data call it a list or a site, or its address is that of the home; never with an article's."""
    if page.ld.is_article or page.meta(*metatags.PUBLISHED):
        return False
    if next(page.ld.of_type(*_LISTS), None) is not None:
        return True
    kind = page.meta("og:type").lower()
    return kind == "website" or (kind != "article" and not urlsplit(page.url).path.strip("/"))


def is_teaser(element: HtmlElement, url: str) -> bool:
    """Whether the element stands below a headline that leads to another article."""
    return _teaser(element, url, {}) is not None


def _teaser(element: HtmlElement, url: str, known: dict[HtmlElement, bool | None]) -> HtmlElement | None:
    """The element around a text that has one headline, a link to another page; None where there is none."""
    for around, _ in zip((element, *element.iterancestors()), range(_UP), strict=False):
        if around not in known:
            known[around] = _is_teaser(around, url)
        if (found := known[around]) is not None:
            return around if found else None
    return None


def _is_teaser(element: HtmlElement, url: str) -> bool | None:
    """Whether the element is a teaser; None where it may stand in one."""
    if element.tag in ("body", "main", "html") or next(element.iter("h1"), None) is not None:
        return False
    if len(element.text_content()) > _LONG:
        return False
    if element.tag == "a" and _leads_away(element, url):
        return True
    headings = [*element.iter(*_HEADINGS)]
    return len(headings) == 1 and _is_link(headings[0], url) if headings else None


def _is_link(heading: HtmlElement, url: str) -> bool:
    links = [*heading.iter("a"), *(parent for parent, _ in zip(heading.iterancestors("a"), range(1), strict=False))]
    return any(_leads_away(link, url) for link in links)


def _leads_away(link: HtmlElement, url: str) -> bool:
    """Whether the link leads to another page, and not to a place or an entry in this one."""
    try:
        path = urlsplit(urljoin(url, (link.get("href") or "").strip())).path.strip("/")
    except ValueError:
        return False
    own = urlsplit(url).path.strip("/")
    if own.rpartition("/")[2].count("-") >= 3 and path.startswith(f"{own}/"):
        return False  # an entry of a live report, below its address
    return bool(path) and path != own
