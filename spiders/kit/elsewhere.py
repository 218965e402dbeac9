"""Blocks that only lead to other articles: lists of headlines, and the teasers below a text."""

from collections.abc import Mapping, Sequence

from archive.model import Block
from spiders.kit.places import Place, key

_ALL = 0.9  # the share of a text that is a link's, from which the text is taken for one
_TEASER = 40  # words below a headline of another article


def without(blocks: Sequence[Block], places: Mapping[str, Place]) -> list[Block]:
    """The blocks without lists whose every item is a link, and without the teasers at the end."""
    linked = [place.linked >= _ALL if (place := places.get(key(block.text))) else False for block in blocks]
    kept = []
    at = 0
    while at < len(blocks):
        end = at
        while end < len(blocks) and blocks[end].kind == "list_item":
            end += 1
        if end == at:
            kept.append(at)
            at += 1
            continue
        items = range(at, end)
        if not all(linked[number] for number in items):
            kept.extend(items)
        at = end
    alone = [
        number for number in kept if linked[number] and blocks[number].kind == "paragraph" and _is_line(blocks[number])
    ]
    if len(alone) < 0.3 * len(kept):
        kept = [number for number in kept if number not in alone]
    return [blocks[number] for number in _before_teasers(blocks, linked, kept)]


def _is_line(block: Block) -> bool:
    return 4 <= len(block.text.split()) <= 30


def _before_teasers(blocks: Sequence[Block], linked: Sequence[bool], kept: list[int]) -> list[int]:
    """Up to the first headline that is a link to another article, where nothing but such and their teasers follow."""
    cut, heads = len(kept), 0
    for place in range(len(kept) - 1, -1, -1):
        number = kept[place]
        if linked[number]:
            heads += 1
            cut = place
        elif blocks[number].kind == "subhead" and cut == place + 1:
            cut = place
        elif not (place and linked[kept[place - 1]] and len(blocks[number].text.split()) <= _TEASER):
            break
    return kept[:cut] if heads > 1 else kept
