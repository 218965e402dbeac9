"""What people said: into the journal at once, before the matcher, through rebuilds and changed topics."""

import csv
import io
import json
import os
import pty
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.topics import load_topic
from archive.tuning.verdicts import Verdict, enter, said_of, say, take_back
from crawler.clock import utc_now
from tests.command_line import run
from tests.readingroom_desk import at_the_desk
from tests.takedown_act import planned, take_down
from tests.tuning_corpus import TOPIC, again, article, build, decisions, proven, table, write
from tests.verify_corpus import AT, SITE

MATCHED = {"/one": "match", "/two": "match", "/three": "maybe", "/four": "reject", "/five": "reject", "/six": "reject"}


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return build(tmp_path / "c")


def said(corpus: Corpus, path: str, verdict: str, **more: object) -> None:
    topic = load_topic(corpus.folder / "topics" / "ferry.toml")
    db = corpus.database()
    say(corpus, topic, Verdict(article(corpus, path), verdict, **more), utc_now())  # type: ignore[arg-type]
    enter(corpus, db)
    db.close()


def test_a_verdict_decides_and_survives_a_rebuild_and_a_changed_topic(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    assert decisions(corpus) == MATCHED
    said(corpus, "/one", "no", by="me")
    said(corpus, "/five", "yes")
    due = {**MATCHED, "/one": "reject", "/five": "manual"}
    kept = [(SITE + "/five",), (SITE + "/two",)]
    shown = "SELECT url FROM articles WHERE kept = 1 ORDER BY url"
    row = f"SELECT decision, reason, score FROM matches WHERE article_id = '{article(corpus, '/one')}'"
    spans = f"SELECT count(*) FROM match_spans WHERE article_id = '{article(corpus, '/one')}'"
    before = table(corpus, row)
    assert before == [("reject", "by_hand", before[0][2])]
    assert before[0][2] > 4  # type: ignore[operator]
    assert table(corpus, spans)[0][0] > 0  # type: ignore[operator]
    assert decisions(corpus) == due
    assert table(corpus, shown) == kept
    again(corpus)
    assert decisions(corpus) == due
    assert table(corpus, shown) == kept
    assert table(corpus, row) == before
    assert proven(corpus) == []
    write(corpus, TOPIC.replace("4.0", "1.0"))
    assert run(capsys, "topic", "apply", "--corpus", corpus.folder)[0] == 0
    assert decisions(corpus) == {**due, "/three": "match"}
    assert proven(corpus) == []


def test_the_last_verdict_counts_and_unsure_leaves_it_to_the_matcher(corpus: Corpus) -> None:
    for verdict, due in (("no", "reject"), ("yes", "manual"), ("unsure", "match")):
        said(corpus, "/one", verdict)
        assert decisions(corpus)["/one"] == due
    again(corpus)
    assert decisions(corpus)["/one"] == "match"
    verdicts = table(corpus, "SELECT verdict, topic_version FROM labels ORDER BY entry")
    assert [row[0] for row in verdicts] == ["no", "yes", "unsure"]
    assert {row[1] for row in verdicts} == {load_topic(corpus.folder / "topics" / "ferry.toml").version}


def test_a_taken_down_article_takes_its_verdicts_along(corpus: Corpus) -> None:
    said(corpus, "/one", "yes")
    said(corpus, "/two", "no")
    with corpus.lock():
        take_down(corpus, planned(corpus, SITE + "/one"), "a reason", AT)
    assert [row[0] for row in table(corpus, "SELECT verdict FROM labels")] == ["no"]
    again(corpus)
    assert [row[0] for row in table(corpus, "SELECT verdict FROM labels")] == ["no"]
    assert proven(corpus) == []


def label(corpus: Corpus, capsys: pytest.CaptureFixture[str], keys: str, *words: object) -> tuple[int, str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(keys))
        return run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, *words)


