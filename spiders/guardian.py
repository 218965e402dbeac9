"""The Guardian (English): free for all; what the standards say is all that is needed to read it."""

from spiders.kit.outlet import Feed, NewsSitemap, Outlet

OUTLET = Outlet(
    name="guardian",
    title="The Guardian",
    home="https://www.theguardian.com/",
    languages=("en",),
    sources=(
        Feed("https://www.theguardian.com/world/rss"),
        NewsSitemap("https://www.theguardian.com/sitemaps/news.xml"),
    ),
    articles=r"^https://www\.theguardian\.com/(?:(?!(?:video|gallery|audio|picture|cartoon)/)[a-z0-9-]+/){1,3}"
    r"(?P<y>\d{4})/(?P<m>[a-z]{3})/(?P<d>\d\d)/(?!all$)[^/?#]+$",
    same=((r"^https?://(?:(?:www|amp|m)\.)?(?:theguardian\.com|guardian\.co\.uk)/", "https://www.theguardian.com/"),),
    proven="articles of January 2020, December 2023 and February 2024",
    waits="Live pages, and the tag pages (?page=N) as a way to articles older than the sitemap's two days.",
)
