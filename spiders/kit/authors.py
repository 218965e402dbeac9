"""Bylines taken apart: persons, organisations and agencies, each name as printed, in the languages of the press."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.model import Attribution, Author, Role
from spiders.kit.agencies import agency, collective, role_words
from spiders.kit.words import fold, one_line

_BY = re.compile(
    r"^(?:story |words |text |written |reported |posted |published |interview |analysis |opinion |review |"
    r"report |article |rédigée? |article rédigé |publiée? |écrit |geschrieben |quelle: ?|source ?: ?)?"
    r"(?:by|par|von|quelle\s*:|source\s*:|por|da|di|de la part de|door|av|af|od|przez|tekst|texte?|text|"
    r"auteurs?|authors?|autor(?:en|es|a)?|"
    r"geschrieben von|publi[ée] par|[ée]crit par|propos recueillis par|recueilli par|entretien "
    r"r[ée]alis[ée] par|un article de|"
    r"een artikel van|reporting by|oleh|yazan|автор[ы]?|текст|par la|بقلم|كتب|كتبت|מאת)\s*[:：]?\s+",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:;|\||•|·|／|、|\s/\s|(?<=\w)/(?=\w{3})|\n|"
    r",?\s+(?:and|et|und|y|e|en|och|og|ja|ve|dan|и|i|&|as well as|sowie|ainsi que|avec la collaboration de|"
    r"avec la participation de)\s+(?=[\w@])|"
    r"\s+&\s+|\s+و(?=\w))\s*",
)
_WITH = re.compile(r"\s*,?\s*(?:\(?\b(?:avec|with|mit|con|com|med|met|und|plus|et)\b\s+)", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:l['’]|la |le |les |the |der |dem |die |el |source ?:? )", re.IGNORECASE)
_WITH_WORD = re.compile(r"(?:^|[\s,(])(?:avec|with|mit|con|com|med|met)\s+(.+)$", re.IGNORECASE)
_JUNK = re.compile(
    r"^(?:admin\w*|administrator|webmaster|root|user\d*|guest|unknown|null|none|n/?a|undefined|anonym\w*|"
    r"author|byline|"
    r"sponsored(?: content)?|new|exclusive|updated?|premium|by|par|von|.*veröffentlicht am|image|photo|"
    r"video|follow|"
    r"https?://.*|www\..*|\S+@\S+\.\S+|\d+|.*\b(?:updated|published|posted|mis à jour|publié|aktualisiert|"
    r"min read)\b.*)$",
    re.IGNORECASE,
)
_LEADING_MARK = re.compile(r"^[\s\-–—|·•:,.*©>]+|[\s\-–—|·•:,*>]+$")
_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]{0,120}(?:[)\]]|$)")
_TITLED = re.compile(r"^(?:Dr|Prof|Mr|Mrs|Ms|Mme|M|Me|Sir|Dame|Lord)\.?\s", re.IGNORECASE)
_AGENCIES_WORD = re.compile(
    r"^(?:(?:les |des |the |news )?agenc(?:es|ies)|agenturen|agencias|agenzie|وكالات|الوكالات)$", re.IGNORECASE
)
_MOST = 40


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors in a byline and what it says of others' material ("with AFP")."""

    authors: tuple[Author, ...] = ()
    attributions: tuple[Attribution, ...] = ()


def byline(text: str, *, organisations: Iterable[str] = (), role: Role | None = None) -> Byline:
    """The byline taken apart.

    `organisations` are names that stand for the newspaper itself; `role` is what metadata call the whole name.
    """
    text = one_line(text)
    if not text or len(text) > 600:
        return Byline()
    houses = {fold(name) for name in organisations if name}
    whole = _clean(_BRACKETED.sub(" ", text))
    if role is Role.PERSON and (agency(whole) is None) and _one_person(whole, houses):
        return Byline((Author(whole, Role.PERSON),))
    authors: list[Author] = []
    attributions: list[Attribution] = []
    for part, accompanying in _parts(whole, houses):
        author = _author(part, houses, role)
        if author is None:
            continue
        if accompanying and author.role is Role.AGENCY:
            attributions.append(Attribution(agency(author.name) or author.name, "with", text))
        if fold(author.name) not in {fold(each.name) for each in authors}:
            authors.append(author)
    return Byline(tuple(authors[:_MOST]), tuple(attributions))


