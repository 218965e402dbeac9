"""Feeds and sitemaps as nobody should write them, each with the entries that stand before its fault."""

import gzip
import socket
from dataclasses import dataclass

from tests.hostile.crawling import nothing, robots
from tests.hostile.host import Asked, Host
from tests.listening_site import reply

HEAD = '<rss version="2.0"><channel><title>Gazette</title><link>{home}/</link>'
TAIL = "</channel></rss>"
LAUGHS = "".join(
    f'<!ENTITY l{n} "{(f"&l{n - 1};" if n else "ha") * 10}">' for n in range(10)
)  # ten to the tenth of them


@dataclass(frozen=True)
class Odd:
    """`document` holds {home} and {canary}; `good`: how many of its entries are to be used; `end`: its outcome."""

    document: str
    good: int
    end: str
    charset: str = "utf-8"
    zipped: bool = False
    more: str = ""

    def answer(self, home: str, canary: str) -> bytes:
        text = self.document.replace("{home}", home).replace("{canary}", canary)
        data = text.encode(self.charset)
        return reply(gzip.compress(data) if self.zipped else data, kind="application/xml", more=self.more)


def item(number: int | str, inside: str = "") -> str:
    return f"<item><title>Entry {number}</title><link>{{home}}/entry/{number}</link>{inside}</item>"


def urlset(*entries: str) -> str:
    urls = "".join(f"<url><loc>{{home}}/entry/{each}</loc></url>" for each in entries)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def rss(*items: str, prolog: str = "") -> str:
    return prolog + HEAD + "".join(items) + TAIL


FEEDS: dict[str, Odd] = {
    "laughs": Odd(
        rss(item("l1"), "<item><title>&l9;</title></item>", prolog=f"<!DOCTYPE r [{LAUGHS}]>"), 1, "bad_feed"
    ),
    "outside": Odd(
        rss(
            item("o1"),
            "<item><title>&e;</title><link>{home}/entry/o2</link></item>",
            prolog='<?xml-stylesheet href="{canary}/s.xsl"?><!DOCTYPE r SYSTEM "{canary}/r.dtd"'
            ' [<!ENTITY e SYSTEM "{canary}/e"><!ENTITY % p SYSTEM "{canary}/p">%p;]>',
        ),
        2,
        "bad_feed",
    ),
    "deep": Odd(rss(item("d1"), "<a>" * 100_000 + "</a>" * 100_000, item("d2")), 1, "bad_feed"),
    "broken": Odd(rss(item("b1"), item("b2"), "<item><title>a <b> c</title>")[: -len(TAIL)], 2, "bad_feed"),
    "page": Odd("<!doctype html><html><body><h1>Please log in</h1></body></html>", 0, "bad_feed"),
    "void": Odd(rss(), 0, "bad_feed"),
    "nothing": Odd("", 0, "bad_feed"),
    "json": Odd('{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "{home}/entry/j1"}]}', 1, "ok"),
    "wide": Odd(rss(item("w1"), item("w2")), 2, "ok", charset="utf-16"),
    "zipped": Odd(rss(item("z1")), 1, "ok", zipped=True),
    "plain": Odd(rss(item("p1")), 1, "ok", more="Content-Disposition: attachment; filename=feed.xml.gz\r\n"),
    "bomb": Odd(rss(item("x1")).replace(TAIL, " " * 60_000_000), 1, "bad_feed", zipped=True),
    "long": Odd(rss(item("y1", f"<description>{'y ' * 4_000_000}</description>")), 0, "bad_feed"),
    "links": Odd(
        rss(
            *(
                f"<item><title>x</title><link>{link}</link></item>"
                for link in ("javascript:alert(1)", "file:///etc/passwd")
            ),
            "<item><link>/entry/k1</link></item><item><link>\n {home}/entry/k2 </link></item>",
        ),
        2,
        "ok",
    ),
    "sound": Odd(rss('<item><title>Sound</title><enclosure url="{home}/a.mp3"/></item>'), 0, "bad_feed"),
}
"""By name; each is served as /NAME.xml."""


class Kiosk:
    """A host with all of them. `canary`: what must never be asked for anything."""

    def __init__(self, address: str, canary: Host) -> None:
        self.host = Host(self._answer, address)
        self.canary = canary

    def _answer(self, asked: Asked, _before: int, _connection: socket.socket) -> bytes | None:
        if asked.path == "/robots.txt":
            return robots()
        odd = FEEDS.get(asked.path.removeprefix("/").removesuffix(".xml"))
        return odd.answer(self.host.home, self.canary.home) if odd else nothing()
