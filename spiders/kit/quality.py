"""How far a page's other signs bear out the text that was read from it: a verdict with its evidence.

The signs are what the page's own data say of the text (schema.org `articleBody`, `wordCount`, description, headline),
how much of the paragraphs that readers see it holds, and what no text of an article looks like.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from archive.model import Block, Evidence, Quality
from spiders.kit import access, densest, metatags
from spiders.kit.places import Place, key
from spiders.kit.words import fold, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

STUB = 40  # words, below which a text says too little of itself to be judged
_TOGETHER, _MUCH = 5, 600  # paragraphs and letters, below which what is left out may be a box
_TEASER = 60  # words of an articleBody, below which it is none
_SCRIPT = re.compile(
    r"\bfunction\s*\w*\s*\(|\b(?:var|let|const)\s+\w+\s*=|=>\s*[{(]|\b(?:window|document|googletag|dataLayer)\.\w+|"
    r"@media\b|[\w-]+\s*:\s*[\w#%.-]+;\s*[\w-]+\s*:|\"\w+\"\s*:\s*[\"{\[\d]|</?(?:div|span|script|iframe)\b"
)
# Of which a text that _SCRIPT finds has one: what is cheap to look for comes first
_SCRIPT_SIGNS = ("=", ";", "<", "@media", "function", "window.", "document.", "googletag.", "dataLayer.", '":', '" :')
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
# Of a text from so many words on: the shares of the headline's and the description's words below which it is bad and
# doubtful, and from which it is good. A short text sets a scene first: of the first sixty words of recorded articles
# one in twenty-five has less than a tenth, but of sixty words of other articles not one in a hundred has a fifth.
_SHARES = ((250, 0.1, 0.2, 0.4), (100, 0.01, 0.1, 0.3), (0, 0.0, 0.01, 0.25))
_WEIGHT = {"good": 1, "doubtful": -1, "bad": -3}


def verdict(signs: Iterable[Evidence]) -> Quality:
    """One bad sign, or two doubtful ones without a good one against them, decide."""
    found = [sign.verdict for sign in signs]
    if "bad" in found:
        return Quality.BAD
    if "doubtful" in found:
        return Quality.DOUBTFUL
    return Quality.GOOD if "good" in found else Quality.UNKNOWN


def points(signs: Iterable[Evidence]) -> int:
    """The signs as a number, to choose between two readings of one page."""
    return sum(_WEIGHT[sign.verdict] for sign in signs)


def weigh(page: "Page", blocks: Sequence[Block]) -> tuple[Evidence, ...]:
    """Every sign for and against the text, those of the page's data first; () where the page gives none."""
    asked = tuple(blocks)
    if asked not in page.weighed:
        text = " ".join(block.text for block in blocks)
        groups = (
            _of_data(page, text),
            _of_words(page, text),
            _of_paragraphs(page, asked, text),
            _of_itself(page, asked, text),
        )
        page.weighed[asked] = tuple(sign for group in groups for sign in group) if text else ()
    return page.weighed[asked]


def _of_data(page: "Page", text: str) -> Iterable[Evidence]:
    words = len(text.split())
    cut = access.is_cut(page.access()[1])  # such a page is shorter than its data say, by right
    stated = stated_text(page)
    count = len(stated.split())
    if count >= _TEASER:
        held = _held(stated, text)
        ratio = words / count
        says = f"{words} of {count} words, {held:.0%} of its vocabulary"
        if held >= 0.75 and 0.75 <= ratio <= (1.6 if count >= 200 else 100):
            yield Evidence("json-ld articleBody", says, "good")
        elif not cut:
            yield Evidence("json-ld articleBody", says, "bad" if held < 0.5 or ratio < 0.5 else "doubtful")
    said = word_count(page)
    if said is not None:
        # some newspapers count letters
        ratio = min((words / said, len(text) / said), key=lambda each: abs(each - 1))
        if 0.8 <= ratio <= 1.3:
            yield Evidence("json-ld wordCount", f"{words} of {said}", "good")
        elif not cut and (ratio < 0.6 or ratio > 1.8):
            yield Evidence("json-ld wordCount", f"{words} of {said}", "doubtful")


def stated_text(page: "Page") -> str:
    """schema.org's `articleBody` as one line; "" where there is none, or no text."""
    said = page.ld.get("articleBody")
    if isinstance(said, list):
        said = " ".join(each for each in said if isinstance(each, str))
    return plain(said)


def word_count(page: "Page") -> int | None:
    """schema.org's `wordCount`, where it is a number that an article may have."""
    said = page.ld.get("wordCount")
    try:
        number = int(str(said))
    except ValueError:
        return None
    return number if 20 <= number <= 200_000 else None


