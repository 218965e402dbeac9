"""BFM TV (French): a news channel, free for all."""

from spiders.kit.outlet import Feed, NewsSitemap, Outlet, Sitemap
from spiders.kit.page import Page


class BfmTvPage(Page):
    standfirst_at = ".content_body_wrapper .chapo"
    body_at = ".content_body_wrapper"
    drop = (".chapo, .block_signature_parent",)
    kicker_at = ".content_header .header_surtitre"
    marks_paid = True
    house = ("BFM TV", "BFMTV", "BFM Business", "Tech&Co")


OUTLET = Outlet(
    name="bfmtv",
    title="BFM TV",
    home="https://www.bfmtv.com/",
    languages=("fr",),
    sources=(
        Feed("https://www.bfmtv.com/rss/news-24-7/"),
        NewsSitemap("https://www.bfmtv.com/sitemap_news.xml"),
        Sitemap("https://www.bfmtv.com/sitemap_index_arbo_contenu.xml", only=r"/rubriquesContenus/\d{4}-\d\d"),
    ),
    articles=r"^https://www\.bfmtv\.com/(?:[a-z0-9-]+/)+[^/?#]+_(?P<id>A[A-Z]-(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)\d{4})\.html$",
    same=((r"^https?://(?:www\.)?bfmtv\.com/(?:amp/)?", "https://www.bfmtv.com/"),),
    page=BfmTvPage,
    proven="articles of March 2023",
    waits="Feed and sitemaps are known from lists only; whether any article has come to be paid for.",
)