def together(bylines: Iterable[Byline]) -> Byline:
    """Several bylines as one, each name once, in order."""
    authors: dict[str, Author] = {}
    attributions: dict[tuple[str, str], Attribution] = {}
    for each in bylines:
        for author in each.authors:
            authors.setdefault(fold(author.name), author)
        for attribution in each.attributions:
            attributions.setdefault((attribution.source, attribution.relation), attribution)
    return Byline(tuple(authors.values())[:_MOST], tuple(attributions.values()))


def _one_person(name: str, houses: set[str]) -> bool:
    words = name.split()
    return (
        1 < len(words) <= 5
        and not _is_house(name, houses)
        and not collective(name)
        and not re.search(r"[,;|/&@()\d]|\s(?:and|et|und|avec|with|mit|con)\s", name)
    )


def _is_house(name: str, houses: set[str]) -> bool:
    key = fold(name)
    return key in houses or key.replace(" ", "") in {house.replace(" ", "") for house in houses}


def _parts(text: str, houses: set[str]) -> list[tuple[str, bool]]:
    if _is_house(text, houses):
        return [(text, False)]
    parts: list[tuple[str, bool]] = []
    for piece in _SPLIT.split(text):
        lead, *rest = _WITH.split(piece) if _WITH_WORD.search(piece) else [piece]
        for number, bit in enumerate([lead, *rest]):
            parts.extend((each, number > 0) for each in bit.split(",") if each.strip())
    return parts


def _clean(text: str) -> str:
    previous = None
    while text != previous:
        previous = text
        text = _LEADING_MARK.sub("", _BY.sub("", text)).strip()
    return text


def _author(part: str, houses: set[str], role: Role | None = None) -> Author | None:
    name = _clean(part)
    if _is_house(name, houses):
        return Author(name, Role.ORGANISATION)
    if found := re.match(r"^(.{3,60}?)\s+[-–—|]\s+(.+)$", name):
        name = found[1]  # a service behind a name ("- franceinfo") is no author
    name = _LEADING_MARK.sub("", name).strip()
    if len(name) < 2 or len(name) > 80 or _JUNK.match(name) or _AGENCIES_WORD.match(name):
        return None
    if agency(name) or agency(_ARTICLE.sub("", name)):
        return Author(re.sub(r"^(?:source ?:?|l['’]) ?", "", name, flags=re.IGNORECASE), Role.AGENCY)
    if _is_house(name, houses) or collective(name):
        return Author(name[0].upper() + name[1:], Role.ORGANISATION)
    words = name.split()
    if any(character.isdigit() for character in name):
        return Author(name, Role.UNKNOWN) if len(words) == 2 and role is Role.PERSON else None
    if name.startswith("@"):
        return Author(name, Role.UNKNOWN)
    if role_words(name) and not _TITLED.match(name):
        kept = _before_role(words)
        return Author(kept, Role.PERSON) if kept else None
    if name[0].islower() and name[0].isascii() and not any(word[0].isupper() for word in words):
        return None if len(words) > 1 else Author(name, Role.UNKNOWN)
    if len(words) > 6:
        return None
    if len(words) == 1:
        return Author(name, Role.PERSON if re.fullmatch(r"(?:\w\.){2,4}", name) else Role.UNKNOWN)
    return Author(name, Role.PERSON)


def _before_role(words: list[str]) -> str:
    """The name in front of a role ("Jane Doe Africa correspondent"), "" where the piece is a role alone."""
    kept = []
    for word in words:
        if role_words(word) or word[0].islower():
            break
        kept.append(word)
    return " ".join(kept) if 2 <= len(kept) <= 4 else ""
