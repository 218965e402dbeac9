"""Jeune Afrique (French): a weekly on Africa, partly for subscribers."""

from spiders.kit.outlet import Feed, Outlet

OUTLET = Outlet(
    name="jeuneafrique",
    title="Jeune Afrique",
    home="https://www.jeuneafrique.com/",
    languages=("fr",),
    sources=(Feed("https://www.jeuneafrique.com/feed/"),),
    articles=r"^https?://www\.jeuneafrique\.com/(?:(?:mag|depeches)/)?(?P<id>\d{4,})/(?:[^/?#]+/)+$",
    same=(
        (r"^https?://(?:www\.)?jeuneafrique\.com/", "https://www.jeuneafrique.com/"),
        (r"(/\d{4,}/[^?#]*[^/?#])$", r"\1/"),
    ),
    waits="The marks of its paywall, and a way back to 2023: no sitemap is known.",
)
