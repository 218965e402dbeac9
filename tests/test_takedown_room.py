"""What was taken down, in the reading room and in releases: gone, and said to be."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.corpus import Corpus
from archive.release import export
from archive.takedown import plan, take_down
from tests.readingroom_visit import Ask, asking, page, words
from tests.takedown_corpus import DOWN, HOME, MARKERS, REASON, build, with_words

ID = "gazette-marmaladegate-at-the-ferry"
JAM = f"{HOME}/jam"


def captures_of(corpus: Corpus, url: str) -> list[dict[str, Any]]:
    with closing(corpus.database()) as db:
        return list(db.query("SELECT * FROM captures WHERE url = ? ORDER BY fetched_at", [url]))


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return build(tmp_path_factory.mktemp("standing") / "corpus")


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, releases: Path) -> Corpus:
    """An article, a private one, and a release before; all that is taken down."""
    made = build(tmp_path_factory.mktemp("down") / "corpus")
    for mode in ("internal", "public", "ids"):
        export(made, releases / mode, rights=mode)
    with closing(made.database()) as db:
        plans = [plan(made, db, asked) for asked in (JAM, "gazette-the-gate")]
    with made.lock():
        take_down(made, plans, REASON, DOWN)
    return made


@pytest.fixture(scope="module")
def ask(corpus: Corpus) -> Iterator[Ask]:
    with asking(corpus) as asked:
        yield asked


def test_its_page_is_gone_and_says_why(ask: Ask, corpus: Corpus) -> None:
    document = page(ask(f"/article/{ID}"), 410)
    said = words(document)
    assert REASON in said
    assert "1 September 2023, 09:00 UTC" in said
    assert JAM in said
    assert "line 4 of the corpus' journal" in said
    with closing(corpus.database()) as db:
        stones = list(db.query("SELECT * FROM tombstones WHERE article_id = ?", [ID]))
    assert len(stones) == 4
    for each in stones:
        assert each["record_id"] in said
        assert each["block_sha256"] in said
        assert each["payload_sha256"] in said
    assert not any(word in said for word in MARKERS)
    assert document.cssselect("meta[name=robots][content=noindex]")


@pytest.mark.parametrize(
    "path", [f"/article/{ID}.json", f"/article/{ID}.bib", f"/article/{ID}/diff", f"/article/{ID}?q=jam"]
)
def test_every_form_of_it_is_gone(ask: Ask, path: str) -> None:
    answer = ask(path)
    assert answer.status_code == 410
    assert REASON in answer.text
    if path.endswith(".json"):
        assert answer.json()["takedown"]["urls"] == [JAM, f"{HOME}/short"]


def test_replay_of_its_captures_is_gone(ask: Ask, corpus: Corpus) -> None:
    with closing(corpus.database()) as db:
        captures = [row[0] for row in db.execute("SELECT capture_id FROM tombstones").fetchall()]
    assert len(captures) == 5
    for each in captures:
        assert REASON in page(ask(f"/replay/{each}"), 410).text_content()
        assert ask(f"/replay/{each}/page").status_code == 410


def test_no_other_page_leads_to_it_or_shows_its_words(ask: Ask) -> None:
    for path in ("/", "/search", "/search?q=jam", "/search.json?q=zeppelinfirst", "/coverage", "/outlet/gazette"):
        text = ask(path).text
        assert ID not in text, path
        assert not any(f">{word}" in text for word in MARKERS), path
    assert ask("/search.json?q=zeppelinfirst").json()["total"] == 0
    copy = page(ask("/article/gazette-a-copy"))
    assert not copy.cssselect(".kin")
    assert ask("/article/no-such-article").status_code == 404


def test_the_tables_tell_it(ask: Ask) -> None:
    rows = ask("/corpus/takedowns.json?_shape=array").json()
    assert {row["article_id"] for row in rows} == {ID, "gazette-the-gate"}
    assert {row["reason"] for row in rows} == {REASON}


def test_an_article_says_how_its_record_was_made_and_is_proven(standing: Corpus) -> None:
    with asking(standing) as ask:
        chain = words(page(ask("/article/gazette-the-ferry")).cssselect(".provenance")[0])
        capture = ask("/article/gazette-the-ferry.json").json()["capture"]
    assert "byte for byte as it came" in chain
    assert capture["block_sha256"] in chain
    assert "hemeroteca verify gazette-the-ferry" in chain


def test_a_capture_that_came_again_is_shown_whole(standing: Corpus) -> None:
    public = [each for each in captures_of(standing, JAM) if each["session"] == "anonymous"]
    repeated = next(each for each in public if each["revisit_of"])
    with asking(standing) as ask:
        shown = words(page(ask(f"/replay/{repeated['id']}")))
        inside = ask(f"/replay/{repeated['id']}/page")
    assert "it came again, byte for byte, and is kept once" in shown
    assert inside.status_code == 200
    assert "zeppelinfirst" in inside.text
    assert "quokkalast" in inside.text


@pytest.mark.parametrize("mode", ["internal", "public", "ids"])
def test_a_release_lists_what_to_delete_and_nothing_of_it(corpus: Corpus, releases: Path, mode: Any) -> None:
    out = releases / mode
    assert mode == "ids" or with_words(out, ID)
    export(corpus, out, rights=mode)
    assert with_words(out, *MARKERS) == {}
    with (out / "takedowns.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    at = "2023-09-01T09:00:00Z"
    assert rows == [
        {"article_id": ID, "url": url, "outlet": "gazette", "taken_down_at": at, "reason": REASON}
        for url in (JAM, f"{HOME}/short")
    ]  # not the article that was seen with a login only: it was in no release
    assert f"- gone: `{ID}`, taken down on 2023-09-01: {REASON}" in (out / "CHANGES.md").read_text()
    assert "`takedowns.csv`" in (out / "README.md").read_text()
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["files"]["takedowns.csv"]["rows"] == 2
    assert manifest["removed"] == [ID]
    if mode != "ids":
        with closing(sqlite3.connect(out / "corpus.sqlite")) as room:
            assert room.execute("SELECT article_id, url, reason FROM takedowns ORDER BY url").fetchall() == [
                (ID, url, REASON) for url in (JAM, f"{HOME}/short")
            ]
            for table in ("tombstones", "events", "leads"):
                assert room.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_release_without_takedowns_has_no_such_file(standing: Corpus, tmp_path: Path) -> None:
    export(standing, tmp_path / "out", rights="internal")
    assert not (tmp_path / "out" / "takedowns.csv").exists()
    assert "takedowns.csv" not in (tmp_path / "out" / "README.md").read_text()
