"""Whatever the text: spans point at their terms, and the compiled expression misses no match."""

import sqlite3
from contextlib import closing
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archive.matching import Decision, Document, explain, match, select
from archive.norm import TOKENIZER, norm
from archive.terms import forms
from archive.topics import Topic
from tests.matching_topics import EXAMPLE, PLACE_AND_EVENT, article, topic

WORDS = [
    "niger",
    "Niger",
    "Nigériens",
    "delta",
    "du",
    "coup",
    "d’État",
    "junte",
    "النيجر",
    "بالنيجر",
    "،",
    "«",
    "\n\n",
]
TEXT = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
NEAR = topic(PLACE_AND_EVENT.replace("[rule]", "[rule]\nnear = 3").replace('"junte"]', '"junte"]\nar = ["النيجر"]'))


@given(TEXT, TEXT, TEXT, st.sampled_from([topic(PLACE_AND_EVENT), NEAR, EXAMPLE]))
def test_spans_always_point_at_their_term(title: str, standfirst: str, text: str, rule: Topic) -> None:
    document = article(text, title=title, standfirst=standfirst)
    result = explain(rule, document)
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for span in result.spans:
        field = getattr(document, span.field)
        assert field[span.start : span.end] == span.words
        spellings = forms(span.term, span.language)
        folded = norm(span.words)
        assert any(
            folded.startswith(" ".join(each.words)) if each.prefix else folded == " ".join(each.words)
            for each in spellings
        )
        places.setdefault((span.field, span.concept), []).append((span.start, span.end))
    for spans in places.values():
        ordered = sorted(spans)
        assert all(one[1] <= two[0] for one, two in pairwise(ordered))


@given(st.lists(TEXT, max_size=6), st.sampled_from([topic(PLACE_AND_EVENT), NEAR]))
def test_the_compiled_expression_finds_every_match(texts: list[str], rule: Topic) -> None:
    documents = [Document(str(at), text=text) for at, text in enumerate(texts)]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            f"CREATE VIRTUAL TABLE articles_fts USING fts5(title, standfirst, text, tokenize='{TOKENIZER}')"
        )
        connection.executemany(
            "INSERT INTO articles_fts (rowid, text) VALUES (?, ?)",
            [(at, norm(text)) for at, text in enumerate(texts)],
        )
        selected = set(select(rule, connection))
    for each in match([rule], documents):
        if each.decision is not Decision.REJECT:
            assert int(each.document_id) in selected
        elif each.reason.startswith("concept_missing"):
            assert int(each.document_id) not in selected


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_decided(title: str, text: str) -> None:
    assert explain(EXAMPLE, article(text, title=title)).decision in set(Decision)
