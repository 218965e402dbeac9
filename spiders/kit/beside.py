"""What stands in a page beside its article, told by its marks: posts of other sites, boxes that want money or consent,
lines that lead to other articles, and the article that follows. The text is read without it."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from spiders.kit.access import class_words
from spiders.kit.markup import select
from spiders.kit.words import alike, fold, listed, one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

POSTS = listed("""
    twitter-tweet twitter-video instagram-media tiktok-embed fb-post fb-video bluesky-embed reddit-embed-bq
    reddit-card mastodon-embed text-post-media telegram-post imgur-embed-pub
""")
"""The classes by which other sites' scripts know the quotations that they are to replace."""
ALSO = (
    "à lire",
    "a lire aussi",
    "lire aussi",
    "lire également",
    "read also",
    "also read",
    "read more:",
    "voir aussi",
    "lesen sie auch",
    "mehr zum thema",
    "leggi anche",
    "lea también",
    "lees ook",
    "leia também",
    "اقرأ أيضا",
)
_POST = etree.XPath(" | ".join(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]" for name in POSTS))
_DIALOGS = etree.XPath("//*[@role='dialog' or @role='alertdialog'][not(descendant::h1)]")
_HALVES = etree.XPath(
    "//*[@aria-hidden='true'][following-sibling::*[1][contains(@class, 'reader-only') or contains(@class, "
    "'sr-only') or contains(@class, 'visually-hidden')]]"
)
_TEMPLATES = etree.XPath("//template[not(@shadowrootmode)]")
_BOX_WORDS = listed("""
    contribut disruptor donat onetrust didomi gdpr usercentrics regwall registration-wall cookie consent
    support-banner supporter newsletter-signup
""")
_BOXES = {
    word: etree.XPath(f"/html/body//@class[contains(., '{word}')]/.. | /html/body//@id[contains(., '{word}')]/..")
    for word in _BOX_WORDS
}
_NAMES = etree.XPath("/html/body//@class | /html/body//@id", smart_strings=False)
_BOX_NAMES = frozenset(
    listed("""
    disruptor donate donation donations onetrust didomi gdpr usercentrics regwall registration cookie cookies consent
    supporter
""")
)
_LABEL = re.compile(r"[\s:：|>»→•–—-]*$")
_BLOCKS = frozenset(("p", "div", "li", "aside", "section", "blockquote", "h2", "h3", "h4", "h5", "h6"))


def elements(page: "Page") -> list[HtmlElement]:
    """What in the page is not its article."""
    found: list[HtmlElement] = []
    source, tree = page.source, page.doc
    if "dialog" in source:
        found += _DIALOGS(tree)
    if any(name in source for name in ("reader-only", "sr-only", "visually-hidden")):
        found += _HALVES(tree)
    if "<template" in source:
        found += _TEMPLATES(tree)
    names = "\n".join(_NAMES(tree))
    for word in _BOX_WORDS:
        if word in names:
            found += [box for box in _BOXES[word](tree) if _is_box(box)]
    said = "".join(page.said).lower()
    if any(words in said for words in ALSO):
        found += _also(tree)
    found += _next(page, tree)
    for css in (*page.drop, page.gate_at):
        if css:
            found += select(tree, css)
    return found


def _is_box(element: HtmlElement) -> bool:
    """Whether the element is a box of its own, and not the page or its article with such a word among its classes."""
    if element.tag in ("html", "body", "main", "article") or not class_words(element) & _BOX_NAMES:
        return False
    return next(element.iter("h1", "main", "article"), None) is None and len(element.text_content()) < 6000


def _also(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The lines and labels that lead to other articles, each with the links it stands for."""
    for element in tree.iter("a", "strong", "b", "em", "span", "p", "h3", "h4"):
        start = one_line(f"{element.text or ''} {element[0].text or '' if len(element) else ''}").lower()
        words = next((words for words in ALSO if start.startswith(words)), None)
        if words is None:
            continue
        said = one_line(element.text_content())
        if len(said) >= 220:
            continue
        if not _LABEL.match(said[len(words) :]):
            if element.tag in ("a", "strong", "b"):
                yield element
            continue
        around = _block(element)
        if around is None:
            yield element
        elif _linked(around) + len(said) >= len(one_line(around.text_content())) - 6 and _linked(around) < 400:
            after = around.getnext() if _linked(around) == 0 else None
            yield around
            if after is not None and 0 < len(one_line(after.text_content())) <= min(_linked(after) + 6, 600):
                yield after
        else:
            yield element


def _block(element: HtmlElement) -> HtmlElement | None:
    while element is not None and element.tag not in _BLOCKS:
        element = element.getparent()
    return element


def _linked(element: HtmlElement) -> int:
    return sum(len(one_line(link.text_content())) for link in element.iter("a"))


def _next(page: "Page", tree: HtmlElement) -> Iterator[HtmlElement]:
    """The articles after the page's own: each has a headline of its own, and another one."""
    headings = [heading for heading in tree.iter("h1") if one_line(heading.text_content())][:30]
    if len(headings) < 2 and page.source.count("<article") < 2:
        return
    title = fold(page.title() or "")
    own = next((each for each in headings if alike(one_line(each.text_content()), title) > 0.8), None)
    if own is None:
        return
    around = set(own.iterancestors())
    tops: dict[HtmlElement, None] = {}
    for heading in tree.iter("h1", "article"):
        if heading is own or heading in around or fold(one_line(heading.text_content()[:2000])) == title:
            continue
        top = heading
        for parent in heading.iterancestors():
            if parent in around:
                break
            top = parent
        tops.setdefault(top)
    others = [top for top in tops if _is_article(top)]
    if others and _follows(own, others[0]):
        yield from others


def _is_article(element: HtmlElement) -> bool:
    """Whether it has what an article has: its own mark or moment, a headline, and paragraphs."""
    if not (element.tag == "article" or next(element.iter("article", "time"), None) is not None):
        return False
    if next(element.iter("h1", "h2"), None) is None:
        return False
    return sum(len(p.text_content()) > 80 for p in element.iter("p")) >= 2


def _follows(own: HtmlElement, other: HtmlElement) -> bool:
    """Whether the page's own headline has text of its own before the other begins."""
    words = paragraphs = 0
    for element in own.xpath("following::p"):
        if other in element.iterancestors():
            break
        if len(inside := element.text_content()) > 80 and _linked(element) < 0.5 * len(inside):
            words, paragraphs = words + len(inside.split()), paragraphs + 1
    return paragraphs >= 3 and words >= 80
