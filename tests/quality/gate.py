"""The floors: what each set has reached, field by field. They rise by themselves when asked, and fall only by name."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from spiders.kit.as_json import as_json
from spiders.kit.reading import read
from tests.quality import news, scores
from tests.quality.corpora import Page, pages

FLOORS = Path(__file__).with_name("floors.toml")
_GRAIN = 1000  # a floor has three digits, rounded down


def floors() -> dict[str, dict[str, float]]:
    """By set, by field."""
    return tomllib.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}


def of_page(page: Page) -> dict[str, float]:
    """The scores of one page as the reader reads it now."""
    reading = read(page.body, url=page.url, at=page.at, outlet=page.outlet)
    article = reading.article
    said = as_json(article, outcome=reading.outcome, reason=reading.reason) if article else {"authors": [], "tags": []}
    return scores.page(page.truth, said)


def measured(name: str) -> dict[str, float]:
    """The scores of a set."""
    if name == news.NEWS:
        return news.measured()
    return scores.summary(map(of_page, pages(name)))


def below(found: Mapping[str, float], wanted: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """The fields under their floor: what was reached, and the floor. A field that is not scored any more is one."""
    return {field: (found.get(field, 0.0), floor) for field, floor in wanted.items() if found.get(field, 0.0) < floor}


def write(found: Mapping[str, Mapping[str, float]], *, lower: bool) -> None:
    """New floors for these sets: what was reached, where that is higher; `lower`: also where it is not."""
    known = floors()
    for name, fields in found.items():
        before = known.get(name, {})
        reached = {field: int(value * _GRAIN) / _GRAIN for field, value in fields.items()}
        known[name] = {
            field: value if lower else max(value, before.get(field, 0.0)) for field, value in reached.items()
        }
        if not lower:
            known[name] |= {field: floor for field, floor in before.items() if field not in reached}
    lines = ["# Scores that may not fall: `make quality`; raised by --raise, lowered by --lower alone."]
    for name in sorted(known):
        lines += ["", f'["{name}"]', *(f"{field} = {value:.3f}" for field, value in sorted(known[name].items()))]
    FLOORS.write_text("\n".join(lines) + "\n", "utf-8")
