"""Names joined by a word that may itself stand in a name: و in Arabic, y, e and i in Spanish, Portuguese, Catalan."""

import re
from collections.abc import Callable

from spiders.kit.agencies import agency, collective, role_words
from spiders.kit.words import listed

_WAW = re.compile(r"\s+(?=و\w)|\s+و\s+(?=\w)")
_AND = re.compile(r"\s+[yei]\s+(?=[^\W\d_])")
_SURNAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
# words that begin with the letter waw: given names and surnames, and the son of Mauritania
_WITH_WAW = frozenset(
    listed("""
    وليد وائل وفاء وفا وسام وجدي وحيد وحيدة ولاء وداد وفيق وفيقة وجيه وجيهة وصفي ورد وردة وهيب وهيبة وهبة وهبي وسيم
    وسيمة وسيلة وهاب وديع وديعة وجدان وضاح وعد وئام ولي ولد وفائي والي وادي والتر وليم وليام ويليام وصال ورود واصف
    واصل واثق وضحى وضحة وجود وحدة ونيس ونوس ويصا وهدان وقاص وهران واسيني ولسون ويلسون واتسون وود وولف ويلز
    وكالة وكالات وزارة
""")
)
_NOBODY = frozenset(
    listed("""
    وكالات الوكالات agencias agências agenzie agències otros otras outros outras altri altres
""")
)


def apart(text: str) -> list[str]:
    """The names in a text that such words join, each whole; the text alone where they join none."""
    return [name for each in _cut(text, _WAW, _is_waw) for name in _cut(each, _AND, _is_and)]


def _cut(text: str, joint: re.Pattern[str], joins: Callable[[str, str], bool]) -> list[str]:
    names: list[str] = []
    start = 0
    found = list(joint.finditer(text))
    for number, match in enumerate(found):
        end = found[number + 1].start() if joint is _AND and number + 1 < len(found) else len(text)
        if joins(text[start : match.start()].rpartition(",")[2], text[match.end() : end]):
            names.append(text[start : match.start()])
            start = match.end()
    names.append(text[start:])
    if joint is _WAW:
        names = names[:1] + [name.removeprefix("و") if _prefixed(name) else name for name in names[1:]]
    return names


def _prefixed(name: str) -> bool:
    return name.startswith("و") and name.split(maxsplit=1)[0] not in _WITH_WAW


def _is_waw(before: str, after: str) -> bool:
    """Whether a word that begins with waw is another name: not a name that has the letter itself, and no half of a
    name on either side."""
    first = (after.split() or [""])[0]
    if not first.startswith("و"):
        return True  # the word stands alone
    if first in _WITH_WAW:
        return False
    named = agency(after.removeprefix("و")) or agency(first.removeprefix("و")) or first.removeprefix("و") in _NOBODY
    return bool(named or agency(before)) or (len(before.split()) > 1 and len(after.split()) > 1)


def _is_and(before: str, near: str) -> bool:
    """Whether it joins two persons, not the two surnames of one ("Ortega y Gasset")."""
    one = _SURNAME.fullmatch(near) is not None and near[0].isupper() and len(before.split()) > 1
    other = agency(near) or agency(near.upper()) or near.casefold() in _NOBODY or collective(near) or role_words(near)
    return not one or bool(other)
