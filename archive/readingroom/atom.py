"""Atom feeds (RFC 4287), built as a tree so that no text can become markup."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from archive.readingroom.ink import plain, web_address

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
NEVER = "1970-01-01T00:00:00Z"  # `updated` is obligatory: an empty feed has never been


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in a feed. `address`: its page here; `source`: its page at the newspaper."""

    address: str
    source: str
    title: str
    author: str
    published: str | None
    updated: str
    summary: str | None
    language: str | None


def feed(own_address: str, page: str, title: str, description: str | None, entries: Iterable[Entry]) -> bytes:
    """The feed as XML. Ids follow from the newspapers' addresses: they stay when the reading room moves."""
    ET.register_namespace("", ATOM)
    entries = list(entries)
    root = ET.Element(_name("feed"))
    _text(root, "id", _identity(f"{title} {page.rsplit('/', 1)[-1]}"))
    _text(root, "title", title)
    if description:
        _text(root, "subtitle", description)
    _text(root, "updated", max((entry.updated for entry in entries), default=NEVER))
    _link(root, "self", own_address, "application/atom+xml")
    _link(root, "alternate", page, "text/html")
    for entry in entries:
        one = ET.SubElement(root, _name("entry"))
        if entry.language:
            one.set(f"{{{XML}}}lang", entry.language)
        _text(one, "id", _identity(entry.source))
        _text(one, "title", entry.title)
        _text(one, "updated", entry.updated)
        if entry.published:
            _text(one, "published", entry.published)
        _text(ET.SubElement(one, _name("author")), "name", entry.author)
        _link(one, "alternate", entry.address, "text/html")
        if web_address(entry.source):
            _link(one, "via", entry.source)
        if entry.summary:
            _text(one, "summary", entry.summary)
    xml: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml


def _identity(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, name)}"


def _name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, _name(tag)).text = plain(text)


def _link(parent: ET.Element, relation: str, address: str, media_type: str | None = None) -> None:
    link = ET.SubElement(parent, _name("link"), {"rel": relation, "href": address})
    if media_type:
        link.set("type", media_type)
