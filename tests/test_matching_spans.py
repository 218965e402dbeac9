"""However a term is written in a text, its span points at it, exact to the character, in the field where it stands."""

import unicodedata
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.matching import Decision, explain
from archive.norm import norm, norm_map
from archive.terms import Form, Lexicon, forms
from archive.topics import Topic
from tests.matching_topics import article, topic

TERMS = (
    ("Niger", "en"),
    ("office", "en"),
    ("coup d'État", "fr"),
    ("œuvre", "fr"),
    ("النيجر", "ar"),
    ("انقلاب", "ar"),
    ("المجلس العسكري", "ar"),
    ("darbe girişimi", "tr"),
    ("ısı", "tr"),
    ("juyin mulki", "ha"),
    ("ƙasar", "ha"),
    ("Übergang", "de"),
    ("Straße", "de"),
    ("España", "es"),
    ("政变", "zh"),
    ("クーデター", "ja"),
    ("ガボン", "ja"),
    ("쿠데타", "ko"),
    ("รัฐประหาร", "th"),
)
# Whatever stands around, no term among it: emoji of several characters, other planes, both directions, what folds to
# more than one character or to none
AROUND = [
    "😀", "👩‍👩‍👧‍👦", "👍🏽", "𐍈𐌰", "𠮷野", "尼日", "ラジオ", "ﾗｼﾞｵ", "한국", "ไทย น้ำ", "½", "ﬃ", "㍿", "株式会社", "İ",
    "e\u0301te\u0301", "\u2067\u202e", "\u202c", "\u200b", "\u00ad", "«", "—", "\n\n", "ـ", "x\u0338", "٢٠٢٣", "d’", "",
]  # fmt: skip
INSIDE = ["\u00ad", "\u200d", "\u200c", "\u2060", "\u200e", "\u200f", "\ufe0f"]
SPACES = [" ", "\u00a0", "\u202f", "\n", "  ", "\u2009 ", "\t"]
APOSTROPHES = ["'", "’", "ʼ", "‘", "＇", "´"]


@cache
def rule(term: str, language: str) -> Topic:
    return topic(f'[concepts.a]\n{language} = ["{term}"]\n')


def spellings(char: str) -> tuple[str, ...]:
    """Ways to write a letter that all fold to the same."""
    ways = {char, unicodedata.normalize("NFD", char), char.upper(), char.lower()}
    if char.isascii():
        ways |= {chr(ord(char) + 0xFEE0), chr(0x1D41A + ord(char.lower()) - ord("a"))}
    presented = [*range(0xFB50, 0xFEFD), *range(0xFF66, 0xFF9E)]
    ways |= {chr(code) for code in presented if unicodedata.normalize("NFKC", chr(code)) == char}
    if unicodedata.bidirectional(char) == "AL":
        ways |= {char + "\u064e", char + "\u0651\u0650", char + "ـ"}
    elif "LATIN" in unicodedata.name(char):
        ways |= {char + "\u0301", char + "\u0323\u0302"}
    return tuple(sorted(way for way in ways if norm(way) == norm(char)))


SPELLINGS = {
    " ": tuple(SPACES),
    "'": tuple(APOSTROPHES),
    **{char: spellings(char) for term, _ in TERMS for char in term if char not in " '"},
}


