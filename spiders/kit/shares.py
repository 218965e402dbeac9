"""Who did what, where a byline says so: the pictures and the translation are not the text, a contribution is."""

import re

from spiders.kit.agencies import agency

_PICTURE = (
    r"(?:photos?|photograph(?:s|y|ies|ie|ed)?|photographies|pictures?|images?|illustrations?|illustrated|vid[ée]os?|"
    r"graphics?|infographies?|dessins?|fotos?|fotograf[íi]as?|fotografien?|fotografie|bilder|bild|grafik|grafiken|"
    r"illustrationen|im[áa]genes|imagens|immagini|fotoğraf(?:lar)?|görsel(?:ler)?|hotuna|تصوير|صور|عدسة)"
)
_TEXT = r"(?:story|words|text|texte|textes|texto|textos|testo|testi|haber|reporting|report|bericht|نص|تقرير)"
_BY = r"(?:\s*[:：–-]\s*|\s+(?i:by|de|d['’]|von|par|por|di|da|pour)\s*|\s+)"
_PICTURES = re.compile(
    rf"(?:(?:[,;|/.·•–-]\s*|\s(?i:and|et|und|y|e|ve)\s+)(?i:{_PICTURE}){_BY}|\s(?i:{_PICTURE})\s*[:：]\s*)"
    rf"(?=[^\W\d_a-z]).*?"
    rf"(?=[,;|/.·•–-]\s*(?i:{_TEXT})\b|$)"
)
_PICTURES_FIRST = re.compile(
    rf"^(?i:{_PICTURE})(?:\s*[:：]\s*|\s+(?i:by|von|par|por)\s+)(?=[^\W\d_a-z]).*?"
    rf"(?:[,;|/.·•–-]\s*(?=(?i:{_TEXT})\b)|$)"
)
_AND = r"\s*(?:[&+/]|\s(?:and|und|et|y|e|ve|i|en)\s|\sو)\s*"
# "Text und Fotos: Awa Invented": she did both
_BOTH = re.compile(
    rf"^(?:(?:{_TEXT}|reportage|recherche){_AND}{_PICTURE}|{_PICTURE}{_AND}(?:{_TEXT}|reportage))"
    r"(?:\s*[:：]\s*|\s+(?:by|de|von|par|por|di)\s+)(?=[^\W\d_])",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"^(?:(?:de|by|von|par|di|da)\s+)?(?:our|notre|nuestr[oa]|unsere?m?|nostr[oa]|noss[oa])\s+"
    r"(?:(?:envoyée? spéciale?|enviad[oa] especial|correspond[ae]nte?|corresponsal|korrespondent(?:in)?|inviat[oa])"
    r"(?:\s+(?:in|à|au|en|a|em)\s+[A-ZÀ-Ý][\w-]+)?)[\s,:]+(?=[A-ZÀ-Ý][\w'’.-]*\s+[^\W\d_])",
    re.IGNORECASE,
)
_TRANSLATED = re.compile(
    r"(?<=\w\w)[\s.,;|/–-]+(?:and\s+|et\s+)?(?:translat(?:ed|ion)|tradui(?:te?|ction)|traduction|übersetz(?:t|ung)|"
    r"aus de[mr] \w+ (?:übersetzt|von)|traducid[oa]|traducción|tradott[oa]|traduzione|traduzid[oa]|tradução|çeviren|"
    r"çeviri|fassara|ترجمة)\b.*$",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"^(?:(?:additional|further|extra|weiteren?|zusätzlichen?|des|une?|la|el|il|a|l['’])\s*)*"
    r"(?:reporting|research|contributions?|input|files?|reports?|material|agenturmaterial|informationen|information|"
    r"informations?|información|informaciones|informações|informação|informazioni|beitr[äa]gen?|recherchen?|"
    r"unterstützung|mitarbeit|collaboration|participation|contribution|concours|colaboración|colaboração|"
    r"collaborazione|contributo|agency reports?)\s+(?:by|from|von|vom|durch|de|d['’]|di|da|do|du|par|of)\s*"
    r"(?=[^\W\d_])",
    re.IGNORECASE,
)
_OF_PICTURES = re.compile(rf"\s*[(\[]\s*(?i:{_PICTURE})\s*[)\]]")
_JOINT = re.compile(r"[,;|/]|\s(?:and|et|und|y|e|ve|&)(?=\s)", re.IGNORECASE)
_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,60})[)\]]")
_WITH = re.compile(r"^(?:avec|with|mit|con|com|med|met)\s+(?:l['’]|la |the |der )?", re.IGNORECASE)
_FROM = re.compile(r"^From\s+(?=[A-ZÀ-Ý][\w'’.-]*\s+[A-ZÀ-Ý])")
_REPORTS = re.compile(
    r"^(?:aus|from)\s+[A-ZÀ-Ý][\w-]+(?:\s[A-ZÀ-Ý][\w-]+)?\s+(?:berichtet|berichten|reports?)\s+", re.IGNORECASE
)


def of_the_text(text: str) -> str:
    """A byline with those alone who wrote, and the agencies that stand in brackets."""
    text = _OURS.sub("", _BOTH.sub("", text))
    text = _PICTURES.sub("", _PICTURES_FIRST.sub("", text))
    if found := _OF_PICTURES.search(text):
        joints = [0, *(joint.start() for joint in _JOINT.finditer(text, 0, found.start()))]
        text = text[: joints[-1]] + text[found.end() :]
    text = _TRANSLATED.sub("", text)
    text = _REPORTS.sub("", _FROM.sub("", text))
    return _BRACKET.sub(_opened, text)


def contributor(part: str) -> str:
    """A part of a byline without the words that call it a contribution ("additional reporting by Awa Invented")."""
    return _SHARE.sub("", part)


def _opened(found: re.Match[str]) -> str:
    inside = found[1].strip()
    bare = _WITH.sub("", inside)
    if all(agency(each) for each in re.split(r"\s*(?:[,/&]|\s(?:et|and|und|y|e)\s)\s*", bare)):
        joint = " " if bare != inside else ", " if found.string[: found.start()].strip() else ""
        return joint + inside
    return found[0]
