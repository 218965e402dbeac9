"""The Associated Press (English): the news agency's own site, free for all."""

from spiders.kit.outlet import NewsSitemap, Outlet, Sitemap

OUTLET = Outlet(
    name="ap",
    title="Associated Press",
    home="https://apnews.com/",
    languages=("en",),
    sources=(
        NewsSitemap("https://apnews.com/news-sitemap-content.xml"),
        Sitemap("https://apnews.com/ap-sitemap.xml"),
    ),
    articles=r"^https://apnews\.com/(?:article/(?:[a-z0-9-]+-)?)?(?P<id>[0-9a-f]{32})$",
    same=((r"^https?://(?:www\.)?apnews\.com/", "https://apnews.com/"), (r"^(https://apnews\.com/[^?#]+)/$", r"\1")),
    proven="articles of April and December 2023",
    waits="Everything but robots.txt answered 403 to anonymous readers in September 2026.",
)
