"""How a page is read: one typed method for each field of an Article.

The default reads schema.org JSON-LD, then the meta tags, then the page itself; the body by the outlet's selectors,
else by trafilatura. An outlet states where its page keeps things, and overrides only what its site gets wrong.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from archive.model import (
    Access,
    Attribution,
    Author,
    Block,
    Candidate,
    Complete,
    Drift,
    Embed,
    Evidence,
    Image,
    Link,
    Quality,
)
from archive.withhold import without_user
from spiders.kit import (
    access,
    beside,
    bylines,
    candidates,
    canonical,
    claims,
    dates,
    declared,
    densest,
    drift,
    embeds,
    gates,
    heading,
    keywords,
    labels,
    metatags,
    pictures,
    quality,
    rights,
    standfirsts,
    story,
    titles,
)
from spiders.kit.authors import Byline
from spiders.kit.document import Document
from spiders.kit.jsonld import names
from spiders.kit.language import language, primary
from spiders.kit.places import Place
from spiders.kit.words import one_line, plain


class Page(Document):
    """A page of a newspaper. Pure: the same bytes give the same values; reads no clock, no network, no settings.

    `body`, `url`, `content_type`: as for `Document`, which raises Undecodable. `url_id` is the newspaper's number in
    the address, where it has one. Every method gives None, () or `unknown` where the page says nothing.
    """

    # Where the outlet's page keeps things: CSS selectors, "" for wherever the standards say.
    body_at: ClassVar[str] = ""
    title_at: ClassVar[str] = ""
    standfirst_at: ClassVar[str] = ""
    kicker_at: ClassVar[str] = ""
    byline_at: ClassVar[str] = ""
    section_at: ClassVar[str] = ""
    tags_at: ClassVar[str] = ""  # one element for each tag
    date_at: ClassVar[str] = ""
    gate_at: ClassVar[str] = ""  # what stands there only when the text is cut for those who do not pay
    figure_at: ClassVar[str] = ""
    caption_at: ClassVar[str] = "figcaption"
    drop: ClassVar[tuple[str, ...]] = ()  # what inside the body is not the article's text
    furniture: ClassVar[tuple[str, ...]] = ()  # patterns of whole blocks that are the page's own
    free_says: ClassVar[tuple[str, ...]] = ()  # patterns of the sentence that says the article is free for all
    gate_says: ClassVar[tuple[str, ...]] = ()  # patterns of sentences that stand where the text is cut
    marks_paid: ClassVar[bool] = False  # every article that is not free for all says so in its page or its data
    house: ClassVar[tuple[str, ...]] = ()  # names under which the newspaper itself signs
    month_first: ClassVar[bool] = False  # how 3/4/2023 is meant

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        declared.check(cls, Page)

    def __init__(
        self,
        body: bytes | str,
        *,
        url: str,
        content_type: str | None = None,
        outlet: str | None = None,
        url_id: str | None = None,
    ) -> None:
        super().__init__(body, url=url, content_type=content_type)
        self.outlet = outlet
        self.url_id = url_id
        self.read_by: dict[str, str] = {}
        self.weighed: dict[tuple[Block, ...], tuple[Evidence, ...]] = {}
        self.noted: list[Candidate] = []  # what the choice of a field has looked at in the page itself

    # The page as a whole: what depends on the outlet's own words

    @cached_property
    def headline(self) -> heading.Heading:
        """The headline where it stands, and the lines around it."""
        return heading.find(self)

    @cached_property
    def beside(self) -> set[HtmlElement]:
        """What in the page is not its article, by its marks."""
        return set(beside.elements(self))

    @cached_property
    def prose(self) -> list[Place]:
        """The paragraphs that may be the article's."""
        return densest.prose(self.places.values(), self.beside)

    @cached_property
    def paragraphs(self) -> list[Place]:
        """Those that no mark says to stand beside it, for the question whether a text is whole."""
        return quality.paragraphs(self)

    @cached_property
    def layout_lost(self) -> bool:
        """Whether the page is not laid out as the outlet's selectors expect: they find no headline, or no text.

        Elsewhere a selector that finds nothing means that the article has no such line.
        """
        headed = next(self.doc.iter("h1"), None) is not None
        return any(
            selector and not self.text_at(selector) for selector in (self.body_at, self.title_at if headed else "")
        )

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """The names under which the newspaper appears in its own pages."""
        host = (urlsplit(self.url).hostname or "").removeprefix("www.")
        said = [plain(value) for name in metatags.SITES for value in self.metas.get(name, ())[:2]]
        publisher = names(self.ld.get("publisher")) + [
            n for node in self.ld.of_type("WebSite") for n in names(node.get("name"))
        ]
        return tuple(dict.fromkeys(filter(None, (*self.house, *said, *publisher, host, host.split(".")[0]))))

    @cached_property
    def crumbs(self) -> list[str]:
        """The breadcrumbs that the page's data give, between the home page and the article itself."""
        return labels.crumbs(self)

    def _from(self, field: str, reader: str) -> None:
        self.read_by[field] = reader

    def _first(self, field: str, *choices: tuple[str, Callable[[], str]]) -> str | None:
        for reader, choice in choices:
            if value := choice():
                self._from(field, reader)
                return value
        return None

    # One method for each field of an Article

    def title(self) -> str | None:
        return self._title

    def standfirst(self) -> str | None:
        return self._standfirst

    def kicker(self) -> str | None:
        if self.kicker_at and (found := self._first("kicker", ("outlet", lambda: self.text_at(self.kicker_at)))):
            return found
        if self.kicker_at and not self.layout_lost:
            return None
        return self._first("kicker", ("dom", lambda: labels.kicker(self)))

    def authors(self) -> tuple[Author, ...]:
        return self._byline.authors

    def published(self) -> datetime | None:
        return self._published.at if self._published else None

    def published_day(self) -> date | None:
        return self._published.day if self._published and self._published.at is None else None

    def modified(self) -> datetime | None:
        found = claims.modified(self)
        if found is None or found.moment.at is None:
            return None
        self._from("modified", found.reader)
        return found.moment.at

    def language(self) -> str | None:
        declared = self.doc.get("lang") or self.ld.text("inLanguage") or self.meta(*metatags.LANGUAGES)
        text = " ".join(block.text for block in self.blocks())
        found = language(text or " ".join(filter(None, (self.title(), self.standfirst()))), declared)
        if found:
            self._from("language", "meta" if found == primary(declared) else "text")
        return found

    def section(self) -> str | None:
        return self._first(
            "section",
            ("outlet", lambda: self.text_at(self.section_at)),
            ("json-ld", lambda: next(iter(self.crumbs), "")),
            ("json-ld", lambda: next(iter(names(self.ld.get("articleSection"))), "")),
            ("meta", lambda: self.meta(*metatags.SECTIONS)),
            ("dom", lambda: labels.section(self)),
        )

    def tags(self) -> tuple[str, ...]:
        shown = dict.fromkeys(filter(None, (one_line(element.text_content()) for element in self.css(self.tags_at))))
        if shown:
            self._from("tags", "outlet")
            return tuple(shown)
        found = keywords.tags(self)
        if found:
            self._from("tags", found[0])
        return found[1] if found else ()

    def blocks(self) -> tuple[Block, ...]:
        return self._story.blocks

    def embeds(self) -> tuple[Embed, ...]:
        return embeds.embeds(self, self.blocks())

    def quality(self) -> tuple[Quality, tuple[Evidence, ...]]:
        return quality.verdict(self._weighed), self._weighed

    def drift(self) -> tuple[Drift, ...]:
        return drift.of(self)

    def images(self) -> tuple[Image, ...]:
        return self._pictures

    def dateline(self) -> str | None:
        if self._story.dateline:
            self._from("dateline", self.read_by.get("blocks", "dom"))
        return self._story.dateline

    def access(self) -> tuple[Access, tuple[Evidence, ...]]:
        return access.verdict(self._signs), self._signs

    def complete(self) -> Complete:
        promised = self.ld.text("articleBody")
        text = "\n\n".join(block.text for block in self.blocks())
        short = any(each.where.startswith("json-ld") and each.verdict != "good" for each in self._weighed)
        return access.completeness(
            self.access()[0], gate=self._cut, text=text, promised=promised, lost=self.lost_text, short=short
        )

    def attributions(self) -> tuple[Attribution, ...]:
        return tuple(dict.fromkeys((*self._byline.attributions, *self._story.attributions)))

    def links(self) -> tuple[Link, ...]:
        return self._story.links

    def canonical_url(self) -> str | None:
        return canonical.canonical(self)

    def stable_id(self) -> str | None:
        return self._first("stable_id", ("url", lambda: self.url_id or ""), ("dom", lambda: canonical.number(self)))

    def licence(self) -> str | None:
        said = self._first(
            "licence",
            ("json-ld", lambda: self.ld.text("license")),
            ("dom", lambda: next((plain(e.get("href")) for e in self.css("link[rel~=license], a[rel~=license]")), "")),
            ("meta", lambda: self.meta("dc.rights", "dcterms.rights", "dcterms.license")),
        )
        return without_user(said) if said else None

    def robots_meta(self) -> str | None:
        return rights.robots(self)

    def tdm_reservation(self) -> str | None:
        return rights.reservation(self)

    def tdm_policy(self) -> str | None:
        return rights.policy(self)

    def candidates(self, chosen: Mapping[str, Any]) -> tuple[Candidate, ...]:
        """What the page gives for each field; `chosen` are the values that the other methods gave."""
        return candidates.of(self, chosen)

    # What several fields share

    @cached_property
    def _title(self) -> str | None:
        if self.title_at and (text := self.text_at(self.title_at)):
            self._from("title", "outlet")
            return text
        headings = [titles.printed(h) for h in self.doc.iter("h1")][:20]
        said = [
            self.ld.text("headline") or self.ld.text("name"),
            *(self.meta(name) for name in metatags.TITLES),
            plain(self.doc.findtext(".//title")),
        ]
        text, where = titles.headline(headings, said, self.sites, self.url)
        if text:
            self._from("title", "dom" if where == "dom" else "json-ld" if where == "0" else "meta")
        return text or None

    @cached_property
    def _standfirst(self) -> str | None:
        return standfirsts.standfirst(self)

    @cached_property
    def _story(self) -> "story.Story":
        return story.tell(self)

    @property
    def body_drift(self) -> Drift | None:
        """What the outlet's selectors missed of the body."""
        return self._story.drift

    @cached_property
    def _weighed(self) -> tuple[Evidence, ...]:
        return quality.weigh(self, self.blocks())

    @cached_property
    def _pictures(self) -> tuple[Image, ...]:
        return pictures.images(self)

    @cached_property
    def _byline(self) -> Byline:
        return bylines.of(self)

    @cached_property
    def _published(self) -> dates.Moment | None:
        found = claims.published(self)
        if found:
            self._from("published" if found.moment.at else "published_day", found.reader)
        return found.moment if found else None

    @cached_property
    def _signs(self) -> tuple[Evidence, ...]:
        signs = gates.signs(self)
        if self.marks_paid and self.ld.article:
            # as weak as a guess: any mark in the page or its data goes before it
            signs.append(Evidence(f"{access.SEEN}: no mark", "the newspaper marks what is not free for all", "free"))
        return tuple(signs)

    @cached_property
    def _cut(self) -> bool:
        return access.is_cut(self._signs)
