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
_REPLY = re.compile("omment|esponses|isqus|orumlar|mentari|redit")
_CAPTION = re.compile("aption|egende|ildunterschrift")
_BYLINE, _TAGS, _CRUMBS, _POSTS, _BOXES, _GATES, _ASIDE, _CAPTIONS = (1 << bit for bit in range(8))
_BY_ID = _BOXES | _GATES | _ASIDE  # what an id may say of an element that has a class, too


@dataclass
class Marks:
    """The elements of a page of which class, relation or microdata may say what they are.

    `tags`: with the first headings, in order; `posts`: quotations of other sites' posts; `boxes`: what wants money or
    consent; `asides`: readers' replies and credits; `named`: by the name that microdata give them.
    """

    bylines: list[HtmlElement] = field(default_factory=list)
    tags: list[HtmlElement] = field(default_factory=list)
    crumbs: list[HtmlElement] = field(default_factory=list)
    posts: list[HtmlElement] = field(default_factory=list)
    boxes: list[HtmlElement] = field(default_factory=list)
    gates: list[HtmlElement] = field(default_factory=list)
    asides: list[HtmlElement] = field(default_factory=list)
    captions: list[HtmlElement] = field(default_factory=list)
    named: dict[str, list[HtmlElement]] = field(default_factory=dict)


def find(doc: HtmlElement) -> Marks:
    """The marks of a page's body in the order of the page."""
    marks, body, kinds_of = Marks(), doc.find("body"), _kinds
    lists = (
        (_BYLINE, marks.bylines),
        (_TAGS, marks.tags),
        (_CRUMBS, marks.crumbs),
        (_POSTS, marks.posts),
        (_BOXES, marks.boxes),
        (_GATES, marks.gates),
        (_ASIDE, marks.asides),
        (_CAPTIONS, marks.captions),
    )
    for element in () if body is None else body.iter("*"):
        named, number = element.get("class"), element.get("id")
        kinds = kinds_of(named) if named else 0
        if number:
            kinds |= kinds_of(number) & _BY_ID if named else kinds_of(number)
        if prop := element.get("itemprop"):
            marks.named.setdefault(prop, []).append(element)
            kinds |= _BYLINE * ("author" in prop)
        tag = element.tag
        if tag == "a":
            if relation := element.get("rel"):
                kinds |= _BYLINE * ("author" in relation) | _TAGS * ("tag" in relation)
        elif tag == "h1":
            kinds |= _TAGS
        if kinds:
            for kind, found in lists:
                if kinds & kind:
                    found.append(element)
    return marks


def is_caption(named: str) -> bool:
    """Whether a class says that the element is a picture's caption."""
    return _CAPTION.search(named) is not None


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
    return (
        _BYLINE * byline
        | _TAGS * tags
        | _CRUMBS * crumbs
        | _POSTS * (_POST.search(named) is not None)
        | _BOXES * (_BOX.search(named) is not None)
        | _GATES * (_GATE.search(named) is not None)
        | _ASIDE * (_REPLY.search(named) is not None)
        | _CAPTIONS * is_caption(named)
    )
