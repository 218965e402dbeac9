"""Topics: the TOML file in which a person says what belongs to the corpus, as a frozen value.

schema = 1
id = "niger-coup-2023"                 # also the file's name
title = "2023 coup in Niger"

[window]                               # publication dates, both included; no date: kept and flagged
from = 2023-07-26

[outlets]
include = ["mediapart"]                # or exclude; left out: all

[rule]
require = ["place", "event"]           # one term of each; left out: of every concept
near = 0                               # within so many words of each other; 0: anywhere in the article
min_score = 4.0
prefilter = "none"                     # none | summary | url: where a term must show before the fetch

[score]                                # weight of a mention by field; mentions counted per term and field
title = 3.0
lead = 2.0
body = 1.0
cap_per_term = 3
per_words = 500                        # the score of a longer article is lowered; left out: length does not matter

[concepts.place]
fr = ["Niger", "nigérien*"]            # words, phrases, prefixes; tried on articles of every language

[concepts.event.en]
terms = ["junta*"]
only_in = ["coup"]                     # tried on English articles only; true: that holds for all terms

[[exclude]]                            # phrases that are masked before counting
concept = "place"                      # left out: for all concepts
terms = ["fleuve Niger"]

[raw]
fts = '"coup" AND NOT "coup franc"'    # replaces the rule by an FTS5 expression

[[examples]]                           # title, standfirst, text, language, published; what must match and what must not
title = "Niamey : les putschistes parlent"
match = true
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from archive.languages import is_code, such_as
from archive.terms import Form, all_of, fault_of, fold_expression, forms
from archive.tomlfile import Section, TomlFile, nearest

SCHEMA = 1
PREFILTERS = ("none", "summary", "url")

_TOP = ("schema", "id", "title", "description", "seeds")
_KEYS = {
    "window": ("from", "to"),
    "outlets": ("include", "exclude"),
    "rule": ("require", "near", "min_score", "prefilter"),
    "score": ("title", "lead", "body", "cap_per_term", "per_words"),
    "raw": ("fts",),
}
_TABLES = (*_KEYS, "concepts", "exclude", "examples")
_ELSEWHERE = {key: table for table, keys in _KEYS.items() for key in keys if key not in (*_TOP, *_TABLES)}
_SLUG = re.compile(r"(?=.{1,100}\Z)[a-z0-9]+(?:[-_][a-z0-9]+)*")
_FARTHEST = 10_000  # words: a longer article is rare


@dataclass(frozen=True, slots=True)
class Term:
    """A term as written in a concept. `only_in`: it counts only in articles of its language."""

    concept: str
    text: str
    language: str
    only_in: bool = False

    @property
    def forms(self) -> tuple[Form, ...]:
        return forms(self.text, self.language.partition("-")[0])


@dataclass(frozen=True, slots=True)
class Mask:
    """A phrase that hides the words it covers from one concept, or from all where `concept` is None."""

    concept: str | None
    text: str

    @property
    def forms(self) -> tuple[Form, ...]:
        return forms(self.text)


@dataclass(frozen=True, slots=True)
class Example:
    """An article that must match the topic (`match`) or must not; `line` is its place in the file."""

    match: bool
    title: str = ""
    standfirst: str = ""
    text: str = ""
    language: str | None = None
    published: date | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """`per_words`: the score is that of an article of so many words, see weighing.stretch; 0: length is no matter."""

    title: float = 3.0
    lead: float = 2.0
    body: float = 1.0
    cap_per_term: int = 3
    per_words: int = 0


@dataclass(frozen=True)
class Topic:
    """A topic file as a value. `version` is the SHA-256 of what the file says, not of its layout.

    `window_from` and `window_to` are days, both included. `include` None: every outlet. `require` names the
    concepts of which an article needs one term each. `raw` is an FTS5 expression that takes the rule's place.
    `toml` is the file's text, `compiled` the FTS5 expression for columns in norm()'s folding: it finds every
    article that can match, and those that only masks, `only_in` or a wide `near` then refuse.
    """

    id: str
    version: str
    toml: str = field(repr=False)
    compiled: str = field(repr=False)
    title: str = ""
    description: str = ""
    seeds: tuple[str, ...] = ()
    window_from: date | None = None
    window_to: date | None = None
    include: frozenset[str] | None = None
    exclude: frozenset[str] = frozenset()
    require: tuple[str, ...] = ()
    near: int = 0
    min_score: float = 0.0
    prefilter: str = "none"
    weights: Weights = Weights()
    terms: tuple[Term, ...] = field(default=(), repr=False)
    masks: tuple[Mask, ...] = field(default=(), repr=False)
    raw: str | None = None
    examples: tuple[Example, ...] = field(default=(), repr=False)

    @property
    def short_version(self) -> str:
        """The first 12 hex digits of the version, for people."""
        return self.version[:12]

    @property
    def concepts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term.concept for term in self.terms))

    def __hash__(self) -> int:
        return hash(self.version)


def load_topic(path: Path) -> Topic:
    """The topic in a file; its id is the file's name unless the file says another.

    Raises BadCorpusFile with file, line and key for anything that is not as it must be.
    """
    return topic_in(TomlFile.read(path), path.stem)


def parse_topic(source: str, name: str, stem: str = "topic") -> Topic:
    """The topic in the TOML text `source`; `name` is what errors call the file. Raises BadCorpusFile."""
    return topic_in(TomlFile(source, name), stem)


def topic_in(file: TomlFile, stem: str) -> Topic:
    """The topic in a file that is read already. Raises BadCorpusFile."""
    top = Section(file, (), file.table, None)
    top.only((*_TOP, *_TABLES), _ELSEWHERE)
    if top.count("schema", SCHEMA, 1) != SCHEMA:
        top.fail("schema", f"must be {SCHEMA}: this version of the program reads no other")
    written = top.text("id")
    topic_id = stem if written is None else written
    if not _SLUG.fullmatch(topic_id):
        whose = "" if "id" in top.table else f" and is {stem!r} by the name of the file: write it here"
        top.fail("id", f"must be at most 100 small letters, digits and hyphens, such as niger-coup-2023{whose}")
    terms = _terms(top.section("concepts", None))
    rule = top.section("rule", _KEYS["rule"])
    near = rule.count("near", 0, most=_FARTHEST)
    raw = _raw(top)
    require = _require(rule, terms, raw)
    window = top.section("window", _KEYS["window"])
    window_from, window_to = window.day("from"), window.day("to")
    if window_from and window_to and window_from > window_to:
        window.fail("to", f"must not be before 'from' ({window_from})")
    prefilter = rule.text("prefilter", "none") or "none"
    if prefilter not in PREFILTERS:
        rule.fail("prefilter", f"cannot be {prefilter!r}; {nearest(prefilter, PREFILTERS)}")
    outlets = top.section("outlets", _KEYS["outlets"])
    include = outlets.texts("include")
    if include == ():
        outlets.fail("include", "names no outlet; leave it out to mean all")
    score = top.section("score", _KEYS["score"])
    concepts = [[form for term in terms if term.concept == name for form in term.forms] for name in require]
    return Topic(
        id=topic_id,
        version=_version(file.table),
        toml=file.source,
        compiled=raw if raw is not None else all_of(concepts, near),
        title=top.text("title", "") or topic_id,
        description=top.text("description", "") or "",
        seeds=top.texts("seeds") or (),
        window_from=window_from,
        window_to=window_to,
        include=None if include is None else frozenset(include),
        exclude=frozenset(outlets.texts("exclude") or ()),
        require=require,
        near=near,
        min_score=rule.number("min_score", 0.0),
        prefilter=prefilter,
        weights=Weights(
            title=score.number("title", 3.0),
            lead=score.number("lead", 2.0),
            body=score.number("body", 1.0),
            cap_per_term=score.count("cap_per_term", 3, least=1),
            per_words=score.count("per_words", 0),
        ),
        terms=terms,
        masks=_masks(top, terms),
        raw=raw,
        examples=_examples(top),
    )


def _terms(concepts: Section) -> tuple[Term, ...]:
    found: list[Term] = []
    for concept in concepts.table:
        if not _SLUG.fullmatch(concept):
            concepts.fail(concept, "must be small letters, digits and hyphens, such as place")
        if not isinstance(concepts.table[concept], dict):
            says = f'must be a table of languages: write [concepts.{concept}], and below it such as en = ["one", "two"]'
            concepts.fail(concept, says)
        languages = concepts.section(concept, None)
        before = len(found)
        for language, value in languages.table.items():
            if not is_code(language):
                languages.fail(language, f"is not a language code of two or three letters, {such_as(language)}")
            if isinstance(value, dict):
                table = languages.section(language, ("terms", "only_in"))
                whole = table.table.get("only_in") is True
                if not isinstance(table.table.get("only_in"), bool):
                    found += [Term(concept, text, language, True) for text in _words(table, "only_in")]
                found += [Term(concept, text, language, whole) for text in _words(table, "terms")]
            else:
                found += [Term(concept, text, language) for text in _words(languages, language)]
        if len(found) == before:
            concepts.fail(concept, "has no terms; give at least one, or leave the concept out")
    return tuple(found)


def _words(section: Section, key: str) -> tuple[str, ...]:
    """The terms listed under `key`, each one looked at."""
    terms = section.texts(key) or ()
    for text in terms:
        if fault := fault_of(text):
            section.fail(key, fault, text)
    return terms


def _require(rule: Section, terms: tuple[Term, ...], raw: str | None) -> tuple[str, ...]:
    concepts = tuple(dict.fromkeys(term.concept for term in terms))
    require = rule.texts("require")
    if require is None:
        require = concepts
    for concept in require:
        if concept not in concepts:
            rule.fail(
                "require",
                f"names {concept!r}, which is no concept here; {nearest(concept, concepts)}",
                concept,
            )
    if not require and raw is None:
        rule.fail("require", "names no concept; write at least one table such as [concepts.place]")
    return tuple(dict.fromkeys(require))


def _masks(top: Section, terms: tuple[Term, ...]) -> tuple[Mask, ...]:
    concepts = tuple(dict.fromkeys(term.concept for term in terms))
    found: list[Mask] = []
    for table in top.sections("exclude", ("concept", "terms")):
        if "terms" not in table.table:
            table.fail("terms", 'is missing: list the phrases to mask, such as ["one phrase", "two words"]')
        concept = table.text("concept")
        if concept is not None and concept not in concepts:
            table.fail("concept", f"names {concept!r}, which is no concept here; {nearest(concept, concepts)}")
        found += [Mask(concept, text) for text in _words(table, "terms")]
    return tuple(found)


def _raw(top: Section) -> str | None:
    if "raw" not in top.table:
        return None
    table = top.section("raw", _KEYS["raw"])
    written = table.text("fts")
    if written is None:
        table.fail("fts", "is missing: write the FTS5 expression, or leave [raw] out")
    try:
        return fold_expression(written)
    except ValueError as error:
        table.fail("fts", f"is not an FTS5 expression ({error}): mend it, or leave [raw] out")


def _examples(top: Section) -> tuple[Example, ...]:
    known = ("title", "standfirst", "text", "language", "published", "match")
    found: list[Example] = []
    for table in top.sections("examples", known):
        match, language = table.flag("match"), table.text("language")
        if match is None:
            table.fail("match", "is missing: write match = true or match = false")
        if language is not None and not is_code(language):
            table.fail("language", f"must be a language code of two or three letters, {such_as(language)}")
        example = Example(
            match=match,
            title=table.text("title", "") or "",
            standfirst=table.text("standfirst", "") or "",
            text=table.text("text", "") or "",
            language=language,
            published=table.day("published"),
            line=top.file.line(table.path),
        )
        if not (example.title or example.standfirst or example.text):
            table.fail("text", "is missing: an example needs a text, a standfirst or a title")
        found.append(example)
    return tuple(found)


def _version(table: dict[str, Any]) -> str:
    plain = json.dumps(table, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(plain.encode()).hexdigest()
