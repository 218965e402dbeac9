"""/outlet/NAME and /coverage: what was listed, fetched, refused and why; and where the gaps are."""

import re
import sqlite3
from collections import Counter, defaultdict
from typing import Any

from datasette import Response

from archive.readingroom import timeline, words
from archive.readingroom.counts import counts, pairs
from archive.readingroom.home import newest
from archive.readingroom.pages import Missing, answer, ask, row, rows

REASONS = 4  # of each outcome
EXAMPLES = 12
LATEST = 100  # articles of an outlet in which drift is looked for
LEVELS = 6  # shades of the coverage table
_REFUSED = (
    "FROM leads WHERE outlet = ? AND kind = 'article'"
    " AND outcome NOT IN ('ok', 'not_modified', 'redirected', 'paywalled', 'text_incomplete')"
)
_DRIFTED = (
    "SELECT field, count(*) AS count, max(says) AS says FROM drift WHERE article_id IN"
    " (SELECT id FROM articles WHERE outlet = ? ORDER BY published_at DESC LIMIT ?) GROUP BY 1 ORDER BY 2 DESC, 1"
)
_OF_A_DAY = re.compile(r"^of \d{4}-\d\d-\d\d, ")  # else each day is a reason of its own


async def outlet_page(datasette: Any, request: Any) -> Response:
    """One newspaper in this corpus."""
    name = request.url_vars["name"]
    found = await ask(datasette, lambda connection: _look(connection, name))
    here = datasette.urls.path("/search")
    context = {
        **found,
        "chart": timeline.months(found["months"], lambda key: f"{here}?outlet={name}&month={key}"),
        "articles_total": sum(found["months"].values()),
        "leads_total": sum(each["count"] for each in found["outcomes"]),
    }
    return await answer(datasette, request, "outlet.html", context)


def _look(connection: sqlite3.Connection, name: str) -> dict[str, Any]:
    outlet = row(connection, "SELECT * FROM outlets WHERE name = ?", [name])
    if outlet is None:
        raise Missing(f"there is no outlet {name!r} in this corpus: the home page lists those that there are")
    languages = connection.execute("SELECT language FROM outlet_languages WHERE outlet = ?", [name])
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome, reason, count in connection.execute(
        "SELECT coalesce(outcome, 'waiting'), reason, count(*) FROM leads"
        " WHERE outlet = ? AND reason IS NOT NULL GROUP BY 1, 2 ORDER BY 2",
        [name],
    ):
        counted[outcome][_OF_A_DAY.sub("", reason)] += count
    return {
        "outlet": outlet,
        "languages": [each[0] for each in languages],
        "sources": rows(connection, "SELECT * FROM sources WHERE outlet = ? ORDER BY kind, url", [name]),
        "outcomes": rows(
            connection,
            "SELECT coalesce(outcome, 'waiting') AS outcome, count(*) AS count FROM leads WHERE outlet = ?"
            " GROUP BY 1 ORDER BY 2 DESC",
            [name],
        ),
        "reasons": {outcome: of.most_common(REASONS) for outcome, of in counted.items()},
        "more": {outcome: sum(sorted(of.values(), reverse=True)[REASONS:]) for outcome, of in counted.items()},
        "refused": rows(
            connection,
            f"SELECT url, title, outcome, reason, found_at {_REFUSED} ORDER BY found_at DESC, url LIMIT {EXAMPLES}",
            [name],
        ),
        "refused_total": connection.execute(f"SELECT count(*) {_REFUSED}", [name]).fetchone()[0],
        "drifted": rows(connection, _DRIFTED, [name, LATEST]),
        "looked_at": min(LATEST, _count(connection, name)),
        "months": dict(
            connection.execute(
                "SELECT coalesce(month, ''), count(*) FROM articles WHERE outlet = ? AND kept = 1 GROUP BY 1",
                [name],
            ).fetchall()
        ),
        "read": _count(connection, name),
        "newest": newest(connection, "outlet = ? AND kept = 1", [name], 10),
    }


def _count(connection: sqlite3.Connection, name: str) -> int:
    found: int = connection.execute("SELECT count(*) FROM articles WHERE outlet = ?", [name]).fetchone()[0]
    return found


async def coverage_page(datasette: Any, request: Any) -> Response:
    """Outlet by month, and outlet by outcome."""
    tables, titles, runs, drifted = await ask(
        datasette,
        lambda connection: (
            counts(connection),
            dict(connection.execute("SELECT name, title FROM outlets ORDER BY title").fetchall()),
            rows(connection, "SELECT * FROM runs ORDER BY started_at DESC LIMIT 10"),
            rows(
                connection,
                "SELECT outlet, sum(count) AS count FROM health WHERE outcome = 'drift' AND run_id IN"
                " (SELECT id FROM runs ORDER BY started_at DESC LIMIT 10) GROUP BY 1 ORDER BY 2 DESC, 1",
            ),
        ),
    )
    by_outlet = pairs(tables["articles_by_outlet_month"])
    outcomes = pairs(tables["leads_by_outlet_outcome"])
    names = [*titles, *sorted((by_outlet.keys() | outcomes.keys()) - titles.keys())]
    chart = timeline.months(tables["articles_by_month"], lambda _: "")
    keys = [bar.key for bar in chart.bars] if chart else []
    most = max((count for of in by_outlet.values() for key, count in of.items() if key), default=0)
    used = [name for name in words.OUTCOMES if any(name in of for of in outcomes.values())]
    context = {
        "titles": titles,
        "months": keys,
        "lines": [(name, _line(by_outlet.get(name, {}), keys, most)) for name in names],
        "undated": {name: by_outlet.get(name, {}).get("", 0) for name in names},
        "outcomes": [(name, outcomes.get(name, {})) for name in names],
        "used": used,
        "runs": runs,
        "drifted": drifted,
    }
    return await answer(datasette, request, "coverage.html", context)


def _line(of: dict[str, int], keys: list[str], most: int) -> list[tuple[str, int, int, bool]]:
    """(month, count, shade, gap) for each month; a gap is a month without articles between two with some."""
    known = [key for key in keys if of.get(key)]
    return [
        (
            key,
            of.get(key, 0),
            max(1, round(of[key] / most * (LEVELS - 1))) if of.get(key) else 0,
            not of.get(key) and bool(known) and known[0] < key < known[-1],
        )
        for key in keys
    ]
