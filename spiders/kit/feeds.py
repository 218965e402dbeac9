"""RSS 2.0 and its elders, RDF (RSS 1.0), Atom and JSON Feed: the newest articles, as leads.

Sources: RSS 2.0 (rssboard.org/rss-specification), RSS 1.0 with the modules syndication and content, RFC 4287
and Atom 0.3, JSON Feed 1.1 (jsonfeed.org), WebSub §4 (W3C).
"""

import re
from datetime import datetime, timedelta
from typing import TypeAlias

from lxml import etree

from spiders.kit.addresses import resolve
from spiders.kit.announced import LONGEST_SUMMARY, line, moment, plain
from spiders.kit.finding import Finding, Hints, Notebook
from spiders.kit.inert_xml import Bounds, name_of, text_of, walk
from spiders.kit.outlet import Outlet

_ENTRIES = frozenset({"item", "entry", "atom:entry"})
_ABOUT = frozenset({"ttl", "sy:updatePeriod", "sy:updateFrequency", "hour", "day", "link", "atom:link"})
_CHANNELS = frozenset({"channel", "rss", "feed", "atom:feed", "rdf:RDF"})
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_ALTERNATE = frozenset({"alternate", "http://www.iana.org/assignments/relation/alternate"})
# What WordPress puts behind each entry
_FIRST_ON = re.compile(
    r"\s*(?:The post .{1,300}? (?:appeared|first appeared) (?:first )?on|"
    r"L[’']article .{1,300}? (?:est apparu en premier|a été publié en premier) sur|"
    r"La entrada .{1,300}? se publicó primero en|Der Beitrag .{1,300}? erschien zuerst auf) .{1,200}$",
    re.DOTALL,
)
_LINK_HEADER = re.compile(r"<([^<>]*)>([^<]*)")
_REL = re.compile(r"""\brel\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,]+))""", re.IGNORECASE)

Children: TypeAlias = "dict[str, list[etree._Element]]"  # noqa: SLF001  # lxml's name for its own type


def read_feed(
    body: bytes,
    *,
    url: str,
    outlet: Outlet,
    bounds: Bounds | None = None,
    content_type: str | None = None,
    links: tuple[str, ...] = (),
) -> Finding:
    """What an XML feed announces. Never raises; `links` are the answer's Link header fields.

    A feed without entries, and one that is not well-formed, has a problem; the entries before a fault are
    used, and those behind it as far as a second, forgiving reading finds them.
    """
    feed = _Feed(url, outlet)
    verdict = walk(
        body, feed.take, entries=_ENTRIES, others=_ABOUT, bounds=bounds or Bounds(), content_type=content_type
    )
    problems = verdict.problems
    if not feed.notebook.entries:
        problems.append("the feed has no entry")
    return feed.notebook.finding(problems, notes=verdict.notes, hints=feed.hints(links))


class _Feed:
    """A feed being read, element by element."""

    def __init__(self, url: str, outlet: Outlet) -> None:
        self.notebook = Notebook(url, outlet)
        self._about: dict[str, list[str]] = {}
        self._skip_hours: set[int] = set()
        self._skip_days: set[int] = set()
        self._hub: str | None = None
        self._topic: str | None = None

    def take(self, element: etree._Element) -> None:
        name = name_of(element)
        if name in _ENTRIES:
            self._entry(element)
            return
        parent = element.getparent()
        within = "" if parent is None else name_of(parent)
        text = text_of(element).strip()
        # Userland's first specification counted the hours from 1 to 24.
        if name == "hour" and within == "skipHours" and re.fullmatch(r"[01]?\d|2[0-4]", text):
            self._skip_hours.add(int(text) % 24)
        elif name == "day" and within == "skipDays" and text.lower() in _DAYS:
            self._skip_days.add(_DAYS.index(text.lower()))
        if within not in _CHANNELS:
            return
        if name in ("link", "atom:link"):
            self._about_link(element)
        else:
            self._about.setdefault(name, []).append(text)

    def _about_link(self, element: etree._Element) -> None:
        relations = (element.get("rel") or "").lower().split()
        address = resolve(element.get("href") or "", _base(element, self.notebook.url))
        if "hub" in relations:
            self._hub = self._hub or address
        if "self" in relations:
            self._topic = self._topic or address

    def _entry(self, element: etree._Element) -> None:
        children: Children = {}
        for child in element:
            if isinstance(child.tag, str):
                children.setdefault(name_of(child), []).append(child)
        self.notebook.lead(
            *_links(element, children, self.notebook.url),
            base=_base(element, self.notebook.url),
            title=_words(children, "title", "atom:title", "dc:title"),
            summary=_summary(children),
            published_at=_first_moment(
                children,
                "pubDate",
                "atom:published",
                "published",
                "atom:issued",
                "dc:date",
                "dcterms:issued",
                "date",
            ),
            modified_at=_first_moment(children, "atom:updated", "updated", "atom:modified", "dcterms:modified"),
        )

    def hints(self, links: tuple[str, ...]) -> Hints:
        hub, topic = self._hub, self._topic
        for header in links:  # WebSub §4: the header goes before the document
            hub = _linked(header, "hub", self.notebook.url) or hub
            topic = _linked(header, "self", self.notebook.url) or topic
        return Hints(
            ttl=_minutes(self._about.get("ttl", [])),
            every=_every(self._about),
            skip_hours=tuple(sorted(self._skip_hours)),
            skip_days=tuple(sorted(self._skip_days)),
            hub=hub,
            topic=topic,
        )


