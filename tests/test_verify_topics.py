"""Rows are right by the version of a topic that is in force, whatever its file says by now."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.custody import Account, verify
from archive.intake import Entry, Group
from archive.topics import load_topic
from archive.tuning.verdicts import Verdict, enter, say
from crawler.clock import utc_now
from tests.command_line import run
from tests.tuning_corpus import TOPIC, again, article, build, table, write
from tests.verify_corpus import copied, faults, proved, readers


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("topics") / "c")


@pytest.fixture
def corpus(whole: Corpus, tmp_path: Path) -> Corpus:
    return copied(whole, tmp_path / "c")


def remarks(account: Account) -> list[str]:
    return [f"{each.place}: {each.what}" for each in account.findings if not each.fault]


def test_a_changed_file_is_one_line_and_no_fault(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    before = load_topic(corpus.folder / "topics" / "ferry.toml").short_version
    write(corpus, TOPIC.replace("4.0", "1.0"))
    said = f"topic ferry: file changed since version {before}, run `hemeroteca topic apply`"
    for quick in (True, False):
        account = proved(corpus, quick=quick)
        assert account.proven
        assert remarks(account) == [said]
    code, out, _ = run(capsys, "verify", "--corpus", corpus.folder, "--quick")
    assert code == 0
    assert [line for line in out.splitlines() if "topic" in line] == [f"said: rows: {said}"]
    assert run(capsys, "topic", "apply", "--corpus", corpus.folder)[0] == 0
    account = proved(corpus)
    assert (account.proven, remarks(account)) == (True, [])


def test_another_layout_of_the_file_is_no_change(corpus: Corpus) -> None:
    write(corpus, f"# a remark\n{TOPIC}")
    account = proved(corpus)
    assert (faults(account), remarks(account)) == ([], [])


def test_a_version_that_comes_back_in_another_layout_is_no_fault(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in (TOPIC.replace("4.0", "1.0"), f"# a remark\n{TOPIC}", TOPIC.replace("4.0", "9.0")):
        write(corpus, text)
        assert run(capsys, "topic", "apply", "--corpus", corpus.folder)[0] == 0
    assert table(corpus, "SELECT count(*) FROM topics WHERE toml LIKE '# a remark%'") == [(1,)]
    assert faults(proved(corpus)) == []
    with closing(corpus.database()) as db:
        db.execute("UPDATE topics SET toml = replace(toml, '4.0', '5.0') WHERE toml LIKE '# a remark%'")
        db.commit()
    (fault,) = faults(proved(corpus))
    assert "toml is" in str(fault)


def test_files_that_are_new_gone_or_broken_are_told(corpus: Corpus) -> None:
    write(corpus, TOPIC.replace('"ferry"', '"boat"'), "boat")
    assert remarks(proved(corpus)) == ["topic boat: not in force yet, run `hemeroteca topic apply`"]
    path = write(corpus, "schema = 2", "boat")
    account = proved(corpus)
    assert account.proven
    (said,) = remarks(account)
    assert said.startswith("topics/boat.toml: file cannot be used: ")
    path.unlink()
    (corpus.folder / "topics" / "ferry.toml").unlink()
    account = proved(corpus)
    assert account.proven
    assert remarks(account) == ["topic ferry: file is gone, run `hemeroteca topic apply`"]


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [("version", "0" * 64, "its text gives the version"), ("toml", "schema = 2", "its text is no topic")],
)
def test_a_topic_row_that_is_not_what_its_version_says_is_a_fault(
    corpus: Corpus, column: str, value: str, what: str
) -> None:
    with closing(corpus.database()) as db:
        db.execute(f"UPDATE topics SET {column} = ?", [value])
    assert any(what in each for each in faults(proved(corpus, quick=True)))


def test_a_changed_decision_is_a_fault_though_the_file_changed_too(corpus: Corpus) -> None:
    write(corpus, TOPIC.replace("4.0", "1.0"))
    with closing(corpus.database()) as db:
        db.execute("UPDATE matches SET decision = 'match' WHERE decision = 'maybe'")
    assert any("decision is 'match', and 'maybe' when it is made again" in each for each in faults(proved(corpus)))


def test_a_verdict_that_comes_while_the_records_are_read_is_no_fault(corpus: Corpus) -> None:
    topic = load_topic(corpus.folder / "topics" / "ferry.toml")
    one = article(corpus, "/one")
    read = readers(corpus)

    def interrupted(groups: Iterable[Group]) -> Iterator[tuple[Group, Entry | None]]:
        for at, each in enumerate(read(groups)):
            if at == 2:
                say(corpus, topic, Verdict(one, "no"), utc_now())
                with closing(corpus.database()) as db:
                    enter(corpus, db)
            yield each

    assert faults(verify(corpus, interrupted)) == []
    assert table(corpus, "SELECT verdict FROM labels") == [("no",)]


def test_kin_that_waits_for_the_next_crawl_is_told_and_no_fault(tmp_path: Path) -> None:
    report = "Le bac d'Amberlo " + " ".join(f"mot{n} suivi" for n in range(80))
    corpus = build(tmp_path / "c", {"/one": ("Le bac", report), "/two": ("Le bac encore", report)})
    topic = load_topic(corpus.folder / "topics" / "ferry.toml")
    assert len(table(corpus, "SELECT * FROM kin")) == 1
    account = proved(corpus)
    assert (faults(account), remarks(account)) == ([], [])
    say(corpus, topic, Verdict(article(corpus, "/one"), "no"), utc_now())
    with closing(corpus.database()) as db:
        enter(corpus, db)
    account = proved(corpus)
    assert faults(account) == []
    assert remarks(account) == ["kin: what was decided since the last run changes it: the next crawl writes it anew"]
    again(corpus)
    assert table(corpus, "SELECT * FROM kin") == []
    account = proved(corpus)
    assert (faults(account), remarks(account)) == ([], [])
