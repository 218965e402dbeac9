"""norm(): the one way in which text is folded before it is searched.

The index, the matcher, the search box and saved queries all use it, so that all of them find the same.
The result is words of small letters and digits with one space between them:

- letters without accents or vowel signs, by Unicode's compatibility decomposition (NFKD) and case folding;
- Arabic: the forms of alef are one, ى is ي, ة is ه, ؤ is و, ئ is ي; no tatweel, no harakat; ک ی are ك ي;
- Turkish: İ, I, ı and i are one letter; Hausa: ɗ ɓ ƙ ƴ are d b k y; German: ß is ss, ä is a; œ is oe, ø is o;
- digits of every script are 0 to 9;
- Chinese, Japanese, Korean, Thai, Lao, Burmese and Khmer characters are words of their own, since no spaces
  part the words there: a phrase of them finds what a substring search would find;
- everything else parts words: l'armée is two words, Nijer'de is two, al-monitor is two.

Each character is folded by itself, so a place in the result leads back to the place in the text.
"""

import re
import sqlite3
import unicodedata
from array import array
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, chain, repeat

# After norm() only a space parts words. FTS5's "ascii" takes all characters above 127 as parts of words: that
# and no more. "unicode61" has its own, older opinion about some letters and vowel signs.
TOKENIZER = "ascii"

