"""Does an article belong to a topic, and why? Two stages, for one topic or for hundreds.

First the rule: the words of an article are looked up once for all topics; a [raw] rule is an FTS5 query over
an index in memory of many articles. Then the reasons, only for articles that meet the rule: every mention is
found in the text itself, masked phrases are taken out, what is left is counted, scored and kept as spans.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from archive.mentions import Hit, mentions
from archive.model import Article, Lead
from archive.norm import Folded, norm
from archive.sieve import Sieve, sieve_of
from archive.terms import COLUMNS, batch_index
from archive.topics import Example, Topic
from archive.weighing import TAKEN, Decision, Plan, Weighed, day_of, outside, plan_of, refused, weigh

__all__ = [
    "TAKEN", "Decision", "Document", "Match", "Matched", "Span",
    "explain", "failing_examples", "match", "meeting", "plan_of", "prefilter", "select", "versions_of",
]  # fmt: skip

BATCH = 128
_SUFFIX = re.compile(r"\.[a-z]{2,5}$")


@dataclass(frozen=True, slots=True)
class Document:
    """What the matcher looks at; None is unknown. Times with a zone are read as UTC days.

    `folded`: norm() of title, standfirst and text where that is known already.
    """

    id: str
    outlet: str | None = None
    language: str | None = None
    published: datetime | date | None = None
    title: str = ""
    standfirst: str = ""
    text: str = ""
    folded: tuple[str, str, str] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, document_id: str, article: Article) -> "Document":
        """The article as the matcher sees it."""
        return cls(
            id=document_id,
            outlet=article.outlet,
            language=article.language,
            published=article.published or article.published_day,
            title=article.title or "",
            standfirst=article.standfirst or "",
            text=article.text,
        )


@dataclass(frozen=True, slots=True)
class Span:
    """One mention: characters `start` to `end` (not included) of the original `field`, which read `words`.

    `field` is title, standfirst or text; `term` and `language` are as the topic file has them.
    """

    concept: str
    term: str
    language: str
    field: str
    start: int
    end: int
    words: str


class Match(NamedTuple):
    """What a topic says about a document. `reason` is codes with their details, parted by "; ":

    rule_met, below_min_score, concept_missing, masked (all mentions are in masked phrases), not_near,
    rule_not_met (a [raw] rule), out_of_window, other_outlet; then date_unknown where the window could not be
    applied.
    """

    document_id: str
    topic: str
    topic_version: str
    score: float
    decision: Decision
    reason: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """What topics say of an article whose id may not be known yet: the matches that meeting() gives.

    `versions`: what versions_of() gives of these topics.
    """

    versions: str
    matches: tuple[Match, ...]


@lru_cache(maxsize=8)
def versions_of(topics: tuple[Topic, ...]) -> str:
    """One short text for these versions of these topics, whatever their number."""
    return sha256("\n".join(f"{topic.id} {topic.version}" for topic in topics).encode()).hexdigest()


def match(topics: Iterable[Topic], documents: Iterable[Document]) -> list[Match]:
    """One Match for each document and topic, in the order of the documents, then of the topics."""
    sieve = sieve_of(tuple(topics))
    found: list[Match] = []
    for copy, raw in _sifted(sieve, documents):
        for at, plan in enumerate(sieve.plans):
            bits = copy.sifted.bits.get(at, 0)
            if at in raw or sieve.meets(at, bits):
                found.append(_judge(plan, copy))
            else:
                missing = sieve.missing(at, bits)
                found.append(_match(plan.topic, copy, refused(plan.topic, copy.document.outlet, copy.day, missing)))
    return found


def meeting(topics: Iterable[Topic], documents: Iterable[Document]) -> Iterator[Match]:
    """Of what match() gives, the Matches of documents that meet the topic's rule as far as words alone can tell.

    All others are rejects without mentions: a corpus has no rows for them. With hundreds of topics nearly all are.
    """
    sieve = sieve_of(tuple(topics))
    for copy, raw in _sifted(sieve, documents):
        met = [at for at, bits in copy.sifted.bits.items() if sieve.meets(at, bits)]
        for at in sorted([*met, *raw]):
            yield _judge(sieve.plans[at], copy)


def explain(topic: Topic, document: Document) -> Match:
    """The Match of one document; equal to what match() gives."""
    return match([topic], [document])[0]


def select(topic: Topic, connection: sqlite3.Connection, index: str = "articles_fts") -> list[int]:
    """The rowids in an FTS5 index of title, standfirst and text that meet the topic's rule.

    Masks, window and outlets come later. This is how a changed topic is tried on a whole corpus: only what it
    selects needs match().
    """
    rows = connection.execute(f'SELECT rowid FROM "{index}" WHERE "{index}" MATCH ?', [topic.compiled])
    return [rowid for (rowid,) in rows]


def failing_examples(topic: Topic) -> list[tuple[Example, Match]]:
    """The topic's own examples that are decided otherwise than their author wants. "maybe" is no match."""
    documents = [
        Document(
            id=str(at),
            language=example.language,
            published=example.published,
            title=example.title,
            standfirst=example.standfirst,
            text=example.text,
        )
        for at, example in enumerate(topic.examples)
    ]
    results = zip(topic.examples, match([topic], documents), strict=True)
    return [(example, result) for example, result in results if _taken(result) != example.match]


