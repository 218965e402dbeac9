"""The replica of a wire agency that never was, the "Agence du Fleuve": the original stories that others copy.

It lives under a reserved domain (RFC 2606), lets its text be used under CC BY 4.0, and reserves its
archive by the TDM Reservation Protocol.
"""

import json
from datetime import UTC, timedelta
from urllib.parse import unquote

from crawler.press.announcements import (
    Channel,
    Entry,
    Item,
    atom,
    mail_date,
    news_sitemap,
    rss,
    sitemap,
    sitemap_index,
)
from crawler.press.edition import FOUNDED, Edition, node, number
from crawler.press.exchange import Answer, Request, answer_html, conditional, document, gzipped, moved
from crawler.press.fleuve_addresses import HOME, address, path, specials
from crawler.press.shown import access, authors, picture, sent, standfirst
from crawler.press.texts import Story
from crawler.press.typesetting import clipped, day, json_script, typeset

HOSTS = frozenset(("www.fleuve.example", "fleuve.example"))
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
__all__ = ["HOSTS", "LICENCE", "address", "answer", "specials"]

ROBOTS = """\
# Agence du Fleuve: an invented agency, for demonstrations.
# Texts may be read, kept and passed on under CC BY 4.0, but for the archive: see /.well-known/tdmrep.json
User-agent: *
Disallow: /fr/abonnes/

User-agent: GPTBot
User-agent: Bytespider
Disallow: /

Sitemap: https://www.fleuve.example/sitemap.xml
Sitemap: https://www.fleuve.example/sitemap-news.xml
"""
# The first rule that fits a path decides (TDM Reservation Protocol).
RESERVATIONS = (
    {"location": "/fr/archives/", "tdm-reservation": 1, "tdm-policy": f"{HOME}licence"},
    {"location": "/", "tdm-reservation": 0},
)
_XML = "application/xml; charset=utf-8"
_IN_FEED = 15
_NEWS = timedelta(days=4)  # before the newest dispatch
_NAME = "Agence du Fleuve"


def answer(request: Request, edition: Edition) -> Answer:
    """The agency's answer to a GET or HEAD."""
    if request.scheme != "https" or request.host != "www.fleuve.example":
        return moved("https://www.fleuve.example" + request.target)
    return (
        _machine_readable(request, edition)
        or _article(request, edition)
        or _listing(request, edition)
        or _special(request, edition)
        or answer_html(404, _plain("en", "Not found", "There is no dispatch at this address."))
    )


def _machine_readable(request: Request, edition: Edition) -> Answer | None:
    match request.path:
        case "/robots.txt":
            return document(ROBOTS, "text/plain; charset=utf-8", request, FOUNDED)
        case "/.well-known/tdmrep.json":
            return document(json.dumps(RESERVATIONS), "application/json", request, FOUNDED)
        case "/fr/atom.xml":
            return document(_atom(edition), "application/atom+xml; charset=utf-8", request, edition.changed)
        case "/en/rss.xml":
            return document(_rss(edition), "application/rss+xml; charset=utf-8", request, edition.changed)
        case "/sitemap-news.xml":
            return document(_news(edition), _XML, request, edition.changed)
        case "/sitemap-archive.xml.gz":
            # The name promises gzip, the bytes are plain XML: some newspapers do so.
            return document(_archive(edition), "application/gzip", request, edition.changed)
        case "/sitemap.xml":
            children = ("sitemap-archive.xml.gz", "sitemap-news.xml")
            index = sitemap_index((HOME + child, edition.changed) for child in children)
            return document(index, _XML, request, edition.changed)
    return None


def _channel(edition: Edition, language: str, address: str) -> Channel:
    return Channel(
        title=f"{_NAME} ({'agence inventée' if language == 'fr' else 'an invented agency'})",
        home=f"{HOME}{language}/",
        address=HOME + address,
        description="Textes inventés." if language == "fr" else "Invented texts.",
        language=language,
        updated=edition.changed.astimezone(UTC),
    )


def _in(edition: Edition, language: str) -> list[Story]:
    return [story for story in edition.stories if story.language == language]


def _summary(story: Story) -> str:
    return standfirst(story) or clipped(sent(story)[0].text, 240)


def _atom(edition: Edition) -> str:
    newest = sorted(_in(edition, "fr"), key=lambda story: story.changed, reverse=True)[:_IN_FEED]
    entries = (
        Entry(
            id=f"tag:fleuve.example,2023:{node(story)}",
            title=story.title,
            link=address(story),
            summary=_summary(story),
            published=story.published.isoformat(),
            updated=story.changed.isoformat(),
            authors=authors(story),
            tags=story.tags,
        )
        for story in newest
    )
    return atom(_channel(edition, "fr", "fr/atom.xml"), entries, f"CC BY 4.0, {LICENCE}")


