"""Bylines taken apart: persons, organisations and agencies, each name as printed, in the languages of the press."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from archive.model import Attribution, Author, Role
from spiders.kit import conjoined, shares, signatures
from spiders.kit.agencies import agency, collective, role_words
from spiders.kit.words import fold, one_line

_BY = re.compile(
    r"^(?:story |words |text |written |reported |posted |published |interview |analysis |opinion |review |"
    r"report |article |rédigée? |article rédigé |publiée? |écrit |geschrieben |quelle: ?|source ?: ?)?"
    r"(?:by|par|von|quelle\s*:|source\s*:|por|da|di|de la part de|door|av|af|od|przez|daga|tekst|texte?|text|"
    r"auteurs?|authors?|autor(?:en|es|a)?|"
    r"geschrieben von|publi[ée] par|[ée]crit par|propos recueillis par|recueilli par|entretien "
    r"r[ée]alis[ée] par|un article de|"
    r"een artikel van|reporting by|oleh|yazan|автор[ы]?|текст|par la|بقلم|كتب|كتبت|מאת|著者|執筆|作者|撰文|记者|記者)"
    r"(?:\s*[:：]?\s+|(?<=\w\w)\s*[:：]\s*)|"
    r"^(?:textos?|testo|testi|haber|report|reportage|bericht|interview|entretien|entrevista|intervista|analyse|enquête|kommentar|تقرير|نص|إعداد|اعداد|حوار)\s*[:：]\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:;|\||•|·|／|、|\s/\s|(?<=\w)/(?=\w{3})|\n|"
    r",?\s+(?:(?i:and|et|und)|en|och|og|ja|ve|dan|и|&|as well as|sowie|ainsi que|avec la collaboration de|"
    r"avec la participation de)\s+(?=[\w@])|,\s+[yei]\s+(?=\w)|\s+&\s+)\s*",
)
_WITH = re.compile(r"\s*,?\s*(?:\(?\b(?:avec|with|mit|con|com|med|met|und|plus|et)\b\s+)", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:l['’]|la |le |les |the |der |dem |die |el |source ?:? )", re.IGNORECASE)
_WITH_WORD = re.compile(r"(?:^|[\s,(])(?:avec|with|mit|con|com|med|met)\s+(.+)$", re.IGNORECASE)
_JUNK = re.compile(
    r"^(?:admin\w*|administrator|webmaster|root|super[ -]?user|user\d*|guest|unknown|null|none|n/?a|undefined|"
    r"anonym\w*|no author|editor|author'?s?|auteurs?|autor(?:en|es)?|byline|artikel|articles?|contributors?|"
    r"sponsored(?: content)?|new|exclusive|updated?|premium|by|par|por|von|on|di|and|und|et|.*veröffentlicht am|image|"
    r"photo|video|follow\b.*|share|comments?|social links|(?:view|see|read|more|about|show|all posts|weitere|mehr) ?.*|"
    r"opinions expressed.*|written|.*\.(?:png|jpe?g|svg|gif|webp)|(?:e-?mail|bio|print|twitter|facebook)(?:\W+\w+)?|"
    r"https?://.*|www\..*|\S+@\S+\.\S+|\d+|.*\b(?:updated|published|posted|mis à jour|publié|aktualisiert|"
    r"min read)\b.*)$",
    re.IGNORECASE,
)
_LEADING_MARK = re.compile(r"^[\s\-–—|·•:,.*©>]+|[\s\-–—|·•:,*>]+$")
_FULL_STOP = re.compile(r"(?<=[^\W\d_]{4})\.$")
_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]{0,120}(?:[)\]]|$)")
_TITLED = re.compile(r"^(?:Dr|Prof|Mr|Mrs|Ms|Mme|M|Me|Sir|Dame|Lord)\.?\s", re.IGNORECASE)
_AGENCIES_WORD = re.compile(
    r"^(?:(?:les |des |the |news )?agenc(?:es|ies)|agenturen|agencias|agenzie|وكالات|الوكالات)$", re.IGNORECASE
)
_INITIALS = re.compile(r"(?:\w\.){2,4}")
_ACCOUNT = re.compile(r"[^\W\d_]\w{1,19}")
_HAN = re.compile(r"[\u3400-\u9fff々]{2,5}|[가-힣]{3,4}")
_HAN_HOUSES = ("社", "新聞", "新闻", "報", "报", "網", "网", "部", "局", "台", "室", "뉴스", "일보", "신문")
_THERE = re.compile(r"^(?:à|au|aux|in|aus|from|depuis|desde|da)\s+[A-ZÀ-Ý]")
_MOST = 40


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors in a byline and what it says of others' material ("with AFP")."""

    authors: tuple[Author, ...] = ()
    attributions: tuple[Attribution, ...] = ()


