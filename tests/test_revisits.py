"""Answers whose body lies in an earlier record, wherever that record has gone since."""

from pathlib import Path
from typing import Any

import pytest

from archive import custody
from archive.corpus import Corpus
from archive.rebuild import rebuild
from tests.verify_corpus import SITE, build, copied, readers


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("revisits") / "corpus")


@pytest.fixture
def corpus(whole: Corpus, tmp_path: Path) -> Corpus:
    return copied(whole, tmp_path / "corpus")


def captures(corpus: Corpus) -> list[tuple[Any, ...]]:
    """Everything but where the record lies."""
    found: list[tuple[Any, ...]] = (
        corpus.database()
        .execute("SELECT id, url, status, mime, payload_sha256, revisit_of FROM captures ORDER BY id")
        .fetchall()
    )
    return found


def outcomes(corpus: Corpus) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = (
        corpus.database().execute("SELECT url, outcome, reason FROM leads ORDER BY url").fetchall()
    )
    return found


def test_a_file_with_another_name_is_found_by_the_name_it_began_with(corpus: Corpus) -> None:
    before = captures(corpus), outcomes(corpus)
    for number, path in enumerate(reversed(corpus.warc_files())):
        path.rename(path.with_name(f"{number}.warc.gz"))
    rebuild(corpus, readers(corpus))
    assert (captures(corpus), outcomes(corpus)) == before
    (again,) = (row for row in captures(corpus) if row[-1])
    testimony = custody.testify(corpus, again[0], readers(corpus))
    repeated = next(step for source in testimony.sources for step in source.steps if step.name == "repeated record")
    assert repeated.proven, repeated.why


def test_two_files_that_changed_names_are_told_apart(corpus: Corpus) -> None:
    before = captures(corpus), outcomes(corpus)
    one, other = corpus.warc_files()[0], corpus.warc_files()[-1]
    aside = one.with_name("aside")
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    rebuild(corpus, readers(corpus))
    assert (captures(corpus), outcomes(corpus)) == before


def test_a_body_that_is_gone_is_not_taken_for_an_empty_one(corpus: Corpus) -> None:
    known = {row[1]: row[4] for row in captures(corpus)}
    (again,) = (row for row in captures(corpus) if row[-1])
    corpus.path_of(
        corpus.database().execute("SELECT warc_file FROM captures WHERE record_id = ?", [again[-1]]).fetchone()[0]
    ).unlink()
    rebuild(corpus, readers(corpus))
    (left,) = (row for row in captures(corpus) if row[-1])
    assert left[4] == known[f"{SITE}/1"]
    ((outcome, reason),) = [row[1:] for row in outcomes(corpus) if row[0] == left[1]]
    assert outcome == "parse_failed"
    assert "put the file back" in reason
    assert str(corpus.folder) not in reason
    assert ".open" not in reason