def _rss(edition: Edition) -> str:
    items = (
        Item(
            title=story.title,
            link=address(story),
            description=_summary(story),
            date=mail_date(story.published),
            guid=address(story),
            creators=authors(story),
            categories=tuple(("https://www.fleuve.example/tags", tag) for tag in story.tags),
        )
        for story in _in(edition, "en")[:_IN_FEED]
    )
    return rss(_channel(edition, "en", "en/rss.xml"), items)


def _news(edition: Edition) -> str:
    recent = [story for story in edition.stories if story.published > edition.stories[0].published - _NEWS]
    entries = [
        {
            "loc": address(story),
            "language": story.language,
            "published": story.published.isoformat(),
            "title": story.title,
            "keywords": ", ".join(story.tags),
        }
        for story in recent
    ]
    return news_sitemap(_NAME, entries)


def _archive(edition: Edition) -> str:
    entries = [(address(story), story.changed) for story in edition.stories]
    return sitemap([*entries, *((special.url, special.since) for special in specials(edition))])


def _article(request: Request, edition: Edition) -> Answer | None:
    wanted = unquote(request.path)
    story = next((story for story in edition.stories if path(story) == wanted), None)
    if story is None:
        return None
    html = typeset(
        "fleuve/article.html",
        language=story.language,
        licence=LICENCE,
        story=story,
        url=address(story),
        alternates=_alternates(story, edition),
        standfirst=standfirst(story),
        published=story.published.isoformat(),
        shown_date=f"{day(story.published, story.language)}, {story.published:%H:%M}",
        authors=authors(story),
        legend=story.caption,
        credit=credit(story),
        ld=json_script(_linked_data(story)),
        blocks=sent(story),
        related=_related(story, edition),
    )
    # There is no noise in these pages, so they have validators that hold.
    answered = gzipped(conditional(answer_html(200, html), request, story.changed), request)
    if answered.status == 304 or number(story.key, 3) != 2:
        return answered
    return Answer(answered.status, answered.headers, answered.body, "chunked")


def credit(story: Story) -> str | None:
    """Who took the picture and for whom, as printed; None without a picture."""
    names = " / ".join(name for name in (story.photographer, story.agency) if name)
    return f"Photo: {names}{f' via {story.distributor}' if story.distributor else ''}" if picture(story) else None


def _related(story: Story, edition: Edition) -> list[tuple[str, str]]:
    earlier = [other for other in _in(edition, story.language) if other.published < story.published]
    return [(address(other), other.title) for other in earlier[:4]]


def _alternates(story: Story, edition: Edition) -> list[tuple[str, str]]:
    original = edition.story(story.translates)
    copies = [other for other in edition.stories if other.translates == story.key]
    return [(other.language, address(other)) for other in ([original] if original else []) + copies]


def _linked_data(story: Story) -> dict[str, object]:
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": address(story),
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "inLanguage": story.language,
        "articleSection": story.section,
        "keywords": list(story.tags),
        "author": [{"@type": "Organization" if name == _NAME else "Person", "name": name} for name in authors(story)],
        "publisher": {"@type": "Organization", "name": _NAME, "url": HOME},
        "isAccessibleForFree": access(story) == "free",
        "license": LICENCE,
    }
    if story.modified is not None:
        data["dateModified"] = story.modified.isoformat()
    if standfirst(story):
        data["description"] = standfirst(story)
    return data


def _listing(request: Request, edition: Edition) -> Answer | None:
    language = {"/": "fr", "/fr/": "fr", "/en/": "en"}.get(request.path)
    if language is None:
        return None
    html = typeset(
        "fleuve/listing.html",
        language=language,
        licence=LICENCE,
        heading="Les dépêches" if language == "fr" else "Dispatches",
        canonical=f"{HOME}{language}/",
        rows=[(address(story), story.title) for story in _in(edition, language)],
    )
    return gzipped(conditional(answer_html(200, html), request, edition.changed), request)


def _plain(language: str, heading: str, *texts: str, form: str | None = None) -> str:
    return typeset("fleuve/plain.html", language=language, licence=LICENCE, heading=heading, texts=texts, form=form)


def _special(request: Request, edition: Edition) -> Answer | None:
    if request.path == "/consent":
        text = "Before you read on, choose what this agency may keep about you. It keeps nothing."
        form = request.query.get("return", "")
        return answer_html(200, _plain("en", "Your choices about cookies", text, form=form))
    if request.path == "/licence":
        return answer_html(200, _plain("en", "Licence", "Texts outside the archive: CC BY 4.0."))
    special = next((entry for entry in specials(edition) if entry.url == HOME + request.path[1:]), None)
    if special is None:
        return None
    if special.target is not None:
        return moved(special.target, special.status)
    if special.kind == "empty":
        return answer_html(200, "")
    if special.kind == "pdf":
        return Answer(200, (("Content-Type", "application/pdf"),), _PDF)
    if special.status == 500:
        return answer_html(500, _plain("en", "Internal error", "Something broke, on purpose."))
    return answer_html(200, _plain("fr", "Réservé", "Une page que robots.txt ferme à tous."))


_PDF = (
    b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
