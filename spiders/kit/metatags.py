"""What the head of a page says in meta tags: OpenGraph, article:*, Dublin Core, parsely, sailthru and their kin."""

import json
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from spiders.kit.words import listed, plain

TITLES = listed("""
    og:title twitter:title parsely-title sailthru.title dc.title dcterms.title title article:title
""")
DESCRIPTIONS = listed("""
    og:description description twitter:description sailthru.description dc.description
    dcterms.abstract
""")
AUTHORS = listed("""
    author article:author parsely-author sailthru.author dc.creator dcterms.creator byl
    og:article:author article:author_name cxenseparse:author dcsext.author authors byline
    article.author creator
""")
PUBLISHED = listed("""
    article:published_time og:article:published_time article:published parsely-pub-date
    sailthru.date ownpage:published_date cxenseparse:recs:publishtime dc.date.issued dcterms.created
    dcterms.issued dc.date dcterms.date date.created pubdate publishdate publish_date publish-date
    published_time date_published datepublished article.published originalpublicationdate
    article_date_original og:pubdate rnews:datepublished citation_publication_date citation_date
    dc.date.created displaydate creation_date ptime article:create_at date dc.created
    dcterms.available published publication_date og:published_time last-published
""")
MODIFIED = listed("""
    article:modified_time og:article:modified_time og:updated_time article:modified
    article:updated_time dcterms.modified dc.date.modified lastmod last-modified datemodified
    date_modified modified_time revision_date article:updated last_updated rnews:datemodified utime
""")
SECTIONS = listed("""
    article:section og:article:section parsely-section sailthru.section section cxenseparse:section
    article.section og:section dc.subject.section articlesection
""")
TAGS = listed("""
    news_keywords article:tag og:article:tag parsely-tags sailthru.tags cxenseparse:tags
    cxenseparse:recs:tags article.tags
""")
KEYWORDS = listed("""
    keywords dc.subject dcterms.subject
""")
SITES = listed("""
    og:site_name application-name apple-mobile-web-app-title al:ios:app_name cre publisher
    dc.publisher article:publisher_name copyright
""")
_PARSELY = {
    "title": "parsely-title",
    "author": "parsely-author",
    "authors": "parsely-author",
    "pub_date": "parsely-pub-date",
    "section": "parsely-section",
    "tags": "parsely-tags",
}
LANGUAGES = listed("""
    og:locale content-language dc.language dcterms.language language inlanguage
""")


def metas(doc: HtmlElement) -> dict[str, list[str]]:
    """Every meta tag of the page with a content: lower-case name → contents in document order."""
    found: dict[str, list[str]] = {}
    for element in doc.iter("meta"):
        content = element.get("content")
        if not content:
            continue
        for kind in ("property", "name", "itemprop", "http-equiv"):
            if name := element.get(kind):
                found.setdefault(name.strip().lower(), []).append(content)
    for name, value in _parsely(found.get("parsely-page", ())):
        found.setdefault(name, []).append(value)
    return found


def _parsely(pages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What Parse.ly's one tag for all says, under the names of its single tags
    (https://docs.parse.ly/metatags/, "parsely-page")."""
    for page in pages:
        try:
            said = json.loads(page)
        except (ValueError, RecursionError):
            continue
        for key, name in _PARSELY.items() if isinstance(said, dict) else ():
            value = said.get(key)
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, str) and each.strip():
                    yield name, each


def first(found: dict[str, list[str]], names: tuple[str, ...]) -> str:
    """The first value under the names, in their order, as plain text; "" where there is none."""
    for name in names:
        for value in found.get(name, ()):
            if text := plain(value):
                return text
    return ""
