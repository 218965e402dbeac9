"""Whether an outlet's selectors still find what they were written for.

Where they give nothing, or a text much shorter than the page's other signs speak of, the generic reader wins and the
field is named: newspapers change their pages without a word, and an archive must notice before a year is lost.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from archive.model import Block, Drift, Quality, Role
from spiders.kit import access, densest, generic, quality
from spiders.kit.densest import length

_SAID = ("json-ld", "meta", "microdata", "dom")  # where a page gives its date; an address has a day at most
_ALARM = 100  # words that the outlet's selectors must miss: notices and teasers may have none of their elements

if TYPE_CHECKING:
    from spiders.kit.page import Page


def body(page: "Page", own: list[Block]) -> tuple[list[Block], str, Drift | None]:
    """The outlet's own text, or the generic reader's where that is found to be wrong; the reader, and the drift."""
    if own and not _is_short(page, own):
        return own, "outlet", None
    found, reader = generic.body(page)
    words, others = _words(own), _words(found)
    if own and (others < 2 * words or quality.verdict(quality.weigh(page, found)) in (Quality.BAD, Quality.DOUBTFUL)):
        return own, "outlet", None
    if not found or (own and not _is_told(page) and not densest.holder(found)(own[0].text)):
        return own, "outlet", None
    says = f"{page.body_at} gives {words} words, the generic reader {others}"
    return found, reader, Drift("blocks", says[:300]) if others >= _ALARM else None


def _is_short(page: "Page", own: Sequence[Block]) -> bool:
    """Whether the page's other signs speak of a text at least twice as long. A page that is cut is short by right."""
    if access.is_cut(page.access()[1]):
        return False
    words = _words(own)
    stated = len(quality.stated_text(page).split())
    if stated >= generic.STUB and words < 0.5 * stated:
        return True
    said = quality.word_count(page)
    if said and words < 0.5 * said and length(own) < 0.5 * said:  # some newspapers count letters
        return True
    return length(own) < 0.3 * sum(len(place.text) for place in page.prose if quality.is_paragraph(place))


def _is_told(page: "Page") -> bool:
    """Whether the page's data speak of its text's length."""
    return quality.word_count(page) is not None or len(quality.stated_text(page).split()) >= generic.STUB


def of(page: "Page") -> tuple[Drift, ...]:
    """The fields of which the outlet's selector finds nothing in this page, although the page has them."""
    found = [page.body_drift] if page.body_drift else []
    if page.title_at and page.title() and not page.text_at(page.title_at):
        found.append(_nothing(page, "title", page.title_at))
    named = any(author.role is Role.PERSON for author in page.authors())
    if page.byline_at and named and page.read_by.get("authors") != "outlet" and not page.text_at(page.byline_at):
        found.append(_nothing(page, "authors", page.byline_at))
    given = page.published() or page.published_day()
    if page.date_at and given and page.read_by.get("published") in _SAID and not page.css(page.date_at):
        found.append(_nothing(page, "published", page.date_at))
    seen = next((each for each in page.access()[1] if each.verdict == "paywalled"), None)
    if page.gate_at and seen and seen.where.startswith(access.SEEN) and not page.css(page.gate_at):
        found.append(Drift("access", f"{page.gate_at} finds nothing, {seen.where}"[:300]))
    if page.layout_lost:
        found += [
            _nothing(page, field, selector)
            for field, selector, value in (
                ("standfirst", page.standfirst_at, page.standfirst()),
                ("kicker", page.kicker_at, page.kicker()),
                ("section", page.section_at, page.section()),
                ("tags", page.tags_at, page.tags()),
            )
            if selector and value and page.read_by.get(field) != "outlet"
        ]
    return tuple(found)


def _nothing(page: "Page", field: str, selector: str) -> Drift:
    return Drift(field, f"{selector} finds nothing, read by {page.read_by.get(field) or 'another reader'}"[:300])


def _words(blocks: Sequence[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks)
