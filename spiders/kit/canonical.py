"""The address and the number that a page gives for itself; addresses that no article has are traps and disregarded."""

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from spiders.kit.addresses import web_link
from spiders.kit.words import plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

_CANONICAL = etree.XPath(
    "//link[contains(concat(' ', normalize-space(translate(@rel, 'CANOIL', 'canoil')), ' '), ' canonical ')]/@href"
)
_SHORT = etree.XPath("//link[@rel='shortlink']/@href")
_TEMPLATE = re.compile(r"\{\{|\}\}|\{%|%\}|\$\{|<%|%%|\[\[|\{\w+\}|/:\w+(?:/|$)")
_NOWHERE = re.compile(
    r"localhost|(?:.*\.)?(?:local|localhost|internal|lan|invalid)|127\.[\d.]+|0\.0\.0\.0|10\.\d+\.\d+\.\d+|"
    r"192\.168\.[\d.]+|172\.(?:1[6-9]|2\d|3[01])\.[\d.]+|\[.*\]"
)
_ERROR = re.compile(
    r"(?:(?:error|erreur|fehler|page)[-_]?)?(?:404|403|500|410)(?:[-_]?(?:error|page|not[-_]?found))?|"
    r"(?:page[-_])?not[-_]?found|(?:page-)?introuvable|undefined|null|none|nan|false|login|signin|sign-in|"
    r"captcha|maintenance|access-denied|forbidden",
    re.IGNORECASE,
)
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp|cms)$", re.IGNORECASE)
_INDEX = frozenset(("index", "home", "default", "accueil", "startseite", "inicio"))


def links(doc: HtmlElement) -> list[str]:
    """What the page's canonical links say, in order."""
    found: list[str] = _CANONICAL(doc)
    return found


def canonical(page: "Page") -> str | None:
    """The address that the page gives for itself.

    None where it gives none, or only what no article has: the home page, a section's page, an error's, a template
    that was not filled in, a machine that nobody else can reach.
    """
    said = [("dom", plain(str(link))) for link in page.canonical_links[:5]]
    for reader, link in (*said, ("meta", page.meta("og:url")), ("json-ld", page.ld.text("url"))):
        url = web_link(link, page.url)
        if url and not _is_trap(page, url):
            page.read_by["canonical_url"] = reader
            return url.split("#")[0]
    return None


def number(page: "Page") -> str:
    """The number by which a content system knows the article: that of its short link (?p=123, /node/123); else ""."""
    for address in _SHORT(page.doc)[:1]:
        if found := re.search(r"(?:[?&]p=|/node/)(\d+)$", str(address)):
            return found[1]
    return ""


def _is_trap(page: "Page", url: str) -> bool:
    try:
        there, here = urlsplit(url), urlsplit(page.url)
        host = (there.hostname or "").lower()
        own = (here.hostname or "").lower()
    except ValueError:
        return True
    if host != own and ("." not in host or _NOWHERE.fullmatch(host)):
        return True
    path, at = _segments(there.path), _segments(here.path)
    if path == at:
        return False
    if _TEMPLATE.search(unquote(url)):
        return True
    if not there.query and (not path or path in ([each] for each in _INDEX)):
        return True
    if path and path[-1] not in at and _ERROR.fullmatch(path[-1]):
        return True
    return not there.query and _is_section(page, url, path, at)


def _segments(path: str) -> list[str]:
    parts = [part for part in unquote(path).split("/") if part]
    return [*parts[:-1], _ENDING.sub("", parts[-1])] if parts else []


def _is_section(page: "Page", url: str, path: list[str], at: list[str]) -> bool:
    """Whether the address is a section's and the page's own is an article's."""
    if not path or not at or not _is_article(at[-1]) or at[-1] in path[-1] or _digits(path[-1]) > 3:
        return False
    if any(web_link(link.get("href"), page.url) == url for link in _menu(page)):
        return True
    if _is_article(path[-1]):
        return False
    # a folder that the page's own address stands in, or a single word
    return at[: len(path)] == path or (len(path) <= 2 and path[-1].isalpha())


def _is_article(segment: str) -> bool:
    """Whether the part of a path looks like an article's: several words, or a number."""
    return len(re.split(r"[-_\s+]+", segment)) > 2 or _digits(segment) > 3


def _digits(segment: str) -> int:
    return sum(letter.isdigit() for letter in segment)


def _menu(page: "Page") -> list[HtmlElement]:
    return list(islice((link for menu in islice(page.doc.iter("nav"), 10) for link in menu.iter("a")), 400))
