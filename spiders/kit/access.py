"""Who may read an article, and whether the whole of it is in the page: verdicts, each with its evidence.

No sign, no verdict: a page that says nothing is `unknown`. What the page shows counts for more than what its
metadata claim, and two claims that contradict each other without a sign in the page are `unknown`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from archive.model import Access, Complete, Evidence
from spiders.kit.jsonld import LinkedData, truth

SHOWN = "page"  # where a sign stands that the outlet's own file knows
SEEN = "seen in the page"  # where a sign stands that looks like one in any newspaper

_TIERS = {
    "free": "free",
    "metered": "metered",
    "locked": "paywalled",
    "paid": "paywalled",
    "premium": "paywalled",
    "subscriber": "paywalled",
    "payant": "paywalled",
    "abonne": "paywalled",
    "abonné": "paywalled",
    "gratuit": "free",
    "paywall": "paywalled",
    "subscription": "paywalled",
    "registration": "metered",
    "metered-paywall": "metered",
    "hard": "paywalled",
    "open": "free",
    "plus": "paywalled",
}
_TIER_NAMES = (
    "og:article:content_tier",
    "article:content_tier",
    "content_tier",
    "article:access",
    "cxenseparse:access",
)


def from_linked_data(ld: LinkedData) -> list[Evidence]:
    """What schema.org data say: isAccessibleForFree of the article and of its parts ("paywalled content")."""
    signs = []
    said = ld.article.get("isAccessibleForFree")
    if (free := truth(said)) is not None:
        signs.append(Evidence("json-ld isAccessibleForFree", str(said), "free" if free else "paywalled"))
    parts = ld.resolve(ld.article.get("hasPart"))
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, dict) and truth(part.get("isAccessibleForFree")) is False:
            says = f"{part.get('isAccessibleForFree')} for {part.get('cssSelector') or 'a part'}"
            signs.append(Evidence("json-ld hasPart", says[:200], "paywalled"))
            break
    return signs


def from_tiers(metas: dict[str, list[str]]) -> list[Evidence]:
    """What the meta tags of content tiers say."""
    said = ((name, value.strip()) for name in _TIER_NAMES for value in metas.get(name, ())[:1])
    signs = [
        Evidence(f"meta {name}", value[:100], _TIERS[value.casefold()])
        for name, value in said
        if value.casefold() in _TIERS
    ]
    value = next(iter(metas.get("isaccessibleforfree", ())), None)
    if (free := truth(value)) is not None:
        signs.append(Evidence("meta isAccessibleForFree", str(value)[:100], "free" if free else "paywalled"))
    return signs


def verdict(signs: Iterable[Evidence]) -> Access:
    """The verdict of the signs together.

    The outlet's own gate or sentence decides; then the tier (it knows "metered", which JSON-LD cannot say); then
    JSON-LD; then a gate that only looks like one.
    """
    signs = tuple(signs)
    for place in (SHOWN, "meta", "json-ld", SEEN):
        found = {sign.verdict for sign in signs if sign.where.startswith(place)}
        if place == SHOWN and "paywalled" in found:
            return Access.METERED if any(sign.verdict == "metered" for sign in signs) else Access.PAYWALLED
        if len(found) == 1:
            return Access(next(iter(found)))
        if found:
            # a free article may have a part that is not: without a gate in the page nobody can tell
            return Access.METERED if found == {"metered", "paywalled"} else Access.UNKNOWN
    return Access.UNKNOWN


def is_cut(signs: Iterable[Evidence]) -> bool:
    """Whether a gate stands in the page in place of text. One that only looks like it needs no metadata against it."""
    signs = tuple(signs)
    if any(sign.where.startswith(SHOWN) and sign.verdict == "paywalled" for sign in signs):
        return True
    seen = any(sign.where.startswith(SEEN) and sign.verdict == "paywalled" for sign in signs)
    return seen and verdict(signs) in (Access.PAYWALLED, Access.METERED)


def completeness(
    access: Access, *, gate: bool, text: str, promised: str = "", lost: bool = False, short: bool = False
) -> Complete:
    """Whether the whole text is in the page. `promised` is the text that the page's own data hold, if any; `short`:
    they speak of a longer one."""
    if lost or gate:
        return Complete.NO
    if not text:
        return Complete.UNKNOWN
    if access is Access.FREE and not short:
        return Complete.YES
    if len(promised) > 400:
        if len(text) >= 0.9 * len(promised):
            return Complete.YES
        if len(text) < 0.5 * len(promised):
            return Complete.NO
    return Complete.UNKNOWN


def class_words(element: Any) -> frozenset[str]:
    """The words of an element's class and id, split at dashes, underscores and capitals."""
    return _words_of(f"{element.get('class') or ''} {element.get('id') or ''}")


@lru_cache(maxsize=8192)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in re.split(r"[\s_\-:/]+|(?<=[a-z])(?=[A-Z])", text) if word)