def test_articles_are_judged_one_by_one_and_the_next_call_goes_on(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, asked = label(corpus, capsys, "y\nwhat\nn\ns\n", "--by", "me", "-n", "6")
    assert code == 0
    assert "1 of 6" in asked
    assert "4 of 6" in asked
    lines = [line.values for line in corpus.journal.lines() if line.kind == "label"]
    assert [(line["verdict"], line["by"]) for line in lines] == [("yes", "me"), ("no", "me")]
    assert all(line["weight"] == 1.0 and line["stratum"] in ("taken", "below", "rejected") for line in lines)
    assert proven(corpus) == []
    code, out, asked = label(corpus, capsys, "?\ny\ny\ny\n", "-n", "6", "--json")
    assert "2 of 6 are judged already" in asked
    assert {line.values["article"] for line in corpus.journal.lines() if line.kind == "label"} == {
        article(corpus, path) for path in MATCHED
    }
    found = json.loads(out)
    assert found["unsure"] == 1
    assert sum(each["articles"] for each in found["strata"]) == 6
    code, out, asked = label(corpus, capsys, "", "-n", "6", "--json")
    assert json.loads(out) == found
    assert "6 of 6 are judged already" in asked


def test_of_two_who_look_at_one_article_the_first_is_heard(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    class Keys(io.StringIO):
        """Another person judges all articles while this one thinks about the first."""

        def readline(self, size: int | None = -1) -> str:
            if not corpus.database().execute("SELECT 1 FROM labels").fetchone():
                for path in MATCHED:
                    said(corpus, path, "no", by="another")
            return super().readline(-1 if size is None else size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", Keys("y\ny\n"))
        code, _, err = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--by", "me")
    assert (code, err.count("another said no of it meanwhile: that stands, yours is left out")) == (0, 1)
    assert table(corpus, "SELECT DISTINCT judged_by FROM labels") == [("another",)]
    assert proven(corpus) == []


def test_on_a_terminal_a_key_is_enough(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    ours, theirs = pty.openpty()
    done = threading.Event()

    def press() -> None:
        # What is typed before the question is dropped, so the key is pressed again and again
        while not done.wait(0.02):
            os.write(ours, b"y")

    person = threading.Thread(target=press)
    with os.fdopen(theirs, "r") as terminal, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", terminal)
        person.start()
        try:
            code, _, _ = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder)
        finally:
            done.set()
            person.join()
    os.close(ours)
    assert code == 0
    said_ = [line.values["verdict"] for line in corpus.journal.lines() if line.kind == "label"]
    assert said_ == ["yes"] * len(MATCHED)


def test_the_figures_are_those_of_the_verdicts(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    strata = {"/one": "taken", "/two": "taken", "/three": "below", "/four": "rejected", "/five": "rejected"}
    for path, stratum in strata.items():
        said(corpus, path, "yes" if path != "/five" else "no", stratum=stratum, weight=1.0)
    code, out, _ = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--report", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["precision"]["value"], found["recall"]["value"]) == (1.0, pytest.approx(2 / 4.5))
    assert found["precision"]["low"] == pytest.approx(0.34238, abs=1e-5)  # Wilson, 2 of 2
    assert found["best"]["min_score"] == 2.0
    code, out, _ = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--report")
    assert "precision  1.00, with 95 % confidence 0.34 to 1.00" in out
    against = f"against {found['now']['f1']:.2f} as it is"
    assert "at min_score 2 (" in out
    assert against in out
    with at_the_desk(corpus) as me:
        assert f"{against}; by these verdicts" in me.get("/topic/ferry/label?report=1").text
        write(corpus, TOPIC.replace("4.0", "2.0"))
        shown = me.get("/topic/ferry/label?report=1").text
    assert "with min_score as it is: precision" in shown
    assert "against" not in shown
    _, out, _ = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--report")
    assert "with min_score as it is (precision" in out


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_sample_goes_out_and_comes_back(
    corpus: Corpus, capsys: pytest.CaptureFixture[str], tmp_path: Path, ending: str
) -> None:
    sheet = tmp_path / f"sheet.{ending}"
    assert run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--sample", sheet)[0] == 0
    code, _, err = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--sample", sheet)
    assert (code, "is there already" in err) == (2, True)
    if ending == "csv":
        with sheet.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    else:
        rows = list(map(json.loads, sheet.read_text().splitlines()))
    assert {row["article"] for row in rows} == {article(corpus, path) for path in MATCHED}
    other = tmp_path / f"other.{ending}"
    _, out, _ = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--sample", other, "--json")
    assert json.loads(out) == {"file": str(other), "articles": len(MATCHED), "judged": 0}
    assert other.read_bytes() == sheet.read_bytes()
    verdicts = ["yes", "no", "", "unsure", "perhaps", "yes"]
    for row, verdict in zip(rows, verdicts, strict=True):
        row["verdict"] = verdict
    rows[5]["article"] = "nobody"
    if ending == "csv":
        with sheet.open("w", newline="", encoding="utf-8") as file:
            table_ = csv.DictWriter(file, list(rows[0]))
            table_.writeheader()
            table_.writerows(rows)
    else:
        sheet.write_text("".join(json.dumps(row) + "\n" for row in rows) + "no json\n")
    words = ("topic", "label", "ferry", "--corpus", corpus.folder, "--from", sheet, "--by", "me")
    code, out, err = run(capsys, *words, "--json")
    assert code == 1
    assert len(json.loads(out)["bad"]) == (2 if ending == "csv" else 3)
    assert "the verdict 'perhaps' is neither yes, no nor unsure" in err
    assert "has no article 'nobody'" in err
    lines = [line.values for line in corpus.journal.lines() if line.kind == "label"]
    assert [(line["article"], line["verdict"], line["by"], line["weight"]) for line in lines] == [
        (rows[at]["article"], verdicts[at], "me", 1.0) for at in (0, 1, 3)
    ]
    run(capsys, *words)
    assert len([line for line in corpus.journal.lines() if line.kind == "label"]) == 3
    assert proven(corpus) == []
    rest = tmp_path / f"rest.{ending}"
    assert run(capsys, *words[:5], "--sample", rest)[0] == 0
    left = rest.read_text()
    assert [row["article"] in left for row in rows if row["article"] != "nobody"] == [False, False, True, False, True]


def test_a_file_that_is_no_list_of_verdicts_is_a_sentence(
    corpus: Corpus, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sheet = tmp_path / "odd.csv"
    sheet.write_text("id,said\na,yes\n")
    code, _, err = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--from", sheet)
    assert (code, f"{sheet}:1: the column 'article' is missing" in err) == (2, True)
    code, _, err = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--from", tmp_path / "x.txt")
    assert (code, "must end in .csv or .jsonl" in err) == (2, True)


def test_a_line_that_is_no_verdict_breaks_no_rebuild(corpus: Corpus) -> None:
    corpus.journal.append("label", AT, article="nobody")
    corpus.journal.append("label", AT, article=article(corpus, "/one"), topic="ferry", verdict="perhaps")
    corpus.journal.append("label", AT, article="nobody", topic="nothing", verdict="yes")
    corpus.journal.append("topic", AT, topic="ferry", topic_version="1", toml="schema = 2")
    again(corpus)
    assert table(corpus, "SELECT article_id, verdict FROM labels") == [("nobody", "yes")]
    assert decisions(corpus) == MATCHED
    assert proven(corpus) == []


def test_a_release_takes_the_verdicts_along_and_leaves_names_at_home(
    corpus: Corpus, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said(corpus, "/one", "yes", by="A. Judge", stratum="taken", weight=2.0)
    said(corpus, "/two", "no", by="A. Judge")
    assert run(capsys, "export", tmp_path / "out", "--corpus", corpus.folder)[0] == 0
    with closing(sqlite3.connect(tmp_path / "out" / "corpus.sqlite")) as release:
        rows = release.execute("SELECT article_id, verdict, weight, judged_by FROM labels").fetchall()
    assert rows == [(article(corpus, "/one"), "yes", 2.0, None)]


def test_undo_gives_the_word_back_to_the_matcher_and_asks_again(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, asked = label(corpus, capsys, "u\nn\ny\nu\nu\nn\nq\n", "--by", "me")
    assert code == 0
    assert "no verdict of me is left to undo" in asked
    lines = [line.values for line in corpus.journal.lines() if line.kind == "label"]
    assert [line["verdict"] for line in lines] == ["no", "yes", "withdrawn", "withdrawn", "no"]
    assert [line["withdraws"] for line in lines if line["verdict"] == "withdrawn"] == [
        line.n for line in corpus.journal.lines() if line.values.get("verdict") in ("yes", "no")
    ][1::-1]
    assert lines[0]["article"] == lines[4]["article"]
    assert len(table(corpus, "SELECT * FROM labels")) == 1
    again(corpus)
    assert table(corpus, "SELECT verdict FROM labels") == [("no",)]
    assert proven(corpus) == []
    code, _, asked = label(corpus, capsys, "u\nq\n", "--by", "another")
    assert "no verdict of another is left to undo" in asked
    label(corpus, capsys, "u\nq\n", "--by", "me")
    assert decisions(corpus) == MATCHED
    again(corpus)
    assert decisions(corpus) == MATCHED
    assert proven(corpus) == []


def test_a_withdrawal_leaves_the_verdict_before_it(corpus: Corpus) -> None:
    said(corpus, "/one", "no", by="me")
    said(corpus, "/one", "yes", by="you")
    topic = load_topic(corpus.folder / "topics" / "ferry.toml")
    with closing(corpus.database()) as db:
        entry = max(each.entry for each in said_of(corpus, db, "ferry").verdicts)
        assert take_back(corpus, db, topic, entry, utc_now(), "you") is not None
        assert take_back(corpus, db, topic, entry, utc_now(), "you") is None
        enter(corpus, db)
    assert decisions(corpus)["/one"] == "reject"
    # Of a line that names no verdict of this article nothing follows
    for withdraws in (None, "1", [1], -1, 10**30, True):
        corpus.journal.append(
            "label", AT, article=article(corpus, "/two"), topic="ferry", verdict="withdrawn", withdraws=withdraws
        )
    again(corpus)
    assert decisions(corpus)["/one"] == "reject"
    assert proven(corpus) == []


def test_verdicts_of_a_sheet_keep_the_version_that_it_names(
    corpus: Corpus, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    words = ("topic", "label", "ferry", "--corpus", corpus.folder)
    run(capsys, *words, "--sample", sheet)
    before = load_topic(corpus.folder / "topics" / "ferry.toml")
    with sheet.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    now = load_topic(write(corpus, TOPIC.replace("4.0", "1.0")))
    for row, verdict in zip(rows, ("yes", "no", "yes", "", "", ""), strict=True):
        row["verdict"] = verdict
    rows[1]["topic_version"] = ""
    rows[2]["topic_version"] = "7"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        table_ = csv.DictWriter(file, list(rows[0]))
        table_.writeheader()
        table_.writerows(rows)
    code, _, err = run(capsys, *words, "--from", sheet)
    assert code == 1
    assert f"1 verdicts were given on version {before.short_version} of ferry" in err
    assert "the topic_version '7' is none" in err
    versions = [line.values["topic_version"] for line in corpus.journal.lines() if line.kind == "label"]
    assert versions == [before.version, now.version]
