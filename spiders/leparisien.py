"""Le Parisien (French): a daily of Paris; what is reserved for subscribers is cut and says so."""

from spiders.kit.outlet import Feed, NewsSitemap, Outlet
from spiders.kit.page import Page


class LeParisienPage(Page):
    body_at = ".article-section section.content"
    drop = (".article-read-also_container",)
    gate_at = ".article-section .paywall"
    section_at = ".breadcrumb a"
    marks_paid = True
    house = ("Le Parisien",)

    def section(self) -> str | None:
        found = super().section()
        return found.rstrip(",") if found else None  # the comma stands inside the crumb


OUTLET = Outlet(
    name="leparisien",
    title="Le Parisien",
    home="https://www.leparisien.fr/",
    languages=("fr",),
    sources=(
        Feed("https://feeds.leparisien.fr/leparisien/rss"),
        NewsSitemap(
            "https://www.leparisien.fr/arc/outboundfeeds/news-sitemap-index/?from=0&outputType=xml&_website=leparisien"
        ),
    ),
    articles=r"^https://www\.leparisien\.fr/(?:[a-z0-9-]+/)+[^/?#]*-(?P<d>\d\d)-(?P<m>\d\d)-(?P<y>\d{4})-"
    r"(?P<id>[A-Z0-9]{26}|\d+)\.php$",
    same=((r"^https?://(?:www\.)?leparisien\.fr/(?:amp/)?", "https://www.leparisien.fr/"),),
    page=LeParisienPage,
    proven="articles of April 2023, free and cut",
    waits="The feed is known from lists only, and how far back the sitemap's pages go.",
)
