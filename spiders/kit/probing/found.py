"""All that a probe found at a newspaper, and the draft of its outlet that follows from it. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from archive.model import Access, Article, Lead, Outcome
from spiders.kit.outlet import Listing, Outlet
from spiders.kit.probing.draft import Draft, Proposed
from spiders.kit.probing.home import Home
from spiders.kit.probing.patterns import Learned, learn
from spiders.kit.probing.rights import RobotsText
from spiders.kit.probing.shapes import shape_of
from spiders.kit.probing.sources import Judged

TAUGHT = 400  # addresses that a pattern is learned from
_OF_ARTICLES = 0.2  # of a sitemap's addresses that must be articles, lest it be one of other pages
_SLOWEST = 60.0  # seconds between two requests that a crawl heeds
_PLAIN = 4  # words of a slug that only an article has


@dataclass(frozen=True, slots=True)
class Sample:
    """An article that was asked for. `article` is None where the page gave none; `outcome`, `reason` say why."""

    url: str
    outcome: Outcome
    reason: str | None = None
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a probe knows by now. `asked`: the address that the person gave; `at`: when, by the site's own clock.

    `tdm`: (reservation, policy, where it stands); `troubles`: a sentence for each obstacle.
    """

    name: str
    asked: str
    home: Home
    at: datetime
    robots: RobotsText = field(default_factory=RobotsText)
    tdm: tuple[str | None, str | None, str | None] = (None, None, None)
    x_robots_tag: str | None = None
    feeds: tuple[Judged, ...] = ()
    sitemaps: tuple[Judged, ...] = ()
    learned: Learned | None = None
    taught_by: str = ""
    samples: tuple[Sample, ...] = ()
    troubles: tuple[str, ...] = ()
    requests: int = 0


def teach(home: Home, feeds: Sequence[Judged], sitemaps: Sequence[Judged]) -> tuple[Learned | None, str]:
    """The pattern of article addresses and what it was learned from: the feeds and news sitemaps, else the other
    sitemaps, else the links of the home page that can only be articles."""
    live = [lead for each in feeds if each.taken for lead in each.leads]
    live += [lead for each in sitemaps if each.taken and each.kind == "news-sitemap" for lead in each.leads]
    deep = [lead for each in sitemaps if each.taken and each.kind == "sitemap" for lead in each.leads]
    shown = [Lead(url, "", home.url) for url in home.links if _can_only_be_one(url)]
    others = (home.url, *home.sections)
    for leads, what in ((live, "feeds and news sitemaps"), (deep, "sitemaps"), (shown, "the home page's links")):
        listed = dict.fromkeys(lead.url for lead in leads if lead.url not in home.sections)
        if what == "sitemaps":
            listed = dict.fromkeys(url for url in listed if _can_only_be_one(url))
        days: dict[str, date] = {lead.url: lead.published_at.date() for lead in leads if lead.published_at}
        seen = [url for url in home.links if url not in listed]
        found = learn(list(listed)[:TAUGHT], others=others, seen=seen, days=days)
        if found is not None or (leads and what != "sitemaps"):
            return found, what
    return None, ""


def _can_only_be_one(url: str) -> bool:
    """Whether an address that nobody announced is an article's: by its day, its number or the words of its slug."""
    shape = shape_of(url)
    return shape is not None and (shape.dated or shape.numbered or shape.words >= _PLAIN)


def checked(sitemaps: Sequence[Judged], learned: Learned | None) -> tuple[Judged, ...]:
    """The sitemaps with those dismissed that list other pages than articles."""
    if learned is None:
        return tuple(sitemaps)
    pattern = re.compile(learned.pattern)
    found = []
    for each in sitemaps:
        good = sum(pattern.search(lead.url) is not None for lead in each.leads[:TAUGHT])
        if each.taken and each.leads and good < _OF_ARTICLES * len(each.leads[:TAUGHT]):
            each = replace(each, taken=False, why="its addresses are hardly ever those of articles")
        found.append(each)
    return tuple(found)


def to_sample(found: Found, number: int) -> tuple[str, ...]:
    """So many addresses of articles, from as many sections and sources as there are, the newest of each first."""
    leads: list[Lead] = [lead for each in found.feeds if each.taken for lead in each.leads]
    mapped = [lead for each in found.sitemaps if each.taken for lead in each.leads]
    leads += sorted(mapped, key=lambda lead: _age(lead, found.at))
    urls = list(dict.fromkeys(lead.url for lead in leads)) or list(found.home.links)
    if found.learned is not None:
        pattern = re.compile(found.learned.pattern)
        urls = [url for url in urls if pattern.search(url)] or [u for u in found.home.links if pattern.search(u)]
    elif not leads:
        urls = [url for url in urls if _can_only_be_one(url)]
    sections: dict[str, list[str]] = {}
    for url in urls:
        sections.setdefault(urlsplit(url).path.split("/")[1], []).append(url)
    rounds = [each[turn] for turn in range(number) for each in sections.values() if turn < len(each)]
    return tuple(rounds[:number])


def _age(lead: Lead, at: datetime) -> float:
    told = lead.published_at or lead.modified_at
    return (at - told).total_seconds() if told else float("inf")


