"""Languages of newspapers that the language model does not know: told by their commonest words."""

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+")
_SHARE, _FEWEST = 0.3, 4  # of all words those that are common in the language; how many different ones tell


@dataclass(frozen=True, slots=True)
class _Language:
    """`telling`: words that are rare in other languages; `common`: these and what bears the grammar besides."""

    telling: frozenset[str]
    common: frozenset[str]


def _bare(text: str) -> str:
    """The text as many type it, without the dots and tones of letters."""
    folded = unicodedata.normalize("NFKD", text.casefold()).translate({0x253: "b", 0x257: "d", 0x199: "k", 0x1B4: "y"})
    return "".join(each for each in folded if not unicodedata.combining(each))


def _of(telling: str, others: str) -> _Language:
    words = frozenset(_bare(telling).split())
    return _Language(words, words | frozenset(_bare(others).split()))


_LANGUAGES = {
    "ha": _of(
        """
        cewa wannan waɗannan domin kuma cikin wata wani wasu aka suna yana tana daga amma waɗanda ƙasar mutane gwamnatin
        shugaban jihar yadda bayan tsakanin lokacin zuwa ranar saboda inda ake suka wanda masu mutum yanzu shekara
        hukumar ƙungiyar shekarar tare zai sama cutar
        """,
        """
        sai gwamnati shugaba akan haka har kamar kuwa sun ta ya da na ce an ba ga shi za su duk mai ne ko a ke yi wa kan
        don nan ku yan ana dai sa ita ji samu zama najeriya ci
        """,
    ),
    "so": _of(
        "iyo ayaa waxaa waxay waxa dalka dadka sheegay ayuu ayay inuu inay ugu sidoo laga lagu loo madaxweynaha",
        "uu ka ku ee oo in la waa isaga kale kuwa aad sida kaas taas kuna",
    ),
    "yo": _of(
        "àwọn láti náà wọ́n fún àti ṣe lórí yìí ìjọba ilẹ̀ orílẹ̀",
        "ní ni ti pé sí ó jẹ́ kan tó bá sọ",
    ),
    "ig": _of(
        "nke ndị bụ dị ahụ mana onye ihe mgbe nwere kwuru gọọmentị obodo anyị maka",
        "na ọ ya ka ga ike ime ha si were",
    ),
}


def told(text: str) -> str | None:
    """The ISO 639-1 code of the one of these languages in which the text is, None where it is in none of them."""
    words = _WORD.findall(_bare(text))
    different = set(words)
    for code, its in _LANGUAGES.items():
        telling = len(different & its.telling) >= _FEWEST
        if telling and sum(word in its.common for word in words) >= _SHARE * len(words):
            return code
    return None
