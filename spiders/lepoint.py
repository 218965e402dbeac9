"""Le Point (French): a weekly; what is reserved for subscribers is cut and says so."""

from datetime import datetime

from spiders.kit import dates
from spiders.kit.outlet import Feed, NewsSitemap, Outlet
from spiders.kit.page import Page


class LePointPage(Page):
    byline_at = ".SigatureAuthorNames"  # spelt so in the page
    body_at = (
        ".ArticleBody:has(p)"  # under a video a few lines without paragraphs: the generic reader splits them better
    )
    drop = (".Capsule, .info-paywall",)
    furniture = (r"^-?\s*www\.lepoint\.fr$",)
    gate_at = ".info-paywall, #article-reserve-aux-abonnes"
    marks_paid = True
    house = ("Le Point", "Le Point.fr")

    def modified(self) -> datetime | None:
        """From the meta tag: the JSON-LD repeats the publication. The tag's clock is that of Paris, though it says
        +01:00 also in summer."""
        found, published = dates.moment(self.meta("article:modified_time")), self.published()
        if found is None or found.at is None or published is None:
            return super().modified()
        self._from("modified", "meta")
        return found.at.replace(tzinfo=published.tzinfo)


OUTLET = Outlet(
    name="lepoint",
    title="Le Point",
    home="https://www.lepoint.fr/",
    languages=("fr",),
    sources=(
        Feed("https://www.lepoint.fr/24h-infos/rss.xml"),
        NewsSitemap("https://www.lepoint.fr/sitemap-news.xml"),
    ),
    articles=r"^https://www\.lepoint\.fr/(?:[a-z0-9-]+/)+[^/?#]*-(?P<d>\d\d)-(?P<m>\d\d)-(?P<y>\d{4})-(?P<id>\d+)_\d+\.php$",
    same=((r"^https?://(?:www\.)?lepoint\.fr/", "https://www.lepoint.fr/"),),
    page=LePointPage,
    proven="articles, editorials and a video page of April 2023, free and cut",
    waits="Feed and news sitemap are known from lists only, and no sitemap that goes back to 2023 is known.",
)
