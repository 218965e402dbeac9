"""The tags of an article: those its metadata give and those printed under it, without what only machines read."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from spiders.kit import metatags
from spiders.kit.access import class_words
from spiders.kit.candidates import candidate
from spiders.kit.jsonld import names
from spiders.kit.words import fold, listed, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

_LIST = frozenset(
    listed("""
    tags tag taglist tagcloud topics topic keywords keyword keywordlist schlagworte schlagwort schlagwörter
    etiquetas etiqueta etiquettes etiquette etiketler etiket themen hashtags articletags posttags labels mots motscles
""")
)
_ELSEWHERE = frozenset(
    listed("""
    menu navigation navbar trending popular related teaser card sidebar widget recommended carousel slider
    ticker megamenu footer comments newsletter
""")
)
_OWN = frozenset(listed("post entry article story content node single"))  # whose footer is the article's
# what content systems write before a value that readers may know as a tag, and before those that nobody does
_NAMED = re.compile(
    r"^(?:subject|category|topic|tag|theme|keyword|person|place|organi[sz]ation)s?\s?:\s?(.+)$", re.IGNORECASE
)
_TRACKING = re.compile(
    r"^(?:[\w-]*(?:id|type|title|token|tokens)|nlp[\w ]*|locale|language|lang|partner|medium|source|day|time|wc|author|"
    r"editor|page ?type|article ?type|content ?type|display ?type|access|template|section|collection|version|status|"
    r"tone|[\w-]+/[\w/-]+)\s?:|^\w+:\s?(?:true|false|\d+)$",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{13,}|[0-9a-f]{16,}|\d{1,3}|\d{5,}|_.*|(?-i:[a-z]+(?:_[a-z]+)+)|.*[=#{}<>|].*|https?:.*|\W+)$",
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"/(?:tags?|search/label|etiket(?:ler)?|topics?|themen?|thematique|keywords?|stichwort|schlagwort|schlagworte|etiquetas?|etiquettes?|temas?|"
    r"temat|hashtags?|dossiers?|mot-cle|mots-cles|label)/[^/]+",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"share|facebook|twitter|e-?mail|whatsapp|follow|teilen|partager|compartir|more|mehr|plus", re.IGNORECASE
)
_CALLED = (
    r"(?:tags?|topics|key ?words|labels|themen|schlagw[oö]rter|schlagworte|stichw[oö]rter|stichworte|mots[- ]cl[ée]s|"
    r"étiquettes|sujets|thèmes|etiquetas|palabras clave|palavras-chave|parole chiave|etiketler|etiket|"
    r"الوسوم|وسوم|كلمات مفتاحية|الكلمات المفتاحية|كلمات دلالية|الكلمات الدلالية|هاشتاج)"
)
_LABEL = re.compile(rf"(?:all |related |alle |verwandte )?{_CALLED}\W*$", re.IGNORECASE)
_LINE = re.compile(rf"\W{{0,3}}{_CALLED}\s?:\s?", re.IGNORECASE)
_SHORT = re.compile(r"[A-Z0-9]{2,8}")
_MOST = 100


def tags(page: "Page") -> tuple[str, tuple[str, ...]] | None:
    """The article's tags and who gives them, each once, in order; None where there are none.

    JSON-LD first, then the meta tags that are of the article, then what is printed as tags; meta keywords, which many
    sites never change, come last.
    """
    for reader, where, values in said(page):
        if reader == "dom" and (shown := candidate("tags", reader, where, ", ".join(values))):
            page.noted.append(shown)
        if kept := _cleaned(page, values):
            return reader, tuple(kept)
    return None


def said(page: "Page") -> Iterator[tuple[str, str, list[str]]]:
    """Every list of tags that the page gives: its reader, its place there, and the tags as they are spelt."""
    linked = page.ld.get("keywords")
    if values := _separate(names(linked) if isinstance(linked, (list, dict)) else [plain(linked)]):
        yield "json-ld", "keywords", values
    for name in metatags.TAGS:
        if values := _separate([plain(value) for value in page.metas.get(name, ())]):
            yield "meta", name, values
    if values := list(islice(_printed(page), _MOST)):
        yield "dom", "tags", values
    for name in metatags.KEYWORDS:
        if values := _separate([plain(value) for value in page.metas.get(name, ())]):
            yield "meta", name, values


def _separate(values: list[str]) -> list[str]:
    values = list(dict.fromkeys(filter(None, values)))
    if len(values) == 1 or (len(values) == 2 and any(value.count(",") > 1 for value in values)):
        return [piece.strip() for value in values for piece in re.split(r"[,;|،、]", value) if piece.strip()]
    return values


def _cleaned(page: "Page", values: list[str]) -> list[str]:
    kept: dict[str, str] = {}
    hosts = {site for site in page.sites if "." in site}
    keyed = sum(": " in value for value in values) > 0.5 * len(values)
    for value in values:
        found = _NAMED.match(value)
        value = found[1] if found else value
        value = value.strip(" ,;#„“”\"'«»")
        key = fold(value)
        machine = _CODE.match(value) or (not found and (keyed or _TRACKING.match(value))) or value.casefold() in hosts
        if key and len(value) <= 80 and not machine:
            kept.setdefault(key, value)
    if len(kept) > 5 and sum(bool(_SHORT.fullmatch(value)) for value in kept.values()) > 0.7 * len(kept):
        return []  # the codes of a wire
    return list(kept.values())[:_MOST]


def _printed(page: "Page") -> Iterator[str]:
    """The tags of the first list of tags after the headline: links, and hardly anything beside them."""
    found = page.marks.tags
    head = page.headline.element
    start = found.index(head) + 1 if head is not None and head in found else 0
    alone: list[str] = []
    for element in found[start : start + 400]:
        if element.tag == "a":
            relation = (element.get("rel") or "").split()
            if "tag" in relation and "category" not in relation and not _elsewhere(page, element):
                alone.append(one_line(element.text_content()))
            continue
        if (
            not class_words(element) & _LIST
            or element.tag in ("body", "article", "main", "h1")
            or _elsewhere(page, element)
        ):
            continue
        anchors = [a for a in islice(element.iter("a"), 60) if "category" not in (a.get("rel") or "")]
        texts = [text for a in anchors if (text := one_line(a.text_content())) and not _LABEL.match(text)]
        whole = one_line(element.text_content()[:5000])
        if (
            0 < len(texts) <= 40
            and not any(map(_SHARE.match, texts))
            and max(map(len, texts)) <= 60
            and sum(map(len, texts)) >= 0.5 * len(whole)
        ):
            yield from texts
            return
    yield from alone or _by_address(page) or _in_a_line(page)


def _by_address(page: "Page") -> list[str]:
    """The largest group of links to pages of topics after the headline, outside sentences."""
    groups: dict[HtmlElement, list[str]] = {}
    seen = page.headline.element is None
    for element in page.doc.iter("h1", "a"):
        seen = seen or element is page.headline.element
        if not seen or element.tag != "a" or not _TOPIC.search(element.get("href") or ""):
            continue
        parents = list(islice(element.iterancestors(), 2))
        text = one_line(element.text_content()[:200])
        if (
            not 1 < len(text) <= 40
            or len(parents) < 2
            or len(parents[0]) + len(parents[1]) > 60
            or _elsewhere(page, element)
        ):
            continue
        if len(one_line(parents[0].text_content()[:300])) <= 2 * len(text) + 20 or parents[0].tag in ("ul", "div"):
            groups.setdefault(parents[0] if len(parents[0]) > 1 else parents[1], []).append(text)
    best = max(groups.values(), key=len, default=[])
    return best if len(best) > 1 else []


def _in_a_line(page: "Page") -> list[str]:
    """The tags of a line that says so itself: "Tags: Niger, Transport", links or not."""
    for place in page.places.values():
        found = _LINE.match(place.text[:60]) if len(place.text) < 400 else None
        if not found or _elsewhere(page, place.element):
            continue
        texts = [one_line(link.text_content()) for link in islice(place.element.iter("a"), 40)]
        texts = texts or re.split(r"\s?[,;،|]\s?|\s(?=#)", place.text[found.end() :].strip(" ."))
        texts = [text for text in texts if text]
        if texts and max(map(len, texts)) <= 40:
            return texts
    return []


def _elsewhere(page: "Page", element: HtmlElement) -> bool:
    """Whether the element stands in a menu, a margin or a box, and not beside the headline."""
    head = page.headline.element
    for parent in (element, *islice(element.iterancestors(), 8)):
        if parent.tag == "aside":
            return True
        if parent.tag == "footer":
            above = parent.getparent()
            return (
                above is None
                or above.tag == "body"
                or bool(class_words(parent) & {"site", "page", "global", "colophon"})
            )
        if parent.tag in ("article", "main", "body"):
            return False
        words = class_words(parent)
        if head is not None and "widget" in words and head in parent.iterdescendants(head.tag):
            return False
        if words & _ELSEWHERE and not ("footer" in words and words & _OWN and not words & (_ELSEWHERE - {"footer"})):
            return True
    return False
