"""What would make a topic better, by what was judged: where it errs, which terms mislead, which words are missing.

It is advice, not a figure: the words are looked for in what the topic takes and in what was judged, and few labels say
little of one term.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from archive.mentions import same_language
from archive.topics import Term, Topic
from archive.tuning.estimates import Judged, scored, stands_for
from archive.tuning.keyness import keys
from archive.tuning.looks import Look, looked_at
from archive.tuning.sample import Strata, Stratum
from archive.tuning.settings import Setting, better
from archive.weighing import Decision, weigh

MOST_WORDS = 40  # words given for each language


@dataclass(frozen=True, slots=True)
class InLanguage:
    """What was judged of a language ("" where it is unknown): right and wrong ones of what is taken, and missed ones;
    `taken`: articles of the language that the topic takes, of those looked at."""

    language: str
    taken: int
    right: int
    wrong: int
    missed: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A judged article that the topic takes and should not, or should and does not (`missed`).

    `terms`: what counts in it, the most frequent first.
    """

    article_id: str
    title: str
    language: str
    missed: bool
    score: float
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Bearing:
    """How a term bears on the verdicts.

    `yes`, `no`: judged articles in which it counts; `without`: the F1, by the labels, of the topic without it, None
    where nothing is known. `home`: articles looked at in which it counts, in the language under which it is written;
    `strays`: those in other languages that are not in the topic. Articles of unknown language are in neither.
    """

    term: Term
    yes: int
    no: int
    without: float | None
    home: int
    strays: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word that may be a term, as the index folds it.

    Only mentions that are no part of a term or a mask are counted. `inside`: articles of its language that have it and
    are judged yes, or taken and not judged no; `outside`: others; both of those looked at. `missed`: of those judged
    yes and not taken; `no`: of those judged no.
    """

    words: str
    language: str
    inside: int
    outside: int
    missed: int
    no: int
    keyness: float


@dataclass(frozen=True, slots=True)
class Advice:
    """`f1`: by the labels, of the topic as it is. `mistakes`: the highest score first. `bearings`: every term that is
    met, the most misleading first. `candidates`: by language, the strongest first. `setting`: weights that would serve
    better. `judged`: the verdicts behind all this, `earlier`: those given on another version; where the terms were
    mended by them, every figure flatters the topic. `looked_at` of `articles`: articles in which the words were sought.
    """

    f1: float | None
    languages: tuple[InLanguage, ...]
    mistakes: tuple[Mistake, ...]
    bearings: tuple[Bearing, ...]
    candidates: tuple[Candidate, ...]
    setting: Setting | None
    judged: int
    earlier: int
    looked_at: int
    articles: int


def advised(db: Database, topic: Topic, strata: Strata) -> Advice:
    """By the last verdicts of yes and no on articles that window and outlets let in."""
    looks = looked_at(db, topic, strata)
    names = sorted({each.language for each in looks})
    f1, bearings = _bearings(topic, strata.sizes, looks)
    return Advice(
        f1,
        tuple(_in_language(name, [each for each in looks if each.language == name]) for name in names),
        tuple(_mistakes(strata.scores, looks)),
        tuple(bearings),
        tuple(word for name in names for word in _candidates(name, [each for each in looks if each.language == name])),
        better(topic, strata.sizes, looks),
        sum(each.said is not None for each in looks),
        sum(each.said is not None and each.judged_on != topic.version for each in looks),
        len(looks),
        sum(strata.sizes.values()),
    )


def _in_language(name: str, looks: Sequence[Look]) -> InLanguage:
    taken = [each for each in looks if each.stratum is Stratum.TAKEN]
    right = sum(each.said is True for each in taken)
    wrong = sum(each.said is False for each in taken)
    return InLanguage(name, len(taken), right, wrong, sum(each.said is True for each in looks) - right)


def _mistakes(scores: Mapping[str, float], looks: Sequence[Look]) -> list[Mistake]:
    found = [
        Mistake(
            each.article_id,
            each.title,
            each.language,
            missed=each.said,
            score=scores.get(each.article_id, 0.0),
            terms=tuple(term for term, _ in Counter(hit.term for hit in each.hits).most_common()),
        )
        for each in looks
        if each.said is not None and each.said != (each.stratum is Stratum.TAKEN)
    ]
    return sorted(found, key=lambda each: (each.missed, -each.score, each.article_id))


def _bearings(topic: Topic, sizes: Mapping[str, int], looks: Sequence[Look]) -> tuple[float | None, list[Bearing]]:
    drawn = [each for each in looks if each.said is not None and each.weight]
    judged = [Judged(each.stratum.value, each.said is True, each.weight or 0.0) for each in drawn]
    weights = stands_for(sizes, judged)
    takes = [each.stratum is Stratum.TAKEN for each in drawn]

    def f1(taken: Sequence[bool]) -> float | None:
        found = scored(zip(weights, (each.relevant for each in judged), taken, strict=True))
        return found.f1 if found else None

    having: dict[Term, list[Look]] = {}
    for each in looks:
        for term in {hit.term for hit in each.hits}:
            having.setdefault(term, []).append(each)
    bearings = []
    for term, articles in having.items():
        met = set(articles)
        left = [
            take and (each not in met or _takes_without(topic, each, term))
            for take, each in zip(takes, drawn, strict=True)
        ]
        foreign = [each for each in articles if each.language and not same_language(each.language, term.language)]
        bearings.append(
            Bearing(
                term,
                yes=sum(each.said is True for each in articles),
                no=sum(each.said is False for each in articles),
                without=f1(left),
                home=sum(same_language(each.language, term.language) for each in articles),
                strays=sum(not each.inside for each in foreign),
            )
        )
    places = {term: place for place, term in enumerate(topic.terms)}
    bearings.sort(key=lambda each: (-round(each.without or 0.0, 2), each.yes - each.no, places[each.term]))
    return f1(takes), bearings


def _takes_without(topic: Topic, look: Look, term: Term) -> bool:
    less = [(words, [each for each in found if each[2] != term]) for words, found in look.fields]
    return weigh(topic, None, None, look.language or None, less).decision is Decision.MATCH


def _candidates(language: str, looks: Sequence[Look]) -> Iterator[Candidate]:
    runs = [(each, each.rest) for each in looks]
    # Two spaces part runs, so that no pair of words is found across them
    texts = [(each, f" {'  '.join(map(' '.join, rest))} ") for each, rest in runs]
    inside, outside = ([rest for each, rest in runs if each.inside is side] for side in (True, False))
    given = 0
    for key in keys(inside, outside):
        having = [each for each, text in texts if key.is_in(text)]
        # A word that is met more often outside would as a term bring more wrong articles than right ones
        if sum(each.share if each.inside else -each.share for each in having) >= 0:
            missed = sum(each.said is True and each.stratum is not Stratum.TAKEN for each in having)
            wrong = sum(each.said is False for each in having)
            yield Candidate(key.words, language, key.inside, key.outside, missed, wrong, key.keyness)
            given += 1
        if given == MOST_WORDS:
            return
