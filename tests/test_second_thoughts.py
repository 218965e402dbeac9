"""Leads that a topic refused, and that its next version takes, are fetched by the next crawl: over the press."""

import json
from collections import Counter
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.topics import parse_topic
from crawler.press import play
from crawler.verbs.demo import prepare
from tests.command_line import run
from tests.test_flow import crawl

NARROW = 'schema = 1\nid = "word"\n[rule]\nprefilter = "summary"\n[concepts.word]\nfr = ["{}"]\n'


def test_what_a_changed_topic_gains_is_fetched_by_the_next_crawl(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "demo"
    prepare(folder)
    for file in (folder / "topics").iterdir():
        file.unlink()
    topic = folder / "topics" / "word.toml"
    topic.write_text(NARROW.format("nowhere-to-be-found"))
    corpus = Corpus(folder)
    with play() as press:
        crawl(folder, press.environment())
        asked = len(press.log)
        db = corpus.database()
        titles = db.execute(
            "SELECT url, title FROM leads WHERE kind = 'article' AND outcome = 'skipped' AND title IS NOT NULL"
            " AND capture_id IS NULL"
        ).fetchall()
        words = Counter(word for _, title in titles for word in set(title.split()) if word.isalpha() and len(word) > 5)
        word = min(words, key=lambda each: (abs(words[each] - 3), each))
        topic.write_text(NARROW.format(word))
        code, out, _ = run(capsys, "topic", "apply", "--corpus", folder, "--json")
        said = json.loads(out)
        wanted = set(said["leads"])
        assert (code, said["queued"]) == (0, len(wanted))
        assert wanted >= {url for url, title in titles if word in title.split()}
        assert parse_topic(topic.read_text(), "word").terms[0].text == word
        crawl(folder, press.environment())
        fetched = {entry.url for entry in press.log[asked:]}
    assert wanted <= fetched
    rows = dict(db.execute("SELECT url, outcome FROM leads").fetchall())
    assert all(rows[url] != "skipped" for url in wanted)
    kept = {row[0] for row in db.execute("SELECT article_id FROM matches WHERE decision = 'match'").fetchall()}
    assert kept
    db.close()
