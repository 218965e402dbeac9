"""Le Monde (French, and English under /en): a daily with a paywall; its metadata say who may read each article."""

from spiders.kit.outlet import Feed, NewsSitemap, Outlet, Sitemap
from spiders.kit.page import Page


class LeMondePage(Page):
    title_at = "h1.article__title"
    kicker_at = ".article__header .breadcrumb .breadcrumb__child--article"
    body_at = "article.article__content"
    drop = (
        ".catcher, section.author, .article__reactions, .dfp-slot, .multimedia-embed",
        "blockquote.article__citation",  # a pull quote repeats a sentence of the text
    )
    gate_at = "section.paywall"  # .paywall__comments stands in free articles too
    gate_says = (r"^il vous reste \d{1,2}(?:[.,]\d+)?\s?% de cet article à lire",)
    house = ("Le Monde",)


OUTLET = Outlet(
    name="lemonde",
    title="Le Monde",
    home="https://www.lemonde.fr/",
    languages=("fr", "en"),
    sources=(
        Feed("https://www.lemonde.fr/rss/une.xml"),
        Feed("https://www.lemonde.fr/afrique/rss_full.xml"),
        Feed("https://www.lemonde.fr/international/rss_full.xml"),
        Feed("https://www.lemonde.fr/en/international/rss_full.xml"),
        NewsSitemap("https://www.lemonde.fr/sitemap_news.xml"),
        NewsSitemap("https://www.lemonde.fr/en/sitemap_news.xml"),
        Sitemap("https://www.lemonde.fr/sitemap_index.xml", only=r"/articles/\d{4}-\d\d-\d\d"),
        Sitemap("https://www.lemonde.fr/en/sitemap_index.xml", only=r"/articles/\d{4}-\d\d-\d\d"),
    ),
    articles=r"^https://www\.lemonde\.fr/(?:en/)?[a-z0-9-]+/(?:article|live|video|visuel|portfolio|podcasts|chat)/"
    r"(?P<y>\d{4})/(?P<m>\d\d)/(?P<d>\d\d)/[^/?#]+_(?P<id>\d+)_\d+\.html$",
    same=((r"^https?://(?:www\.|mobile\.)?lemonde\.fr/", "https://www.lemonde.fr/"),),
    page=LeMondePage,
    proven="articles and videos of April and August 2023, French, free and cut",
    waits="English pages, live pages and portfolios; articles answered 402 or with a challenge in September 2026.",
)
