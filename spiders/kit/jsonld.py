"""schema.org data in a page: every JSON-LD block, also broken ones, as one flat list of nodes.

https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents, https://schema.org/NewsArticle
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from spiders.kit.words import alike, plain

Node = dict[str, Any]

_ARTICLE = re.compile(r"(Article|BlogPosting|Reportage|Report|NewsStory|LiveBlogPosting|Review|Recipe)$")
_SECOND = ("VideoObject", "AudioObject", "PodcastEpisode", "Event", "Episode", "WebPage", "ItemPage")
_MAX_NODES = 2000
_COMMENT = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|"
    r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_PAIR = re.compile(
    r'"(headline|datePublished|dateModified|isAccessibleForFree|articleSection|description|dateCreated|inLanguage)"'
    r'\s*:\s*("(?:[^"\\]|\\.)*"|true|false)'
)


def parse(text: str) -> Any:
    """The value of one block. Broken JSON is mended where that is safe, else its plain pairs are taken; {} if none."""
    text = _COMMENT.sub("", _COMMENT.sub("", text)).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), text.replace("&quot;", '"')):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    found: Node = {}
    for name, value in _PAIR.findall(text):
        try:
            found.setdefault(name, json.loads(value, strict=False))
        except ValueError:
            continue
    if found:
        found["@type"] = "NewsArticle" if "headline" in found or "datePublished" in found else "Thing"
    return found


def types(node: Node) -> tuple[str, ...]:
    """The node's types without a vocabulary's address."""
    kind = node.get("@type") or node.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    return tuple(each.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for each in kinds if isinstance(each, str))


def walk(value: Any) -> Iterator[Node]:
    """Every node in the value, outer before inner; no recursion, since blocks nest thousands deep in bad pages."""
    todo, count = [value], 0
    while todo and count < _MAX_NODES:
        each = todo.pop()
        if isinstance(each, dict):
            count += 1
            yield each
            todo.extend(v for v in reversed(list(each.values())) if isinstance(v, (dict, list)))
        elif isinstance(each, list):
            todo.extend(reversed([v for v in each[:_MAX_NODES] if isinstance(v, (dict, list))]))


class LinkedData:
    """All JSON-LD of a page. `article` is the node that speaks of the page's own article, {} where there is none."""

    def __init__(self, blocks: Iterable[str], *, url: str = "", headline: str = "") -> None:
        self.nodes: list[Node] = [node for block in blocks for node in walk(parse(block))]
        self._by_id: dict[str, Node] = {}
        for node in self.nodes:
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(self._by_id.get(name, {})) and len(node) > 1:
                self._by_id[name] = node
        self.article: Node = self._pick(url, headline)

    def _pick(self, url: str, headline: str) -> Node:
        best: tuple[float, Node] = (0.0, {})
        for node in self.nodes:
            kinds = types(node)
            if not kinds:
                continue
            if any(_ARTICLE.search(kind) for kind in kinds):
                score = 10.0
            elif any(kind in _SECOND for kind in kinds) and ("datePublished" in node or "uploadDate" in node):
                score = 3.0 if kinds[0] == "WebPage" else 4.0
            else:
                continue
            score += 2.0 * ("datePublished" in node) + 1.0 * ("author" in node) + 1.0 * ("headline" in node)
            score += {True: 4.0, False: -2.0, None: 0.0}[_same_page(node, url)]
            title = plain(node.get("headline") or node.get("name"))
            if headline and title:
                score += 4.0 * alike(title, headline) - 2.0
            if score > best[0]:
                best = (score, node)
        return best[1]

    @property
    def is_article(self) -> bool:
        """Whether the node is an article by its type, not a film, a sound or the page as such."""
        return any(_ARTICLE.search(kind) for kind in types(self.article))

    def get(self, name: str) -> Any:
        """The article's value under that name, references (`@id`) resolved one step; None where absent."""
        return self.resolve(self.article.get(name))

    def text(self, name: str) -> str:
        """The article's value under that name as one line of text; "" where absent or not text."""
        value = self.get(name)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("@value") or value.get("name")
        return plain(value)

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.resolve(each) for each in value[:200] if not isinstance(each, list)]
        if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):
            return self._by_id.get(value["@id"], value)
        return value

    def of_type(self, *names: str) -> Iterator[Node]:
        """The nodes that have one of the types."""
        return (node for node in self.nodes if any(kind in names for kind in types(node)))


def _same_page(node: Node, url: str) -> bool | None:
    """Whether the node says that it is about the page at the address; None where it does not say."""
    path = url.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].rstrip("/")
    other = None
    for name in ("mainEntityOfPage", "url", "@id"):
        value = node.get(name)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and value.strip():
            said = value.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0].strip().rstrip("/")
            # Mediapart gives a path without host and without the leading slash
            if said and (said == path or (len(said) > 12 and path.endswith("/" + said.lstrip("/")))):
                return True
            if said and name != "@id":
                other = False
    return other


def names(value: Any) -> list[str]:
    """The names in a value that may be a text, a node, or a list of either."""
    found: list[str] = []
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            each = each.get("name") or each.get("@value")
        if isinstance(each, list):
            found.extend(plain(item) for item in each)
        else:
            found.append(plain(each))
    return [name for name in found if name]


def truth(value: Any) -> bool | None:
    """A boolean that may be spelt as text: "False", "https://schema.org/True"; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().rsplit("/", 1)[-1].casefold()
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word)
    return None
