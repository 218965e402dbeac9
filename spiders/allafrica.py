"""allAfrica (English, French): articles of some hundred African newspapers, republished; partly for subscribers.

What it publishes is another newspaper's text, so each article names that newspaper as the source. Its numbers run on
from day to day; nobody counts through them: what is fetched is what the feeds announce.
"""

from archive.model import Attribution
from spiders.kit.outlet import Feed, Outlet
from spiders.kit.page import Page


class AllAfricaPage(Page):
    house = ("allAfrica", "allAfrica.com")

    def attributions(self) -> tuple[Attribution, ...]:
        said = self.text_at(".publisher-name")  # "The Newspaper (Town)"
        source = said.partition("(")[0].strip()
        if not source or source.lower().startswith("allafrica"):
            return super().attributions()
        return (Attribution(source, "republished", said), *super().attributions())


OUTLET = Outlet(
    name="allafrica",
    title="allAfrica",
    home="https://allafrica.com/",
    languages=("en", "fr"),
    sources=(
        Feed("https://allafrica.com/tools/headlines/rdf/latest/headlines.rdf"),
        Feed("https://allafrica.com/tools/headlines/rdf/niger/headlines.rdf"),
        Feed("https://fr.allafrica.com/tools/headlines/rdf/latest/headlines.rdf"),
    ),
    articles=r"^https?://(?:fr\.)?allafrica\.com/stories/(?P<id>(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)\d{4})\.html$",
    same=(
        (r"^https?://(?:www\.)?allafrica\.com/", "https://allafrica.com/"),
        (r"^http://fr\.allafrica", "https://fr.allafrica"),
        (r"(?<=allafrica\.com/stories/)printable/", ""),
    ),
    page=AllAfricaPage,
    waits="The marks of articles for subscribers, and whether the newspaper's name stands where it did in 2021.",
)
