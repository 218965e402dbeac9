"""The text of an article that its page holds only in a script's state: what a program of the site would show.

JSON in `<script type="application/json">` (Next, Nuxt 3, Angular, Apollo) and in assignments (`window.__STATE__ = {…}`,
`JSON.parse("…")`, the pieces that Next streams). It is taken only where it is plainly the page's own article: the
text stands in one object with the page's headline or its description; or, in a page that shows no text, it is the one
that speaks of what the headline names.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

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
_SHOWN = 400  # letters of prose, from which a page shows its text itself
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
_HEADLINES = frozenset(("headline", "headlines", "title", "titre", "titel"))
_APART = frozenset(("comments", "replies", "reactions", "responses"))
_RUNS = ("text", "value", "children", "content")  # where a part of a paragraph has its words
_PARAGRAPHS = re.compile(r"para|block|head|quote|list|section|component", re.IGNORECASE)
_ENDS = re.compile(r"[.!?…؟»”\"]\s*(?:</p>)?\s*$")
_MARKDOWN = re.compile(r"^#{2,6} (\S.{2,150})$")
_MARKUP = re.compile(r"<(?:p|div|br|h[2-6]|ul|blockquote)\b", re.IGNORECASE)
_TYPE = ("type", "_type", "__typename", "nodeType", "tag", "kind", "name")


@dataclass(frozen=True)
class Told:
    """What a state tells of the page's article: its text, and the object that holds it."""

    blocks: list[Block]
    node: dict[str, Any]
    state: "State"


_KNOWN: "WeakKeyDictionary[Page, Told | None]" = WeakKeyDictionary()


def blocks(page: "Page") -> list[Block]:
    """The text in the page's scripts; [] where none holds the page's article, or only a teaser of it."""
    found = told(page)
    return found.blocks if found else []


def told(page: "Page") -> Told | None:
    """The page's article in its scripts; None where they do not hold it."""
    if page not in _KNOWN:
        _KNOWN[page] = _told(page)
    return _KNOWN[page]


def _told(page: "Page") -> Told | None:
    keys = [
        fold(each)[:60] for each in (page.title(), page.ld.text("description"), page.meta("og:description")) if each
    ]
    keys = [each for each in keys if len(each) > 12]
    if not keys:
        return None
    states = list(_states(page))
    best = _most(State(state, keys).told() for state in states)
    if best is None and sum(len(place.text) for place in page.prose) < _SHOWN:
        about = _stems(page.title() or "")
        best = _most(State(state, []).told(about) for state in states)
    return best


def _most(found: Iterable[Told | None]) -> Told | None:
    """The longest text, where one is longer than a teaser."""
    best = max(filter(None, found), key=lambda each: _words(each.blocks), default=None)
    return best if best and _words(best.blocks) >= _WORDS else None


def _stems(text: str) -> set[str]:
    """The longer words of a text by their first letters, so that a plural is its singular."""
    return {word[:4] for word in fold(text[:100_000]).split() if len(word) > 3}


def _speaks(found: list[Block], about: set[str]) -> bool:
    """Whether a text is long enough for an article and has most of the words."""
    if _words(found) < _WORDS or len(about) < 3:
        return False
    return len(about & _stems(" ".join(block.text for block in found))) >= max(3, 0.6 * len(about))


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


