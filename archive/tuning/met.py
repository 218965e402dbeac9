"""What a corpus tells of a topic: how often terms and masks are met, what prefixes catch, which seeds do not match."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from archive.judging import DOCUMENT, document_in
from archive.matching import Decision, explain
from archive.terms import Form, any_of
from archive.topics import Mask, Term, Topic
from archive.tuning.lint import Finding, Level, Odd, placed

WORDS = 8  # words shown of those that a prefix catches
LIKELY = 30  # words with which a phrase that ends in a prefix is tried
FEW = 3  # that are told one by one
LARGE = 200  # articles from which on it is odd that a term is not met
MANY = 0.5  # share of all articles from which on a term says little


@dataclass(frozen=True, slots=True)
class Frequency:
    """In how many articles of the corpus a term or mask occurs; `catches`: words that a prefix stands for, with the
    number of articles that have each, the most frequent first, and how many words there are in all."""

    written: Term | Mask
    articles: int
    catches: tuple[tuple[str, int], ...] = ()
    words: int = 0


def frequencies(topic: Topic, connection: sqlite3.Connection) -> list[Frequency]:
    """How often each term and mask occurs in the corpus, in the order of the file."""
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, articles_fts, row)")
    found = []
    written: tuple[Term | Mask, ...] = (*topic.terms, *topic.masks)
    for each in written:
        articles = _count(connection, any_of(each.forms))
        rows: list[tuple[str, int]] = []
        if articles and each.forms[0].prefix:
            rows = sorted(_caught(connection, each.forms), key=lambda row: (-row[1], row[0]))
        found.append(Frequency(each, articles, tuple(rows[:WORDS]), len(rows)))
    return found


def in_corpus(topic: Topic, name: str, connection: sqlite3.Connection, counted: Sequence[Frequency]) -> list[Finding]:
    """What is odd about the topic in this corpus. `name`: what errors call the file; `counted`: from `frequencies`."""
    total = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    odds = [*_outlets(topic, connection)]
    if total:
        odds += [*_met(counted, total), *_bites(topic, connection, counted), *_seeds(topic, connection)]
    return placed(topic, name, odds)


def _met(counted: Sequence[Frequency], total: int) -> Iterator[Odd]:
    """Terms and masks that occur nowhere, or nearly everywhere. In a small corpus the first is to be expected."""
    absent: dict[tuple[str, str], list[Term]] = {}
    idle: list[Mask] = []
    for each in counted:
        written = each.written
        if isinstance(written, Mask):
            idle += [] if each.articles else [written]
        elif each.articles == 0:
            absent.setdefault((written.concept, written.language), []).append(written)
        elif each.articles > MANY * total >= 10:
            says = f"the term {written.text!r} occurs in {each.articles} of {total} articles: it tells little"
            yield Odd("warning", "everywhere", written, says)
    for (concept, language), terms in absent.items():
        whose = f"{len(terms)} terms of {concept!r} in {language!r} occur"
        yield from _nowhere("warning" if total >= LARGE else "note", "never", terms, "the term", whose)
    yield from _nowhere("note", "mask_unmet", idle, "the masked phrase", f"{len(idle)} masked phrases occur")


def _nowhere(level: Level, code: str, written: Sequence[Term | Mask], one: str, many: str) -> Iterator[Odd]:
    """Each by itself where they are few, else together."""
    if len(written) <= FEW:
        for each in written:
            yield Odd(level, code, each, f"{one} {each.text!r} occurs in no article")
        return
    named = ", ".join(repr(each.text) for each in written[:WORDS])
    more = f" and {len(written) - WORDS} more" if len(written) > WORDS else ""
    yield Odd(level, code, written[0], f"{many} in no article: {named}{more}")


def _bites(topic: Topic, connection: sqlite3.Connection, counted: Sequence[Frequency]) -> Iterator[Odd]:
    """Masks that end in how a longer term begins: "du coup" hides the coup d'État of "auteurs du coup d'État"."""
    met = {each.written for each in counted if each.articles}
    openings: dict[str, list[tuple[Form, Term]]] = {}
    for term in topic.terms:
        for form in term.forms if term in met else ():
            if len(form.words) > 1:
                openings.setdefault(form.words[0], []).append((form, term))
    for mask in topic.masks:
        bitten: dict[Term, list[Form]] = {}
        for spelling in mask.forms if mask in met else ():
            for at, word in enumerate(spelling.words):
                tail = spelling.words[at:]
                for form, term in openings.get(word, ()):
                    if mask.concept in (None, term.concept) and form.words[: len(tail)] == tail < form.words:
                        bitten.setdefault(term, []).append(Form((*spelling.words[:at], *form.words), form.prefix))
        for term, both in bitten.items():
            if number := _count(connection, any_of(both)):
                says = f"the masked phrase {mask.text!r} also hides the term {term.text!r} in {number} articles"
                yield Odd("note", "mask_bites", mask, says)


def _outlets(topic: Topic, connection: sqlite3.Connection) -> Iterator[Odd]:
    known = [row[0] for row in connection.execute("SELECT name FROM outlets")]
    for key, names in (("include", topic.include or ()), ("exclude", topic.exclude)):
        for name in sorted(set(names) - set(known)) if known else ():
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known[:10])}"
            yield Odd(
                "warning", "outlet", (("outlets", key), name), f"no outlet of the corpus is called {name!r}: {hint}"
            )


def _seeds(topic: Topic, connection: sqlite3.Connection) -> Iterator[Odd]:
    for seed in topic.seeds:
        row = connection.execute(
            f"SELECT {DOCUMENT} FROM articles WHERE id IN (SELECT article_id FROM addresses WHERE url = ?)", [seed]
        ).fetchone()
        if row is None:
            yield Odd("note", "seed_absent", (("seeds",), seed), f"the seed {seed} is not in the corpus")
            continue
        result = explain(topic, document_in(row))
        if result.decision is not Decision.MATCH:
            says = f"the seed {seed} does not match: {result.reason}, score {result.score:g}"
            yield Odd("warning", "seed", (("seeds",), seed), says)


def _count(connection: sqlite3.Connection, expression: str) -> int:
    sql = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    return int(connection.execute(sql, [expression]).fetchone()[0])


def _caught(connection: sqlite3.Connection, forms: Sequence[Form]) -> Iterator[tuple[str, int]]:
    """The words that end a prefix, with the articles that have them there; behind other words only the LIKELY ones."""
    for form in forms:
        start = form.words[-1]
        rows = connection.execute(
            "SELECT term, doc FROM temp.words WHERE term >= ? AND term < ? ORDER BY doc DESC",
            [start, start + "\U0010ffff"],
        ).fetchall()
        if len(form.words) == 1:
            yield from rows
            continue
        for word, _ in rows[:LIKELY]:
            if articles := _count(connection, Form((*form.words[:-1], word)).fts):
                yield word, articles
