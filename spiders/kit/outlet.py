"""An outlet: who publishes, where new articles are announced, which URLs are articles, how pages are read.

An outlet states facts and does nothing. It is written in Python (`spiders/<name>.py`, a module-level `OUTLET`) or,
when the newspaper follows the standards, in TOML with the same words (see `toml_outlet.py`).
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from archive.errors import BadCorpusFile
from archive.withhold import without_user
from spiders.kit.login import Login
from spiders.kit.page import Page
from spiders.kit.words import listed

LONGEST_DELAY = 86_400.0  # seconds
_MONTHS = {name: str(n) for n, name in enumerate(listed("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}


@dataclass(frozen=True, slots=True)
class Feed:
    """RSS, Atom, RDF or JSON Feed: the newest articles."""

    url: str


@dataclass(frozen=True, slots=True)
class NewsSitemap:
    """A sitemap in the news form: the articles of about two days, with titles and dates."""

    url: str


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap or an index of sitemaps; `only` is a pattern that the address of a child must hold to be walked."""

    url: str
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A page that lists articles.

    `links` is a CSS selector of the `a` elements; without it every link counts that the outlet's `articles`
    pattern takes. `url` may hold `{page}`, counted from `first_page` up to `pages` pages; a page that announces
    nothing new ends the walk. It may hold `{year}` and `{month}` (two digits): then each month of the crawl's window
    has its own listing.
    """

    url: str
    links: str | None = None
    first_page: int = 1
    pages: int = 1

    @property
    def by_month(self) -> bool:
        return "{month}" in self.url

    def of(self, year: int, month: int) -> "Listing":
        """The listing of one month."""
        return replace(self, url=self.url.replace("{year}", str(year)).replace("{month}", f"{month:02}"))

    def holding(self, url: str) -> "Listing | None":
        """This listing, of one month where it goes by months, if `url` is a page of it; else None."""
        pattern = re.escape(self.url)
        for name, digits in (("year", r"\d{4}"), ("month", r"\d\d"), ("page", r"\d+")):
            pattern = pattern.replace(re.escape(f"{{{name}}}"), f"(?P<{name}>{digits})", 1)
        found = re.fullmatch(pattern, url)
        if found is None:
            return None
        return self.of(int(found["year"]), int(found["month"])) if self.by_month else self


@dataclass(frozen=True, slots=True)
class Urls:
    """Articles named one by one."""

    urls: tuple[str, ...]


Source = Feed | NewsSitemap | Sitemap | Listing | Urls
# What each is called in an outlet's TOML file and in the table `sources`
KINDS: dict[type[Source], str] = {
    Feed: "feed",
    NewsSitemap: "news-sitemap",
    Sitemap: "sitemap",
    Listing: "listing",
    Urls: "urls",
}


def addresses_of(source: Source) -> tuple[str, ...]:
    """The addresses that a source names itself."""
    return source.urls if isinstance(source, Urls) else (source.url,)


@dataclass(frozen=True, slots=True)
class Layout:
    """How pages captured before the day `until` are read: a newspaper of 2023 has the page of 2023."""

    until: date
    page: type[Page]


@dataclass(frozen=True)
class Outlet:
    """The facts of one newspaper.

    `articles`: pattern of article URLs; groups named `y` (two or four digits), `m` (digits, or English as in "jul") and
    `d` give the day in the URL, a group `id` the newspaper's own number or name of the article. None: whatever the
    sources list.
    `same`: replacements (pattern, text) that bring the spellings of one address together.
    `delay`: seconds between two request starts at one host, never 0.
    `layouts`: earlier pages, each with the day on which it ended; `page` reads what is newer than all of them.
    `proven`: what was read right on recorded pages; None: nobody has tried it on the live site yet.
    `waits`: what the first person with a network has to look at, in one sentence; None: nothing that is known of.
    """

    name: str
    title: str
    home: str
    languages: tuple[str, ...]
    sources: tuple[Source, ...] = ()
    articles: str | None = None
    same: tuple[tuple[str, str], ...] = ()
    delay: float = 2.0
    page: type[Page] = Page
    layouts: tuple[Layout, ...] = ()
    login: Login | None = None
    proven: str | None = None
    waits: str | None = None

    def __post_init__(self) -> None:
        """Raises BadCorpusFile where an address names a user or a password: it would be recorded with each request; and
        for a delay that is none."""
        if not 0 < self.delay <= LONGEST_DELAY:
            raise BadCorpusFile(
                f"the outlet {self.name} has the delay {self.delay}: give the seconds between two requests, above 0;"
                " 2.0 is a polite value"
            )
        login = (self.login.page,) if self.login else ()
        for url in (self.home, *login, *(url for source in self.sources for url in addresses_of(source))):
            if without_user(url) != url:
                raise BadCorpusFile(
                    f"the outlet {self.name} has an address with a user name or password: leave out what stands before"
                    " its @; a login comes from the environment only, as HEMEROTECA_LOGIN_<OUTLET>_USER and"
                    " HEMEROTECA_LOGIN_<OUTLET>_PASSWORD"
                )

    @cached_property
    def _articles(self) -> re.Pattern[str] | None:
        return re.compile(self.articles) if self.articles else None

    def is_article(self, url: str) -> bool | None:
        """Whether the address is an article's; None where the outlet has no pattern."""
        return None if self._articles is None else self._articles.search(url) is not None

    def day_in(self, url: str) -> date | None:
        """The day that the address of an article carries (a month gives None)."""
        found = self._articles.search(url) if self._articles else None
        if not found or not {"y", "m", "d"} <= found.groupdict().keys():
            return None
        year, month, day = (found["y"], found["m"], found["d"])
        month = _MONTHS.get(month, month)
        if not (year and month and day and month.isdigit()):
            return None
        try:
            return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        except ValueError:
            return None

    def id_in(self, url: str) -> str | None:
        """The newspaper's own number or name of the article, which the address carries; None where it has none."""
        found = self._articles.search(self.one_spelling(url)) if self._articles else None
        return found.groupdict().get("id") if found else None

    def one_spelling(self, url: str) -> str:
        """The address in the spelling under which the outlet's pages are kept."""
        for pattern, text in self.same:
            url = re.sub(pattern, text, url)
        return url

    def page_at(self, captured: datetime) -> type[Page]:
        """The page class for a capture made at that time."""
        for layout in sorted(self.layouts, key=lambda each: each.until):
            if captured.date() < layout.until:
                return layout.page
        return self.page
