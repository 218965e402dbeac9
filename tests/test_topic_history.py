"""What earlier versions of a topic decided is part of the journal: a rebuild knows it too."""

from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.judging import TAKEN, decisions_of
from archive.rebuild import rebuild
from archive.topics import load_topic
from archive.tuning.in_force import apply_topics, gone, waiting
from archive.tuning.named import article_named
from archive.tuning.verdicts import Verdict, enter, say
from crawler.clock import utc_now
from tests.test_topic_apply import WIDER
from tests.tuning_corpus import TOPIC, build, proven, write
from tests.verify_corpus import SITE, readers

TABLES = ("topics", "matches", "match_spans", "labels", "events", "kin")


def apply(corpus: Corpus) -> None:
    with closing(corpus.database()) as db:
        topics = corpus.topics()
        apply_topics(corpus, db, waiting(db, topics), utc_now(), retired=gone(db, topics))


def judge(corpus: Corpus, path: str, verdict: str) -> None:
    topic = load_topic(corpus.folder / "topics" / "ferry.toml")
    with closing(corpus.database()) as db:
        say(corpus, topic, Verdict(article_named(db, SITE + path), verdict), utc_now())
        enter(corpus, db)


def rows(db: Database) -> dict[str, list[tuple[object, ...]]]:
    return {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in TABLES}


def made_again(corpus: Corpus, into: Path) -> dict[str, list[tuple[object, ...]]]:
    into.unlink(missing_ok=True)
    rebuild(corpus, readers(corpus), into=into)
    with closing(Database(str(into))) as db:
        return rows(db)


def test_a_rebuild_gives_what_each_version_decided(tmp_path: Path) -> None:
    corpus = build(tmp_path / "c")
    file = write(corpus, TOPIC)
    judge(corpus, "/five", "yes")
    steps = [WIDER, f"# as at first\n{TOPIC}", TOPIC.replace("4.0", "2.0"), WIDER, None, TOPIC]
    for number, step in enumerate(steps):
        if step is None:
            file.unlink()
        else:
            write(corpus, step)
        apply(corpus)
        if number == 1:
            judge(corpus, "/one", "no")
        with closing(corpus.database()) as db:
            here = rows(db)
        assert made_again(corpus, tmp_path / "again.db") == here, number
        assert proven(corpus) == []
    with closing(corpus.database()) as db:
        taken = db.execute(
            "SELECT topic_version, group_concat(DISTINCT decision) FROM matches GROUP BY 1 HAVING count(*) > 1"
        ).fetchall()
    assert len(taken) == 3
    assert all(set(TAKEN) & set(decisions.split(",")) for _, decisions in taken)


def test_what_was_decided_behind_a_run_that_was_killed_is_told(tmp_path: Path) -> None:
    corpus = build(tmp_path / "c")
    old, new = load_topic(corpus.folder / "topics" / "ferry.toml"), load_topic(write(corpus, WIDER))
    with closing(corpus.database()) as db:
        decided = decisions_of(db, "ferry", old.version)
    change = {"topic_version": new.version, "toml": new.toml, "before": old.version, "toml_before": old.toml}
    # As a run leaves it that is killed before its rows are whole
    corpus.journal.append("topic", utc_now(), topic="ferry", **change, decided=decided)
    write(corpus, TOPIC)
    judge(corpus, "/five", "yes")
    write(corpus, WIDER)
    apply(corpus)
    with closing(corpus.database()) as db:
        here = rows(db)
        assert len(decisions_of(db, "ferry", old.version)) == len(decided) + 1
    assert made_again(corpus, tmp_path / "again.db") == here
