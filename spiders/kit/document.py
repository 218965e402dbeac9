"""A page as a document: its bytes decoded and parsed once, and what the readers of its fields look up in it."""

from functools import cached_property
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from spiders.kit import canonical, marks, metatags
from spiders.kit.jsonld import LinkedData
from spiders.kit.markup import decode, parse, select
from spiders.kit.places import Place, places
from spiders.kit.words import one_line, plain

_LINKED_DATA = etree.XPath("//script[contains(@type, 'ld+json')]/text()")
_SHOWN = "//body/descendant::text()[not(parent::script or parent::style or parent::noscript or parent::template)]"
_LINES, _SAID = etree.XPath(_SHOWN), etree.XPath(_SHOWN, smart_strings=False)


class Document:
    """One parse of a page, and lookups that several fields share. Pure.

    `body` is what was sent, decoded by the bytes, `content_type` and the page's own word; raises
    `markup.Undecodable` where no character set fits.
    """

    def __init__(self, body: bytes | str, *, url: str, content_type: str | None = None) -> None:
        self.url = url
        self.source, self.charset = (body, "str") if isinstance(body, str) else decode(body, content_type)
        self._markup = parse(self.source)

    @property
    def doc(self) -> HtmlElement:
        """The one parse that all fields share. Nobody changes it."""
        return self._markup.doc

    @property
    def lost_text(self) -> bool:
        """Whether the parser stopped at one of its limits and dropped text that is in the bytes."""
        return self._markup.lost

    @cached_property
    def ld(self) -> LinkedData:
        """The page's JSON-LD; `ld.article` is the node of its article."""
        blocks = _LINKED_DATA(self.doc)
        headings = [*self.doc.iter("h1")]
        return LinkedData(
            blocks[:200],
            url=self.url,
            headline=one_line(headings[0].text_content()) if len(headings) == 1 else "",
            titles=(self.meta("og:title"), plain(self.doc.findtext(".//title"))),
        )

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        return metatags.metas(self.doc)

    def meta(self, *wanted: str) -> str:
        """The first value of the meta tags with these names, in order; "" where there is none."""
        return metatags.first(self.metas, tuple(name.lower() for name in wanted))

    @cached_property
    def lines(self) -> list[Any]:
        """The text nodes of the body, scripts left out: strings that know their parent (`getparent()`)."""
        found: list[Any] = _LINES(self.doc)
        return found

    @cached_property
    def said(self) -> list[str]:
        """The same text nodes as plain strings, for half the price."""
        found: list[str] = _SAID(self.doc)
        return found

    @cached_property
    def places(self) -> dict[str, Place]:
        """Where the texts of the body stand, by `places.key`."""
        return places(self.doc, self.url)

    @cached_property
    def marks(self) -> marks.Marks:
        """The elements that call themselves a byline, tags or breadcrumbs."""
        return marks.find(self.doc)

    @cached_property
    def canonical_links(self) -> list[str]:
        return canonical.links(self.doc)

    def css(self, selector: str) -> list[HtmlElement]:
        """The elements that a CSS selector takes; [] for an empty selector."""
        return select(self.doc, selector) if selector else []

    def text_at(self, selector: str) -> str:
        """The text of the first element that a CSS selector takes and that has one; "" where there is none."""
        return next(filter(None, (one_line(element.text_content()) for element in self.css(selector))), "")
