"""The text of an article and what stands around it: body, standfirst, dateline, links, lines that name a source."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from archive.model import Attribution, Block, Drift, Link
from spiders.kit import datelines, drift, generic, text
from spiders.kit.addresses import web_link
from spiders.kit.authors import byline
from spiders.kit.credits import first_published, read_more
from spiders.kit.dates import cut
from spiders.kit.furniture import is_furniture
from spiders.kit.places import key
from spiders.kit.words import fold, one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page


@dataclass(frozen=True)
class Story:
    """The body in blocks and what was taken out of it."""

    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    dateline: str | None = None
    attributions: tuple[Attribution, ...] = ()
    drift: Drift | None = None  # the outlet's selectors did not find the text


def tell(page: "Page") -> Story:
    """The page's story: by the outlet's selectors, by trafilatura where there are none."""
    containers = _outermost(page.css(page.body_at))
    anchors: list[tuple[int, HtmlElement]] = []
    drifted: Drift | None = None
    if page.body_at:
        flow = text.blocks(containers, drop=[*_dropped(page)])
        found, reader, drifted = drift.body(page, flow.blocks)
        anchors = flow.anchors if found is flow.blocks else []
    else:
        found, reader = generic.body(page)
    own = [re.compile(pattern, re.IGNORECASE) for pattern in (*page.furniture, *page.free_says, *page.gate_says)]
    where = {id(block): number for number, block in enumerate(found)}
    attributions: list[Attribution] = []

    def unwanted(line: str) -> bool:
        if source := read_more(line):
            attributions.append(Attribution(source, "read_more", line))
            return True
        return (reader == "outlet" and is_furniture(line)) or any(pattern.search(line) for pattern in own)

    heads = {fold(each) for each in (page.title(), page.standfirst()) if each}
    names = {fold(author.name) for author in page.authors()}
    kept = text.without(found, unwanted)
    for number in range(min(4, len(kept)) - 1, -1, -1):
        said = kept[number].text
        if len(kept) == 1 and len(said.split()) > 15:
            break  # of a page that is cut after its first paragraph this is the text, whatever else it is
        if (
            fold(said) in heads
            or _is_byline(said, names)
            or (number < 2 and _is_headline(said, page.title() or ""))
            or (reader != "outlet" and number < 3 and _is_stamp(said))
        ):
            del kept[number]
    if len(kept) > 1 and _is_byline(kept[-1].text, names):
        kept.pop()
    place, house = None, None
    if len(kept) > 1 and (place := datelines.alone(kept[0].text)):
        del kept[0]
    elif kept:
        place, house, rest = datelines.dateline(kept[0].text)
        if place and fold(place) not in names:
            original = kept[0]
            kept[0] = Block(original.kind, rest)
            where[id(kept[0])] = where.get(id(original), 0)
        else:
            # some print it before the standfirst, which stays as printed
            place, house, _ = datelines.dateline(page.standfirst() or "")
    named = datelines.agencies(house) if house else ()
    attributions += [Attribution(each, "republished", f"{place} ({house})") for each in named]
    links = tuple(dict.fromkeys(_links(page, kept, found, where, anchors)))
    attributions = [_with_link(page, each, found, anchors) for each in attributions]
    for line in dict.fromkeys(block.text for block in (*kept[:2], *kept[-3:])):
        if source := first_published(line):
            url = next((link.url for link in links if link.text == source), None)
            attributions.append(Attribution(source, "republished", line, url))
    if kept:
        page.read_by["blocks"] = reader
    return Story(tuple(kept), links, place, tuple(attributions), drifted)


def _dropped(page: "Page") -> Iterator[HtmlElement]:
    for selector in (*page.drop, page.gate_at):
        yield from page.css(selector)


def _is_headline(line: str, title: str) -> bool:
    """Whether the line is the headline once more, with a label before it or a little shorter."""
    few, many = sorted((fold(line), fold(title)), key=len)
    return len(few.split()) > 3 and few in many and len(many) < len(few) + 60


def _is_stamp(line: str) -> bool:
    """Whether the line is a date, with a word or two that say of what."""
    found = cut(line) if len(line) < 70 and any(letter.isdigit() for letter in line) else None
    words = re.findall(r"[^\W\d_]{2,}", f"{found[1]} {found[2]}") if found else []
    return found is not None and len(words) <= 3 and sum(map(len, words)) < 24


def _is_byline(line: str, names: set[str]) -> bool:
    """Whether the line is a byline of the article's own authors and nothing else ("By Jane Doe", "N.J. with AFP")."""
    if len(line) > 120 or not names:
        return False
    found = {fold(author.name) for author in byline(line).authors}
    return bool(found) and found <= names


def _outermost(elements: Iterable[HtmlElement]) -> list[HtmlElement]:
    kept: list[HtmlElement] = []
    for element in elements:
        if not any(parent in kept for parent in element.iterancestors()):
            kept.append(element)
    return kept


def _links(
    page: "Page", kept: list[Block], found: list[Block], where: dict[int, int], anchors: list[tuple[int, HtmlElement]]
) -> Iterator[Link]:
    now = {where.get(id(block), -1): number for number, block in enumerate(kept)}
    pairs: Iterable[tuple[int | None, HtmlElement]] = ((now.get(old), anchor) for old, anchor in anchors)
    if not anchors:
        # by the text as found: a dateline is taken out of the block, but stands in the page's paragraph
        pairs = _by_place(page, [(number, found[old].text) for old, number in now.items() if old >= 0])
    for number, anchor in pairs:
        if number is None:
            continue
        words, url = one_line(anchor.text_content()), web_link(anchor.get("href"), page.url)
        if words and url:
            yield Link(url, words, number)


def _by_place(page: "Page", texts: Iterable[tuple[int, str]]) -> Iterator[tuple[int, HtmlElement]]:
    for number, said in texts:
        if place := page.places.get(key(said)):
            anchors = [anchor for anchor in place.element.iter("a") if anchor.get("href")]
            if len(anchors) < 50:
                yield from ((number, anchor) for anchor in anchors)


def _with_link(
    page: "Page", said: Attribution, found: list[Block], anchors: list[tuple[int, HtmlElement]]
) -> Attribution:
    if said.relation != "read_more":
        return said
    for number, anchor in anchors:
        if (
            number < len(found)
            and found[number].text == said.evidence
            and (url := web_link(anchor.get("href"), page.url))
        ):
            return Attribution(said.source, said.relation, said.evidence, url)
    return said
