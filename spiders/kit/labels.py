"""The labels around a headline in any newspaper: the section it stands in and the kicker above it."""

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from spiders.kit import dates
from spiders.kit.access import class_words
from spiders.kit.words import alike, fold, listed, one_line

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
    vous êtes ici
""")
)
_FURNITURE = re.compile(
    r"\W|\d+\s|.*:$|.*\b(?:advertis\w+|skip|contact|subscri\w+|premium|membership|shar(?:e|ing)|back to|updated?|"
    r"newsletters?|picks?|must reads?|shop with us|sign up|log ?in|menu|search|follow|submit|comments?|podcast|anzeige|"
    r"werbung|publicité|abonn\w+|partager|teilen|zurück|retour|all news|top news|read more)\b|"
    r"(?:more|mehr|plus|toutes?|tous|all|alle)\s",
    re.IGNORECASE,
)
_MOST = 50


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


def crumb(page: "Page") -> str:
    """The first breadcrumb that the page shows after its home page, "" where it shows none."""
    sites = {fold(site) for site in page.sites} | _NO_SECTION
    for element in page.marks.crumbs[:3]:
        for anchor in islice(element.iter("a"), 8):
            text = one_line(anchor.text_content()[:200])
            if (
                2 < len(text) <= _MOST
                and fold(text) not in sites
                and not _FURNITURE.match(text)
                and not _repeats(text, page.title() or "")
            ):
                return text
    return ""
