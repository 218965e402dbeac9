"""The stretch of a text that shows why it was found."""

from collections.abc import Sequence

from markupsafe import Markup

from archive.queries import Query
from archive.readingroom.ink import Span, marked

LENGTH = 280  # characters of a snippet


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
