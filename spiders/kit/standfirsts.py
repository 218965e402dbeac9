"""The standfirst: the lines between headline and text that say what the article is about."""

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from spiders.kit import dates, metatags, state_fields
from spiders.kit.access import class_words
from spiders.kit.credits import caption
from spiders.kit.furniture import is_furniture, is_gate
from spiders.kit.words import alike, fold, listed, one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

# what the press calls it in its markup, and nothing else
_CALLED = frozenset(
    listed("""
    standfirst chapo chapeau subheadline subhead subheading subtitle subtitulo subtítulo sottotitolo untertitel subline
    untertitle soustitre deck dek strapline sumario bajada copete entradilla vorspann anleser ingress preamble sapo
    spot spottext sommario catenaccio accroche undertitle standfirsts hat ozet özet
""")
)
# what may as well be the article's first paragraph
_PERHAPS = frozenset(
    listed("lead leadin leadtext lede intro introduction introtext teaser excerpt abstract summary resumen")
)
_LEADS = _CALLED | _PERHAPS | frozenset(listed("catchline desc description dropin header heading hero"))
_OTHER = frozenset(
    listed("""
    author authors byline date time meta caption figcaption related newsletter comments comment share social links list
    card cards item video player audio ad ads advert promo tags topics key points highlights bullets breadcrumb sticky
    label kicker overline ai menu nav
""")
)
_CUT = re.compile(r"(?:…|\.\.\.)[\s\])»”\"']*$")  # a description that ends so was cut for a list
_OFFER = re.compile(r"subscri|newsletter|cookie|javascript|abonn(?:e|ier)|sign up|log ?in\b", re.IGNORECASE)
_MOST, _LINES = 700, 25


def standfirst(page: "Page") -> str | None:
    """The standfirst where the outlet's page keeps it, else the description in the metadata, else what the page prints
    as one; None where the description is cut or the first paragraph, and nothing says that it is a standfirst."""
    if page.standfirst_at:
        if found := page.text_at(page.standfirst_at):
            page.read_by["standfirst"] = "outlet"
        if found or not page.layout_lost:
            return found or None
    for reader, said in (("json-ld", page.ld.text("description")), ("meta", page.meta(*metatags.DESCRIPTIONS))):
        if len(said) > 20 and not _CUT.search(said) and fold(said) != fold(page.title() or ""):
            if _is_first_paragraph(page.doc, said):
                break
            shown = _printed(page)
            if fold(said) not in fold(shown) and alike(said, shown) >= 0.7:
                break  # the same in other words: as readers see it
            page.read_by["standfirst"] = reader
            return said
    if shown := _printed(page):
        page.read_by["standfirst"] = "dom"
        return shown
    if page.ld.text("description") or page.meta(*metatags.DESCRIPTIONS):
        return None  # a state has no more than that to say, and takes long to read
    for said in state_fields.fields(page, "standfirst")[:1]:
        whole = said.endswith((".", "!", "?", "»", "”", '"')) or len(said) < 120  # some are cut without a sign
        if 20 < len(said) <= _MOST and whole and not _CUT.search(said) and not _is_first_paragraph(page.doc, said):
            page.read_by["standfirst"] = "script"
            return one_line(said)
    return None


def _printed(page: "Page") -> str:
    """The text of the element after the headline that calls itself a standfirst; "" for none."""
    head = page.headline
    if head.element is None:
        return ""
    above, seen = {head.element, *islice(head.element.iterancestors(), 60)}, set()
    for holder, _ in head.after[:_LINES]:
        around = []
        for element in (holder, *islice(holder.iterancestors(), 8)):
            if element in above:
                break
            around.append(element)
        for number, element in enumerate(around[:4]):
            if element in seen:
                break
            seen.add(element)
            words = class_words(element)
            called = words & _CALLED or (
                words & _PERHAPS and element.getparent() in above and not _among_paragraphs(element)
            )
            if called and not any(map(_is_other, around[number:])):
                said = one_line(element.text_content()[: 2 * _MOST])
                if _is_standfirst(page, element, said):
                    return said
    return ""


def _is_other(element: HtmlElement) -> bool:
    return element.tag in ("figure", "figcaption", "aside", "nav", "li") or bool(class_words(element) & _OTHER)


def _is_standfirst(page: "Page", element: HtmlElement, said: str) -> bool:
    if not 15 < len(said) <= _MOST or len(said.split()) < 4 or _CUT.search(said) or said.endswith(":"):
        return False
    key, title = fold(said), fold(page.title() or "")
    linked = sum(len(one_line(link.text_content())) for link in islice(element.iter("a"), 20))
    return (
        linked < 0.4 * len(said)
        and key not in title
        and next(element.iter("li", "time", "h1", "img", "figure", "button", "form"), None) is None
        and sum(1 for _ in islice(element.iter("p"), 4)) < 4
        and not (len(said) < 70 and dates.written(said))
        and not is_furniture(said)
        and not is_gate(said)
        and not _OFFER.search(said)
        and caption(said).caption is not None
    )


def _among_paragraphs(element: HtmlElement) -> bool:
    """Whether paragraphs of the text stand beside the element: it is the first of them."""
    return any((each.tag == "p" and len(each.text_content()) > 60) for each in islice(element.itersiblings(), 12))


def _is_first_paragraph(doc: HtmlElement, said: str) -> bool:
    """Whether the description is a paragraph among its like in the page, and not set apart as a standfirst."""
    key, start = fold(said), said[:12]
    for element in doc.iter("p"):
        inside = element.text_content()
        if len(inside) < 2 * len(said) + 100 and start in inside and fold(one_line(inside)) == key:
            around = [element, *[parent for parent, _ in zip(element.iterancestors(), range(2), strict=False)]]
            if any(class_words(each) & _LEADS for each in around):
                return False
            return _among_paragraphs(element)
    return False
