"""Feeds and sitemaps of a newspaper, judged: which of them announce its articles, and which are worth watching."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from archive.model import Lead
from spiders.kit.addresses import resolve
from spiders.kit.finding import Child, Finding
from spiders.kit.outlet import Feed, NewsSitemap, Sitemap, Source
from spiders.kit.probing.home import of_one_house

FEED_PLACES: Final = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
"""Where newspapers have a feed that they do not declare."""

SITEMAP_PLACES: Final = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")
"""Where newspapers have a sitemap that robots.txt does not name."""

# By a word of the page's own `generator`: where that software puts its feed
_MADE_WITH = {
    "wordpress": "/feed/",
    "joomla": "/index.php?format=feed&type=rss",
    "spip": "/spip.php?page=backend",
    "drupal": "/rss.xml",
    "blogger": "/feeds/posts/default",
    "hugo": "/index.xml",
    "ghost": "/rss/",
    "typo3": "/rss.xml",
}
_OLD = timedelta(days=90)  # a feed whose newest article is older is not kept up
_MOST = 5  # feeds that are watched
_NEW = 3  # addresses that a further feed must add
_NOT_ARTICLES = re.compile(
    r"image|video|photo|gallery|galer|podcast|audio|tags?(?=[-_./\d]|$)|author|auteur|categor|taxonom|section|rubri|"
    r"topic|users?(?=[-_./\d]|$)|event|product|pages?(?=[-_./]|$)|static|misc|local|place",
    re.IGNORECASE,
)
_ARTICLES = re.compile(r"article|post|news|stor(?:y|ies)|content|archive|noticia|nachricht|actu", re.IGNORECASE)
_DAY = re.compile(r"(?:19|20)\d\d[-_/]?(?:0[1-9]|1[0-2])[-_/]?(?:0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH = re.compile(r"(?:19|20)\d\d[-_/]?(?:0?[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Judged:
    """A feed or sitemap and what it is good for.

    `kind`: feed, news-sitemap, sitemap or sitemap-index. `own`: entries on the newspaper's hosts. `form`: of an index,
    how its sitemaps are divided: by day, month, year, or numbered. `only`: of an index, the pattern of the sitemaps
    that hold articles. `why`: the reason why it is not `taken`.
    """

    url: str
    kind: str
    title: str = ""
    entries: int = 0
    own: int = 0
    newest: datetime | None = None
    form: str | None = None
    only: str | None = None
    taken: bool = False
    why: str | None = None
    leads: tuple[Lead, ...] = ()
    children: tuple[Child, ...] = ()

    @property
    def source(self) -> Source:
        """As an outlet declares it."""
        if self.kind == "feed":
            return Feed(self.url)
        return NewsSitemap(self.url) if self.kind == "news-sitemap" else Sitemap(self.url, self.only)


def feed_places(home: str, made_with: str) -> tuple[str, ...]:
    """Addresses where an undeclared feed may lie, the likeliest first."""
    known = [place for word, place in _MADE_WITH.items() if word in made_with.lower()]
    places = list(dict.fromkeys([*known, *FEED_PLACES]))[: 3 if known else len(FEED_PLACES)]
    return tuple(url for place in places if (url := resolve(place, home)))


def sitemap_places(home: str) -> tuple[str, ...]:
    """Addresses where a sitemap may lie that robots.txt does not name."""
    return tuple(url for place in SITEMAP_PLACES if (url := resolve(place, home)))


def judge_feed(finding: Finding, *, url: str, title: str, home: str, at: datetime) -> Judged:
    """A feed as read at the time `at`."""
    own = tuple(lead for lead in finding.leads if of_one_house(lead.url, home))
    judged = Judged(url, "feed", title, len(finding.leads), len(own), _newest(own), leads=own)
    if not finding.leads:
        why = finding.problem or "it has no entry"
    elif 2 * len(own) < len(finding.leads):
        why = "most of its entries lie on other sites"
    elif judged.newest and at - judged.newest > _OLD:
        why = f"nothing new since {judged.newest:%Y-%m-%d}"
    else:
        return replace(judged, taken=True)
    return replace(judged, why=why)


def judge_sitemap(finding: Finding, *, url: str, home: str, at: datetime) -> Judged:
    """A sitemap, or an index of sitemaps, as read at the time `at`."""
    if finding.children:
        only, form = division(finding.children)
        index = Judged(url, "sitemap-index", entries=len(finding.children), form=form, only=only)
        newest = max((c.modified_at for c in finding.children if c.modified_at), default=None)
        return replace(index, newest=newest, children=finding.children, taken=True)
    own = tuple(lead for lead in finding.leads if of_one_house(lead.url, home))
    news = sum(lead.title is not None and lead.published_at is not None for lead in own)
    kind = "news-sitemap" if own and 2 * news > len(own) else "sitemap"
    judged = Judged(url, kind, "", len(finding.leads), len(own), _newest(own), leads=own)
    if not own:
        return replace(judged, why=finding.problem or "its entries lie on other sites")
    if kind == "news-sitemap" and judged.newest and at - judged.newest > _OLD:
        return replace(judged, why=f"nothing new since {judged.newest:%Y-%m-%d}")
    return replace(judged, taken=True)


def chosen_feeds(feeds: Sequence[Judged]) -> tuple[Judged, ...]:
    """The feeds with those alone `taken` that together announce what all do: one that adds nothing is left out."""
    known: set[str] = set()
    number = 0
    found = []
    for each in feeds:
        new = {lead.url for lead in each.leads} - known
        if each.taken and number and (len(new) < _NEW or number == _MOST):
            why = "other feeds have its entries" if len(new) < _NEW else f"{_MOST} others are watched already"
            each = replace(each, taken=False, why=why)
        if each.taken:
            known |= new
            number += 1
        found.append(each)
    return tuple(found)


def division(children: Sequence[Child]) -> tuple[str | None, str | None]:
    """(`only`, form) of an index: the pattern of the sitemaps that hold articles, None for all of them; and how they
    are divided: by day, month, year, or numbered; None where they are not."""
    groups: dict[str, list[str]] = {}
    for child in children:
        groups.setdefault(re.sub(r"\d+", "0", _place(child.url)), []).append(child.url)
    good = {form: urls for form, urls in groups.items() if not _NOT_ARTICLES.search(form)}
    told = {form: urls for form, urls in good.items() if _ARTICLES.search(form)}
    dated = {form: urls for form, urls in good.items() if _form(urls[0]) not in (None, "numbered")}
    chosen = dated or told or good
    urls = [url for each in chosen.values() for url in each]
    form = _form(urls[0]) if urls else None
    if not chosen or len(chosen) == len(groups):
        return None, form
    patterns = sorted({_pattern(urls[0]) for urls in chosen.values()})
    return (patterns[0] if len(patterns) == 1 else f"(?:{'|'.join(patterns)})"), form


def sample_children(judged: Judged, *, most: int = 2) -> tuple[str, ...]:
    """Sitemaps of an index that are worth a look: the one that changed last, or the last in its order."""
    fit = [each for each in judged.children if judged.only is None or re.search(judged.only, each.url)]
    news = [each for each in judged.children if "news" in _place(each.url).lower() and each not in fit]
    last = (
        max(fit, key=lambda each: (each.modified_at is not None, each.modified_at, each.url), default=None)
        if all(each.modified_at for each in fit)
        else max(fit, key=lambda each: each.url, default=None)
    )
    return tuple(dict.fromkeys(each.url for each in (*news[:1], last) if each is not None))[:most]


def _newest(leads: Sequence[Lead]) -> datetime | None:
    return max((at for lead in leads if (at := lead.published_at or lead.modified_at)), default=None)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _form(url: str) -> str | None:
    place = _place(url)
    for form, pattern in (("day", _DAY), ("month", _MONTH), ("year", _YEAR)):
        if pattern.search(place):
            return form
    if "yyyy" in place or "year=" in place:
        return "day" if re.search(r"\bd{1,2}=|day=", place) else "month"
    return "numbered" if re.search(r"\d", place) else None


def _pattern(url: str) -> str:
    """The place of a sitemap with its numbers open."""
    escaped = re.escape(_place(url)).replace(r"\-", "-")
    return re.sub(r"\d+", lambda found: r"\d{4}" if _YEAR.fullmatch(found[0]) else r"\d+", escaped)
