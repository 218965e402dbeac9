"""The stretch of a text that shows why it was found."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from archive.queries import Query
from archive.readingroom.ink import Span, marked

LENGTH = 280  # characters of a snippet
AROUND = 60  # characters on each side of what a passage is about
LONGEST = 400  # characters from the first to the last mention of a passage


class Passage(NamedTuple):
    """A stretch of a text with all that is marked in it."""

    shown: Markup
    spans: tuple[Span, ...]


def places(words: Query | None, text: str | None) -> list[Span]:
    """Where the words of a search stand in a text as it was printed."""
    return [Span(start, end) for start, end in words.find(text)] if words and text else []


def snippet(text: str, found: Sequence[Span], length: int = LENGTH) -> Markup:
    """The stretch of the text that has the most hits, the first of such; its beginning where it has none."""
    start = 0
    if found:
        best = max(found, key=lambda one: (_hits_from(found, one.start, length), -one.start))
        start = max(best.start - length // 4, 0)
    end = min(start + length, len(text))
    start, end = _at_words(text, start, end)
    shown = marked(text[start:end].replace("\n", " "), found, start)
    return Markup("{}{}{}").format("… " if start else "", shown, " …" if end < len(text) else "")


def passages(text: str, found: Iterable[Span]) -> Iterator[Passage]:
    """The stretches of the text in which something is found; what stands close together is one passage."""
    together: list[Span] = []
    for span in sorted(found, key=lambda one: (one.start, one.end)):
        far = together and (
            span.start > max(one.end for one in together) + 2 * AROUND or span.end > together[0].start + LONGEST
        )
        if far:
            yield _passage(text, together)
            together = []
        together.append(span)
    if together:
        yield _passage(text, together)


def _passage(text: str, spans: Sequence[Span]) -> Passage:
    first, last = spans[0].start, max(one.end for one in spans)
    start, end = _at_words(text, max(first - AROUND, 0), min(last + AROUND, len(text)))
    start, end = min(start, first), max(end, last)
    shown = marked(text[start:end].replace("\n", " "), spans, start)
    return Passage(Markup("{}{}{}").format("… " if start else "", shown, " …" if end < len(text) else ""), tuple(spans))


def _hits_from(found: Sequence[Span], start: int, length: int) -> int:
    return sum(1 for place in found if start <= place.start and place.end <= start + length * 3 // 4)


def _at_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The same stretch, begun and ended between words where there is a space near."""
    if start:
        space = text.find(" ", start, start + 30)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", end - 30, end)
        end = space if space > start else end
    return start, end
