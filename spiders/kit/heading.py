"""The headline where it stands in the page, and the few lines around it that readers see beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from spiders.kit.words import alike, fold, one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

_SKIPPED = ("script", "style", "noscript", "template", "svg", "select", "button", "figcaption")
_AFTER, _BEFORE = 60, 15
_LONG, _PROSE = 300, 400  # characters of a line, and of a paragraph, with which the article's text begins

Line = tuple[HtmlElement, str]


@dataclass(frozen=True)
class Heading:
    """The headline's element (None where the page shows none), the lines after it up to the text, and those before
    it, the nearest first: each with the element that holds it."""

    element: HtmlElement | None = None
    after: tuple[Line, ...] = ()
    before: tuple[Line, ...] = ()


def find(page: "Page") -> Heading:
    """The page's headline and what stands around it."""
    element = _headline(page) if page.doc.find("body") is not None else None
    if element is None:
        return Heading()
    return Heading(element, tuple(_up_to_the_text(element)), tuple(islice(_preceding(element), _BEFORE)))


def _headline(page: "Page") -> HtmlElement | None:
    """The heading that is the page's title, else its only one, else the line that is."""
    title = page.title() or ""
    key = fold(title)
    headings = list(islice(page.doc.iter("h1"), 20))
    if len(headings) == 1:
        return headings[0]
    texts = [one_line(heading.text_content()[:1000]) for heading in headings]
    for heading, text in zip(headings, texts, strict=True):
        if key and fold(text) == key:
            return heading
    for heading, text in zip(headings, texts, strict=True):
        if len(text.split()) > 2 and alike(text, title) >= 0.8:
            return heading
    for number, line in enumerate(page.said if key else ()):
        if len(key) <= 2 * len(line) < 1000 and fold(one_line(line)) == key:
            found: HtmlElement | None = page.lines[number].getparent()
            return found
    return None


def _up_to_the_text(element: HtmlElement) -> Iterator[Line]:
    block = None
    for holder, line in islice(_following(element), _AFTER):
        if len(line) > _LONG:
            return
        around = holder if holder.tag == "p" else holder.getparent()
        if around is not None and around.tag == "p" and around is not block:
            block = around
            if len(around) < 40 and len(around.text_content()) > _PROSE:
                return
        yield holder, line


def _following(element: HtmlElement) -> Iterator[Line]:
    here: HtmlElement | None = element
    while here is not None:
        parent = here.getparent()
        if parent is not None and here.tail and not here.tail.isspace():
            yield parent, here.tail
        following = here.getnext()
        if following is not None:
            yield from _inside(following)
        here = following if following is not None else parent


def _preceding(element: HtmlElement) -> Iterator[Line]:
    here: HtmlElement | None = element
    while here is not None and here.tag not in ("body", "main"):
        for sibling in here.itersiblings(preceding=True):
            parent = sibling.getparent()
            if parent is not None and sibling.tail and not sibling.tail.isspace():
                yield parent, sibling.tail
            if sibling.tag != "nav":
                yield from reversed(list(islice(_inside(sibling), 40)))
        here = here.getparent()


def _inside(element: HtmlElement) -> Iterator[Line]:
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, inner in walk:
        if event == "start":
            if inner.tag in _SKIPPED:
                walk.skip_subtree()
            elif inner.text and not inner.text.isspace():
                yield inner, inner.text
        elif inner is not element and inner.tail and not inner.tail.isspace():
            yield inner.getparent(), inner.tail
