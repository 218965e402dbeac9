"""The text of an article that its page holds only in a script's state: what a program of the site would show.

JSON in `<script type="application/json">` (Next, Nuxt 3, Angular, Apollo) and in assignments (`window.__STATE__ = {…}`,
`JSON.parse("…")`, the pieces that Next streams). It is taken only where it is plainly the page's own article: the
text stands in one object with the page's headline or its description.
"""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree

from archive.model import Block
from spiders.kit import markup
from spiders.kit import text as flow
from spiders.kit.furniture import is_boilerplate
from spiders.kit.words import fold, listed, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

_SCRIPTS = etree.XPath("//script[not(@src)][not(contains(@type, 'ld+json'))]/text()", smart_strings=False)
_ASSIGNED = re.compile(r"(?:=|\bparse\(|\bpush\()\s*(?=[{\[\"'])")
_MOST = 8_000_000  # characters of scripts that are looked at
_NODES = 60_000
_DEPTH = 60
_WORDS = 60  # below which what is found is a teaser
_TEXTS = frozenset(
    listed("""
    articlebody article_body body bodycopy bodyhtml bodytext blocks children components content content_elements
    contentelements contents document elements fulltext html items json longtext maintext nodes paragraphs post_content
    rendered richtext sections story storybody text value
""")
)
_NO_TEXT = frozenset(
    listed("""
    ad ads advert advertisement aside audio author banner byline caption comment embed gallery iframe image link
    newsletter podcast promo promotion recommendation related script social teaser tweet video
""")
)
_INLINE = frozenset(("text", "link", "a", "b", "i", "strong", "em", "span", "hyperlink", "entity-hyperlink"))
_HEADINGS = re.compile(r"head|^h[1-6]$|crosshead|subtitle", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:p|div|br|h[2-6]|ul|blockquote)\b", re.IGNORECASE)
_TYPE = ("type", "_type", "__typename", "nodeType", "tag", "kind", "name")


def blocks(page: "Page") -> list[Block]:
    """The text in the page's scripts; [] where none holds the page's article, or only a teaser of it."""
    keys = [
        fold(each)[:60] for each in (page.title(), page.ld.text("description"), page.meta("og:description")) if each
    ]
    keys = [each for each in keys if len(each) > 12]
    best: list[Block] = []
    if not keys:
        return best
    for state in _states(page):
        found = [block for block in _Article(state, keys).text() if not is_boilerplate(block.text)]
        if _words(found) > _words(best):
            best = found
    return best if _words(best) >= _WORDS else []


def _words(found: list[Block]) -> int:
    return sum(len(block.text.split()) for block in found)


def _states(page: "Page") -> Iterator[Any]:
    decoder, left = json.JSONDecoder(strict=False), _MOST
    streamed: list[str] = []
    for script in _SCRIPTS(page.doc):
        left -= len(script)
        if len(script) < 200 or left < 0:
            continue
        text = script.strip()
        starts = [0] if text[0] in "{[" else [found.end() for found in _ASSIGNED.finditer(text[:200_000])][:20]
        for start in starts:
            value = _value(decoder, text, start)
            if isinstance(value, list) and len(value) == 2 and isinstance(value[1], str):
                streamed.append(value[1])  # one of the pieces that Next streams
            elif isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
                value = _value(decoder, value.lstrip(), 0)
            if isinstance(value, (dict, list)):
                yield value
    for line in "".join(streamed).split("\n"):
        _, _, rest = line.partition(":")
        if rest[:1] in ("{", "["):
            value = _value(decoder, rest, 0)
            if isinstance(value, (dict, list)):
                yield value


def _value(decoder: json.JSONDecoder, text: str, start: int) -> Any:
    try:
        return decoder.raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None


class _Article:
    """One state, and in it the objects that name the page's article."""

    def __init__(self, state: Any, keys: list[str]) -> None:
        self.state, self.keys = state, keys
        # Nuxt 3 writes one flat list, in which numbers stand for the places of values
        self.flat = isinstance(state, list) and len(state) > 3 and any(isinstance(each, str) for each in state)
        self.left = _NODES

    def text(self) -> list[Block]:
        best: list[Block] = []
        for node in self._objects():
            if not self._is_named(node):
                continue
            for name, value in node.items():
                if name.replace("-", "_").lower() in _TEXTS:
                    found = list(self._blocks(value, 0))
                    if _words(found) > _words(best):
                        best = found
        return best

    def _objects(self) -> Iterator[dict[str, Any]]:
        todo, seen = [self.state], 0
        while todo and seen < _NODES:
            each = todo.pop()
            seen += 1
            if isinstance(each, dict):
                yield each
                todo.extend(value for value in each.values() if isinstance(value, (dict, list)))
            elif isinstance(each, list):
                todo.extend(value for value in each if isinstance(value, (dict, list)))

    def _is_named(self, node: dict[str, Any]) -> bool:
        for value in node.values():
            value = self._resolved(value)
            if isinstance(value, dict):  # headlines come as {"basic": …}, {"rendered": …}, {"web": …}
                value = next((each for each in value.values() if isinstance(each, str)), None)
            if isinstance(value, str) and 12 < len(value) < 1000:
                said = fold(plain(value))[:60]
                if any(said == key or (len(said) > 30 and said.startswith(key[:40])) for key in self.keys):
                    return True
        return False

    def _resolved(self, value: Any) -> Any:
        if self.flat and isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(self.state):
            return self.state[value]
        if isinstance(value, dict) and isinstance(self.state, dict):
            name = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
            if isinstance(name, str):
                return self.state.get(name, value)
        return value

    def _blocks(self, value: Any, depth: int) -> Iterator[Block]:
        self.left -= 1
        value = self._resolved(value)
        if depth > _DEPTH or self.left < 0:
            return
        if isinstance(value, str):
            yield from _of_text(value)
        elif isinstance(value, list):
            if value and all(self._is_inline(each) for each in value):
                yield from _of_text("".join(self._inline(each, depth) for each in value))
            else:
                for each in value:
                    yield from self._blocks(each, depth + 1)
        elif isinstance(value, dict):
            kind = self._kind(value)
            if set(re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", kind.lower())) & _NO_TEXT:
                return
            as_kind = "subhead" if _HEADINGS.search(kind) else "quote" if "quote" in kind.lower() else None
            for name, inner in value.items():
                if name.replace("-", "_").lower() in _TEXTS:
                    for block in self._blocks(inner, depth + 1):
                        yield Block(as_kind, block.text) if as_kind and block.kind == "paragraph" else block

    def _kind(self, node: dict[str, Any]) -> str:
        said = (self._resolved(node.get(name)) for name in _TYPE)
        return next((each for each in said if isinstance(each, str)), "")

    def _is_inline(self, value: Any) -> bool:
        value = self._resolved(value)
        return isinstance(value, dict) and (
            self._kind(value) in _INLINE or (isinstance(value.get("text"), str) and "type" not in value)
        )

    def _inline(self, value: Any, depth: int) -> str:
        value = self._resolved(value)
        self.left -= 1
        if depth > _DEPTH or self.left < 0:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, list):
            return "".join(self._inline(each, depth + 1) for each in value)
        if isinstance(value, dict):
            inner = next((value[name] for name in ("text", "value", "children", "content") if name in value), "")
            return self._inline(inner, depth + 1)
        return ""


def _of_text(said: str) -> Iterator[Block]:
    if _MARKUP.search(said):
        yield from flow.blocks([markup.parse(said).doc]).blocks
        return
    for line in said.split("\n"):
        if len(words := one_line(plain(line))) > 1 and " " in words:
            yield Block("paragraph", words)
