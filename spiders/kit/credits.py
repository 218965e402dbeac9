"""Captions with their credits apart, datelines, and lines that name whose reporting an article rests on."""

import re
from dataclasses import dataclass

from spiders.kit.agencies import agency
from spiders.kit.words import fold, listed, one_line

_DISTRIBUTORS = listed("""
    Getty Images, Getty, Hans Lucas, Zuma Press, ZUMA, Abaca, ABACAPRESS.COM, Abacapress, NurPhoto, Sipa
    USA, SIPA, Sipa, Shutterstock, Alamy, iStock, Imago, IMAGO, MAXPPP, MaxPPP, Divergence, REA,
    Picture Alliance, picture alliance, Bridgeman, Corbis, Pool, Wikimedia Commons, Flickr,
    Unsplash, Pexels, Pixabay, Adobe Stock, Depositphotos, Polaris, Redux, Magnum Photos, Agence VU,
    MYOP, Rex Features, Eyevine, Starface, Bestimage, Panos Pictures, Opale, Leemage, Roger-Viollet,
    EyeEm, Fotolia
""")
_DISTRIBUTOR = {fold(name): name for name in _DISTRIBUTORS}
_PHOTO_AGENCY = {
    fold(name) for name in ("EPA", "EPA-EFE", "Magnum", "VII", "Agence France-Presse", "NASA", "ESA", "Bloomberg")
}