def _taken(result: Match) -> bool:
    return result.decision is Decision.MATCH


def _sifted(sieve: Sieve, documents: Iterable[Document]) -> Iterator[tuple["_Copy", set[int]]]:
    """Each document, and the [raw] topics whose rule it meets."""
    expressions = [(at, plan.topic.raw) for at, plan in enumerate(sieve.plans) if plan.topic.raw is not None]
    remaining = iter(documents)
    while batch := [_Copy(document, sieve) for document in islice(remaining, BATCH)]:
        raw = _raw(expressions, batch) if expressions else []
        for row, copy in enumerate(batch):
            yield copy, {at for at, rows in raw if row in rows}


class _Copy:
    """A document with its fields folded and sifted: once for all topics that look at it."""

    def __init__(self, document: Document, sieve: Sieve) -> None:
        self.document = document
        texts = document.title, document.standfirst, document.text
        self.fields = tuple(map(Folded, texts, document.folded or (None, None, None)))
        self.sifted = sieve.sift([each.words for each in self.fields], [each.folded for each in self.fields])
        self.day = day_of(document.published)

    @cached_property
    def places(self) -> list[dict[str, list[int]]]:
        """By field, of the words that can begin a mention: where they stand."""
        begin = self.sifted.words
        found = []
        for each in self.fields:
            places: dict[str, list[int]] = {}
            for at, word in enumerate(each.words):
                if word in begin:
                    places.setdefault(word, []).append(at)
            found.append(places)
        return found

    def span(self, hit: Hit) -> Span:
        folded, term = self.fields[hit.column], hit.term
        start, end = folded.place(hit.start, hit.end)
        words = folded.text[start:end]
        return Span(term.concept, term.text, term.language, COLUMNS[hit.column], start, end, words)


def _raw(expressions: Iterable[tuple[int, str]], batch: Sequence[_Copy]) -> list[tuple[int, set[int]]]:
    """For each FTS5 expression the places in the batch of the documents that meet it."""
    with closing(batch_index()) as index:
        index.executemany(
            "INSERT INTO batch (rowid, title, standfirst, text) VALUES (?, ?, ?, ?)",
            ((row, *(each.folded for each in copy.fields)) for row, copy in enumerate(batch)),
        )
        sql = "SELECT rowid FROM batch WHERE batch MATCH ?"
        return [(at, {row for (row,) in index.execute(sql, [expression])}) for at, expression in expressions]


def _judge(plan: Plan, copy: _Copy) -> Match:
    """The Match of a document that meets the rule as far as the index can tell."""
    document = copy.document
    found = [
        (each.words, plan.lexicon.find_at(each.words, places))
        for each, places in zip(copy.fields, copy.places, strict=True)
    ]
    return _match(plan.topic, copy, weigh(plan.topic, document.outlet, copy.day, document.language, found))


def _match(topic: Topic, copy: _Copy, weighed: Weighed) -> Match:
    decision, reason, score, hits = weighed
    spans = tuple(map(copy.span, hits))
    return Match(copy.document.id, topic.id, topic.version, score, decision, reason, spans)


def prefilter(topic: Topic, lead: Lead) -> tuple[bool, str]:
    """Is a lead worth a fetch for this topic? With the reason, which is kept with the lead.

    Window and outlets always hold. Then the topic's `prefilter` says where a term of one required concept
    must show: "summary": in title, summary or the URL's words; "url": in the URL's words; "none": nowhere. A
    lead that gives nothing to judge by is kept.
    """
    refusal, _ = outside(topic, lead.outlet or None, day_of(lead.published_at))
    if refusal:
        return False, refusal
    plan = plan_of(topic)
    if topic.prefilter == "none" or not topic.require:
        return True, "no_prefilter"
    path, telling = _url_words(lead.url)
    fields = [path]
    if topic.prefilter == "summary":
        fields += [norm(lead.title or "").split(), norm(lead.summary or "").split()]
    if not telling and not any(fields[1:]):
        return True, "nothing_to_judge"
    hits, masked = mentions(plan.lexicon, fields, None)
    for hit in hits:
        if hit.term.concept in topic.require:
            return True, f"{hit.term.concept}: {hit.term.text}"
    why = f"; masked: {', '.join(sorted(masked))}" if masked else ""
    return False, f"no_term_in_{topic.prefilter}{why}"


def _url_words(url: str) -> tuple[list[str], bool]:
    """The words of the URL's path, and whether some part of it reads like a headline."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return [], False
    parts = [norm(_SUFFIX.sub("", part)).split() for part in path.split("/")]
    telling = any(sum(not word.isdecimal() for word in words) > 1 for words in parts)
    return [word for words in parts for word in words], telling
