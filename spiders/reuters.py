"""Reuters (English): the news agency's own site; metered, and guarded against robots."""

from spiders.kit.outlet import NewsSitemap, Outlet, Sitemap
from spiders.kit.page import Page


class ReutersPage(Page):
    tags_at = "nav[aria-label=Tags] li a, nav[class*=article-header__tags] li a"  # the metadata hold codes
    furniture = (r"^our standards: the thomson reuters trust principles\W*$", r"^advertisement\W+scroll to continue$")
    house = ("Reuters", "Reuters Editorial", "Thomson Reuters")


OUTLET = Outlet(
    name="reuters",
    title="Reuters",
    home="https://www.reuters.com/",
    languages=("en",),
    sources=(
        NewsSitemap("https://www.reuters.com/arc/outboundfeeds/news-sitemap-index/?outputType=xml"),
        Sitemap("https://www.reuters.com/arc/outboundfeeds/sitemap-index/?outputType=xml"),
    ),
    articles=r"^https://www\.reuters\.com/(?:(?:[a-z0-9-]+/)+[a-z0-9-]+-(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)/"
    r"|article/(?:[a-z0-9-]+/)*(?:[a-z0-9-]+-)?id(?P<id>[A-Z]{2}[A-Z0-9]{5,}))$",
    same=(
        (r"^https?://(?:www\.|mobile\.)?reuters\.com/", "https://www.reuters.com/"),
        (r"(-\d{4}-\d\d-\d\d)$", r"\1/"),
    ),
    page=ReutersPage,
    proven="articles of November 2019, April and December 2023",
    waits="Whether sitemaps and articles answer anyone but a browser: the fact sheet expects a bot wall.",
)
