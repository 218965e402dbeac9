"""The signature under an article: a name in brackets, behind a dash, in bold or with an agency, as its last line."""

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from spiders.kit.words import one_line

if TYPE_CHECKING:
    from spiders.kit.page import Page

_LONG, _SHORT, _ENOUGH = 80, 70, 3  # characters of a paragraph of text and of a signature; paragraphs of an article
_BARE = re.compile(r"^[\s(\[–—+*-]*(.*?)[\s)\]+*.–—-]*$")
_MARKED = re.compile(
    r"^\s*[(\[–—].*[\w)\]+.]\s*$|^\s*-\s*\w|^(?:by|von|par|por|di|text|texte|reporting by|written by|"
    r"propos recueillis par|بقلم)\b|\b(?:avec|with|mit|con)\s+\S+\)?$",
    re.IGNORECASE,
)


def signature(page: "Page") -> str:
    """The signature under the text without its brackets, "" where the text ends without one."""
    texts: dict[HtmlElement, int] = {}
    last: dict[HtmlElement, HtmlElement] = {}
    for paragraph in islice(page.doc.iter("p"), 2000):
        parent = paragraph.getparent()
        if parent is None:
            continue
        length = len(one_line(paragraph.text_content()[:400]))
        texts[parent] = texts.get(parent, 0) + (length > _LONG)
        if length:
            last[parent] = paragraph
    if not texts:
        return ""
    body = max(texts, key=lambda parent: texts[parent])
    line = one_line(last[body].text_content()[:400]) if body in last else ""
    if texts[body] < _ENOUGH or not 3 < len(line) <= _SHORT:
        return ""
    if not (_MARKED.search(line) or _is_set_apart(last[body], line)):
        return ""
    found = _BARE.match(line)
    return found[1] if found and not re.search(r"[.!?:;]\s", found[1]) else ""


def _is_set_apart(paragraph: HtmlElement, line: str) -> bool:
    """Whether the whole of a paragraph is bold or in italics."""
    return any(one_line(inner.text_content()) == line for inner in islice(paragraph.iter("strong", "b", "em", "i"), 3))
