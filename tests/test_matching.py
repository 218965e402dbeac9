"""Which articles a topic takes, why, and where in their text it says so."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import archive
from archive.matching import (
    BATCH,
    Decision,
    Document,
    Match,
    explain,
    failing_examples,
    match,
    prefilter,
    select,
)
from archive.model import Article, Block, Lead
from archive.norm import TOKENIZER, norm
from archive.terms import forms
from archive.topics import Topic, load_topic, parse_topic

EXAMPLE = load_topic(Path(archive.__file__).parent / "example" / "niger-coup-2023.toml")
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def topic(text: str) -> Topic:
    return parse_topic(text, "topics/test.toml", "test")


def article(text: str = "", **fields: object) -> Document:
    return Document(id="1", text=text, **fields)  # type: ignore[arg-type]


def found(result: Match) -> list[tuple[str, str, str]]:
    return [(span.concept, span.term, span.words) for span in result.spans]


PLACE_AND_EVENT = """
[rule]
min_score = 3.0
[concepts.place]
fr = ["Niger", "nigérien*"]
[concepts.event]
fr = ["coup d'État", "coup", "junte"]
[[exclude]]
concept = "place"
terms = ["delta du Niger"]
"""


def test_decisions() -> None:
    rule = topic(PLACE_AND_EVENT)
    taken = explain(rule, article("La junte du Niger", title="Coup d’État"))
    assert (taken.decision, taken.score, taken.reason) == (Decision.MATCH, 5.0, "rule_met")
    assert (taken.document_id, taken.topic, taken.topic_version) == ("1", "test", rule.version)
    perhaps = explain(rule, article("La junte du Niger"))
    assert (perhaps.decision, perhaps.score) == (Decision.MAYBE, 2.0)
    assert perhaps.reason == "below_min_score: 2 < 3"
    refused = explain(rule, article("Le Niger", title="Le Niger"))
    assert (refused.decision, refused.reason, refused.spans) == (
        Decision.REJECT,
        "concept_missing: event",
        (),
    )
    assert explain(rule, article()).reason == "concept_missing: place, event"


def test_spans_point_into_the_original_field() -> None:
    document = article(
        "Les Nigériens — « coup\u00a0d’État » à Niamey.", title="NIGE\u0301RIENNE junte", standfirst="Coup !"
    )
    result = explain(topic(PLACE_AND_EVENT), document)
    fields = {"title": document.title, "standfirst": document.standfirst, "text": document.text}
    for span in result.spans:
        assert fields[span.field][span.start : span.end] == span.words
    assert [(span.field, span.term, span.words) for span in result.spans] == [
        ("title", "nigérien*", "NIGE\u0301RIENNE"),
        ("title", "junte", "junte"),
        ("standfirst", "coup", "Coup"),
        ("text", "nigérien*", "Nigériens"),
        ("text", "coup d'État", "coup\u00a0d’État"),
    ]
    assert result.score == 3 + 3 + 2 + 1 + 1


def test_a_term_counts_up_to_the_cap_in_each_field() -> None:
    rule = topic('[score]\ncap_per_term = 2\n[concepts.a]\nen = ["niger", "niamey"]\n')
    assert explain(rule, article("Niger Niger Niger Niger Niamey", title="Niger")).score == 2 + 1 + 3


def test_the_longest_term_counts_and_no_term_in_it() -> None:
    rule = topic('[concepts.a]\nen = ["b c d", "a b", "c", "d*"]\n')
    assert found(explain(rule, article("a b c d e"))) == [("a", "b c d", "b c d")]
    assert found(explain(rule, article("a b d c"))) == [
        ("a", "a b", "a b"),
        ("a", "d*", "d"),
        ("a", "c", "c"),
    ]


def test_terms_of_different_concepts_may_share_words() -> None:
    rule = topic('[concepts.a]\nen = ["niger coup"]\n[concepts.b]\nen = ["coup"]\n')
    assert found(explain(rule, article("Niger coup"))) == [
        ("a", "niger coup", "Niger coup"),
        ("b", "coup", "coup"),
    ]


def test_a_mask_hides_a_mention_not_the_article() -> None:
    rule = topic(PLACE_AND_EVENT)
    masked = explain(rule, article("La junte parle du delta du Niger"))
    assert (masked.decision, masked.reason) == (Decision.REJECT, "masked: place")
    both = explain(rule, article("La junte du Niger et le delta du Niger, coup sur coup"))
    assert both.decision is Decision.MATCH
    assert [span.start for span in both.spans if span.concept == "place"] == [12]


def test_a_mask_without_concept_hides_from_all() -> None:
    rule = topic('[concepts.a]\nen = ["x"]\n[concepts.b]\nen = ["y"]\n[[exclude]]\nterms = ["x y"]\n')
    assert explain(rule, article("x y")).reason == "masked: a, b"
    assert explain(rule, article("y x")).decision is Decision.MATCH


def test_an_ambiguous_word_counts_in_its_language_only() -> None:
    rule = topic('[concepts.a.en]\nterms = ["junta"]\nonly_in = ["coup"]\n')
    assert explain(rule, article("a coup", language="en-GB")).decision is Decision.MATCH
    assert explain(rule, article("un coup", language="fr")).reason == "concept_missing: a"
    assert explain(rule, article("la junta", language="es")).decision is Decision.MATCH
    assert explain(rule, article("coup")).decision is Decision.MATCH  # language unknown


def test_one_spelling_in_two_languages_is_named_for_the_language_of_the_article() -> None:
    rule = topic('[concepts.a]\nen = ["Niger"]\nfr = ["niger"]\n')
    for language, expected in (("fr", "fr"), ("en", "en"), (None, "en"), ("de", "en")):
        result = explain(rule, article("Niger", language=language))
        assert [span.language for span in result.spans] == [expected]
        assert result.score == 1.0


@pytest.mark.parametrize(
    ("published", "reason"),
    [
        (date(2023, 7, 25), "out_of_window: 2023-07-25"),
        (date(2023, 7, 26), "rule_met"),
        (date(2023, 7, 31), "rule_met"),
        (datetime(2023, 7, 31, 23, 59, tzinfo=UTC), "rule_met"),
        (datetime(2023, 8, 1, 0, 30, tzinfo=timezone(timedelta(hours=2))), "rule_met"),
        (datetime(2023, 8, 1, 0, 0, tzinfo=UTC), "out_of_window: 2023-08-01"),
        (None, "rule_met; date_unknown"),
    ],
)
def test_window(published: datetime | date | None, reason: str) -> None:
    rule = topic('[window]\nfrom = 2023-07-26\nto = 2023-07-31\n[concepts.a]\nen = ["x"]\n')
    result = explain(rule, article("x", published=published))
    assert result.reason == reason
    assert (result.decision is Decision.REJECT) == reason.startswith("out_of_window")


def test_outlets() -> None:
    only = topic('[outlets]\ninclude = ["one"]\n[concepts.a]\nen = ["x"]\n')
    assert explain(only, article("x", outlet="two")).reason == "other_outlet: two"
    assert explain(only, article("x", outlet="one")).decision is Decision.MATCH
    assert explain(only, article("x")).decision is Decision.MATCH  # unknown is no reason to refuse
    but = topic('[outlets]\nexclude = ["one"]\n[concepts.a]\nen = ["x"]\n')
    assert explain(but, article("x", outlet="one")).reason == "other_outlet: one"


def test_near() -> None:
    rule = topic('[rule]\nnear = 2\n[concepts.a]\nen = ["a", "a a a"]\n[concepts.b]\nen = ["b*"]\n')
    assert explain(rule, article("a 1 2 b")).decision is Decision.MATCH
    assert explain(rule, article("b 1 2 a")).decision is Decision.MATCH
    assert explain(rule, article("a 1 2 3 b")).reason == "not_near: 2 words"
    assert explain(rule, article("a", title="b")).reason == "not_near: 2 words"


@pytest.mark.parametrize(
    ("term", "texts", "others"),
    [
        (
            "النيجر",
            ["النَّيْجَر", "بالنيجر", "للنيجر", "والنيجر", "وبالنيجر", "فللنيجر", "النيـجر"],
            ["نيجيريا", "نيجر"],
        ),
        ("نيامي", ["نيامى", "بنيامي", "ونيامي"], ["نيام"]),
        ("انقلاب*", ["الانقلابيين", "والانقلاب", "إنقلاب", "للانقلاب"], ["قلب"]),
        ("المجلس العسكري", ["للمجلس العسكري", "والمجلس العسكريّ"], ["المجلس"]),
        ("اللجنة", ["للجنة", "واللجنه"], ["لجان"]),
    ],
)
def test_arabic_clitics(term: str, texts: list[str], others: list[str]) -> None:
    rule = topic(f'[concepts.a]\nar = ["{term}"]\n')
    for text in texts:
        result = explain(rule, article(f"قال {text} كل"))
        assert [span.words for span in result.spans] == [text], text
    for text in others:
        assert explain(rule, article(text)).decision is Decision.REJECT, text


def test_arabic_prefixes_are_for_arabic_only() -> None:
    assert len(forms("النيجر", "ar")) > 1
    assert len(forms("النيجر")) > 1
    assert [form.words for form in forms("نیجر", "fa")] == [("نيجر",)]
    assert [form.words for form in forms("Niger", "ar")] == [("niger",)]


@pytest.mark.parametrize(
    ("term", "text", "words"),
    [
        ("Nijer", "Nijer’deki darbe", "Nijer"),
        ("dışişleri", "DIŞİŞLERİ BAKANI", "DIŞİŞLERİ"),
        ("hambarar*", "sun hamɓarar da", "hamɓarar"),
        ("armée", "l’ARMÉE", "ARMÉE"),
        ("Straße", "Strassen, STRASSE", "STRASSE"),
        ("政变", "尼日尔发生政变。", "政变"),
        ("ニジェール", "ニジェールのクーデター", "ニジェール"),
    ],
)
def test_languages(term: str, text: str, words: str) -> None:
    result = explain(topic(f'[concepts.a]\nen = ["{term}"]\n'), article(text))
    assert [span.words for span in result.spans] == [words]


def test_one_match_for_each_document_and_topic_over_several_batches() -> None:
    topics = [topic(f'id = "t{at}"\n[concepts.a]\nen = ["word{at}"]\n') for at in range(3)]
    documents = [Document(str(at), text=f"word{at % 3}") for at in range(2 * BATCH + 5)]
    results = match(topics, iter(documents))
    assert [(each.document_id, each.topic) for each in results] == [
        (document.id, each.id) for document in documents for each in topics
    ]
    for at, each in enumerate(results):
        document, rule = divmod(at, 3)
        assert (each.decision is Decision.MATCH) == (document % 3 == rule)


def test_nothing_to_match() -> None:
    assert match([], [article("x")]) == []
    assert match([EXAMPLE], []) == []


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


def test_a_document_of_an_article() -> None:
    read = Article(
        url="https://example.org/a",
        outlet="one",
        title="Niger",
        language="fr",
        published_day=date(2023, 8, 1),
        blocks=(Block("paragraph", "La junte"), Block("paragraph", "parle")),
    )
    document = Document.of("a", read)
    assert document == Document("a", "one", "fr", date(2023, 8, 1), "Niger", "", "La junte\n\nparle")


def test_the_examples_own_articles_are_decided_as_their_author_wants() -> None:
    assert failing_examples(EXAMPLE) == []


def test_an_example_that_fails_is_told() -> None:
    rule = topic(
        '[concepts.a]\nen = ["x"]\n[[examples]]\ntext = "x"\nmatch = false\n[[examples]]\ntext = "x"\nmatch = true\n'
    )
    [(example, result)] = failing_examples(rule)
    assert (example.line, result.decision) == (3, Decision.MATCH)


# -- leads ---------------------------------------------------------------------------------------------------


def lead(url: str = "https://example.org/news/1234", **fields: object) -> Lead:
    return Lead(url=url, outlet="one", source="feed", **fields)  # type: ignore[arg-type]


SUMMARY = topic(PLACE_AND_EVENT.replace("[rule]", '[window]\nfrom = 2023-07-26\n[rule]\nprefilter = "summary"'))
URL = topic(PLACE_AND_EVENT.replace("[rule]", '[rule]\nprefilter = "url"'))


@pytest.mark.parametrize(
    ("rule", "announced", "expected"),
    [
        (SUMMARY, lead(title="Au Niger, la peur"), (True, "place: Niger")),
        (SUMMARY, lead(summary="… le coup d’État …"), (True, "event: coup d'État")),
        (SUMMARY, lead("https://example.org/2023/08/la-junte-parle.html"), (True, "event: junte")),
        (SUMMARY, lead(title="Le Tour de France"), (False, "no_term_in_summary")),
        (SUMMARY, lead(title="Delta du Niger : du pétrole"), (False, "no_term_in_summary; masked: place")),
        (SUMMARY, lead("https://example.org/le-tour-de-france"), (False, "no_term_in_summary")),
        (SUMMARY, lead(), (True, "nothing_to_judge")),
        (SUMMARY, lead("https://[broken"), (True, "nothing_to_judge")),
        (
            SUMMARY,
            lead(title="Niger", published_at=datetime(2021, 5, 1, tzinfo=UTC)),
            (False, "out_of_window: 2021-05-01"),
        ),
        (URL, lead("https://example.org/coup-au-niger/", title="x"), (True, "event: coup")),
        (URL, lead("https://example.org/le-tour/", title="Niger"), (False, "no_term_in_url")),
        (URL, lead(title="Le Tour"), (True, "nothing_to_judge")),
        (EXAMPLE, lead(title="Le Tour"), (True, "no_prefilter")),
        (EXAMPLE, lead(published_at=datetime(2021, 5, 1, tzinfo=UTC)), (False, "out_of_window: 2021-05-01")),
    ],
)
def test_prefilter(rule: Topic, announced: Lead, expected: tuple[bool, str]) -> None:
    assert prefilter(rule, announced) == expected


def test_prefilter_knows_the_outlets() -> None:
    rule = topic('[outlets]\ninclude = ["two"]\n[concepts.a]\nen = ["x"]\n')
    assert prefilter(rule, lead()) == (False, "other_outlet: one")


# -- real input ----------------------------------------------------------------------------------------------


@pytest.mark.real
@pytest.mark.skipif(not SEEDS.is_dir(), reason="../shared/seeds is absent: the real articles are not in the project")
@pytest.mark.parametrize("number", ["000", "001"])
def test_real_articles_match_the_example(number: str) -> None:
    [file] = SEEDS.glob(f"{number}_*.txt")
    document = article(file.read_text(encoding="utf-8"), language="en")
    result = explain(EXAMPLE, document)
    assert (result.decision, result.reason) == (Decision.MATCH, "rule_met; date_unknown")
    assert {span.concept for span in result.spans} == {"place", "event"}
    assert all(document.text[span.start : span.end] == span.words for span in result.spans)
