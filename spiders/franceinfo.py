"""franceinfo (French): the public broadcasters' news, free for all."""

from spiders.kit.outlet import Feed, NewsSitemap, Outlet
from spiders.kit.page import Page


class FranceinfoPage(Page):
    title_at = "h1.c-title"
    standfirst_at = ".c-chapo"
    body_at = ".c-body"
    figure_at = ".c-cover figure, .c-body figure"
    furniture = (r"^>>>",)  # a line of links to other articles
    marks_paid = True  # there is nothing to pay for
    house = ("franceinfo", "franceinfo Culture", "France Télévisions", "Radio France")


OUTLET = Outlet(
    name="franceinfo",
    title="franceinfo",
    home="https://www.francetvinfo.fr/",
    languages=("fr",),
    sources=(
        Feed("https://www.francetvinfo.fr/titres.rss"),
        Feed("https://www.francetvinfo.fr/monde/afrique.rss"),
        NewsSitemap("https://www.francetvinfo.fr/sitemap_news.xml"),
    ),
    articles=r"^https://www\.(?:francetvinfo|franceinfo)\.fr/(?:[a-z0-9-]+/)+[^/?#]+_(?P<id>\d+)\.html$",
    same=((r"^https?://(?:www\.|m\.|mobile\.)?(francetvinfo|franceinfo)\.fr/", r"https://www.\1.fr/"),),
    page=FranceinfoPage,
    proven="articles and a video page of April 2023",
    waits="Whether feeds and pages moved to www.franceinfo.fr, and a sitemap that goes back to 2023.",
)
