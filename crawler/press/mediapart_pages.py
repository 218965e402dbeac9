"""How Mediapart's replica sets its pages: articles with the traps of their markup, listings, plain pages."""

from crawler.press.edition import Edition, node, number
from crawler.press.exchange import Request
from crawler.press.mediapart_addresses import LABELS, address, path
from crawler.press.mediapart_lists import Listing, teased
from crawler.press.shown import authors, is_cut, kicker, sent, standfirst
from crawler.press.texts import Story
from crawler.press.typesetting import (
    clipped,
    day,
    dropcap,
    french,
    json_script,
    month,
    saved,
    slug,
    summary,
    typeset,
)

_PER_PAGE = 10
_LOCALES = {"fr": "fr_FR", "en": "en_GB", "es": "es_ES"}
_FREE = {
    "fr": "Cet article est en accès libre.",
    "en": "This article is freely available.",
    "es": "Este artículo es de libre acceso.",
}
_SAYS_FREE = frozenset(("free_flag", "international_link", "broken_ld", "live"))
_KINDS = ("Article", "Reportage", "Entretien", "Analyse")
_EDITIONS = ("Édition du matin", "Édition de la mi-journée", "Édition du soir")


def _frame(edition: Edition, language: str) -> dict[str, object]:
    return {
        "language": language,
        "nonce": f"{number(f'nonce {edition.visit}'):08x}",
        "edition_name": _EDITIONS[edition.visit % 3],
        "today": f"{edition.at.day} {month(edition.at, 'fr')}",
        "menu": [(name, label) for name, label in LABELS.items() if name != "fil-dactualites"],
    }


def plain(edition: Edition, heading: str, *texts: str, form: bool = False) -> str:
    """A page without an article."""
    return typeset("mediapart/plain.html", heading=heading, texts=texts, form=form, **_frame(edition, "fr"))


def listing(found: Listing, request: Request, edition: Edition) -> str | None:
    """One page of a listing, counted from 1; None past its end."""
    page = request.query.get("page", "1")
    number_of_page = max(int(page), 1) if page.isdecimal() else 1
    size = _PER_PAGE if found.paged else len(found.stories)
    start = (number_of_page - 1) * size
    stories = found.stories[start : start + size]
    if number_of_page > 1 and not stories:
        return None
    teasers = [teased(story) for story in stories]
    if found.club and teasers:
        teasers.insert(1, _CLUB)
    first = number_of_page == 1 and len(teasers) > 1
    more = found.paged and start + size < len(found.stories)
    return typeset(
        "mediapart/listing.html",
        heading=found.heading,
        canonical=f"https://www.mediapart.fr{found.path}",
        lead=teasers[0] if first else None,
        teasers=teasers[1:] if first else teasers,
        previous=f"{found.path}?page={number_of_page - 1}" if number_of_page > 1 else None,
        next=f"{found.path}?page={number_of_page + 1}" if more else None,
        **_frame(edition, found.language),
    )


_CLUB: dict[str, object] = {
    "tag": "Club",
    "path": "https://blogs.mediapart.fr/an-invented-reader/blog/150823/an-invented-opinion",
    "title": "An invented opinion of an invented reader",
    "standfirst": None,
    "authors": ("An Invented Reader",),
    "stamp": None,
    "shown": "",
}


def article(story: Story, edition: Edition) -> str:
    """The page of an article as an anonymous reader gets it: equal at each visit but for the noise."""
    shown, luck = sent(story), number(story.key, 12)
    cut = is_cut(story)
    first = shown[0].text if shown else story.title
    description = french(summary(story, first))
    entities = description.replace("\u00a0", "&nbsp;")
    beside = edition.others(story, 9)
    whole = not cut and len(shown) > 2
    return typeset(
        "mediapart/article.html",
        **_frame(edition, story.language),
        story=story,
        url=address(story),
        image=f"https://static.mediapart.fr/etmagine/og/journal/files/{story.published:%Y/%m/%d}/{story.key}.jpg",
        alternates=_alternates(story, edition),
        description=description,
        clip=clipped(entities),
        authors=authors(story),
        phrase=_phrase(story),
        locale=_LOCALES[story.language],
        published=story.published.isoformat(),
        shown_date=_shown_date(story),
        nid=node(story),
        ld=_linked_data(story, entities),
        version="paywall_teaser_15pct" if story.variant == "cut_15pct" else "paywall_no_variance",
        flash=story.variant == "afp",
        cut=cut,
        toplinks=_toplinks(story),
        standfirst=standfirst(story),
        free_sentence=_FREE[story.language] if story.variant in _SAYS_FREE else None,
        legend=legend(story),
        player=story.variant == "video",
        spoken_date=f"Publié le {day(story.published, 'fr')}" if luck % 4 == 0 else None,
        audio=whole and luck % 3 == 0,
        blocks=shown,
        cap=dropcap(first) if shown and shown[0].kind == "p" and story.variant not in {"afp", "live"} else None,
        read_also=teased(earlier) if whole and (earlier := edition.earlier(story)) else None,
        newsletter=whole and luck % 2 == 0,
        sidebar=[teased(other) for other in beside[:5]],
        recirculation=[teased(other) for other in beside[5:8]],
    )


