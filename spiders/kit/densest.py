"""The body by where the page's prose stands closest: the second reader, asked where the signs speak against the first.

It knows paragraphs, and counts for each element that holds some how much of them is there and in its like beside it:
so a text that adverts split into several elements is one text again.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from archive.model import Block
from spiders.kit import elsewhere
from spiders.kit import text as flow
from spiders.kit.access import class_words
from spiders.kit.furniture import is_boilerplate
from spiders.kit.places import Place
from spiders.kit.words import alike, listed, one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

PROSE = 40  # letters, below which a text is no prose
_ELSEWHERE = frozenset(
    listed("""
    banner card comment commentaires comments consent cookie footer header login menu nav navbar navigation newsletter
    popular promo recirculation recommended related share sidebar sponsored subscribe support teaser toolbar tooltip
""")
)
_NEVER = frozenset(("nav", "footer", "aside", "header", "form", "button", "dialog", "figure", "select", "template"))


def blocks(page: "Page") -> list[Block]:
    """The text of the elements that hold most of the page's prose; [] where there is no prose."""
    return _blocks(page, page.prose)


def below_headline(page: "Page") -> list[Block]:
    """The same of the smallest element that holds the headline and prose: of a short article beside a long box."""
    title = page.title() or ""
    heading = next((each for each in page.doc.iter("h1") if alike(one_line(each.text_content()), title) > 0.8), None)
    for around in heading.iterancestors() if heading is not None else ():
        if around.tag in ("body", "html"):
            break
        if inside := [place for place in page.prose if around in place.element.iterancestors()]:
            return _blocks(page, inside)
    return []


def _blocks(page: "Page", found: Iterable[Place]) -> list[Block]:
    weights: dict[HtmlElement, float] = defaultdict(float)
    for place in found:
        around = place.element.getparent() if place.element.tag in ("p", "li", "h2", "h3", "h4") else place.element
        if around is None:
            continue
        weights[around] += len(place.text)
        if (above := around.getparent()) is not None and above.tag not in ("body", "html"):
            weights[above] += len(place.text) / 2
    if not weights:
        return []
    best = max(weights, key=lambda element: weights[element])
    like = {each for each in weights if _are_alike(each, best) and weights[each] >= 0.05 * weights[best]}
    tops = [each for each in like if not any(parent in like for parent in each.iterancestors())]
    order = {element: number for number, element in enumerate(page.doc.iter())} if len(tops) > 1 else {}
    text = flow.blocks(sorted(tops, key=lambda each: order.get(each, 0)), drop=page.beside).blocks
    return flow.without(elsewhere.without(text, page.places), is_boilerplate)


def _are_alike(one: HtmlElement, other: HtmlElement) -> bool:
    if one is other:
        return True
    if one.tag != other.tag or one.get("class") != other.get("class"):
        return False
    return bool(one.get("class")) or one.getparent() is other.getparent()


def prose(places: Iterable[Place], unwanted: set[HtmlElement]) -> list[Place]:
    """The paragraphs that may be the article's. A mark that would take most of them away means something else."""
    marked = [
        (place, _marked(place.element, unwanted))
        for place in places
        if len(place.text) >= PROSE and place.linked <= 0.5
    ]
    inside: dict[HtmlElement, int] = defaultdict(int)
    for place, marks in marked:
        for element in marks:
            inside[element] += len(place.text)
    most = 0.4 * sum(len(place.text) for place, _ in marked)
    return [place for place, marks in marked if all(inside[each] > most and each not in unwanted for each in marks)]


def _marked(element: HtmlElement, unwanted: set[HtmlElement]) -> list[HtmlElement]:
    """The elements around the text that say that it is the page's, up to the one that holds the article."""
    found, article = [], False
    for each in (element, *element.iterancestors()):
        article = article or each.tag in ("main", "article", "body")
        if each in unwanted or (not article and (each.tag in _NEVER or class_words(each) & _ELSEWHERE)):
            found.append(each)
    return found


def without_tail(found: list[Block], dense: list[Block]) -> list[Block]:
    """What was found, up to the last block that the densest text has too.

    A reader that looks at texts alone takes with an article what stands below it: who wrote it, what the newspaper
    offers, what to read next. None of that stands in the element that holds the article.
    """
    in_found, in_dense = holder(found), holder(dense)
    shared = [in_dense(block.text) for block in found]
    if not any(shared):
        return found
    last = max(number for number, each in enumerate(shared) if each)
    both = length(block for block, each in zip(found, shared, strict=True) if each)
    common = length(block for block in dense if in_found(block.text))
    if common < 0.7 * length(dense) or both < 0.4 * length(found) or 2 * length(found[last + 1 :]) > length(found):
        return found
    return found[: last + 1]


def length(blocks: Iterable[Block]) -> int:
    """The letters of the blocks together."""
    return sum(len(block.text) for block in blocks)


def holder(blocks: Sequence[Block]) -> Callable[[str], bool]:
    """A question to the blocks: whether they hold the text, by its first letters."""
    starts = {_start(block.text) for block in blocks}
    # readers part and join paragraphs; in a text of thousands it is not worth the search
    whole = "".join(block.text for block in blocks).replace(" ", "") if len(blocks) < 2000 else ""
    return lambda text: (start := _start(text)) in starts or start in whole


def _start(text: str) -> str:
    return text[:100].replace(" ", "")[:60]
