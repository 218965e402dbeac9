"""ActuNiger (French): a news site in Niamey."""

from spiders.kit.outlet import Feed, Listing, Outlet

OUTLET = Outlet(
    name="actuniger",
    title="ActuNiger",
    home="https://www.actuniger.com/",
    languages=("fr",),
    sources=(
        Feed("https://www.actuniger.com/index.php?format=feed&type=rss"),
        Listing("https://www.actuniger.com/"),
    ),
    articles=r"^https?://www\.actuniger\.com/(?:[a-z0-9-]+/)+(?P<id>\d+)-[^/?#]+\.html$",
    same=((r"^https?://(?:www\.)?actuniger\.com/", "https://www.actuniger.com/"),),
    waits="The site did not answer in September 2026, and lists name three forms of its feed: this one, /feed/ and"
    " /component/joomrss/.",
)
