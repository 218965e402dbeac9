"""schema.org data in a page: every JSON-LD block, also broken ones, as one flat list of nodes.

https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents, https://schema.org/NewsArticle
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from spiders.kit import lenient_json
from spiders.kit.words import alike, listed, plain

Node = dict[str, Any]

_ARTICLE = re.compile(r"(Article|BlogPosting|Reportage|Report|NewsStory|LiveBlogPosting|Review|Recipe)$")
_SECOND = ("VideoObject", "AudioObject", "PodcastEpisode", "Event", "Episode", "WebPage", "ItemPage")
_OTHERS = frozenset(
    listed("""
    itemListElement relatedLink significantLink significantLinks mentions citation isBasedOn subjectOf liveBlogUpdate
    hasPart blogPost blogPosts associatedMedia video audio
    """)
)
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
    """The value of one block, or of several in one; {} where there is none.

    Broken JSON is mended where that is safe (`lenient_json`), else its plain pairs are taken.
    """
    text = _COMMENT.sub("", _COMMENT.sub("", text)).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), text.replace("&quot;", '"')):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    if (mended := lenient_json.read(text)) is not None:
        return mended
    found: Node = {}
    for name, value in _PAIR.findall(text):
        try:
            found.setdefault(name, json.loads(value, strict=False))
        except ValueError:
            continue
    if found:
        found["@type"] = "NewsArticle" if "headline" in found or "datePublished" in found else "Thing"
    return found


def _without_prefix(block: str) -> str:
    return block.replace('"schema:', '"') if '"schema:headline"' in block else block


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
    """All JSON-LD of a page. `article` is the node that speaks of the page's own article, {} where there is none.

    `headline` is the page's only one, `titles` are what else it calls itself: a node that has none of these names and
    is in a list of others, or gives another page as its own, or is a film, speaks of something else.
    """

    def __init__(self, blocks: Iterable[str], *, url: str = "", headline: str = "", titles: Iterable[str] = ()) -> None:
        self.nodes: list[Node] = [node for block in blocks for node in walk(parse(_without_prefix(block)))]
        self._url = url
        self._by_id: dict[str, Node] = {}
        for node in self.nodes:
            said = node.get("@id")
            if isinstance(said, str) and len(node) > 1:
                name = self._absolute(said)
                if len(node) > len(self._by_id.get(name, {})):
                    self._by_id[name] = node
        self.article: Node = self._pick(url, headline, [each for each in (headline, *titles) if each])

    def _pick(self, url: str, headline: str, titles: list[str]) -> Node:
        best: tuple[float, Node] = (0.0, {})
        listed_ones = self._in_lists()
        for node in self.nodes:
            kinds = types(node)
            if not kinds:
                continue
            same = _same_page(node, url)
            if any(_ARTICLE.search(kind) for kind in kinds):
                score = 10.0
            elif any(kind in _SECOND for kind in kinds) and ("datePublished" in node or "uploadDate" in node):
                score = 3.0 if kinds[0] == "WebPage" else 4.0
            else:
                continue
            if not same and _is_of_another(node, kinds, same, titles, in_list=id(node) in listed_ones):
                continue
            score += 2.0 * ("datePublished" in node) + 1.0 * ("author" in node) + 1.0 * ("headline" in node)
            score += {True: 4.0, False: -2.0, None: 0.0}[same]
            title = plain(node.get("headline") or node.get("name"))
            if headline and title:
                score += 4.0 * alike(title, headline) - 2.0
            if score > best[0]:
                best = (score, node)
        return best[1]

    def _in_lists(self) -> set[int]:
        """The nodes that stand under a property for other works than the one that the page is about."""
        found: set[int] = set()
        for node in self.nodes:
            if id(node) not in found:
                for name in _OTHERS & node.keys():
                    found.update(id(inner) for inner in walk(node[name]))
        return found

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
        if isinstance(value, dict) and len(value) <= 3 and isinstance(value.get("@id"), str) and "name" not in value:
            return self._by_id.get(self._absolute(value["@id"]), value)
        return value

    def _absolute(self, name: str) -> str:
        """An identifier against the page's address (JSON-LD 1.1 §3.1), its fragment apart from queries and slashes."""
        try:
            base, mark, fragment = urljoin(self._url, name.strip()).partition("#")
        except ValueError:
            return name
        return f"{base.partition('?')[0].rstrip('/')}#{fragment}" if mark else base

    def of_type(self, *names: str) -> Iterator[Node]:
        """The nodes that have one of the types."""
        return (node for node in self.nodes if any(kind in names for kind in types(node)))


def _is_of_another(node: Node, kinds: tuple[str, ...], same: bool | None, titles: list[str], *, in_list: bool) -> bool:
    """Whether a node that does not give the page as its own speaks of another article, or of a film in this one."""
    title = plain(node.get("headline") or node.get("name"))
    like = max((alike(title, each) for each in titles), default=0.0) if title else 0.0
    if in_list:
        return like < 0.8
    if any(_ARTICLE.search(kind) for kind in kinds) or any(kind in ("WebPage", "ItemPage") for kind in kinds):
        return same is False and bool(title and titles) and like < 0.5
    return like < 0.5


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
    """A boolean that may be spelt as a text, a number, a list or a value object: "False", "https://schema.org/True",
    0, ["False"], {"@value": "False"}; None for anything else and for a list that contradicts itself."""
    if isinstance(value, list):
        found = {truth(each) for each in value[:50] if not isinstance(each, list)}
        return found.pop() if len(found) == 1 else None
    if isinstance(value, dict):
        value = value.get("@value", value.get("@id"))
    if isinstance(value, (bool, int)):
        return {0: False, 1: True}.get(value)
    if isinstance(value, str):
        word = value.strip().rsplit("/", 1)[-1].casefold()
        return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word)
    return None
