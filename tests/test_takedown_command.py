"""`hemeroteca takedown`: what it asks, tells and refuses."""

import json

import pytest
from click.testing import CliRunner

from archive.corpus import Corpus
from archive.errors import CorpusLocked, HemerotecaError
from crawler.verbs.takedown import command
from tests.takedown_act import ID, JAM
from tests.takedown_corpus import (
    HEADLINE,
    MARKERS,
    REASON,
    RUN,
    STABLE,
    Press,
    page,
    with_words,
)


@pytest.fixture
def corpus(gazette: Corpus) -> Corpus:
    return gazette


def hemeroteca(corpus: Corpus, *words: str) -> tuple[int, str]:
    """The exit code of the command, and what it printed."""
    ended = CliRunner().invoke(command, ["--corpus", str(corpus.folder), *words])
    if isinstance(ended.exception, HemerotecaError):
        return ended.exception.exit_code, str(ended.exception)
    return ended.exit_code, ended.output


def test_the_command(corpus: Corpus) -> None:
    before = {path: path.read_bytes() for path in corpus.folder.rglob("*") if path.suffix in (".gz", ".jsonl")}
    _, shown = hemeroteca(corpus, f"{JAM}?utm_source=feed", ID, "--dry-run", "--json")
    (article,) = json.loads(shown)["articles"]
    assert (article["article"], len(article["records"]), len(article["notes"])) == (ID, 4, 5)
    assert article["rows"]["captures"] == 4
    assert article["copies"] == ["gazette-a-copy"]
    for words, why in (((JAM,), "needs a reason"), ((JAM, "--reason", REASON), "nobody is there to confirm")):
        code, said = hemeroteca(corpus, *words)
        assert code == 2
        assert why in said
    assert {path: path.read_bytes() for path in before} == before
    with corpus.lock():
        assert hemeroteca(corpus, JAM, "--reason", REASON, "--yes")[0] == CorpusLocked.exit_code
    code, done = hemeroteca(corpus, JAM, "--reason", f" {REASON}\n", "--yes")
    assert code == 0, done
    assert f"{ID} is taken down: 4 records and 5 notes in 3 files; line 4 of the journal." in done
    assert "gazette-a-copy" in done
    assert with_words(corpus.folder, *MARKERS) == {}
    code, again = hemeroteca(corpus, ID, "--reason", "once more", "--yes")
    assert (code, corpus.journal.head.n) == (0, 4)
    assert "is taken down already, since" in again


def test_help_says_that_there_is_no_way_back(corpus: Corpus) -> None:
    said = " ".join(hemeroteca(corpus, "--help")[1].split())
    for words in ("There is no undo", "Backups, exports made before", "Feeds, sitemaps and listings", "--dry-run"):
        assert words in said


def test_what_a_crash_left_open_is_closed_and_read_first(corpus: Corpus) -> None:
    """A capture that was recorded and never indexed is taken down with the others."""
    press = Press(corpus, f"{RUN[:4]}0807T120000Z-ef56")
    press.ask("/jam", page(HEADLINE, "zeppelinfirst of another day", number=STABLE), title=HEADLINE)
    press.public.commit()
    assert list(corpus.folder.rglob("*.open"))
    code, done = hemeroteca(corpus, JAM, "--reason", REASON, "--yes", "--json")
    assert code == 0, done
    (article,) = json.loads(done)["articles"]
    assert len(article["records"]) == 5
    assert with_words(corpus.folder, *MARKERS) == {}
    assert list(corpus.folder.rglob("*.open")) == []
