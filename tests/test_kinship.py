"""Copies and excerpts, found whatever the order in which they came."""

import random
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import kinship
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


def many(folder: Path) -> tuple[Database, dict[str, set[int]]]:
    """Texts that are made of each other, some out of view; and the hashes of those in view."""
    dice = random.Random(5)  # noqa: S311 (invented words)
    formula = " ".join(f"formula{n}" for n in range(12))
    db = open_database(str(folder / "many.db"))
    texts: list[str] = []
    hashes: dict[str, set[int]] = {}
    for n in range(240):
        model = dice.choice(texts[:40]).split() if texts and dice.random() < 0.4 else []
        body = model[: dice.randint(20, 300)] + text(100 + n, dice.randint(4, 150)).split()
        texts.append(edited(" ".join(body), n, dice.choice([0, 0.02])) + f" {formula}" * (dice.random() < 0.3))
        name, kept = f"{dice.randrange(10**6)}-{n}", int(dice.random() < 0.9)
        db.execute(
            "INSERT INTO articles (id, url, access, complete, first_seen, last_seen, revision_count, capture_id, kept)"
            " VALUES (?, ?, 'free', 'yes', '', '', 1, '', ?)",
            [name, name, kept],
        )
        remember(db, name, packed := shingles(norm(texts[-1])))
        if kept:
            hashes[name] = {int.from_bytes(packed[at : at + 4], "little") for at in range(0, len(packed), 4)}
    return db, hashes


@pytest.mark.parametrize(("a_slice", "held"), [(100_000, 100_000), (500, 700), (50, 20)])
def test_the_comparison_in_pieces_gives_what_comparing_each_with_each_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, a_slice: int, held: int
) -> None:
    monkeypatch.setattr(kinship, "SLICE", a_slice)
    monkeypatch.setattr(kinship, "HELD", held)
    db, hashes = many(tmp_path)
    relate(db)
    frequent = Counter(each for found in hashes.values() for each in found)
    formula = {each for each, number in frequent.items() if number > kinship.COMMON}
    assert formula
    expected = []
    for one, other in combinations(sorted(hashes), 2):
        shared = len((hashes[one] & hashes[other]) - formula)
        if shared < kinship.LEAST:
            continue
        jaccard = shared / (len(hashes[one]) + len(hashes[other]) - shared)
        contained = shared / min(len(hashes[one]), len(hashes[other]))
        if jaccard >= kinship.COPY:
            expected.append((one, other, "copy", round(jaccard, 3)))
        elif contained >= kinship.EXCERPT:
            expected.append((one, other, "excerpt", round(contained, 3)))
    assert len({row[2] for row in expected}) == 2
    rows = db.execute("SELECT article_id, other_id, relation, score FROM kin ORDER BY 1, 2").fetchall()
    assert rows == expected
    assert db.execute("SELECT name FROM temp.sqlite_master").fetchall() == []


def test_a_corpus_of_an_earlier_version_keeps_its_shingles(tmp_path: Path) -> None:
    db = corpus(tmp_path, list(TEXTS))
    before, kin = (db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ("shingles", "kin"))
    # As the first version had it: a row for each
    db.execute("DROP TABLE shingles")
    table = db.table("shingles")
    table.create({"hash": int, "article_id": str}, pk=("hash", "article_id"))
    table.create_index(["article_id"])
    for name, packed in before:
        for at in range(0, len(packed), 4):
            table.insert({"hash": int.from_bytes(packed[at : at + 4], "little"), "article_id": name})
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'shingles_by_article'")
    db.commit()
    path = db.execute("PRAGMA database_list").fetchone()[2]
    db.close()
    again = open_database(path)
    assert again.execute("SELECT * FROM shingles ORDER BY 1").fetchall() == before
    relate(again)
    assert again.execute("SELECT * FROM kin ORDER BY 1, 2").fetchall() == kin


def test_short_texts_have_no_shingles() -> None:
    assert shingles("") == b""
    assert shingles("three words only") == b""
