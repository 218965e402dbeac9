"""From bytes to a tree, once per page: character set, one lxml parse, and whether the parser lost text.

Character set: https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding, except
that bytes which are valid UTF-8 are taken for it whatever they are called.
"""

import codecs
import html
import re
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HTMLParser, HtmlProcessingInstruction, document_fromstring
from parsel.csstranslator import HTMLTranslator

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(
    rb"""<(?:meta[^>]{0,300}?charset|\?xml[^>]{0,100}?encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE
)
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
# The HTML standard reads these labels as Windows code pages; pages that say latin-1 hold curly quotes.
_LABELS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "x-gbk": "gb18030",
    "unicode": "utf-16",
}
_NO_TEXT = re.compile(
    r"<(script|style|noscript|template|svg|head|textarea|select|iframe)\b.*?</\1\s*>|<!--.*?-->",
    re.IGNORECASE | re.DOTALL,
)
_SWALLOWS = ("<select", "<plaintext", "<noscript", "<template", "<button", "<canvas")  # no text is read in these
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_DATA_URI = re.compile(r"\bdata:[\w/+.-]{0,100}[;,][^\s\"'<>]{1000,}")
_WORD = re.compile(r"\w{2,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_TAIL = 4000
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])  # no parser and no store takes them
_HUGE = 9_000_000
# lxml.html's own lookup asks Python for the class of each element, to have classes for forms, which nobody here reads.
_CLASS_ALONE = re.compile(r"\.([A-Za-z][\w-]*)")
# Means what the translator makes of it, and asks each element for its class once: two thirds of the time.
_CLASS_AS_XPATH = (
    "descendant-or-self::*/@class[contains(., '{0}')][contains(concat(' ', normalize-space(.), ' '), ' {0} ')]/.."
)
_CLASSES = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)


class Undecodable(ValueError):
    """The bytes are in no character set that the page declares or that fits."""


_WIDE = bytes(range(0x80, 0x100))


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text of a page and the character set it was read in.

    Raises Undecodable where a fifth of the text would be replacement characters.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _strictly_or_with_gaps(body, name), name
    declared = [found for found in (_declared(content_type), _in_meta(body)) if found]
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        # one torn character at the end is a cut page, not another character set
        if error.start >= len(body) - 3:
            return body[: error.start].decode("utf-8"), "utf-8"
    gaps = body.decode("utf-8", "replace")
    lost, wide = gaps.count("\ufffd"), len(body) - len(body.translate(None, _WIDE))
    # Mostly UTF-8 with a few bad bytes: it stays so, whatever a server says of all its pages. In another character set
    # hardly any sequence of wide bytes is a valid one.
    if lost < 0.2 * (wide / 2):
        return gaps, "utf-8"
    for name in declared:
        if name not in ("utf-8", "utf8"):
            try:
                return body.decode(name), name
            except (UnicodeDecodeError, LookupError):
                continue
    if not declared or all(name in ("utf-8", "utf8") for name in declared):
        text = body.decode("cp1252", "replace")
        if text.count("\ufffd") < 0.02 * len(text) and b"\x00" not in body[:2000]:
            return text, "cp1252"
    elif declared:
        text = body.decode(declared[0], "replace")
        if text.count("\ufffd") < 0.2 * len(text):
            return text, declared[0]
    raise Undecodable("the bytes are in no character set that the page declares")


def _strictly_or_with_gaps(body: bytes, name: str) -> str:
    return body.decode(name, "replace").lstrip("\ufeff")


def _declared(content_type: str | None) -> str | None:
    found = _IN_HEADER.search(content_type or "")
    return _known(found[1]) if found else None


def _in_meta(body: bytes) -> str | None:
    found = _META.search(body[:4096])
    return _known(found[1].decode("ascii", "ignore")) if found else None


def _known(label: str) -> str | None:
    name = _LABELS.get(label.lower(), label.lower())
    try:
        return codecs.lookup(name).name if name not in ("utf8", "utf-8") else "utf-8"
    except LookupError:
        return None


@dataclass(frozen=True)
class Markup:
    """A parsed page. `lost`: the parser stopped at one of its limits, so text of the page may be missing."""

    doc: HtmlElement
    lost: bool = False


def parse(text: str) -> Markup:
    """The tree of a page. An empty or unreadable page gives an empty document; never raises."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True)
    parser.set_element_class_lookup(_CLASSES)
    source = text.encode("utf-8", "replace").translate(None, _CONTROLS)
    try:
        doc = document_fromstring(source, parser=parser, ensure_head_body=True)
    except (etree.LxmlError, ValueError, AssertionError):
        return Markup(document_fromstring(b"<html><head></head><body></body></html>"))
    # libxml2 drops what lies deeper than its limit, and the text after it
    stopped = any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
    lost = (stopped or len(source) > _HUGE) and _has_lost_text(text, doc)
    return Markup(doc, lost or _is_swallowed(text, doc))


def _is_swallowed(text: str, doc: HtmlElement) -> bool:
    """Whether paragraphs ended up in a script, a comment, an attribute or a control that the page never closes."""
    start = text.rfind("<!--")
    if start >= 0 and "</p>" in text[start:] and "-->" not in text[start:]:
        return True
    for tag in _SWALLOWS:
        start = text.rfind(tag)
        if start >= 0 and text.find(f"</{tag[1:]}", start) < 0 and text.find("</p>", start) >= 0:
            in_script = text.rfind("<script", 0, start) > text.rfind("</script", 0, start)
            if not in_script:
                return True
    tail = _NO_TEXT.sub(" ", text[-_TAIL:])
    last = tail.rfind("<p>")
    if last >= 0 and not _holds_some(doc.text_content()[-4 * _TAIL :], html.unescape(_ANY_TAG.sub(" ", tail[last:]))):
        return True
    for element in deque(doc.iter("script", "style", "textarea", "title"), maxlen=1):
        inside = element.text or ""
        if "</p>" in inside and ("</body" in inside or text.rstrip().endswith(inside.rstrip()[-80:])):
            return True
    return False


def _holds_some(kept: str, text: str) -> bool:
    """Whether four words in a row of the beginning of `text` are in what was kept: single words come again anywhere."""
    words = _LETTERS.findall(text)[:16]
    row = min(4, len(words))
    letters = _NO_LETTERS.sub("", kept)
    return not words or any("".join(words[at : at + row]) in letters for at in range(len(words) - row + 1))


def _has_lost_text(text: str, doc: HtmlElement) -> bool:
    kept = sum(len(_WORD.findall(each)) for each in doc.xpath("//body//text()[not(parent::script or parent::style)]"))
    there = len(_WORD.findall(_ANY_TAG.sub(" ", _NO_TEXT.sub(" ", _DATA_URI.sub("", text)))))
    return there > kept


@lru_cache(maxsize=512)
def selector(css: str) -> etree.XPath:
    """A CSS selector, compiled. Raises ValueError for one that is no CSS."""
    try:
        if found := _CLASS_ALONE.fullmatch(css):
            return etree.XPath(_CLASS_AS_XPATH.format(found[1]))
        return etree.XPath(HTMLTranslator().css_to_xpath(css))
    except Exception as error:
        raise ValueError(f"{css!r} is no CSS selector: {error}") from error


def select(doc: HtmlElement, css: str) -> list[HtmlElement]:
    """The elements that the CSS selector takes, in document order."""
    found: Any = selector(css)(doc)
    return [each for each in found if isinstance(each, HtmlElement)]
