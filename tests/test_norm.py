"""norm(): one folding for the index, the matcher and the search box."""

import sqlite3
import sys
from contextlib import closing
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.norm import TOKENIZER, Folded, locate, norm, norm_map, register

PRESS = st.text(alphabet="aéÉœıİIßƙƁ'’ʼ -–.,*\"\u0301\u00ad\u200bأنيجـَرىةک٢尼カガ가िร่½ﬁ…😀\n0", max_size=60)
ANY = st.one_of(st.text(max_size=80), PRESS)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        # French: accents, ligatures, elision with both apostrophes
        ("L'armée nigérienne", "l armee nigerienne"),
        ("coup d’État", "coup d etat"),
        ("un œil, un cœur", "un oeil un coeur"),
        # German and Spanish
        ("Straße, MÜLLER", "strasse muller"),
        ("el niño español", "el nino espanol"),
        # Turkish: four letters i, apostrophe before suffixes
        ("DIŞİŞLERİ dışişleri", "disisleri disisleri"),
        ("Nijer’de, NİJER'İN", "nijer de nijer in"),
        # Hausa: hooked letters, apostrophe letters
        ("ƙasar Ɗan Ɓauna Ƴan", "kasar dan bauna yan"),
        ("ʼyan 'yan ’yan", "yan yan yan"),
        # Arabic: harakat, tatweel, alef forms, alef maqsura, ta marbuta, hamza carriers
        ("النَّيْجَر", "النيجر"),
        ("النيـــجر", "النيجر"),
        ("أإآٱا", "ااااا"),
        ("نيامى نيامي", "نيامي نيامي"),
        ("مسؤول رئيس دولة", "مسوول رييس دوله"),
        ("کی", "كي"),
        # Digits, compatibility forms, invisible characters
        ("٢٠٢٣ ２０２３ 2023", "2023 2023 2023"),
        ("ﬁn № ½", "fin no 1 2"),
        ("co\u00adup so\u200dft ze\u200bro", "coup soft ze ro"),
        # Scripts without spaces: each character is a word
        ("尼日尔政变2023", "尼 日 尔 政 变 2023"),
        ("ガボン ｶﾞ カ\u3099", "ガ ボ ン ガ ガ"),
        ("한국 \u1112\u1161\u11ab\u1100\u116e\u11a8", "한 국 한 국"),
        # What parts words, and nothing else
        ("al-monitor_news/2023 (a+b)", "al monitor news 2023 a b"),
        ("  …  ", ""),
        ("", ""),
    ],
)
def test_folds_as_each_language_needs(text: str, folded: str) -> None:
    assert norm(text) == folded
    assert norm_map(text)[0] == folded


def test_decomposed_and_composed_letters_are_one() -> None:
    assert norm("Nige\u0301rien") == norm("Nig\u00e9rien") == "nigerien"


@given(ANY)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert norm(norm(text)) == norm(text)


def test_every_character_folds_to_something_stable() -> None:
    for start in range(0, sys.maxunicode + 1, 0x400):
        text = " ".join(map(chr, range(start, start + 0x400)))
        folded = norm(text)
        assert norm(folded) == folded
        assert norm_map(text)[0] == folded


@given(ANY)
def test_offsets_lead_back(text: str) -> None:
    folded, offsets = norm_map(text)
    assert folded == norm(text)
    assert len(offsets) == len(folded)
    assert all(one <= two for one, two in pairwise(offsets))
    for at, char in enumerate(folded):
        if char != " ":
            assert char in norm(text[offsets[at]])


@given(ANY)
def test_each_word_is_found_at_its_place(text: str) -> None:
    folded = Folded(text)
    assert " ".join(folded.words) == norm(text)
    for at, word in enumerate(folded.words):
        start, end = folded.place(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert word in norm(text[start:end])


def test_a_place_takes_in_the_marks_of_its_last_letter() -> None:
    text = "قال النَّيْجَرُ كل"
    folded, offsets = norm_map(text)
    start = folded.index("النيجر")
    first, last = locate(text, offsets, start, start + len("النيجر"))
    assert text[first:last] == "النَّيْجَرُ"
    decomposed = "le Nige\u0301 a"
    assert Folded(decomposed).place(1, 2) == (3, 8)


def test_sql_function() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        register(connection)
        row = connection.execute("SELECT norm('Nijer’de'), norm(NULL), norm(2023), norm(x'c3a9')").fetchone()
        assert row == ("nijer de", None, "2023", "e")
        connection.execute("CREATE TABLE t (a)")
        connection.execute("CREATE INDEX i ON t (norm(a))")  # only a deterministic function may be indexed


@given(st.lists(ANY, max_size=4))
def test_the_tokenizer_sees_exactly_the_folded_words(texts: list[str]) -> None:
    folded = norm(" ".join(texts))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE t USING fts5(a, tokenize='{TOKENIZER}')")
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
        connection.execute("INSERT INTO t VALUES (?)", [folded])
        rows = connection.execute('SELECT term FROM v ORDER BY "offset"').fetchall()
    assert [term for (term,) in rows] == folded.split()
