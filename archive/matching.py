"""Does an article belong to a topic, and why? Two stages, for one topic or for hundreds.

First the rule: the articles of a batch go into one index in memory, and each concept of each topic is one
FTS5 query over all of them. Then the reasons, only for articles that meet the rule: every mention is found in
the text itself, masked phrases are taken out, what is left is counted, scored and kept as spans.
"""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from archive.mentions import Hit, mentions
from archive.model import Article, Lead
from archive.norm import Folded, norm
from archive.terms import COLUMNS, Vocabulary, any_of, batch_index
from archive.topics import Example, Topic
from archive.weighing import TAKEN, Decision, Plan, Weighed, day_of, outside, plan_of, refused, weigh

__all__ = [
    "TAKEN", "Decision", "Document", "Match", "Span",
    "explain", "failing_examples", "match", "plan_of", "prefilter", "select",
]  # fmt: skip

BATCH = 128
_SUFFIX = re.compile(r"\.[a-z]{2,5}$")


@dataclass(frozen=True, slots=True)
class Document:
    """What the matcher looks at; None is unknown. Times with a zone are read as UTC days."""

    id: str
    outlet: str | None = None
    language: str | None = None
    published: datetime | date | None = None
    title: str = ""
    standfirst: str = ""
    text: str = ""

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


def match(topics: Iterable[Topic], documents: Iterable[Document]) -> list[Match]:
    """One Match for each document and topic, in the order of the documents, then of the topics."""
    plans = [plan_of(topic) for topic in topics]
    found: list[Match] = []
    remaining = iter(documents)
    while batch := [_Copy(document) for document in islice(remaining, BATCH)]:
        vocabulary = Vocabulary(each.words for copy in batch for each in copy.fields)
        with closing(_Index(batch)) as index:
            present = [(plan, *_present(plan, index, vocabulary)) for plan in plans]
        for at, copy in enumerate(batch):
            for plan, meets, concepts in present:
                if at in meets:
                    found.append(_judge(plan, copy))
                else:
                    missing = [name for name, rows in concepts if at not in rows]
                    found.append(_match(plan.topic, copy, refused(plan.topic, copy.document.outlet, copy.day, missing)))
    return found


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


def _present(plan: Plan, index: "_Index", vocabulary: Vocabulary) -> tuple[set[int], list[tuple[str, set[int]]]]:
    """Which rows of the batch meet the rule, and which have a term of each concept that it requires."""
    if plan.topic.raw is not None:
        return index.rows(plan.topic.raw), []
    concepts = [
        (concept, index.rows(any_of(filter(vocabulary.holds, forms)))) for concept, forms in plan.concepts.items()
    ]
    return set.intersection(*(rows for _, rows in concepts)), concepts


class _Copy:
    """A document with its fields folded: once for the index and for all topics that look at it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.fields = tuple(map(Folded, (document.title, document.standfirst, document.text)))
        self.day = day_of(document.published)

    def span(self, hit: Hit) -> Span:
        folded, term = self.fields[hit.column], hit.term
        start, end = folded.place(hit.start, hit.end)
        words = folded.text[start:end]
        return Span(term.concept, term.text, term.language, COLUMNS[hit.column], start, end, words)


class _Index:
    """The index of a batch. It is made when it is first asked: where no word of a topic occurs, nobody asks."""

    def __init__(self, batch: Sequence[_Copy]) -> None:
        self._batch = batch
        self._made: sqlite3.Connection | None = None

    def rows(self, expression: str) -> set[int]:
        """The places in the batch of the documents that meet the expression."""
        if not expression:
            return set()
        if self._made is None:
            self._made = batch_index()
            self._made.executemany(
                "INSERT INTO batch (rowid, title, standfirst, text) VALUES (?, ?, ?, ?)",
                ((at, *(each.folded for each in copy.fields)) for at, copy in enumerate(self._batch)),
            )
        return {row for (row,) in self._made.execute("SELECT rowid FROM batch WHERE batch MATCH ?", [expression])}

    def close(self) -> None:
        if self._made is not None:
            self._made.close()


def _judge(plan: Plan, copy: _Copy) -> Match:
    """The Match of a document that meets the rule as far as the index can tell."""
    document = copy.document
    found = [(each.words, list(plan.lexicon.find(each.words))) for each in copy.fields]
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
