"""Whatever a topic file holds: a topic, or sentences with file, line and key; no SQL, no words of the parser."""

import json
import os
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.matching import Decision, Document, explain
from archive.terms import fold_expression
from archive.tuning.faults import MOST, read_topic
from tests.command_line import PAGE, run, warc
from tests.tuning_corpus import TOPIC, article, build, write

ONE = '[concepts.a]\nen = ["word"]\n'
TELLING = ("sqlite", "fts5:", "syntax error", "no such column", "traceback", "exception", "tuple")


def faults(folder: Path, text: str | bytes) -> list[str]:
    """The errors of a file, without the name of the file and its colon."""
    path = folder / "draft.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    topic, errors = read_topic(path)
    assert (topic is None) == bool(errors)
    for error in errors:
        assert "\n" not in error
        assert not any(word in error.lower() for word in TELLING), error
    return [error.removeprefix(f"{path}:") for error in errors]


def of_terms(*terms: str) -> str:
    return f"[concepts.a]\nen = [{', '.join(json.dumps(term) for term in terms)}]\n"


@pytest.mark.parametrize(
    ("term", "says"),
    [
        ('"', "no letter or digit"),
        ("*", "no letter or digit"),
        ("**", "no letter or digit"),
        ("—!?", "no letter or digit"),
        ("^", "no letter or digit"),
        ("", "no letter or digit"),
        ("a*b", "a star may stand only at its end"),
        ("*word", "a star may stand only at its end"),
        ("word**", "a star may stand only at its end"),
        ("a\0b", "holds the control character U+0000"),
        ("a\x1b[31m", "holds the control character U+001B"),
        ("long " * 200, "longer than 500 characters"),
        ("a" * 10_240, "longer than 500 characters"),
    ],
)
def test_a_term_that_is_none(tmp_path: Path, term: str, says: str) -> None:
    [error] = faults(tmp_path, of_terms("word", term))
    assert error.startswith("2: 'concepts.a.en' h")
    assert says in error


