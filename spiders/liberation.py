"""Libération (French): a daily with a paywall, built on Arc."""

from spiders.kit.outlet import Feed, NewsSitemap, Outlet

OUTLET = Outlet(
    name="liberation",
    title="Libération",
    home="https://www.liberation.fr/",
    languages=("fr",),
    sources=(
        Feed("https://www.liberation.fr/arc/outboundfeeds/rss-all/?outputType=xml"),
        Feed("https://www.liberation.fr/arc/outboundfeeds/rss-all/category/international/?outputType=xml"),
        NewsSitemap("https://www.liberation.fr/arc/outboundfeeds/sitemap_news.xml?outputType=xml"),
    ),
    articles=r"^https://www\.liberation\.fr/(?:[a-z0-9-]+/)+[^/?#]+-(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)_(?P<id>[A-Z0-9]{26})/$",
    same=(
        (r"^https?://(?:www\.)?liberation\.fr/", "https://www.liberation.fr/"),
        (r"(-\d{8}_[A-Z0-9]{26})$", r"\1/"),
    ),
    waits="Everything: no page was recorded, and the marks of the paywall are not known.",
)
