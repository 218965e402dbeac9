"""Hundreds of topics say of an article what each of them says alone, and what the search index says."""

import json
from contextlib import closing
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.matching import Decision, Document, explain, match, meeting
from archive.norm import norm
from archive.sieve import WORDS, Sieve, sieve_of
from archive.terms import any_of, batch_index
from archive.topics import Topic
from archive.tuning.census import seen_by
from archive.weighing import plan_of
from tests.matching_topics import topic
from tests.test_topic_trial import corpus_of

TERMS = [
    *("Niger", "Nig*", "n*", "coup d'État", "coup", "cou*", "d'Ét*", "delta du Niger", "du", "état de siège", "siège*"),
    *("النيجر", "نيجر*", "尼日尔", "政变", "尼", "日*", "junta", "junta chief*", "ɗan", "ıl", "œuvre", "2023", "a b a"),
]
SPOKEN = "Niger,Nigeria,coup,d'État,couac,delta,du,de siège,sièges,والنيجر,尼日尔政变,尼日,日尔,政,junta"
SAID = [*SPOKEN.split(","), "chiefs", "dan", "Il", "a", "b", "n", "."]
TERM = st.sampled_from(TERMS)
CONCEPT = st.lists(TERM, min_size=1, max_size=4)
TEXT = st.lists(st.sampled_from(SAID), max_size=12).map(" ".join)
DOCUMENTS = st.lists(st.builds(Document, id=st.just("1"), title=TEXT, standfirst=TEXT, text=TEXT), max_size=4)


def written(*concepts: list[str], near: int = 0, masks: tuple[str, ...] = (), require: str = "") -> str:
    lines = [f"[rule]\nnear = {near}\nmin_score = 2.0", require]
    for n, terms in enumerate(concepts):
        lines.append(f"[concepts.c{n}]\nfr = {json.dumps(list(terms), ensure_ascii=False)}")
    lines += [f'[[exclude]]\nconcept = "c0"\nterms = ["{mask}"]' for mask in masks]
    return "\n".join(lines) + "\n"


@cache
def hundreds() -> tuple[Topic, ...]:
    """Topics that share terms, overlap, mask, stand near, and one with an expression of its own in every fifty."""
    made = []
    for n in range(240):
        pick = [TERMS[(n * step + step) % len(TERMS)] for step in (1, 5, 7, 11, 13)]
        source = f'id = "t{n}"\n' + written(
            pick[: 1 + n % 3], pick[3:], near=n % 4, masks=("delta du Niger",) if n % 5 == 0 else ()
        )
        if n % 50 == 0:
            source += "[raw]\nfts = 'niger NOT coup'\n"
        made.append(topic(source))
    return tuple(made)


@settings(deadline=None, max_examples=10)
@given(DOCUMENTS)
def test_topics_together_say_what_each_says_alone(documents: list[Document]) -> None:
    topics = hundreds()
    together = match(topics, documents)
    assert together == [explain(each, document) for document in documents for each in topics]
    met = list(meeting(topics, documents))
    assert [each for each in together if each.decision is not Decision.REJECT] == [
        each for each in met if each.decision is not Decision.REJECT
    ]
    told = {(each.topic, each.decision, each.reason, each.spans) for each in together}
    assert {(each.topic, each.decision, each.reason, each.spans) for each in met} <= told


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(CONCEPT, CONCEPT), min_size=1, max_size=4), DOCUMENTS)
def test_the_sieve_lets_through_what_the_index_finds(
    rules: list[tuple[list[str], list[str]]], docs: list[Document]
) -> None:
    sieve = Sieve([topic(f'id = "t{n}"\n' + written(*concepts)) for n, concepts in enumerate(rules)])
    with closing(batch_index()) as index:
        for row, each in enumerate(docs):
            folded = (norm(each.title), norm(each.standfirst), norm(each.text))
            index.execute("INSERT INTO batch (rowid, title, standfirst, text) VALUES (?, ?, ?, ?)", [row, *folded])
        for row, each in enumerate(docs):
            texts = [norm(each.title), norm(each.standfirst), norm(each.text)]
            bits = sieve.sift([text.split() for text in texts], texts).bits
            for at, plan in enumerate(sieve.plans):
                found = [
                    index.execute(
                        "SELECT 1 FROM batch WHERE batch MATCH ? AND rowid = ?", [any_of(forms), row]
                    ).fetchone()
                    for forms in plan.concepts.values()
                ]
                assert sieve.meets(at, bits.get(at, 0)) == all(found)
                missing = [name for name, met in zip(plan.concepts, found, strict=True) if not met]
                assert sieve.missing(at, bits.get(at, 0)) == missing


def test_what_the_sieve_remembers_is_bounded_and_changes_nothing() -> None:
    sieve = sieve_of((topic(written(["n*"], ["coup"])),))
    said = ["niger", "coup"]
    first = sieve.sift([said], [" ".join(said)])
    for n in range(3):
        many = [f"w{n}x{k}" for k in range(WORDS // 2)]
        sieve.sift([many], [" ".join(many)])
    assert sieve.sift([said], [" ".join(said)]) == first
    assert sieve.meets(0, first.bits[0])


@settings(deadline=None, max_examples=10)
@given(DOCUMENTS)
def test_many_topics_are_weighed_over_a_corpus_as_they_are_matched(documents: list[Document]) -> None:
    documents = [
        Document(f"a{n}", None, None, None, each.title, each.standfirst, each.text) for n, each in enumerate(documents)
    ]
    connection = corpus_of(documents).conn
    topics = hundreds()[::8]
    due = {(each.document_id, each.topic): each.decision for each in match(topics, documents)}
    taken = {key: decision for key, decision in due.items() if decision is not Decision.REJECT}
    seen = {
        (each.article.id, rule.id): weighed.decision
        for each in seen_by(connection, topics)
        for rule, weighed in zip(topics, each.weighed, strict=True)
        if weighed is not None
    }
    assert {key: decision for key, decision in seen.items() if decision is not Decision.REJECT} == taken


def test_two_thousand_terms_are_one_topic() -> None:
    words = [f"mot{n}" for n in range(2_000)]
    rule = topic(written(words, ["fin*"]))
    assert len(plan_of(rule).concepts["c0"]) == 2_000
    assert explain(rule, Document("1", text="mot7 mot1999 finir")).score == 3.0
