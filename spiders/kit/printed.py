"""What a page prints around its headline for readers: the byline and the date. Never anything out of the prose."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from spiders.kit import dates
from spiders.kit.access import class_words
from spiders.kit.agencies import agency
from spiders.kit.words import fold, listed, one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

_SIGNED = etree.XPath(
    # a walk over attributes costs a third of one over elements that asks each for its attributes
    "//body/descendant::*/@class[contains(., 'ut') and (contains(., 'uthor') or contains(., 'uteur') or "
    "contains(., 'utor')) or contains(., 'yline') or contains(., 'ignature')]/.. | "
    "//body/descendant::*/@rel[contains(., 'author')]/.. | //body/descendant::*/@itemprop[contains(., 'author')]/.."
)
_SIGNATURE = frozenset(
    listed("""
    auteur auteurs author authored authorname authors authorsign autor autore autoren autores byline
    bylines contributor contributors journalist signature writer
""")
)
_NOT_A_BYLINE = frozenset(
    listed("""
    about avatar bio biography caption card comment comments credit date description email
    figcaption follow footer icon image img job latest link list modal more newsletter photo popup
    promo quote recommended related role share sidebar social teaser time timestamp title trending
    twitter
""")
)
_MOST = 4000
_JOINTS = frozenset(
    listed("""
    by par von por da di de and et und y e en og och with avec mit con com med written rédigé
    article publié story reported words
""")
)
_LABELS = frozenset(
    listed("""
    published updated posted on at first le a à am um uhr pm est edt et gmt utc ist pst pdt cet cest
    bst hrs h last modified modifié publié publiée mis mise jour the of de del den der dem by date
    stand veröffentlicht aktualisiert erstellt geändert datum publicado actualizado actualizada el
    il pubblicato aggiornato alle ore às em atualizado publicerad uppdaterad opublikowano created
    added filed issued since heure heures min kl klo o oclock print edition نشر تاريخ النشر آخر
    تحديث في تم بتاريخ mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday
    sunday lundi mardi mercredi jeudi vendredi samedi dimanche montag dienstag mittwoch donnerstag
    freitag samstag sonntag mo di mi do fr sa so lunes martes miércoles jueves viernes sábado
    domingo lunedì martedì mercoledì giovedì venerdì sabato domenica pazartesi salı çarşamba
    perşembe cuma cumartesi pazar tarihi yayın güncelleme الاثنين الثلاثاء الأربعاء الخميس الجمعة
    السبت الأحد segunda terça quarta quinta sexta feira
""")
)
_CHANGE = re.compile(
    r"updat|modif|mis(?:e)? à jour|aktualisiert|geändert|actualizad|aggiornat|atualizad|güncelle|تحديث|"
    r"edited|revised|uppdaterad",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*(?:[|•·/]|\s[-–—]\s|,\s(?=\d{1,2}[:h]\d{2}))\s*")


def bylines(page: "Page") -> Iterator[str]:
    """What looks like a byline, the likeliest first: in the article, outside comments, teasers and author boxes."""
    found: list[HtmlElement] = []
    for element in _SIGNED(page.doc)[:_MOST]:
        if element.tag in (
            "meta",
            "link",
            "img",
            "script",
            "style",
            "svg",
            "figure",
            "figcaption",
            "body",
            "article",
            "main",
            "input",
            "time",
            "ul",
        ):
            continue
        words = class_words(element)
        if not (
            words & _SIGNATURE or "author" in (element.get("rel") or "") or "author" in (element.get("itemprop") or "")
        ):
            continue
        if words & _NOT_A_BYLINE - ({"link", "title", "list", "card"} if element.tag == "a" else set()) or _elsewhere(
            element
        ):
            continue
        found.append(element)
        if len(found) > 60:
            break
    inside: dict[HtmlElement, list[HtmlElement]] = {element: [] for element in found}
    for element in found:
        for parent in element.iterancestors():
            if parent in inside:
                inside[parent].append(element)
                break
    for element in found:
        if any(parent in inside for parent in element.iterancestors()):
            continue
        yield from _readings(element, inside)


def _readings(element: HtmlElement, inside: dict[HtmlElement, list[HtmlElement]]) -> Iterator[str]:
    """The whole of a signed element, where nothing but names stands in it, else what the signed elements in it say."""
    text, inner = _text(element), inside[element]
    if inner:
        rest = text
        names = [name for each in inner if (name := _text(each))]
        for name in names:
            rest = rest.replace(name, " ")
        words = [word for word in re.findall(r"[^\W_]+", rest) if word.casefold() not in _JOINTS]
        if words and not agency(" ".join(words)):
            for each in inner:
                yield from _readings(each, inside)
            return
    if 2 <= len(text) <= 160:
        yield text


def _elsewhere(element: HtmlElement) -> bool:
    for parent in element.iterancestors():
        if parent.tag in ("nav", "footer", "aside", "figcaption", "figure", "blockquote"):
            return True
        if parent.tag in ("article", "main", "body", "header"):
            return parent.tag == "article" and bool(class_words(parent) & {"teaser", "card", "related", "comment"})
        if class_words(parent) & {
            "comment",
            "comments",
            "related",
            "teaser",
            "sidebar",
            "bio",
            "recommended",
            "footer",
            "recirculation",
            "trending",
            "popular",
        }:
            return True
    return False


def _text(element: HtmlElement) -> str:
    """The element's text; two names in elements of their own, with nothing between them, are set apart by a bar."""
    pieces: list[str] = []
    for inner in element.iter():
        if len(pieces) > 80:
            return ""
        if inner.tag not in ("script", "style", "svg", "time", "button"):
            text = inner.text or ""
            before = inner.getprevious() if inner is not element else None
            if before is not None and not (before.tail or "").strip() and len(text.split()) > 1:
                text = "| " + text
            pieces.append(text)
        if inner is not element:
            pieces.append(inner.tail or "")
    return one_line(" ".join(pieces)).replace(" ,", ",")


def moments(page: "Page", *, changed: bool = False) -> Iterator[dates.Moment]:
    """The dates printed around the headline, in order: a line that is a date and hardly anything else."""
    for line in _around_headline(page):
        text = one_line(line)
        if len(text) < 6 or bool(_CHANGE.search(text)) is not changed:
            continue
        for piece in (text, *_APART.split(text)):
            if (
                len(piece) <= 90
                and (found := dates.written(piece, month_first=page.month_first))
                and _nothing_else(piece)
            ):
                yield found
                break


def _around_headline(page: "Page") -> Iterator[str]:
    title = fold(page.title() or "")
    lines = page.lines
    at = next(
        (
            n
            for n, line in enumerate(lines)
            if title and len(line) < 500 and fold(one_line(line)) == title and line.getparent().tag != "title"
        ),
        None,
    )
    if at is None:
        return
    for line in lines[at + 1 : at + 60]:
        if len(line) > 300:
            break
        yield from _with_parent(line)
    for line in reversed(lines[max(0, at - 15) : at]):
        yield from _with_parent(line)


def _with_parent(line: str) -> Iterator[str]:
    yield line
    parent = line.getparent()  # type: ignore[attr-defined]
    if parent is not None and parent.tag not in ("body", "article", "main", "section"):
        whole = parent.text_content() if len(parent) and len(parent) < 8 else ""
        if len(line) < len(whole) <= 100:
            yield whole


def _nothing_else(text: str) -> bool:
    left = [
        word
        for word in re.findall(r"[^\W\d_]+", text)
        if word.casefold() not in _LABELS and dates.month_named(word) is None
    ]
    return len(left) <= 2
