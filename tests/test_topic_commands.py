"""topic check, test and explain as a person calls them."""

import json
from pathlib import Path

import pytest

from archive.corpus import Corpus
from tests.command_line import run
from tests.tuning_corpus import TOPIC, article, build, table, write
from tests.verify_corpus import SITE

FAULTY = """\
schema = 1
titel = "A slip"

[window]
from = 2023-12-01
to = 2023-01-01

[rule]
near = "close"
prefilter = "sumary"

[concepts.place]
fr = ["Amberlo", "***"]

[concepts.event]
french = ["bac"]
fr = ["b*c", "bac"]

[[examples]]
text = "Le bac."
"""
ODD = """\
[rule]
min_score = 1.0
[concepts.place]
fr = ["Amberlo", "am*", "Amb*", "Nulle part"]
en = ["Amberlo"]
[concepts.event]
fr = ["bac", "bac d'Amberlo"]
[[exclude]]
concept = "event"
terms = ["port franc"]
[[examples]]
text = "Rien du tout"
match = true
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("tuning") / "c")


def test_all_errors_of_a_file_are_told_with_their_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text(FAULTY)
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "topic", "check", "draft.toml", "--json")
    (found,) = json.loads(out)["topics"]
    assert code == 2
    assert [error.split(" ")[:2] for error in found["errors"]] == [
        ["draft.toml:2:", "'titel'"],
        ["draft.toml:6:", "'window.to'"],
        ["draft.toml:9:", "'rule.near'"],
        ["draft.toml:10:", "'rule.prefilter'"],
        ["draft.toml:13:", "'concepts.place.fr'"],
        ["draft.toml:16:", "'concepts.event.french'"],
        ["draft.toml:17:", "'concepts.event.fr'"],
        ["draft.toml:19:", "'examples.match'"],
    ]
    assert found["version"] is None


def test_without_a_corpus_a_draft_is_checked_by_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "draft.toml").write_text(ODD)
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "topic", "check", "draft.toml", "--json")
    (found,) = json.loads(out)["topics"]
    assert (code, found["errors"], found["terms"]) == (0, [], None)
    told = {(each["code"], each["line"]) for each in found["findings"]}
    assert {("short_prefix", 4), ("subsumed", 4), ("subsumed", 5), ("subsumed", 7), ("mask_idle", 10)} <= told
    assert ("example", 11) in told
    assert run(capsys, "topic", "check", "draft.toml", "--strict")[0] == 1
    code, out, _ = run(capsys, "topic", "test", "draft.toml")
    assert (code, "0 right, 1 wrong" in out, "no corpus is here" in out) == (1, True, True)


def test_a_corpus_tells_how_often_terms_are_met_and_what_prefixes_catch(
    corpus: Corpus, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text(f'seeds = ["{SITE}/five", "{SITE}/nowhere"]\n{ODD}')
    code, out, _ = run(capsys, "topic", "check", draft, "--corpus", corpus.folder, "--json")
    (found,) = json.loads(out)["topics"]
    terms = {(each["language"], each["term"]): each for each in found["terms"]}
    assert code == 0
    assert terms["fr", "Amberlo"]["articles"] == 4
    assert terms["fr", "am*"]["catches"] == [{"word": "amberlo", "articles": 4}]
    assert terms["fr", "Nulle part"]["articles"] == 0
    told = {each["code"]: each["says"] for each in found["findings"]}
    assert "'Nulle part' occurs in no article" in told["never"]
    assert f"the seed {SITE}/five does not match: concept_missing" in told["seed"]
    assert "nowhere is not in the corpus" in told["seed_absent"]
    code, out, _ = run(capsys, "topic", "check", "--corpus", corpus.folder)
    assert (code, "naufrages 1" in out) == (0, True)
    write(corpus, TOPIC.replace('["marché d\'Amberlo"]', '["marché d\'Amberlo", "delta du Nil"]'))
    _, out, _ = run(capsys, "topic", "check", "--corpus", corpus.folder)
    rows = [line.split()[1:] for line in out.splitlines() if line.startswith("place")]
    assert ["mask", "marché", "d'Amberlo", "1"] in rows
    assert not any("Nil" in row for row in rows)
    assert "masks that occur in no article are left out: 1" in out
    write(corpus, TOPIC)


def test_a_draft_is_tried_against_the_version_in_force_and_writes_nothing(
    corpus: Corpus, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text(
        TOPIC.replace('"bac", ', '"pluie", "il pleut", ').replace("4.0", "2.0").replace("Amberlo", "amb*", 1)
    )
    before = corpus.database_file.read_bytes()
    code, out, _ = run(capsys, "topic", "test", draft, "--corpus", corpus.folder, "--json")
    found = json.loads(out)
    assert code == 0
    assert corpus.database_file.read_bytes() == before
    assert found["kept"] == 1
    (gained,), (lost,) = found["gained"], found["lost"]
    assert (gained["article"], gained["term"]) == (article(corpus, "/six"), "event: il pleut")
    assert (lost["article"], lost["term"], lost["why"]) == (article(corpus, "/one"), "event: bac", "rule_not_met")
    hanging = {each["term"]: each["matches"] for each in found["hanging"]["terms"]}
    assert hanging == {"il pleut": 1, "Amberlo": 1, "delta": 1, "naufrage*": 1}
    assert [(each["url"], each["why"]) for each in found["leads"]] == [(f"{SITE}/refused-ferry", "place: Amberlo")]
    code, out, _ = run(capsys, "topic", "test", draft, "--corpus", corpus.folder)
    assert "1 kept, 1 gained, 1 lost" in out


def test_only_leads_count_that_a_crawl_would_fetch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = [(f"/2023/0{month}/04/amberlo", "Le passeur d'Amberlo") for month in (6, 7)]
    corpus = build(tmp_path / "c", refused=[*refused, ("/amberlo", "Un billet d'Amberlo")])
    outlet, settings = corpus.folder / "outlets" / "a.toml", corpus.folder / "corpus.toml"
    address = rf"articles = '^{SITE}/(?P<y>\d{{4}})/(?P<m>\d\d)/(?P<d>\d\d)/'"
    outlet.write_text(outlet.read_text().replace("[[sources]]", f"{address}\n[[sources]]"))
    write(corpus, TOPIC + "\n[window]\nfrom = 2023-07-01\n")
    for command in (("test", "ferry"), ("apply", "--dry-run")):
        _, out, _ = run(capsys, "topic", *command, "--corpus", corpus.folder, "--json")
        urls = [each["url"] if isinstance(each, dict) else each for each in json.loads(out)["leads"]]
        assert urls == [f"{SITE}/2023/07/04/amberlo"]
    settings.write_text(settings.read_text().replace('outlets = ["a"]', "outlets = []"))
    assert json.loads(run(capsys, "topic", "test", "ferry", "--corpus", corpus.folder, "--json")[1])["leads"] == []


def test_a_version_that_nobody_knows_is_a_sentence(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "topic", "test", "ferry", "--corpus", corpus.folder, "--against", "zzz")
    assert (code, "no version begins with 'zzz': known are" in err) == (2, True)
    code, _, err = run(capsys, "topic", "test", "fery", "--corpus", corpus.folder)
    assert (code, "there is no topic 'fery'" in err, "known are ferry" in err) == (2, True, True)


def test_an_article_is_explained_to_the_character(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "topic", "explain", f"{SITE}/one", "--corpus", corpus.folder, "--json")
    values = json.loads(out)
    (found,) = values["topics"]
    assert (code, values["article"], found["decision"], found["missing"]) == (0, article(corpus, "/one"), "match", [])
    ((title, text),) = table(corpus, f"SELECT title, text FROM articles WHERE id = '{values['article']}'")
    texts = {"title": str(title), "text": str(text)}
    assert found["mentions"]
    for each in found["mentions"]:
        assert texts[each["field"]][each["start"] : each["end"]] == each["words"]
        around = f"{each['before'].removeprefix('…')}{each['words']}{each['after'].removesuffix('…')}"
        assert around in " ".join(texts[each["field"]].split())
    assert sum(each["points"] for each in found["sum"]) == found["score"]
    assert found["in_force"]["score"] == found["score"]
    code, out, _ = run(capsys, "topic", "explain", f"{SITE}/one", "--corpus", corpus.folder)
    assert "3 × 1 Amberlo in title" in out
    assert "1 × 2 bac in text" in out


def test_what_a_mask_hides_is_told(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "topic", "explain", f"{SITE}/four", "--corpus", corpus.folder, "--json")
    (found,) = json.loads(out)["topics"]
    assert (code, found["decision"], found["reason"], found["missing"]) == (0, "reject", "masked: place", ["place"])
    (hidden,) = found["hidden"]
    assert (hidden["words"], hidden["field"], hidden["hidden_by"]) == ("Amberlo", "text", "marché d'Amberlo")
    code, _, err = run(capsys, "topic", "explain", "nobody", "--corpus", corpus.folder)
    assert (code, "has no article 'nobody'" in err) == (2, True)


@pytest.mark.parametrize("term", ['" OR text:', "NEAR(a b)", "title:a", "x", "; DROP TABLE articles", "العالم", "日本"])
def test_whatever_a_term_says_it_is_words(
    corpus: Corpus, capsys: pytest.CaptureFixture[str], tmp_path: Path, term: str
) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text(f"[concepts.one]\nfr = [{json.dumps(term)}, 'bac']\n", encoding="utf-8")
    for verb in ("check", "test"):
        code, out, err = run(capsys, "topic", verb, draft, "--corpus", corpus.folder, "--json")
        assert (code, err) == (0, "")
        assert json.loads(out)


def test_two_files_with_one_id_are_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = build(tmp_path / "c", articles={}, refused=())
    write(corpus, TOPIC, "copy")
    code, out, _ = run(capsys, "topic", "check", "--corpus", corpus.folder)
    assert (code, "'id' is 'ferry' in" in out) == (2, True)