def _of_words(page: "Page", text: str) -> Iterable[Evidence]:
    """Whether the text speaks of what its headline and its description do. Either alone may be a play on words."""
    if len(text.split()) < STUB or _UNSPACED.search(text):
        return
    held = {word for word in fold(text[:100_000]).split() if len(word) > 3}
    said = f"{page.title() or ''} {page.ld.text('description') or page.meta(*metatags.DESCRIPTIONS)}"
    wanted = {word for word in fold(said).split() if len(word) > 3}
    if len(wanted) < 5:
        return
    share = len(wanted & held) / len(wanted)
    says = f"{share:.0%} of their words are in the text"
    bad, doubtful, good = next(marks for least, *marks in _SHARES if len(text.split()) >= least)
    if share < doubtful:
        yield Evidence("headline and description", says, "bad" if share < bad else "doubtful")
    elif share >= good:
        yield Evidence("headline and description", says, "good")


def _of_paragraphs(page: "Page", blocks: Sequence[Block], text: str) -> Iterable[Evidence]:
    """How much of the paragraphs that stand where those of the text stand is in it."""
    held = _holder(blocks)
    shown = page.paragraphs
    taken = [place for place in shown if held(place.text)]
    around = {_around(place) for place in taken}
    there = sum(len(place.text) for place in shown if _around(place) in around)
    share = sum(len(place.text) for place in taken) / there if there else 1.0
    if there > 400:
        # in round numbers: teasers come and go, and the same article is to give the same evidence
        says = f"about {round(share, 1):.0%} of the paragraphs that stand together"
        if share < 0.5:
            yield Evidence("paragraphs", says, "bad")
        elif share < 0.75:
            yield Evidence("paragraphs", says, "doubtful")
        elif share >= 0.95:
            yield Evidence("paragraphs", says, "good")
    stands = [
        place for block in blocks if (place := page.places.get(key(block.text))) and len(place.text) >= densest.PROSE
    ]
    own = {id(place) for place in page.prose}
    beside = sum(len(place.text) for place in stands if id(place) not in own) / max(1, len(text))
    if beside > 0.25:
        says = f"{beside:.0%} of the text stands in boxes, menus and lists of other articles"
        yield Evidence("paragraphs", says, "bad" if beside > 0.6 else "doubtful")
    everything = sum(len(place.text) for place in shown)
    if everything > 1200 and len(text) < 0.2 * everything and not access.is_cut(page.access()[1]):
        yield Evidence("paragraphs", "less than a fifth of what the page shows in paragraphs", "doubtful")


def leaves_out(page: "Page", blocks: Sequence[Block]) -> bool:
    """Whether paragraphs of prose that stand together in one place, as much as the whole text, are not in it."""
    held, length = _holder(blocks), sum(len(block.text) for block in blocks)
    missing: dict[HtmlElement, list[int]] = {}
    for place in page.prose:
        around = place.element.getparent()
        if around is not None and not held(place.text):
            missing.setdefault(around, []).append(len(place.text))
    return any(len(each) >= _TOGETHER and sum(each) >= max(length, _MUCH) for each in missing.values())


def _holder(blocks: Sequence[Block]) -> Callable[[str], bool]:
    """Whether the blocks hold a paragraph: by its first letters, or as one that lost a dateline or an initial."""
    held = densest.holder(blocks)
    ends = {_end(block.text): len(block.text) for block in blocks}
    return lambda text: 0.5 * len(text) < ends.get(_end(text), 0) <= len(text) or held(text)


def _end(text: str) -> str:
    return "".join(text[-100:].split())[-40:]


def paragraphs(page: "Page") -> list[Place]:
    """The paragraphs of prose that the page does not show beside its article."""
    return [place for place in page.places.values() if is_paragraph(place) and not _is_beside(place, page.beside)]


def is_paragraph(place: Place) -> bool:
    """Whether the place is a paragraph of prose."""
    return place.element.tag == "p" and len(place.text) >= 80 and place.linked < 0.3


def _is_beside(place: Place, beside: set[HtmlElement]) -> bool:
    return bool(beside) and any(each in beside for each in (place.element, *place.element.iterancestors()))


def _around(place: Place) -> tuple[str, str | None]:
    parent = place.element.getparent()
    return (parent.tag, parent.get("class")) if parent is not None else ("", None)


def _is_script(text: str) -> bool:
    return any(sign in text for sign in _SCRIPT_SIGNS) and _SCRIPT.search(text) is not None


def _of_itself(page: "Page", blocks: Sequence[Block], text: str) -> Iterable[Evidence]:
    code = sum(len(block.text) for block in blocks if _is_script(block.text[:5000])) / len(text)
    if code > 0.3:
        yield Evidence("text", f"{code:.0%} of it looks like a script", "bad")
    elif code > 0.05:
        yield Evidence("text", f"{code:.0%} of it looks like a script", "doubtful")
    linked = sum(len(b.text) * place.linked for b in blocks if (place := page.places.get(key(b.text)))) / len(text)
    if linked > 0.6:
        yield Evidence("text", f"{linked:.0%} of it is links", "bad")
    elif linked > 0.3:
        yield Evidence("text", f"{linked:.0%} of it is links", "doubtful")


def _held(wanted: str, text: str) -> float:
    """How much of the one text's vocabulary the other holds."""
    words = {word for word in fold(wanted[:100_000]).split() if len(word) > 3}
    return len(words & set(fold(text[:200_000]).split())) / len(words) if words else 1.0