@pytest.mark.parametrize(
    "term", ["NEAR/3", "NEAR(a b)", "AND", "title:x", "^x", "(x)", "x'); DROP TABLE t", "{title}: x"]
)
def test_signs_in_a_term_have_no_power(tmp_path: Path, term: str) -> None:
    path = tmp_path / "draft.toml"
    path.write_text(of_terms(term))
    topic, errors = read_topic(path)
    assert topic is not None, errors
    assert explain(topic, Document("1", text=term)).decision is Decision.MATCH
    assert explain(topic, Document("1", title="y", text="nothing of the kind")).decision is Decision.REJECT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1: 'rule.require' names no concept"),
        ("# nothing\n", "1: 'rule.require' names no concept"),
        ("[rule]\nrequire = []\n" + ONE, "2: 'rule.require' names no concept"),
        ('[rule]\nrequire = ["b"]\n' + ONE, "2: 'rule.require' names 'b', which is no concept here"),
        ("[concepts.b]\n" + ONE, "1: 'concepts.b' has no terms"),
        ('[concepts]\na = ["x"]\n', "2: 'concepts.a' must be a table of languages: write [concepts.a]"),
        ('concepts = ["x"]\n', "1: 'concepts' must be a table"),
        ('[concepts."../x"]\nen = ["x"]\n', "1: 'concepts.../x' must be small letters"),
        ('[concepts."a\\nb"]\nen = ["x"]\n', r"1: 'concepts.a\nb' must be small letters"),
        ("[concepts.\"a'); DROP TABLE x\"]\nen = [\"x\"]\n", '1: "concepts.a\'); DROP TABLE x" must be small letters'),
        ('[concepts.a]\nfrench = ["x"]\n', "2: 'concepts.a.french' is not a language code"),
        ('[concepts.a]\nFR = ["x"]\n', "2: 'concepts.a.FR' is not a language code"),
        ('[concepts.a]\nen = "x"\n', "2: 'concepts.a.en' must be a list of texts"),
        ('[concepts.a]\nen = ["x", 3]\n', "2: 'concepts.a.en' must be a list of texts"),
        ('id = "../x"\n' + ONE, "1: 'id' must be at most 100 small letters"),
        ('id = ""\n' + ONE, "1: 'id' must be at most 100 small letters"),
        (f'id = "{"a" * 101}"\n' + ONE, "1: 'id' must be at most 100 small letters"),
        ('title = "a\\u001b[31m"\n' + ONE, "1: 'title' holds the control character U+001B"),
        ("[window]\nfrom = 2023-12-01\nto = 2023-01-01\n" + ONE, "3: 'window.to' must not be before 'from'"),
        ("[window]\nfrom = 2023-12-01T10:00:00Z\n" + ONE, "2: 'window.from' must be a date without quotes and"),
        ("[window]\nfrom = 2023-02-30\n" + ONE, "2: not TOML: a date is written as 2023-07-26, and the day"),
        ("[window]\nfrom = 26.07.2023\n" + ONE, "2: not TOML: a date is written as 2023-07-26"),
        *(
            (f"[score]\nbody = {weight}\n{ONE}", "2: 'score.body' must be a number of 0 or more")
            for weight in ("-1", "nan", "inf", "1e308", "9" * 400, '"3"', "true", "[1]")
        ),
        ("[rule]\nmin_score = nan\n" + ONE, "2: 'rule.min_score' must be a number of 0 or more"),
        (f"[rule]\nmin_score = {'9' * 400}\n{ONE}", "2: 'rule.min_score' must be a number of 0 or more"),
        (f"[rule]\nnear = {'9' * 30}\n{ONE}", "2: 'rule.near' must be a whole number of at most 10000"),
        (f"[score]\ncap_per_term = {'9' * 30}\n{ONE}", "2: 'score.cap_per_term' must be a whole number of at most"),
        ("minscore = 3\n" + ONE, "1: 'minscore' is not a key of the top of the file; did you mean 'min_s"),
        ("[exclusions]\nterms = []\n" + ONE, "1: 'exclusions' is not a key of the top of the file; did you mean 'exc"),
        ('examples = "x"\n' + ONE, "1: 'examples' must be a list of tables: write each as [[examples]]"),
        ('examples = ["x"]\n' + ONE, "1: 'examples' must be a table: write it as [[examples]]"),
        (ONE + '[[examples]]\nmatch = "yes"\ntext = "x"\n', "4: 'examples.match' must be true or false"),
        (ONE + '[[examples]]\nmatch = true\ntext = "x"\nlanguage = "french"\n', "6: 'examples.language' must be a"),
        (ONE + '[[exclude]]\nconcept = "a"\n', "3: 'exclude.terms' is missing"),
        ("[raw]\n" + ONE, "1: 'raw.fts' is missing"),
        ("a" + ".a" * 2_000 + " = 1\n", "1: 'a' is not a key of the top of the file"),
        # Slips of TOML
        ("title = “x”\n", "1: not TOML: quotation marks must be straight"),
        ("title: x\n", "1: not TOML: a key and its value are parted by ="),
        ('title = "x\n', "1: not TOML: a text in quotes must end on its line"),
        ("[concepts.a]\nen = [x]\n", "2: not TOML: a value is a text in quotes"),
        ('[concepts.a]\nen = ["a",\n\n[rule]\nnear = 1\n', "4: not TOML: a list above this line is not closed"),
        ("[rule]\n[rule]\n", "2: not TOML: this table stands in the file twice"),
        ('title = "x"\ntitle = "y"\n', "2: not TOML: this key stands in the file twice"),
        ("[[examples]]\nmatch = True\n", "2: not TOML: true and false are written so, in small letters"),
        ("[rule\n", "1: not TOML: the name of a table is not closed"),
        # Files
        (ONE.encode("utf-16"), "1: not UTF-8"),
        (ONE.encode("utf-16-le"), "1: not UTF-8"),
        ('title = "é"\n'.encode("latin-1"), "1: not UTF-8"),
        (ONE.replace("\n", "\r\n").encode() + b'[rule]\r\nnear = "x"\r\n', "4: 'rule.near' must be a whole number"),
        ('# it is """ odd, and [[ too\n[rule]\nnear = "x"\n' + ONE, "3: 'rule.near' must be a whole number"),
        ('seeds = [\n  "x = [",\n  "near = 1",\n]\nrule.near = "x"\n' + ONE, "5: 'rule.near' must be a whole number"),
        ('title = "a\u2028b"\n[rule]\nnear = "x"\n' + ONE, "3: 'rule.near' must be a whole number"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_topic(tmp_path: Path, text: str | bytes, expected: str) -> None:
    [error] = faults(tmp_path, text)
    assert error.startswith(expected)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("minscore = 3", "did you mean 'min_score' of [rule]?"),
        ("[exclusions]", "did you mean 'exclude'?"),
        ("[concepts.b]\nfrench = []", "two or three letters, such as fr"),
        ("[concepts.b]\nFR = []", "two or three letters, such as fr"),
    ],
)
def test_what_may_have_been_meant_is_told(tmp_path: Path, written: str, meant: str) -> None:
    assert any(meant in error for error in faults(tmp_path, f"{written}\n{ONE}"))


