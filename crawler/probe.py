"""`outlet probe`: what is asked at a newspaper of which nothing is known yet, and in which order."""

from dataclasses import replace
from datetime import datetime

from archive.model import Kind, Outcome
from crawler.conversation import Conversation, Said
from spiders.kit.addresses import host_of
from spiders.kit.probing.found import Found, Sample, checked, teach, to_sample
from spiders.kit.probing.home import Home, of_one_house, read_home
from spiders.kit.probing.rights import read_robots
from spiders.kit.probing.sources import (
    Judged,
    chosen_feeds,
    feed_places,
    judge_feed,
    judge_sitemap,
    sample_children,
    sitemap_places,
)

AGENT = "hemeroteca"  # as robots.txt names it (RFC 9309 §2.2.1)
MOST = 40  # requests, robots.txt not counted
FEEDS = 8  # that the home page names
SITEMAPS = 6  # that robots.txt names
REFUSALS = 3  # after which nothing more is asked


class Probe:
    """The questions of one probe. `found` grows while it runs; it is whole when `talk` ends, however it ends."""

    def __init__(self, url: str, name: str, samples: int, at: datetime) -> None:
        self._samples = samples
        self._refusals = 0
        self._asked: set[str] = set()
        self.found = Found(name, url, Home(url), at)

    async def talk(self, asking: Conversation) -> None:
        self._asking = asking
        said = await self._ask(self.found.home.url, Kind.LISTING, "corpus")
        if await self._home(said):
            await self._feeds()
            await self._sitemaps()
            learned, what = teach(self.found.home, self.found.feeds, self.found.sitemaps)
            self._know(learned=learned, taught_by=what, sitemaps=checked(self.found.sitemaps, learned))
            await self._read()
        self._know(requests=asking.asked)

    def _know(self, **facts: object) -> None:
        self.found = replace(self.found, **facts)  # type: ignore[arg-type]

    @property
    def _over(self) -> bool:
        return self._refusals >= REFUSALS or self._asking.asked >= MOST

    async def _ask(self, url: str, kind: Kind, source: str) -> Said:
        self._asked.add(url)
        said = await self._asking.ask(url, kind, source)
        self._asked.add(said.url)
        if said.refused:
            self._refusals += REFUSALS if said.status == 429 else 1
        return said

    def _trouble(self, sentence: str) -> None:
        if sentence not in self.found.troubles:
            self._know(troubles=(*self.found.troubles, sentence))

    async def _home(self, said: Said) -> bool:
        """Reads the home page; whether there is anything more to ask."""
        text = await self._asking.robots_of(said.url)
        robots = replace(read_robots(text, said.url, AGENT), status=self._asking.robots_status(said.url))
        self._know(robots=robots, home=Home(said.url))
        if said.verdict is not None and said.verdict.tdm_reservation is not None:
            self._know(tdm=(said.verdict.tdm_reservation, said.verdict.tdm_policy, "tdmrep.json"))
        if not of_one_house(said.url, said.asked):
            self._trouble(f"{said.asked} leads to another site: probe {said.url} if that is the newspaper.")
            return False
        if said.examined is None or (said.status or 0) >= 400:
            self._trouble(obstacle(said))
            self._know(home=Home(said.url, wall=self.found.troubles[0]))
            return said.refused and not self._over
        home = await self._asking.look(said, read_home, self.found.at)
        self._know(home=home, at=home.date or self.found.at)  # the site's own clock tells what is new there
        self._rights(said, home)
        if home.wall is not None:
            self._refusals += 1
            self._trouble(
                f"{said.url}: {home.wall}, and nothing is done to get past it: write to the newspaper and ask to be"
                " let in, or probe a page of it that is open."
            )
        return True

    def _rights(self, said: Said, home: Home) -> None:
        assert said.taken is not None
        rights = said.taken.rights
        self._know(x_robots_tag=rights.x_robots_tag)
        if home.tdm_reservation is not None:
            self._know(tdm=(home.tdm_reservation, home.tdm_policy, "the page's meta"))
        elif rights.tdm_reservation is not None and rights.tdm_source == "header":
            self._know(tdm=(rights.tdm_reservation, rights.tdm_policy, "the header"))

    async def _feeds(self) -> None:
        home, at = self.found.home, self.found.at
        named = [(url, title, home.url) for url, title in home.feeds][:FEEDS]
        places = [(url, "", "corpus") for url in feed_places(home.url, home.made_with)]
        feeds: list[Judged] = []
        for url, title, source in (*named, *places):
            if self._over or (source == "corpus" and any(each.entries for each in feeds)):
                break
            if url in self._asked:
                continue
            before = set(self._asked)
            said = await self._ask(url, Kind.FEED, source)
            if said.url in before:
                continue  # it led to one that is known
            if said.examined is not None and said.examined.finding is not None:
                feeds.append(judge_feed(said.examined.finding, url=said.url, title=title, home=home.url, at=at))
            elif source != "corpus":
                feeds.append(Judged(url, "feed", title, why=said.reading.reason or said.reading.outcome))
        self._know(feeds=chosen_feeds(feeds))

    async def _sitemaps(self) -> None:
        home, robots = self.found.home, self.found.robots
        named = [url for url in robots.sitemaps if of_one_house(url, home.url)]
        named.sort(key=lambda url: "news" not in url.lower())
        sitemaps: list[Judged] = []
        for url in named[:SITEMAPS] or sitemap_places(home.url):
            if self._over or (not named and any(each.taken for each in sitemaps)):
                break
            if url not in self._asked:
                sitemaps += await self._sitemap(url, "robots.txt" if named else "corpus")
        for index in [each for each in sitemaps if each.kind == "sitemap-index"]:
            for url in sample_children(index):
                if not self._over and url not in self._asked:
                    sitemaps += await self._sitemap(url, index.url)
        self._know(sitemaps=tuple(sitemaps))

    async def _sitemap(self, url: str, source: str) -> list[Judged]:
        said = await self._ask(url, Kind.SITEMAP, source)
        if said.examined is not None and said.examined.finding is not None:
            finding = said.examined.finding
            return [judge_sitemap(finding, url=said.url, home=self.found.home.url, at=self.found.at)]
        if source == "corpus":
            return []
        return [Judged(url, "sitemap", why=said.reading.reason or said.reading.outcome)]

    async def _read(self) -> None:
        samples: list[Sample] = []
        for url in to_sample(self.found, self._samples):
            if self._over:
                break
            said = await self._ask(url, Kind.ARTICLE, self.found.home.url)
            samples.append(Sample(said.url, said.reading.outcome, said.reading.reason, said.reading.article))
            if said.refused or said.reading.outcome is Outcome.BLOCKED_ROBOTS:
                self._trouble(obstacle(said))
        self._know(samples=tuple(samples))


