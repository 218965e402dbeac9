"""RFI (French, English): the public radio's news of Africa and the world."""

from spiders.kit.outlet import Feed, NewsSitemap, Outlet, Sitemap
from spiders.kit.page import Page


class RfiPage(Page):
    body_at = ".t-content__body"
    standfirst_at = ".t-content__chapo"
    byline_at = ".m-from-author__name"
    drop = (".m-interstitial, .m-em-flash, .o-self-promo, .a-read-more, .t-content__shares, .t-copyright",)
    house = ("RFI", "Radio France Internationale")


OUTLET = Outlet(
    name="rfi",
    title="RFI",
    home="https://www.rfi.fr/",
    languages=("fr", "en"),
    sources=(
        Feed("https://www.rfi.fr/fr/rss"),
        Feed("https://www.rfi.fr/fr/afrique/rss"),
        Feed("https://www.rfi.fr/en/rss"),
        NewsSitemap("https://www.rfi.fr/sitemaps/fr/news.xml"),
        NewsSitemap("https://www.rfi.fr/sitemaps/en/news.xml"),
        Sitemap("https://www.rfi.fr/sitemaps/fr/index.xml", only=r"/contents_\d{6}\.xml"),
        Sitemap("https://www.rfi.fr/sitemaps/en/index.xml", only=r"/contents_\d{6}\.xml"),
    ),
    articles=r"^https?://www\.rfi\.fr/(?:fr|en)/(?:[^?#]+/)?(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)-[^/?#]+/?$",
    same=((r"^https?://(?:www\.|amp\.)?rfi\.fr/", "https://www.rfi.fr/"),),
    page=RfiPage,
    waits="Articles and sitemaps answered 403 in September 2026; the selectors are taken from others' rules of 2025.",
)
