"""Deutsche Welle (English, French, Arabic, Hausa; the pages are alike in all its languages): free for all."""

from datetime import date

from spiders.kit.outlet import Feed, Layout, NewsSitemap, Outlet, Sitemap
from spiders.kit.page import Page


class DwPage(Page):
    body_at = ".rich-text"
    drop = (".vjs-wrapper, .advertisement",)
    section_at = "header .kicker > span:first-child"
    tags_at = "header .kicker > span"
    marks_paid = True  # there is nothing to pay for
    house = ("DW", "dw.com", "Deutsche Welle")


class DwPageOf2023(DwPage):
    tags_at = "#related-topics a"


OUTLET = Outlet(
    name="dw",
    title="Deutsche Welle",
    home="https://www.dw.com/",
    languages=("en", "fr", "ar", "ha"),
    sources=(
        Feed("https://rss.dw.com/xml/rss-en-all"),
        *(NewsSitemap(f"https://www.dw.com/{each}/news-sitemap.xml") for each in ("en", "fr", "ar", "ha")),
        *(Sitemap(f"https://www.dw.com/{each}/article-sitemap.xml") for each in ("en", "fr", "ar", "ha")),
    ),
    articles=r"^https://www\.dw\.com/[a-z]{2}(?:-[a-z]+)?/[^/?#]+/(?:a|live)-(?P<id>\d+)$",
    same=(
        (r"^https?://(?:(?:www|amp|m)\.)?dw\.com/", "https://www.dw.com/"),
        (r"(?<=[?&])maca=[^&]*&?", ""),
        (r"[?&]$", ""),
    ),
    page=DwPage,
    layouts=(Layout(date(2024, 1, 18), DwPageOf2023),),
    proven="German articles of June 2023 and January 2024",
    waits="Pages in English, French, Arabic and Hausa, which have the same structure but were not recorded.",
)
