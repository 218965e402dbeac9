"""How Al-Monitor's replica sets its pages: articles with Drupal's noise and the gate, listings, bot check."""

from datetime import UTC, datetime
from urllib.parse import quote

from crawler.press.almonitor_addresses import address, path
from crawler.press.edition import Edition, node, number
from crawler.press.exchange import Request
from crawler.press.shown import WIRE, authors, credit_line, is_cut, sent, standfirst
from crawler.press.texts import Story
from crawler.press.typesetting import day, json_script, saved, typeset

_PER_PAGE = 10
_WORDS = {
    "en": {
        "skip": "Skip to main content",
        "home": "Home",
        "archives": "Archives",
        "search": "Search",
        "about": "About this replica",
        "more": "More from",
        "latest": "Latest",
    },
    "ar": {
        "skip": "تجاوز إلى المحتوى الرئيسي",
        "home": "الرئيسية",
        "archives": "الأرشيف",
        "search": "بحث",
        "about": "عن هذه النسخة",
        "more": "المزيد من",
        "latest": "الأحدث",
    },
}


def _frame(edition: Edition, language: str, kind: str) -> dict[str, object]:
    return {
        "language": language,
        "words": _WORDS[language],
        "token": _token(f"token {edition.visit}"),
        "month": f"{edition.at:%Y%m}",
        "body_class": f"path-node {kind}",
    }


def _token(key: str) -> str:
    return f"{number(key):08x}{number(key[::-1]):08x}"


def plain(edition: Edition, heading: str, *texts: str) -> str:
    """A page without an article."""
    frame = _frame(edition, "en", "page-plain")
    return typeset("almonitor/plain.html", heading=heading, texts=texts, **frame)


def challenge(edition: Edition) -> str:
    """What a bot check sends in place of a page."""
    return typeset("almonitor/challenge.html", token=_token(f"ray {edition.visit}"))


def listing(heading: str, where: str, stories: tuple[Story, ...], request: Request, edition: Edition) -> str:
    """One page of a listing, counted from 0; past its end a page that says so, with status 200."""
    page = request.query.get("page", "0")
    position = int(page) if page.isdecimal() else 0
    return typeset(
        "almonitor/listing.html",
        heading=heading,
        canonical=f"https://www.al-monitor.com{quote(where)}",
        rows=[_row(story, edition) for story in stories[position * _PER_PAGE : (position + 1) * _PER_PAGE]],
        pages=range(-(-len(stories) // _PER_PAGE)),
        page=position,
        **_frame(edition, "en", "page-view-articles"),
    )


def _row(story: Story, edition: Edition) -> dict[str, object]:
    return {
        "path": quote(path(story)),
        "title": story.title,
        "standfirst": standfirst(story),
        "country": _country(story),
        "language": story.language,
        "image": _image(story, edition),
    }


def _country(story: Story) -> str:
    return story.section.replace("-", " ").title()


def _image(story: Story, edition: Edition) -> str:
    tokens = f"h={number(story.key):08x}&itok={_token(f'{story.key} {edition.visit}')[:8]}"
    folder = f"/sites/default/files/styles/article_header/public/{story.published:%Y-%m}"
    return f"{folder}/{story.key}.jpg?{tokens}"


def article(story: Story, edition: Edition) -> str:
    """The page of an article as an anonymous reader gets it: equal at each visit but for the noise."""
    shown = sent(story)
    luck = number(story.key, 6)
    earlier = [other for other in edition.stories if other.published < story.published][:3]
    return typeset(
        "almonitor/article.html",
        **_frame(edition, story.language, "page-node-type-article"),
        story=story,
        url=address(story),
        nid=node(story),
        alternates=_alternates(story, edition),
        standfirst=standfirst(story),
        image=_image(story, edition),
        published=story.published.isoformat(),
        stamp=_stamp(story.published, luck),
        shown_date=day(story.published, story.language),
        time_inside=luck % 3 == 0,
        authors=authors(story),
        wire=WIRE,
        country=_country(story),
        legend=legend(story),
        ld=None if story.variant == "no_ld" else json_script(_linked_data(story)),
        blocks=shown,
        more=[_row(other, edition) for other in earlier] if len(shown) > 3 else [],
        credit=credit_line(story),
        cut=is_cut(story),
        sidebar=[_row(other, edition) for other in edition.others(story, 5)],
    )


def _stamp(moment: datetime, luck: int) -> str:
    """One time in the two forms that the newspaper uses: Washington's offset, or Z."""
    return moment.isoformat() if luck % 2 else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def legend(story: Story) -> str | None:
    """The line under the picture, with the credit twice: the agency's, then the distributor's."""
    names = [name for name in (story.photographer, story.agency) if name]
    credit = f"(Photo by {' / '.join(names)})" if names else ""
    if story.distributor:
        twice = f"(Photo by {'/'.join(names)} via {story.distributor})" if names else f"({story.distributor})"
        credit = f"{credit} {twice}".strip()
    return f"{story.caption or ''} {credit}".strip() or None


def _alternates(story: Story, edition: Edition) -> list[tuple[str, str]]:
    original = edition.story(story.translates)
    copies = [other for other in edition.stories if other.translates == story.key]
    return [(other.language, address(other)) for other in ([original] if original else []) + copies]


def _linked_data(story: Story) -> dict[str, object]:
    luck = number(story.key, 6)
    data: dict[str, object] = {
        "@type": "OpinionNewsArticle" if story.variant == "opinion" else "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": address(story)},
        "headline": story.title,
        "datePublished": _stamp(story.published, luck),
        "dateModified": _stamp(saved(story), luck),
        "inLanguage": story.language,
        "author": [_author(name) for name in authors(story)],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": "AL-Monitor",
            "url": "https://www.al-monitor.com",
        },
    }
    if standfirst(story):
        data["description"] = standfirst(story)
    if story.variant == "pro_memo":
        part = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".article-body"}
        data |= {"isAccessibleForFree": "False", "hasPart": part}
    if story.variant != "graph_ld":
        return {"@context": "https://schema.org", **data}
    site = {"@type": "WebSite", "name": "AL-Monitor", "url": "https://www.al-monitor.com"}
    steps = [{"@type": "ListItem", "position": 1, "name": "Home"}]
    trail = {"@type": "BreadcrumbList", "itemListElement": steps}
    return {"@context": "https://schema.org", "@graph": [site, trail, data | {"isAccessibleForFree": True}]}


def _author(name: str) -> dict[str, str]:
    body = name == WIRE or name.startswith("Al-Monitor")
    return {"@type": "Organization" if body else "Person", "name": name}
