"""The reader on recorded pages of two newspapers, every field of them, against what people wrote down by reading them.

The pages are other people's text: they lie beside the checkout and are not part of it.
"""

import gzip
import importlib.util
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from spiders import mediapart
from spiders.kit.as_json import as_json
from spiders.kit.reading import read

pytestmark = pytest.mark.real
OUTLETS = {"mediapart.fr": mediapart.OUTLET}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def recorded() -> Path:
    folder = Path(__file__).resolve().parent.parent.parent / "shared" / "recorded"
    if not folder.is_dir():
        pytest.skip("the recorded pages are not beside the checkout (../shared/recorded)")
    return folder


@pytest.fixture(scope="module")
def scorer(recorded: Path) -> ModuleType:
    place = recorded.parent / "tools" / "score_extraction.py"
    spec = importlib.util.spec_from_file_location("score_extraction", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(place: Path) -> Rows:
    return [json.loads(line) for line in place.read_text("utf-8").split("\n") if line.strip()]


def predictions(
    folder: Path, *, wanted: Callable[[dict[str, Any]], bool] = lambda _: True, named: bool = False
) -> Rows:
    found = []
    for row in rows(folder / "pages.jsonl"):
        if wanted(row):
            at = datetime.fromisoformat(row.get("crawled") or row.get("published") or "2026-01-01")
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at + timedelta(days=1)
            body = gzip.decompress((folder / row["file"]).read_bytes())
            reading = read(body, url=row["url"], at=at, outlet=OUTLETS.get(row.get("outlet", "")) if named else None)
            said = as_json(reading.article, outcome=reading.outcome, reason=reading.reason) if reading.article else {}
            found.append({**said, "id": row["id"], "url": row["url"], "outcome": reading.outcome})
    return found


def scores(scorer: ModuleType, folder: Path, predicted: Rows) -> dict[str, Any]:
    known = {row["id"] for row in predicted}
    truth = [row for row in rows(folder / "truth.jsonl") if row["id"] in known]
    summary: dict[str, Any] = scorer.summarise(scorer.score_rows(truth, scorer.matcher(predicted)))
    return summary


def test_every_field_of_every_mediapart_page(recorded: Path, scorer: ModuleType) -> None:
    folder = recorded / "fr_press"
    predicted = predictions(folder, wanted=lambda row: row["outlet"] == "mediapart.fr", named=True)
    found = scores(scorer, folder, predicted)
    assert found["n"] == len(predicted) > 0
    assert found["sh_f1"] >= 0.97
    for field in (
        "title_exact",
        "authors_f1",
        "published_minute",
        "modified_minute",
        "access",
        "complete",
        "tags_f1",
        "section",
        "lang",
    ):
        assert found[field] == 1, field
    assert found["access_wrong"] == 0
    for row in rows(folder / "truth.jsonl"):
        if row["outlet"] == "mediapart.fr":
            said = next(each for each in predicted if each["id"] == row["id"])
            assert (said["kicker"], said["standfirst"]) == (row.get("kicker"), row.get("standfirst"))
            assert said["outcome"] == "paywalled"


def test_le_monde_without_an_outlet_file(recorded: Path, scorer: ModuleType) -> None:
    folder = recorded / "fr_press"
    found = scores(scorer, folder, predictions(folder, wanted=lambda row: row["outlet"] == "lemonde.fr"))
    assert found["sh_f1"] >= 0.97
    for field in (
        "title_norm",
        "standfirst_norm",
        "authors_f1",
        "published_minute",
        "access",
        "complete",
        "tags_f1",
        "section",
        "lang",
    ):
        assert found[field] == 1, field
