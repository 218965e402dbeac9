"""The folder of a release: which articles are asked for, and what it takes the place of."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.release import NotARelease, NothingToRelease, UnknownTopic, export
from archive.release.papers import formula_safe, yaml
from tests.release_corpus import Rows, articles, contents, fill, new_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    made = new_corpus(tmp_path_factory.mktemp("corpus") / "niger")
    fill(made)
    return made


@pytest.fixture(scope="module")
def public(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("release") / "niger-1"
    export(corpus, out)
    return out


def test_days_of_publication_are_both_included(corpus: Corpus, tmp_path: Path) -> None:
    released = export(corpus, tmp_path / "out", since=date(2023, 8, 4), until=date(2023, 10, 1))
    assert set(articles(tmp_path / "out")) == {"closed", "open-but-reserved", "october"}
    assert released.left_out == {"captured with a login": 1, "without a publication date": 1}


def test_only_what_a_topic_takes(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "c")
    rows = Rows(corpus)
    for name in ("niger", "mali"):
        rows.put("topics", id=name, version="v1", title=name, current=1)
    rows.article("both")
    rows.article("rejected")
    rows.db.conn.execute("UPDATE matches SET decision = 'reject' WHERE article_id = 'rejected'")
    rows.put("matches", article_id="both", topic="mali", topic_version="v1", decision="manual", reason="")
    rows.put("matches", article_id="rejected", topic="mali", topic_version="v0", decision="match", reason="")
    rows.done()
    assert export(corpus, tmp_path / "a", topic="niger").articles == 1
    assert export(corpus, tmp_path / "b", topic="mali").articles == 1
    assert articles(tmp_path / "a")["both"]["topics"] == ["niger"]
    export(corpus, tmp_path / "c-out")
    assert articles(tmp_path / "c-out")["both"]["topics"] == ["mali", "niger"]


def test_a_wrong_selection_is_one_sentence(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(UnknownTopic, match="nearest: niger"):
        export(corpus, tmp_path / "out", topic="nigre")
    with pytest.raises(NothingToRelease):
        export(corpus, tmp_path / "out", since=date(2030, 1, 1))
    with pytest.raises(UsageError, match="before it begins"):
        export(corpus, tmp_path / "out", since=date(2023, 2, 1), until=date(2023, 1, 1))
    with pytest.raises(UsageError, match="public, internal, ids"):
        export(corpus, tmp_path / "out", rights="all")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="rebuild"):
        export(new_corpus(tmp_path / "empty"), tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_the_same_corpus_gives_the_same_bytes(corpus: Corpus, public: Path, tmp_path: Path) -> None:
    twin = new_corpus(tmp_path / "niger")
    fill(twin)
    export(twin, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(public)
    export(corpus, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(public)


def test_created_is_printed_where_it_is_given(corpus: Corpus, tmp_path: Path) -> None:
    export(corpus, tmp_path / "out", created=datetime(2023, 11, 2, 8, tzinfo=UTC))
    assert "date-released: 2023-11-02\n" in (tmp_path / "out" / "CITATION.cff").read_text()
    assert "2023-11-02T08:00:00Z" in (tmp_path / "out" / "README.md").read_text()


def test_a_new_release_takes_the_place_of_the_old_and_says_what_changed(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "niger")
    fill(corpus)
    out = tmp_path / "out"
    export(corpus, out)
    rows = Rows(corpus)
    rows.db.conn.execute("UPDATE articles SET kept = 0 WHERE id = 'undated'")
    rows.count = 100
    rows.article("november", published="2023-11-05T00:00:00Z")
    rows.done()
    export(corpus, out)
    changes = (out / "CHANGES.md").read_text(encoding="utf-8")
    assert "5 articles: 1 new, 0 revised, 1 no longer in it." in changes
    assert "- gone: `undated`" in changes
    assert changes.count("## ") == 2
    assert json.loads((out / "manifest.json").read_bytes())["removed"] == ["undated"]
    assert not list((out / "data" / "articles").glob("unknown*"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["niger", "out"]


def test_what_is_not_a_release_is_left_alone(corpus: Corpus, public: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("mine")
    with pytest.raises(NotARelease, match="not a release"):
        export(corpus, taken)
    with pytest.raises(NotARelease, match="is a file"):
        export(corpus, taken / "thesis.txt")
    with pytest.raises(NotARelease, match="not a release"):
        export(corpus, corpus.folder)
    shutil.copytree(public, tmp_path / "release")
    (tmp_path / "release" / "data" / "notes.txt").write_text("mine too")
    with pytest.raises(NotARelease, match=r"data/notes\.txt"):
        export(corpus, tmp_path / "release")
    assert (taken / "thesis.txt").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    assert export(corpus, tmp_path / "empty").articles == 5


def test_a_release_that_breaks_off_leaves_the_old_one(corpus: Corpus, public: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(public, out)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(corpus, out, rights="internal", progress=stop)
    assert contents(out) == contents(public)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_progress_reaches_its_total(corpus: Corpus, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    export(corpus, tmp_path / "out", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (10, 10)
    assert seen == sorted(seen)


def test_odd_words_of_the_operator_form_no_path_and_no_markup(tmp_path: Path) -> None:
    corpus = new_corpus(tmp_path / "c")
    (corpus.folder / "corpus.toml").write_text('title = "../<b>x</b>: |y|"\n', encoding="utf-8")
    rows = Rows(corpus)
    rows.put("topics", id="../../escape", version="v1", title="t", toml="x = 1\n", current=1)
    rows.article("one")
    rows.done()
    before = sorted(tmp_path.iterdir())
    export(corpus, tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == [*before, tmp_path / "out"]
    assert (tmp_path / "out" / "topics" / "escape.toml").is_file()
    assert "<b>" not in (tmp_path / "out" / "README.md").read_text().split("---", 2)[2]


@given(st.text(max_size=40))
def test_no_cell_is_a_formula(text: str) -> None:
    cell = formula_safe(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r"))
    assert cell.removeprefix("'") == text.removeprefix("'")


@given(st.text(max_size=40))
def test_yaml_scalars_are_one_line(text: str) -> None:
    assert len(yaml(text).splitlines()) == 1