_LABEL = re.compile(
    r"^\W*(?:(?:photo(?:graphy|graphie|graph)?s?|foto|صورة|تصوير)"
    r"(?:\s+(?:by|par|von|de|por|di|credit|courtesy(?: of)?))?\s*[:©]?\s+"
    r"|(?:picture|images?|bild|photo credit|credits?|cr[ée]dits?(?: photo)?|source|quelle|fuente|fonte|illustration)"
    r"(?:\s+(?:by|par|von|de|por|di)\s+|\s*[:©]\s*)"
    r"|(?:photo|foto)\s*[:©]\s*|©\s*|\(c\)\s*|copyright\s+)+",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    r"\s*[(\[]\s*([^()\[\]]*?(?:photo|foto|bild|image|picture|©|credit|via|/|AFP|AP|REUTERS|Reuters|Getty|"
    r"EPA)[^()\[\]]*?)\s*[)\]]\s*",
    re.DOTALL,
)
_WORD = r"(?:[A-ZÀ-ÝĀ-Ž][\w’'-]*|[A-Z]\.|d[aeiou]s?|van|von|der|la|el|al|bin|ben)"
_NAME = rf"[A-ZÀ-ÝĀ-Ž][\w’'.-]*(?:\s{_WORD}){{0,4}}"
_TRAILING = re.compile(
    r"(?:^|(?<=[.!?»”\"’)])\s+|\s+[—–|-]\s+|\s{2,})("
    r"©\s*[^.]{2,90}"
    r"|(?i:photo|foto|cr[ée]dit|image|photograph|bild)\w*(?:\s+(?:by|par|von))?\s*[:©]?\s*[^.]{2,80}"
    rf"|{_NAME}\s*/\s*{_NAME}(?:\s*/\s*{_NAME})?(?:\s+via\s+{_NAME})?"
    rf"|{_NAME}\s+via\s+{_NAME}"
    r"|Reuters|AFP|AP|Getty Images)\s*\.?\s*$",
)
_MARKED = re.compile(
    r"\s((?:©|\([cC]\)(?=\s*[A-ZÀ-Ý]))\s*[^.©]{2,90}?)\s*\.?\s*$"
)  # the sign is enough, with or without a full stop before
_PLACE = r"(?:\s*[,/]\s*[A-Z][^\W\d_]*(?:[.’' -][^\W\d_]+){0,3}){0,2}"
_DAY = r"(?:,?\s+[A-Z][a-zé]{2,9}\.?\s+\d{1,2}|,?\s+\d{1,2}\s+[a-zé]{3,9}\.?)?"
_DATELINE = re.compile(
    rf"^(?P<place>[A-ZÀ-ÝĀ-Ž][A-ZÀ-ÝĀ-Ž'’.\- ]{{1,38}}[A-ZÀ-ÝĀ-Ž.]{_PLACE}){_DAY}"
    r"\s*(?:\((?P<agency>[^()]{2,40})\))?\s*(?:[—–―]|--|-(?=\s))\s*(?=\S)"
)
_DATELINE_AGENCY = re.compile(
    rf"^(?P<place>[A-ZÀ-Ý][^\W\d_]*(?:[.’' -][^\W\d_]+){{0,4}}{_PLACE}){_DAY}"
    r"\s*\((?P<agency>[^()]{2,40})\)\s*(?:[—–―]|--|-|:)\s*(?=\S)"
)
_READ_MORE = re.compile(
    r"^(?:read (?:more of (?:this|the) (?:report|article|story)|the (?:full|whole|rest of the|original) "
    r"(?:report|article|story)|"
    r"more of (?:this|the)|the (?:rest|original)) ?(?:here )?(?:from|on|at|in|by)|"
    r"lire (?:la suite (?:de (?:cet|l['’])\s?(?:article|enquête))?|l['’]article(?: complet| original| "
    r"entier)?|l['’]int[ée]gralit[ée](?: de (?:cet|l['’])\s?article)?|(?:cet|l['’])\s?article) ?(?:sur|"
    r"dans|de|du|chez)|"
    r"leer (?:más|el artículo(?: completo)?|la noticia(?: completa)?) ?(?:de este (?:reportaje|artículo) "
    r")?(?:en|de)|"
    r"(?:den ganzen |den vollständigen )?(?:artikel|bericht) (?:lesen|weiterlesen) (?:bei|auf|in)|"
    r"weiterlesen (?:bei|auf))"
    r"\s+(?:le site (?:de |du |d['’])?)?(?P<source>[^.!?\n]{2,80}?)\s*[.!…→>»]*\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Credit:
    """A caption without its credit, and the credit apart; each as printed, None where absent."""

    caption: str | None = None
    photographer: str | None = None
    agency: str | None = None
    distributor: str | None = None


def caption(text: str, credit: str | None = None) -> Credit:
    """A printed caption taken apart. `credit` is a credit that the page gives in an element of its own."""
    text = one_line(text)[:3000]  # a page that puts its whole text into a caption shall not cost minutes
    found: list[str] = []
    if credit := one_line(credit):
        found.append(credit)
        if text.endswith(credit):
            text = text[: -len(credit)].rstrip(" -–—|,")
    while match := _IN_BRACKETS.search(text):
        found.append(match[1])
        text = (text[: match.start()] + " " + text[match.end() :]).strip()
    if match := _MARKED.search(text) or _TRAILING.search(text):
        found.append(match[1])
        text = text[: match.start()].strip()
    photographer = house = distributor = None
    for each in found:
        who, where, via = _credit(each)
        photographer, house, distributor = photographer or who, house or where, distributor or via
    return Credit(text or None, photographer, house, distributor)


def _credit(text: str) -> tuple[str | None, str | None, str | None]:
    """Photographer, agency and distributor of one credit."""
    text = _LABEL.sub("", text).strip(" .,;()[]©")
    distributor = None
    if match := re.search(r"\s*\bvia\s+(.+)$", text, re.IGNORECASE):
        distributor, text = match[1].strip(), text[: match.start()].strip()
    photographer = house = None
    for part in re.split(r"\s*(?:/|\||,|;|\s[-–—]\s|\s\bfor\b\s|\s\bpour\b\s|©)\s*", text):
        part = _LABEL.sub("", part).strip(" .,;()[]")
        name = re.sub(r"\s+(?:photos?|images?|file photo|archives?|handout|pool)$", "", part, flags=re.IGNORECASE)
        if not name or name.casefold() in ("file", "handout", "pool", "archives", "archive", "dr", "d.r", "photo"):
            continue
        if agency(name) or fold(name) in _PHOTO_AGENCY:
            house = house or name
        elif fold(name) in _DISTRIBUTOR:
            distributor = distributor or part
        elif photographer is None and len(name.split()) <= 6 and not name.isdigit():
            photographer = name
        elif house is None and "/" in text and len(name.split()) <= 6:
            house = name  # "Name / House": an agency that we do not know by name
    return photographer, house, distributor


def dateline(text: str) -> tuple[str | None, str | None, str]:
    """The dateline at the start of an article: (place, agency named with it, the text without it).

    "GABORONE, Botswana — …", "PARIS (AFP) – …"; (None, None, text) where there is none.
    """
    for pattern in (_DATELINE, _DATELINE_AGENCY):
        found = pattern.match(text[:160])
        if not found:
            continue
        house = found["agency"]
        if house is not None and not agency(house):
            if pattern is _DATELINE_AGENCY or len(house) > 30:
                continue
            house = None
        if house is None and len(text) - found.end() < 40:
            continue
        return found["place"].strip(" ,"), house, text[found.end() :]
    return None, None, text


def read_more(line: str) -> str | None:
    """The source that a closing line names ("Read more of this report from …"); None for any other line."""
    found = _READ_MORE.match(one_line(line))
    return found["source"].strip() if found else None
