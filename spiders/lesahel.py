"""Le Sahel (French): the state's daily in Niger, on lesahel.org (lesahel.info is another country's paper)."""

from spiders.kit.outlet import Feed, Outlet

OUTLET = Outlet(
    name="lesahel",
    title="Le Sahel",
    home="https://www.lesahel.org/",
    languages=("fr",),
    sources=(Feed("https://www.lesahel.org/feed/"),),
    articles=r"^https?://www\.lesahel\.org/(?:\?p=(?P<id>\d+)$|"
    r"(?!wp-|(?:qui-sommes-nous|mentions-legales|politique-de-confidentialite|nous-contacter)/?$)"
    r"[^/?#-]+(?:-[^/?#-]+)+/?$)",
    same=((r"^https?://(?:www\.)?lesahel\.org/", "https://www.lesahel.org/"),),
    waits="The feed answered 403 and, hours later, 200 in September 2026; it holds ten articles, and the listings"
    " under /category/ may reach further back.",
)
