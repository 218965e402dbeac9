"""What an anonymous reader is sent of a story: the pages are set from it, and the truth is told from it.

Each newspaper sends its cut stories in its own measure. Whatever is sent ends with a sentence saying that
the text is invented.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from crawler.press.texts import Story

WIRE = "Agence du Fleuve"
NOTICES = {
    "fr": "Texte inventé pour une démonstration : rien de ce qui précède n’est une information.",
    "en": "This text is invented for a demonstration: nothing above is news.",
    "es": "Texto inventado para una demostración: nada de lo anterior es una noticia.",
    "ar": "هذا النص مختلق لغرض العرض، ولا شيء مما سبق خبر حقيقي.",
}
REPLICA = {
    "fr": "Réplique de démonstration. Cette page imite la structure d’un journal ; ses textes sont inventés"
    " et ne viennent pas de lui.",
    "en": "Demonstration replica. This page imitates the structure of a newspaper; its texts are invented"
    " and are not by that newspaper.",
    "es": "Réplica de demostración. Esta página imita la estructura de un periódico; sus textos son"
    " inventados y no proceden de él.",
    "ar": "نسخة للعرض. تحاكي هذه الصفحة بنية صحيفة، ونصوصها مختلقة وليست من تلك الصحيفة.",
}
_CUT = {"cut": 1, "cut_15pct": 2, "afp": 1, "series": 1}  # paragraphs that Mediapart's replica still sends
_GATED = {"cut": 4, "pro_memo": 0}  # the same for Al-Monitor's
_FREE_ALMONITOR = frozenset(("graph_ld",))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a subheading or one item of a list, on one line; no-break spaces are kept."""

    kind: Literal["p", "h2", "li"]
    text: str


def blocks(body: str) -> tuple[Block, ...]:
    """The blocks of a body as typed: blank lines between, `## ` subheadings, `- ` list items."""
    return tuple(_blocks(body))


def _blocks(body: str) -> Iterator[Block]:
    for chunk in re.split(r"\n\s*\n", body.strip()):
        lines = chunk.strip().splitlines()
        while lines and lines[0].startswith("## "):
            yield Block("h2", _line(lines.pop(0)[3:]))
        if lines and lines[0].startswith("- "):
            for item in re.split(r"(?m)^- ", "\n".join(lines))[1:]:
                yield Block("li", _line(item))
        elif lines:
            yield Block("p", _line(" ".join(lines)))


def _line(text: str) -> str:
    return re.sub("[ \\t\\n]+", " ", text).strip()


def plain(text: str) -> str:
    """Text with single spaces, no-break ones made plain."""
    return " ".join(text.split())


def sent(story: Story) -> tuple[Block, ...]:
    """The blocks of the body that are in the page, without the dateline and without the closing notice."""
    whole = blocks(story.body)
    allowed = {"mediapart": _CUT, "almonitor": _GATED}.get(story.outlet, {}).get(story.variant)
    if allowed is None:
        return whole
    paragraphs = [n for n, block in enumerate(whole) if block.kind == "p"]
    kept = min(allowed, len(paragraphs) - 1)
    return whole[: paragraphs[kept - 1] + 1] if kept > 0 else ()


def is_cut(story: Story) -> bool:
    """Whether an offer stands in place of the rest."""
    return story.variant in {"mediapart": _CUT, "almonitor": _GATED}.get(story.outlet, {})


def credit_line(story: Story) -> str | None:
    """The line under a copied story that names the agency; None where there is none."""
    return f"(Reporting by {WIRE})" if story.variant == "agency_copy" else None


def paragraphs(story: Story) -> tuple[str, ...]:
    """The text that a reader sees, one string per block, with the credit line and the closing notice."""
    credit = credit_line(story)
    return (
        *(plain(block.text) for block in sent(story)),
        *((credit,) if credit else ()),
        plain(NOTICES[story.language]),
    )


def access(story: Story) -> str:
    """What the page's own evidence says: `free`, `paywalled` or `unknown`."""
    if is_cut(story):
        return "paywalled"
    if story.outlet == "almonitor" and story.variant not in _FREE_ALMONITOR:
        return "unknown"
    return "free"


def complete(story: Story) -> str:
    """Whether the whole text is there: `no` at an offer, `yes` where the page says free, else `unknown`."""
    return {"paywalled": "no", "free": "yes"}.get(access(story), "unknown")


def standfirst(story: Story) -> str | None:
    """The standfirst that is printed; agency dispatches have none."""
    return None if story.variant == "afp" or not story.standfirst else _line(story.standfirst)


def kicker(story: Story) -> str | None:
    """The first link above a title of Mediapart's replica; the other newspapers print none."""
    if story.outlet != "mediapart" or story.variant == "afp":
        return None
    return story.kicker or ("International Link" if story.variant == "international_link" else None)


def authors(story: Story) -> tuple[str, ...]:
    """The names in the byline, persons and bodies alike."""
    if story.authors:
        split = [name for phrase in story.authors for name in re.split(r" (?:et|avec|and) ", phrase)]
        if story.variant == "mixed_byline" and WIRE not in split:
            split.append(WIRE)
        return tuple(split) if story.variant == "mixed_byline" else story.authors
    if story.variant in {"afp", "agency_copy"} or story.outlet == "fleuve":
        return (WIRE,)
    return ("La rédaction de Mediapart",) if story.variant == "international_link" else ()


def picture(story: Story) -> bool:
    """Whether the page shows a picture with a legend."""
    return any((story.caption, story.photographer, story.agency, story.distributor))
