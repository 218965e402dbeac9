"""An older state that comes later takes its place in the history, and the article stays as it was last seen."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.index import Index
from archive.intake import Rights, Taken
from archive.model import Article, Block, Capture, Kind, Outcome, Pointer, Reading
from archive.schema import open_database

AT = datetime(2023, 8, 4, tzinfo=UTC)


def taken(day: int, text: str) -> Taken:
    url = "https://a.example/1"
    article = Article(url, "a", title="One", blocks=(Block("paragraph", text),))
    capture = Capture(
        url=url,
        outlet="a",
        fetched_at=AT + timedelta(days=day),
        status=200,
        mime="text/html",
        pointer=Pointer("warc/a.warc.gz", day, 1),
        record_id=f"<urn:uuid:{day}>",
        kind=Kind.ARTICLE,
        final_url=url,
    )
    return Taken(capture, Rights(), None, Reading(Outcome.OK, None, article))


def told(states: list[tuple[int, str]]) -> Database:
    db = open_database(":memory:")
    index = Index(db, ())
    for day, text in states:
        index.apply(taken(day, text))
    index.commit()
    return db


def history(db: Database) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = db.execute(
        "SELECT n, substr(seen_at, 9, 2), text, changed, capture_id FROM revisions ORDER BY n"
    ).fetchall()
    return found


def row(db: Database) -> tuple[Any, ...]:
    found: tuple[Any, ...] = db.execute(
        "SELECT text, substr(first_seen, 9, 2), substr(last_seen, 9, 2), revision_count FROM articles"
    ).fetchone()
    return found


STATES = [(0, "first"), (1, "second"), (2, "second"), (3, "third")]


@pytest.mark.parametrize("order", list(permutations(STATES)))
def test_the_history_is_the_same_whatever_came_first(order: tuple[tuple[int, str], ...]) -> None:
    db = told(list(order))
    assert [each[:4] for each in history(db)] == [
        (1, "04", "first", None),
        (2, "05", "second", "text"),
        (3, "07", "third", "text"),
    ]
    assert row(db) == ("third", "04", "07", 3)
    assert db.execute("SELECT text FROM articles_norm").fetchone() == ("third",)


def test_a_state_that_was_left_and_came_back() -> None:
    db = told([(0, "one"), (4, "one"), (2, "other")])
    assert [each[:4] for each in history(db)] == [
        (1, "04", "one", None),
        (2, "06", "other", "text"),
        (3, "08", "one", "text"),
    ]
    assert row(db) == ("one", "04", "08", 3)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=30, deadline=None)
@given(st.permutations(range(6)), st.lists(st.sampled_from("ab"), min_size=6, max_size=6))
def test_the_article_is_always_as_its_newest_capture_shows_it(order: list[int], texts: list[str]) -> None:
    db = told([(day, texts[day]) for day in order])
    assert row(db)[:3] == (texts[5], "04", "09")
    rows = history(db)
    assert [each[0] for each in rows] == list(range(1, len(rows) + 1))
    assert [each[1] for each in rows] == sorted(each[1] for each in rows)
    assert row(db)[3] == len(rows)
    assert rows[-1][2] == texts[5]
