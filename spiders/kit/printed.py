"""The byline that a page prints for its readers. Never anything out of the prose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from spiders.kit.access import class_words
from spiders.kit.agencies import agency
from spiders.kit.timestamps import OF_A_POST
from spiders.kit.words import fold, listed, one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

_SIGNATURE = frozenset(
    listed("""
    auteur auteurs author authored authorname authors authorsign autor autore autoren autores byline
    bylines contributor contributors journalist signature writer auteure autora autoria redator redatora firma
    periodista giornalista journaliste journalistes verfasser muhabir yazar penulis marubuci muharrir كاتب
""")
)
_NOT_A_BYLINE = frozenset(
    listed("""
    about avatar bio biography caption card comment comments credit date description email
    figcaption follow footer icon image img job latest link list menu modal more nav newsletter photo popup
    promo quote recommended related role share sidebar social teaser time timestamp title trending
    twitter
""")
)
_ELSEWHERE = frozenset(
    listed("""
    comment comments related teaser sidebar bio recommended footer recirculation trending popular
""")
)
_MOST = 4000
JOINTS = frozenset(
    listed("""
    by par von por da di de and et und y e en og och with avec mit con com med written rédigé
    article publié story reported words
""")
)
LINKS = "links to persons"
_NO_BYLINE = (
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
)
# the pages that newspapers keep for those who write for them
_OF_A_PERSON = re.compile(
    r"/(?:authors?|by|byline|profiles?|staff|newsteam|our-team|writers?|reporters?|columnists?|"
    r"contributors?|journalists?|journalistes?|journalisten|auteurs?|auteure|signataires?|biographies?|autore?s?|"
    r"(?:autoren|authors?|auteurs?|autores)-[\w-]+|autoren|"
    r"redaktion|redakteure?|mitarbeiter|firmas|periodistas?|giornalisti|yazar(?:lar)?|"
    r"penulis|skribenter|u|users?)/[^/?#]*[^\W\d_][^?#]*$",
    re.IGNORECASE,
)
_LED = re.compile(
    r"^[|\s]*(?i:(?:(?:story|words|text|written|reported|reporting|review|analysis|opinion|(?:eine? )?(?:artikel|"
    r"kolumne|kommentar|gastbeitrag|analyse|bericht|reportage|essay)|(?:une? )?(?:article|reportage|texte|chronique)|"
    r"texto|testo)\s)?"
    r"(?:by|von|par|por|di|door|przez|daga|yazan|oleh|autor|author|auteur|بقلم|كتب|كتبت|著者|文|執筆|作者|记者|記者|撰文)"
    r"\s*[:：]?)[\s|]*(?=[^\W\d_a-zà-ÿ])"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What looks like a byline. `near`: it stands beside the headline; `sure`: the page marks it as one, or it leads
    to the page of a person, or it begins with "By"."""

    text: str
    near: bool = False
    sure: bool = False
    where: str = "byline"


def bylines(page: "Page") -> Iterator[Shown]:
    """What looks like a byline, the likeliest first: in the article, outside comments, teasers and author boxes."""
    yield from _marked(page, _beside(page))
    yield from _linked(page)
    yield from _led(page)


def _beside(page: "Page") -> set[HtmlElement]:
    """The elements around the headline that hold nothing but lines beside it."""
    head = page.headline
    around = {*head.element.iterancestors()} if head.element is not None else set()
    found: set[HtmlElement] = set()
    for element, _ in (*head.after, *head.before):
        here: HtmlElement | None = element
        for _ in range(5):
            if here is None or here in around or here in found:
                break
            found.add(here)
            here = here.getparent()
    return found


def _marked(page: "Page", beside: set[HtmlElement]) -> Iterator[Shown]:
    """What the page marks as the author's by class, relation or microdata."""
    found: list[HtmlElement] = []
    for element in page.marks.bylines[:_MOST]:
        if element.tag in _NO_BYLINE:
            continue
        words = class_words(element)
        named = "author" in (element.get("rel") or "") or "author" in (element.get("itemprop") or "")
        if not (words & _SIGNATURE or named):
            continue
        unlikely = _NOT_A_BYLINE - ({"link", "title", "list", "card"} if element.tag == "a" or named else set())
        if words & unlikely or _elsewhere(element, beside):
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
    outer = [element for element in found if not any(parent in inside for parent in element.iterancestors())]
    for group in _groups(outer):
        texts = list(dict.fromkeys(filter(None, map(_text, group))))
        if 1 < len(texts) <= 8 and len(text := " | ".join(texts)) <= 300:
            yield Shown(text, any(_is_near(each, beside) for each in group), sure=True, where=_where(group[0]))
    for element in outer:
        near = _is_near(element, beside)
        for text, holder in _readings(element, inside):
            yield Shown(text, near, _is_sure(holder) or bool(_LED.match(text)), _where(holder))


def _is_near(element: HtmlElement, beside: set[HtmlElement]) -> bool:
    return element in beside or any(each in beside for each in islice(element.iterdescendants(), 10))


def _groups(elements: list[HtmlElement]) -> list[list[HtmlElement]]:
    """Those that microdata or a relation call authors and that stand side by side: each names one of several."""
    groups: list[list[HtmlElement]] = []
    around: set[HtmlElement] = set()
    for element in elements:
        if "author" not in f"{element.get('itemprop')} {element.get('rel')}":
            continue
        parents = set(islice(element.iterancestors(), 2))
        if groups and parents & around:
            groups[-1].append(element)
        else:
            groups.append([element])
        around = parents
    return groups


