"""topic check: what a beginner gets wrong is told, and what is right is not."""

import json
from pathlib import Path

import pytest

from archive.languages import doubt, is_code
from archive.tuning.lint import ALIKE, looked_at
from tests.command_line import run
from tests.matching_topics import topic
from tests.tuning_corpus import build

EXAMPLES = '[[examples]]\ntext = "strike"\nmatch = true\n[[examples]]\ntext = "rain"\nmatch = false\n'


def codes(text: str) -> set[tuple[str, str, int]]:
    return {(each.level, each.code, each.line) for each in looked_at(topic(text), "t.toml")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[concepts.a]\nen = ["strike", "walk-out", "air strike*", "Qui a peur ?"]\n', ()),
        ('[concepts.a]\nen = ["strike|walkout"]\n', ("warning", "signs", 2)),
        ('[concepts.a]\nen = ["strike", "(walk|lock)outs?"]\n', ("warning", "signs", 2)),
        ('[concepts.a]\nen = ["strike, lockout"]\n', ("warning", "signs", 2)),
        ('[concepts.a]\nen = ["strike OR lockout"]\n', ("warning", "signs", 2)),
        ('[concepts.a]\nen = ["title:strike"]\n', ("warning", "signs", 2)),
        ('[concepts.a]\nen = ["strike", "-lockout"]\n', ("warning", "signs", 2)),
        ('[concepts.a]\nen = ["WAR AND PEACE"]\n', ()),
        ('[concepts.a]\nen = ["g"]\n', ("warning", "short_term", 2)),
        ('[concepts.a]\nen = ["gr*"]\n', ("warning", "short_prefix", 2)),
        ('[concepts.a]\nzh = ["罢", "罢*"]\n', ("warning", "subsumed", 2)),
        ('[concepts.a]\nen = [\n"strike",\n"STRIKE",\n]\n', ("warning", "subsumed", 4)),
        ('[concepts.a]\nen = ["strike*", "strikers"]\n', ("warning", "subsumed", 2)),
        ('[concepts.a]\nen = ["strike"]\n[concepts.b]\nen = ["Strike"]\n', ("warning", "two_concepts", 4)),
        ('[concepts.a]\neng = ["strike"]\n', ("warning", "language", 2)),
        ('[concepts.a]\nzz = ["strike"]\n', ("warning", "language", 2)),
        ('[concepts.a]\nen = ["إضراب"]\n', ("warning", "script", 2)),
        ('[concepts.a]\nfa = ["اعتصاب"]\n', ()),
        ('[rule]\nmin_score = 99\n[concepts.a]\nen = ["strike"]\n', ("warning", "unreachable", 2)),
        ('[rule]\nmin_score = 36\n[score]\nper_words = 9\n[concepts.a]\nen = ["it"]\n', ()),
        ('[rule]\nmin_score = 37\n[score]\nper_words = 9\n[concepts.a]\nen = ["it"]\n', ("warning", "unreachable", 2)),
        ('[rule]\nmin_score = 1\n[raw]\nfts = "strike"\n', ("warning", "unreachable", 2)),
        ('[rule]\nnear = 5\n[concepts.a]\nen = ["strike"]\n', ("warning", "near_idle", 2)),
        ('[rule]\nrequire = ["a"]\n[concepts.a]\nen = ["xx"]\n[concepts.b]\nen = ["y"]\n', ("note", "not_required", 5)),
        ('[outlets]\ninclude = ["x"]\nexclude = ["x"]\n[concepts.a]\nen = ["x1"]\n', ("warning", "outlets", 3)),
        ('[concepts.a]\nen = ["strike"]\n[[exclude]]\nterms = ["strike"]\n', ("warning", "masked_term", 2)),
        ('[concepts.a]\nen = ["strike"]\n[[exclude]]\nterms = ["rain"]\n', ("warning", "mask_idle", 4)),
        ('[concepts.a]\nen = ["strike*"]\n[[exclude]]\nterms = ["hunger strikers"]\n', ()),
    ],
)  # fmt: skip
def test_what_is_odd_is_told_with_its_line(text: str, expected: tuple[str, str, int]) -> None:
    found = {each for each in codes(text) if each[1] not in ("no_examples", "example")}
    assert found >= {expected} if expected else found == set()


def test_examples_of_both_kinds_are_asked_for() -> None:
    one = '[concepts.a]\nen = ["strike"]\n'
    assert codes(one) == {("note", "no_examples", 0)}
    assert codes(one + EXAMPLES) == set()
    assert codes(one + EXAMPLES.replace("false", "true").replace('"rain"', '"strike"')) == {("note", "no_examples", 0)}
    assert codes(one + EXAMPLES.replace("rain", "strike")) == {("warning", "example", 6)}


def test_many_findings_of_one_kind_are_told_together() -> None:
    terms = ", ".join(f'"word{at}|"' for at in range(5_000))
    found = [each for each in looked_at(topic(f"[concepts.a]\nen = [{terms}]\n"), "t.toml") if each.code == "signs"]
    assert len(found) == ALIKE + 1
    assert f"and {5_000 - ALIKE} more like this: " in found[-1].says
    assert {each.line for each in found} == {found[0].line}


def test_codes_of_languages() -> None:
    assert all(map(is_code, ("fr", "hau", "zh-Hant", "en-GB")))
    assert not any(map(is_code, ("FR", "french", "", "e", "fr_CA", "fr\n")))
    assert [doubt(code) for code in ("fr", "fr-CA", "ha", "tw", "gsw")] == [None] * 5
    assert "'ar'" in (doubt("ara") or "")
    assert "'ja'" in (doubt("jp") or "")
    assert "ISO 639-1" in (doubt("xx") or "")


def test_a_corpus_tells_of_outlets_and_masks_that_bite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = build(tmp_path / "c", articles={"/one": ("Le bac", "Les amis du bac d'Amberlo. Le bac d'Amberlo.")})
    draft = tmp_path / "draft.toml"
    draft.write_text(
        '[outlets]\ninclude = ["aa"]\n[concepts.a]\nfr = ["bac", "bac d\'Amberlo", "un", "deux", "trois", "quatre"]\n'
        '[[exclude]]\nterms = ["du bac"]\n',
        encoding="utf-8",
    )
    code, out, _ = run(capsys, "topic", "check", draft, "--corpus", corpus.folder, "--json")
    told = {each["code"]: each for each in json.loads(out)["topics"][0]["findings"]}
    assert code == 0
    assert "'du bac' also hides the term \"bac d'Amberlo\" in 1 articles" in told["mask_bites"]["says"]
    assert "no outlet of the corpus is called 'aa'" in told["outlet"]["says"]
    assert "4 terms of 'a' in 'fr' occur in no article: 'un', 'deux'" in told["never"]["says"]
    assert told["never"]["level"] == "note"  # in so small a corpus it is no wonder


def test_a_prefix_behind_other_words_catches_what_stands_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = build(tmp_path / "c", articles={"/one": ("Le bac", "Le vieux bac, les vieux bacs, un bachelier.")})
    draft = tmp_path / "draft.toml"
    draft.write_text('[concepts.a]\nfr = ["vieux bac*", "bac*"]\n', encoding="utf-8")
    _, out, _ = run(capsys, "topic", "check", draft, "--corpus", corpus.folder, "--json")
    phrase, word = json.loads(out)["topics"][0]["terms"]
    assert [each["word"] for each in phrase["catches"]] == ["bac", "bacs"]
    assert [each["word"] for each in word["catches"]] == ["bac", "bachelier", "bacs"]
