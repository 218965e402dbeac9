"""May an article's text travel? Decided from what was said at its capture and since; unknown means no.

Two things let a text out: the operator's own agreement with the outlet (corpus.toml, `[rights] text`), and an
open licence that the page itself names. A reservation of any kind outweighs the licence, never the agreement.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from archive.intake import Rights


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the text may travel, and why: a reason from a closed list, with nothing of the page in it."""

    may: bool
    reason: str


AGREED = Decision(True, "the operator has the outlet's agreement")
UNKNOWN_SESSION = Decision(False, "it is not known whether the capture was made with a login")
REFUSED_SINCE = Decision(False, "robots.txt has come to disallow the page")
REPUBLISHED = Decision(False, "the page names an open licence, but the text rests on another house's")
NO_LICENCE = Decision(False, "the page names no licence")
OTHER_LICENCE = Decision(False, "the page's licence is not on the list of open licences")

# Page-level words that speak against a copy in other hands. Google: noindex, none, noarchive, nosnippet,
# unavailable_after; Bing: nocache; noai and noml are the words in use against training and mining.
BARRING = ("noarchive", "nocache", "noai", "noml", "nosnippet", "noindex", "none", "unavailable_after")

_URL = r"(?:https?:)?//(?:www\.)?"
_TAIL = r"(?:/[a-z]{2,5}(?:-[a-z]{2,4})?)?(?:/(?:deed|legalcode)(?:\.[a-z_-]{2,10})?)?/?(?:[?#]\S*)?"
_CC_NAMED = (
    r"(?:CC|Creative Commons)[ -](?P<kind>BY(?:[ -]SA)?|Attribution(?:[ -]Share-?Alike)?)"
    r"(?:[ -](?P<version>\d\.\d))?(?: International| Unported)?(?: \(CC[ -]BY(?:-SA)?(?:[ -]\d\.\d)?\))?"
)
# Open in the sense of the Open Definition 2.1: no NC, no ND. Each pattern must meet the whole value.
_OPEN = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (rf"{_URL}creativecommons\.org/licenses/(?P<kind>by(?:-sa)?)/(?P<version>\d\.\d){_TAIL}", "CC"),
        (_CC_NAMED, "CC"),
        (rf"{_URL}creativecommons\.org/publicdomain/zero/1\.0{_TAIL}", "CC0-1.0"),
        (r"CC0(?:[ -]1\.0)?(?: Universal)?", "CC0-1.0"),
        (rf"{_URL}creativecommons\.org/publicdomain/mark/1\.0{_TAIL}", "CC-PDM-1.0"),
        (rf"{_URL}nationalarchives\.gov\.uk/doc/open-government-licence/version/3/?", "OGL-UK-3.0"),
        (r"OGL-UK-3\.0|Open Government Licence v3\.0", "OGL-UK-3.0"),
        (r"etalab-2\.0|Licence Ouverte(?: / Open Licence)?(?: version)? 2\.0", "etalab-2.0"),
    )
)


def open_licence(value: str | None) -> str | None:
    """The short name (SPDX) of an open licence that is given as URL or name; None for any other value."""
    for pattern, name in _OPEN:
        if value and (found := pattern.fullmatch(value.strip())):
            if name != "CC":
                return name
            parts = found.groupdict()
            kind = "BY-SA" if re.search("sa$|alike$", parts["kind"], re.IGNORECASE) else "BY"
            return "-".join(filter(None, ("CC", kind, parts["version"])))
    return None


@lru_cache(maxsize=4096)
def reservation(rights: Rights) -> Decision | None:
    """What speaks against a copy at one capture; None where nothing does."""
    if rights.robots == "disallowed":
        return Decision(False, "robots.txt disallows the page")
    if rights.robots == "unreachable":  # RFC 9309 §2.3.1.4: as if everything were disallowed
        return Decision(False, "robots.txt could not be reached, which counts as a refusal")
    for where, value in (("meta robots", rights.robots_meta), ("X-Robots-Tag", rights.x_robots_tag)):
        if word := _barring(value):
            return Decision(False, f"{where} says {word}")
    if rights.tdm_reservation not in (None, "0"):
        return Decision(False, "text and data mining is reserved (TDMRep)")
    return None


def _barring(value: str | None) -> str | None:
    """The first barring word in a robots directive, whichever robot it names: ours is not a search engine."""
    if not value:
        return None
    words = set(re.findall(r"[a-z]+(?:[_-][a-z]+)*", value.lower()))
    if re.search(r"max-snippet\s*:\s*0(?!\d)", value.lower()):  # the same as nosnippet
        return "max-snippet:0"
    return next((word for word in BARRING if word in words), None)


def decide(
    said: Sequence[Rights], *, agreed: bool = False, refused_since: bool = False, republished: bool = False
) -> Decision:
    """Whether a text may travel.

    `said`: the rights at the capture that gave the text, then those at every later capture of the article.
    `agreed`: the operator has the outlet's agreement. `refused_since`: robots.txt now keeps us from the page.
    `republished`: the text rests on another house's, whose rights the page cannot give away.
    """
    if agreed:
        return AGREED
    if refused_since:
        return REFUSED_SINCE
    for each in said:
        if barred := reservation(each):
            return barred
    if not said or not said[0].licence:
        return NO_LICENCE
    name = open_licence(said[0].licence)
    if name is None:
        return OTHER_LICENCE
    return REPUBLISHED if republished else Decision(True, f"open licence {name}")
