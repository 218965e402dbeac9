"""XML from strangers, read so that it can do nothing: no entities, no network, no files, bounded in every
direction.

`walk` streams a feed or sitemap through libxml2 and hands over its elements one by one, so memory is that of
one entry. A document that breaks is read a second time, mended: what a first reading gave before the fault
stands, the fault is a sentence in the verdict.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from lxml import etree

from spiders.kit.markup import Undecodable, decode
from spiders.kit.mending import mended
from spiders.kit.packed import TooMuch, head_of, unzipped
from spiders.kit.prolog import charsets, decoded, own_entities, without_dtd

_MENDABLE: Final = 8 * 2**20  # a mended copy is held in memory whole

# One name for each vocabulary, however a publisher spells its address.
_PREFIXES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",  # Atom 0.3
    "http://purl.org/rss/1.0": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.w3.org/1999/xhtml": "xhtml",
}
_CLOSED = re.compile(r"</(?:rss|feed|rdf:RDF|urlset|sitemapindex|\w+:feed)\s*>")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of one document is read.

    `size`: bytes, decoded. `depth`: of nesting. `entries`, and `nodes` (elements) in one of them. `elements`:
    in all, which bounds the time, for a million of them take some seconds.
    """

    size: int = 5 * 2**20
    depth: int = 64
    entries: int = 50_000
    nodes: int = 20_000
    elements: int = 500_000


