"""What the elements of a page call themselves: one walk for all that look for bylines, tags and breadcrumbs."""

from dataclasses import dataclass, field
from functools import lru_cache

from lxml.html import HtmlElement


@dataclass
class Marks:
    """The elements of a page whose class, relation or microdata may mean a byline, tags (with the first headings, in
    order) or breadcrumbs, and those that microdata name, by that name."""

    bylines: list[HtmlElement] = field(default_factory=list)
    tags: list[HtmlElement] = field(default_factory=list)
    crumbs: list[HtmlElement] = field(default_factory=list)
    named: dict[str, list[HtmlElement]] = field(default_factory=dict)


def find(doc: HtmlElement) -> Marks:
    """The marks of a page's body in the order of the page."""
    marks, body, kinds_of = Marks(), doc.find("body"), _kinds
    for element in () if body is None else body.iter("*"):
        named = element.get("class") or element.get("id")
        kinds = kinds_of(named) if named else 0
        if prop := element.get("itemprop"):
            marks.named.setdefault(prop, []).append(element)
            kinds |= "author" in prop
        tag = element.tag
        if tag == "a":
            if relation := element.get("rel"):
                kinds |= ("author" in relation) | 2 * ("tag" in relation)
        elif tag == "h1":
            kinds |= 2
        if kinds:
            if kinds & 1:
                marks.bylines.append(element)
            if kinds & 2:
                marks.tags.append(element)
            if kinds & 4:
                marks.crumbs.append(element)
    return marks


@lru_cache(maxsize=32768)
def _kinds(named: str) -> int:
    """What a class may mean, as bits; letters are looked for, since a pattern takes three times as long."""
    byline = (
        ("ut" in named and ("uthor" in named or "uteur" in named or "utor" in named))
        or "yline" in named
        or "ignature" in named
        or "riter" in named
    )
    tags = (
        ("ag" in named and ("tag" in named or "Tag" in named))
        or "opic" in named
        or "eyword" in named
        or "chlagw" in named
        or "tiquet" in named
        or "hemen" in named
    )
    crumbs = "readcrumb" in named or "readCrumb" in named or "ariane" in named
    return byline | 2 * tags | 4 * crumbs
