"""Newspapers without end: each makes more addresses than anybody could ask for, and has three articles of worth."""

import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from tests.hostile.crawling import nothing, story
from tests.hostile.host import Asked, Host
from tests.listening_site import reply
from tests.probed_sites import CHALLENGE, CONSENT

GOOD = tuple(f"/news/2023/an-invented-story-of-ferry-{number}" for number in (1, 2, 3))
NOT_FOUND = "<html><head><title>Page not found</title></head><body><h1>Page not found</h1><p>Sorry.</p></body></html>"
CALENDAR = "<html><head><title>Agenda</title></head><body><h1>Agenda</h1><p>Nothing on this day.</p></body></html>"
MANY = 60

Trap = Callable[[str, str], bytes | None]
"""(home, path with its query) → the answer; None: there is nothing."""


@dataclass
class Newspaper:
    """One host, the source by which it is crawled, and what it does."""

    name: str
    trap: Trap
    source: str  # TOML, with {home}

    def host(self, address: str) -> Host:
        host = Host(self._answer, address)
        self.home = lambda: host.home
        return host

    def _answer(self, asked: Asked, _before: int, _connection: socket.socket) -> bytes | None:
        if asked.path in GOOD:
            return story(asked.path[-1])
        if asked.path.startswith("/p/mute"):
            return None
        return self.trap(self.home(), asked.path) or nothing()

    @property
    def toml(self) -> str:
        return (
            f'name = "{self.name}"\ntitle = "{self.name}"\nhome = "{self.home()}/"\nlanguages = ["en"]\ndelay = 0.02\n'
            f"[[sources]]\n{self.source.replace('{home}', self.home())}\n"
        )


SITEMAP = 'kind = "sitemap"\nurl = "{home}/sitemap.xml"'


def listed(paths: list[str], page: bytes, *, behind: str = r"/p/") -> Trap:
    """A sitemap of the good articles and of these, which all have the same page."""

    def trap(home: str, path: str) -> bytes | None:
        if path == "/sitemap.xml":
            return sitemap(home, [*paths, *GOOD])
        return page if re.match(behind, path) else None

    return trap


def endless_listing(home: str, path: str) -> bytes | None:
    """Each page has a new article and a next page; the article of the 4th leads a level deeper each time."""
    found = re.fullmatch(r"/list\?page=(\d+)", path)
    if found is None:
        return story(path) if path.startswith("/news/") else None
    number = int(found[1])
    return listing([f"/news/2023/story-of-page-{number}"], f"/list?page={number + 1}")


def growing_listing(home: str, path: str) -> bytes | None:
    """The next page is relative to this one."""
    return listing([*GOOD, f"{path}/story"], f"{path}/more") if path.startswith("/list") else None


def chain(home: str, path: str) -> bytes | None:
    """An index that names an index, and so on."""
    found = re.fullmatch(r"/sitemap(\d*)\.xml", path)
    return index(home, [f"/sitemap{int(found[1] or 0) + 1}.xml"]) if found else None


def circle(home: str, path: str) -> bytes | None:
    """Two indexes that name each other and themselves."""
    named = {"/sitemap.xml": ["/sitemap.xml", "/b.xml"], "/b.xml": ["/b.xml", "/sitemap.xml"]}.get(path)
    return index(home, named) if named else None


def wide(home: str, path: str) -> bytes | None:
    """An index of more sitemaps than anybody reads, each under a session of its own."""
    if path == "/sitemap.xml":
        return index(home, [f"/maps/{number}.xml?utm_source={number}" for number in range(MANY)])
    found = re.fullmatch(r"/maps/(\d+)\.xml.*", path)
    return sitemap(home, [f"/news/2023/story-{found[1]}"]) if found else story(path)


def redirects(home: str, path: str) -> bytes | None:
    """Redirects of every kind that does not end, and of two that do."""
    if path == "/sitemap.xml":
        return sitemap(home, ["/turn?n=1", "/itself", "/ping", "/cookie", "/deeper", "/campaign", "/java", "/nowhere"])
    if path.startswith("/turn"):
        return moved(f"/turn?n={int(path.rpartition('=')[2]) + 1}")
    if path.startswith("/deeper"):
        return moved(f"{path}/deeper")
    to = {
        "/itself": "/itself",
        "/ping": "/pong",
        "/pong": f"{home}/ping",
        "/cookie": "/cookie?checked=1",
        "/cookie?checked=1": "/cookie",
        "/campaign": "/campaign?utm_source=front",
        "/java": "/java;jsessionid=0A1B2C",
    }.get(path)
    if path == "/nowhere":
        return reply("", status="302 Found")
    return moved(to) if to else story(path) if path.startswith(("/campaign", "/java")) else None


def rounds(home: str, path: str) -> bytes | None:
    """Every article redirects to itself, for a reader without a cookie."""
    if path == "/sitemap.xml":
        return sitemap(home, [*(f"/p/{number}" for number in range(MANY)), *GOOD])
    return moved(path) if path.startswith("/p/") else None