@dataclass(slots=True)
class Verdict:
    """How a reading went: sentences about what is bad, and about what was mended without loss."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _BrokenError(ValueError):
    """The document is not well-formed from here on."""


def name_of(element: etree._Element) -> str:
    """The element's name with the usual prefix of its vocabulary: "title", "atom:link", "dc:date".

    Elements of an unknown vocabulary keep its address in braces, those under an undeclared prefix the prefix.
    """
    tag = str(element.tag)
    name = _known(tag)
    if name is not None:
        return name
    # The document's own vocabulary under a misspelt address is still the document's own.
    address, _, local = tag.rpartition("}")
    return local if str(element.getroottree().getroot().tag).startswith(address + "}") else tag


@lru_cache(maxsize=4096)
def _known(tag: str) -> str | None:
    if not tag.startswith("{"):
        return tag
    address, _, local = tag[1:].rpartition("}")
    prefix = _PREFIXES.get(address.replace("https://", "http://", 1).rstrip("/"))
    return None if prefix is None else f"{prefix}:{local}" if prefix else local


def text_of(element: etree._Element | None, between: str = "") -> str:
    """All text in the element, its pieces joined by `between`."""
    if element is None:
        return ""
    return between.join(str(piece) for piece in element.itertext(with_tail=False))


def walk(
    body: bytes,
    take: Callable[[etree._Element], None],
    *,
    entries: frozenset[str],
    others: frozenset[str] = frozenset(),
    bounds: Bounds,
    content_type: str | None = None,
) -> Verdict:
    """Hand each element named in `entries` or `others` to `take` when it ends, and forget it. Never raises.

    `others` are the elements about the document as a whole: they count only outside of entries.
    """
    verdict = Verdict()
    reading = _Reading(take, entries, others, bounds, verdict)
    broken, declared = "", list[str]()
    for charset in charsets(head_of(body)):
        declared.clear()
        try:
            reading.run(without_dtd(decoded(unzipped(body, bounds.size), charset), declared))
        except UnicodeDecodeError as fault:
            broken = broken or f"byte {fault.start} is not {fault.encoding}"
            continue
        except _BrokenError as fault:
            broken = str(fault)
        except (ValueError, etree.LxmlError) as fault:
            broken = ""
            verdict.problems.append(str(fault))
        else:
            broken = ""
        break
    if own_entities(declared):
        verdict.problems.append("it declares entities of its own, and they are not expanded")
    if broken:
        _read_mended(body, reading, broken, content_type)
    return verdict


def _read_mended(body: bytes, reading: "_Reading", fault: str, content_type: str | None) -> None:
    verdict, bounds = reading.verdict, reading.bounds
    if reading.root_closed and reading.taken:
        verdict.notes.append("there is something after the end of the document")
        return
    raw: list[bytes] = []
    try:
        raw.extend(unzipped(body, min(bounds.size, _MENDABLE)))
        text, charset = decode(b"".join(raw), content_type)
        cut = not _CLOSED.search(text, max(0, len(text) - 2000))
        whole = "".join(without_dtd(iter([mended(text)]), []))
        remaining = reading.run(iter([whole]), again=True, cut=cut)
    except (Undecodable, LookupError, ValueError, etree.LxmlError) as worse:
        verdict.problems += [f"it is not well-formed XML: {fault}", str(worse)]
        return
    if remaining:
        verdict.problems.append(f"it is not well-formed XML: {fault}")
    else:
        verdict.notes.append(f"mended and read as {charset}: {fault}")


class _Reading:
    """One document, read once or twice; the second time what was taken already is passed over."""

    def __init__(
        self,
        take: Callable[[etree._Element], None],
        entries: frozenset[str],
        others: frozenset[str],
        bounds: Bounds,
        verdict: Verdict,
    ) -> None:
        self.take, self.entries, self.others = take, entries, others
        self.bounds, self.verdict = bounds, verdict
        self.taken = 0
        self.root_closed = False

    def run(self, pieces: Iterator[str], *, again: bool = False, cut: bool = False) -> str | None:
        """Read to the end; gives what libxml2 had to forgive. Raises _BrokenError at the first fault unless
        `again`.

        `cut`: the end is missing, so what libxml2 closes there of its own accord is not handed over.
        """
        parser = etree.XMLPullParser(
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
            encoding="utf-8",
            recover=again,
        )
        self._passed, self._entries_seen, self._elements = 0, 0, 0
        self._starts: list[int] = []  # for each open element, how many elements were alive when it began
        self._alive, self._open_entries = 0, 0
        broken: str | None = None
        try:
            for piece in pieces:
                parser.feed(piece.encode())
                self._events(parser)
                # After a fatal error lxml would take the next piece for the beginning of another document.
                if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.feed_error_log):
                    break
            parser.close()
        except etree.XMLSyntaxError as error:
            broken = str(error.msg)
        if not cut:
            self._events(parser)
        faults = [entry for entry in parser.feed_error_log if entry.level >= etree.ErrorLevels.ERROR]
        lasting = [entry for entry in faults if entry.domain != etree.ErrorDomains.NAMESPACE]
        if len(faults) > len(lasting):
            self._note("prefixes are used that are not declared")
        if lasting:
            broken = f"line {lasting[0].line}: {' '.join(lasting[0].message.split())}"[:160]
        elif faults and self.root_closed:
            broken = None
        if broken and not again:
            raise _BrokenError(broken)
        return broken

    def _events(self, parser: etree.XMLPullParser) -> None:
        for event, element in parser.read_events():
            if event == "start":
                self._start(element)
            else:
                self._end(element)

    def _start(self, element: etree._Element) -> None:
        name = name_of(element)
        self._elements += 1
        self._starts.append(self._alive)
        self._alive += 1
        self._open_entries += name in self.entries
        if len(self._starts) > self.bounds.depth:
            raise TooMuch(f"it is nested deeper than {self.bounds.depth} elements")
        if self._elements > self.bounds.elements:
            raise TooMuch(f"it has more than {self.bounds.elements} elements; the rest was not read")
        if self._alive > self.bounds.nodes:
            raise TooMuch(f"one entry holds more than {self.bounds.nodes} elements")

    def _end(self, element: etree._Element) -> None:
        began = self._starts.pop()
        name = name_of(element)
        if name in self.entries:
            self._open_entries -= 1
            self._entries_seen += 1
            if self._entries_seen > self.bounds.entries:
                raise TooMuch(f"it has more than {self.bounds.entries} entries; the rest was not read")
            self._hand_over(element)
        elif self._open_entries:
            return
        elif name in self.others:
            self._hand_over(element)
        if not self._starts:
            self.root_closed = True
            return
        # Only siblings further back are removed: libxml2 may still be writing behind this one.
        element.clear(keep_tail=True)
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
        self._alive = began

    def _hand_over(self, element: etree._Element) -> None:
        self._passed += 1
        if self._passed > self.taken:
            self.taken = self._passed
            self.take(element)

    def _note(self, text: str) -> None:
        if text not in self.verdict.notes:
            self.verdict.notes.append(text)
