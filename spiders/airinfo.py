"""Aïr Info (French): a newspaper in Agadez, in the north of Niger."""

from spiders.kit.outlet import Feed, Outlet

OUTLET = Outlet(
    name="airinfo",
    title="Aïr Info",
    home="https://airinfoagadez.com/",
    languages=("fr",),
    sources=(Feed("https://airinfoagadez.com/feed/"),),
    articles=r"^https?://airinfoagadez\.com/"
    r"(?!(?:category|tag|author|page|feed|comments|wp-[a-z]+)/"
    r"|(?:qui-sommes-nous|mentions-legales|politique-de-confidentialite|nous-contacter)/?$)"
    r"(?:\?p=(?P<id>\d+)$"
    r"|(?:(?P<y>\d{4})/(?P<m>\d\d)/(?:(?P<d>\d\d)/)?)?(?:[a-z][a-z-]*/)?[^/?#-]+(?:-[^/?#-]+)+/?$)",
    same=((r"^https?://(?:www\.)?airinfoagadez\.com/", "https://airinfoagadez.com/"),),
    waits="The form of its addresses is a guess, WordPress' own: look whether articles of the feed are skipped.",
)
