"""France 24 (French, English, Arabic): the public television's news; agency copy under /live-news."""

from spiders.kit.outlet import Feed, NewsSitemap, Outlet, Sitemap
from spiders.kit.page import Page


class France24Page(Page):
    body_at = ".t-content__body"
    standfirst_at = ".t-content__chapo"
    byline_at = ".m-from-author__name"
    drop = (".m-interstitial, .m-em-flash, .o-self-promo, .a-read-more, .t-content__shares, .t-copyright",)
    house = ("FRANCE 24", "فرانس 24")


OUTLET = Outlet(
    name="france24",
    title="France 24",
    home="https://www.france24.com/",
    languages=("fr", "en", "ar"),
    sources=(
        Feed("https://www.france24.com/fr/rss"),
        Feed("https://www.france24.com/fr/afrique/rss"),
        Feed("https://www.france24.com/en/rss"),
        Feed("https://www.france24.com/en/africa/rss"),
        Feed("https://www.france24.com/ar/rss"),
        NewsSitemap("https://www.france24.com/sitemaps/fr/news.xml"),
        NewsSitemap("https://www.france24.com/sitemaps/en/news.xml"),
        NewsSitemap("https://www.france24.com/sitemaps/ar/news.xml"),
        Sitemap("https://www.france24.com/sitemaps/fr/index.xml", only=r"/contents_\d{6}\.xml"),
        Sitemap("https://www.france24.com/sitemaps/en/index.xml", only=r"/contents_\d{6}\.xml"),
        Sitemap("https://www.france24.com/sitemaps/ar/index.xml", only=r"/contents_\d{6}\.xml"),
    ),
    articles=r"^https?://www\.france24\.com/(?:fr|en|ar)/"
    r"(?:(?:[^?#]+/)?(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)-[^/?#]+"
    r"|[^/?#-]+(?:-[^/?#-]+){3,})/?$",  # since 2026 also a slug alone, right under the language
    same=((r"^https?://(?:www\.|amp\.)?france24\.com/", "https://www.france24.com/"),),
    page=France24Page,
    waits="Articles and sitemaps answered 403 in September 2026; the selectors and the addresses without a day are"
    " taken from others' rules, and that Arabic has the same sitemaps is a guess.",
)
