"""What stands in a page beside its article, told by its marks: posts of other sites, boxes that want money or consent,
lines that lead to other articles, and the article that follows. The text is read without it."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from spiders.kit.access import class_words
from spiders.kit.markup import select
from spiders.kit.words import alike, fold, listed, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

ALSO = (
    "à lire également",
    "à lire aussi",
    "à lire",
    "a lire aussi",
    "lire aussi",
    "lire également",
    "(re)lire",
    "à relire",
    "read also",
    "also read",
    "read more:",
    "see also:",
    "à voir aussi",
    "voir aussi",
    "à écouter",
    "lesen sie auch",
    "mehr zum thema",
    "siehe auch",
    "leggi anche",
    "vedi anche",
    "lea también",
    "lee también",
    "vea también",
    "te puede interesar",
    "lees ook",
    "leia também",
    "leia mais",
    "veja também",
    "ilgili haber",
    "karanta kuma",
    "duba kuma",
    "اقرأ أيضا",
    "إقرأ أيضا",
    "شاهد أيضا",
    "اقرأ أيضًا",
    "شاهد أيضًا",
)
_DIALOGS = etree.XPath("//*[@role='dialog' or @role='alertdialog'][not(descendant::h1)]")
_HALVES = etree.XPath(
    "//*[@aria-hidden='true'][following-sibling::*[1][contains(@class, 'reader-only') or contains(@class, "
    "'sr-only') or contains(@class, 'visually-hidden')]]"
)
_TEMPLATES = etree.XPath("//template[not(@shadowrootmode)]")
_BOX_NAMES = frozenset(
    listed("""
    disruptor donate donation donations onetrust didomi gdpr usercentrics regwall registration cookie cookies consent
    supporter
""")
)
_HIDDEN = etree.XPath("/html/body//p[@hidden or contains(translate(@style, ' ', ''), 'display:none')]")
_CREDIT_NAMES = frozenset(("credit", "credits", "photocredit", "imagecredit"))
_MARKABLE = frozenset(("div", "section", "ol", "ul", "p", "span", "small", "cite"))
_HOLDERS = frozenset(("div", "section", "ol", "ul"))
_REPLY_NAMES = frozenset(
    listed("commentlist comments commentaires comentarios commenti disqus kommentare responses yorumlar")
)
_TEXT_NAMES = frozenset(
    listed("article body content count enabled entry footer has header link main no open page post story text with")
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
    found += [box for box in page.marks.boxes if _is_box(box)]
    said = _lower("".join(page.said))
    if any(words in said for words in ALSO):
        found += _also(tree)
    if "hidden" in source or "none" in source:
        found += _unseen(tree)
    found += _marked(page.marks.asides)
    found += _next(page, tree)
    for css in (*page.drop, page.gate_at):
        if css:
            found += select(tree, css)
    return found


def _unseen(tree: HtmlElement) -> list[HtmlElement]:
    """The paragraphs that readers do not see; where most are so, a program shows them."""
    hidden: list[HtmlElement] = _HIDDEN(tree)
    return hidden if len(hidden) * 3 < sum(1 for _ in tree.iter("p")) else []


def _is_short(element: HtmlElement) -> bool:
    return len(said := one_line(element.text_content()[:400])) < 90 and not said.endswith((".", "!", "?", "…"))


def _lower(text: str) -> str:
    """In small letters; of the Turkish İ without the dot that stands above it by itself."""
    return text.lower().replace("i\u0307", "i")


def _marked(elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    """What readers have answered, and who took a picture, by all that the class says."""
    for element in elements:
        if element.tag not in _MARKABLE:
            continue
        words = class_words(element)
        if words & _REPLY_NAMES:
            holds = element.tag in _HOLDERS and not words & _TEXT_NAMES
            if holds and next(element.iter("h1", "article"), None) is None:
                yield element
        elif words & _CREDIT_NAMES and element.tag not in ("section", "ol", "ul") and _is_short(element):
            yield element


def _is_box(element: HtmlElement) -> bool:
    """Whether the element is a box of its own, and not the page or its article with such a word among its classes."""
    if element.tag in ("html", "body", "main", "article") or not class_words(element) & _BOX_NAMES:
        return False
    return next(element.iter("h1", "main", "article"), None) is None and len(element.text_content()) < 6000


def _also(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The lines and labels that lead to other articles, each with the links it stands for."""
    for element in tree.iter("a", "strong", "b", "em", "span", "p", "h3", "h4"):
        start = _lower(one_line(f"{element.text or ''} {element[0].text or '' if len(element) else ''}"))
        if not start.startswith(ALSO):
            continue
        words = next(words for words in ALSO if start.startswith(words))
        said = one_line(element.text_content())
        if len(said) >= 220:
            continue
        if not _LABEL.match(said[len(words) :]):
            if element.tag in ("a", "strong", "b") or _linked(element) >= max(12, len(said) - len(words) - 4):
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
    title = fold(page.title() or "")
    own = next((each for each in headings if alike(one_line(each.text_content()), title) > 0.8), None)
    if own is None:
        return
    around = set(own.iterancestors())
    tops: dict[HtmlElement, None] = {}
    for heading in tree.iter("h1", "article") if len(headings) > 1 or page.source.count("<article") > 1 else ():
        if heading is own or heading in around or fold(one_line(heading.text_content()[:2000])) == title:
            continue
        top = heading
        for parent in heading.iterancestors():
            if parent in around:
                break
            top = parent
        tops.setdefault(top)
    others = [top for top in tops if _is_article(top)] or [*_twins(page, own)]
    if others and _follows(own, others[0]):
        yield from others


def _twins(page: "Page", own: HtmlElement) -> Iterator[HtmlElement]:
    """The like of the element that holds the page's own headline, each with another headline and its paragraphs."""
    stated = fold(plain(page.ld.text("articleBody"))[:200_000])
    for around in islice(own.iterancestors(), 6):
        if around.tag in ("body", "html", "main", "header"):
            return
        found = [
            each
            for each in around.itersiblings(around.tag)
            if _are_twins(around, each) and _has_headline(each, own) and not _is_part(each, stated)
        ]
        if found:
            yield from found
            return


def _are_twins(one: HtmlElement, other: HtmlElement) -> bool:
    first, second = (one.get("class") or "").split(), (other.get("class") or "").split()
    return bool(first and second) and (first[0] == second[0] or len({*first} & {*second}) * 2 >= len({*first}))


def _has_headline(element: HtmlElement, own: HtmlElement) -> bool:
    """Whether a headline of another article stands first in it: of the first rank, or a link to that article."""
    heading = next(element.iter("h1", "h2"), None)
    if heading is None or element.tag == "section":
        return False
    said = one_line(heading.text_content()[:2000])
    if len(said) < 20 or alike(said, one_line(own.text_content())) > 0.8:
        return False
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    if heading.tag == "h2" and not any((link.get("href") or "#")[0] != "#" for link in links):
        return False
    return sum(len(p.text_content()) > 80 for p in element.iter("p")) >= 2


def _is_part(element: HtmlElement, stated: str) -> bool:
    """Whether the page's data give the element's text as the article's."""
    first = next((p for p in element.iter("p") if len(p.text_content()) > 80), None)
    return bool(stated) and first is not None and fold(one_line(first.text_content()))[:60] in stated


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
