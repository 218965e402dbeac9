"""The spellings of a secret in a text: as it is, or as an address, HTML, JSON, Python or base64 writes it."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5

from archive.withhold import MARKER

SHORTEST = 6
"""Characters; a shorter secret may stand in a page by chance, and is not looked for there."""

PERCENT = "%(?:25)*"  # a percent sign, encoded once more or not
_URL_SAFE = str.maketrans("+/", "-_")
_WIDE = ("utf-16-le", "utf-16-be")
_RUN = re.compile(r"[A-Za-z0-9]+")


def looks_drawn(value: str) -> bool:
    """Whether a value looks drawn by lot, as tokens and session ids are, and no word, address, day or small number."""
    if value.startswith(("/", "http:", "https:")) or not value.isprintable() or " " in value:
        return False
    if not any(map(str.isalpha, value)):
        return len(value) >= 16
    return len(value) >= (8 if any(map(str.isdigit, value)) else 20)


def loosely(value: str) -> str:
    """A pattern for the value as it is, percent-encoded, or escaped as in JSON, Python and HTML."""
    whole = "".join(map(_any_spelling, value))
    # A short one is looked for as a word, or every second message would be unreadable
    return whole if len(value) >= SHORTEST else rf"(?<![^\W_]){whole}(?![^\W_])"


def in_base64(value: bytes) -> Iterator[str]:
    """The characters that a value leaves in base64 whatever stands before and behind it, for each of three places."""
    for before in range(3):
        coded = b64encode(bytes(before) + value).decode()
        found = coded[(0, 2, 3)[before] : (before + len(value)) * 8 // 6]
        if len(found) >= 8:
            yield found


def both_alphabets(coded: str) -> set[str]:
    """Base64 as it is, and in the alphabet for addresses (RFC 4648 §5)."""
    return {coded, coded.translate(_URL_SAFE)}


def struck(block: bytes, values: Iterable[str]) -> bytes:
    """The bytes with a marker in place of each value, however it is spelled and whatever the case of its letters.

    Those shorter than `SHORTEST` stay. A page of some megabytes takes a second: this is work for a reader's process.
    """
    lower = block.lower()
    for value in sorted({each for each in values if len(each) >= SHORTEST}, key=len, reverse=True):
        spelled, before = _spelled(value), block
        for literal, marker in spelled.literals:
            if literal in block:
                block = block.replace(literal, marker)
        if any(sign in lower for sign in spelled.signs):
            block = spelled.pattern.sub(MARKER, block)
        if block is not before:
            lower = block.lower()
    return block


@dataclass(frozen=True, slots=True)
class _Spelled:
    """`signs`: in lower case, one of which stands wherever the pattern matches."""

    pattern: re.Pattern[bytes]
    signs: tuple[bytes, ...]
    literals: tuple[tuple[bytes, bytes], ...]


@lru_cache(maxsize=1024)
def _spelled(value: str) -> _Spelled:
    run = max(_RUN.findall(value), key=len, default="")
    first = (run or value)[0]
    number = ord(first)
    signs = [f"&#{number}", f"&#0{number}", f"&#x{number:x}", f"&#x0{number:x}", f"\\u{number:04x}", f"\\x{number:02x}"]
    signs += [f"{percent}{byte:02x}" for percent in ("%", "25") for byte in first.encode()[:1]]
    literals = [(each.encode(), MARKER) for coded in in_base64(value.encode()) for each in both_alphabets(coded)]
    literals += [(each.encode(), MARKER) for each in {value.encode().hex(), value.encode().hex().upper()}]
    literals += [(value.encode(wide), MARKER.decode().encode(wide)) for wide in _WIDE]
    if not value.isascii():
        literals += [(value.encode(name), MARKER) for name in ("cp1252",) if _fits(value, name)]
    return _Spelled(
        re.compile("".join(map(_any_spelling, value)).encode(), re.IGNORECASE),
        tuple(sign.encode().lower() for sign in [run or first, *signs]),
        tuple(sorted(set(literals), key=lambda each: -len(each[0]))),
    )


def _fits(value: str, name: str) -> bool:
    try:
        value.encode(name)
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1024)
def _any_spelling(character: str) -> str:
    number = ord(character)
    utf8 = character.encode("utf-8", "surrogateescape")
    forms = [re.escape(character)]
    forms.append("".join(rf"(?i:{PERCENT}{byte:02x})" for byte in utf8))
    forms.append(rf"(?i:&#(?:0*{number}|x0*{number:x})(?:;|(?![0-9a-f])))")
    forms += ["".join(rf"(?i:\\+u{unit:04x})" for unit in _utf16(character)), rf"(?i:\\+x{number:02x})"]
    if character == " ":
        forms.append(r"\+")
    if character in "\"'\\/":
        forms.append(rf"\\+{re.escape(character)}")
    if not character.isascii():
        forms += ["".join(rf"\\+x{byte:02x}" for byte in utf8), rf"(?i:\\+U{number:08x})"]
    if names := _names().get(character):
        forms.append(rf"&(?:{'|'.join(names)});?")
    return f"(?:{'|'.join(forms)})"


@lru_cache(maxsize=1)
def _names() -> dict[str, list[str]]:
    """The names that HTML has for a character that is no plain letter and no digit, the longest first."""
    found: dict[str, list[str]] = {}
    for name, character in html5.items():
        if len(character) == 1 and name.endswith(";") and not (character.isascii() and character.isalnum()):
            found.setdefault(character, []).append(name[:-1])
    return {character: sorted(names, key=len, reverse=True) for character, names in found.items()}


def _utf16(character: str) -> Iterator[int]:
    """The units of which JSON escapes a character, one or two."""
    data = character.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2))