def obstacle(said: Said) -> str:
    """Why nothing came, and what a person can do, in one sentence."""
    host, why = host_of(said.url), said.reading.reason or said.reading.outcome
    ask = "write to the newspaper and ask to be let in; nothing is done to get past it"
    match said.reading.outcome:
        case Outcome.BLOCKED_ROBOTS if "could not be read" in why:
            return f"{why}, which closes all of {host} (RFC 9309): try again later."
        case Outcome.BLOCKED_ROBOTS:
            return f"robots.txt of {host} closes {said.url} to us: ask the newspaper for permission, or leave it out."
        case Outcome.BLOCKED_ADDRESS:
            return f"{host} lies in a private network: list its address under [network] allow in corpus.toml if it may."
        case Outcome.SKIPPED:
            return f"{said.url} is not asked for: {why}."
        case Outcome.WALL:
            return f"{said.url}: {why}; {ask}."
    match said.status:
        case 401 | 407:
            return f"{said.url} wants a login ({said.status}): probe a page that is open; an account goes into [login]."
        case 429:
            return f"{host} asks us to slow down (429): try again tomorrow, with a longer delay in corpus.toml."
        case 402 | 403 | 451:
            return f"{host} refuses us at {said.url} ({said.status}): {ask}."
        case 404 | 410:
            return f"There is nothing at {said.url} ({said.status}): look for the address of its home page."
    return f"{said.url} gave no page ({why}): try again later."
