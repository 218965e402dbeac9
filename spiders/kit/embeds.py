"""What other sites show inside an article: posts, videos, sounds, maps, documents. Named and never asked for.

They stand in iframes, in the quotations that a site's script replaces, in elements of AMP
(https://amp.dev/documentation/components/), and in elements that a consent box or a lazy loader fills later.
"""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from archive.model import Block, Embed
from spiders.kit.addresses import web_link
from spiders.kit.marks import POSTS
from spiders.kit.places import key
from spiders.kit.words import listed, one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

_MOST = 60
_LOOKED_AT = 200  # elements of a kind
_TITLE = 300  # characters
_HOSTS = {
    "post": listed("""
        twitter.com, x.com, facebook.com, instagram.com, threads.net, threads.com, bsky.app, t.me, telegram.org,
        reddit.com, linkedin.com, pinterest.com, truthsocial.com, mastodon.social, vk.com, gettr.com, tumblr.com
    """),
    "video": listed("""
        youtube.com, youtube-nocookie.com, youtu.be, vimeo.com, dailymotion.com, dai.ly, tiktok.com, twitch.tv,
        brightcove.net, brightcove.com, jwplayer.com, jwplatform.com, ultimedia.com, digiteka.net, rumble.com,
        odysee.com, streamable.com, kaltura.com, wistia.net, wistia.com, loom.com, ina.fr, rutube.ru
    """),
    "audio": listed("""
        spotify.com, soundcloud.com, acast.com, podcasts.apple.com, music.apple.com, deezer.com, ausha.co,
        audiomeans.fr, simplecast.com, megaphone.fm, buzzsprout.com, spreaker.com, podbean.com, audioboom.com,
        art19.com, omny.fm, mixcloud.com
    """),
    "map": listed("maps.google.com, openstreetmap.org, umap.openstreetmap.fr, carto.com, mapbox.com, arcgis.com"),
    "document": listed("""
        documentcloud.org, scribd.com, issuu.com, docs.google.com, drive.google.com, calameo.com, slideshare.net,
        yumpu.com, fr.calameo.com
    """),
}
_KIND_OF = {host: kind for kind, hosts in _HOSTS.items() for host in hosts}
_AMP = {
    "amp-twitter": ("post", "data-tweetid", "https://twitter.com/i/status/{}"),
    "amp-instagram": ("post", "data-shortcode", "https://www.instagram.com/p/{}/"),
    "amp-facebook": ("post", "data-href", "{}"),
    "amp-reddit": ("post", "data-src", "{}"),
    "amp-youtube": ("video", "data-videoid", "https://www.youtube.com/watch?v={}"),
    "amp-vimeo": ("video", "data-videoid", "https://vimeo.com/{}"),
    "amp-dailymotion": ("video", "data-videoid", "https://www.dailymotion.com/video/{}"),
    "amp-tiktok": ("video", "data-src", "{}"),
    "amp-soundcloud": ("audio", "data-trackid", "https://api.soundcloud.com/tracks/{}"),
    "amp-iframe": ("frame", "src", "{}"),
}
_DATA = {
    "data-tweet-id": ("post", "https://twitter.com/i/status/{}"),
    "data-youtube-id": ("video", "https://www.youtube.com/watch?v={}"),
    "data-youtubeid": ("video", "https://www.youtube.com/watch?v={}"),
    "data-dailymotion-id": ("video", "https://www.dailymotion.com/video/{}"),
    "data-vimeo-id": ("video", "https://vimeo.com/{}"),
    "data-instgrm-permalink": ("post", "{}"),
}
_SOURCES = ("src", "data-src", "data-lazy-src", "data-url", "data-iframe-src", "data-original", "data-embed-url")
_CARRIED = {name: etree.XPath(f"//@{name}/..") for name in _DATA}
# of advertising, measuring, consent and comments: nothing of the article
_NOT = re.compile(
    r"(?:doubleclick|googlesyndication|googletagmanager|google-analytics|adservice|adsystem|recaptcha|disqus|taboola|"
    r"outbrain|criteo|onetrust|didomi|consent|cookie|facebook\.com/(?:plugins/(?:like|page|share|comments)|tr)|"
    r"platform\.twitter\.com/widgets/(?:follow|tweet_button)|newsletter|subscribe|sharethis|addthis|about:blank|\.gif$)",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[\w-]{1,60}")


def embeds(page: "Page", blocks: tuple[Block, ...]) -> tuple[Embed, ...]:
    """What stands among the blocks of the text and just around them, in order, each address once."""
    named = dict(_all(page)) if blocks else {}
    if not named:
        return ()
    found: dict[str, Embed] = {}
    top, numbers = _body(page, blocks)
    at: int | None = None
    for element in top.iter() if top is not None else ():
        at = numbers.get(element, at)
        if embed := named.get(element):
            found.setdefault(embed.url, Embed(embed.kind, embed.url, embed.title, at))
    return tuple(found.values())[:_MOST]


def _body(page: "Page", blocks: tuple[Block, ...]) -> tuple[HtmlElement | None, dict[HtmlElement, int]]:
    """The element that holds the text, with something of what is around it, and the number of each block's element."""
    numbers = {
        place.element: number for number, block in enumerate(blocks) if (place := page.places.get(key(block.text)))
    }
    if not numbers:
        return None, {}
    elements = list(numbers)
    shared = list(elements[0].iterancestors())
    for element in elements[1:]:
        around = set(element.iterancestors())
        kept = [parent for parent in shared if parent in around]
        # one block that stands elsewhere must not make the whole page the article
        shared = kept if kept and kept[0].tag not in ("body", "html") else shared
    top = shared[0] if shared else None
    while top is not None and top.tag not in ("article", "main", "body") and _is_small(top):
        top = top.getparent()
    return top, numbers


def _is_small(element: HtmlElement) -> bool:
    """Whether the element around is the article still: it holds one headline at most and no other article."""
    around = element.getparent()
    if around is None or around.tag in ("body", "html"):
        return False
    return sum(1 for _ in around.iter("article")) <= 1 and next(around.iter("aside", "nav", "footer"), None) is None


def _all(page: "Page") -> Iterator[tuple[HtmlElement, Embed]]:
    carried = (each for name, find in _CARRIED.items() if name in page.source for each in find(page.doc)[:_LOOKED_AT])
    framed = islice(page.doc.iter("iframe", *_AMP), _LOOKED_AT)
    for element in chain(framed, carried, page.marks.posts[:_LOOKED_AT]):
        kind, address = _kind_and_address(element)
        url = web_link(address, page.url) if address else None
        if url and not _NOT.search(url):
            yield element, Embed(kind if kind != "frame" else kind_of(url), url, _title(element))


def _kind_and_address(element: HtmlElement) -> tuple[str, str]:
    tag = element.tag
    if tag in _AMP:
        kind, name, form = _AMP[tag]
        return kind, _filled(form, element.get(name) or element.get("data-src") or element.get("src") or "")
    for name, (kind, form) in _DATA.items():
        if value := element.get(name):
            return kind, _filled(form, value)
    if tag == "iframe":
        sources = ((element.get(name) or "").strip() for name in _SOURCES)
        return "frame", next((each for each in sources if each and not each.startswith("about:")), "")
    classes = set((element.get("class") or "").split())
    if classes & set(POSTS):
        said = element.get("cite") or element.get("data-href") or ""
        links = [link.get("href") or "" for link in element.iter("a")]
        address = said or next((link for link in reversed(links) if kind_of(link) in ("post", "video")), "")
        kind = kind_of(address)
        return (kind if kind != "frame" else "post"), address
    return "frame", ""


def _filled(form: str, value: str) -> str:
    value = value.strip()
    if form == "{}" or value.startswith(("http:", "https:", "//")):
        return value
    return form.format(quote(value, safe="")) if _IDENTIFIER.fullmatch(value) else ""


def kind_of(url: str) -> str:
    """The kind of what the address shows, by its host; "frame" for hosts that show anything."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "frame"
    host = (parts.hostname or "").lower()
    if "google." in host and "/maps" in parts.path:
        return "map"
    if parts.path.lower().endswith(".pdf"):
        return "document"
    labels = host.split(".")
    names = (".".join(labels[number:]) for number in range(len(labels) - 1))
    return next((_KIND_OF[name] for name in names if name in _KIND_OF), "frame")


def _title(element: HtmlElement) -> str | None:
    """As the page names it: the frame's title, of a post its words."""
    said = element.get("title") or element.get("aria-label") or ""
    if not said and element.tag not in ("iframe", "div"):
        said = element.text_content()
    return one_line(said)[:_TITLE].strip() or None
