"""Captions with their credits apart, and lines that name whose reporting an article rests on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spiders.kit.agencies import agency, collective
from spiders.kit.months import month_named
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
_NOBODY = frozenset(
    listed("""
    file, handout, pool, archivbild, archivfoto, archives, archive, archiv, archivo, arquivo, arşiv, dr, d r, photo,
    file photo, stock photo, privat, private, privé, screenshot, illustration, symbolbild, symbolfoto, reproduction,
    reprodução
""")
)

_THING = (
    r"(?:(?:file|stock|handout|drone|ap|afp|reuters)\s|archiv|symbol|titel|screen)?"
    r"(?:photo(?:s|graph[a-zé]{0,3})?|foto(?:s|nachweis|quelle|ğraf(?:lar)?|gra[fp][a-zíi]{0,4})?|images?|imagen(?:es)?|"
    r"imagem|immagine|pictures?(?!\s?alliance)|bild(?:er|quelle|nachweis|rechte)?|hoto(?:n|una)?|illustrations?|infogra[a-z]{3,5}|"
    r"grafik|graphic|shots?|file|video|vidéo|ph\.?|صورة|الصورة|تصوير|صور)"
)
_WHOSE = r"(?:cr[ée]dits?|cr[ée]dito|source|courtesy|copyright|quelle|fuente|fonte|kaynak|المصدر|مصدر)"
_KIND = rf"(?:{_THING}|{_WHOSE})(?:[ -](?:{_THING}|{_WHOSE})){{0,2}}"
_SIGN = r"(?:\s?[:©]|\s?\.\.\.|\s?…)"
_BY = r"(?:by|par|von|de|por|di|courtesy of)"
_LABEL = re.compile(
    rf"\W{{0,4}}(?:courtesy of\b|{_KIND}(?:{_SIGN}|\s{_BY}\b\s?:?|(?=\s))|©|\(c\)|copyright\b)\s?", re.IGNORECASE
)
_PLAINLY = re.compile(rf"\s*{_THING}\s(?!{_BY}\b|\s*:)(?=\w)", re.IGNORECASE)
_MARKED_LABEL = re.compile(rf"(?<!\w)(?:{_KIND}{_SIGN}|©|\([cC]\)(?=\s?[A-ZÀ-Ý]))", re.IGNORECASE)
_PLAIN_LABEL = re.compile(rf"(?:^|(?<=[.!?»”\"’)|/–—-])\s)(?:{_KIND}(?:\s{_BY})?|courtesy of)(?=\s)", re.IGNORECASE)
_DETERMINER = re.compile(
    r"(?<!\w)(?:an?|the|this|that|his|her|their|un|une|la|le|cette|sa|ein|eine|das|dem|den|die|diesem|una|el|esta|uma|"
    r"su|bir|bu)\s$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s?[(\[]([^()\[\]]{2,150})[)\]]")
_WORD = r"(?:[A-ZÀ-ÝĀ-Ž][\w’'-]*|[A-Z]\.|d[aeiou]s?|van|von|der|la|el|al|bin|ben)"
_NAME = rf"[A-ZÀ-ÝĀ-Ž][\w’'.-]*(?:\s{_WORD}){{0,4}}"
_TRAILING = re.compile(
    r"(?:^|(?<=[.!?»”\"’)])\s+|\s+[—–|-]\s+|\s{2,})("
    rf"{_NAME}\s*/\s*{_NAME}(?:\s*/\s*{_NAME})?(?:\s+via\s+{_NAME})?"
    rf"|{_NAME}\s+via\s+{_NAME}"
    rf"|{_NAME}(?:\s/\s{_NAME})?\s(?i:pour|for|für)\s[«“\"]\s?{_NAME}\s?[»”\"]"
    rf"|(?:AFP|AP|EFE|REUTERS|Reuters)\s[-–]\s{_NAME}"
    r"|Reuters|AFP|AP|Getty Images)\s*\.?\s*$",
)
_APART = re.compile(r"\s*(?:/|\||,|;|\s[-–—]\s|\s\bfor\b\s|\s\bpour\b\s|\s\bPOUR\b\s|\s\bfür\b\s|©|[()\[\]])\s*")
_VIA = re.compile(r"(?:^|\s)via\s", re.IGNORECASE)
_END = re.compile(
    r"\s(?:photos?|images?|file photo|file|archives?|handout|pool|via|news agency)$", re.IGNORECASE
)  # after a name
_PARTICLES = frozenset(
    listed("""
    de del della di da do dos das du des d la le les el al bin ben ibn van von der den ter ten zu zur und et and y e
    of for the pour für
