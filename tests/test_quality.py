"""The gate on what the reader reads: no field of any set below its floor (`make quality` shows all of them)."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.quality import gate, scores
from tests.quality.corpora import INVENTED, NAMED, PRESS, SETS, names
from tests.quality.news import NEWS, there


@pytest.mark.parametrize("name", [PRESS, INVENTED, NAMED, *SETS, NEWS])
def test_no_field_falls_below_its_floor(name: str) -> None:
    if name not in [*names(), *there()]:
        pytest.skip("the recorded pages are not beside the checkout (../shared/recorded)")
    floors = gate.floors()[name]
    assert floors
    assert gate.below(gate.measured(name), floors) == {}


def test_access_is_never_stated_wrongly() -> None:
    for name, fields in gate.floors().items():
        assert fields.get("access_right", 1.0) == 1.0, name
        assert fields.get("complete_right", 1.0) == 1.0, name


def test_floors_rise_and_fall_by_name_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "FLOORS", tmp_path / "floors.toml")
    gate.write({"a": {"title": 0.9, "body": 0.87654}, "b": {"title": 0.5}}, lower=False)
    assert gate.floors() == {"a": {"title": 0.9, "body": 0.876}, "b": {"title": 0.5}}
    gate.write({"a": {"title": 0.95, "body": 0.1}}, lower=False)
    assert gate.floors()["a"] == {"title": 0.95, "body": 0.876}
    assert gate.below({"title": 0.94}, gate.floors()["a"]) == {"title": (0.94, 0.95), "body": (0.0, 0.876)}
    gate.write({"a": {"title": 0.5}}, lower=True)
    assert gate.floors() == {"a": {"title": 0.5}, "b": {"title": 0.5}}


SAID: dict[str, object] = {"title": None, "text": "", "paragraphs": [], "authors": [], "tags": []}
WORDS = "one two three four five six seven eight nine ten"


def test_scores_tell_good_from_bad() -> None:
    truth = {"title": "The Ferry – Again", "body": WORDS, "paragraphs": [WORDS], "authors": ["By Aïssa Maïga"]}
    right = {
        **SAID,
        "title": "“The ferry – again”",
        "text": WORDS,
        "paragraphs": [WORDS],
        "authors": [{"name": "Aissa Maiga"}],
    }
    assert set(scores.summary([scores.page(truth, right)]).values()) == {1.0}
    nothing = scores.summary([scores.page(truth, SAID)])
    assert set(nothing) == {"title", "authors", "paragraphs", "whole", "_none"} - {"_none"}
    assert set(nothing.values()) == {0.0}
    half = {**right, "text": WORDS[:24], "paragraphs": [WORDS[:24]]}
    found = scores.summary([scores.page(truth, half)])
    assert 0.2 < found["body"] < 0.8
    assert found["paragraphs"] == 0.0


def test_a_standfirst_may_stand_in_the_body_or_not() -> None:
    truth = {"body": WORDS, "standfirst": "A lead of its own"}
    for said in ({"text": f"A lead of its own\n\n{WORDS}"}, {"text": WORDS, "standfirst": "A lead of its own"}):
        assert scores.summary([scores.page(truth, {**SAID, **said})])["body"] == 1.0


@pytest.mark.parametrize(
    ("wanted", "said", "same"),
    [
        ("2023-08-04", "2023-08-04T23:30:00+02:00", True),
        ("2023-08-04T23:30:00+02:00", "2023-08-04T21:30:00+00:00", True),
        ("2023-08-05T00:30:00+02:00", "2023-08-04T22:30:00+00:00", True),
        ("2023-08-04T22:30:00+00:00", "2023-08-05T00:30:00+02:00", True),
        ("2023-08-04", "2023-08-05", False),
        ("2023-08-04", None, False),
        ("2023-08-04", "yesterday", False),
    ],
)
def test_days_are_those_of_the_truth(wanted: str, said: str | None, same: bool) -> None:
    assert scores.page({"published": wanted}, {**SAID, "published": said}) == {"published": float(same)}


@given(st.text(max_size=400), st.lists(st.text(max_size=40), max_size=4))
def test_a_page_is_like_itself(text: str, tags: list[str]) -> None:
    truth = {"body": text, "tags": tags, "published": datetime(2023, 8, 4, tzinfo=UTC).isoformat()}
    found = scores.summary([scores.page(truth, {**SAID, **truth, "text": text})])
    assert all(value == 1.0 for value in found.values())
