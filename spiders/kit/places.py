"""Where in a page its texts stand, and how much of each is a link: looked up once, for several questions."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from spiders.kit.words import one_line

_TAGS = frozenset(["p", "li", "h2", "h3", "h4", "h5", "h6", "blockquote", "td", "dd", "div", "section"])
_SHOWN = etree.XPath(
    "descendant::text()[not(parent::script or parent::style or parent::noscript or parent::template)]",
    smart_strings=False,
)
_LONG = 20_000  # characters, beyond which a text is no paragraph


class Place:
    """An innermost element with its text."""

    __slots__ = ("_host", "_linked", "element", "text")

    def __init__(self, element: HtmlElement, text: str, host: str) -> None:
        self.element = element
        self.text = text
        self._host = host
        self._linked: float | None = None

    @property
    def linked(self) -> float:
        """The share of the text, 0 to 1, that is a link's of the same site. Looked up when it is first asked for: of
        most texts of a page nobody asks."""
        if self._linked is None:
            self._linked = min(1.0, _linked(self.element, len(self.text), self._host) / len(self.text))
        return self._linked


def key(text: str) -> str:
    """What a text is found by: its first letters without spaces, which each reader of markup sets its own way."""
    return text[:200].replace(" ", "")[:100]


def places(doc: HtmlElement, url: str) -> dict[str, Place]:
    """The places of the texts in the body by their `key`, the first of equals."""
    found: dict[str, Place] = {}
    body, host = doc.find("body"), _host(url)
    for element in _innermost(body) if body is not None else ():
        text = _text(element)
        if not text or len(text) > _LONG:
            continue
        found.setdefault(key(text), Place(element, text, host))
    return found


def _innermost(body: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that hold none of their like: in document order what an element holds comes right after it."""
    last = None
    for element in body.iter(*_TAGS):
        around = element.getparent()
        while around is not None and around is not last and around.tag not in _TAGS:
            around = around.getparent()
        if last is not None and around is not last:
            yield last
        last = element
    if last is not None:
        yield last


def _linked(element: HtmlElement, length: int, host: str) -> int:
    """How many letters of an element are links within the site; `length` where it is a link's whole."""
    found = sum(len(one_line(link.text_content())) for link in element.iter("a") if _stays(link, host))
    if not found and (around := element.getparent()) is not None and around.tag == "a" and _stays(around, host):
        return length
    return found


def _text(element: HtmlElement) -> str:
    if not len(element):
        return one_line(element.text or "")
    if next(element.iterdescendants("script", "style", "noscript", "template"), None) is None:
        return one_line(element.text_content())
    return one_line(" ".join(_SHOWN(element)))


def _host(url: str) -> str:
    """The host of an address, roughly: it is only compared."""
    _, _, rest = url.partition("//")
    return (
        re.split(r"[/?#:]", rest.rpartition("@")[2] if "@" in rest else rest, maxsplit=1)[0]
        .lower()
        .removeprefix("www.")
    )


def _stays(link: HtmlElement, host: str) -> bool:
    target = (link.get("href") or "").strip()
    if not target or target.startswith(("mailto:", "tel:", "javascript:")):
        return False
    if not target.startswith(("http:", "https:", "//")):
        return True
    there = _host(target)
    return bool(there) and (there == host or there.endswith(f".{host}") or host.endswith(f".{there}"))
