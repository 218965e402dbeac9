"""The home page: what is in this corpus, over time and by newspaper."""

import sqlite3
from typing import Any

from datasette import Response

from archive.readingroom import timeline
from archive.readingroom.counts import Counts, counts
from archive.readingroom.pages import answer, ask, row, rows

DAILY = 20_000  # up to so many articles the bars are by day, if they are of few months
FEW_MONTHS = 6
NEWEST = 6


async def home_page(datasette: Any, request: Any) -> Response:
    """Counts, the timeline with its gaps, outlets, topics and the newest articles."""
    tables, known, daily = await ask(datasette, _look)
    here = datasette.urls.path("/search")
    months = {key: value for key, value in tables["articles_by_month"].items() if key}
    chart = timeline.months(months, lambda key: f"{here}?month={key}")
    by_day = (
        timeline.days(daily, lambda key: f"{here}?since={key}&until={key}", lambda key: f"{here}?month={key}")
        if daily
        else None
    )
    total = tables["articles"].get("total", 0)
    outlets = [{**each, "count": tables["articles_by_outlet"].get(each["name"], 0)} for each in known["outlets"]]
    context = {
        "tables": tables,
        "total": total,
        "read": tables["articles_read"].get("total", total),
        "chart": chart,
        "by_day": by_day,
        "undated": tables["articles_by_month"].get("", 0),
        "outlets": sorted(outlets, key=lambda each: -each["count"]),
        "most": max((each["count"] for each in outlets), default=0),
        "topics": [{**each, "count": tables["matches_by_topic"].get(each["id"], 0)} for each in known["topics"]],
        "languages": sorted(tables["articles_by_language"].items(), key=lambda pair: -pair[1]),
        "newest": known["newest"],
        "run": known["run"],
    }
    return await answer(datasette, request, "home.html", context)


def _look(connection: sqlite3.Connection) -> tuple[Counts, dict[str, Any], dict[str, int]]:
    tables = counts(connection)
    known = {
        "outlets": rows(connection, "SELECT name, title, home FROM outlets ORDER BY title"),
        "topics": rows(connection, "SELECT id, title, description FROM topics WHERE current = 1 ORDER BY title"),
        "newest": newest(connection, "kept = 1", []),
        "run": row(connection, "SELECT * FROM runs ORDER BY started_at DESC LIMIT 1"),
    }
    daily: dict[str, int] = {}
    dated = [key for key in tables["articles_by_month"] if key]
    if tables["articles"].get("total", 0) <= DAILY and 0 < len(dated) <= FEW_MONTHS:
        daily = dict(
            connection.execute(
                "SELECT published_day, count(*) FROM articles WHERE kept = 1 AND published_day IS NOT NULL GROUP BY 1"
            ).fetchall()
        )
    return tables, known, daily


def newest(
    connection: sqlite3.Connection, where: str, parameters: list[Any], most: int = NEWEST
) -> list[dict[str, Any]]:
    """The newest articles under a condition on `articles`, as rows for a list."""
    return rows(
        connection,
        "SELECT id, outlet, (SELECT title FROM outlets WHERE name = outlet) AS outlet_title, title,"
        " standfirst, published_at, published_day, language, access, revision_count"
        f" FROM articles WHERE {where} ORDER BY published_at DESC, id LIMIT ?",
        [*parameters, most],
    )
