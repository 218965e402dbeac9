"""Middle East Eye (English, French): news and opinion; addresses carry no day."""

from spiders.kit.outlet import Feed, Outlet, Sitemap

OUTLET = Outlet(
    name="middleeasteye",
    title="Middle East Eye",
    home="https://www.middleeasteye.net/",
    languages=("en", "fr"),
    sources=(
        Feed("https://www.middleeasteye.net/rss"),
        Feed("https://www.middleeasteye.net/fr/rss"),
        Sitemap("https://www.middleeasteye.net/sitemap.xml"),
    ),
    articles=r"^https?://www\.middleeasteye\.net/(?:fr/)?"
    r"(?!(?:tags?|topics?|users?|authors?|countries|search|sites|node|video)/)"
    r"(?:[a-z][a-z-]*/){1,2}[^/?#-]+(?:-[^/?#-]+){2,}/?$",
    same=((r"^https?://(?:www\.)?middleeasteye\.net/", "https://www.middleeasteye.net/"),),
    waits="The French feed and the sitemap's form are from lists, and the sections may be more: look which addresses of"
    " the sitemap are skipped.",
)
