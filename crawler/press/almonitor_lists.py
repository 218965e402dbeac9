"""Where Al-Monitor's replica announces its articles: the feed, the paged sitemap, the listings."""

import re
from collections.abc import Callable
from datetime import timedelta, timezone

from crawler.press.almonitor_addresses import HOME, address, specials
from crawler.press.announcements import Channel, Item, mail_date, rss, sitemap, sitemap_index
from crawler.press.edition import FOUNDED, Edition, node
from crawler.press.shown import authors, standfirst
from crawler.press.texts import Story
from crawler.press.typesetting import slug

_WASHINGTON = timezone(timedelta(hours=-4))
_IN_FEED = 15
_IN_SITEMAP = 20


def feed(edition: Edition) -> str:
    """The newest articles of all languages, with a summary only."""
    channel = Channel(
        title="AL-Monitor (demonstration replica)",
        home=HOME,
        address=f"{HOME}rss",
        description="Invented texts: nothing here is news.",
        language="en",
        updated=edition.changed.astimezone(_WASHINGTON),
    )
    return rss(channel, (_item(story) for story in edition.stories[:_IN_FEED]))


def _item(story: Story) -> Item:
    return Item(
        title=story.title,
        link=address(story),
        description=standfirst(story) or "",
        date=mail_date(story.published.astimezone(_WASHINGTON)),
        guid=f"{node(story)} at https://www.al-monitor.com",
        creators=authors(story),
    )


def sitemap_page(edition: Edition, page: str | None) -> str | None:
    """The index without a page, a page counted from 1 with it; None past the end."""
    entries = [(address(story), story.changed) for story in edition.stories[::-1]]
    entries += [(special.url, special.since) for special in specials(edition)]
    parts = [entries[start : start + _IN_SITEMAP] for start in range(0, len(entries), _IN_SITEMAP)]
    if page is None:
        return sitemap_index(
            (f"{HOME}sitemap.xml?page={n}", max((changed for _, changed in part), default=FOUNDED))
            for n, part in enumerate(parts, start=1)
        )
    if not page.isdecimal() or not 1 <= int(page) <= len(parts):
        return None
    return sitemap(parts[int(page) - 1])


def listing(path: str, edition: Edition) -> tuple[str, str, tuple[Story, ...]] | None:
    """Heading, path and stories of the listing at an address; None when there is none."""
    for pattern, heading, wanted in _LISTINGS:
        found = re.fullmatch(pattern, path)
        if found:
            name = found[1] if found.groups() else ""
            stories = tuple(story for story in edition.stories if wanted(story, name))
            return f"{heading} {name.replace('-', ' ')}".strip(), path, stories
    return None


_LISTINGS: tuple[tuple[str, str, Callable[[Story, str], bool]], ...] = (
    (r"/", "AL-Monitor", lambda _story, _name: True),
    (r"/archives/(\d{6})", "Archives", lambda story, name: f"{story.published:%Y%m}" == name),
    (r"/week-in-review", "Week in Review", lambda story, _name: story.variant == "takeaways"),
    (r"/topics/([^/]+)", "Topic:", lambda story, name: name in {story.section, *map(slug, story.tags)}),
    (r"/authors/([^/]+)", "Articles by", lambda story, name: name in map(slug, authors(story))),
)
