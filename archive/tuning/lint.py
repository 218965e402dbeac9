"""What is odd about a topic that is right by its form: its terms, masks, rule, languages and examples.

An error keeps the topic from being used and is found by archive/tuning/faults.py. What is told here is a warning, or a
note where it may well be meant so. What a corpus tells is in archive/tuning/met.py.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from archive.languages import doubt
from archive.matching import failing_examples
from archive.mentions import same_language
from archive.norm import is_spaceless
from archive.terms import Form, Lexicon
from archive.tomlfile import KeyPath, TomlFile
from archive.topics import Mask, Term, Topic
from archive.weighing import STRETCH

SHORT = 4  # letters that a prefix should have
ALIKE = 20  # findings of one kind that are told one by one
_ARABIC = re.compile("[\u0621-\u064a]")
_WRITTEN_SO = ("ar", "fa", "ur", "ps", "ku", "ckb", "sd", "ug", "pa", "ha", "ms")  # and so not by mistake
_OPERATOR = re.compile(r"[|\\\[\](){}^$+=<>,;]|\b(?:AND|OR|NOT|NEAR)\b|\.\*|\w\?|^-|^(?:title|standfirst|text)\s*:")

Level = Literal["warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` is for machines, `says` for people: what is odd and what to do. `line` is 0 where it has none."""

    level: Level
    code: str
    line: int
    says: str


class Odd(NamedTuple):
    """A finding whose line is not looked up yet: `about` is what it is of, or a key with an item of its list."""

    level: Level
    code: str
    about: Term | Mask | tuple[KeyPath, str] | int
    says: str


def looked_at(topic: Topic, name: str) -> list[Finding]:
    """What the file alone tells. `name`: what errors call the file."""
    looks = (_languages, _signs, _short, _subsumed, _in_two_concepts, _masks, _rule, _examples)
    return placed(topic, name, (odd for look in looks for odd in look(topic)))


def placed(topic: Topic, name: str, odds: Iterable[Odd]) -> list[Finding]:
    """The findings with their lines; of one kind only the first ALIKE, and then how many more there are."""
    file = TomlFile(topic.toml, name)
    told: Counter[tuple[Level, str]] = Counter()
    found: list[Finding] = []
    for odd in odds:
        told[odd.level, odd.code] += 1
        if told[odd.level, odd.code] <= ALIKE:
            found.append(Finding(odd.level, odd.code, _line(file, odd.about), odd.says))
    for (level, code), number in told.items():
        if number > ALIKE:
            last = next(each for each in reversed(found) if each.code == code)
            found.append(Finding(level, code, last.line, f"and {number - ALIKE} more like this: {last.says}"))
    return found


def _line(file: TomlFile, about: Term | Mask | tuple[KeyPath, str] | int) -> int:
    if isinstance(about, int):
        return about
    if isinstance(about, Term):
        return file.line(("concepts", about.concept, about.language), about.text)
    if isinstance(about, Mask):
        return file.line(("exclude",), about.text)
    return file.line(*about)


def _languages(topic: Topic) -> Iterator[Odd]:
    for concept, language in dict.fromkeys((term.concept, term.language) for term in topic.terms):
        if said := doubt(language):
            about = ("concepts", concept, language), ""
            yield Odd("warning", "language", about, f"the language {language!r} of {concept!r} {said}")
    for example in topic.examples:
        if example.language and (said := doubt(example.language)):
            yield Odd("warning", "language", example.line, f"the language {example.language!r} of an example {said}")
    for term in topic.terms:
        if _ARABIC.search(term.text) and term.language.partition("-")[0] not in _WRITTEN_SO:
            says = f"the term {term.text!r} stands under {term.language!r}: its prefixes are spelt out under 'ar' only"
            yield Odd("warning", "script", term, says)


def _signs(topic: Topic) -> Iterator[Odd]:
    """Terms that were meant to be more than words."""
    for term in topic.terms:
        if _OPERATOR.search(term.text) and not (term.text.isupper() and " " in term.text):
            words = " ".join(term.forms[0].words) + "*" * term.forms[0].prefix
            says = f"the term {term.text!r} is looked for as the words {words!r}: write each spelling as a term"
            yield Odd("warning", "signs", term, says)


def _short(topic: Topic) -> Iterator[Odd]:
    for term in topic.terms:
        form = term.forms[0]
        last = form.words[-1]
        if len(form.words) > 1 or is_spaceless(last):
            continue
        if form.prefix and len(last) < SHORT:
            says = f"the prefix {term.text!r} has fewer than {SHORT} letters: it catches strangers; write whole words"
            yield Odd("warning", "short_prefix", term, says)
        elif len(last) == 1:
            yield Odd("warning", "short_term", term, f"the term {term.text!r} is one letter: it is met almost anywhere")


