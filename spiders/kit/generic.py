"""The body of a page that no outlet file describes: trafilatura's choice as blocks, checked for boilerplate and
against what the page itself says its body is (schema.org `articleBody`, the paywalled part, microdata)."""

import copy
import logging
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction, core, external

from archive.model import Access, Block, Quality
from spiders.kit import access, densest, elsewhere, quality, state
from spiders.kit import text as flow
from spiders.kit.densest import length
from spiders.kit.furniture import is_boilerplate
from spiders.kit.places import key
from spiders.kit.words import fold, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it cannot read is our outcome, not its log line

_KINDS = {"head": "subhead", "quote": "quote", "item": "list_item"}
_WORDS = etree.XPath(".//text()[not(parent::script or parent::style)]", smart_strings=False)
_GLUED = re.compile(r"[a-zà-ÿ)»”\"]\.[A-ZÀ-Ý«“\"][a-zà-ÿ ]")
_LONG = 2500
_ENOUGH = 60  # words of a page's own body below which it is a teaser and no measure
# What trafilatura does not end with in time; a page of a newspaper has some thousands of tags and a few tables
_HEAVY, _HEADINGS, _TABLES = 150_000, 1500, 300
STUB = 60  # words, below which a page is searched for a text that its markup does not show


def body(page: "Page") -> tuple[list[Block], str]:
    """The blocks of the main text and the reader that gave them; ([], "trafilatura") where there is none."""
    if _is_heavy(page):
        return densest.blocks(page), "dom"
    tree = _cleared(page)
    found = elsewhere.without(_extract(tree, page.url), page.places)
    good: list[Block] = []
    bad: list[Block] = []
    for block in found:
        (bad if is_boilerplate(block.text) else good).append(block)
    if bad and length(bad) > 0.3 * length(found):
        again = _extract(_without(tree, {fold(block.text) for block in bad}), page.url)
        again = [block for block in again if not is_boilerplate(block.text)]
        if length(again) > length(good):
            good = again
    if len(good) < 3 and (stated := _stated(page)) and _are_same(stated, good):
        return stated, "json-ld"  # trafilatura's last resort, in the lines that it has run together
    dense, good = densest.blocks(page), _unglued(page, good)
    short = densest.without_tail(good, dense)
    signs = quality.weigh(page, short)
    if length(short) < 0.7 * length(good) and quality.points(signs) < quality.points(quality.weigh(page, good)) - 1:
        short = good
    good = short
    stub = _words(good) < STUB
    if good and quality.verdict(signs) in ((Quality.GOOD,) if stub else (Quality.GOOD, Quality.UNKNOWN)):
        return good, "trafilatura"
    return _better(page, good, dense, quality.points(signs), stub)


