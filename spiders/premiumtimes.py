"""Premium Times (English): a newspaper in Abuja, Nigeria."""

from spiders.kit.outlet import Feed, Outlet, Sitemap
from spiders.kit.page import Page


class PremiumTimesPage(Page):
    # The appeal for donations has no place of its own in the page: it stands among the article's paragraphs
    furniture = (
        r"^support premium times['’] journalism\b.{0,100}$",
        r"^help us maintain free and accessible news\b.{0,400}$",
        r"^.{0,300}\bconsider supporting us\b.{0,200}$",
        r"^text ad\b.{0,200}$",
    )
    house = ("Premium Times", "Premium Times Nigeria")


OUTLET = Outlet(
    name="premiumtimes",
    title="Premium Times",
    home="https://www.premiumtimesng.com/",
    languages=("en",),
    sources=(
        Feed("https://www.premiumtimesng.com/feed"),
        Sitemap("https://www.premiumtimesng.com/sitemap_index.xml", only=r"/post-sitemap\d*\.xml"),
    ),
    articles=r"^https?://www\.premiumtimesng\.com/(?:[^/?#]+/)+(?P<id>\d+)-[^/?#]+\.html$",
    same=((r"^https?://(?:www\.)?premiumtimesng\.com/", "https://www.premiumtimesng.com/"),),
    page=PremiumTimesPage,
    waits="That the sitemap's children are called post-sitemap is a guess, WordPress' own; the words of the appeal for"
    " donations are from one list.",
)