def _is_sure(element: HtmlElement) -> bool:
    if element.tag == "address":
        return True  # HTML §4.3.10: whom to turn to about the article
    for each in (element, *islice(element.iterancestors("a"), 1), *islice(element.iterdescendants(), 8)):
        if "author" in (each.get("itemprop") or "") or "author" in (each.get("rel") or ""):
            return True
        if each.tag == "a" and _OF_A_PERSON.search(each.get("href") or ""):
            return True
    return bool(class_words(element) & {"username", "vcard"})  # microformats.org "hCard"


def _where(element: HtmlElement) -> str:
    for name in ("itemprop", "rel", "class", "id"):
        if "ut" in (said := element.get(name) or "") or (name in ("class", "id") and said):
            return f"{element.tag}[{name}={said[:60]}]"
    return str(element.tag)


def _linked(page: "Page") -> Iterator[Shown]:
    """The names beside the headline that lead to pages of persons."""
    names: list[str] = []
    first: list[HtmlElement] = []
    for element, _ in (*page.headline.after, *page.headline.before):
        anchor = element if element.tag == "a" else next(islice(element.iterancestors("a"), 1), None)
        found = _OF_A_PERSON.search(anchor.get("href") or "") if anchor is not None else None
        if anchor is None or not found or _elsewhere(anchor, set()):
            continue
        text, parents = _text(anchor), list(islice(anchor.iterancestors(), 3))
        if first and not set(first[:2]) & set(parents[1:3] or parents) and first[0] is not parents[0]:
            continue
        # the address spells the name or gives a number; a link in a sentence leads to somebody of whom it speaks
        spelt = any(word in fold(found[0]) for word in fold(text).split() if len(word) > 2) or not text.isascii()
        alone = parents and len(one_line(parents[0].text_content()[:400])) <= 200
        if 2 <= len(text) <= 60 and alone and (spelt or re.search(r"/\d+/?$", found[0])):
            names.append(text)
            first = first or parents
    if 0 < len(set(names)) <= 8:
        yield Shown(" | ".join(dict.fromkeys(names)), near=True, sure=True, where=LINKS)


def _led(page: "Page") -> Iterator[Shown]:
    """The lines beside the headline that begin with "By"."""
    lines = (*page.headline.after, *page.headline.before[::-1])
    for (element, line), (_, then) in zip_longest(lines, lines[1:], fillvalue=(None, "")):
        text = one_line(line)
        if element is None or len(text) > 160 or not _LED.match(text + " X"):
            continue
        if not _LED.match(text):
            # "By" alone: the names stand in elements of their own
            whole = _text(element) if len(element) < 20 else ""
            parent = element.getparent()
            if not _LED.match(whole) and parent is not None and len(parent) < 20:
                whole = _text(parent)
            text = whole if len(whole) <= 160 and _LED.match(whole) else f"{text} {one_line(then)}"
        if 6 < len(text) <= 160 and _LED.match(text):
            yield Shown(text, near=True, sure=True, where="line")


def _readings(element: HtmlElement, inside: dict[HtmlElement, list[HtmlElement]]) -> Iterator[tuple[str, HtmlElement]]:
    """The whole of a signed element, where nothing but names stands in it, else what the signed elements in it say."""
    text, inner = _text(element), inside[element]
    if inner:
        rest = text
        names = [name for each in inner if (name := _text(each))]
        for name in names:
            rest = rest.replace(name, " ")
        words = [word for word in re.findall(r"[^\W_]+", rest) if word.casefold() not in JOINTS]
        if words and not agency(" ".join(words)):
            for each in inner:
                yield from _readings(each, inside)
            return
    if 2 <= len(text) <= 160:
        yield text, element


def _elsewhere(element: HtmlElement, beside: set[HtmlElement]) -> bool:
    for parent in element.iterancestors():
        if parent in beside and parent.tag == "nav":
            continue  # some put the byline into a row of buttons
        if parent.tag in ("nav", "footer", "aside", "figcaption", "figure", "blockquote"):
            return not (parent.tag == "footer" and element.get("itemprop") == "author")
        if parent.tag in ("article", "main", "body", "header"):
            return parent.tag == "article" and bool(class_words(parent) & {"teaser", "card", "related", "comment"})
        words = class_words(parent)
        own = element.get("itemprop") == "author" or words & OF_A_POST
        if words & _ELSEWHERE - ({"footer"} if own else set()):
            return True
    return False


def _text(element: HtmlElement) -> str:
    """The element's text; two names in elements of their own, with nothing between them, are set apart by a bar."""
    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, inner in walk:
        if len(pieces) > 80:
            return ""
        if event == "start":
            if inner.tag in ("script", "style", "svg", "time", "button"):
                walk.skip_subtree()
                continue
            text = inner.text or ""
            before = inner.getprevious() if inner is not element else None
            apart = before is not None and not (before.tail or "").strip() and len(text.split()) > 1
            if apart or (inner.tag in ("div", "p", "li", "br") and any(piece.strip() for piece in pieces)):
                text = "| " + text
            pieces.append(text)
        elif inner is not element:
            pieces.append(inner.tail or "")
    return one_line(" ".join(pieces)).replace(" ,", ",")
