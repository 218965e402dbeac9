"""20 Minutes (French): a free daily."""

from spiders.kit.outlet import Feed, NewsSitemap, Outlet
from spiders.kit.page import Page


class VingtMinutesPage(Page):
    byline_at = ".authorsign-label"
    body_at = ".lt-endor-body"
    drop = (".correlatedLink, .live-refresh, .live-filter, .tags, .counter, .sharebar",)
    furniture = (r"^a (?:voir|lire)(?: aussi)?$",)
    marks_paid = True  # there is nothing to pay for
    house = ("20 Minutes",)


OUTLET = Outlet(
    name="vingtminutes",
    title="20 Minutes",
    home="https://www.20minutes.fr/",
    languages=("fr",),
    sources=(
        Feed("https://www.20minutes.fr/rss/une.xml"),
        NewsSitemap("https://www.20minutes.fr/sitemap-news.xml"),
    ),
    articles=r"^https://www\.20minutes\.fr/(?:[a-z0-9-]+/)+(?P<id>\d+)-(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)-[^/?#]+$",
    same=((r"^https?://(?:www\.)?20minutes\.fr/", "https://www.20minutes.fr/"),),
    page=VingtMinutesPage,
    proven="a live page of April 2023",
    waits="Every page that is not live, and the listing by days under /archives/ for what is older than the feed.",
)
