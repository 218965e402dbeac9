"""Where a page names its authors: JSON-LD, meta tags, and the byline that readers see."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lxml.html import HtmlElement

from archive.model import Role
from spiders.kit import closing, metatags, printed, state_fields
from spiders.kit.agencies import agency
from spiders.kit.authors import Byline, byline, together
from spiders.kit.candidates import candidate
from spiders.kit.jsonld import types
from spiders.kit.months import LABELS
from spiders.kit.words import fold, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page


# Dublin Core comes from libraries, where the surname stands first
_CATALOGUED = ("dc.creator", "dcterms.creator", "citation_author")
_LIBRARY = re.compile(r"^([^\W\d_][^\s,;]*), ([^\W\d_][^\s,;]*(?: \w\.?)?)$")


@dataclass(frozen=True, slots=True)
class Seen:
    """A byline that the page shows, whether it stands beside the headline, and whether the page marks it as one."""

    byline: Byline = field(default_factory=Byline)
    near: bool = False
    sure: bool = False
    text: str = ""
    where: str = ""


def of(page: "Page") -> Byline:
    """The authors of the page's article, by the first place that names any."""
    if page.byline_at:
        found = together(byline(_text(e), organisations=page.sites) for e in page.css(page.byline_at)[:20])
        if found.authors:
            page.read_by["authors"] = "outlet"
            return found
    shown = _printed(page)
    reader, said = _said(page)
    chosen = _better(page, reader, said, shown)
    if not _has_person(chosen) and (signed := _signed(page, chosen)):
        chosen = signed
    if chosen.authors:
        page.read_by["authors"] = "dom" if chosen is not said else reader
        return chosen
    told = together(byline(name, organisations=page.sites) for name in state_fields.fields(page, "authors"))
    if told.authors:
        page.read_by["authors"] = "script"
    return told


def _signed(page: "Page", chosen: Byline) -> Byline | None:
    """The signature under the text, where no place names a person: it names one, or an agency where nobody is named."""
    line = closing.signature(page)
    found = byline(line, organisations=page.sites, shown=True) if line else Byline()
    named = [a for a in found.authors if a.role is Role.PERSON]
    if not found.authors or not (named or (not chosen.authors and all(a.role is Role.AGENCY for a in found.authors))):
        return None
    if len(named) > 1 and "," in line:
        return None  # somebody and her office
    if any(not word[0].isupper() for a in named for word in a.name.split() if len(word) > 3):
        return None
    if said := candidate("authors", "dom", "under the text", line):
        page.noted.append(said)
    return found


def _said(page: "Page") -> tuple[str, Byline]:
    """What the page tells machines: JSON-LD, but the meta tags where they name the same and more, or a person where
    it names the house."""
    linked, head = _linked(page), _meta(page)
    if not linked.authors:
        return "meta", head
    more = _keys(linked) < _keys(head) and all(a.role is Role.PERSON for a in head.authors)
    person = any(a.role is Role.PERSON for a in head.authors) and not _has_person(linked)
    return ("meta", head) if more or person else ("json-ld", linked)


def _better(page: "Page", reader: str, said: Byline, seen: Seen) -> Byline:
    """The byline that readers see, where it says more than the metadata: whom they name and an agency with them, a
    person where they name only the house, or another person where they speak of a template or of the page as such."""
    shown = seen.byline
    if not shown.authors or not said.authors:
        return shown if not said.authors else said
    claimed, named = _keys(said), _keys(shown)
    if claimed < named:
        more = [a for a in shown.authors if fold(a.name) not in claimed]
        if all(a.role is Role.AGENCY for a in more):
            return shown if shown.attributions else said
        if (
            seen.sure
            and seen.near
            and seen.where != printed.LINKS
            and all(a.role is Role.PERSON for a in more)
            and _names_alone(seen)
        ):
            return shown
    if claimed & named or any(len(a.split()) > 1 and a in each for a in claimed for each in named):
        return said
    person = _has_person(shown)
    if person and not _has_person(said):
        # a name of one word may be a person's all the same
        vague = any(author.role is Role.UNKNOWN for author in said.authors)
        return shown if seen.near or seen.sure or not vague else said
    # what a template or a content system says of itself gives way to any name, an author in the data to a byline alone
    stated = reader == "json-ld" and page.ld.is_article
    if (
        person
        and seen.near
        and ((seen.sure and seen.where != printed.LINKS) if stated else (seen.sure or reader == "meta"))
    ):
        return shown
    if shown.attributions and not said.attributions:
        return shown
    return said


def _names_alone(seen: Seen) -> bool:
    """Whether the byline has nothing in it but names and the words that join them."""
    rest = fold(seen.text)
    for author in seen.byline.authors:
        rest = rest.replace(fold(author.name), " ")
    return not [word for word in rest.split() if word not in printed.JOINTS]


def _keys(said: Byline) -> set[str]:
    return {fold(author.name) for author in said.authors}


def _has_person(said: Byline) -> bool:
    return any(author.role is Role.PERSON for author in said.authors)


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
    """The first of the meta tags that names a person, else the first that names anybody."""
    first = Byline()
    for name in metatags.AUTHORS:
        values = [
            _turned(text) if name in _CATALOGUED else text
            for value in page.metas.get(name, ())
            if (text := plain(value)) and "://" not in text and not text.startswith("/")
        ]
        found = together(byline(text, organisations=page.sites) for text in values[:20])
        if _has_person(found):
            return found
        first = first if first.authors else found
    return first


def _turned(text: str) -> str:
    found = _LIBRARY.match(text)
    return f"{found[2]} {found[1]}" if found and not (agency(found[1]) or agency(found[2])) else text


def _printed(page: "Page") -> Seen:
    """The likeliest byline in the page: one that names somebody, beside the headline, marked as one; of several the
    first. Links to the pages of persons may name more of them than the element that is marked."""
    best, rank = Seen(), (False, False, False)
    for shown in printed.bylines(page):
        if all(rank) and shown.where != printed.LINKS:
            continue
        if said := candidate("authors", "dom", shown.where, shown.text):
            page.noted.append(said)
        if shown.where == printed.LINKS:
            names = shown.text.split(" | ")
            found = together(byline(name, organisations=page.sites, role=Role.PERSON) for name in names)
        else:
            found = byline(shown.text, organisations=page.sites, shown=True)
        if not 0 < len(found.authors) <= 8:
            continue
        vague = all(a.role is Role.UNKNOWN for a in found.authors)
        name = found.authors[0].name
        if vague and (not (shown.sure or shown.near) or len(name) > 20 or name.casefold() in LABELS):
            continue
        its = (not vague, shown.near, shown.sure)
        if (
            its > rank
            or not best.byline.authors
            or (shown.where == printed.LINKS and _keys(best.byline) < _keys(found))
        ):
            best, rank = Seen(found, shown.near, shown.sure, shown.text, shown.where), its
    return best


def _text(element: HtmlElement) -> str:
    return one_line(element.get("content") or " ".join(element.itertext()))
