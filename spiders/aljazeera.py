"""Al Jazeera (English on aljazeera.com, Arabic on aljazeera.net)."""

from spiders.kit.outlet import Feed, NewsSitemap, Outlet, Sitemap
from spiders.kit.page import Page


class AlJazeeraPage(Page):
    furniture = (r"^source:\s[^.]{2,80}$", r"^more:$")
    house = ("Al Jazeera", "Al Jazeera Staff", "AJLabs", "الجزيرة")


OUTLET = Outlet(
    name="aljazeera",
    title="Al Jazeera",
    home="https://www.aljazeera.com/",
    languages=("en", "ar"),
    sources=(
        Feed("https://www.aljazeera.com/xml/rss/all.xml"),
        NewsSitemap("https://www.aljazeera.com/news-sitemap.xml"),
        NewsSitemap("https://www.aljazeera.net/news-sitemap.xml"),
        Sitemap("https://www.aljazeera.com/sitemaps/article-archive.xml"),
        Sitemap("https://www.aljazeera.net/sitemaps/article-archive.xml"),
    ),
    articles=r"^https?://(?:www\.aljazeera\.com|www\.aljazeera\.net)/(?!(?:videos?|podcasts?|audio|program)/)"
    r"(?:[^/?#]+/)+?(?P<y>\d{4})/(?P<m>\d\d?)/(?:(?P<d>\d\d?)/)?[^/?#]+/?$",
    same=(
        (r"^https?://(?:www\.)?aljazeera\.(com|net)/", r"https://www.aljazeera.\1/"),
        (r"(?<=aljazeera\.com/)amp/", ""),
    ),
    page=AlJazeeraPage,
    proven="English pages of November 2019 (text) and December 2023 (title, author, day)",
    waits="The Arabic pages, and whether the archive's monthly sitemaps reach back to 2023.",
)
