"""Pages with truth: those of the press and of the outlets' tests, and recorded ones where they lie beside the checkout.

Recorded pages are other people's text: they are measured with and are no part of the project.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from crawler.press.exchange import Request
from crawler.press.proxy import START
from crawler.press.texts import load
from crawler.press.truth import truth
from crawler.press.web import answer
from spiders.kit.catalogue import catalogue, of_address
from spiders.kit.outlet import Outlet
from spiders.kit.toml_outlet import load_outlet

RECORDED = Path(__file__).resolve().parents[3] / "shared" / "recorded"
PAGES = Path(__file__).resolve().parents[1] / "outlet_pages"
PRESS, INVENTED = "press", "outlet pages"
NAMED = "fr_press, by name"  # read with the outlets' own files; every other recorded set without
SETS = (
    "fr_press",
    "fundus",
    "aeb",
    "n4k424",
    "trafilatura_eval",
    "wcxb_news",
    "htmldate_world",
    "postlight",
    "n4k_tests",
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page, when it was captured, who reads it, and what is known of it."""

    id: str
    url: str
    body: bytes
    at: datetime
    outlet: Outlet | None
    truth: dict[str, Any]


def names() -> list[str]:
    """The sets that are there."""
    recorded = [NAMED, *SETS] if RECORDED.is_dir() else []
    return [PRESS, INVENTED, *(name for name in recorded if (RECORDED / name.partition(",")[0]).is_dir())]


def pages(name: str) -> Iterator[Page]:
    """The pages of a set."""
    if name == PRESS:
        return _press()
    if name == INVENTED:
        return _invented()
    return _recorded(name.partition(",")[0], named=name == NAMED)


def _press() -> Iterator[Page]:
    stories = load()
    outlets = {**catalogue(), "fleuve": load_outlet(Path(str(files("crawler.press") / "fleuve.toml")))}
    for each in truth(stories, START).articles:
        said = answer(Request("GET", each.url), stories, START, 0)
        assert said is not None
        known = {name: value for name, value in each.as_json().items() if name != "section"}
        known |= {"body": "\n\n".join(each.paragraphs), "paragraphs": list(each.paragraphs)}
        yield Page(each.key, each.url, said.body, datetime(2023, 10, 1, tzinfo=UTC), outlets[each.outlet], known)


def _invented() -> Iterator[Page]:
    known = catalogue()
    for path in sorted(PAGES.glob("*.json")):
        said = json.loads(path.read_text("utf-8"))
        name = max((each for each in known if path.stem.startswith(each)), key=len)
        wanted = dict(said["page"])
        if "text" in wanted:
            wanted["body"] = wanted["text"]
        elif "paragraphs" in wanted:
            wanted["body"] = "\n\n".join(wanted["paragraphs"])
        at = datetime.fromisoformat(said["captured"])
        yield Page(path.stem, said["url"], path.with_suffix(".html").read_bytes(), at, known[name], wanted)


def _recorded(name: str, *, named: bool) -> Iterator[Page]:
    folder, outlets = RECORDED / name, catalogue()
    known = {row["id"]: row for row in _lines(folder / "truth.jsonl")}
    for row in _lines(folder / "pages.jsonl"):
        if row["id"] not in known:
            continue
        at = datetime.fromisoformat(row.get("crawled") or row.get("published") or "2026-01-01")
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at + timedelta(days=1)
        outlet = of_address(row["url"], outlets) if named else None
        yield Page(
            row["id"], row["url"], gzip.decompress((folder / row["file"]).read_bytes()), at, outlet, known[row["id"]]
        )


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
