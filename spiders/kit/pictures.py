"""The pictures of an article with their captions, and the credits in them apart."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from archive.model import Image
from spiders.kit.access import class_words
from spiders.kit.addresses import web_link
from spiders.kit.credits import caption
from spiders.kit.jsonld import names
from spiders.kit.marks import is_caption
from spiders.kit.words import fold, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

_SHOWN = etree.XPath("descendant::text()[not(parent::script or parent::style)]", smart_strings=False)
_CAPTION_TAGS = frozenset(("p", "div", "span", "small", "em", "dd", "td"))
_CREDIT_WORDS = ("credit", "credits", "copyright", "credit-line", "photographer", "source", "byline")
_MOST = 60


def images(page: "Page") -> tuple[Image, ...]:
    """Figures with a caption in the article, in order; else the lead picture that the metadata name."""
    found: dict[str, Image] = {}
    figures = page.css(page.figure_at) if page.figure_at else filter(_is_of_the_article, page.doc.iter("figure"))
    for figure in islice(figures, 200):
        _keep(found, _figure(page, figure))
    if not found and not page.figure_at:
        for holder in islice(_captioned(page), 200):
            _keep(found, _figure(page, holder))
    if found:
        page.read_by["images"] = "outlet" if page.figure_at else "dom"
        return tuple(found.values())[:_MOST]
    url = _lead(page)
    if url:
        page.read_by["images"] = "meta"
        return (Image(url),)
    return ()


def _is_of_the_article(figure: HtmlElement) -> bool:
    """Not in a menu, a margin or the page's own head and foot. Broken markup may put all of the page into a menu: what
    stands around `main` says nothing."""
    tags = []
    for element in figure.iterancestors():
        if element.tag == "main":
            break
        tags.append(element.tag)
    if "header" in tags and "article" not in tags[tags.index("header") :]:
        return False
    return not {"nav", "footer", "aside"} & set(tags)


def _captions(elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    """Those that may be a caption: of a line or some."""
    for element in elements:
        if element.tag in _CAPTION_TAGS and 3 < len(one_line(element.text_content()[:900])) < 800:
            yield element


def _captioned(page: "Page") -> Iterator[HtmlElement]:
    """The boxes of a picture and an element that calls itself its caption, where a page has no figures."""
    for caption_of in islice(_captions(page.marks.captions[:2000]), 200):
        for holder in islice(caption_of.iterancestors(), 3):
            if holder.tag in ("body", "main", "article", "aside", "nav", "header", "footer"):
                break
            if next(holder.iter("video", "iframe"), None) is not None or "video" in class_words(holder):
                break
            if next(holder.iter("img"), None) is not None:
                if len(holder.text_content()) < 2 * len(caption_of.text_content()) + 100 and _is_of_the_article(holder):
                    yield holder
                break


def _keep(found: dict[str, Image], image: Image) -> None:
    if image.caption or image.photographer or image.agency or image.distributor:
        found.setdefault(image.url or fold(image.caption or ""), image)


def _figure(page: "Page", figure: HtmlElement) -> Image:
    captions = figure.cssselect(page.caption_at) if page.caption_at else []
    if not captions and not page.figure_at:
        captions = [*_captions(each for each in figure.iterdescendants() if is_caption(each.get("class") or ""))]
    text, credit = "", None
    if captions:
        element = captions[0]
        text = _once(one_line(" ".join(_SHOWN(element))), captions[1:4])
        for inner in element.iter():
            words = (inner.get("class") or "").replace("_", "-").casefold() if isinstance(inner.tag, str) else ""
            if inner is not element and any(word in words for word in _CREDIT_WORDS):
                credit = one_line(inner.text_content()) or None
                break
    url = None
    for picture in figure.iter("img"):
        source = (
            picture.get("src")
            or picture.get("data-src")
            or (picture.get("srcset") or picture.get("data-srcset") or "").split(" ")[0]
        )
        if source and not source.startswith("data:"):
            url = web_link(source, page.url)
            break
        if picture.get("data-src"):
            url = web_link(picture.get("data-src") or "", page.url)
            break
    parts = caption(text, credit)
    return Image(url, parts.caption, parts.photographer, parts.agency, parts.distributor)


def _once(text: str, inner: list[HtmlElement]) -> str:
    """The caption once, where a page holds it twice, short and unfolded."""
    for each in inner:
        said = one_line(" ".join(_SHOWN(each)))
        if len(said) > 20 and text.count(said) > 1:
            return said
    return text


def _lead(page: "Page") -> str | None:
    said = page.ld.get("image")
    first = said[0] if isinstance(said, list) and said else said
    if isinstance(first, dict):
        first = first.get("url") or first.get("contentUrl") or next(iter(names(first)), "")
    source = plain(first) or page.meta("og:image", "twitter:image")
    return web_link(source, page.url) if source else None
