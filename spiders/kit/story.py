"""The text of an article and what stands around it: body, standfirst, dateline, links, lines that name a source."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.model import Attribution, Block, Drift, Link
from spiders.kit import drift, generic, metatags, text
from spiders.kit.access import class_words
from spiders.kit.addresses import web_link
from spiders.kit.agencies import agency
from spiders.kit.authors import byline
from spiders.kit.credits import dateline, read_more
from spiders.kit.dates import cut
from spiders.kit.furniture import is_furniture
from spiders.kit.jsonld import LinkedData
from spiders.kit.places import key
from spiders.kit.words import fold, listed, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page


_CANONICAL = etree.XPath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href")
_SHORT = etree.XPath("//link[@rel='shortlink']/@href")
_LEADS = frozenset(
    listed("""
    abstract bajada catchline chapeau chapo deck dek desc description dropin entradilla excerpt
    header heading hero ingress intro introduction lead leadtext lede preamble sapo sommario
    standfirst strapline subhead subheadline subtitle subtitulo summary teaser vorspann
""")
)


_CUT = re.compile(r"(?:…|\.\.\.)[\s\])»”\"']*$")  # a description that ends so was cut for a list


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
    if kept:
        place, house, rest = dateline(kept[0].text)
        if place:
            original = kept[0]
            kept[0] = Block(original.kind, rest)
            where[id(kept[0])] = where.get(id(original), 0)
    if kept and not place:
        # some print it before the standfirst, which stays as printed
        place, house, _ = dateline(page.standfirst() or "")
    if house and agency(house):
        attributions.append(Attribution(agency(house) or house, "republished", f"{place} ({house})"))
    links = tuple(dict.fromkeys(_links(page, kept, found, where, anchors)))
    attributions = [_with_link(page, each, found, anchors) for each in attributions]
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


def standfirst(page: "Page") -> str | None:
    """The printed standfirst, else the description in the metadata; None where it is cut or the first paragraph."""
    if page.standfirst_at:
        if found := page.text_at(page.standfirst_at):
            page.read_by["standfirst"] = "outlet"
        if found or not page.layout_lost:
            return found or None
    for reader, said in (("json-ld", page.ld.text("description")), ("meta", page.meta(*metatags.DESCRIPTIONS))):
        if len(said) > 20 and not _CUT.search(said) and fold(said) != fold(page.title() or ""):
            if _is_first_paragraph(page.doc, said):
                return None
            page.read_by["standfirst"] = reader
            return said
    return None


def _is_first_paragraph(doc: HtmlElement, said: str) -> bool:
    """Whether the description is a paragraph among its like in the page, and not set apart as a standfirst."""
    key, start = fold(said), said[:12]
    for element in doc.iter("p"):
        inside = element.text_content()
        if len(inside) < 2 * len(said) + 100 and start in inside and fold(one_line(inside)) == key:
            around = [element, *[parent for parent, _ in zip(element.iterancestors(), range(2), strict=False)]]
            if any(class_words(each) & _LEADS for each in around):
                return False
            return any(each.tag == "p" and len(each.text_content()) > 60 for each in element.itersiblings())
    return False


def crumbs(ld: LinkedData, sites: Iterable[str], url: str) -> list[str]:
    """The breadcrumbs of the page between the home page and the article itself."""
    sites = {fold(site) for site in sites} | {
        "home",
        "accueil",
        "startseite",
        "inicio",
        "homepage",
        "start",
        "news",
        "الرئيسية",
    }
    for node in ld.of_type("BreadcrumbList"):
        items = node.get("itemListElement")
        found = []
        for item in items if isinstance(items, list) else []:
            if not isinstance(item, dict):
                continue
            inner = item.get("item")
            name = plain(item.get("name")) or (plain(inner.get("name")) if isinstance(inner, dict) else "")
            target = inner.get("@id") or inner.get("url") if isinstance(inner, dict) else inner
            target = target if isinstance(target, str) else ""
            if name and fold(name) not in sites and target != url and (not target or urlsplit(target).path.strip("/")):
                found.append(name)
        if found and len(found[0]) < 60:
            return found
    return []


def canonical_links(doc: HtmlElement) -> list[str]:
    """What the page's canonical links say, in order."""
    found: list[str] = _CANONICAL(doc)
    return found


def canonical(page: "Page") -> str | None:
    """The address that the page gives for itself; a home page in its place is disregarded."""
    links = page.canonical_links
    for reader, said in (
        ("dom", plain(str(links[0])) if links else ""),
        ("meta", page.meta("og:url")),
        ("json-ld", page.ld.text("url")),
    ):
        url = web_link(said, page.url)
        if url and (urlsplit(url).path.strip("/") or not urlsplit(page.url).path.strip("/")):
            page.read_by["canonical_url"] = reader
            return url.split("#")[0]
    return None


def short_number(page: "Page") -> str:
    """The number by which a content system knows the article: that of its short link (?p=123, /node/123); else ""."""
    for address in _SHORT(page.doc)[:1]:
        if found := re.search(r"(?:[?&]p=|/node/)(\d+)$", str(address)):
            return found[1]
    return ""
