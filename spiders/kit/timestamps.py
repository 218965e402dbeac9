"""The dates that a page prints around its headline for its readers. Never anything out of the prose."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from spiders.kit import dates, day_order
from spiders.kit.access import class_words
from spiders.kit.heading import Heading, Line
from spiders.kit.months import LABELS, month_named
from spiders.kit.words import listed, one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

_CHANGE = re.compile(
    r"updat|modif|mis(?:e)? à jour|aktualisi|aktualiz|geändert|actualizad|aggiornat|atualizad|güncelle|تحديث|"
    r"edited|revised|uppdaterad|oppdatert|opdateret|päivitetty|gewijzigd|bijgewerkt|actualizat|обновлен|изменен|"
    r"diperbarui|cập nhật|frissít|ενημ|עודכן|अपडेट|更新|수정|업데이트",
    re.IGNORECASE,
)
_CHANGED = frozenset(listed("update updated modified changed modification aktualisiert maj last"))
_PUBLISHED = frozenset(listed("published publish pubdate publication created"))
_ELSEWHERE = frozenset(
    listed("""
    archive aside card carousel comment comments footer latest list live menu more most nav news popular promo
    recent recirculation recommended related sidebar slider teaser ticker trending weather widget
""")
)
_BELOW = frozenset(listed("comment comments related recommended teaser trending popular ticker carousel recirculation"))
_APART = re.compile(r"\s*(?:[|•·/]|\s[-–—]\s|,\s(?=\d{1,2}[:h]\d{2}))\s*")
_CLOCK = re.compile(r"\W*(?:à|at|um|as|às|alle|a las)?\s*\d{1,2}\s?[:h]\s?\d{2}\b")
_ISO = re.compile(r"\s*\d{4}-\d{2}-\d{2}T\d")
SOMETHING_ELSE = re.compile(r"(?:Comment|VideoObject|AudioObject|ImageObject|Person|Organization)/?$")
"""The types of microdata whose dates are not an article's."""
_SHOWN_BESIDE = re.compile(r"(?:Comment|VideoObject|AudioObject|ImageObject)/?$")  # a byline may hold the date
_LONG, _PROSE = 300, 90  # characters
OF_A_POST = frozenset(("post", "entry", "article", "story"))  # whose footer is an article's
_TOLD = 3  # paragraphs after which the text has begun for sure
_NEAR, _HEADLINE = 4, 4  # elements around a date that may be another article's teaser; words of its headline


def claims(page: "Page") -> Iterator[dates.Claim]:
    """The dates of publication printed around the headline, the nearest first: `time` elements, then lines that are
    a date and hardly anything else. None of which the page says that it is of a change."""
    head = page.headline
    plain, marked = _times(page, head.element)
    for element in plain:
        yield from _stamped(page, element)
    for text in _lines(head):
        line = one_line(text)
        if len(line) >= 6 and any(character.isdigit() for character in line):
            yield from _read(line, day_order.month_first(page, line[:_LONG]))
    # hAtom has every entry call its date "updated", also where it never was
    for element in marked:
        yield from _stamped(page, element)


def _stamped(page: "Page", element: HtmlElement) -> Iterator[dates.Claim]:
    # microformats.org "hAtom": the title of an abbreviation is the value
    said = element.get("title") if element.tag == "abbr" else element.get("datetime")
    for raw in (said, one_line(element.text_content())):
        if not raw:
            continue
        first = day_order.month_first(page, raw[:90])
        if found := dates.moment(raw.strip(), month_first=first) or dates.written(raw[:90], month_first=first):
            yield dates.Claim("dom", found, "time", raw)
            return


def _read(text: str, month_first: bool | None) -> Iterator[dates.Claim]:
    found = dates.cut(text, month_first=month_first)
    if found is None:
        return
    if dates.cut(found[2], month_first=month_first) is None:
        pieces = [] if _CHANGE.search(text) else [text, *_APART.split(text)]
    else:
        # two dates in one line: each has the word before it
        pieces = [piece for piece in (*_APART.split(text), *_turns(text)) if not _CHANGE.search(piece)]
    for piece in pieces:
        if len(piece) <= 90 and (said := dates.cut(piece, month_first=month_first)) and _nothing_else(said):
            yield dates.Claim("dom", said[0], "line", text[:_LONG])
            return


def _turns(text: str) -> list[str]:
    """The text cut where it begins to speak of a change, and where it stops."""
    found = _CHANGE.search(text)
    if not found:
        return []
    later = re.search(r"\d{4}\)?\W+(?=[^\W\d])", text[found.start() :])
    end = found.start() + later.end() if later else len(text)
    return [text[: found.start()], text[found.start() : end], text[end:]]


def _nothing_else(said: tuple[dates.Moment, str, str]) -> bool:
    return len(_words(f"{said[1]} {said[2]}")) <= 2


def _words(text: str) -> list[str]:
    """The words of a text that no date has."""
    return [
        word for word in re.findall(r"[^\W\d_]+", text) if word.casefold() not in LABELS and month_named(word) is None
    ]


