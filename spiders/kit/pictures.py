"""The pictures of an article with their captions, and the credits in them apart."""

from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from archive.model import Image
from spiders.kit.addresses import web_link
from spiders.kit.credits import caption
from spiders.kit.jsonld import names
from spiders.kit.words import fold, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

_CREDIT_WORDS = ("credit", "credits", "copyright", "credit-line", "photographer", "source", "byline")
_MOST = 60


def images(page: "Page") -> tuple[Image, ...]:
    """Figures with a caption in the article, in order; else the lead picture that the metadata name."""
    found: dict[str, Image] = {}
    figures = page.css(page.figure_at) if page.figure_at else filter(_is_of_the_article, page.doc.iter("figure"))
    for figure in islice(figures, 200):
        image = _figure(page, figure)
        if image and (image.caption or image.photographer or image.agency or image.distributor):
            found.setdefault(image.url or fold(image.caption or ""), image)
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


def _figure(page: "Page", figure: HtmlElement) -> Image | None:
    captions = figure.cssselect(page.caption_at) if page.caption_at else []
    text, credit = "", None
    if captions:
        element = captions[0]
        text = one_line(" ".join(element.itertext()))
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


def _lead(page: "Page") -> str | None:
    said = page.ld.get("image")
    first = said[0] if isinstance(said, list) and said else said
    if isinstance(first, dict):
        first = first.get("url") or first.get("contentUrl") or next(iter(names(first)), "")
    source = plain(first) or page.meta("og:image", "twitter:image")
    return web_link(source, page.url) if source else None
