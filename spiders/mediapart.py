"""Mediapart (French, English, Spanish): a subscribers' paper; the journal only, not the readers' Club."""

import re

from spiders.kit.login import Login
from spiders.kit.outlet import Feed, Listing, Outlet, Sitemap
from spiders.kit.page import Page


class MediapartPage(Page):
    title_at = "h1#page-title"
    standfirst_at = ".news__heading__top__intro"
    kicker_at = ".news__heading__top__toplinks a:first-child"
    byline_at = ".splitter__first p:first-child"
    body_at = ".news__body__center__article"
    gate_at = ".message-paywall, .paywall-form, .mkt-banner--paywall"
    free_says = (
        r"^this article is freely available\W*$",
        r"^cet article est (?:en accès libre|en libre accès|librement accessible|gratuit)\W*$",
        r"^este artículo es (?:de acceso libre|de libre acceso|gratuito)\W*$",
    )
    drop = (
        "aside, .newsletter-insert, .news__inset, .news__prolonger, content-inserts, #lecteur-audio",
        "article.collection-card, .engagement-bar-wrapper, .action-links",
    )
    house = ("Mediapart", "La rédaction de Mediapart")

    def section(self) -> str | None:
        found = re.search(r"/journal/([a-z-]+)/\d{6}/", self.url)
        return found[1] if found else None

    def stable_id(self) -> str | None:
        found = re.search(r"/offrir_article/(\d+)", self.meta("ownpage:offer_url")) or re.search(
            r"/tools/recommend\\?/(\d+)", self.source
        )
        return found[1] if found else None


OUTLET = Outlet(
    name="mediapart",
    title="Mediapart",
    home="https://www.mediapart.fr/",
    languages=("fr", "en", "es"),
    sources=(
        Feed("https://www.mediapart.fr/articles/feed"),
        Sitemap("https://www.mediapart.fr/sitemap_index.xml"),
        Listing("https://www.mediapart.fr/en/english?page={page}", pages=3),
    ),
    articles=r"^https?://www\.mediapart\.fr/(?:(?:en|es)/)?journal/[a-z][a-z-]*/"
    r"(?P<d>\d\d)(?P<m>\d\d)(?P<y>\d\d)/[^/?#]+$",
    same=((r"(?<=[?&])(?:onglet|locale)=[^&]*&?", ""), (r"[?&]$", "")),  # one page once had tabs and languages
    page=MediapartPage,
    login=Login("https://www.mediapart.fr/login", form="form#logFormEl", check='a[href="/logout"]'),
    proven="French pages of March and April 2023, cut by the paywall",
    waits="Nobody has recorded a free page, a page in English or Spanish, today's feed or robots.txt: see what a free"
    " page says of itself, and where the International Link digests are listed.",
)
