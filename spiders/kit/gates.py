"""The signs in a page of who may read its article: the outlet's own gate and sentences, then what looks like a gate
in any newspaper, then what the metadata claim."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from archive.model import Evidence
from spiders.kit import access
from spiders.kit.furniture import GATE_WORDS, is_free, is_gate
from spiders.kit.words import listed, one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

_GATE_CLASSES = {"paywall", "regwall", "freemium", "softwall", "hardwall"}
_TELLING = (*GATE_WORDS, "free", "libre", "ratuit", "ouvert", "offert", "frei ", "kostenlos")
_OFFER = re.compile(r"abonn|subscri|suscri|assin|abbon|prenumer|register|sign up|log in|مشترك", re.IGNORECASE)
# a teaser's padlock, the comments' own gate and the site's navigation say nothing of this article
_ELSEWHERE = frozenset(
    listed("""
    card catcher comment commentaires comments consent cookie footer header icon login menu nav
    navbar navigation newsletter popular promo recirculation recommendation recommendations related
    share sidebar teaser toolbar tooltip
""")
)
_CARD = 300  # letters, above which a box is no card
_BLOCKS = frozenset(("p", "div", "section", "aside", "article", "main", "body"))


def signs(page: "Page") -> list[Evidence]:
    """Every sign, the outlet's first."""
    return [*_own(page), *_tiers_and_data(page), *_general(page)]


def _tiers_and_data(page: "Page") -> list[Evidence]:
    return [*access.from_tiers(page.metas), *access.from_linked_data(page.ld)]


def _own(page: "Page") -> Iterator[Evidence]:
    gates = page.css(page.gate_at)
    if gates:
        yield Evidence(f"{access.SHOWN} {page.gate_at}"[:200], one_line(gates[0].text_content())[:200], "paywalled")
    for verdict, patterns in (("free", page.free_says), ("paywalled", page.gate_says)):
        if patterns and (said := _sentence(page, re.compile("|".join(patterns), re.IGNORECASE))):
            yield Evidence(f"{access.SHOWN} sentence", said[:200], verdict)


def _sentence(page: "Page", pattern: re.Pattern[str]) -> str | None:
    for line in page.said:
        if 8 < len(line) < 600 and (said := one_line(line)) and pattern.search(said):
            return said
    return None


def _telling(lines: list[str]) -> list[int]:
    """Which of the lines hold one of the words, and are as long as a sentence: looked for in all lines at once."""
    whole = "\0".join(lines)  # no text of a page holds a NUL
    found: set[int] = set()
    for word in _TELLING:
        at = whole.find(word)
        while at >= 0:
            begin, end = whole.rfind("\0", 0, at) + 1, whole.find("\0", at)
            end = end if end >= 0 else len(whole)
            if 12 <= end - begin < 500:
                found.add(begin)
            at = whole.find(word, end)
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    return [bisect_left(starts, begin) for begin in sorted(found)]


def _general(page: "Page") -> Iterator[Evidence]:
    for number in _telling(page.said):
        said = one_line(page.said[number])
        if is_free(said) and not _is_elsewhere(page.lines[number].getparent()):
            yield Evidence(f"{access.SEEN}: sentence", said[:200], "free")
            return
        if is_gate(said) and _is_of_the_article(page.lines[number].getparent()):
            yield Evidence(f"{access.SEEN}: sentence", said[:200], "paywalled")
            return
    for element in page.marks.gates[:50]:
        words = access.class_words(element)
        if words & _GATE_CLASSES and not words & _ELSEWHERE and element.tag not in ("body", "html", "main", "article"):
            said = one_line(element.text_content())
            if 3 <= len(said.split()) < 400 and _OFFER.search(said) and _is_of_the_article(element):
                yield Evidence(
                    f"{access.SEEN}: {element.get('class') or element.get('id')}"[:200], said[:200], "paywalled"
                )
                return


def _is_of_the_article(element: HtmlElement | None) -> bool:
    if element is None or _is_elsewhere(element):
        return False
    if _is_on_a_card(element) or _is_in_prose(element):
        return False
    return any(
        parent.tag in ("article", "main") or "paywall" in access.class_words(parent)
        for parent in (element, *element.iterancestors())
    )


def _is_on_a_card(element: HtmlElement) -> bool:
    """Whether it stands beside the headline of another article, and so speaks of that one."""
    around = element
    for _ in range(3):
        parent = around.getparent()
        if parent is None or parent.tag in ("article", "main", "body") or len(parent.text_content()) > _CARD:
            return False
        around = parent
        for link in around.iter("a"):
            said = one_line(link.text_content())
            if len(said.split()) >= 4 and link.get("href") and not _OFFER.search(said) and not is_gate(said):
                return True
    return False


def _is_in_prose(element: HtmlElement) -> bool:
    """Whether paragraphs go before it and go on after it: where the text is cut, none comes any more."""
    block = next((each for each in (element, *element.iterancestors()) if each.tag in _BLOCKS), None)
    if block is None or block.tag != "p":
        return False
    before = any(_is_prose(each) for each in block.itersiblings("p", preceding=True))
    return before and sum(_is_prose(each) for each in block.itersiblings("p")) >= 2


def _is_prose(element: HtmlElement) -> bool:
    text = element.text_content()
    return len(text) > 80 and sum(len(link.text_content()) for link in element.iter("a")) < 0.5 * len(text)


def _is_elsewhere(element: HtmlElement | None) -> bool:
    while element is not None and element.tag not in ("body", "main", "article"):
        if element.tag in ("nav", "footer", "header", "li", "button") or access.class_words(element) & _ELSEWHERE:
            return True
        element = element.getparent()
    return (
        element is not None
        and element.tag == "article"
        and bool(access.class_words(element) & {"teaser", "nav", "card"})
    )
