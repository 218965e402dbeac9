"""What `topic label --report` says beside the table of the strata."""

import json
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.topics import load_topic
from archive.tuning.verdicts import Verdict, say
from crawler.clock import utc_now
from tests.command_line import run
from tests.test_topic_label import said
from tests.tuning_corpus import article, build, table


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return build(tmp_path / "c")


def test_where_verdicts_weigh_differently_the_plain_share_is_told(
    corpus: Corpus, capsys: pytest.CaptureFixture[str]
) -> None:
    # The one was drawn from another stratum, by an earlier version of the topic
    for path, verdict, stratum, weight in (("/one", "yes", "below", 2.0), ("/two", "no", "taken", 1.0)):
        said(corpus, path, verdict, stratum=stratum, weight=weight)
    out = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--report")[1]
    assert "precision  0.67" in out
    assert "the plain share is 0.50" in out
    said(corpus, "/one", "yes", stratum="taken", weight=2.0)
    assert "plain share" not in run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--report")[1]


def test_the_figures_know_a_verdict_that_waits_for_its_rows(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    topic = load_topic(corpus.folder / "topics" / "ferry.toml")
    say(corpus, topic, Verdict(article(corpus, "/one"), "yes", stratum="taken", weight=1.0), utc_now())
    assert table(corpus, "SELECT * FROM labels") == []
    _, out, _ = run(capsys, "topic", "label", "ferry", "--corpus", corpus.folder, "--report", "--json")
    assert json.loads(out)["precision"]["value"] == 1.0
