"""The labels around a headline in any newspaper: the section it stands in and the kicker above it."""

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from spiders.kit import dates
from spiders.kit.access import class_words
from spiders.kit.words import alike, fold, listed, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

_KICKER = frozenset(
    listed("""
    kicker overline eyebrow surtitle surtitre dachzeile topline roofline spitzmarke overhead antetitulo antetítulo
    occhiello rubric rubrique topic theme tag label catline
""")
)
_NO_SECTION = frozenset(
    listed("""
    home, accueil, startseite, inicio, homepage, start, news, nachrichten, actualités, actualites, الرئيسية, главная,
    hem, etusivu, forside, главна, anasayfa, ana sayfa, início, トップ, ホーム, 首页, 홈, you are here,
    vous êtes ici, uncategorized, uncategorised, non classé, non classe, sans catégorie, sin categoría, sem categoria,
    senza categoria, allgemein, genel, غير مصنف, blog, featured, à la une, a la une, une, top stories, top story,
    headlines, headline, slider, manşet, breaking news, featured news, main story, destacado, destacados, destaque,
    latest news, latest, all, posts, articles, category, categories
""")
)
_CATEGORY = frozenset(
    listed("""
    category categories cat catlinks categoria categorias categoría kategori kategorie rubrik rubric rubrique ressort
""")
)
_SHARED = frozenset(listed("facebook twitter x whatsapp telegram linkedin pinterest instagram youtube email print"))
_NOT_BESIDE = ("nav", "aside", "footer", "figure", "p")
_FURNITURE = re.compile(
    r"\W|\d+\s|.*:$|.*\b(?:advertis\w+|skip|contact|subscri\w+|premium|membership|shar(?:e|ing)|back to|updated?|"
    r"newsletters?|picks?|must reads?|shop with us|sign up|log ?in|menu|search|follow|submit|comments?|podcast|anzeige|"
    r"werbung|publicité|abonn\w+|partager|teilen|zurück|retour|all news|top news|read more)\b|"
    r"(?:more|mehr|plus|toutes?|tous|all|alle)\s",
    re.IGNORECASE,
)
_MOST, _MENU = 50, 9  # letters of a label, links of a menu


def kicker(page: "Page") -> str:
    """The theme printed right above the headline, as a link or in an element that is called so; "" for none."""
    head = page.headline
    around = {*islice(head.element.iterancestors(), 3)} if head.element is not None else set()
    for holder, line in head.before[:2]:
        text, parents = one_line(line), [holder, *islice(holder.iterancestors(), 5)]
        above = next((n for n, parent in enumerate(parents) if parent in around), None)
        if above is None:
            return ""
        named = parents[:above]
        called = any(class_words(each) & _KICKER for each in named[:3])
        if (called or any(each.tag == "a" for each in named)) and _is_label(page, text, named):
            return text
        if len(text) > _MOST:
            return ""
    return ""


def _is_label(page: "Page", text: str, around: list[HtmlElement]) -> bool:
    key, title, section = fold(text), page.title() or "", fold(page.section() or "")
    known = {fold(each) for each in (title, *page.sites) if each} | _NO_SECTION
    return (
        2 < len(text) <= _MOST
        and len(text.split()) <= 6
        and key not in known
        and key not in section
        and not _FURNITURE.match(text)
        and not _repeats(text, title)
        and not dates.written(text)
        and not any(each.tag in ("button", "figure") or "author" in (each.get("rel") or "") for each in around)
        and key not in {fold(author.name) for author in page.authors()}
    )


def _repeats(text: str, title: str) -> bool:
    """Whether a label is the headline once more, or its beginning."""
    return alike(text, title) >= 0.8 and len(text) > 0.4 * len(title)


def section(page: "Page") -> str:
    """The section that the page shows: its first breadcrumb after the home page, else the category beside the headline.

    "" where it shows neither.
    """
    return _crumb(page) or _category(page)


def _category(page: "Page") -> str:
    """The first category that the article is filed under, as content systems print it beside the headline."""
    head = page.headline
    if head.element is None:
        return ""
    above = {head.element, *islice(head.element.iterancestors(), 60)}
    for holder, line in (*head.before[:4], *head.after[:6]):
        text, around = one_line(line), []
        for element in (holder, *islice(holder.iterancestors(), 5)):
            if element in above:
                break
            around.append(element)
        linked = any(each.tag == "a" and each.get("href") for each in around)
        called = any("category" in (each.get("rel") or "") or class_words(each) & _CATEGORY for each in around[:3])
        few = bool(around) and sum(1 for _ in islice(around[-1].iter("a"), _MENU)) < _MENU
        if (
            linked
            and called
            and few
            and not any(each.tag in _NOT_BESIDE for each in around)
            and _is_section(page, text)
        ):
            return text
    return ""


def _is_section(page: "Page", text: str) -> bool:
    names = [author.name for author in page.authors()]
    return (
        2 < len(text) <= _MOST
        and len(text.split()) <= 6
        and fold(text) not in {fold(each) for each in (*page.sites, *names)} | _NO_SECTION | _SHARED
        and not _FURNITURE.match(text)
        and not _repeats(text, page.title() or "")
    )


def _crumb(page: "Page") -> str:
    names = {fold(author.name) for author in page.authors()}
    for element in page.marks.crumbs[:3]:
        for anchor in islice(element.iter("a"), 8):
            text = one_line(anchor.text_content()[:200])
            if fold(text) in names:
                break  # the author's addresses, not breadcrumbs
            if _is_section(page, text):
                return text
    return ""


def crumbs(page: "Page") -> list[str]:
    """The breadcrumbs that the page's data give, between the home page and the article itself."""
    sites = {fold(site) for site in page.sites} | _NO_SECTION
    for node in page.ld.of_type("BreadcrumbList"):
        items = node.get("itemListElement")
        found = []
        for item in items if isinstance(items, list) else []:
            if not isinstance(item, dict):
                continue
            inner = item.get("item")
            name = plain(item.get("name")) or (plain(inner.get("name")) if isinstance(inner, dict) else "")
            target = inner.get("@id") or inner.get("url") if isinstance(inner, dict) else inner
            target = target if isinstance(target, str) else ""
            if name and fold(name) not in sites and target != page.url and (not target or _path(target)):
                found.append(name)
        if found and len(found[0]) < 60:
            return found
    return []


def _path(target: str) -> str:
    try:
        return urlsplit(target).path.strip("/")
    except ValueError:
        return ""
