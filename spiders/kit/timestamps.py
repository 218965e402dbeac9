"""The dates that a page prints around its headline for its readers. Never anything out of the prose."""

import re
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from spiders.kit import dates
from spiders.kit.access import class_words
from spiders.kit.heading import Heading
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
_APART = re.compile(r"\s*(?:[|•·/]|\s[-–—]\s|,\s(?=\d{1,2}[:h]\d{2}))\s*")
_CLOCK = re.compile(r"\W*(?:à|at|um|as|às|alle|a las)?\s*\d{1,2}\s?[:h]\s?\d{2}\b")
_LONG = 300


def claims(page: "Page") -> Iterator[dates.Claim]:
    """The dates of publication printed around the headline, the nearest first: `time` elements, then lines that are
    a date and hardly anything else. None of which the page says that it is of a change."""
    head = page.headline
    plain, marked = _times(page, head.element)
    for element in plain:
        yield from _stamped(page, element)
    for text in _lines(head):
        yield from _read(one_line(text), page.month_first)
    # hAtom has every entry call its date "updated", also where it never was
    for element in marked:
        yield from _stamped(page, element)


def _stamped(page: "Page", element: HtmlElement) -> Iterator[dates.Claim]:
    for raw in (element.get("datetime"), one_line(element.text_content())):
        if raw and (found := dates.moment(raw.strip()) or dates.written(raw[:90], month_first=page.month_first)):
            yield dates.Claim("dom", found, "time", raw)
            return


def _read(text: str, month_first: bool) -> Iterator[dates.Claim]:
    if len(text) < 6 or not any(character.isdigit() for character in text):
        return
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
    left = [
        word
        for word in re.findall(r"[^\W\d_]+", f"{said[1]} {said[2]}")
        if word.casefold() not in LABELS and month_named(word) is None
    ]
    return len(left) <= 2


def _times(page: "Page", head: HtmlElement | None) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """The `time` elements of the article, those after the headline first, and apart from them those whose class alone
    says that they are of a change."""
    after: list[HtmlElement] = []
    before: list[HtmlElement] = []
    marked: list[HtmlElement] = []
    seen = head is None
    for element in islice(page.doc.iter("h1", "time"), 300):
        if element.tag == "h1":
            seen = seen or element is head
        elif not _CHANGE.search(f"{element.text or ''} {element.get('itemprop')}") and not _elsewhere(element):
            words = class_words(element)
            if words & _CHANGED and not words & _PUBLISHED:
                marked.append(element)
            else:
                (after if seen else before).append(element)
        if len(after) == 3:
            break
    return after + before[:-3:-1], marked[:1]


def _elsewhere(element: HtmlElement) -> bool:
    for parent in element.iterancestors():
        if parent.tag in ("nav", "footer", "aside", "figcaption", "figure", "blockquote"):
            return True
        if parent.tag in ("main", "body", "header"):
            return False
        if parent.tag in ("article", "a"):
            return bool(class_words(parent) & _ELSEWHERE)
        if class_words(parent) & (_ELSEWHERE - {"news", "list", "live", "archive"}):
            return True
    return False


def _lines(head: Heading) -> Iterator[str]:
    """The lines after the headline, then those before it; each also with what stands beside it."""
    after = head.after
    for (element, line), (_, then) in zip_longest(after, after[1:], fillvalue=(head.element, "")):
        if len(then) < 20 and _CLOCK.match(then):
            yield f"{line} {then}"
        yield from _beside(element, line)
    for element, line in head.before:
        yield from _beside(element, line)


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
