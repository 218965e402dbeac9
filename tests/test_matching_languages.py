"""Terms in the languages of the press: prefixes, foldings, words that count in one language only."""

import pytest

from archive.matching import Decision, explain
from archive.terms import forms
from tests.matching_topics import article, topic


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
