"""Plain text out of markup and metadata: one line, one kind of space, no entities left, nothing invisible."""

import html
import re
import unicodedata
from functools import lru_cache

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x200B, 0x200C, 0x2060, 0xFEFF, 0x034F, 0x180E, *range(0x09), *range(0x0E, 0x20), 0x7F]
)
# The joiner U+200D and the direction marks stay: Arabic, Persian and emoji are misspelt without them.
_ANY_INVISIBLE = re.compile(f"[{''.join(map(chr, _INVISIBLE))}]")
_NOT_FOR_US = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_PUNCTUATION = re.compile(r"[^\w\s]")


def listed(text: str) -> tuple[str, ...]:
    """A list written as text: one entry per comma where there are commas, else one per word."""
    return (
        tuple(entry.strip() for entry in text.replace("\n", " ").split(",") if entry.strip())
        if "," in text
        else tuple(text.split())
    )


def one_line(text: str | None) -> str:
    """The text with every run of white space as one space, and no soft hyphens or zero-width characters."""
    if not text:
        return ""
    if not text.isascii() and _ANY_INVISIBLE.search(text):
        text = text.translate(_INVISIBLE)
    return " ".join(text.split())


def printable(text: str) -> str:
    """The text without NULs, control characters and lone surrogates, which no store and no parser takes."""
    return _NOT_FOR_US.sub("", text)


def unsteered(text: str) -> str:
    """The text without the characters that turn the direction of what follows, on a screen or in a file of settings
    (Unicode UAX #9 §2.1 to §2.4): with them a line reads otherwise than it is."""
    return _STEERING.sub("", text)


def plain(value: object) -> str:
    """A value from metadata as one line: entities resolved (also those escaped twice), tags taken out."""
    if not isinstance(value, str):
        return ""
    for _ in range(3):
        if not _ENTITY.search(value):
            break
        value = html.unescape(value)
    if "<" in value:
        value = _TAG.sub(" ", value)
    return one_line(printable(value))


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """The text for comparing: Unicode folded, lower case, no punctuation, single spaces."""
    return " ".join(_PUNCTUATION.sub(" ", unicodedata.normalize("NFKC", text).casefold()).split())


def alike(one: str, other: str) -> float:
    """How much of the smaller set of words the two texts share, 0 to 1."""
    a, b = set(fold(one).split()), set(fold(other).split())
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