class State:
    """One state, and in it the objects that name the page's article."""

    def __init__(self, state: Any, keys: list[str]) -> None:
        self.state, self.keys = state, keys
        # Nuxt 3 writes one flat list, in which numbers stand for the places of values
        self.flat = isinstance(state, list) and len(state) > 3 and any(isinstance(each, str) for each in state)
        self.left = _NODES

    def told(self, about: set[str] | None = None) -> Told | None:
        """The object that names the article and has most text; with `about`, the one whose text has these words."""
        best: Told | None = None
        for node in self._objects():
            if self._is_of_another(node) if about is not None else not self._is_named(node):
                continue
            for name, value in node.items():
                if name.replace("-", "_").lower() not in _TEXTS:
                    continue
                if about is not None and self._is_of_another(value, 4):
                    continue
                found = [block for block in self._blocks(value, 0) if not is_boilerplate(block.text)]
                if about is not None and not _speaks(found, about):
                    continue
                if best is None or _words(found) >= _words(best.blocks):
                    best = Told(found, node, self)
        return best

    def _objects(self) -> Iterator[dict[str, Any]]:
        todo, seen = [self.state], 0
        while todo and seen < _NODES:
            each = todo.pop()
            seen += 1
            if isinstance(each, dict):
                yield each
                todo.extend(
                    value for name, value in each.items() if isinstance(value, (dict, list)) and name not in _APART
                )
            elif isinstance(each, list):
                todo.extend(value for value in each if isinstance(value, (dict, list)))

    def _is_named(self, node: dict[str, Any]) -> bool:
        for value in node.values():
            value = self.resolved(value)
            if isinstance(value, dict):  # headlines come as {"basic": …}, {"rendered": …}, {"web": …}
                value = next((each for each in value.values() if isinstance(each, str)), None)
            if isinstance(value, str) and 12 < len(value) < 1000:
                said = fold(plain(value))[:60]
                if any(said == key or (len(said) > 30 and said.startswith(key[:40])) for key in self.keys):
                    return True
        return False

    def _is_of_another(self, value: Any, depth: int = 0) -> bool:
        """Whether the object, or one in it as far as `depth` goes, bears a headline: the page's own would be named."""
        value = self.resolved(value)
        self.left -= 1
        if self.left < 0:
            return True
        if isinstance(value, list):
            return depth > 0 and any(self._is_of_another(each, depth - 1) for each in value[:40])
        if not isinstance(value, dict):
            return False
        if any(name.lower() in _HEADLINES and value[name] for name in value):
            return True
        return depth > 0 and any(self._is_of_another(each, depth - 1) for each in [*value.values()][:40])

    def resolved(self, value: Any) -> Any:
        if self.flat and isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(self.state):
            return self.state[value]
        if isinstance(value, dict) and isinstance(self.state, dict):
            name = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
            if isinstance(name, str):
                return self.state.get(name, value)
        return value

    def _blocks(self, value: Any, depth: int) -> Iterator[Block]:
        self.left -= 1
        value = self.resolved(value)
        if depth > _DEPTH or self.left < 0:
            return
        if isinstance(value, str):
            yield from _of_text(value)
        elif isinstance(value, list):
            if value and all(self._is_inline(each) for each in value):
                pieces = [self._inline(each, depth) for each in value]
                # a run of sentences that each end, is one of paragraphs and not of a paragraph's bold and plain parts
                whole = len(pieces) > 1 and all(len(each) > 60 and _ENDS.search(each[-10:]) for each in pieces)
                for said in pieces if whole else ("".join(pieces),):
                    yield from _of_text(said)
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
        said = (self.resolved(node.get(name)) for name in _TYPE)
        return next((each for each in said if isinstance(each, str)), "")

    def _is_inline(self, value: Any) -> bool:
        value = self.resolved(value)
        if not isinstance(value, dict) or not any(name in value for name in _RUNS):
            return False
        kind = self._kind(value)
        return kind.lower() in _INLINE or (
            isinstance(value.get("text"), str) and "type" not in value and not _PARAGRAPHS.search(kind)
        )

    def _inline(self, value: Any, depth: int) -> str:
        value = self.resolved(value)
        self.left -= 1
        if depth > _DEPTH or self.left < 0:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, list):
            return "".join(self._inline(each, depth + 1) for each in value)
        if isinstance(value, dict):
            inner = next((value[name] for name in _RUNS if name in value), "")
            return self._inline(inner, depth + 1)
        return ""


def _of_text(said: str) -> Iterator[Block]:
    if _MARKUP.search(said):
        yield from flow.blocks([markup.parse(said).doc]).blocks
        return
    for line in said.split("\n"):
        if head := _MARKDOWN.match(line):
            yield Block("subhead", one_line(plain(head[1])))
        elif len(words := one_line(plain(line))) > 1 and " " in words:
            yield Block("paragraph", words)
