"""Copies and excerpts, found whatever the order in which they came."""

import random
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.kinship import forget, relate, remember, shingles
from archive.norm import norm
from archive.schema import open_database

WORDS = [f"w{n}" for n in range(900)]


def text(seed: int, length: int = 300) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))  # noqa: S311 (invented words)


def edited(body: str, seed: int, share: float = 0.05) -> str:
    dice = random.Random(seed)  # noqa: S311
    return " ".join("changed" if dice.random() < share else word for word in body.split())


STORY = text(1)
TEXTS = {
    "wire": STORY,
    "copy": edited(STORY, 2, 0.03),
    "teaser": " ".join(STORY.split()[:90]),
    "other": text(3),
    "another": text(4),
}


def corpus(folder: Path, order: list[str]) -> Database:
    db = open_database(str(folder / f"{'-'.join(order)}.db"))
    for name in order:
        db.execute(
            "INSERT INTO articles (id, url, access, complete, first_seen, last_seen, revision_count, capture_id, kept)"
            " VALUES (?, ?, 'free', 'yes', '', '', 1, '', 1)",
            [name, name],
        )
        remember(db, name, shingles(norm(TEXTS[name])))
    relate(db)
    return db


@pytest.mark.parametrize("order", [list(TEXTS), list(reversed(TEXTS)), ["other", "teaser", "copy", "wire", "another"]])
def test_copies_and_excerpts_in_any_order(tmp_path: Path, order: list[str]) -> None:
    rows = list(corpus(tmp_path, order).query("SELECT article_id, other_id, relation, score FROM kin ORDER BY 1, 2"))
    assert [(row["article_id"], row["other_id"], row["relation"]) for row in rows] == [
        ("copy", "teaser", "excerpt"),
        ("copy", "wire", "copy"),
        ("teaser", "wire", "excerpt"),
    ]
    assert rows[2]["score"] == 1.0
    assert 0.5 <= rows[1]["score"] < 1.0


def test_what_is_forgotten_is_kin_of_nothing(tmp_path: Path) -> None:
    db = corpus(tmp_path, ["wire", "copy"])
    forget(db, "copy")
    relate(db)
    assert list(db.query("SELECT * FROM kin")) == []


def test_a_formula_shared_by_many_is_no_trace(tmp_path: Path) -> None:
    formula = " ".join(f"formula{n}" for n in range(40))
    db = open_database(str(tmp_path / "formula.db"))
    for n in range(60):
        db.execute(
            "INSERT INTO articles (id, url, access, complete, first_seen, last_seen, revision_count, capture_id, kept)"
            " VALUES (?, ?, 'free', 'yes', '', '', 1, '', 1)",
            [f"a{n:02}", f"a{n:02}"],
        )
        remember(db, f"a{n:02}", shingles(norm(text(n + 10, 30) + " " + formula)))
    relate(db)
    assert list(db.query("SELECT * FROM kin")) == []


def test_short_texts_have_no_shingles() -> None:
    assert shingles("") == b""
    assert shingles("three words only") == b""
