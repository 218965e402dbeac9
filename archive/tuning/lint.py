"""What is odd about a topic that is right by its form: terms, masks, examples and seeds, alone and in a corpus.

An error keeps the topic from being used and is found by archive/tuning/faults.py. What is told here is a warning, or a
note where it may well be meant so.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from archive.judging import DOCUMENT, document_in
from archive.matching import Decision, explain, failing_examples
from archive.mentions import same_language
from archive.norm import is_spaceless
from archive.terms import Form, Lexicon, any_of
from archive.tomlfile import TomlFile
from archive.topics import Mask, Term, Topic

SHORT = 4  # letters that a prefix should have
WORDS = 8  # words shown of those that a prefix catches
MANY = 0.5  # share of all articles from which on a term says little


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is for machines, `says` for people: what is odd and what to do. `line` is 0 where it has none."""

    level: Literal["warning", "note"]
    code: str
    line: int
    says: str


@dataclass(frozen=True, slots=True)
class Frequency:
    """In how many articles of the corpus a term or mask occurs; `catches`: words that a prefix stands for, with the
    number of articles that have each, the most frequent first, and how many words there are in all."""

    written: Term | Mask
    articles: int
    catches: tuple[tuple[str, int], ...] = ()
    words: int = 0


def looked_at(topic: Topic, name: str) -> list[Finding]:
    """What the file alone tells. `name`: what errors call the file."""
    lines = _Lines(topic, name)
    found = [*_short(topic, lines), *_subsumed(topic, lines), *_idle_masks(topic, lines)]
    for example, result in failing_examples(topic):
        due = "must match and does not" if example.match else "must not match and does"
        said = f"the example {(example.title or example.text or example.standfirst)[:60]!r} {due}"
        found.append(Finding("warning", "example", example.line, f"{said} ({result.reason}, score {result.score:g})"))
    return found


def frequencies(topic: Topic, connection: sqlite3.Connection) -> list[Frequency]:
    """How often each term and mask occurs in the corpus, in the order of the file."""
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, articles_fts, row)")
    found = []
    written: tuple[Term | Mask, ...] = (*topic.terms, *topic.masks)
    for each in written:
        articles = _count(connection, each.forms)
        rows: list[tuple[str, int]] = []
        if articles and each.forms[0].prefix:
            rows = sorted(_caught(connection, each.forms), key=lambda row: (-row[1], row[0]))
        found.append(Frequency(each, articles, tuple(rows[:WORDS]), len(rows)))
    return found


def in_corpus(topic: Topic, name: str, connection: sqlite3.Connection, counted: Sequence[Frequency]) -> list[Finding]:
    """What the corpus tells. `counted`: what `frequencies` gave."""
    lines = _Lines(topic, name)
    total = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    found: list[Finding] = []
    for each in counted if total else ():
        written = each.written
        line = lines.of(written)
        if each.articles == 0 and isinstance(written, Mask):
            found.append(
                Finding("note", "mask_unmet", line, f"the masked phrase {written.text!r} occurs in no article")
            )
        elif each.articles == 0:
            found.append(Finding("warning", "never", line, f"the term {written.text!r} occurs in no article"))
        elif isinstance(written, Term) and each.articles > MANY * total >= 10:
            says = f"the term {written.text!r} occurs in {each.articles} of {total} articles: it tells little"
            found.append(Finding("warning", "everywhere", line, says))
    return [*found, *_seeds(topic, connection, lines)]


def _short(topic: Topic, lines: "_Lines") -> Iterator[Finding]:
    for term in topic.terms:
        form = term.forms[0]
        last = form.words[-1]
        if form.prefix and len(form.words) == 1 and len(last) < SHORT and not is_spaceless(last):
            says = f"the prefix {term.text!r} has fewer than {SHORT} letters: it catches strangers; write whole words"
            yield Finding("warning", "short_prefix", lines.of(term), says)


