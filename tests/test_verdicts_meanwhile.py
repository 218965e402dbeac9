"""Verdicts that come while another process writes to the corpus: neither is in the other's way."""

from contextlib import closing
from pathlib import Path

from archive.index import Index
from archive.topics import load_topic
from archive.tuning.verdicts import Verdict, enter, say
from crawler.clock import utc_now
from tests.tuning_corpus import article, build, decisions, proven, table


def test_a_crawl_that_catches_up_is_not_stopped_by_a_verdict(tmp_path: Path) -> None:
    corpus = build(tmp_path / "c")
    topic = load_topic(corpus.folder / "topics" / "ferry.toml")
    one = article(corpus, "/one")
    with closing(corpus.database()) as crawl, closing(corpus.database()) as person:
        index = Index(crawl, [topic])
        index.journal(corpus.journal.lines())  # the crawl has looked, and not written yet
        say(corpus, topic, Verdict(one, "no"), utc_now())
        assert not enter(corpus, person)
        index.reached("warc/none.warc.gz", 0)
        index.commit()
        assert enter(corpus, person)
        crawl.execute("DELETE FROM warcs WHERE file = 'warc/none.warc.gz'")
    assert decisions(corpus)["/one"] == "reject"
    assert table(corpus, "SELECT verdict FROM labels") == [("no",)]
    assert proven(corpus) == []
