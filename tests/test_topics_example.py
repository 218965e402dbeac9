"""The example topic: its own articles, and those of the invented newspapers."""

import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from archive.matching import Decision, Document, failing_examples, match
from archive.tuning.lint import looked_at
from crawler.press.texts import load
from crawler.press.truth import truth
from tests.matching_topics import EXAMPLE

LANGUAGES = {"fr", "en", "ar", "tr", "ha"}


def test_forty_articles_match_and_forty_traps_do_not_in_all_five_languages() -> None:
    assert failing_examples(EXAMPLE) == []
    for wanted in (True, False):
        languages = Counter(each.language for each in EXAMPLE.examples if each.match is wanted)
        assert languages.total() >= 40
        assert all(languages[language] >= 7 for language in LANGUAGES)


@pytest.mark.parametrize(
    ("title", "decision"),
    [
        ("إطاحة رئيس النيجر تقلق باريس", Decision.MATCH),
        ("بعد الإطاحة بالرئيس في النيجر", Decision.MATCH),
        ("النيجريون يدعمون العسكريين الذين أطاحوا ببازوم", Decision.MATCH),
        ("النيجر تحتفل: حققت انقلاباً في النتيجة", Decision.REJECT),
    ],
)
def test_arabic_words_in_other_forms(title: str, decision: Decision) -> None:
    (found,) = match([EXAMPLE], [Document("a", language="ar", published=date(2023, 8, 15), title=title)])
    assert found.decision is decision


def test_no_trap_is_one_by_its_date_or_by_want_of_words_alone() -> None:
    traps = [each for each in EXAMPLE.examples if not each.match]
    documents = [
        Document(str(at), language=each.language, title=each.title, standfirst=each.standfirst, text=each.text)
        for at, each in enumerate(traps)
    ]
    reasons = Counter(each.reason.partition(":")[0] for each in match([EXAMPLE], documents))
    assert reasons["masked"] >= 20
    assert reasons["rule_met; date_unknown"] >= 4  # the window alone refuses these


def bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


@pytest.mark.parametrize(
    "written",
    [
        str.upper,
        bare,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: unicodedata.normalize("NFKC", text),
        lambda text: text.replace("'", "’"),
        lambda text: text.replace("’", "'"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: "".join(char + "\u00ad" * char.isalpha() for char in text),
    ],
    ids=["capitals", "bare", "decomposed", "compatible", "curly", "straight", "unbroken", "hyphenated"],
)
def test_it_does_not_matter_how_the_examples_are_written(written: Callable[[str], str]) -> None:
    documents = [
        Document(
            str(at),
            language=each.language,
            published=each.published,
            title=written(each.title),
            standfirst=written(each.standfirst),
            text=written(each.text),
        )
        for at, each in enumerate(EXAMPLE.examples)
    ]
    found = [each.decision is Decision.MATCH for each in match([EXAMPLE], documents)]
    assert found == [each.match for each in EXAMPLE.examples]


def test_nothing_is_odd_about_it() -> None:
    assert looked_at(EXAMPLE, "niger-coup-2023.toml") == []


def test_the_invented_newspapers_are_told_apart_at_any_time() -> None:
    for day in (datetime(2023, 8, 5, tzinfo=UTC), datetime(2023, 9, 1, tzinfo=UTC), datetime(2023, 12, 1, tzinfo=UTC)):
        articles = truth(load(), day).articles
        documents = [
            Document(
                id=each.url,
                outlet=each.outlet,
                language=each.language,
                published=each.published,
                title=each.title,
                standfirst=each.standfirst or "",
                text="\n\n".join(each.paragraphs),
            )
            for each in articles
        ]
        found = {each.document_id: each.decision is Decision.MATCH for each in match([EXAMPLE], documents)}
        assert found == {each.url: each.on_topic for each in articles}