def byline(text: str, *, organisations: Iterable[str] = (), role: Role | None = None, shown: bool = False) -> Byline:
    """The byline taken apart.

    `organisations` are names that stand for the newspaper itself; `role` is what metadata call the whole name; `shown`
    says that readers see it so: then a word behind the names is the place from which they write.
    """
    text = one_line(text)
    if not text or len(text) > 600 or re.match(r"https?://|www\.", text):
        return Byline()
    houses = {fold(name) for name in organisations if name}
    houses |= {name.removeprefix("the ") for name in houses}
    whole = _clean(signatures.trimmed(_clean(_BRACKETED.sub(" ", shares.of_the_text(text.replace("،", ","))))))
    if signatures.is_login(whole) and not _JUNK.match(whole):
        return Byline((Author(whole, Role.UNKNOWN),))
    if role is Role.PERSON and (agency(whole) is None) and _one_person(whole, houses):
        return Byline((Author(signatures.person(whole, houses), Role.PERSON),))
    authors: list[Author] = []
    attributions: list[Attribution] = []
    housed = accompanied = False
    for part, accompanying in _parts(whole, houses):
        part = signatures.unjoined(part)
        author = None if signatures.is_degree(part) else _author(part, houses, role)
        if author is None:
            continue
        behind = len(re.findall(r"[,|]\s*" + re.escape(part.strip()), whole)) if not accompanying and authors else 0
        if behind and any(each.role is Role.PERSON for each in authors):
            # "Awa Invented, The Example, Niamey": for whom she writes and where
            housed = housed or author.role is Role.ORGANISATION
            place = shown and author.role is Role.UNKNOWN and author.name[0].isalpha()
            if housed or place or (author.role is Role.AGENCY and behind > 1):
                continue
        accompanied = (accompanying or accompanied) and author.role is Role.AGENCY
        if accompanied:
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
        and not _JUNK.match(name)
        and not re.search(r"[,;|/&@()\d]|\s(?:and|et|und|avec|with|mit|con)\s", name, re.IGNORECASE)
    )


def _is_house(name: str, houses: set[str]) -> bool:
    key = fold(name)
    return key in houses or key.replace(" ", "") in {house.replace(" ", "") for house in houses}


def _parts(text: str, houses: set[str]) -> list[tuple[str, bool]]:
    if _is_house(text, houses):
        return [(text, False)]
    parts: list[tuple[str, bool]] = []
    for piece in (name for each in _SPLIT.split(text) for name in conjoined.apart(each)):
        lead, *rest = _WITH.split(piece) if _WITH_WORD.search(piece) else [piece]
        for number, bit in enumerate([lead, *rest]):
            for each in bit.split(","):
                said = shares.contributor(each.strip())
                if said:
                    parts.append((said, number > 0 or said != each.strip()))
    return parts


def _clean(text: str) -> str:
    previous = None
    while text != previous:
        previous = text
        text = _FULL_STOP.sub("", _LEADING_MARK.sub("", _BY.sub("", text)).strip())
    return text


def _author(part: str, houses: set[str], role: Role | None = None) -> Author | None:
    name = _clean(part)
    if _is_house(name, houses):
        return Author(name, Role.ORGANISATION)
    if found := re.match(r"^(.{3,60}?)\s+[-–—|]\s+(.+)$", name):
        # a service behind a name ("- franceinfo") is no author, a place in front of an agency neither
        placed = len(found[1].split()) == 1 and (agency(found[2]) or _AGENCIES_WORD.match(found[2]))
        name = found[2] if placed and not agency(found[1]) else found[1]
    name = signatures.person(_LEADING_MARK.sub("", name).strip(), houses)
    if len(name) < 2 or len(name) > 80 or _THERE.match(name) or _JUNK.match(name) or _AGENCIES_WORD.match(name):
        return None
    if agency(name) or agency(_ARTICLE.sub("", name)):
        return Author(re.sub(r"^(?:source ?:?|l['’]) ?", "", name, flags=re.IGNORECASE), Role.AGENCY)
    if _is_house(name, houses) or collective(name):
        return Author(name[0].upper() + name[1:], Role.ORGANISATION)
    words = name.split()
    if any(character.isdigit() for character in name):
        named = (len(words) == 2 and role is Role.PERSON) or (len(words) == 1 and _ACCOUNT.fullmatch(name) is not None)
        return Author(name, Role.UNKNOWN) if named else None
    if name.startswith("@"):
        return Author(name, Role.UNKNOWN)
    if role_words(name) and not _TITLED.match(name):
        kept = _before_role(words)
        return Author(kept, Role.PERSON) if kept else None
    if name[0].islower() and name[0].isascii() and not any(word[0].isupper() for word in words):
        return None if len(words) > 1 else Author(name, Role.UNKNOWN)
    if len(words) > 6 or signatures.is_sentence(name):
        return None
    if len(words) == 1:
        return Author(name, Role.PERSON if _INITIALS.fullmatch(name) or _is_han(name) else Role.UNKNOWN)
    return Author(name, Role.PERSON)


def _is_han(name: str) -> bool:
    """Whether the name is a person's in Chinese, Japanese or Korean, which write it in one word."""
    return bool(_HAN.fullmatch(name)) and not name.endswith(_HAN_HOUSES)


def _before_role(words: list[str]) -> str:
    """The name in front of a role ("Jane Doe Africa correspondent"), "" where the piece is a role alone."""
    kept = []
    for word in words:
        if role_words(word) or word[0].islower():
            break
        kept.append(word)
    return " ".join(kept) if 2 <= len(kept) <= 4 else ""
