"""The dateline before the text of an article: where a report was written, and for which agency."""

import re

from spiders.kit.agencies import agency
from spiders.kit.lands import is_land
from spiders.kit.months import LABELS, month_named
from spiders.kit.words import fold, listed

_DASH = re.compile(r"(?:(?<=\))\s?\.)?\s?(?:[—–―]|--|-(?=\s))\s?-?(?=.)|(?<=\)):\s")
_LONGEST = 110  # characters before the dash
_BRACKET = re.compile(r"\s?[(\[]([^()\[\]]{2,60})[)\]]\s?$")
_DAY = re.compile(
    r"(?:^|[,\s])\s?(?:(?:le|el|il|am|den|em)\s)?(?:"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s(?:de\s)?(?P<month>[^\W\d_]{3,12})\.?"
    r"|(?P<month2>[^\W\d_]{3,12})\.?\s(?P<day2>\d{1,2})(?:st|nd|rd|th)?"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4})(?:,?\s(?:de\s)?\d{4})?[.,]?$",
    re.IGNORECASE,
)
_HOUSES = re.compile(r"\s?[/,;·|+]\s?|\s-\s|\s(?:and|et|und|y|e|ve|with|avec|mit|con)\s")
_PARTICLES = frozenset(
    listed("de du des del della di da do dos la le les el al an am der den ob sur sous en and of y e")
)
# what newspapers print in capitals before a dash that is no place: the kind of text, its rubric, an organisation
_NO_PLACE = frozenset(
    listed("""
    the, what, how, why, who, this, watch, read, live, breaking, exclusive, update, updated, updates, news,
    latest, alert, analysis, opinion, comment, commentary, editorial, explainer, explained, interview, profile,
    review, feature, factbox, timeline, video, videos, photos, photo, gallery, podcast, audio, quiz, poll,
    survey, warning, note, correction, sponsored, advertisement, promoted, politics, business, economy, culture,
    sport, sports, football, tennis, rugby, health, science, technology, tech, world, climate, society,
    education, lifestyle, crime, law, migration, international, national, local, region, covid, brexit, editors,
    summary, by, par, von, por, di, daga, exclusif, direct, images, image, enquête, récit, reportage, entretien,
    portrait, décryptage, analyse, tribune, avis, vidéo, vidéos, infographie, infographies, carte, cartes,
    témoignage, témoignages, sondage, chronique, édito, éditorial, critique, document, dossier, info, infos,
    actu, actualité, factuel, vrai, portfolio, diaporama, politique, économie, société, justice, santé, climat,
    monde, histoire, sciences, environnement, planète, débat, débats, bilan, présidentielle, législatives,
    élections, guerre, cyclisme, insolite, mise, article, série, grand, récap, exklusiv, eilmeldung, kommentar,
    meinung, porträt, hintergrund, politik, wirtschaft, kultur, gesellschaft, fußball, fussball, gesundheit,
    wissenschaft, anzeige, ratgeber, umfrage, ticker, liveticker, exclusiva, entrevista, análisis, opinión,
    última, hora, directo, vivo, fotos, política, economía, deportes, fútbol, sociedad, salud, encuesta,
    análise, opinião, economia, cultura, esporte, saúde, exclusivo, esclusiva, intervista, analisi, opinione,
    diretta, politica, cronaca, sondaggio, son, dakika, özel, analiz, röportaj, haber, foto, ekonomi, siyaset,
    spor, kültür, sağlık, nato, otan, unesco, unicef, unhcr, opec, opep, ecowas, cedeao, uemoa, fifa, uefa, caf,
    nasa, esa, imf, fmi, oms, fao, usa, uk, eu, ue, un, onu, uno, cia, fbi, nba, nfl, aclu, asean, brics, oecd,
    ocde, osce, iaea, aiea, interpol, europol, frontex, isis, hamas, faq, diy, ceo, gop
""")
)


def dateline(text: str) -> tuple[str | None, str | None, str]:
    """The dateline at the start of an article: (place, agency named with it, the text without it).

    "GABORONE, Botswana — …", "PARIS (AFP) – …", "Niamey, 14 mai (ANP) – …"; (None, None, text) where there is none. A
    place that is not in capitals needs an agency, a day, or its state or country beside it.
    """
    begin = text[:_LONGEST]
    for dash in _DASH.finditer(begin):
        head, rest = begin[: dash.start()], text[dash.end() :].lstrip()
        if not head or head.count("(") != head.count(")"):
            continue
        before = _BRACKET.fullmatch(head)
        if before and agencies(before[1]) and rest:  # as ANSA does: "(ANSA) - ROMA, 14 MAG - "
            place, _, last = dateline(rest)
            return (place, before[1], last) if place else (None, None, text)
        place, house, dated = _read(head)
        if place and (house or dated or (len(rest) >= 40 and not rest[:1].islower())):
            return place, house, rest
        break
    return None, None, text


def agencies(house: str) -> tuple[str, ...]:
    """The agencies that a dateline's bracket names ("AFP", "dpa/AFP"), by their short names."""
    named = (each.strip() for each in (house, *_HOUSES.split(house)))
    return tuple(dict.fromkeys(filter(None, (agency(each) or agency(each.upper()) for each in named))))


def alone(text: str) -> str | None:
    """The place where the text is a dateline with nothing behind it ("WASHINGTON —"); None for any other text."""
    found = _DASH.search(f"{text[:_LONGEST]} .") if len(text) < _LONGEST else None
    if found is None or text[found.end() :].strip():
        return None
    place, house, dated = _read(text[: found.start()])
    return place if place and (place.isupper() or house or dated or "," in place) else None


def _read(head: str) -> tuple[str | None, str | None, bool]:
    """The place before the dash, the agency beside it, and whether a day stands there; no place, no dateline."""
    house, land, dated = None, False, False
    if bracket := _BRACKET.search(head):
        house = bracket[1] if agencies(bracket[1]) else None
        land = is_land(bracket[1])
        if house is None and len(bracket[1]) > 30:
            return None, None, False
        head = head[: bracket.start()]
    if (day := _DAY.search(head)) and all(month_named(each) for each in (day["month"], day["month2"]) if each):
        head, dated = head[: day.start()], True
    place = head.strip(" ,")
    parts = [part.strip() for part in re.split(r"[,/]", place)]
    if len(parts) > 1 and fold(parts[-1]) in LABELS and not (is_land(parts[-1]) or parts[-1].isupper()):
        parts.pop()  # a day of the week
        place = place[: place.rindex(",")].strip() if "," in place else place
    named = any(map(is_land, parts[1:]))
    if not 0 < len(parts) <= 4 or not all(map(_is_place, parts)) or len(place) > 60:
        return None, None, False
    words = fold(parts[0]).split()
    if not words or all(word in LABELS for word in words) or _NO_PLACE & set(words):
        return None, None, False
    capitals = parts[0].isupper() and sum(map(str.isalpha, parts[0])) > 2
    if capitals or house or land or named or dated:
        return place, house, dated
    return None, None, False


def _is_place(part: str) -> bool:
    """Whether the text may be a place's name: a few words with capitals, particles between them."""
    words = re.split(r"[\s’']+", part)
    return (
        1 < len(part) <= 40
        and len(words) <= 5
        and not any(letter.isdigit() for letter in part)
        and not re.search(r"[!?:;…\"“”«»&@#|(\[]", part)
        and words[0][:1].isalpha()
        and (not words[0][:1].islower() or part in ("occupied West Bank", "occupied East Jerusalem"))
        and all(not word[:1].islower() or word.casefold() in _PARTICLES or len(word) < 3 for word in words[1:])
    )