def _subsumed(topic: Topic, lines: "_Lines") -> Iterator[Finding]:
    """Terms that are met only where another term of the concept is met too."""
    lexicon = Lexicon((form, (form, term)) for term in topic.terms for form in term.forms)
    for at, term in enumerate(topic.terms):
        covering: set[Term] | None = None
        for form in term.forms:
            wider = {
                other
                for start, end, (spelling, other) in lexicon.find(form.words)
                if other is not term
                and other.concept == term.concept
                and _covers(spelling, form, end)
                and (not other.only_in or (term.only_in and same_language(term.language, other.language)))
            }
            covering = wider if covering is None else covering & wider
        for other in sorted(covering or (), key=topic.terms.index)[:1]:
            same = _alike(term, other)
            if same and topic.terms.index(other) > at:
                continue  # told of the second one
            level: Literal["warning", "note"] = "note" if len(term.forms[0].words) > 1 or term.only_in else "warning"
            says = f"the term {term.text!r} adds nothing to {other.text!r}, which is met wherever it is"
            if same and term.language != other.language:
                level, says = "note", f"the term {term.text!r} is written under {other.language!r} too"
            yield Finding(level, "subsumed", lines.of(term), says)


def _covers(spelling: Form, form: Form, end: int) -> bool:
    return spelling.prefix or not form.prefix or end < len(form.words)


def _alike(one: Term, other: Term) -> bool:
    return set(one.forms) == set(other.forms)


def _idle_masks(topic: Topic, lines: "_Lines") -> Iterator[Finding]:
    """Masks in which no word of a term of their concept stands."""
    for mask in topic.masks:
        words = {word for form in mask.forms for word in form.words}
        terms = (term for term in topic.terms if mask.concept in (None, term.concept))
        if not any(_shares(form, words) for term in terms for form in term.forms):
            whose = f"concept {mask.concept!r}" if mask.concept else "any concept"
            says = f"the masked phrase {mask.text!r} hides nothing: no term of {whose} has a word of it"
            yield Finding("warning", "mask_idle", lines.of(mask), says)


def _shares(form: Form, words: set[str]) -> bool:
    if not words.isdisjoint(form.words):
        return True
    return form.prefix and any(word.startswith(form.words[-1]) for word in words)


def _seeds(topic: Topic, connection: sqlite3.Connection, lines: "_Lines") -> Iterator[Finding]:
    for seed in topic.seeds:
        row = connection.execute(
            f"SELECT {DOCUMENT} FROM articles WHERE id IN (SELECT article_id FROM addresses WHERE url = ?)", [seed]
        ).fetchone()
        if row is None:
            yield Finding("note", "seed_absent", lines.text(("seeds",), seed), f"the seed {seed} is not in the corpus")
            continue
        result = explain(topic, document_in(row))
        if result.decision is not Decision.MATCH:
            says = f"the seed {seed} does not match: {result.reason}, score {result.score:g}"
            yield Finding("warning", "seed", lines.text(("seeds",), seed), says)


def _count(connection: sqlite3.Connection, forms: Sequence[Form]) -> int:
    sql = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    return int(connection.execute(sql, [any_of(forms)]).fetchone()[0])


def _caught(connection: sqlite3.Connection, forms: Sequence[Form]) -> Iterator[tuple[str, int]]:
    for form in forms:
        start = form.words[-1]
        yield from connection.execute(
            "SELECT term, doc FROM temp.words WHERE term >= ? AND term < ?", [start, start + "\U0010ffff"]
        ).fetchall()


class _Lines:
    """Where terms and masks stand in the file."""

    def __init__(self, topic: Topic, name: str) -> None:
        self._file = TomlFile(topic.toml, name)

    def of(self, written: Term | Mask) -> int:
        if isinstance(written, Term):
            return self.text(("concepts", written.concept, written.language), written.text)
        return self.text(("exclude",), written.text)

    def text(self, path: tuple[str, ...], value: str) -> int:
        return self._file.line(path, value)