def legend(story: Story) -> str | None:
    """The line under the picture: what it shows, then the credit."""
    credit = " / ".join(name for name in (story.photographer, story.agency) if name)
    if story.distributor:
        credit = f"{credit} via {story.distributor}" if credit else story.distributor
    parts = [story.caption or "", f"© Photo {credit}" if credit else ""]
    return " ".join(part for part in parts if part) or None


def _phrase(story: Story) -> str | None:
    """A byline that is one piece of text and no links."""
    if story.variant == "mixed_byline":
        return " et ".join(authors(story))
    return "La rédaction de Mediapart" if authors(story) == ("La rédaction de Mediapart",) else None


def _shown_date(story: Story) -> str:
    when = story.published
    if story.language == "en":
        return f"{when.day} {month(when, 'en')} {when.year} at {when:%Hh%M}"
    return f"{day(when, story.language)} {'a las' if story.language == 'es' else 'à'} {when:%Hh%M}"


def _toplinks(story: Story) -> list[tuple[str, str, str]]:
    above = kicker(story)
    if above is None:
        return []
    if story.variant == "international_link" and above == "International Link":
        return [("/en/english", above, "text")]
    if story.variant == "series":
        return [(f"/journal/dossier/{story.section}/{slug(above)}", above, "text"), _kind(story)]
    return [(f"/theme/{slug(above)}", above, "text"), _kind(story)]


def _kind(story: Story) -> tuple[str, str, str]:
    label = {"live": "Direct", "video": "Vidéo", "international_link": "International Link"}.get(
        story.variant, _KINDS[number(story.key, len(_KINDS))]
    )
    return (f"/journal/type-darticles/{slug(label)}", label, "text-light")


def _alternates(story: Story, edition: Edition) -> list[tuple[str, str]]:
    original = edition.story(story.translates)
    copies = [other for other in edition.stories if other.translates == story.key]
    return [(other.language, address(other)) for other in ([original] if original else []) + copies]


def _linked_data(story: Story, description: str) -> list[str]:
    people = [
        {"@type": "Person", "name": name, "url": f"https://www.mediapart.fr/biographie/{slug(name)}"}
        for name in authors(story)
    ]
    phrase = _phrase(story)
    if phrase:
        people = [{"@type": "Person", "name": phrase, "url": "https://www.mediapart.fr/biographie/"}]
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        # Without host and without a leading slash, as the newspaper writes it.
        "mainEntityOfPage": {"@type": "WebPage", "@id": path(story)[1:]},
        "headline": french(story.title),
        "image": [f"https://static.mediapart.fr/etmagine/og/journal/files/{story.key}.jpg"],
        "datePublished": story.published.isoformat(),
        "dateModified": saved(story).isoformat(),
        "author": people,
        "publisher": {"@type": "Organization", "name": "Mediapart"},
        "description": description,
    }
    if is_cut(story):
        part = {
            "@type": "WebPageElement",
            "isAccessibleForFree": "False",
            "cssSelector": ".paywall-restricted-content",
        }
        data |= {"isAccessibleForFree": "False", "hasPart": part}
    elif (said := _says_free(story)) is not None:
        data["isAccessibleForFree"] = said
    block = json_script(data)
    if story.variant == "broken_ld":
        # A field that the content system left empty: no parser, however lenient, finds a date.
        block = block.replace(json_script(saved(story).isoformat()), "", 1)
    if story.variant in {"two_ld", "video"}:
        return [json_script(_second(story)), block]
    return [block]


def _says_free(story: Story) -> object:
    """True, "True" or nothing at all: only pages with the free sentence leave the key out."""
    ways: tuple[object, ...] = (True, "True", None) if story.variant in _SAYS_FREE else (True, "True")
    return ways[number(story.key, len(ways))]


def _second(story: Story) -> dict[str, object]:
    if story.variant == "video":
        return {
            "@context": "https://schema.org",
            "@type": "VideoObject",
            "name": f"Vidéo : {story.title}",
            "uploadDate": story.published.date().isoformat(),
            "embedUrl": f"https://www.mediapart.fr/studio/embed/{node(story)}",
        }
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Journal", "item": "https://www.mediapart.fr/"},
            {"@type": "ListItem", "position": 2, "name": story.section},
        ],
    }
