"""What the elements of a page call themselves: one walk for all that look for bylines, tags, breadcrumbs, posts."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from lxml.html import HtmlElement

from spiders.kit.words import listed

POSTS = listed("""
    twitter-tweet twitter-video instagram-media tiktok-embed fb-post fb-video bluesky-embed reddit-embed-bq
    reddit-card mastodon-embed text-post-media telegram-post imgur-embed-pub
""")
"""The classes by which other sites' scripts know the quotations that they are to replace."""
_POST = re.compile("|".join(POSTS))
_BOX = re.compile(
    "contribut|disruptor|donat|onetrust|didomi|gdpr|usercentrics|regwall|registration-wall|cookie|consent|"
    "support-banner|supporter|newsletter-signup"
)
_GATE = re.compile("aywall|PayWall|regwall|freemium")
_BY_ID = 16 | 32  # what an id may say of an element that has a class, too


@dataclass
class Marks:
    """The elements of a page whose class, relation or microdata may mean a byline, tags (with the first headings, in
    order), breadcrumbs, quotations of other sites' posts, boxes that want money or consent, or gates, and those that
    microdata name, by that name."""

    bylines: list[HtmlElement] = field(default_factory=list)
    tags: list[HtmlElement] = field(default_factory=list)
    crumbs: list[HtmlElement] = field(default_factory=list)
    posts: list[HtmlElement] = field(default_factory=list)
    boxes: list[HtmlElement] = field(default_factory=list)
    gates: list[HtmlElement] = field(default_factory=list)
    named: dict[str, list[HtmlElement]] = field(default_factory=dict)


def find(doc: HtmlElement) -> Marks:
    """The marks of a page's body in the order of the page."""
    marks, body, kinds_of = Marks(), doc.find("body"), _kinds
    for element in () if body is None else body.iter("*"):
        named, number = element.get("class"), element.get("id")
        kinds = kinds_of(named) if named else 0
        if number:
            kinds |= kinds_of(number) & _BY_ID if named else kinds_of(number)
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
            if kinds & 8:
                marks.posts.append(element)
            if kinds & 16:
                marks.boxes.append(element)
            if kinds & 32:
                marks.gates.append(element)
    return marks


@lru_cache(maxsize=32768)
def _kinds(named: str) -> int:
    """What a class may mean, as bits; letters are looked for, since a pattern takes three times as long."""
    byline = (
        ("ut" in named and ("uthor" in named or "uteur" in named or "utor" in named))
        or "yline" in named
        or "ignature" in named
        or "riter" in named
        or "ournalist" in named
        or "eriodist" in named
        or "iornalist" in named
        or "uhabir" in named
        or "azar" in named
        or "irma" in named
        or "edator" in named
        or "كاتب" in named
    )
    tags = (
        ("ag" in named and ("tag" in named or "Tag" in named))
        or "opic" in named
        or "eyword" in named
        or "chlagw" in named
        or "tiquet" in named
        or "tiket" in named
        or "hemen" in named
        or "abels" in named
        or "mots" in named
    )
    crumbs = "readcrumb" in named or "readCrumb" in named or "ariane" in named
    boxes = 16 * (_BOX.search(named) is not None) | 32 * (_GATE.search(named) is not None)
    return byline | 2 * tags | 4 * crumbs | 8 * (_POST.search(named) is not None) | boxes
