"""Text of others on our pages: made harmless, shortened, marked.

A page or a feed may hold anything: markup, control characters, directions that turn a line round (Unicode
TR 9, TR 36 §2.5). Nothing of it may become markup of ours, and what is odd is shown, not dropped.
"""

import itertools
import re
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

# LRE, RLE, PDF, LRO, RLO and LRI, RLI, FSI, PDI; the marks LRM, RLM and ALM do no harm and stay
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a field that are marked: start included, end not."""

    start: int
    end: int
    kind: str = "hit"
    says: str = ""


def plain(text: object) -> str:
    """The text on which nothing turns: bidirectional controls are spelt out, other controls become U+FFFD."""
    clean = _CONTROL.sub("\ufffd", str(text))
    return _TURNING.sub(lambda found: f"‹U+{ord(found[0]):04X}›", clean)


def shorten(text: object, most: int = 160) -> str:
    """One line of at most `most` characters, made plain; cut at a space where there is one near."""
    line = _SPACE.sub(" ", plain(text)).strip()
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > most * 0.7 else cut).rstrip(" ,;:") + "…"


def sentence(text: object) -> str:
    """The text as a sentence: with a capital and a full stop."""
    said = plain(text).strip()
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "!", "?")) else ".")


def apart(text: object, most: int | None = None) -> Markup:
    """The text as a run of its own (`bdi`), so that it cannot turn the words around it."""
    shown = plain(text) if most is None else shorten(text, most)
    return Markup("<bdi>{}</bdi>").format(shown)


def web_address(url: object) -> str | None:
    """The URL if it is an http(s) one that can be followed; None for everything else."""
    text = str(url or "").strip()
    if _CONTROL.search(text) or _TURNING.search(text) or any(c in text for c in "\t\r\n"):
        return None
    try:
        parts = urllib.parse.urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme.lower() in ("http", "https") and parts.hostname else None


def outward(url: object, most: int = 90) -> Markup:
    """A link out of the reading room that tells the other side nothing; plain text where not http(s)."""
    address = web_address(url)
    shown = Markup("<bdi dir=ltr>{}</bdi>").format(shorten(url, most))
    if address is None:
        return shown
    return Markup('<a class="out" href="{}" rel="noreferrer noopener nofollow">{}</a>').format(address, shown)


def marked(text: str, spans: Iterable[Span], offset: int = 0) -> Markup:
    """The text with its spans in `mark`; `offset` is the text's place in the field that the spans count in.

    Where spans overlap, each piece takes the kind of the first and says what all of them say.
    """
    inside = sorted(
        (
            Span(max(span.start - offset, 0), min(span.end - offset, len(text)), span.kind, span.says)
            for span in spans
            if span.start < offset + len(text) and span.end > offset
        ),
        key=lambda span: (span.start, -span.end),
    )
    edges = sorted({0, len(text), *(s.start for s in inside), *(s.end for s in inside)})
    pieces: list[Markup] = []
    for start, end in itertools.pairwise(edges):
        over = [span for span in inside if span.start <= start and end <= span.end]
        piece = escape(plain(text[start:end]))
        if over:
            says = "; ".join(dict.fromkeys(span.says for span in over if span.says))
            title = Markup(' title="{}"').format(plain(says)) if says else ""
            piece = Markup('<mark class="{}"{}>{}</mark>').format(over[0].kind, title, piece)
        pieces.append(piece)
    return Markup("").join(pieces)


def set_text(
    text: str, spans: Sequence[Span] = (), blocks: Sequence[tuple[str, int, int]] = ()
) -> list[tuple[str, Markup]]:
    """(kind, marked text) of each block of a stored text; `blocks` are kind, first character and end of each.

    Without blocks the text is parted at its blank lines, which is how blocks are joined.
    """
    if not blocks:
        offset = 0
        found = []
        for part in text.split("\n\n"):
            found.append(("paragraph", offset, offset + len(part)))
            offset += len(part) + 2
        blocks = found
    return [(kind, marked(text[start:end], spans, start)) for kind, start, end in blocks if text[start:end].strip()]
