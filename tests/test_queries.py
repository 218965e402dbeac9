"""The search box: anything typed gives a result or a sentence."""

import sqlite3
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.norm import TOKENIZER, norm
from archive.queries import MAX_CHARACTERS, read_query

ARTICLES = {
    1: "Niger : la junte rompt avec Paris après le coup d’État",
    2: "Nigeria : le coup d'envoi du championnat de football",
    3: "The putschists in Niamey and the Al-Monitor report",
    4: "وقال المجلس العسكري بالنيجر إن الحدود مغلقة",
    5: "Nijer’de darbe, DIŞİŞLERİ açıkladı",
    6: "Juyin mulkin Nijar: ƙasashen Afirka",
    7: "尼日尔发生政变",
    8: "Mali and Niger, football and music",
}


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE VIRTUAL TABLE t USING fts5(title, standfirst, text, tokenize='{TOKENIZER}')")
    connection.executemany(
        "INSERT INTO t (rowid, text) VALUES (?, ?)", [(at, norm(text)) for at, text in ARTICLES.items()]
    )
    yield connection
    connection.close()


def search(index: sqlite3.Connection, text: str) -> set[int]:
    rows = index.execute("SELECT rowid FROM t WHERE t MATCH ?", [read_query(text).fts])
    return {row for (row,) in rows}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("niger", {1, 8}),
        ("niger junte", {1}),
        ("niger AND junte", {1}),
        ("NIGER Junté", {1}),
        ('"coup d\'État"', {1}),
        ("« coup d’état »", {1}),
        ("“coup d'envoi”", {2}),
        ("coup -football", {1}),
        ("coup NOT football", {1}),
        ('coup -"coup d\'envoi"', {1}),
        ("niger OR nigeria", {1, 2, 8}),
        ("niger OR nigeria coup", {1, 2}),
        ("niger | nigeria football", {2, 8}),
        ("(niger coup) OR putsch*", {1, 3}),
        ("niger -(junte OR coup)", {8}),
        ("putsch*", {3}),
        ('"coup d\'env"*', {2}),
        ("al-monitor", {3}),
        ("al monitor", {3}),
        ("monitor-al", set()),
        ("النيجر", {4}),
        ("مجلس", {4}),
        ('"المجلس العسكري"', {4}),
        ("dışişleri", {5}),
        ("nijer", {5}),
        ("kasashen", {6}),
        ("政变", {7}),
        ("政*", {7}),
        ("变政", set()),
        ("or", set()),
        ("near", set()),
        ("NEAR(niger junte)", set()),
        ("text:niger", set()),
        ("niger — junte &", {1}),
        ("sweet'; DROP TABLE t; --", set()),
    ],
)
def test_finds(index: sqlite3.Connection, text: str, found: set[int]) -> None:
    assert search(index, text) == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "at least one word"),
        ("   ", "at least one word"),
        ("*** — ?", "at least one word"),
        ("()", "at least one word"),
        ('niger "coup', "quotation mark is not closed"),
        ("-football", "only leaves out"),
        ("niger (-football)", "only leaves out"),
        ("niger OR", "OR and minus need"),
        ("OR niger", "OR and minus need"),
        ("niger OR OR coup", "OR and minus need"),
        ("niger OR -coup", "minus cannot stand beside OR"),
        ("-coup OR niger", "minus cannot stand beside OR"),
        ("niger -", None),
        ("(niger", "not closed"),
        ("niger)", "no opening one"),
        ("co*", "at least 3 letters"),
        ("و*", "at least 3 letters"),
        ("*niger", "star stands inside"),
        ("ni*er", "star stands inside"),
        ("a " * MAX_CHARACTERS, "too long"),
        ("a " * 500, "too many words"),
        ("(" * 300 + "niger" + ")" * 300, "too many parentheses"),
    ],
)
def test_says_what_is_wrong(index: sqlite3.Connection, text: str, says: str | None) -> None:
    if says is None:
        assert search(index, text) == search(index, text.strip(" -"))
        return
    with pytest.raises(UsageError, match=says):
        read_query(text)


OPERATORS = st.text(alphabet='ab OR"()*-:^+{},NEAT\x00«»“’\ud800é政ال', max_size=40)


@given(st.one_of(st.text(max_size=60), OPERATORS, st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))))
def test_anything_typed_gives_a_result_or_a_sentence(index: sqlite3.Connection, text: str) -> None:
    try:
        expression = read_query(text).fts
    except UsageError as error:
        sentence = str(error)
        expression = ""
    assert expression or sentence.endswith(".")
    if expression:
        index.execute("SELECT count(*) FROM t WHERE t MATCH ?", [expression]).fetchone()


def test_many_arabic_words_are_one_query(index: sqlite3.Connection) -> None:
    assert search(index, " ".join(["النيجر"] * 100)) == {4}


def test_marks_what_was_asked_for_in_the_original_text() -> None:
    query = read_query('niger "coup d\'etat" -football')
    text = "Niger: football, après le coup d’État, NIGER"
    assert [text[start:end] for start, end in query.find(text)] == ["Niger", "coup d’État", "NIGER"]
    arabic = "وقال المجلسُ العسكري بالنَّيجر"
    found = read_query("النيجر المجلس").find(arabic)
    assert [arabic[start:end] for start, end in found] == ["المجلسُ", "بالنَّيجر"]


@given(
    st.text(alphabet="niger coup-é’ أالنيجر", max_size=40),
    st.text(alphabet="niger coup-é’ أالنيجر", max_size=80),
)
def test_marks_and_finds_agree(asked: str, text: str) -> None:
    try:
        query = read_query(asked)
    except UsageError:
        return
    places = query.find(text)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(one[1] <= two[0] for one, two in pairwise(places))
    spellings = {" ".join(form.words) for form in query.forms}
    for start, end in places:
        assert norm(text[start:end]) in spellings
