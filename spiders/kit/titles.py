"""The headline as printed, without the newspaper's name."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from spiders.kit.words import alike, fold, one_line

_CUT = re.compile(r"\s+[|•·—–»›:-]+\s+|\s*\|\s*")
_LABEL = re.compile(
    r"^(?:home|news|article|actualités?|blog|opinion|video|vidéo|live|breaking news|exclusive|editorial|commentary|"
    r"column|guest column|op-ed|letters?|analysis|meinung|kommentar|tribune|édito|éditorial|opinión|opinião)$",
    re.IGNORECASE,
)


def bare(title: str, sites: Iterable[str]) -> str:
    """The title without the site's name at either end ("… | Mediapart", "The Paper: …")."""
    names = {fold(site) for site in sites if site} - {""}
    squeezed = {name.replace(" ", "") for name in names}
    while True:
        cuts = list(_CUT.finditer(title))
        for cut, keep, tail in (
            (
                (cuts[-1], title[: cuts[-1].start()], title[cuts[-1].end() :]),
                (cuts[0], title[cuts[0].end() :], title[: cuts[0].start()]),
            )
            if cuts
            else ()
        ):
            end = fold(tail)
            if (
                keep.strip()
                and end
                and (
                    end in names
                    or end.replace(" ", "") in squeezed
                    or _LABEL.match(tail.strip())
                    or (len(end) < 60 and any(len(n) > 3 and n in end and len(n) * 2 >= len(end) for n in names))
                )
            ):
                title = keep.strip()
                break
            del cut
        else:
            return title.strip()


def printed(heading: HtmlElement) -> str:
    """A heading's text; parts in elements of their own stand on lines of their own."""
    pieces = [heading.text or ""]
    for inner in heading.iterdescendants():
        if inner.tag in ("script", "style", "svg", "button"):
            pieces.append(inner.tail or "")
            continue
        apart = inner.tag in ("br", "div", "p", "small", "strong", "a") or bool(inner.get("class"))
        pieces.append(_set_apart(inner.text or "", pieces, apart=apart))
        pieces.append(_set_apart(inner.tail or "", pieces, apart=apart and not len(inner)))
    return "\n".join(filter(None, (one_line(line) for line in "".join(pieces).split("\n"))))


def _set_apart(text: str, before: Sequence[str], *, apart: bool) -> str:
    """The text on a line of its own where its element is apart, or where it would grow into the word before it."""
    last = next((piece for piece in reversed(before) if piece), "")
    return f"\n{text}" if apart or (last[-1:].islower() and text[:1].isupper()) else text


def headline(headings: Sequence[str], said: Sequence[str], sites: Iterable[str], address: str = "") -> tuple[str, str]:
    """The headline and where it came from: "dom" or the place of the first of the metadata's titles that has one.

    `said` are (JSON-LD, OpenGraph, …, title element) in order of trust. A heading of the page wins where one of
    them bears it out: it is what readers see. So does the only heading where they contradict each other, or where the
    page's `address` repeats it and none of them. "" where there is nothing.
    """
    sites = list(sites)
    names = {fold(site) for site in sites}
    claims = [(number, bare(text, sites)) for number, text in enumerate(said) if text]
    claims = [(number, text) for number, text in claims if text and fold(text) not in names]
    best: tuple[float, str] = (0.0, "")
    for heading in headings:
        if not heading or len(heading) > 400 or fold(heading) in names:
            continue
        heading = _without_label(heading, [text for _, text in claims])
        score = max((alike(heading, text) * _size(heading, text) for _, text in claims), default=0.0)
        if score > best[0]:
            best = (score, heading)
    if best[0] >= 0.5:
        return best[1], "dom"
    if len(claims) == 1 and claims[0][0] == len(said) - 1:
        # the title element alone: a heading is better evidence, unless it is the site's name at the title's end
        title = claims[0][1]
        *_, last = _CUT.split(title)
        told = [
            heading
            for heading in map(one_line, headings)
            if heading and fold(heading) not in {*names, fold(last) if last != title else ""} and len(heading) < 300
        ]
        if told:
            return max(told, key=lambda heading: SequenceMatcher(None, heading, title).ratio()), "dom"
    if claims:
        printed_alone = _alone(headings, names)
        if printed_alone and _is_borne_out(printed_alone, claims, address, linked=bool(said[0])):
            return printed_alone, "dom"
        return claims[0][1], str(claims[0][0])
    for heading in headings:
        if heading and fold(heading) not in names:
            return one_line(heading), "dom"
    return "", ""


def _alone(headings: Sequence[str], names: set[str]) -> str:
    """The page's only heading, where it reads like a headline; else ""."""
    told = list(dict.fromkeys(one_line(heading) for heading in headings if heading and fold(heading) not in names))
    return told[0] if len(told) == 1 and len(told[0].split()) > 3 and len(told[0]) < 300 else ""


def _is_borne_out(heading: str, claims: list[tuple[int, str]], address: str, *, linked: bool) -> bool:
    """Whether the metadata's titles contradict each other as well, or the page's address has the heading's words."""
    texts = list(dict.fromkeys(text for _, text in claims))
    if not linked and len(texts) > 1 and all(alike(one, other) < 0.5 for one, other in pairwise(texts)):
        return True
    slug = re.sub(r"\.\w{2,5}$", "", urlsplit(address).path.rstrip("/").rpartition("/")[2])
    words = [word for word in re.split(r"[-_]", _unaccented(unquote(slug))) if word.isalpha()]
    if len(words) < 3:
        return False
    repeated = [alike(" ".join(words), _unaccented(text)) for text in (heading, *texts)]
    return repeated[0] >= 0.7 and max(repeated[1:]) < 0.4


def _unaccented(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def _without_label(heading: str, claims: list[str]) -> str:
    """The heading without a label in front of it ("Politics | …", a kicker in an element of its own)."""
    pieces = [piece.strip() for piece in re.split(r"\s*[|\n]\s*", heading) if piece.strip()]
    while len(pieces) > 1 and _LABEL.match(pieces[0]):
        heading = heading[heading.index(pieces.pop(0)) :].split(pieces[0], 1)[1]
        heading = pieces[0] + heading
    while len(pieces) > 1 and "|" in heading and _LABEL.match(pieces[-1]):
        heading = heading[: heading.rindex(pieces.pop())].rstrip(" |\n")
    if len(pieces) > 1:
        whole, known = fold(" ".join(pieces)), {fold(claim) for claim in claims}
        for piece in pieces:
            if whole not in known and fold(piece) in known:
                return piece
    return " ".join(re.sub(r"\n+(?=[:;,.!?])", "", heading).split())


def _size(one: str, other: str) -> float:
    a, b = len(fold(one)), len(fold(other))
    return min(a, b) / max(a, b) if a and b else 0.0