""")
)
_READ_ALOUD = re.compile(r"^(?:image|media|photo) caption,?\s", re.IGNORECASE)  # for those who do not see the picture
_SOURCE = re.compile(r"\W{0,4}(?:source|quelle|bildquelle|fuente|fonte|kaynak|المصدر|مصدر)\b", re.IGNORECASE)
_TAIL = 120  # characters of a credit
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


_FIRST = re.compile(
    r"^\W{0,3}(?:"
    r"(?:(?:this|the) (?:article|story|report|piece|post|interview|essay|column) )?(?:was |is |has been )?"
    r"(?:(?:first|originally|initially) (?:published|appeared)|republished)|"
    r"(?:(?:cet?|cette|l['’]) ?(?:article|texte|tribune|reportage|enquête|entretien) )?(?:a |est |été )*"
    r"(?:(?:initialement|originellement|d['’]abord) (?:été )?(?:publiée?|parue?)|(?:publiée?|parue?) "
    r"(?:initialement|à l['’]origine|d['’]abord)|republiée?)|"
    r"(?:dieser|der) (?:artikel|beitrag|text) (?:ist |erschien |wurde )?(?:zuerst|ursprünglich)|"
    r"est[ea] (?:artículo|nota|texto|reportaje|artigo|matéria|reportagem) (?:fue |foi |se )?"
    r"(?:publi\w{2,6} )?(?:originalmente|primero|por primera vez|originariamente)(?: publi\w{2,6})?|"
    r"quest[oa]['’]? ?(?:articolo|intervista) è stat[oa] pubblicat[oa] (?:origin\w{6,9}|per la prima volta)"
    r")\s(?:(?:erschienen|veröffentlicht|publiziert)\s)?"
    r"(?:by|in|on|at|from|with|par|dans|sur|chez|bei|auf|im|en|por|no|na|em|da|su|nel|sul)\s"
    r"(?P<source>(?:(?:the|la|le|der|die|das|el|il|l['’])\s?)?(?-i:[^\W\d_a-zß-öø-ÿ])[^.!?;()\n]{1,60}?)\s*"
    r"(?:,? (?:on|le|am|el|and|et|und|under|sous|with|as) [^.]{2,120})?[.!]?\s*$",
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
    # a page that puts its whole text into a caption shall not cost minutes
    text = _READ_ALOUD.sub("", one_line(text)[:3000])
    found: list[str] = []
    if credit := one_line(credit)[:300]:
        found.append(credit)
        if text.endswith(credit):
            text = text[: -len(credit)].rstrip(" -–—|,/")
    text = _without_brackets(text, found)
    start = _credit_at(text)
    if start is not None and (start > 0 or not _SOURCE.match(text)):  # a chart's source is all of its caption
        found.append(text[start:])
        text = text[:start].rstrip(" |/–—-,")
    photographer = house = distributor = None
    for each in found:
        who, where, via = _credit(each)
        if who and not where and _SOURCE.match(each):
            who, where = None, who
        photographer, house, distributor = photographer or who, house or where, distributor or via
    return Credit(text.strip() or None, photographer, house, distributor)


def _without_brackets(text: str, found: list[str]) -> str:
    """The text without the brackets that are credits, which go into `found`."""
    kept, last = [], 0
    for match in _BRACKETS.finditer(text):
        inside = match[1].strip()
        if _is_credit(inside, label=_LABEL.match(inside), last=not text[match.end() :].strip(" .([)]")):
            found.append(inside)
            kept.append(text[last : match.start()])
            last = match.end()
    return "".join([*kept, text[last:]]).strip()


def _credit_at(text: str) -> int | None:
    """Where the credit at the end of a caption begins; None where there is none."""
    low = max(0, len(text) - _TAIL - 30)
    for match in _MARKED_LABEL.finditer(text, low):
        # in the midst of a sentence: "… Foto: Jane Doe", but not "she holds a photo: Jane Doe"
        if not _DETERMINER.search(text[max(0, match.start() - 12) : match.start()]) and _is_credit(
            text[match.start() :], label=match, last=True
        ):
            return match.start()
    for match in _PLAIN_LABEL.finditer(text, low):
        before = text[: match.start()].rstrip()
        if not (before.endswith(("/", "|")) and _is_named_so(text[match.start() :])) and _is_credit(
            text[match.start() :], label=match, last=True
        ):
            return match.start()
    if found := _TRAILING.search(text, low):
        return found.start(1)
    # "caption / Jane Doe / Reuters" or "caption / Reuters": the last is a house that we know
    pieces = text.rsplit(" / ", 2)
    if len(pieces) > 1 and _house(pieces[-1]):
        many = len(pieces) == 3 and _is_name(pieces[1]) and " " in pieces[1].strip()
        return len(pieces[0]) + 3 if many or len(pieces) == 2 else len(text) - len(pieces[-1])
    return None


def _is_credit(text: str, *, label: re.Match[str] | None, last: bool) -> bool:
    """Whether the text is a credit: each part a name or a house, and a label, a known house or its place to say so."""
    if len(text) > _TAIL:
        return False
    parts = list(_parts(text))
    if not parts or not all(_house(part) or _is_name(part) or fold(part) in _NOBODY for part in parts):
        return False
    if label or any(map(_house, parts)):
        return any(_house(part) or fold(part) not in _NOBODY for part in parts)
    person = _is_name(parts[0]) and " " in parts[0]
    capitals = " / " in text and all(part.isupper() and len(part) > 3 for part in parts)
    return last and (person or capitals) and ("/" in text or " for " in text or " pour " in text) and len(parts) < 5


def _parts(text: str) -> Iterator[str]:
    text = _VIA.sub(" / ", _bare(text))
    for part in _APART.split(text):
        if name := _END.sub("", _bare(part)):
            yield name


def _bare(text: str) -> str:
    """The text without labels before it."""
    for _ in range(4):
        if not (match := _LABEL.match(text)):
            break
        text = text[match.end() :]
    return text.strip(' .,;:()[]©«»“”"|')


def _house(name: str) -> str | None:
    """The name where it is an agency's or a distributor's."""
    name = _bare(name)
    return name if agency(name) or fold(name) in _PHOTO_AGENCY or _distributes(name) else None


def _distributes(name: str) -> bool:
    return fold(name) in _DISTRIBUTOR or fold(name).startswith("getty images")


def _is_name(name: str) -> bool:
    """Whether the text may be a person's or a house's name: each word with a capital, or a script without them."""
    words = name.split()
    if name == "X":
        return True  # where pictures are posted
    if not 0 < len(words) <= 7 or sum(map(str.isalpha, name)) < 2 or words[-1].casefold() in _PARTICLES:
        return False
    if len(words) == 1 and re.fullmatch(r"[\w-]+(?:[._][\w-]+)+", name):
        return True  # an account or an address
    return not any(
        word.isdigit() or (word[:1].islower() and word.islower() and word not in _PARTICLES) for word in words
    )  # "taken in April"


def _credit(text: str) -> tuple[str | None, str | None, str | None]:
    """Photographer, agency and distributor of one credit."""
    text = _bare(text)
    distributor = None
    if match := _VIA.search(text):
        distributor = next(filter(None, map(_name_of, _APART.split(text[match.end() :]))), None)
        text = text[: match.start()].strip()
    photographer = house = None
    for number, part in enumerate(_APART.split(text)):
        part = _name_of(part) if number else _bare(part)
        name = _END.sub("", part)
        if fold(name) in _NOBODY or (sum(map(str.isalnum, name)) < 2 and name != "X"):
            continue
        if agency(name) or fold(name) in _PHOTO_AGENCY:
            house = house or name
        elif _distributes(name):
            distributor = distributor or part
        elif name.startswith(("d'", "d’")) or (name[0].islower() and " " in name):
            continue  # "photo d'illustration", "taken in April"
        elif photographer is None and len(name.split()) <= 6 and not name.isdigit():
            photographer = name
        elif house is None and "/" in text and len(name.split()) <= 6:
            house = name  # "Name / House": an agency that we do not know by name
            if photographer and " " not in photographer and " " in name and not collective(name):
                photographer, house = name, photographer  # "House/Name"
    return photographer, house, distributor


def _name_of(part: str) -> str:
    """A later part of a credit without labels before it, unless its name begins like one."""
    return part.strip() if _is_named_so(part) else _bare(part)


def _is_named_so(part: str) -> bool:
    """Whether a later part of a credit is a house whose name begins like a label ("Jane Doe / Photo Invented")."""
    found = _LABEL.match(part)
    return found is not None and _PLAINLY.match(part) is not None and not _house(part[found.end() :])


def read_more(line: str) -> str | None:
    """The source that a closing line names ("Read more of this report from …"); None for any other line."""
    found = _READ_MORE.match(one_line(line))
    return found["source"].strip() if found else None


def first_published(line: str) -> str | None:
    """The house whose article this is, where a line says so ("This article was first published by …"), else None."""
    line = one_line(line)
    found = _FIRST.match(line) if len(line) < 300 else None
    source = found["source"].strip(" ,«»“”") if found else ""
    return source if source and month_named(source.split()[0]) is None else None
