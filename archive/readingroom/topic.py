"""/topic/ID: what a topic file found, when, where and why; and its feed."""

import sqlite3
from typing import Any

from datasette import Response

from archive.readingroom import timeline
from archive.readingroom.atom import Entry, feed
from archive.readingroom.pages import Missing, answer, ask, origin, row, rows

A_PAGE = 30
FEED = 50
_TAKEN = (
    "FROM matches JOIN articles ON articles.id = article_id"
    " WHERE topic = :topic AND topic_version = :version AND decision IN ('match', 'manual')"
)


async def topic_page(datasette: Any, request: Any) -> Response:
    """The page."""
    topic_id = request.url_vars["id"]
    found = await ask(datasette, lambda connection: _look(connection, topic_id))
    here = datasette.urls.path("/search")
    context = {
        **found,
        "chart": timeline.months(found["months"], lambda key: f"{here}?topic={topic_id}&month={key}"),
        "most": max((each["count"] for each in found["outlets"]), default=0),
        "total": sum(each["count"] for each in found["outlets"]),
    }
    return await answer(datasette, request, "topic.html", context)


async def topic_feed(datasette: Any, request: Any) -> Response:
    """/topic/ID.atom: the newest matches (RFC 4287)."""
    topic_id = request.url_vars["id"]
    here = origin(datasette, request)

    def look(connection: sqlite3.Connection) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        topic = _topic(connection, topic_id)
        return topic, rows(
            connection,
            "SELECT articles.id, title, standfirst, url, published_at, first_seen, last_seen, language,"
            " (SELECT group_concat(name, ', ') FROM authors WHERE article_id = articles.id) AS authors,"
            " (SELECT title FROM outlets WHERE name = articles.outlet) AS outlet,"
            " (SELECT max(seen_at) FROM revisions WHERE revisions.article_id = articles.id) AS changed_at"
            f" {_TAKEN} ORDER BY first_seen DESC, articles.id LIMIT {FEED}",
            {"topic": topic_id, "version": topic["version"]},
        )

    topic, articles = await ask(datasette, look)
    entries = [
        Entry(
            address=f"{here}/article/{each['id']}",
            source=each["url"],
            title=each["title"] or "Untitled",
            author=each["authors"] or each["outlet"] or "unknown",
            published=each["published_at"],
            updated=each["changed_at"] or each["first_seen"],
            summary=each["standfirst"],
            language=each["language"],
        )
        for each in articles
    ]
    body = feed(
        f"{here}/topic/{topic_id}.atom",
        f"{here}/topic/{topic_id}",
        topic["title"],
        topic["description"],
        entries,
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _topic(connection: sqlite3.Connection, topic_id: str) -> dict[str, Any]:
    found = row(connection, "SELECT * FROM topics WHERE id = ? ORDER BY current DESC, version LIMIT 1", [topic_id])
    if found is None:
        raise Missing(f"there is no topic {topic_id!r} in this corpus: the home page lists those that there are")
    return found


def _look(connection: sqlite3.Connection, topic_id: str) -> dict[str, Any]:
    topic = _topic(connection, topic_id)
    version = {"topic": topic_id, "version": topic["version"]}
    return {
        "topic": topic,
        "months": dict(
            connection.execute(f"SELECT coalesce(month, ''), count(*) {_TAKEN} GROUP BY 1", version).fetchall()
        ),
        "outlets": rows(
            connection,
            "SELECT coalesce(outlet, '') AS name,"
            " (SELECT title FROM outlets WHERE name = articles.outlet) AS title,"
            f" count(*) AS count {_TAKEN} GROUP BY 1 ORDER BY 3 DESC",
            version,
        ),
        "decisions": rows(
            connection,
            # An article without a row is a reject
            "WITH said AS (SELECT decision, count(*) AS count FROM matches"
            " WHERE topic = :topic AND topic_version = :version AND decision <> 'reject' GROUP BY 1)"
            " SELECT * FROM said UNION ALL SELECT 'reject', (SELECT value FROM stats WHERE name = 'articles_read')"
            " - (SELECT coalesce(sum(count), 0) FROM said) WHERE EXISTS (SELECT 1 FROM stats) ORDER BY 2 DESC",
            version,
        ),
        "terms": rows(
            connection,
            "SELECT concept, term, count(*) AS count, count(DISTINCT article_id) AS articles"
            " FROM match_spans JOIN matches USING (article_id, topic) WHERE topic = :topic"
            " AND topic_version = :version AND decision IN ('match', 'manual')"
            " GROUP BY 1, 2 ORDER BY 1, 4 DESC, 2",
            version,
        ),
        "articles": rows(
            connection,
            "SELECT articles.id, outlet, title, published_at, published_day, language, access, score,"
            " decision, reason, revision_count,"
            " (SELECT outlets.title FROM outlets WHERE name = outlet) AS outlet_title,"
            " (SELECT group_concat(DISTINCT term) FROM match_spans"
            "  WHERE match_spans.article_id = articles.id AND topic = :topic) AS terms"
            f" {_TAKEN} ORDER BY published_at DESC, articles.id LIMIT {A_PAGE}",
            version,
        ),
        "versions": connection.execute("SELECT count(*) FROM topics WHERE id = ?", [topic_id]).fetchone()[0],
    }
