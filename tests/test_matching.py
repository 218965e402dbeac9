"""Which articles a topic takes, why, and where in their text it says so."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from archive.matching import BATCH, Decision, Document, Match, explain, failing_examples, match
from archive.model import Article, Block
from tests.matching_topics import EXAMPLE, PLACE_AND_EVENT, article, topic

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


def found(result: Match) -> list[tuple[str, str, str]]:
    return [(span.concept, span.term, span.words) for span in result.spans]


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


def test_a_score_is_that_of_an_article_of_so_many_words_where_the_topic_says_so() -> None:
    rule = topic('[score]\nper_words = 100\n[concepts.a]\nen = ["niger"]\n')

    def scored(words: int) -> float:
        return explain(rule, article("Niger" + " word" * (words - 2), title="Niger")).score

    assert scored(100) == 4
    assert scored(400) == 2
    assert scored(25) == 8
    assert scored(2) == 8  # a stub counts twice and no more
    assert explain(topic(rule.toml.replace("per_words = 100", "per_words = 0")), article("Niger")).score == 1


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
