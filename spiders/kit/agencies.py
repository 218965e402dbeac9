"""The names of news agencies, of collective bylines and of roles, as bylines and credits print them."""

import re

from spiders.kit.words import fold, listed

# The short name by which the archive knows the agency: as it is printed.
_AGENCIES = """
AFP: afp, agence france presse, agence france press, afp news, afp infos, afp com, وكالة فرانس برس,
    فرانس برس, ا ف ب, أ ف ب
Reuters: reuters, thomson reuters, reuters news, reuters staff, رويترز, agence reuters, reuters
    agency
AP: ap, associated press, the associated press, ap news, أسوشيتد برس, ap staff
dpa: dpa, deutsche presse agentur, dpa infocom, dpa international
EFE: efe, agencia efe, efe news
ANSA: ansa, agenzia ansa
Xinhua: xinhua, xinhua news agency, chine nouvelle, agence xinhua
TASS: tass, itar tass
RIA Novosti: ria novosti, ria nowosti
Anadolu: anadolu, anadolu agency, anadolu ajansı, anadolu ajansi, agence anadolu, aa, وكالة
    الأناضول, الأناضول
PA: pa, pa media, press association, pa news agency, pa wire
UPI: upi, united press international
IANS: ians
PTI: pti, press trust of india
ANI: ani
ATS: ats, keystone ats, keystone sda, sda, agence télégraphique suisse, keystone sda ats
APA: apa, austria presse agentur
Belga: belga, agence belga
ANP: anp
Lusa: lusa, agência lusa
Kyodo: kyodo, kyodo news
Jiji: jiji, jiji press
Yonhap: yonhap, yonhap news agency
NTB: ntb
TT: tt, tt nyhetsbyrån
Ritzau: ritzau
STT: stt
PAP: pap, polska agencja prasowa
CTK: ctk, čtk
MTI: mti
La Presse Canadienne: la presse canadienne, presse canadienne, the canadian press, canadian press
AAP: aap, australian associated press
Agence QMI: agence qmi, qmi
SID: sid, sport informations dienst
Europa Press: europa press, europapress
AGI: agi
Adnkronos: adnkronos
ETX Daily Up: etx daily up, etx studio
Relaxnews: relaxnews, afp relaxnews
Bloomberg: bloomberg, bloomberg news
Interfax: interfax
Ukrinform: ukrinform
MAP: map, maghreb arabe presse, وكالة المغرب العربي للأنباء
DHA: dha, demirören haber ajansı
İHA: İHA, iha, ihlas haber ajansı
APS: aps, algérie presse service, وكالة الأنباء الجزائرية
TAP: tap, tunis afrique presse
PANA: pana, panapress
NAN: nan, news agency of nigeria
SPA: spa, saudi press agency
WAM: wam
MENA: mena, middle east news agency
SANA: sana
IRNA: irna
Tanjug: tanjug
Hina: hina
BTA: bta
AGERPRES: agerpres
Bernama: bernama
Antara: antara
SAPA: sapa
Cover Media: cover media
Bang Showbiz: bang showbiz
"""


def _spellings() -> dict[str, str]:
    known: dict[str, str] = {}
    for entry in re.sub(r"\n\s+", " ", _AGENCIES).strip().split("\n"):
        short, _, spellings = entry.partition(": ")
        known |= {fold(spelling): short for spelling in spellings.split(",")}
    return known


_KNOWN = _spellings()
# Short names that are also words or initials: an agency only when printed in capitals.
_CAPITALS_ONLY = frozenset(
    listed("""
    aa agi ani anp ap apa aps ats hina lusa map mena mti nan pa pana pap sana sda sid spa stt tap tt
""")
)

_COLLECTIVE = re.compile(
    r"\b(r[ée]daction\w*|redaktion\w*|redacci[óo]n|redazione|redac[çt][ãa]o|redakce|redactie\w*|newsroom|"
    r"news ?desk|desk|staff|team|"
    r"editors?|editorial(?: board)?|web ?desk|bureau|correspondents|reporters|service \w+|[ée]quipe|"
    r"agenc[ey]|agenzia|agencia|"
    r"magazine|news|media|press|presse|journal|times|post|tv|radio|online|digital|collectif|groupe|group|"
    r"network|"
    r"foundation|institute|university|universit[ée]|minist\w+|syndicat|association|council|committee|"
    r"company|inc|ltd|gmbh|"
    r"les d[ée]codeurs|infographies?|studio|community|contributors?|guest author|wires?|wire services|"
    r"haber merkezi|haber servisi|ajansı|gazetesi|وزارة|وكالة|مؤسسة|جمعية|جريدة|صحيفة|قناة|مكتب|"
    r"أسرة التحرير|هيئة التحرير|تحرير|وكالات|редакция|编辑部|뉴스|편집국)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(correspond\w+|korrespondent\w*|journalist\w*|journaliste\w*|periodist\w+|giornalist\w+|"
    r"reporter\w*|report[èe]re|"
    r"editor\w*|r[ée]dact(?:eur|rice)\w*|redakteur\w*|redactor\w*|envoy[ée]\w*(?: sp[ée]cia\w+)?|"
    r"sp[ée]ciali?st\w*|analyst\w*|"
    r"columnist\w*|chroniqueu\w+|[ée]ditorialiste\w*|essayist\w*|[ée]crivain\w*|philosoph\w+|histor\w+|"
    r"professeu?r\w*|"
    r"contributor|contributing|writer|author|producer|presenter|host|photograph\w+|photojournalist\w*|"
    r"fotograf\w*|[\w-]*redakteur\w*|[\w-]*expert(?:e|in)|(?:gast)?autor(?:in)?|kolumnist\w*|staff writer|executive|"
    r"chef\w* (?:de|du|adjoint\w*)|directeu?r\w*|director|politique|africa|business|health|science|"
    r"technology|"
    r"managing|senior|deputy|chief|associate|assistant|freelance\w*|pigiste|stagiaire|political|economics?|"
    r"special to|sp[ée]cial[e]?s?|grand reporter|m[ée]decin|docteur|maître|avocat\w*|chercheu\w+|politologue|"
    r"مراسل|صحفي|محرر)\b",
    re.IGNORECASE,
)


def agency(name: str) -> str | None:
    """The short name of the agency that the text names ("Agence France-Presse" → "AFP"); None for any other text."""
    key = fold(name)
    short = _KNOWN.get(key)
    if short and key in _CAPITALS_ONLY and not name.strip().isupper():
        return None
    return short


def collective(name: str) -> bool:
    """Whether the text names a newsroom or an organisation rather than a person."""
    return _COLLECTIVE.search(name) is not None


def role_words(text: str) -> bool:
    """Whether the text holds a word for a job in a newsroom or a profession."""
    return _ROLE.search(text) is not None
