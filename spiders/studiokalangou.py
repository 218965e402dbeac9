"""Studio Kalangou (French): the radio newsroom in Niamey, its bulletins and reports in writing."""

from spiders.kit.outlet import Feed, Outlet

OUTLET = Outlet(
    name="studiokalangou",
    title="Studio Kalangou",
    home="https://www.studiokalangou.org/",
    languages=("fr",),
    sources=(Feed("https://www.studiokalangou.org/feed/"),),
    articles=r"^https?://www\.studiokalangou\.org/"
    r"(?!(?:category|tag|author|page|feed|comments|wp-[a-z]+)/"
    r"|(?:qui-sommes-nous|mentions-legales|politique-de-confidentialite|nous-contacter)/?$)"
    r"(?:\?p=(?P<id>\d+)$"
    r"|(?:(?P<y>\d{4})/(?P<m>\d\d)/(?:(?P<d>\d\d)/)?)?(?:[a-z][a-z-]*/)?[^/?#-]+(?:-[^/?#-]+)+/?$)",
    same=((r"^https?://(?:www\.)?studiokalangou\.org/", "https://www.studiokalangou.org/"),),
    waits="The form of its addresses is a guess, WordPress' own: look whether articles of the feed are skipped.",
)