def _links(element: etree._Element, children: Children, url: str) -> list[str]:
    """Where the entry may lie, the best first."""
    plain_links = children.get("link", [])
    found = [text_of(child) for child in (*children.get("feedburner:origLink", []), *plain_links)]
    alternate = [
        child
        for child in (*children.get("atom:link", []), *plain_links)
        if child.get("href") and (child.get("rel") or "alternate").strip().lower() in _ALTERNATE
    ]
    # RFC 4287 §4.2.7.2 allows several alternates of different types: a page goes before other forms of it.
    alternate.sort(key=lambda child: "html" not in (child.get("type") or "html").lower())
    for child in alternate:
        href = child.get("href") or ""
        found.append(resolve(href, _base(child, url)) or href)
    permanent = [c for c in children.get("guid", []) if (c.get("isPermaLink") or "true").strip().lower() == "true"]
    identities = (*permanent, *children.get("atom:id", []), *children.get("id", []))
    found += [_if_web(text_of(child)) for child in identities]
    found += [_if_web(text_of(child)) for child in children.get("guid", [])]  # better than no address at all
    found.append(element.get(_RDF_ABOUT) or "")
    return found


def _base(element: etree._Element, url: str) -> str:
    """Where relative links in the element begin: at xml:base all the way up, then at the feed's address."""
    bases = [base for node in (element, *element.iterancestors()) if (base := node.get(_XML_BASE))]
    found = url
    for base in reversed(bases):
        found = resolve(base, found) or found  # a base with another scheme is none
    return found


def _if_web(text: str) -> str:
    return text if text.strip().lower().startswith(("http://", "https://")) else ""


def _words(children: Children, *names: str, longest: int = 1000) -> str | None:
    for name in names:
        for child in children.get(name, []):
            kind = (child.get("type") or "").lower()
            read = line if kind in ("text", "xhtml", "text/plain") else plain
            if words := read(text_of(child, " " if kind == "xhtml" else ""), longest):
                return words
    return None


def _summary(children: Children) -> str | None:
    """The longest of what the entry says of the article: a first look at the topic finds no word in a teaser that is
    cut where the whole text stands beside it."""
    names = ("description", "atom:summary", "summary", "content:encoded", "atom:content", "content")
    said = [_FIRST_ON.sub("", words) for name in names if (words := _words(children, name, longest=LONGEST_SUMMARY))]
    return max(said, key=len, default=None) or None


def _first_moment(children: Children, *names: str) -> datetime | None:
    for name in names:
        for child in children.get(name, []):
            if at := moment(text_of(child)):
                return at
    return None


def _minutes(texts: list[str]) -> timedelta | None:
    minutes = [int(text) for text in texts if re.fullmatch(r"\d{1,6}", text)]
    return timedelta(minutes=minutes[0]) if minutes and minutes[0] else None


def _every(about: dict[str, list[str]]) -> timedelta | None:
    period = _PERIODS.get(" ".join(about.get("sy:updatePeriod", [])[:1]).lower())
    given = about.get("sy:updateFrequency", [])
    frequency = [int(text) for text in given if re.fullmatch(r"[1-9]\d{0,3}", text)]
    return period / (frequency[0] if frequency else 1) if period else None


def _linked(header: str, relation: str, url: str) -> str | None:
    for target, parameters in _LINK_HEADER.findall(header[:4000]):
        rel = _REL.search(parameters)
        if rel and relation in (rel[1] or rel[2] or rel[3] or "").lower().split():
            return resolve(target, url)
    return None
