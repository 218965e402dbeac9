"""Feeds and sitemaps: RSS 2.0, Atom (RFC 4287), the sitemap protocol and its news form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from crawler.press.typesetting import typeset


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an RSS feed. `description` is text or HTML: either is escaped once when it is written."""

    title: str
    link: str
    description: str
    date: str
    guid: str
    creators: tuple[str, ...] = ()
    categories: tuple[tuple[str, str], ...] = ()
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """Whose feed it is; `updated` is the last announced change, never the moment of asking."""

    title: str
    home: str
    address: str
    description: str
    language: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an Atom feed; times in RFC 3339."""

    id: str
    title: str
    link: str
    summary: str
    published: str
    updated: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]


def mail_date(moment: datetime) -> str:
    """RFC 822 with the offset of the moment: `Tue, 26 Sep 2023 09:12:00 -0400`."""
    return format_datetime(moment.replace(microsecond=0))


def rss(channel: Channel, items: Iterable[Item]) -> str:
    """An RSS 2.0 document."""
    return typeset(
        "rss.xml",
        title=channel.title,
        home=channel.home,
        address=channel.address,
        description=channel.description,
        language=channel.language,
        built=mail_date(channel.updated),
        items=list(items),
    )


def atom(channel: Channel, entries: Iterable[Entry], rights: str) -> str:
    """An Atom document."""
    return typeset(
        "atom.xml",
        title=channel.title,
        home=channel.home,
        address=channel.address,
        description=channel.description,
        language=channel.language,
        rights=rights,
        updated=channel.updated.isoformat(),
        entries=list(entries),
    )


Located = tuple[str, datetime]


def sitemap(entries: Iterable[Located]) -> str:
    """A `urlset` of addresses and the times of their last change."""
    return typeset("sitemap.xml", entries=_rows(entries))


def sitemap_index(entries: Iterable[Located]) -> str:
    """A `sitemapindex`."""
    return typeset("sitemapindex.xml", entries=_rows(entries))


def news_sitemap(publication: str, entries: Sequence[dict[str, str]]) -> str:
    """A `urlset` in the news form; each entry has loc, language, published, title, keywords."""
    return typeset("news.xml", publication=publication, entries=entries)


def _rows(entries: Iterable[Located]) -> list[dict[str, str]]:
    return [{"loc": loc, "lastmod": changed.replace(microsecond=0).isoformat()} for loc, changed in entries]