_ARABIC = {"ٱ": "ا", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ے": "ي", "ہ": "ه", "ھ": "ه", "ە": "ه", "ـ": ""}
_HOOKED = {"ı": "i", "ɗ": "d", "ɓ": "b", "ƙ": "k", "ƴ": "y", "ŋ": "n", "ɲ": "ny"}
_JOINED = {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "ŧ": "t"}
_APOSTROPHES = dict.fromkeys("ʹʺʻʼʽʾʿˈˊˋ", " ")  # letters by their category, apostrophes by their use: 'yan
_SPECIAL = _ARABIC | _HOOKED | _JOINED | _APOSTROPHES | {"\u200b": " "}  # a zero width space ends a word
_SPACELESS = re.compile(
    "[\u0e01-\u0e7f\u0e81-\u0eff\u1000-\u109f\u1780-\u17ff々〇\u3041-\u309a\u309d-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)
# What a Japanese or Korean character is written with where it stands in pieces: sound marks, vowels, finals
_PIECES = frozenset(map(chr, (0x3099, 0x309A, 0xFF9E, 0xFF9F, *range(0x1160, 0x1200))))
_IN_PIECES = re.compile(
    "[\u3041-\u30ff\uff66-\uff9d][\u3099\u309a\uff9e\uff9f]|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
)
_FILLER = "\u034f"  # which folds to nothing
_UNSEEN = frozenset("\u034f\u115f\u1160\u3164") | {chr(code) for code in (*range(0x180B, 0x1810), 0x2800)}


def _fold(char: str) -> str:
    """The folded form of one character: letters and digits, or a space, or nothing."""
    folded = "".join(
        f" {_plain(piece)} " if _SPACELESS.match(piece) and not piece.isdecimal() else _folded(piece)
        for piece in unicodedata.normalize("NFKC", char)
    )
    return " " if folded.isspace() else folded


def _folded(piece: str) -> str:
    text = piece
    while (again := unicodedata.normalize("NFKD", text).casefold()) != text:
        text = again
    return "".join(map(_plain, text))


def _plain(char: str) -> str:
    special = _SPECIAL.get(char)
    if special is not None:
        return special
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(char)
    if unicodedata.combining(char) or kind in ("Cf", "Me") or char in _UNSEEN or _is_variation(char):
        return ""
    # Vowel signs of Indic scripts are marks that do not combine: they stay, or words fall to pieces.
    return char if kind[0] in "LNM" else " "


def _is_variation(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


class _Folding(dict[int, str]):
    """Code point → folded form, each worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


_FOLDING = _Folding()
_ASCII = "".join(_FOLDING[code] for code in range(128)).encode().ljust(256)
# With fewer different characters than this, replacing each is faster than looking every character up.
_FEW = 160


def norm(text: str) -> str:
    """`text` folded for search: small letters and digits, one space between words.

    What is folded stays as it is: norm(norm(x)) == norm(x).
    """
    different = set(text)
    if not different.isdisjoint(_PIECES):
        text = _whole(text)
        different = set(text)
    return " ".join(_wide(text, different).split())


def _whole(text: str) -> str:
    """`text` with Japanese and Korean characters that stand in pieces made whole; each place stays what it was."""
    return _IN_PIECES.sub(lambda found: unicodedata.normalize("NFKC", found[0]).ljust(len(found[0]), _FILLER), text)


def _wide(text: str, different: set[str]) -> str:
    """Every character of `text` folded, with all the spaces that makes. `different` is set(text)."""
    folding = _FOLDING
    if not text.isascii():
        if len(different) > _FEW:
            return text.translate(folding)
        # A folded form folds to itself, so no replacement spoils another; but for words of one character, which would
        # get their spaces twice where another character, such as a half-width one, folds to the same.
        replaced = [(char, folding[ord(char)]) for char in different if char > "\x7f" and folding[ord(char)] != char]
        if any(len(folded) > 1 and folded[0] == " " for _, folded in replaced):
            return text.translate(folding)
        for char, folded in replaced:
            text = text.replace(char, folded)
    if text.isascii():
        return text.encode().translate(_ASCII).decode()
    for char in different:
        if char <= "\x7f" and (folded := folding[ord(char)]) != char:
            text = text.replace(char, folded)
    return text


_GAP = re.compile("  +")


def norm_map(text: str) -> tuple[str, Sequence[int]]:
    """norm(text), and for each of its characters the offset in `text` of the character it came from.

    The offsets never fall. A space has the offset of the first character that parts the two words.
    """
    text = _whole(text)
    different = set(text)
    wide = _wide(text, different)
    offsets: Sequence[int] = range(len(text))
    if any(len(_FOLDING[ord(char)]) != 1 for char in different):
        lengths = [len(_FOLDING[code]) for code in map(ord, text)]
        offsets = array("L", chain.from_iterable(map(repeat, offsets, lengths)))
    pieces: list[str] = []
    kept = array("L")
    at, end = len(wide) - len(wide.lstrip()), len(wide.rstrip())
    for gap in _GAP.finditer(wide, at, end):
        start = gap.start() + 1
        pieces.append(wide[at:start])
        kept.extend(offsets[at:start])
        at = gap.end()
    pieces.append(wide[at:end])
    kept.extend(offsets[at:end])
    return "".join(pieces), kept


def locate(text: str, offsets: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Where characters `start` to `end` (not included) of the normalised text stand in `text`: (start, end).

    Accents and vowel signs that follow the last letter belong to it. `offsets` is that of norm_map(text).
    """
    first, last = offsets[start], offsets[end - 1] + 1
    while last < len(text):
        char = text[last]
        if char not in _PIECES and (
            not (char == "ـ" or unicodedata.category(char).startswith("M")) or _FOLDING[ord(char)]
        ):
            break
        last += 1
    return first, last


class Folded:
    """A text with its folded words, and the way back from them: `folded` is norm(text), which may be known already."""

    def __init__(self, text: str, folded: str | None = None) -> None:
        self.text = text
        self.folded = norm(text) if folded is None else folded

    @cached_property
    def words(self) -> list[str]:
        return self.folded.split()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where words `start` to `end` (not included) stand in the text: (start, end) in characters."""
        starts, offsets = self._places
        return locate(self.text, offsets, starts[start], starts[end] - 1)

    @cached_property
    def _places(self) -> tuple[list[int], Sequence[int]]:
        starts = [0, *accumulate(len(word) + 1 for word in self.words)]
        return starts, norm_map(self.text)[1]


def is_spaceless(word: str) -> bool:
    """Does a folded word belong to a script without spaces? It is then one character."""
    return _SPACELESS.match(word) is not None


def register(connection: sqlite3.Connection) -> None:
    """Gives `connection` the SQL function norm(text); NULL stays NULL."""
    connection.create_function("norm", 1, _norm_value, deterministic=True)


def _norm_value(value: str | int | float | bytes | None) -> str | None:
    if value is None:
        return None
    return norm(value.decode(errors="replace") if isinstance(value, bytes) else str(value))