@st.composite
def disguised(draw: st.DrawFn, term: str) -> str:
    choices = draw(st.lists(st.integers(0, 999), min_size=len(term), max_size=len(term)))
    pieces: list[str] = []
    for char, choice in zip(term, choices, strict=True):
        ways = SPELLINGS[char]
        pieces.append(ways[choice % len(ways)])
        if char not in " '" and choice > 800:
            pieces.append(INSIDE[choice // len(ways) % len(INSIDE)])
    return "".join(pieces).rstrip("".join(INSIDE))


@given(st.data(), st.sampled_from(TERMS), st.sampled_from(["title", "standfirst", "text"]))
def test_a_span_points_at_the_term_however_it_is_written(
    data: st.DataObject, term: tuple[str, str], field: str
) -> None:
    written = data.draw(disguised(term[0]))
    before, after = (" ".join(data.draw(st.lists(st.sampled_from(AROUND), max_size=6))) for _ in range(2))
    text = f"{before} {written} {after}"
    document = article(**{"title": "x", "standfirst": "y", "text": "z", field: text})
    [span] = explain(rule(*term), document).spans
    start = len(before) + 1
    end = start + len(written)
    assert (span.field, text[span.start : span.end]) == (field, span.words)
    assert start <= span.start < span.end <= end
    assert norm(text[start : span.start]) == norm(text[span.end : end]) == ""
    assert norm(span.words) in {" ".join(form.words) for form in forms(*term)}


@given(st.lists(st.sampled_from([*AROUND, *"ｶﾞガカ\u3099かがﾊﾟำํา㌔政정ᄌ\u1165\u11bcﷺ"]), max_size=12).map("".join))
def test_places_are_right_where_characters_fold_to_one_another(text: str) -> None:
    folded, offsets = norm_map(text)
    assert folded == norm(text)
    assert len(offsets) == len(folded)
    for at, char in enumerate(folded):
        if char != " ":
            near = text[max(0, offsets[at] - 1) : offsets[at] + 3]
            assert char in norm(near), (at, char, near)


@pytest.mark.parametrize(
    ("term", "language", "text", "words"),
    [
        # One apostrophe or another, and suffixes behind it
        ("Nijer", "tr", "NİJER’DEKİ Nijer'in Nijerya", ["NİJER", "Nijer"]),
        ("ısı*", "tr", "ISI, İSİ, Isınma", ["ISI", "İSİ", "Isınma"]),
        ("İstanbul", "tr", "istanbul i\u0307stanbul ISTANBUL", ["istanbul", "i\u0307stanbul", "ISTANBUL"]),
        ("Abdourahamane", "fr", "d’Abdourahamane dʼAbdourahamane", ["Abdourahamane", "Abdourahamane"]),
        ("porte-parole", "fr", "porte‑parole porte parole", ["porte‑parole", "porte parole"]),
        # German: with its letters, without, and as they are spelt where there are none
        ("Übergang", "de", "Übergang UBERGANG Uebergang", ["Übergang", "UBERGANG", "Uebergang"]),
        ("Straße", "de", "STRASSE STRAẞE", ["STRASSE", "STRAẞE"]),
        ("año", "es", "AÑO an\u0303o", ["AÑO", "an\u0303o"]),
        ("'yan", "ha", "’yan ʼyan", ["yan", "yan"]),
        ("juyin mulki*", "ha", "juyin-mulkin JUYIN MULKI", ["juyin-mulkin", "JUYIN MULKI"]),
        ("الإطاحة", "ar", "للإطاحة والاطاحه", ["للإطاحة", "والاطاحه"]),
        ("نيامي", "ar", "بنيامى نیامی", ["بنيامى", "نیامی"]),
        # Two characters are enough, and half-width and decomposed ones are the same
        ("政变", "zh", "尼日尔发生政变，又一次政变", ["政变", "政变"]),
        ("ガボン", "ja", "ガボンとｶﾞﾎﾞﾝ、カボン", ["ガボン", "ｶﾞﾎﾞﾝ"]),
        (
            "정변",
            "ko",
            "니제르 정변 \u110c\u1165\u11bc\u1107\u1167\u11ab",
            ["정변", "\u110c\u1165\u11bc\u1107\u1167\u11ab"],
        ),
        ("น้ำ", "th", "แม่น้ำ", ["น้ำ"]),
        ("переворот*", "ru", "ПЕРЕВОРОТА", ["ПЕРЕВОРОТА"]),
        ("πραξικόπημα", "el", "ΠΡΑΞΙΚΟΠΗΜΑ", ["ΠΡΑΞΙΚΟΠΗΜΑ"]),
        ("đảo chính", "vi", "ĐẢO CHÍNH", ["ĐẢO CHÍNH"]),
        ("coup", "en", "😀coup👍🏽 𝐜𝐨𝐮𝐩 \u2067coup\u2069 co\u00adup", ["coup", "𝐜𝐨𝐮𝐩", "coup", "co\u00adup"]),
    ],
)
def test_what_the_press_writes(term: str, language: str, text: str, words: list[str]) -> None:
    result = explain(rule(term, language), article(text))
    assert [span.words for span in result.spans] == words
    assert all(text[span.start : span.end] == span.words for span in result.spans)


LETTERS = st.text("ab", min_size=1, max_size=4)


@given(
    st.lists(st.tuples(st.lists(LETTERS, min_size=1, max_size=3), st.booleans()), max_size=12),
    st.lists(LETTERS, max_size=12),
)
def test_a_lexicon_finds_what_a_look_at_every_word_finds(
    entries: list[tuple[list[str], bool]], words: list[str]
) -> None:
    written = [(Form(tuple(each), prefix), at) for at, (each, prefix) in enumerate(entries)]
    found = list(Lexicon(written).find(words))
    expected = {
        (start, start + len(form.words), at)
        for form, at in written
        for start in range(len(words) - len(form.words) + 1)
        if met(form, words[start : start + len(form.words)])
    }
    assert len(found) == len(expected)
    assert set(found) == expected
    for form, at in written:
        word = form.words[0]
        assert Lexicon([(form, at)]).opens(word)


def met(form: Form, words: Sequence[str]) -> bool:
    if not form.prefix:
        return tuple(words) == form.words
    return tuple(words[:-1]) == form.words[:-1] and words[-1].startswith(form.words[-1])


MASKED = topic(
    '[concepts.a]\nfr = ["coup", "coup de force", "force"]\n[[exclude]]\nterms = ["coup de main", "force de vente"]\n'
)


@given(st.lists(st.sampled_from(["coup", "de", "force", "main", "vente", "x"]), max_size=10))
def test_masked_words_never_count_and_the_longest_term_does(words: list[str]) -> None:
    hidden: set[int] = set()
    for mask in (["coup", "de", "main"], ["force", "de", "vente"]):
        for at in range(len(words) - 2):
            if words[at : at + 3] == mask:
                hidden.update(range(at, at + 3))
    expected: set[tuple[int, int]] = set()
    taken = set(hidden)
    for phrase in (["coup", "de", "force"], ["force"], ["coup"]):
        for at in range(len(words) - len(phrase) + 1):
            place = set(range(at, at + len(phrase)))
            if words[at : at + len(phrase)] == phrase and taken.isdisjoint(place):
                expected.add((at, at + len(phrase)))
                taken |= place
    text = " ".join(words)
    result = explain(MASKED, article(text))
    starts = [len(" ".join([*words[:at], ""])) if at else 0 for at in range(len(words))]
    places = {starts[start]: start for start in range(len(words))}
    found = {(places[span.start], places[span.start] + len(span.words.split())) for span in result.spans}
    assert found == expected
    assert (result.decision is Decision.REJECT) == (not expected)
