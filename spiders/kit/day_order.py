"""Whether a page means the day or the month by the first number of 3/4/2023, where it lets anybody know."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from spiders.kit import dates, metatags, period
from spiders.kit.words import listed

if TYPE_CHECKING:
    from spiders.kit.page import Page

_NUMBERS = re.compile(r"(?<![\d/-])(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?![\d/-])")
# "en-US" is no sign of the United States: content systems the world over say so unasked
_DAY_FIRST = frozenset(listed("gb uk ie au nz in pk bd lk ng gh ke ug tz zm zw za sl gm lr rw my sg mt cy il qa ae"))
_LINES = 5000


def month_first(page: "Page", text: str) -> bool | None:
    """Whether the month comes first in the numbers of `text`, None where only a guess could tell.

    The outlet's word; the language, since all but English put the day first; the country of an English page; a day
    that its data or its address give; other dates of the page that can be read in one way only.
    """
    if page.month_first:
        return True
    both = next(filter(_may_be_both, _NUMBERS.finditer(text)), None)
    if both is None:
        return False
    declared = (page.doc.get("lang") or page.meta(*metatags.LANGUAGES) or page.ld.text("inLanguage")).lower()
    language, _, region = declared.strip().replace("_", "-").partition("-")
    if language.isalpha() and language != "en":
        return False
    if region in _DAY_FIRST or (urlsplit(page.url).hostname or "").rpartition(".")[2] in _DAY_FIRST:
        return False
    known = set(_known(page))
    for first in (False, True):
        day = date(int(both[4]), int(both[1 if first else 3]), int(both[3 if first else 1]))
        if any(abs((each - day).days) <= 1 for each in known):
            return first
    shown = {
        int(found[3]) > 12
        for line in islice(page.said, _LINES)
        if len(line) < 200
        for found in _NUMBERS.finditer(line)
        if max(int(found[1]), int(found[3])) <= 31 and (int(found[1]) > 12) is not (int(found[3]) > 12)
    }
    return shown.pop() if len(shown) == 1 else None


def _may_be_both(found: re.Match[str]) -> bool:
    return 1 <= int(found[1]) <= 12 and 1 <= int(found[3]) <= 12 and found[1] != found[3] and int(found[4]) > 0


def _known(page: "Page") -> Iterator[date]:
    """The days that the page or its address gives in a form with one meaning."""
    said = [page.ld.get(name) for name in ("datePublished", "dateModified", "dateCreated")]
    said += [page.meta(*metatags.PUBLISHED), page.meta(*metatags.MODIFIED)]
    said += [element.get("datetime") for element in islice(page.doc.iter("time"), 3)]
    for value in said:
        if found := dates.moment(value):
            yield found.day
    if day := period.day_in(page.url):
        yield day
