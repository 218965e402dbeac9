"""/search: a page of articles with the words in their place, and the facets to go on from."""

import csv
import io
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from datasette import Response
from markupsafe import Markup

from archive.errors import UsageError
from archive.queries import Query, read_query
from archive.readingroom import timeline, words
from archive.readingroom.find import A_PAGE, MANY, SOME, Found, find
from archive.readingroom.ink import marked, shorten
from archive.readingroom.pages import answer, ask, origin, rows
from archive.readingroom.query import FACETS, PAGES, UNKNOWN, Search, asked
from archive.readingroom.snippets import places, snippet

VALUES = 12  # of a facet, on the page
TITLE = 220  # characters of a title in a list
COLUMNS = (
    "id",
    "outlet",
    "published_at",
    "language",
    "access",
    "title",
    "url",
    "word_count",
    "revision_count",
)
OUTLET_TITLE = "(SELECT outlets.title FROM outlets WHERE name = outlet) AS outlet_title"
FACET_NAMES = {
    "outlet": "Newspaper",
    "month": "Month",
    "language": "Language",
    "access": "Access",
    "topic": "Topic",
}


@dataclass(frozen=True)
class Choice:
    """One value of a facet and where it leads; for a chosen value that is the search without it."""

    label: str
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True)
class Hit:
    """An article in the list."""

    row: Mapping[str, Any]
    title: Markup
    text: Markup
    topics: tuple[str, ...]


async def search_page(datasette: Any, request: Any) -> Response:
    """The page; status 400 and a sentence for a query that says nothing sensible."""
    query, problem = Search(), None
    try:
        query = asked(request.args)
        asked_for = read_query(query.words) if query.words else None
        found, shown, names = await ask(datasette, lambda connection: _look(connection, query, asked_for))
    except (UsageError, sqlite3.OperationalError) as error:
        problem = _sentence(error)
        query = replace(query, words=query.words or (request.args.get("q") or "")[:2000])
        return await answer(datasette, request, "search.html", {"query": query, "problem": problem}, status=400)
    here = datasette.urls.path("/search")
    by_month = {key: count for key, count in found.facets["month"].items() if key != UNKNOWN}
    context = {
        "query": query,
        "problem": None,
        "found": found,
        "hits": shown,
        "some": SOME,
        "many": MANY,
        "facets": _choices(here, query, found, names),
        "removals": _removals(here, query, names),
        "chart": timeline.months(
            by_month,
            lambda key: f"{here}?{query.choosing('month', key).address()}",
            query.chosen.get("month"),
        )
        if len(by_month) > 1
        else None,
        "orders": {
            order: f"{here}?{replace(query, order=order, page=1).address()}" for order in ("newest", "relevance")
        },
        "wider": f"{here}?{replace(query, everything=not query.everything, page=1).address()}",
        "first": (query.page - 1) * A_PAGE + 1,
        "previous": f"{here}?{replace(query, page=query.page - 1).address()}" if query.page > 1 else None,
        "next": f"{here}?{replace(query, page=query.page + 1).address()}"
        if query.page * A_PAGE < found.total and query.page < PAGES and shown
        else None,
        "last_page": PAGES,
        "formats": {name: f"{here}.{name}?{replace(query, page=1).address()}" for name in ("json", "csv")},
    }
    return await answer(datasette, request, "search.html", context)


async def search_data(datasette: Any, request: Any) -> Response:
    """/search.json: a page of results; /search.csv: the first thousand, without text."""
    kind = request.url_vars["format"]
    try:
        query = asked(request.args)
        asked_for = read_query(query.words) if query.words else None
        size = 1000 if kind == "csv" else A_PAGE
        found, listed = await ask(datasette, lambda connection: _list(connection, query, asked_for, size))
    except (UsageError, sqlite3.OperationalError) as error:
        return Response.json({"ok": False, "error": _sentence(error)}, status=400)
    if kind == "csv":
        page = io.StringIO()
        writer = csv.DictWriter(page, COLUMNS)
        writer.writeheader()
        writer.writerows(listed)
        return Response(page.getvalue(), content_type="text/csv; charset=utf-8")
    here = origin(datasette, request)
    return Response.json(
        {
            "ok": True,
            "query": query.words,
            "chosen": dict(query.chosen),
            "total": found.total,
            "total_is_exact": found.exact,
            "facets": found.facets,
            "facets_counted_over": found.counted,
            "page": query.page,
            "articles": [{**row, "href": f"{here}/article/{row['id']}"} for row in listed],
        }
    )


