"""Newspapers on loopback of which nothing is known yet: what `outlet probe` meets."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.listening_site import STORY, Site, reply, run

NOW = datetime(2023, 9, 30, 12, tzinfo=UTC)
DATE = f"Date: {format_datetime(NOW, usegmt=True)}\r\n"
STORIES = {
    f"/2023/09/{10 + number}/an-invented-story-of-ferry-{number}/": f"An invented story of ferry number {number}"
    for number in range(12)
}
HEAD = """<!doctype html><html lang="en-GB"><head><title>The Gazette – invented news</title>
<meta property="og:site_name" content="The Gazette">{head}</head><body><header><nav>
<a href="/category/politics/">Politics</a> <a href="/category/sport/">Sport</a> <a href="/about-us/">About us</a>
<a href="/author/the-newsroom/">The newsroom</a></nav></header><main>{main}</main></body></html>"""
CHALLENGE = """<!doctype html><html><head><title>Just a moment...</title></head><body><div id="cf-challenge">
Checking your browser before you continue.</div></body></html>"""
CONSENT = """<!doctype html><html lang="en"><head><title>Your privacy</title></head><body><h1>Your privacy</h1>
<p>We and our partners use cookies. Accept all cookies, or manage your consent preferences, to go on.</p>
<form action="/consent"><button>Accept all</button><button>Reject all</button></form></body></html>"""


def front_page(head: str = "") -> str:
    links = "".join(f'<article><h2><a href="{path}">{title}</a></h2></article>' for path, title in STORIES.items())
    return HEAD.format(head=head, main=links)


def feed(home: str, paths: list[str]) -> bytes:
    items = "".join(
        f"<item><title>{STORIES[path]}</title><link>{home}{path}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(hours=hours))}</pubDate></item>"
        for hours, path in enumerate(paths)
    )
    document = f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Gazette</title>{items}</channel></rss>'
    return reply(document, kind="application/rss+xml")


def sitemap(*urls: str, name: str = "urlset", entry: str = "url") -> bytes:
    inside = "".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in urls)
    document = f'<?xml version="1.0"?><{name} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</{name}>'
    return reply(document, kind="application/xml")


def stories(site: Site) -> None:
    for path, title in STORIES.items():
        site.answers[path] = reply(STORY.format(title=title, head="", more=title))


def wordpress(site: Site) -> None:
    """One made with WordPress: a feed, an index of sitemaps, and rights in every place where they can stand."""
    declared = (
        '<meta name="generator" content="WordPress 6.5"><meta name="tdm-reservation" content="1">'
        '<link rel="alternate" type="application/rss+xml" title="The Gazette" href="/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">'
    )
    names = ("posts-post-1", "posts-page-1", "taxonomies-category-1", "users-1")
    rules = f"""# No text and data mining without permission.
User-agent: GPTBot
Disallow: /

User-agent: *
Disallow: /wp-admin/
Sitemap: {site.home}/wp-sitemap.xml
"""
    site.answers |= {
        "/robots.txt": reply(rules, kind="text/plain"),
        "/": reply(front_page(declared), more=f"{DATE}X-Robots-Tag: noarchive\r\n"),
        "/feed/": feed(site.home, list(STORIES)[:10]),
        "/wp-sitemap.xml": sitemap(
            *(f"{site.home}/wp-sitemap-{each}.xml" for each in names), name="sitemapindex", entry="sitemap"
        ),
        "/wp-sitemap-posts-post-1.xml": sitemap(*(site.home + path for path in STORIES)),
    }
    stories(site)


def probe(url: str, *words: object, code: int = 0, **environment: str) -> dict[str, Any]:
    """What the command says of a newspaper, as JSON."""
    said = run("hemeroteca", "outlet", "probe", url, "--json", *words, code=code, **environment)
    found: dict[str, Any] = json.loads(said)
    return found
