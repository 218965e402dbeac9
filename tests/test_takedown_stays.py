"""What was taken down stays down: after a rebuild, a backup put back, another crawl."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from archive.corpus import Corpus
from archive.identity import new_id
from archive.model import Article, Capture, Kind, Lead, Pointer
from archive.takedown import taken_down
from crawler.admission import barred
from tests.takedown_act import ID, JAM, SHORT, down, planned, proven
from tests.takedown_corpus import (
    AT,
    FEED,
    HEADLINE,
    HOME,
    MARKERS,
    REASON,
    STABLE,
    SUMMARY,
    Press,
    dump,
    page,
    rebuild_rows,
    with_words,
)


@pytest.fixture
def corpus(gazette: Corpus) -> Corpus:
    return gazette


def test_a_rebuild_gives_the_same_rows_and_does_not_bring_it_back(corpus: Corpus) -> None:
    down(corpus)
    before = dump(corpus)
    rebuild_rows(corpus)
    assert dump(corpus) == before
    assert with_words(corpus.folder, *MARKERS) == {}


def test_a_text_that_is_back_is_found_out_and_can_be_taken_down_again(corpus: Corpus, tmp_path: Path) -> None:
    backup = shutil.copytree(corpus.warc_folder, tmp_path / "backup")
    down(corpus)
    shutil.copytree(backup, corpus.warc_folder, dirs_exist_ok=True)
    assert proven(corpus)
    assert len(down(corpus, ID)) == 1
    assert with_words(corpus.folder, *MARKERS) == {}
    assert all("with the checksum" in each for each in proven(corpus))  # that the files were changed stays on record
    (again,) = planned(corpus, ID)
    assert again.is_done


def test_the_crawl_is_told(corpus: Corpus) -> None:
    down(corpus)
    with closing(corpus.database()) as db:
        known = taken_down(db)
        db.execute(
            "INSERT INTO leads (url, kind, found_at, outcome, reason) VALUES (?, 'article', '', 'skipped', ?)",
            [f"{HOME}/moved", f"taken down: {REASON}"],
        )
        assert set(taken_down(db)) == {JAM, SHORT, f"{HOME}/moved"}
    assert known == {JAM: f"taken down: {REASON}", SHORT: f"taken down: {REASON}"}
    decision = barred(Lead(JAM, "gazette", FEED, title=HEADLINE, summary=SUMMARY), known)
    assert decision is not None
    assert (decision.lead, decision.outcome, decision.reason) == (Lead(JAM, "gazette", FEED), "skipped", known[JAM])
    assert barred(Lead(f"{HOME}/bac", "gazette", FEED), known) is None


def test_the_same_article_under_another_address_is_not_taken_in(corpus: Corpus) -> None:
    down(corpus)
    press = Press(corpus, "20230807T120000Z-ef56")
    press.ask("/moved", page(HEADLINE, "zeppelinfirst", number=STABLE), title=HEADLINE)
    press.close()
    rebuild_rows(corpus)
    with closing(corpus.database()) as db:
        assert db.execute("SELECT count(*) FROM articles WHERE stable_id = ?", [STABLE]).fetchone() == (0,)
        assert f"{HOME}/moved" in taken_down(db)
    down(corpus, f"{HOME}/moved")
    assert with_words(corpus.folder, *MARKERS) == {}
    assert proven(corpus) == []


def test_the_id_is_never_given_again(corpus: Corpus) -> None:
    down(corpus)
    url = f"{HOME}/other"
    capture = Capture(url, "gazette", AT, 200, None, Pointer("", 0, 0), "", Kind.ARTICLE, url)
    with closing(corpus.database()) as db:
        assert new_id(db, capture, Article(url, "gazette", title=HEADLINE)) == f"{ID}-2"
