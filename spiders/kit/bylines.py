"""Where a page names its authors: JSON-LD, meta tags, and the byline that readers see."""

from typing import TYPE_CHECKING, Any

from lxml.html import HtmlElement

from archive.model import Role
from spiders.kit import metatags, printed
from spiders.kit.authors import Byline, byline, together
from spiders.kit.jsonld import types
from spiders.kit.words import fold, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page


def of(page: "Page") -> Byline:
    """The authors of the page's article, by the first place that names any."""
    if page.byline_at:
        found = together(byline(_text(e), organisations=page.sites) for e in page.css(page.byline_at)[:20])
        if found.authors:
            page.read_by["authors"] = "outlet"
            return found
    seen = _printed(page)
    for reader, said in (("json-ld", _linked(page)), ("meta", _meta(page))):
        if said.authors:
            chosen = _better(said, seen)
            page.read_by["authors"] = "dom" if chosen is seen else reader
            return chosen
    if seen.authors:
        page.read_by["authors"] = "dom"
    return seen


def _better(said: Byline, shown: Byline) -> Byline:
    """The byline that readers see, where it says more than the metadata: whom they name and an agency with them,
    or a person where they name only the house."""
    if not shown.authors:
        return said
    claimed, seen = {fold(a.name) for a in said.authors}, {fold(a.name) for a in shown.authors}
    if claimed < seen and all(a.role is Role.AGENCY for a in shown.authors if fold(a.name) not in claimed):
        return shown
    if claimed & seen:
        return said
    named = any(author.role is Role.PERSON for author in shown.authors)
    house = all(author.role in (Role.ORGANISATION, Role.AGENCY, Role.UNKNOWN) for author in said.authors)
    if named and house:
        return shown
    if shown.attributions and not said.attributions:
        return shown
    return said


def _linked(page: "Page") -> Byline:
    said = page.ld.get("author") or page.ld.get("creator")
    found = []
    for each in (said if isinstance(said, list) else [said])[:60]:
        name, role = _named(page, each)
        if name:
            found.append(byline(name, organisations=page.sites, role=role))
    return together(found)


def _named(page: "Page", value: Any) -> tuple[str, Role | None]:
    if isinstance(value, dict):
        value = page.ld.resolve(value)
        name = value.get("name") or value.get("byline") or value.get("alternateName")
        if not name and (value.get("givenName") or value.get("familyName")):
            name = f"{value.get('givenName') or ''} {value.get('familyName') or ''}"
        if isinstance(name, list):
            name = ", ".join(each for each in name if isinstance(each, str))
        role = Role.PERSON if "Person" in types(value) else None
        return plain(name), role
    return plain(value), None


def _meta(page: "Page") -> Byline:
    for name in metatags.AUTHORS:
        values = [
            text
            for value in page.metas.get(name, ())
            if (text := plain(value)) and "://" not in text and not text.startswith("/")
        ]
        found = together(byline(text, organisations=page.sites) for text in values[:20])
        if found.authors:
            return found
    return Byline()


def _printed(page: "Page") -> Byline:
    for text in printed.bylines(page):
        found = byline(text, organisations=page.sites)
        if (
            found.authors
            and len(found.authors) <= 8
            and not all(a.role is Role.UNKNOWN and len(a.name) > 20 for a in found.authors)
        ):
            return found
    return Byline()


def _text(element: HtmlElement) -> str:
    return one_line(element.get("content") or " ".join(element.itertext()))
