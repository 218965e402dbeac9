"""A changed topic comes into force: whole or not at all, with its past, and with the leads it goes back for."""

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.model import Lead
from archive.topics import load_topic
from archive.tuning.in_force import apply_topics, index_of
from archive.tuning.verdicts import Verdict, enter, say
from crawler.clock import utc_now
from crawler.frontier import Frontier
from tests.command_line import run
from tests.tuning_corpus import ARTICLES, TOPIC, again, article, build, decisions, proven, table, write
from tests.verify_corpus import SITE

WIDER = TOPIC.replace("4.0", "1.0").replace('"delta"]', '"delta"]\nen = ["passeur"]')


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return build(tmp_path / "c")


def apply(corpus: Corpus, capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    code, out, _ = run(capsys, "topic", "apply", "--corpus", corpus.folder, "--json", *words)
    assert code == 0
    return json.loads(out)  # type: ignore[no-any-return]


def waiting(corpus: Corpus) -> list[Lead]:
    frontier = Frontier(corpus.state_file)
    found = frontier.lease("a", 100, utc_now() + timedelta(days=1))
    frontier.close()
    return found


def test_nothing_is_applied_where_nothing_changed(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    before = corpus.journal.head
    found = apply(corpus, capsys)
    assert found["topics"] == []
    assert corpus.journal.head == before


def test_a_changed_topic_decides_anew_and_the_past_stays(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    old = load_topic(corpus.folder / "topics" / "ferry.toml")
    new = load_topic(write(corpus, WIDER))
    told = apply(corpus, capsys, "--dry-run")
    assert decisions(corpus)["/three"] == "maybe"
    found = apply(corpus, capsys)
    (row,) = found["topics"]  # type: ignore[misc]
    assert (row["before"], row["version"], len(row["gained"]), row["lost"]) == (old.version, new.version, 1, [])
    assert told["topics"] == [{"topic": "ferry", "version": new.version, "kept": 2, "gained": 1, "lost": 0}]
    assert decisions(corpus)["/three"] == "match"
    history = "SELECT count(*) FROM matches WHERE topic_version = '{}'"
    assert table(corpus, history.format(old.version)) == [(4,)]
    assert table(corpus, "SELECT url FROM articles WHERE kept = 1 ORDER BY url")[1] == (SITE + "/three",)
    assert proven(corpus) == []
    rows = "SELECT * FROM matches WHERE topic_version = '{}' ORDER BY article_id"
    made, spans = (
        table(corpus, rows.format(new.version)),
        table(corpus, "SELECT * FROM match_spans ORDER BY 1, 2, 3, 4"),
    )
    again(corpus)
    assert table(corpus, rows.format(new.version)) == made
    assert table(corpus, "SELECT * FROM match_spans ORDER BY 1, 2, 3, 4") == spans
    assert table(corpus, "SELECT version, current FROM topics ORDER BY current") == [(old.version, 0), (new.version, 1)]
    assert proven(corpus) == []
    code, out, _ = run(
        capsys, "topic", "test", "ferry", "--corpus", corpus.folder, "--against", old.version[:8], "--json"
    )
    assert (code, json.loads(out)["against"], len(json.loads(out)["gained"])) == (0, old.version, 1)


def test_leads_that_are_wanted_now_are_queued_once(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    first = apply(corpus, capsys)
    # The lead names the place: the topic of the file would have taken it in the first place
    assert first["leads"] == [SITE + "/refused-ferry"]
    assert [(lead.url, lead.title) for lead in waiting(corpus)] == [(SITE + "/refused-ferry", "Le passeur d'Amberlo")]
    write(corpus, WIDER.replace("passeur", "soupe"))
    second = apply(corpus, capsys)
    assert second["leads"] == [SITE + "/refused-ferry", SITE + "/refused-soup"]
    assert second["queued"] == 1
    assert {lead.url for lead in waiting(corpus)} == set(second["leads"])  # type: ignore[arg-type]
    assert proven(corpus) == []


def test_leads_that_are_wanted_no_more_are_let_go(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    write(corpus, WIDER.replace("passeur", "soupe"))
    found = apply(corpus, capsys)
    assert (len(waiting(corpus)), found["dropped"]) == (2, 0)
    write(corpus, TOPIC)
    assert "no topic wants any more: 1" in run(capsys, "topic", "apply", "--corpus", corpus.folder)[1]
    assert [lead.url for lead in waiting(corpus)] == [SITE + "/refused-ferry"]
    write(corpus, WIDER.replace("passeur", "soupe"))
    assert apply(corpus, capsys)["queued"] == 1
    assert len(waiting(corpus)) == 2


def test_stopped_half_way_all_is_as_it_was(corpus: Corpus) -> None:
    topic = load_topic(write(corpus, WIDER))
    touched = [f"SELECT * FROM {name}" for name in ("topics", "matches", "match_spans", "articles")]
    before = [table(corpus, each) for each in touched]

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    db = corpus.database()
    with pytest.raises(KeyboardInterrupt):
        apply_topics(corpus, db, [topic], utc_now(), progress=stop)
    db.close()
    assert [
        table(corpus, f"SELECT * FROM {name}") for name in ("topics", "matches", "match_spans", "articles")
    ] == before
    assert [line.kind for line in corpus.journal.lines() if line.kind == "topic"] == []


def test_a_topic_whose_file_is_gone_is_out_of_force(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    write(corpus, TOPIC.replace('"ferry"', '"other"').replace("4.0", "9.0"), "other")
    apply(corpus, capsys)
    (corpus.folder / "topics" / "ferry.toml").unlink()
    found = apply(corpus, capsys)
    assert found["retired"] == ["ferry"]
    assert decisions(corpus) == {}
    taken = [decision for decision in decisions(corpus, "other").values() if decision == "match"]
    assert table(corpus, "SELECT count(*) FROM articles WHERE kept = 1") == [(len(taken),)]
    assert proven(corpus) == []


def test_verdicts_wait_for_a_topic_whose_file_is_gone(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    file = corpus.folder / "topics" / "ferry.toml"
    with closing(corpus.database()) as db:
        for path in ("/one", "/one", "/five"):
            say(corpus, load_topic(file), Verdict(article(corpus, path), "yes"), utc_now())
        enter(corpus, db)
    file.unlink()
    _, out, _ = run(capsys, "topic", "apply", "--corpus", corpus.folder)
    assert "ferry: out of force" in out
    assert "2 judged articles wait for a file of this id" in out
    write(corpus, TOPIC)
    _, out, _ = run(capsys, "topic", "apply", "--corpus", corpus.folder)
    assert "is in force, before it none; 3 articles" in out
    assert decisions(corpus)["/five"] == "manual"


def test_a_draft_is_no_topic_of_the_corpus(corpus: Corpus, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    draft = tmp_path / "draft.toml"
    draft.write_text(TOPIC)
    code, _, err = run(capsys, "topic", "apply", draft, "--corpus", corpus.folder)
    assert (code, "is no topic of this corpus: copy it" in err) == (2, True)


def test_a_crawl_brings_a_changed_topic_into_force_first(corpus: Corpus) -> None:
    new = load_topic(write(corpus, WIDER))
    db = corpus.database()
    index_of(corpus, db, corpus.topics(), utc_now())
    db.close()
    assert decisions(corpus)["/three"] == "match"
    assert [line.values["topic_version"] for line in corpus.journal.lines() if line.kind == "topic"] == [new.version]
    assert proven(corpus) == []


def test_there_and_back_again(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    first = load_topic(corpus.folder / "topics" / "ferry.toml").version
    begun = decisions(corpus)
    second = load_topic(write(corpus, WIDER)).version
    apply(corpus, capsys)
    rows = f"SELECT article_id, score, decision, reason FROM matches WHERE topic_version = '{second}' ORDER BY 1"
    wide = table(corpus, rows)
    write(corpus, TOPIC)
    back = apply(corpus, capsys)
    assert [(row["before"], row["version"]) for row in back["topics"]] == [(second, first)]  # type: ignore[attr-defined]
    assert decisions(corpus) == begun
    assert table(corpus, rows) == wide
    assert proven(corpus) == []
    write(corpus, WIDER)
    apply(corpus, capsys)
    assert table(corpus, rows) == wide
    told = [(line.values["before"], line.values["topic_version"]) for line in list(corpus.journal.lines())[-3:]]
    assert told == [(first, second), (second, first), (first, second)]
    assert proven(corpus) == []


def test_near_copies_are_told_of_the_articles_in_view(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Le bac d'Amberlo. " + " ".join(f"On compte {number} barques au bord de la rive." for number in range(40))
    corpus = build(tmp_path / "c", {**ARTICLES, "/copy": ("Les barques", text), "/twin": ("Barques", text + " Fin.")})
    assert table(corpus, "SELECT count(*) FROM kin") == [(0,)]
    write(corpus, WIDER)
    apply(corpus, capsys)
    assert table(corpus, "SELECT DISTINCT relation FROM kin") == [("copy",)]
    assert proven(corpus) == []


def test_a_topic_with_a_new_id_is_a_new_topic(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    begun = decisions(corpus)
    (corpus.folder / "topics" / "ferry.toml").unlink()
    write(corpus, TOPIC.replace('id = "ferry"', 'id = "boat"'), "boat")
    found = apply(corpus, capsys)
    assert (found["retired"], [row["before"] for row in found["topics"]]) == (["ferry"], [None])  # type: ignore[attr-defined]
    assert decisions(corpus, "boat") == begun
    assert table(corpus, "SELECT count(*) FROM matches WHERE topic = 'ferry' AND decision = 'match'") == [(2,)]
    assert table(corpus, "SELECT count(*) FROM match_spans WHERE topic = 'ferry'") == [(0,)]
    assert table(corpus, "SELECT count(*) FROM articles WHERE kept = 1") == [(2,)]
    assert proven(corpus) == []


def test_what_leaves_the_view_stays_in_the_corpus_and_is_explained(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    old = load_topic(corpus.folder / "topics" / "ferry.toml").version
    write(corpus, TOPIC.replace("[rule]", '[outlets]\nexclude = ["a"]\n[rule]'))
    (row,) = apply(corpus, capsys)["topics"]  # type: ignore[misc]
    assert (row["articles"], len(row["lost"])) == (0, 2)
    assert table(corpus, "SELECT count(*) FROM articles WHERE kept = 1") == [(0,)]
    one = row["lost"][0]
    _, out, _ = run(capsys, "topic", "explain", one, "--corpus", corpus.folder, "--json")
    (said,) = json.loads(out)["topics"]
    assert (said["decision"], said["reason"], said["in_force"]["reason"]) == ("reject", *["other_outlet: a"] * 2)
    assert table(corpus, f"SELECT decision FROM matches WHERE topic_version = '{old}' AND article_id = '{one}'") == [
        ("match",)
    ]
    assert proven(corpus) == []


def test_an_article_without_a_row_is_a_reject_that_can_be_explained(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    assert table(corpus, "SELECT count(*) FROM matches") == [(4,)]
    _, out, _ = run(capsys, "topic", "explain", SITE + "/six", "--corpus", corpus.folder, "--json")
    (said,) = json.loads(out)["topics"]
    in_force = said["in_force"]
    assert (in_force["decision"], in_force["reason"], in_force["score"]) == ("reject", "concept_missing: event", 0.0)


def test_rows_of_an_earlier_version_of_the_program_go(corpus: Corpus) -> None:
    """It had one for each article and topic."""
    rows = table(corpus, "SELECT * FROM matches ORDER BY article_id")
    db = corpus.database()
    with db.atomic():
        db.execute(
            "INSERT INTO matches SELECT a.id, t.id, t.version, 0.0, 'reject', 'concept_missing: event'"
            " FROM articles a, topics t WHERE NOT EXISTS (SELECT 1 FROM matches WHERE article_id = a.id)"
        )
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'matches_of_met_rules'")
    assert db.execute("SELECT count(*) FROM matches").fetchone() == (6,)
    db.close()
    assert table(corpus, "SELECT * FROM matches ORDER BY article_id") == rows
    assert table(corpus, "SELECT current FROM topics") == [(1,)]
    assert proven(corpus) == []


def test_while_another_process_writes_it_is_told(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    write(corpus, WIDER)
    with corpus.lock():
        code, _, said = run(capsys, "topic", "apply", "--corpus", corpus.folder)
    assert (code, "another process writes" in said) == (3, True)
    assert decisions(corpus)["/three"] == "maybe"


def test_leads_of_an_outlet_that_is_gone_are_told(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    settings = corpus.folder / "corpus.toml"
    settings.write_text(settings.read_text().replace('outlets = ["a"]', "outlets = []"))
    found = apply(Corpus(corpus.folder), capsys)
    assert (found["leads"], found["queued"], found["unwatched"]) == ([], 0, 2)
    _, out, _ = run(capsys, "topic", "apply", "--corpus", corpus.folder)
    assert "refused leads of outlets that corpus.toml does not name, left alone: 2" in out