def drafted(found: Found) -> Draft:
    """The outlet's file: what was found, and what was not."""
    sources = [
        Proposed(each.source, f"{each.own} entries{_until(each)}{f': {each.title}' if each.title else ''}")
        for each in found.feeds
        if each.taken
    ]
    sources += [
        Proposed(each.source, f"{each.own} entries in the news form{_until(each)}")
        for each in found.sitemaps
        if each.taken and each.kind == "news-sitemap"
    ]
    fresh = bool(sources)
    listing = found.learned is not None
    deep = [each for each in found.sitemaps if each.taken and each.kind in ("sitemap", "sitemap-index")]
    parents = {child.url for each in deep for child in each.children}
    for each in deep:
        if each.url in parents:
            continue  # its index is there
        what = (
            f"{each.entries} sitemaps by {each.form}" if each.kind == "sitemap-index" else f"{each.entries} addresses"
        )
        if each.form == "numbered" or (each.kind == "sitemap-index" and each.form is None):
            what = f"{each.entries} sitemaps"
        also = " The past of the newspaper: take the marks away to crawl it, in a window of days." if fresh else ""
        sources.append(Proposed(each.source, f"{what}.{also}", live=not fresh))
        fresh = True
    if not fresh and found.home.wall is None:
        sources.append(
            Proposed(Listing(found.home.url), "No feed and no sitemap: the links of the home page.", live=listing)
        )
    return Draft(
        name=found.name,
        title=found.home.title or found.name,
        home=found.home.url,
        languages=languages(found),
        articles=found.learned.pattern if found.learned else None,
        articles_why=_articles_why(found),
        same=_same(found),
        sources=tuple(sources),
        delay=_delay(found.robots.delay),
        waits=_waits(found),
        notes=(
            f"Drafted by `hemeroteca outlet probe {found.home.url}` on {found.at:%Y-%m-%d}, from {found.requests}"
            " requests.",
            *_rights(found),
            *_walls(found),
            *found.troubles,
        ),
    )


def languages(found: Found) -> tuple[str, ...]:
    """Those of the articles that were read, the most frequent first, then that of the home page."""
    read = Counter(each.article.language for each in found.samples if each.article and each.article.language)
    return tuple(dict.fromkeys([*(code for code, _ in read.most_common()), *found.home.languages[:1]]))


def _delay(asked: float | None) -> float | None:
    """What robots.txt asks for, where that is slower than an outlet's own pace."""
    return min(float(asked), _SLOWEST) if asked and asked > Outlet.delay else None


def _same(found: Found) -> tuple[tuple[str, str], ...]:
    """One spelling of the host, where the site itself led from one with www. to one without, or the other way."""
    asked, home = urlsplit(found.asked).netloc, urlsplit(found.home.url).netloc
    bare = home.removeprefix("www.")
    if asked == home or asked.removeprefix("www.") != bare:
        return ()
    scheme = urlsplit(found.home.url).scheme
    return ((rf"^https?://(?:www\.)?{re.escape(bare)}/".replace(r"\-", "-"), f"{scheme}://{home}/"),)


def _until(each: Judged) -> str:
    return f", the newest of {each.newest:%Y-%m-%d}" if each.newest else ""


def _articles_why(found: Found) -> str:
    if found.learned is None:
        return "No pattern tells its articles from its other pages: whatever the sources list."
    said = f"Learned from {found.taught_by}: it takes {found.learned.taken} of {found.learned.listed} addresses"
    if found.learned.mistaken:
        said += f", and {len(found.learned.mistaken)} that look like other pages, such as {found.learned.mistaken[0]}"
    return said + "."


def _waits(found: Found) -> str:
    if found.troubles:
        return found.troubles[0]
    bad = [each for each in found.samples if each.outcome not in (Outcome.OK, Outcome.PAYWALLED)]
    if bad:
        return f"{len(bad)} of {len(found.samples)} articles could not be read, such as {bad[0].url}: {bad[0].reason}."
    if not found.samples:
        return "No article was read yet."
    return "Drafted by a probe: nobody has compared what is read with the newspaper's pages yet."


def _rights(found: Found) -> list[str]:
    reservation, policy, where = found.tdm
    lines = []
    if reservation is not None:
        said = "reserved" if reservation == "1" else "not reserved"
        lines.append(f"Text and data mining: {said} ({where}){f'; policy: {policy}' if policy else ''}.")
    if found.home.robots_meta:
        lines.append(f"The home page's robots meta: {found.home.robots_meta[:120]}.")
    if found.x_robots_tag:
        lines.append(f"X-Robots-Tag: {found.x_robots_tag[:120]}.")
    if found.home.licence:
        lines.append(f"Licence: {found.home.licence[:200]}.")
    if found.robots.terms:
        lines.append("robots.txt speaks of terms: read them.")
    return lines


def _walls(found: Found) -> list[str]:
    """What the samples say of who may read them."""
    closed = Counter(
        f"{sign.where}: {sign.verdict}"
        for each in found.samples
        if each.article is not None and each.article.access in (Access.PAYWALLED, Access.METERED)
        for sign in each.article.access_evidence[:3]
    )
    if not closed:
        return []
    signs = "; ".join(f"{sign} ({number} of {len(found.samples)})" for sign, number in closed.most_common(4))
    return [f"Signs of a paywall in the samples: {signs}."]