def _subsumed(topic: Topic) -> Iterator[Odd]:
    """Terms that are met only where another term of the concept is met too."""
    places = {id(term): place for place, term in enumerate(topic.terms)}
    lexicon = Lexicon((form, (form, term)) for term in topic.terms for form in term.forms)
    for at, term in enumerate(topic.terms):
        covering: set[int] = set()
        for nth, form in enumerate(term.forms):
            wider = {
                places[id(other)]
                for start, end, (spelling, other) in lexicon.find(form.words)
                if other is not term
                and other.concept == term.concept
                and _covers(spelling, form, end)
                and (not other.only_in or (term.only_in and same_language(term.language, other.language)))
            }
            covering = wider if nth == 0 else covering & wider
            if not covering:
                break
        if not covering:
            continue
        other = topic.terms[min(covering)]
        if not _alike(term, other):
            level: Level = "note" if len(term.forms[0].words) > 1 or term.only_in else "warning"
            says = f"the term {term.text!r} adds nothing to {other.text!r}, which is met wherever it is"
            yield Odd(level, "subsumed", term, says)
        elif min(covering) < at:  # told of the second one
            if term.language != other.language:
                says = f"the term {term.text!r} is written under {other.language!r} too"
                yield Odd("note", "subsumed", term, says)
            else:
                says = f"the term {term.text!r} is {other.text!r} again: the two are read alike"
                yield Odd("warning", "subsumed", term, says)


def _covers(spelling: Form, form: Form, end: int) -> bool:
    return spelling.prefix or not form.prefix or end < len(form.words)


def _alike(one: Term, other: Term) -> bool:
    return set(one.forms) == set(other.forms)


def _in_two_concepts(topic: Topic) -> Iterator[Odd]:
    """Terms by which one word would be enough for two concepts that an article needs both of."""
    first: dict[Form, Term] = {}
    for term in topic.terms:
        if term.concept not in topic.require:
            continue
        other = first.setdefault(term.forms[0], term)
        if other.concept != term.concept:
            says = f"the term {term.text!r} is in {other.concept!r} and in {term.concept!r}: one mention does for both"
            yield Odd("warning", "two_concepts", term, says)


def _masks(topic: Topic) -> Iterator[Odd]:
    """Masks in which no word of a term of their concept stands, and those by which a term never counts."""
    words: dict[str, set[str]] = {}
    starts: dict[str, set[str]] = {}
    for term in topic.terms:
        for form in term.forms:
            words.setdefault(term.concept, set()).update(form.words)
            if form.prefix:
                starts.setdefault(term.concept, set()).add(form.words[-1])
    for mask in topic.masks:
        concepts = topic.concepts if mask.concept is None else (mask.concept,)
        own = {word for form in mask.forms for word in form.words}
        cuts = {word[:length] for word in own for length in range(1, len(word) + 1)}
        if not any(
            not own.isdisjoint(words.get(each, ())) or not cuts.isdisjoint(starts.get(each, ())) for each in concepts
        ):
            whose = f"concept {mask.concept!r}" if mask.concept else "any concept"
            says = f"the masked phrase {mask.text!r} hides nothing: no term of {whose} has a word of it"
            yield Odd("warning", "mask_idle", mask, says)
    lexicon = Lexicon((form, (form, mask)) for mask in topic.masks for form in mask.forms)
    for term in topic.terms:
        form = term.forms[0]
        hiding = (
            mask
            for start, end, (spelling, mask) in lexicon.find(form.words)
            if mask.concept in (None, term.concept) and _covers(spelling, form, end)
        )
        if by := next(hiding, None):
            says = f"the term {term.text!r} never counts: the masked phrase {by.text!r} hides it wherever it stands"
            yield Odd("warning", "masked_term", term, says)


def _rule(topic: Topic) -> Iterator[Odd]:
    about: tuple[KeyPath, str]
    weights = topic.weights
    most = sum((weights.title, weights.lead, weights.body)) * weights.cap_per_term * len(topic.terms)
    if weights.per_words:
        most *= STRETCH
    if topic.min_score > most:
        about = ("rule", "min_score"), ""
        why = "without concepts every score is 0" if not topic.terms else f"no article scores more than {most:g}"
        yield Odd("warning", "unreachable", about, f"min_score is {topic.min_score:g}, and {why}: nothing would match")
    if topic.raw is not None:
        return
    for concept in topic.concepts:
        if concept not in topic.require:
            says = f"the concept {concept!r} is not in require: its terms add to the score, and no article needs one"
            yield Odd("note", "not_required", (("concepts", concept), ""), says)
    if topic.near and len(topic.require) == 1:
        says = f"near = {topic.near} does nothing where one concept is required: it is the distance between two"
        yield Odd("warning", "near_idle", (("rule", "near"), ""), says)
    if topic.include and topic.include <= topic.exclude:
        says = "every outlet that is included is excluded too: nothing would match"
        yield Odd("warning", "outlets", (("outlets", "exclude"), ""), says)


def _examples(topic: Topic) -> Iterator[Odd]:
    for example, result in failing_examples(topic) if topic.examples else ():
        due = "must match and does not" if example.match else "must not match and does"
        said = f"the example {(example.title or example.text or example.standfirst)[:60]!r} {due}"
        yield Odd("warning", "example", example.line, f"{said} ({result.reason}, score {result.score:g})")
    kinds = {example.match for example in topic.examples}
    if kinds != {True, False}:
        lacking = "no example" if not kinds else f"no example of what {'must not' if True in kinds else 'must'} match"
        yield Odd("note", "no_examples", 0, f"there is {lacking}: write some of both kinds under [[examples]]")
