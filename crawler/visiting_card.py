"""Who crawls: what newspapers, WARC files and readers of them are told about it."""

import platform
from collections.abc import Sequence
from importlib.metadata import version
from urllib.parse import urlsplit

from archive.corpus import Corpus, Settings
from archive.errors import UsageError
from crawler.politeness.address import is_public
from spiders.kit.outlet import Outlet, addresses_of


def user_agent(settings: Settings) -> str:
    """The software and whom to write to: "hemeroteca/0.1.0 (+contact)"."""
    name = f"hemeroteca/{version('hemeroteca')}"
    return f"{name} (+{settings.contact})" if settings.contact else name


def software() -> str:
    """This program and the parts that a record depends on, with their versions."""
    parts = ("hemeroteca", "scrapy", "twisted", "warcio")
    return " ".join(f"{name}/{version(name)}" for name in parts)


def warcinfo(settings: Settings) -> dict[str, str]:
    """The fields of a file's first record: who recorded this, with what, under which rules (WARC 1.1 §6.2)."""
    info = {
        "software": software(),
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": settings.title,
        "description": settings.description,
        "operator": settings.operator or settings.contact or "",
        "robots": "RFC 9309, obeyed",
        "http-header-user-agent": user_agent(settings),
        "hostname": platform.node(),
    }
    return {name: value for name, value in info.items() if value}


def urls_of(outlet: Outlet) -> list[str]:
    """The addresses of an outlet's home and sources."""
    return [outlet.home, *(url for source in outlet.sources for url in addresses_of(source))]


def hosts_of(outlet: Outlet) -> set[str]:
    """The hosts that an outlet's home and sources name."""
    return {host for url in urls_of(outlet) if (host := urlsplit(url).hostname)}


def need_contact(corpus: Corpus, outlets: Sequence[Outlet]) -> None:
    """A newsroom must be able to write to whoever crawls it. Raises UsageError where corpus.toml names nobody."""
    if corpus.settings.contact:
        return
    for outlet in outlets:
        for host in sorted(hosts_of(outlet)):
            if host == "localhost" or (host[-1].isdigit() and not is_public(host)):
                continue
            raise UsageError(
                f"{corpus.file} names no contact, and {host} is a public host: add"
                ' contact = "you@example.org" or a URL, so that the newspaper can write to you'
            )
