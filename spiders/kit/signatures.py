"""What sticks to the names in a byline and is no part of them: addresses, buttons, degrees, roles, the house."""

import re
from collections.abc import Collection

from spiders.kit.agencies import agency, collective, role_words
from spiders.kit.months import LABELS, month_named
from spiders.kit.words import fold, listed

_MAIL = re.compile(r"\S+(?:@|\[at\])\S+\.\w+")
_HANDLE = re.compile(r"(?<=\w)(?:\s+|\s*\|\s*)@+\w+")
_BUTTON = re.compile(
    r"(?<=\S)[\s,|]+(?:(?:\+ ?)?(?:follow|folgen|suivre|seguir|segui|view (?:profile|bio|all)|see all|all posts|"
    r"more (?:from|by)|weitere beiträge|opens? in|social links|(?:your )?subscri|newsletter)\b.*|"
    r"is an? \w+.*|ist (?:freie|redakteur).*|est (?:journaliste|rédact).*)$",
    re.IGNORECASE,
)
_FOR = re.compile(r"(?<=[^\W\d_]{2})\s+(?i:for\s+(?:the\s+)?)(?=[A-ZÀ-Ý]).*$")
_PLACE = re.compile(
    r"\s+(?:(?:in|à|au|aux|aus|en)\s+[A-ZÀ-Ý][\w'’-]+(?:[ ,]+[A-ZÀ-Ý][\w'’.-]+){0,3}|a\s+[A-ZÀ-Ý][\w'’-]+)$"
)
_KIND = re.compile(
    r"^(?:(?!sponsored|presented|brought|powered|photo|with\b|and\b)[\w'’-]+\s){1,4}by\s+(?=[A-ZÀ-Ý])|"
    r"^(?:un[e']?\s)?(?:(?!avec\b|et\b)[\w'’-]+\s){1,2}par\s+(?=[A-ZÀ-Ý])|"
    r"^(?:une? |una |uno |um |uma |un[’'])?(?:reportage|récit|enquête|chronique|analyse|tribune|éditorial|texte|billet|"
    r"commentaire|reportaje|crónica|análisis|texto|artículo|columna|reportagem|crônica|análise|artigo|coluna|analisi|"
    r"testo|articolo|commento|cronaca)\s+(?:de|di|d['’])\s*(?=[A-ZÀ-Ý][\w'’.-]*\s+[^\W\d_])|"
    r"^(?:eine?\s)?(?:[\w-]*(?:artikel|kolumne|kommentar|bericht|beitrag|interview|analyse|mitteilung|rezension|"
    r"reportage|porträt|text|rezept|meinung|essay|glosse)s?)\s+von\s+|"
    r"^contributions? (?:from|by)\s+|^(?:über|about|à propos de)\s+",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"\s+(?:im (?:gespräch|interview)|in conversation|en conversation|en entretien|interviewed|interviewt)"
    r"(?:\s+(?:mit|with|avec|by|von)\s+|\s*$)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r",\s*(Jr|Sr|II|III|IV)\b\.?")
_END = re.compile(r"[\s,]+(?:by|von|par|por|di|and|und|et|with|avec|from)$", re.IGNORECASE)
_DEGREES = frozenset(
    listed("""
    phd md mba jd rn mph ms msc bsc ba ma rd rdn dds dvm llm frcs cfa cpa mpa esq drph pharmd facp ldn cpt
""")
)
_NUMBER = re.compile(r"(?<!\w)\d[\d.:/-]*(?:st|nd|rd|th|er)?(?!\w)")
_LOGIN = re.compile(r"^[a-z]+(?:[._][a-z]+)+\d*$")
_NEVER = frozenset(listed("of to for your our this all about how why what is are was what's it's"))
_SMALL = frozenset(
    listed("""
    de da do dos das del della di du des van von der den ten ter la le el al bin ibn ben bint abu e y und zu
    af av d l st san mac mc o ould dit zur zum vom im op het in t dalla dalle degli dei lo li los las dem sen ka wa
    ya ole oğlu i ja te ap
""")
)


def trimmed(text: str) -> str:
    """A byline without mail addresses, handles behind a name, buttons and the like; interviews as two names."""
    text = _undated(_MAIL.sub(" ", text))
    text = _HANDLE.sub("", text)
    text = _BUTTON.sub("", text).strip()
    text = _KIND.sub("", text)
    text = _SUFFIX.sub(r" \1", text)
    text = _TALK.sub("; ", text).strip(" ;")
    kept = _FOR.sub("", text)
    text = kept if len(kept.split()) >= 2 and not collective(kept) else text
    return unjoined(text)


def unjoined(text: str) -> str:
    """A text without the word at its end that joined it to another ("Awa Invented and")."""
    return _END.sub("", text)


def _undated(text: str) -> str:
    """A byline without the date before or behind the names."""
    if not (found := _NUMBER.search(text)):
        return text
    words = text[: found.start()].split()
    while words and (
        words[-1].strip(",.|–-—•·").casefold() in LABELS
        or month_named(words[-1].strip(",."))
        or not words[-1].strip(",.|–-—•·")
    ):
        words.pop()
    if len(words) >= 2:
        return " ".join(words)
    last = list(_NUMBER.finditer(text))[-1]
    after = text[last.end() :].strip(" .,:|–-—•·")
    return after if not words and len(after.split()) >= 2 else text


def is_degree(part: str) -> bool:
    """Whether a part of a byline is an academic degree alone ("PhD")."""
    return part.replace(".", "").strip().casefold() in _DEGREES


def is_login(name: str) -> bool:
    """Whether a name is one for a machine ("awa.invented")."""
    return _LOGIN.match(name) is not None


def is_sentence(name: str) -> bool:
    """Whether a text in an alphabet of two cases has a small word that no name has, save in front ("the Example")."""
    words = name.split()
    small = any(word.isalpha() and word.islower() and word not in _SMALL for word in words[1:])
    return small or (len(words) > 1 and any(word.casefold() in _NEVER for word in words))


def person(name: str, houses: Collection[str]) -> str:
    """A name without the place behind it, itself once more, and the roles and the house around it."""
    words = name.split()
    half = len(words) // 2
    if len(words) >= 4 and len(words) % 2 == 0 and [fold(w) for w in words[:half]] == [fold(w) for w in words[half:]]:
        return " ".join(words[:half])
    bare = _PLACE.sub("", name)
    if len(bare.split()) >= 2:
        name = bare
    elif agency(bare):
        return bare
    words = name.split()
    kept = _without_tail(words, houses)
    if kept == words:
        kept = _without_lead(words)
    return name if fold(" ".join(kept)) in houses else " ".join(kept)


def _without_tail(words: list[str], houses: Collection[str]) -> list[str]:
    kept = words
    while len(kept) > 2:
        if role_words(kept[-1]):
            kept = kept[:-2] if kept[-2].casefold() == "staff" and len(kept) > 3 else kept[:-1]
            continue
        end = -1 if kept[-1].casefold() == "staff" else len(kept)
        size = next(
            (n for n in (4, 3, 2, 1) if len(kept[:end]) - n >= 2 and fold(" ".join(kept[:end][-n:])) in houses), 0
        )
        if not size:
            break
        kept = kept[:end][:-size]
    whole = " ".join(kept)
    named = not collective(whole) and not role_words(whole) and all(word[0].isupper() for word in kept)
    return kept if named else words


def _without_lead(words: list[str]) -> list[str]:
    kept = words
    while len(kept) > 2 and (role_words(kept[0]) or kept[0].casefold() in ("news", "staff", "sports", "web")):
        kept = kept[1:]
    lead = words[: len(words) - len(kept)]
    return kept if lead and role_words(lead[-1]) and not role_words(" ".join(kept)) else words