def wanders(home: str, path: str) -> bytes | None:
    """Every article redirects to an address of its own, and that one to another."""
    if path == "/sitemap.xml":
        return sitemap(home, [*(f"/p/{number}" for number in range(MANY)), *GOOD])
    return moved(f"/way/{sha256(path.encode()).hexdigest()[:12]}") if path.startswith(("/p/", "/way/")) else None


def counter(home: str, path: str) -> bytes | None:
    """One text under many addresses, with a line that is new each time; or no text, and new bytes each time."""
    if path == "/sitemap.xml":
        return sitemap(home, [*(f"/p/{number}" for number in range(MANY)), *GOOD])
    line = f"<p>You are reader number {sha256(path.encode()).hexdigest()[:12]} of this page.</p></article>"
    page = story("of one text").partition(b"\r\n\r\n")[2].decode().replace("</article>", line)
    return reply(page) if path.startswith("/p/") else None


def blank(home: str, path: str) -> bytes | None:
    """Pages without text, no two of the same bytes."""
    if path == "/sitemap.xml":
        return sitemap(home, [*(f"/p/{number}" for number in range(MANY)), *GOOD])
    return reply(f"<html><body><script>page = {path!r}</script></body></html>") if path.startswith("/p/") else None


def variants() -> list[str]:
    """One article under many addresses, and addresses that nobody should ask for."""
    same = [f"{GOOD[0]}?utm_campaign={number}&PHPSESSID={number:032x}" for number in range(20)]
    same += [f"{GOOD[0]};jsessionid={number:08X}#c{number}" for number in range(20)]
    same += [f"/news/./2023/../2023/an-invented-story-of-ferry-1?sid=ab{number:06x}" for number in range(20)]
    bad = [f"/p{'/a' * number}" for number in range(4, 30)] + [f"/p{'/x/y' * number}" for number in range(3, 12)]
    bad += [f"/agenda/{year}/05/01" for year in range(2150, 2180)] + ["/p/" + "l" * 3000, "/p/" + "l" * 30_000]
    bad += ["/p?" + "&".join(f"f{number}={number}" for number in range(30))]
    return same + [each.replace("&", "&amp;") for each in bad]


NEWSPAPERS = (
    Newspaper("onetext", listed([f"/p/{n}-slug" for n in range(MANY)], story("of one text")), SITEMAP),
    Newspaper("softly", listed([f"/p/{n:x}" for n in range(MANY)], reply(NOT_FOUND)), SITEMAP),
    Newspaper(
        "agenda", listed([f"/p/{1990 + n // 12}/{n % 12 + 1:02}" for n in range(MANY)], reply(CALENDAR)), SITEMAP
    ),
    Newspaper("asks", listed([f"/p/{n}" for n in range(MANY)], reply(CONSENT)), SITEMAP),
    Newspaper("doubts", listed([f"/p/{n}" for n in range(MANY)], reply(CHALLENGE)), SITEMAP),
    Newspaper("shut", listed([f"/p/{n}" for n in range(MANY)], reply("no robots", status="403 Forbidden")), SITEMAP),
    Newspaper("mute", listed([f"/p/mute-{n}" for n in range(MANY)], b""), SITEMAP),
    Newspaper("rounds", rounds, SITEMAP),
    Newspaper("wanders", wanders, SITEMAP),
    Newspaper("counter", counter, SITEMAP),
    Newspaper("blank", blank, SITEMAP),
    Newspaper("variants", listed([each.replace("&PHP", "&amp;PHP") for each in variants()], story(9)), SITEMAP),
    Newspaper("endless", endless_listing, 'kind = "listing"\nurl = "{home}/list?page=1"\npages = 4'),
    Newspaper("growing", growing_listing, 'kind = "listing"\nurl = "{home}/list"\npages = 500'),
    Newspaper("chain", chain, SITEMAP),
    Newspaper("circle", circle, SITEMAP),
    Newspaper("wide", wide, SITEMAP),
    Newspaper("redirects", redirects, SITEMAP),
    Newspaper("good", listed([], b""), SITEMAP),
)


def moved(target: str) -> bytes:
    return reply("", status="302 Found", more=f"Location: {target}\r\n")


def sitemap(home: str, paths: list[str]) -> bytes:
    urls = "".join(f"<url><loc>{home}{path}</loc></url>" for path in paths)
    return xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>')


def index(home: str, paths: list[str]) -> bytes:
    maps = "".join(f"<sitemap><loc>{home}{path}</loc></sitemap>" for path in paths)
    return xml(f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>')


def xml(text: str) -> bytes:
    return reply(f'<?xml version="1.0" encoding="utf-8"?>{text}', kind="application/xml")


def listing(links: list[str], following: str) -> bytes:
    anchors = "".join(f'<li><a href="{link}">A headline of {link}</a></li>' for link in links)
    return reply(f'<html><head><link rel="next" href="{following}"></head><body><ul>{anchors}</ul></body></html>')