def _is_heavy(page: "Page") -> bool:
    tables = page.source.count("<table")
    headings = sum(1 for _ in page.doc.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    return page.source.count("<") > _HEAVY or headings > _HEADINGS or tables > _TABLES


def _better(page: "Page", good: list[Block], dense: list[Block], points: int, stub: bool) -> tuple[list[Block], str]:
    """The reading that the page's signs speak for most; the first one, unless another is better by more than a sign."""
    heads = {fold(each) for each in (page.title(), page.standfirst()) if each}
    readers: list[tuple[str, Callable[[], list[Block]]]] = [
        ("dom", lambda: dense),
        ("dom", lambda: densest.below_headline(page)),
        ("dom", lambda: _declared(page)),
        ("json-ld", lambda: _unglued(page, _stated(page))),
    ]
    verdict, signs = page.access()
    # what is not for those who do not pay is not taken from where the page does not show it
    if verdict not in (Access.PAYWALLED, Access.METERED) and not access.is_cut(signs):
        readers.append(("script", lambda: state.blocks(page)))
    chosen, reader, best, words = good, "trafilatura", points + 1, _words(good)
    for name, read in readers:
        other = [block for block in read() if fold(block.text) not in heads]
        if not other:
            continue
        found = quality.points(quality.weigh(page, other))
        # of a stub the longer text is better where the page's own data say that it is the article's
        longer = stub and name in ("json-ld", "script") and found >= points and _words(other) > 2 * words
        if not chosen or found > best or longer:
            chosen, reader, best, words = other, name, max(found, best), _words(other)
    return chosen, reader


def _words(blocks: list[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks)


def _compare(cleaned: HtmlElement, raw: HtmlElement, found: HtmlElement, text: str, options: Any) -> Any:
    """trafilatura's second opinion, asked only where it can matter.

    It reads the page once more in readability's way, a fifth of all the work, and takes that text where it is more
    than twice as long, or where its own has no paragraphs. Of a page of which it has a third already, there are not
    two thirds left to find: on 741 recorded pages the answer is the same, and below a half it must be.
    """
    settled = (
        options.focus == "balanced"
        and len(text) >= options.min_extracted_size
        and found.xpath("boolean(.//p//text())")
        and len(found.findall(".//table")) <= len(found.findall(".//p"))
        and not found.xpath(external.SANITIZED_XPATH)
        and len(" ".join("".join(_WORDS(raw)).split())) <= 3 * len(text)
    )
    return (found, text) if settled else external.compare_extraction(cleaned, raw, found, text, options)


core.compare_extraction = _compare


def _unglued(page: "Page", found: list[Block]) -> list[Block]:
    """The same text in the page's own paragraphs, where trafilatura's last resort has run them together."""
    glued = sum(len(_GLUED.findall(block.text)) for block in found)
    if glued < 2 and all(len(block.text) < _LONG for block in found) and not _has_headline(page, found):
        return found
    whole = fold(" ".join(block.text for block in found)).replace(" ", "")
    own: list[Block] = []
    for block in flow.blocks([page.doc.find("body")] if page.doc.find("body") is not None else []).blocks:
        said = fold(block.text).replace(" ", "")
        if len(said) > 12 and said in whole and said not in {fold(each.text).replace(" ", "") for each in own[-3:]}:
            own.append(block)
    return own if len(own) > len(found) and 0.9 * length(found) <= length(own) <= 1.1 * length(found) else found


def _has_headline(page: "Page", found: list[Block]) -> bool:
    """Whether the headline stands at the head of the text, in one line with it that the page does not have so."""
    title = fold(page.title() or "")
    return (
        bool(found)
        and len(title.split()) > 3
        and fold(found[0].text[:1000]).startswith(f"{title} ")
        and key(found[0].text) not in page.places
    )


def _cleared(page: "Page") -> HtmlElement:
    """A copy of the page without what stands beside its article."""
    tree = copy.copy(page.doc)
    for element in [_at(tree, _path(each, page.doc)) for each in page.beside]:
        if element.getparent() is not None:
            element.drop_tree()
    # what trafilatura drops itself, from each of the copies that it makes
    for script in [*tree.iter("script")]:
        if "ld+json" not in (script.get("type") or ""):
            script.tag = "style"
    etree.strip_elements(tree, "style", "svg", with_tail=False)
    return tree


def _path(element: HtmlElement, root: HtmlElement) -> list[int]:
    """How the element is reached from the root: the number of a child, from the element up."""
    path: list[int] = []
    while element is not root and (parent := element.getparent()) is not None:
        path.append(parent.index(element))
        element = parent
    return path


def _at(root: HtmlElement, path: list[int]) -> HtmlElement:
    for number in reversed(path):
        root = root[number]
    return root


def _extract(tree: HtmlElement, url: str) -> list[Block]:
    try:
        found = bare_extraction(tree, url=url, include_comments=False, include_tables=True, with_metadata=False)
    except (ValueError, TypeError, AttributeError, RecursionError, KeyError, IndexError):
        return []
    if found is None or found.body is None:
        return []
    blocks = _lines(found.body.text or "", "paragraph")
    for element in found.body:
        blocks += _blocks(element)
        blocks += _lines(element.tail or "", "paragraph")  # text that stands loose between elements
    return blocks


def _without(doc: HtmlElement, unwanted: set[str]) -> HtmlElement:
    tree = copy.deepcopy(doc)
    for element in [*tree.iter("p", "li", "h2", "h3", "h4", "div", "span")]:
        if (
            len(element) < 6
            and element.getparent() is not None
            and fold(one_line(element.text_content()[:3000])) in unwanted
        ):
            element.drop_tree()
    return tree


def _declared(page: "Page") -> list[Block]:
    """What stands in the element that the page's data call its body: the paywalled part, or microdata's articleBody."""
    parts = page.ld.resolve(page.ld.article.get("hasPart"))
    selectors = [
        part.get("cssSelector") for part in (parts if isinstance(parts, list) else [parts]) if isinstance(part, dict)
    ]
    for selector in (*selectors, "[itemprop~=articleBody]"):
        try:
            containers = page.css(plain(selector))
        except ValueError:
            continue
        found = flow.without(flow.blocks(containers[:20]).blocks, is_boilerplate)
        if sum(len(block.text.split()) for block in found) >= 25:
            return found
    return []


def _stated(page: "Page") -> list[Block]:
    """The text that the page carries in its data alone."""
    said = page.ld.get("articleBody")
    if isinstance(said, list):
        said = "\n".join(each for each in said if isinstance(each, str))
    if not isinstance(said, str) or len(said.split()) < _ENOUGH:
        return []
    lines = (plain(line) for line in said.replace("</p>", "\n").replace("<br", "\n<br").split("\n"))
    return [Block("paragraph", line) for line in lines if line and not is_boilerplate(line)]


def _are_same(stated: list[Block], found: list[Block]) -> bool:
    """Whether the page shows nothing of what it states, so that what was found was found there."""
    return len(stated) > len(found) and abs(length(stated) - length(found)) < 0.02 * length(stated) + len(stated)


def _blocks(element: HtmlElement) -> list[Block]:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag == "list":
        return [
            each for item in element for each in (*_texts(item, "list_item"), *_lines(item.tail or "", "list_item"))
        ]
    if tag == "table":
        return [each for row in element.iter("row") for each in _row(row)]
    return _texts(element, _KINDS.get(tag, "paragraph"))


def _row(row: HtmlElement) -> list[Block]:
    cells = [*row.iter("cell")]
    if any(sum(len("".join(p.itertext())) > densest.PROSE for p in cell.iter("p")) > 1 for cell in cells):
        # the table sets the page, not figures: what stands beside the text in it is a menu
        return [
            b for cell in cells if len("".join(cell.itertext())) > 2 * densest.PROSE for b in _texts(cell, "paragraph")
        ]
    words = " | ".join(filter(None, (one_line(" ".join(cell.itertext())) for cell in cells)))
    return [Block("paragraph", words)] if words else []


def _texts(element: HtmlElement, kind: str) -> list[Block]:
    pieces: list[str] = []
    for node in element.iter():
        if node.tag == "lb" or (node.tag in ("p", "item", "head", "quote") and node is not element):
            pieces.append("\n")
        pieces.append(node.text or "")
        if node is not element:
            pieces.append(("\n" if node.tag in ("p", "item", "head") else "") + (node.tail or ""))
    return _lines("".join(pieces), kind)


def _lines(text: str, kind: str) -> list[Block]:
    return [Block(kind, line) for line in map(one_line, text.split("\n")) if line]