def _times(page: "Page", head: HtmlElement | None) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """The `time` elements of the article, those after the headline first, and apart from them those whose class alone
    says that they are of a change. Before the headline and under the text stand also those of other articles."""
    after: list[HtmlElement] = []
    before: list[HtmlElement] = []
    marked: list[HtmlElement] = []
    seen, told = head is None, 0
    around = set() if head is None else {*head.iterancestors()}
    own = any(parent.tag == "article" for parent in around)
    for element in islice(page.doc.iter("h1", "time", "abbr", "p"), 3000):
        if element.tag == "p":
            if seen and told < _TOLD:
                length = len(element.text_content())
                told += (length > _PROSE) + _TOLD * (length > _LONG)
        elif element.tag == "h1":
            seen = seen or element is head
        elif element.tag == "abbr" and not _ISO.match(element.get("title") or ""):
            continue
        elif (
            not _CHANGE.search(f"{element.text or ''} {element.get('itemprop')}")
            and not _elsewhere(element, around)
            and not ((told >= _TOLD or not seen) and _is_of_another(element, around, own))
        ):
            words = class_words(element)
            if words & _CHANGED and not words & _PUBLISHED:
                marked.append(element)
            else:
                (after if seen else before).append(element)
        if len(after) == 3:
            break
    return after + before[:-3:-1], marked[:1]


def _is_of_another(element: HtmlElement, around: set[HtmlElement], own: bool) -> bool:
    """Whether a date is that of another article: in an article of its own, or with the link to one."""
    for depth, parent in enumerate(element.iterancestors()):
        if parent in around or parent.tag in ("body", "main"):
            return False
        if parent.tag == "article" and own:
            return True
        if depth < _NEAR and _is_short(parent):
            links = (parent,) if parent.tag == "a" else parent.iter("a")
            if any(len(_words(link.text_content()[:_LONG])) >= _HEADLINE for link in islice(links, 5)):
                return True
            if next(parent.iter("h2", "h3", "h4"), None) is not None:
                return True
    return False


def _elsewhere(element: HtmlElement, around: set[HtmlElement], names: frozenset[str] = _ELSEWHERE) -> bool:
    """Whether the element is in a part of the page that is not the article, by the names of such parts; `around` are
    those that hold the headline, whatever they are called."""
    for parent in element.iterancestors():
        if parent in around:
            return False
        if parent.tag in ("nav", "figcaption", "figure", "blockquote"):
            return True
        if parent.get("itemscope") is not None and _SHOWN_BESIDE.search(parent.get("itemtype") or ""):
            return True
        if parent.tag == "aside" and not _is_line(parent, around):
            return True
        if parent.tag == "footer" and next(parent.iterancestors("article"), None) is None:
            return True
        if parent.tag in ("main", "body", "header"):
            return False
        if parent.tag in ("article", "a"):
            return bool(class_words(parent) & names)
        words = class_words(parent)
        if words & (names - {"news", "list", "live", "archive"} - ({"footer"} if words & OF_A_POST else set())):
            return True
    return False


def _is_line(aside: HtmlElement, around: set[HtmlElement]) -> bool:
    """Whether an `aside` is no box but a line with the headline in one part of the page, as some have for its date."""
    part = next((parent for parent in aside.iterancestors() if parent in around), None)
    if part is None or part.tag in ("body", "main", "html"):
        return False
    return _is_short(aside) and next(aside.iter("h2", "h3", "h4", "li"), None) is None


def _is_short(element: HtmlElement) -> bool:
    """Whether an element holds a line or two, told without a walk through the whole of a long one."""
    length = len(element.text or "")
    for number, inner in enumerate(element.iterdescendants()):
        length += len(inner.text or "") + len(inner.tail or "")
        if length > _LONG or number > 100:
            return False
    return length <= _LONG


def _lines(head: Heading) -> Iterator[str]:
    """The lines after the headline up to the text, then those before it; each also with what stands beside it."""
    around = set() if head.element is None else {*head.element.iterancestors()}
    after = tuple(_above_the_text(head.after, around))
    for (element, line), (_, then) in zip_longest(after, after[1:], fillvalue=(head.element, "")):
        if len(then) < 20 and _CLOCK.match(then):
            yield f"{line} {then}"
        yield from _beside(element, line)
    for element, line in head.before:
        if any(character.isdigit() for character in line) and not _elsewhere(element, around, _BELOW):
            yield from _beside(element, line)


def _above_the_text(lines: Iterable[Line], around: set[HtmlElement]) -> Iterator[Line]:
    """The lines up to the third paragraph of the text, without those of other articles and of comments."""
    told = 0
    for element, line in lines:
        told += len(line) > _PROSE
        if told == _TOLD:
            return
        if not any(character.isdigit() for character in line) or not _elsewhere(element, around, _BELOW):
            yield element, line


def _beside(element: HtmlElement, line: str) -> Iterator[str]:
    if not any(character.isdigit() for character in line):
        return
    yield line
    for parent in (element, element.getparent()):
        if parent is None or parent.tag in ("body", "article", "main", "section"):
            return
        whole = parent.text_content() if 0 < len(parent) < 8 else ""
        if len(line) < len(whole) <= 100:
            yield whole
