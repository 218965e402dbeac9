"""BBC News (English), BBC Afrique (French), BBC Arabic: one house, two hosts for the same article, nothing to pay."""

from datetime import date

from spiders.kit.outlet import Feed, Layout, NewsSitemap, Outlet, Sitemap
from spiders.kit.page import Page


class BbcPage(Page):
    body_at = (
        "article [data-component=text-block], article [data-component=subheadline-block], "
        "article [data-component$=ordered-list-block]"
    )
    tags_at = "[data-component=tag-list-block] a"
    house = ("BBC", "BBC News", "BBC Afrique", "BBC Arabic", "BBC News Afrique")


class BbcPageUntil2026(BbcPage):
    body_at = ""
    tags_at = "[data-component=topic-list] li, #topic-tags .tags-list__tags, .story-body .tags-list__tags"
    furniture = (r"^published$",)


OUTLET = Outlet(
    name="bbc",
    title="BBC",
    home="https://www.bbc.com/",
    languages=("en", "fr", "ar"),
    sources=(
        Feed("https://feeds.bbci.co.uk/news/world/africa/rss.xml"),
        Feed("https://www.bbc.com/afrique/rss.xml"),
        NewsSitemap("https://www.bbc.com/sitemaps/https-index-com-news.xml"),
        Sitemap("https://www.bbc.com/sitemaps/https-index-com-archive.xml"),
        Sitemap("https://www.bbc.com/afrique/sitemap.xml"),
        Sitemap("https://www.bbc.com/arabic/sitemap.xml"),
    ),
    articles=r"^https://www\.bbc\.com/(?:news|afrique|arabic)/(?:live/)?(?:articles/|[a-z]+(?:-[a-z]+)*-)?"
    r"(?P<id>c[a-z0-9]{10,13}|\d{6,8})$",
    same=(
        (r"^https?://(?:(?:www|m)\.)?bbc\.(?:com|co\.uk)/", "https://www.bbc.com/"),
        (r"^(https://www\.bbc\.com/(?:news|afrique|arabic)/[^?#]+)\.amp$", r"\1"),
    ),
    page=BbcPage,
    layouts=(Layout(date(2026, 2, 3), BbcPageUntil2026),),
    proven="English articles of November 2019, April 2020, December 2023 and April 2026",
    waits="Pages of BBC Afrique and BBC Arabic, of which none was recorded, and the feed of BBC Arabic.",
)
