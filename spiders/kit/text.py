"""Blocks of text from chosen elements of a page: paragraphs, subheads, quotes and list items, in reading order.

The page's furniture inside them (read-also boxes, forms, buttons, the visible half of a drop capital) stays out.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from archive.model import Block
from spiders.kit.furniture import opens_tail
from spiders.kit.words import fold, listed, one_line

_NEVER = frozenset(
    listed("""
    script style noscript template svg math canvas button input select textarea option form nav
    iframe object embed audio video picture img map dialog aside figure figcaption head title meta
    link menu fieldset label footer
""")
)
_BREAKS = frozenset(
    listed("""
    address article blockquote body center dd details div dl dt fieldset h1 h2 h3 h4 h5 h6 header hr
    li main ol p pre section summary table tbody td th thead tfoot tr ul figure figcaption caption
    html
""")
)
_SUBHEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_FOR_SCREEN_READERS = re.compile(
    r"\b(?:screen-reader(?:-only|-text)?|sr-only|visually-?hidden|a11y-hidden|u-hidden|element-invisible)\b",
    re.IGNORECASE,
)
_MARK = "\n"


@dataclass
class Flow:
    """What a walk gives: the blocks, and for each the elements whose text it holds."""

    blocks: list[Block] = field(default_factory=list)
    anchors: list[tuple[int, HtmlElement]] = field(default_factory=list)


def blocks(containers: Iterable[HtmlElement], *, drop: Iterable[HtmlElement] = (), lists: bool = True) -> Flow:
    """The blocks in the elements. `drop` are elements to leave out, with all they hold; `lists`: keep list items."""
    dropped = set(drop)
    flow, walk = Flow(), _Walk(dropped, lists)
    for container in containers:
        walk.through(container, flow)
    return flow


class _Walk:
    """One pass over an element, without recursion: bad pages nest thousands deep."""

    def __init__(self, dropped: set[HtmlElement], lists: bool) -> None:
        self.dropped = dropped
        self.lists = lists

    def through(self, top: HtmlElement, flow: Flow) -> None:
        words: list[str] = []
        links: list[HtmlElement] = []
        kinds: list[str] = ["paragraph"]

        def close() -> None:
            for piece in "".join(words).split(_MARK * 2):
                text = one_line(piece)
                if text:
                    flow.blocks.append(Block(kinds[-1], text))
            if flow.blocks:
                flow.anchors.extend((len(flow.blocks) - 1, link) for link in links)
            words.clear()
            links.clear()

        todo: list[tuple[HtmlElement, bool]] = [(top, False)]
        while todo:
            element, leaving = todo.pop()
            tag = element.tag
            if leaving:
                if tag in _BREAKS:
                    close()
                    kinds.pop()
                if element is not top and element.tail:
                    words.append(_flat(element.tail))
                continue
            if not isinstance(tag, str) or (element is not top and self._skipped(element, tag)):
                if isinstance(tag, str) and tag in _BREAKS:
                    close()
                if element is not top and element.tail:
                    words.append(_flat(element.tail))
                continue
            if tag == "br":
                words.append(_MARK)
            elif tag == "a":
                links.append(element)
            if tag in _BREAKS:
                close()
                kinds.append(_kind(tag, kinds[-1]))
            if element.text:
                words.append(_flat(element.text))
            todo.append((element, True))
            todo.extend((child, False) for child in reversed(element))
        close()

    def _skipped(self, element: HtmlElement, tag: str) -> bool:
        if tag in _NEVER or element in self.dropped or (tag == "li" and not self.lists):
            return True
        get = element.get
        if get("hidden") is not None or get("aria-hidden") == "true" or _HIDDEN_STYLE.search(get("style") or ""):
            return True
        # A drop capital is split for the eye and whole for screen readers: the whole word is the text.
        if (css := get("class")) and _FOR_SCREEN_READERS.search(css):
            return not _stands_for_hidden(element)
        return False


def _stands_for_hidden(element: HtmlElement) -> bool:
    """Whether the text for screen readers is that of its neighbour, which they are spared."""
    before, after = element.getprevious(), element.getnext()
    if before is not None and before.get("aria-hidden") == "true":
        return True
    if after is None or after.get("aria-hidden") != "true":
        return False
    shown = "".join(after.text_content().split())  # an icon has none: what stands before it is its description
    return bool(shown) and shown in "".join(element.text_content().split())


def _flat(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")


def _kind(tag: str, around: str) -> str:
    if tag in _SUBHEADS:
        return "subhead"
    if tag == "blockquote":
        return "quote"
    if tag == "li":
        return "list_item"
    return around if around in ("quote", "list_item", "subhead") else "paragraph"


def without(found: Iterable[Block], unwanted: Callable[[str], bool], *, also: Iterable[str | None] = ()) -> list[Block]:
    """The blocks that are not furniture, do not repeat a text of `also` (standfirst, captions) nor the block before,
    up to the subhead of what stands below the article."""
    known = {fold(text) for text in also if text}
    kept: list[Block] = []
    for block in found:
        key = fold(block.text)
        if not key or key in known or unwanted(block.text) or (kept and key == fold(kept[-1].text)):
            continue
        kept.append(block)
    tails = (number for number, block in enumerate(kept) if block.kind == "subhead" and opens_tail(block.text))
    if number := next(tails, 0):
        kept = kept[:number]
    while kept and kept[-1].kind == "subhead":
        kept.pop()
    return kept
