"""Why an article is in a topic or is not: what was found, what was hidden, and the sum."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.judging import DOCUMENT, document_in, topic_in_force
from archive.matching import Document, Match, explain
from archive.mentions import Hit
from archive.norm import Folded
from archive.terms import COLUMNS
from archive.topics import Mask, Term, Topic
from archive.tuning.verdicts import Standing, standing
from archive.weighing import Points, plan_of, points

AROUND = 40  # characters of context on each side


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of `term` at characters `start` to `end` (not included) of `field`.

    `before` and `after` are the words around `words`. `hidden_by`: the masked phrase that takes it out of the count.
    """

    concept: str
    term: str
    language: str
    field: str
    start: int
    end: int
    before: str
    words: str
    after: str
    hidden_by: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """`match` is the matcher's word; `missing` names the required concepts that no mention is left of.

    `row`: what holds in the corpus, None where the topic is not in force there. `verdicts`: what people said, the
    last one at the end. `sums`: the summands of the score.
    """

    topic: Topic
    match: Match
    row: dict[str, Any] | None
    mentions: tuple[Mention, ...]
    hidden: tuple[Mention, ...]
    missing: tuple[str, ...]
    sums: tuple[Points, ...]
    verdicts: tuple[Standing, ...]


def explained(db: Database, topic: Topic, article_id: str) -> Explanation | None:
    """None where the corpus has no such article."""
    row = db.execute(f"SELECT {DOCUMENT} FROM articles WHERE id = ?", [article_id]).fetchone()
    if row is None:
        return None
    document = document_in(row)
    match = explain(topic, document)
    texts = {"title": document.title, "standfirst": document.standfirst, "text": document.text}
    mentions = tuple(
        Mention(each.concept, each.term, each.language, each.field, each.start, each.end,
                *around(texts[each.field], each.start, each.end))
        for each in match.spans
    )  # fmt: skip
    found = {each.concept for each in match.spans}
    return Explanation(
        topic=topic,
        match=match,
        row=_row(db, topic, match, document),
        mentions=mentions,
        hidden=tuple(_hidden(topic, document)),
        missing=tuple(concept for concept in topic.require if concept not in found),
        sums=tuple(_sums(topic, match)),
        verdicts=tuple(standing(db, topic.id, article_id)),
    )


def _row(db: Database, topic: Topic, match: Match, document: Document) -> dict[str, Any] | None:
    """What the version in force decided. An article that does not meet its rule has no row, and is a reject."""
    current = topic_in_force(db, topic.id)
    if current is None:
        return None
    kept = db.execute(
        "SELECT topic_version, score, decision, reason FROM matches"
        " WHERE article_id = ? AND topic = ? AND topic_version = ?",
        [document.id, topic.id, current.version],
    ).fetchone()
    if kept is None:
        said = match if current.version == topic.version else explain(current, document)
        kept = (current.version, said.score, said.decision, said.reason)
    return dict(zip(("topic_version", "score", "decision", "reason"), kept, strict=True))


def around(text: str, start: int, end: int, width: int = AROUND) -> tuple[str, str, str]:
    """The words before, the words themselves and those after, on one line; "…" where more follows."""
    before, after = text[max(0, start - width) : start], text[end : end + width]
    if start > width:
        before = f"…{before.partition(' ')[2] or before}"
    if end + width < len(text):
        after = f"{after.rpartition(' ')[0] or after}…"
    return _one_line(before), " ".join(text[start:end].split()), _one_line(after)


def _one_line(text: str) -> str:
    lead, trail = text[:1].isspace(), text[-1:].isspace()
    return (" " * lead + " ".join(text.split()) + " " * trail) if text.strip() else " " * bool(text)


def _sums(topic: Topic, match: Match) -> Sequence[Points]:
    """From the spans; places in words are of no matter here."""
    terms = {(each.concept, each.text, each.language): each for each in topic.terms}
    hits = [
        Hit(COLUMNS.index(each.field), each.start, each.end, terms[each.concept, each.term, each.language])
        for each in match.spans
    ]
    return points(topic, hits)


def _hidden(topic: Topic, document: Document) -> Iterator[Mention]:
    """Mentions that a masked phrase covers."""
    lexicon = plan_of(topic).lexicon
    for name in COLUMNS:
        folded = Folded(getattr(document, name))
        found = list(lexicon.find(folded.words))
        masks = [(start, end, each) for start, end, each in found if isinstance(each, Mask)]
        for start, end, term in found:
            if not isinstance(term, Term):
                continue
            for mask_start, mask_end, mask in masks:
                if mask.concept in (None, term.concept) and start < mask_end and mask_start < end:
                    place = folded.place(start, end)
                    words = around(folded.text, *place)
                    yield Mention(term.concept, term.text, term.language, name, *place, *words, hidden_by=mask.text)
                    break
