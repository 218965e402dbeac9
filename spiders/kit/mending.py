"""XML as publishers really write it, made well-formed without losing a word."""

import re
from html.entities import html5

_MARKED_OR_ODD = re.compile(
    r"<!\[CDATA\[(?:.*?\]\]>|.*\Z)|<!--(?:.*?-->|.*\Z)"
    r"|&(?:#(\d{1,7}|[xX][0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?",
    re.DOTALL,
)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 §2.2
_BEGIN = re.compile(r"<(?:\?xml|rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})


def mended(text: str) -> str:
    """The document with what publishers get wrong put right, and nothing else changed.

    HTML's entities become characters, a bare ampersand is written as one, characters that XML does not know
    and whatever stands before the document are left out.
    """
    text = _NO_XML.sub("", text).lstrip("\ufeff \t\r\n")
    if begin := _BEGIN.search(text, 0, 20_000):
        text = text[begin.start() :]
    return _MARKED_OR_ODD.sub(_one_mended, text)


def _one_mended(found: re.Match[str]) -> str:
    if not found[0].startswith("&"):
        return found[0]
    number, name = found[1], found[2]
    if number:
        point = int(number[1:], 16) if number[0] in "xX" else int(number)
        if point > 0x10FFFF or _NO_XML.match(chr(point)):
            return ""
        return found[0]
    if name in _OWN:
        return found[0]
    if name and (characters := html5.get(name + ";")):
        return "".join(f"&#{ord(character)};" for character in characters)
    return "&amp;" + found[0][1:]
