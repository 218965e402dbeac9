"""Where Mediapart's replica announces its articles: the feed, the sitemaps, the listings."""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.press.announcements import Channel, Item, mail_date, rss, sitemap, sitemap_index
from crawler.press.edition import FOUNDED, Edition, node, number
from crawler.press.exchange import Answer, Request, document
from crawler.press.mediapart_addresses import HOME, LABELS, LISTED, address, specials
from crawler.press.shown import authors, sent, standfirst
from crawler.press.texts import Story
from crawler.press.typesetting import slug, summary, typeset

_XML = "application/xml; charset=utf-8"
_IN_FEED = 10


def feed(edition: Edition) -> str:
    """The ten newest French articles, with a post of the Club and a video among them."""
    newest = [story for story in edition.stories if story.language == "fr"][:_IN_FEED]
    items = [_item(story, position) for position, story in enumerate(newest)]
    when = newest[min(2, len(newest) - 1)].published if newest else FOUNDED
    items[2:2] = [_visitor("blogs.mediapart.fr/une-lectrice-inventee/blog", "un-billet-du-club", when)]
    items[5:5] = [_visitor("www.mediapart.fr/studio/videos", "une-emission-inventee", when)]
    channel = Channel(
        title="Mediapart (réplique de démonstration)",
        home=HOME,
        address=f"{HOME}articles/feed",
        description="Textes inventés : rien ici n’est une information.",
        language="fr",
        updated=edition.changed.astimezone(UTC),
    )
    return rss(channel, items)


def _item(story: Story, position: int) -> Item:
    link = address(story)
    if position == 3:
        link = link.replace("https:", "http:", 1)
    elif position == 4:
        link += "?at_medium=rss&at_campaign=replique"
    first = sent(story)[0].text if sent(story) else ""
    described = typeset(
        "mediapart/described.html",
        authors=authors(story),
        summary=summary(story, first),
        address=address(story),
    )
    categories = [("https://www.mediapart.fr/rubrique", story.section)]
    categories += [("https://www.mediapart.fr/mot-cle", tag) for tag in story.tags]
    return Item(
        title=story.title,
        link=link,
        description=described,
        date=mail_date(story.published.astimezone(UTC)),
        guid=f"{node(story)} at https://www.mediapart.fr",
        creators=authors(story),
        categories=tuple(categories),
        image=f"https://static.mediapart.fr/etmagine/default/files/{story.key}.jpg",
    )


def _visitor(folder: str, name: str, when: datetime) -> Item:
    where = f"https://{folder}/{when:%d%m%y}/{name}" if "blog" in folder else f"https://{folder}/{name}"
    title = name.replace("-", " ").capitalize()
    return Item(title, where, f"<p>{title}</p>", mail_date(when.astimezone(UTC)), f"{number(name)} at {where}")


def _months(edition: Edition) -> list[tuple[int, int]]:
    return sorted({(story.published.year, story.published.month) for story in edition.stories})


def _child(year: int, month: int) -> str:
    return f"{HOME}sitemap/journal-{year}-{month:02}.xml" + (".gz" if month == 8 else "")


def _entries(edition: Edition, year: int, month: int) -> list[tuple[str, datetime]]:
    inside = [story for story in edition.stories if (story.published.year, story.published.month) == (year, month)]
    entries = [(address(story), story.changed.astimezone(UTC)) for story in inside]
    entries += [
        (special.url, special.since)
        for special in specials(edition)
        if (special.since.year, special.since.month) == (year, month)
    ]
    newest = max((changed for _, changed in entries), default=FOUNDED)
    return [(HOME, newest), *entries]


def index(edition: Edition) -> str:
    """`sitemap_index.xml`: one child for each month."""
    return sitemap_index((_child(*when), _entries(edition, *when)[0][1]) for when in _months(edition))


