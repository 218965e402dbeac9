"""The manners of the command: sentences for errors, JSON for machines, no secret in either."""

import json
from pathlib import Path

import pytest

from crawler.cli import VERBS
from crawler.verbs.init import make
from spiders.kit.catalogue import catalogue
from tests.command_line import PAGE, run, warc


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help_with_an_example_or_none_to_give(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    code, out, _ = run(capsys, verb, "--help")
    assert code == 0
    assert out.startswith(f"Usage: hemeroteca {verb}")
    assert "Example" in out or verb == "demo"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["crawl", "--corpus", "nowhere"], "is not a corpus"),
        (["serve", "--corpus", "nowhere"], "is not a corpus"),
        (["rebuild", "--corpus", "nowhere"], "is not a corpus"),
        (["export", "out", "--corpus", "nowhere"], "is not a corpus"),
        (["outlets", "--corpus", "nowhere"], "is no directory"),
        (["crawl", "--since", "yesterday"], "write it as 2023-07-26"),
        (["crawl", "--max-time", "soon"], "write 90s, 50m or 2h"),
        (["read"], "Missing argument"),
        (["crwl"], "No such command"),
    ],
)
def test_wrong_usage_is_told_in_words(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    words: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *words)
    assert code == 2
    assert says in err
    assert out == ""


def test_init_says_what_comes_next_and_does_not_overwrite(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "niger"
    code, _, err = run(capsys, "init", folder)
    assert code == 0
    assert "write your contact into" in err
    text = (folder / "corpus.toml").read_text(encoding="utf-8")
    assert (folder / "topics" / "niger-coup-2023.toml").is_file()
    code, _, err = run(capsys, "init", folder)
    assert code == 2
    assert "corpus already" in err
    assert (folder / "corpus.toml").read_text(encoding="utf-8") == text


def test_a_misspelt_topic_key_names_file_line_and_key(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "c"
    make(folder, contact="a@example.org", title=None, outlets=("mediapart",), topic=True)
    file = folder / "topics" / "niger-coup-2023.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith("title"))
    lines[number] = lines[number].replace("title", "titel", 1)
    file.write_text("\n".join(lines), encoding="utf-8")
    code, _, err = run(capsys, "crawl", "--corpus", folder, "--dry-run")
    assert code == 2
    assert f"niger-coup-2023.toml:{number + 1}" in err
    assert "'titel'" in err
    assert "title" in err


def test_a_dry_run_asks_for_nothing_and_writes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "c"
    make(folder, contact="a@example.org", title=None, outlets=("mediapart", "almonitor"), topic=True)
    before = sorted(folder.rglob("*"))
    code, out, _ = run(capsys, "crawl", "--corpus", folder, "--dry-run", "--json")
    assert code == 0
    rows = json.loads(out)
    assert [row["outlet"] for row in rows] == ["mediapart", "almonitor"]
    assert "a@example.org" in rows[0]["user_agent"]
    assert rows[0]["delay"] > 0
    assert sorted(folder.rglob("*")) == before


def test_outlets_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "outlets", "--json")
    assert code == 0
    rows = {row["name"]: row for row in json.loads(out)}
    assert rows.keys() >= {"mediapart", "almonitor"}
    assert "2023" in rows["mediapart"]["proven"]
    assert rows["almonitor"]["proven"] is None
    assert rows["almonitor"]["waits"]


def test_outlets_says_what_was_read_and_what_waits(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "outlets")
    assert code == 0
    words = " ".join(out.split())
    for each in catalogue().values():
        assert each.title in words
        assert (each.proven or "no page yet").split()[0] in words
        assert each.waits is None or each.waits.split()[0] in words


def test_rebuild_writes_over_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "c"
    make(folder, contact="a@example.org", title=None, outlets=("mediapart",), topic=False)
    truth = warc(folder / "warc", ("https://replica.example/1", PAGE))
    for file in (truth, folder / "corpus.toml"):
        before = file.read_bytes()
        code, _, err = run(capsys, "rebuild", "--corpus", folder, "--into", file)
        assert code == 2
        assert "nothing is written over" in err
        assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "says"), [(["--contact", "nobody"], "is no contact"), (["--outlet", "mediaprat"], "mediapart")]
)
def test_init_refuses_nonsense(capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], says: str) -> None:
    code, _, err = run(capsys, "init", tmp_path / "c", *words)
    assert code == 2
    assert says in err
    assert not (tmp_path / "c").exists()


def test_the_surroundings_are_not_our_fault(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    code, _, err = run(capsys, "init", tmp_path / "file" / "c")
    assert code == 2
    assert "fault of its own" not in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["crawl", "--password=Gargoyle-77"], "--password is no option"),
        (["crawl", "--user", "Gargoyle-77"], "--user is no option"),
        (["init", "c", "--contact", "https://reader:Gargoyle-77@desk.example/"], "word 4 of the command"),
        (["read", "page.html", "--url=http://reader:Gargoyle-77@desk.example/"], "word 3 of the command"),
        (["crawl", "//reader:Gargoyle-77@desk.example/"], "word 2 of the command"),
    ],
)
def test_the_command_line_is_no_place_for_a_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert says in err
    assert "HEMEROTECA_LOGIN_" in err
    assert "Gargoyle-77" not in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_error_does_not_repeat_a_secret(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEMEROTECA_LOGIN_GAZETTE_PASSWORD", "Gargoyle-77")
    for words in (["crawl", "--since", "Gargoyle-77"], ["crawl", "--corpus", "Gargoyle-77"], ["Gargoyle-77"]):
        code, _, err = run(capsys, *words)
        assert code == 2
        assert "Gargoyle-77" not in err
        assert "[withheld]" in err


def test_a_database_that_is_none_has_a_code_of_its_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "c"
    make(folder, contact="a@example.org", title=None, outlets=("mediapart",), topic=False)
    (folder / "corpus.db").write_text("This is a letter. " * 400)
    code, _, err = run(capsys, "export", tmp_path / "out", "--corpus", folder)
    assert code == 5
    assert "hemeroteca rebuild" in err
    assert err.count("\n") == 1
