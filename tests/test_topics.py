"""The topic file: what it says, and a sentence with file, line and key for each way of getting it wrong."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import BadCorpusFile
from archive.matching import Decision, Document, explain
from archive.topics import Topic, load_topic, parse_topic

WHOLE = """\
schema = 1
id = "strikes"
title = "Strikes"
seeds = ["https://example.org/strike"]

[window]
from = 2023-01-01
to = 2023-12-31

[outlets]
include = ["one", "two"]
exclude = ["two"]

[rule]
require = ["what"]
near = 5
min_score = 2
prefilter = "summary"

[score]
title = 4
cap_per_term = 2

[concepts.what]
en = ["strike*", "walk-out"]
fr = ["grève"]

[concepts.where.de]
terms = ["Hütte"]
only_in = ["Werk"]

[concepts.where.ha]
terms = ["gari"]
only_in = true

[[exclude]]
concept = "what"
terms = ["air strike"]

[[exclude]]
terms = ["strike price"]

[[examples]]
title = "Strike"
match = true
published = 2023-05-01
"""


def parse(text: str) -> Topic:
    return parse_topic(text, "topics/strikes.toml", "strikes")


def test_reads_every_key() -> None:
    topic = parse(WHOLE)
    assert (topic.id, topic.title, topic.seeds) == ("strikes", "Strikes", ("https://example.org/strike",))
    assert (topic.window_from, topic.window_to) == (date(2023, 1, 1), date(2023, 12, 31))
    assert (topic.include, topic.exclude) == (frozenset({"one", "two"}), frozenset({"two"}))
    assert (topic.require, topic.near, topic.min_score, topic.prefilter) == (("what",), 5, 2.0, "summary")
    assert (topic.weights.title, topic.weights.lead, topic.weights.cap_per_term) == (4.0, 2.0, 2)
    assert topic.concepts == ("what", "where")
    restricted = {term.text for term in topic.terms if term.only_in}
    assert restricted == {"Werk", "gari"}
    assert [(mask.concept, mask.text) for mask in topic.masks] == [
        ("what", "air strike"),
        (None, "strike price"),
    ]
    assert topic.compiled == '("strike"* OR "walk out" OR "greve")'
    assert topic.examples[0].match
    assert topic.examples[0].line == WHOLE.splitlines().index("[[examples]]") + 1


def test_what_is_left_out_is_open() -> None:
    topic = parse('[concepts.a]\nen = ["x1"]\n[concepts.b]\nen = ["y1"]\n')
    assert topic.id == "strikes"
    assert topic.require == ("a", "b")
    assert (topic.window_from, topic.window_to, topic.include, topic.near) == (None, None, None, 0)
    assert (topic.min_score, topic.prefilter) == (0.0, "none")


def test_version_is_of_what_the_file_says() -> None:
    topic = parse(WHOLE)
    rewritten = "# a comment\n" + WHOLE.replace("near = 5", "near   =   5  # words").replace("\n\n", "\n\n\n")
    assert parse(rewritten).version == topic.version
    assert len(topic.version) == 64
    assert topic.version.startswith(topic.short_version)
    assert len(topic.short_version) == 12
    assert parse(WHOLE.replace("grève", "grèves")).version != topic.version
    assert parse(WHOLE.replace("near = 5", "near = 6")).version != topic.version


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("right", "wrong", "key", "says"),
    [
        ("min_score = 2", "minscore = 2", "rule.minscore", "did you mean 'min_score'"),
        ("[window]", "[windows]", "windows", "did you mean 'window'"),
        ("from = 2023-01-01", "form = 2023-01-01", "window.form", "did you mean 'from'"),
        ("from = 2023-01-01", 'from = "2023-01-01"', "window.from", "date without quotes"),
        ("from = 2023-01-01", "from = 2023-01-01T10:00:00Z", "window.from", "date without quotes"),
        ("to = 2023-12-31", "to = 2022-12-31", "window.to", "must not be before"),
        ('include = ["one", "two"]', 'include = "one"', "outlets.include", "list of texts"),
        ('include = ["one", "two"]', "include = []", "outlets.include", "leave it out to mean all"),
        ('require = ["what"]', 'require = ["wath"]', "rule.require", "did you mean 'what'"),
        ("near = 5", "near = -1", "rule.near", "whole number"),
        ("near = 5", "near = true", "rule.near", "whole number"),
        ("min_score = 2", 'min_score = "2"', "rule.min_score", "must be a number"),
        ("min_score = 2", "min_score = nan", "rule.min_score", "must be a number"),
        ('prefilter = "summary"', 'prefilter = "sumary"', "rule.prefilter", "did you mean 'summary'"),
        ("cap_per_term = 2", "cap_per_term = 0", "score.cap_per_term", "1 or more"),
        ("cap_per_term = 2", "per_words = -1", "score.per_words", "0 or more"),
        ("schema = 1", "schema = 2", "schema", "must be 1"),
        ('id = "strikes"', 'id = "Strikes of 2023"', "id", "small letters"),
        ('id = "strikes"', "id = 7", "id", "text in quotes"),
        ('"walk-out"]', '"—"]', "concepts.what.en", "no letter or digit"),
        ('"walk-out"]', '"wa*k"]', "concepts.what.en", "star may stand only at its end"),
        ('fr = ["grève"]', 'french = ["grève"]', "concepts.what.french", "not a language code"),
        ('terms = ["Hütte"]', 'term = ["Hütte"]', "concepts.where.de.term", "did you mean 'terms'"),
        ('concept = "what"', 'concept = "waht"', "exclude.concept", "did you mean 'what'"),
        ('terms = ["air strike"]', 'words = ["air strike"]', "exclude.words", "is not a key"),
        ("match = true", "matches = true", "examples.matches", "did you mean 'match'"),
        ("match = true", "", "examples.match", "is missing"),
        ('title = "Strike"\n', "", "examples.text", "is missing"),
    ],
)
def test_errors_name_file_line_and_key(right: str, wrong: str, key: str, says: str) -> None:
    assert right in WHOLE
    text = WHOLE.replace(right, wrong, 1)
    with pytest.raises(BadCorpusFile) as caught:
        parse(text)
    message = str(caught.value)
    line = line_of(text, wrong) if wrong else line_of(text, "[[examples]]")
    assert message.startswith(f"topics/strikes.toml:{line}: {key!r}")
    assert says in message
    assert "\n" not in message


def test_error_in_a_list_names_the_line_of_the_term() -> None:
    text = '[concepts.a]\nen = [\n    "good",\n    "ba*d",\n]\n'
    with pytest.raises(BadCorpusFile, match=r"topics/strikes\.toml:4: 'concepts\.a\.en'"):
        parse(text)


def test_text_in_quotes_is_not_taken_for_a_key() -> None:
    text = '[[examples]]\ntext = """\nnear = 5\n[rule]\n"""\nmatch = true\n[rule]\nnear = "x"\n'
    with pytest.raises(BadCorpusFile, match=r"toml:8: 'rule\.near'"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [("[rule\n", 1), ('title = "x"\ntitle = "y"\n', 2), ("a = [1,\n2\n", 3), ("x = \x01\n", 1), ("=", 1)],
)
def test_not_toml(text: str, line: int) -> None:
    with pytest.raises(BadCorpusFile, match=rf"topics/strikes\.toml:{line}: not TOML"):
        parse(text)


def test_not_utf8(tmp_path: Path) -> None:
    file = tmp_path / "strikes.toml"
    file.write_bytes(b'title = "gr\xe8ve"\n')
    with pytest.raises(BadCorpusFile, match="UTF-8"):
        load_topic(file)


def test_no_concept_at_all() -> None:
    with pytest.raises(BadCorpusFile, match="names no concept"):
        parse('title = "x"\n')
    with pytest.raises(BadCorpusFile, match="has no terms"):
        parse("[concepts.a]\nen = []\n")
    with pytest.raises(BadCorpusFile, match=r"a table of languages: write \[concepts\.a\]"):
        parse('[concepts]\na = ["x"]\n')


@given(st.text(max_size=200))
def test_any_text_is_a_topic_or_a_sentence(text: str) -> None:
    try:
        topic = parse(text)
    except BadCorpusFile as error:
        message = str(error)
        topic = None
    assert topic or message.startswith("topics/strikes.toml:")


SYNTAX = [
    '"',
    "*",
    "NEAR/3",
    "NEAR(a b)",
    "title:x",
    "a OR b",
    "^x",
    "{title}",
    "-x",
    "x'); DROP TABLE t",
    "a",
    "ب",
]


@given(st.lists(st.one_of(st.sampled_from(SYNTAX), st.text(max_size=12)), min_size=1, max_size=5))
def test_any_term_is_words_or_a_sentence(terms: list[str]) -> None:
    quoted = ", ".join('"' + "".join(f"\\U{ord(char):08x}" for char in term) + '"' for term in terms)
    try:
        topic = parse(f"[concepts.a]\nen = [{quoted}]\nar = [{quoted}]\n[[exclude]]\nterms = [{quoted}]\n")
    except BadCorpusFile as error:
        assert "toml:" in str(error)  # noqa: PT017
        return
    explain(topic, Document("1", text=" ".join(terms)))


def test_ten_thousand_terms() -> None:
    latin = ", ".join(f'"word{at}"' for at in range(5_000))
    arabic = ", ".join(f'"كلمة{at}"' for at in range(5_000))
    topic = parse(f"[concepts.a]\nen = [{latin}]\nar = [{arabic}]\n")
    assert explain(topic, Document("1", text="وبكلمة4321 and word17")).score == 2.0
    assert explain(topic, Document("1", text="nothing")).decision is Decision.REJECT


def test_raw_expression_takes_the_place_of_the_rule() -> None:
    topic = parse("[raw]\nfts = 'title : (\"coup d’État\" OR Putsch*) AND NEAR(a b, 3) NOT œuvre'\n")
    assert topic.compiled == 'title : ("coup d etat" OR "putsch"*) AND NEAR("a" "b", 3) NOT "oeuvre"'
    assert explain(topic, Document("1", title="Coup d'état", text="a b")).decision is Decision.MATCH
    assert explain(topic, Document("1", text="Coup d'état a b")).reason == "rule_not_met"


@pytest.mark.parametrize("fts", ['"open', "a AND", "nosuch : x", "NEAR(", "", "*"])
def test_raw_expression_that_is_none(fts: str) -> None:
    with pytest.raises(BadCorpusFile, match=r"toml:2: 'raw\.fts' is not an FTS5 expression"):
        parse(f"[raw]\nfts = '{fts}'\n")