def month(request: Request, edition: Edition, year: int, number_of_month: int) -> Answer | None:
    """The sitemap of a month; that of August is a gzip file. None when nothing was published then."""
    if (year, number_of_month) not in _months(edition) or not _child(year, number_of_month).endswith(request.path):
        return None
    entries = _entries(edition, year, number_of_month)
    xml, changed = sitemap(entries), entries[0][1]
    if request.path.endswith(".gz"):
        # The file is compressed, not the transfer: there is no Content-Encoding to undo.
        plain = Request(
            request.method,
            request.url,
            tuple(h for h in request.headers if h[0].lower() != "accept-encoding"),
        )
        return document(gzip.compress(xml.encode(), mtime=0), "application/x-gzip", plain, changed)
    return document(xml, _XML, request, changed)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of teasers: its heading, where it lies, the stories, and what only some listings have."""

    heading: str
    path: str
    stories: tuple[Story, ...]
    language: str = "fr"
    club: bool = False
    paged: bool = True


def listing(path: str, edition: Edition) -> Listing | None:
    """The listing at an address; None when there is none."""
    for pattern, made in _LISTINGS:
        found = re.fullmatch(pattern, path)
        if found:
            return made(found, edition)
    return None


def _pick(edition: Edition, wanted: Callable[[Story], bool]) -> tuple[Story, ...]:
    return tuple(story for story in edition.stories if wanted(story))


def _section(found: re.Match[str], edition: Edition) -> Listing | None:
    name = found[1]
    if name == "fil-dactualites":
        return Listing(LABELS[name], found[0], _pick(edition, lambda story: story.variant == "afp"))
    if name not in LISTED:
        return None
    section = LISTED[name]
    stories = _pick(edition, lambda story: story.section == section and story.language == "fr")
    return Listing(LABELS[name], found[0], stories)


def _front(found: re.Match[str], edition: Edition) -> Listing:
    stories = _pick(edition, lambda story: story.language == "fr")
    return Listing("À la Une", found[0], stories[:25], paged=False)


def _day(found: re.Match[str], edition: Edition) -> Listing:
    stories = _pick(edition, lambda story: f"{story.published:%d%m%y}" == found[1])
    return Listing(f"La Une du {found[1][:2]}/{found[1][2:4]}", found[0], stories, paged=False)


def _english(found: re.Match[str], edition: Edition) -> Listing:
    stories = _pick(edition, lambda story: story.language == "en")
    return Listing("Mediapart in English", found[0], stories, language="en", club=True)


def _spanish(found: re.Match[str], edition: Edition) -> Listing:
    return Listing("Mediapart en español", found[0], _pick(edition, lambda story: story.language == "es"), "es")


def _author(found: re.Match[str], edition: Edition) -> Listing | None:
    stories = _pick(edition, lambda story: found[1] in map(slug, authors(story)))
    return Listing(found[1].replace("-", " ").title(), found[0], stories) if stories else None


def _theme(found: re.Match[str], edition: Edition) -> Listing | None:
    stories = _pick(edition, lambda story: found[1] in map(slug, (story.kicker or "", *story.tags)))
    return Listing(found[1].replace("-", " ").capitalize(), found[0], stories) if stories else None


_LISTINGS: tuple[tuple[str, Callable[[re.Match[str], Edition], Listing | None]], ...] = (
    (r"/", _front),
    (r"/en/english", _english),
    (r"/es/espanol", _spanish),
    (r"/journal/une/(\d{6})", _day),
    (r"/journal/([a-z-]+)", _section),
    (r"/biographie/([^/]+)", _author),
    (r"/theme/([^/]+)", _theme),
    (r"/journal/mot-cle/([^/]+)", _theme),
    (r"/journal/dossier/[a-z-]+/([^/]+)", _theme),
    (r"/journal/[a-z-]+/dossier/([^/]+)", _theme),
)


def teased(story: Story) -> dict[str, object]:
    """What a teaser shows; every third has no `time` element."""
    stamped = number(story.key, 3) != 0
    return {
        "tag": story.kicker or LABELS.get(story.section, "International"),
        "path": address(story) if number(story.key, 5) == 0 else "/" + address(story).removeprefix(HOME),
        "title": story.title,
        "standfirst": standfirst(story),
        "authors": authors(story),
        "stamp": story.published.isoformat() if stamped else None,
        "shown": f"{story.published:%d/%m/%Y}",
    }