@pytest.mark.parametrize(
    ("fts", "says"),
    [
        ('"open', "a quotation mark is not closed"),
        ("a AND", "it is empty or breaks off"),
        ("", "it is empty or breaks off"),
        ("nosuch : x", "'nosuch' is none of the columns title, standfirst, text"),
        ("a -b", "a minus is written NOT"),
        ("NOT a", "'NOT' cannot stand where it stands"),
        ("*", "a star must follow a word"),
        ("a OR —", "'—' holds no letter or digit"),
        ("(" * 5_000 + "a" + ")" * 5_000, "it nests too deeply"),
        ("NEAR(a b, 99999999999)", "need no NEAR"),
    ],
)
def test_an_expression_that_is_none_is_told_in_words(tmp_path: Path, fts: str, says: str) -> None:
    [error] = faults(tmp_path, f"[raw]\nfts = {json.dumps(fts)}\n")
    assert error.startswith("2: 'raw.fts' is not an FTS5 expression (")
    assert says in error
    with pytest.raises(ValueError, match=r"\w"):
        fold_expression(fts)


def test_a_byte_order_mark_and_old_line_ends_are_no_error(tmp_path: Path) -> None:
    assert faults(tmp_path, b"\xef\xbb\xbf" + ONE.replace("\n", "\r\n").encode()) == []


def test_every_term_that_is_none_is_told_and_what_follows_from_it_is_not(tmp_path: Path) -> None:
    text = (
        of_terms("a*b", "good", "c*d", "*")
        + '[rule]\nnear = -1\n[concepts.b]\nen = ["*"]\n[[exclude]]\nterms = ["e*f"]\n'
    )
    assert [error.partition(" ")[0] for error in faults(tmp_path, text)] == ["2:", "2:", "2:", "4:", "6:", "8:"]
    many = faults(tmp_path, of_terms(*(f"a*{n}" for n in range(10_000))))
    assert len(many) == MOST + 1
    assert "and more errors" in many[-1]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("bad") / "c")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return warc(tmp_path_factory.mktemp("import"), ("https://replica.example/2023/08/story", PAGE))


@pytest.mark.parametrize("wrong", ["nothing", "syntax", "id", "weight", "other id", "directory", "unreadable"])
def test_every_verb_that_reads_topics_says_what_is_wrong_in_a_sentence(
    corpus: Corpus, file: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    path = write(corpus, TOPIC)
    second = corpus.folder / "topics" / "second.toml"
    try:
        if wrong == "directory":
            second.mkdir()
        elif wrong == "unreadable":
            second.symlink_to("/nowhere/at/all.toml")
        else:
            written = {
                "nothing": "",
                "syntax": "[rule\n",
                "id": f'id = "../x"\n{ONE}',
                "weight": f"[score]\ntitle = {'9' * 400}\n{ONE}",
                "other id": TOPIC,
            }
            second.write_text(written[wrong], encoding="utf-8")
        name = article(corpus, "/five")
        for verb in (
            ("topic", "check"),
            ("topic", "test", second),
            ("topic", "label", second, "--report"),
            ("topic", "explain", name),
            ("topic", "apply"),
            ("crawl",),
            ("import", file),
            ("rebuild",),
        ):
            code, out, err = run(capsys, *verb, "--corpus", corpus.folder)
            assert code in ((0, 2) if wrong == "other id" else (2,)), (verb, out, err)
            said = err or out
            assert not any(word in said.lower() for word in TELLING), (verb, said)
            if code == 2:
                assert str(second) in said, (verb, said)
                assert err.count("\n") == (0 if verb[1:] == ("check",) else 1), (verb, err)
        if wrong == "other id":
            for verb in (("topic", "check"), ("crawl",), ("import", file), ("rebuild",)):
                assert run(capsys, *verb, "--corpus", corpus.folder)[0] == 2
    finally:
        second.rmdir() if wrong == "directory" else os.unlink(second)  # noqa: PTH108
    assert path.is_file()