def listed(connection: sqlite3.Connection, ids: tuple[str, ...], columns: str) -> list[dict[str, Any]]:
    """The rows of these articles, in this order."""
    marks = ", ".join("?" * len(ids))
    by_id = {row["id"]: row for row in rows(connection, f"SELECT {columns} FROM articles WHERE id IN ({marks})", ids)}
    return [by_id[each] for each in ids if each in by_id]


def _list(
    connection: sqlite3.Connection, query: Search, asked_for: Query | None, size: int
) -> tuple[Found, list[dict[str, Any]]]:
    found = find(connection, query, asked_for.fts if asked_for else None, size)
    return found, listed(connection, found.ids, ", ".join(COLUMNS))


def _look(
    connection: sqlite3.Connection, query: Search, asked_for: Query | None
) -> tuple[Found, list[Hit], dict[str, dict[str, str]]]:
    found = find(connection, query, asked_for.fts if asked_for else None)
    names = {
        "outlet": dict(connection.execute("SELECT name, title FROM outlets").fetchall()),
        "topic": dict(connection.execute("SELECT id, title FROM topics WHERE current = 1").fetchall()),
    }
    columns = f"{', '.join(COLUMNS)}, published_day, standfirst, text, kicker, kept, {OUTLET_TITLE}"
    articles = listed(connection, found.ids, columns)
    return found, [_hit(connection, row, asked_for, names["topic"]) for row in articles], names


def _hit(
    connection: sqlite3.Connection,
    row: dict[str, Any],
    asked_for: Query | None,
    topic_names: Mapping[str, str],
) -> Hit:
    title, standfirst, text = (row[name] or "" for name in ("title", "standfirst", "text"))
    line = shorten(title, TITLE)
    in_title = places(asked_for, title) if line == title else []
    in_standfirst, in_text = places(asked_for, standfirst), places(asked_for, text)
    of_standfirst = bool(standfirst) and (bool(in_standfirst) or not in_text)
    topics = connection.execute(
        "SELECT topic FROM matches JOIN topics ON id = topic AND version = topic_version"
        " WHERE article_id = ? AND current = 1 AND decision IN ('match', 'manual')",
        [row["id"]],
    )
    return Hit(
        row=row,
        title=marked(line, in_title),
        text=snippet(standfirst, in_standfirst) if of_standfirst else snippet(text, in_text),
        topics=tuple(topic_names.get(each[0], each[0]) for each in topics),
    )


def label(facet: str, value: str, names: Mapping[str, Mapping[str, str]]) -> str:
    """A facet's value in words."""
    match facet:
        case "month":
            return words.month(None if value == UNKNOWN else value)
        case "language":
            return words.language(None if value == UNKNOWN else value)
        case "access":
            return words.ACCESS.get(value, value)
        case _:
            return names.get(facet, {}).get(value) or ("outlet unknown" if value == UNKNOWN else value)


def _choices(
    here: str, query: Search, found: Found, names: Mapping[str, Mapping[str, str]]
) -> list[tuple[str, list[Choice], int]]:
    """(heading, choices, how many more there are) for each facet that has something to choose."""
    shown = []
    for name in FACETS:
        values = found.facets[name]
        keys = sorted(values, reverse=True) if name == "month" else list(values)
        if not keys or (len(keys) == 1 and name not in query.chosen and name != "topic"):
            continue
        chosen = query.chosen.get(name)
        kept = keys[:VALUES]
        if chosen and chosen not in kept:
            kept = [chosen, *kept[:-1]]
        choices = [
            Choice(
                label=shorten(label(name, key, names), 60),
                count=values.get(key, 0),
                href=f"{here}?{query.choosing(name, None if key == chosen else key).address()}",
                chosen=key == chosen,
            )
            for key in kept
        ]
        shown.append((FACET_NAMES[name], choices, len(keys) - len(kept)))
    return shown


def _removals(here: str, query: Search, names: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """What is chosen, each with the search without it."""
    removals = [
        (shorten(label(name, value, names), 60), f"{here}?{query.choosing(name, None).address()}")
        for name, value in query.chosen.items()
    ]
    if query.since:
        address = replace(query, since=None, page=1).address()
        removals.append((f"from {words.day(query.since)}", f"{here}?{address}"))
    if query.until:
        address = replace(query, until=None, page=1).address()
        removals.append((f"to {words.day(query.until)}", f"{here}?{address}"))
    return removals


def _sentence(error: Exception) -> str:
    if isinstance(error, UsageError):
        return str(error)
    return f"the search index does not understand this ({error}): put phrases between quotation marks"
