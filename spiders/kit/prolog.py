"""The text of an XML document without its document type, for the parser must never see one.

Entities are the way of every attack by XML, and lxml's event parser (6.1) reads freed memory where a document
declares them: its process dies. So documents are decoded here, the document type is cut out of the prolog, and
what is left is handed to libxml2 as UTF-8.
"""

import codecs
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Final

LONGEST_PROLOG: Final = 256 * 1024
"""Characters; a document that has not begun by then is none."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# Python's codecs that are no character sets of documents, and the one that hides markup.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "utf-7", "utf-8"})
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")
_BLANKS = re.compile(r"[\s\ufeff]*")
_MATTERS_IN_DTD = re.compile(r"""<!--|<\?|["'\[\]>]""")
_ENDS = {"<!--": "-->", "<?": "?>", '"': '"', "'": "'"}
_ENTITY = re.compile(r"<!ENTITY\s+(?:%\s+)?([^\s\"'<>]{1,80})")
_DOCTYPE, _NO_DOCTYPE = "<!DOCTYPE", "<!doctype"


def charsets(head: bytes) -> list[str]:
    """The codecs to try on a document that begins so, the likeliest first (XML 1.0, appendix F).

    What is valid UTF-8 is taken for it before the declaration is believed: it is often wrong.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return [name]
    found = _DECLARED.match(head)
    names = ["utf-8"]
    if found:
        try:
            declared = codecs.lookup(found[1].decode()).name
            like_ascii = declared not in _NO_CHARSETS and b"<a>".decode(declared) == "<a>"
        except (LookupError, ValueError):
            return names
        if like_ascii:
            names.append("cp1252" if declared == "iso8859-1" else declared)
    return names


def decoded(pieces: Iterator[bytes], charset: str) -> Iterator[str]:
    """The pieces as text. Raises UnicodeDecodeError after the last good piece."""
    decoder = codecs.getincrementaldecoder(charset)()
    for piece in pieces:
        if text := decoder.decode(piece):
            yield text
    if text := decoder.decode(b"", final=True):
        yield text


def without_dtd(pieces: Iterator[str], entities: list[str]) -> Iterator[str]:
    """The document without XML declaration and document type; names of declared entities go into `entities`.

    Raises ValueError for a prolog longer than LONGEST_PROLOG.
    """
    text, begun = "", False
    for piece in pieces:
        text += piece
        if not begun:
            begin = _root(text, entities)
            if begin is None:
                if len(text) > LONGEST_PROLOG:
                    raise ValueError("it does not begin within its first 256 KiB")
                continue
            text, begun = "\n" * text.count("\n", 0, begin) + text[begin:], True  # lines keep their numbers
        # A document type has no business behind the prolog. In small letters it is none, and within CDATA, where
        # a whole HTML page may be quoted, it means the same.
        text = text.replace(_DOCTYPE, _NO_DOCTYPE)
        yield text[: -len(_DOCTYPE)]
        text = text[-len(_DOCTYPE) :]
    yield text.replace(_DOCTYPE, _NO_DOCTYPE)


def own_entities(names: list[str]) -> bool:
    """Whether any of these entities is other than HTML's own, which publishers declare without harm."""
    return any(f"{name};" not in html5 for name in names)


def _root(text: str, entities: list[str]) -> int | None:
    """Where the document element begins, or whatever stands in its place; None while it is not there yet."""
    at = 0
    entities.clear()
    while True:
        blanks = _BLANKS.match(text, at)
        at = blanks.end() if blanks else at
        if text.startswith(_DOCTYPE, at):
            end = _end_of_dtd(text, at + len(_DOCTYPE))
            if end is not None:
                entities += _ENTITY.findall(text, at, end)
        elif opening := next((mark for mark in ("<!--", "<?") if text.startswith(mark, at)), None):
            end = _behind(text, _ENDS[opening], at + len(opening))
        elif any(mark.startswith(text[at : at + len(mark)]) for mark in (_DOCTYPE, "<!--", "<?")):
            return None  # nothing more yet, or the beginning of one of them
        else:
            return at
        if end is None:
            return None
        at = end


def _end_of_dtd(text: str, at: int) -> int | None:
    depth = 0
    while found := _MATTERS_IN_DTD.search(text, at):
        at = found.end()
        if found[0] in _ENDS:
            end = _behind(text, _ENDS[found[0]], at)
            if end is None:
                return None
            at = end
        elif found[0] == ">" and depth <= 0:
            return at
        else:
            depth += {"[": 1, "]": -1}.get(found[0], 0)
    return None


def _behind(text: str, mark: str, at: int) -> int | None:
    found = text.find(mark, at)
    return None if found < 0 else found + len(mark)
