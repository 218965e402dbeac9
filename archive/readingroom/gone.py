"""What was taken down: its page says so, with the reason, and shows nothing of it (RFC 9110 §15.5.11, 410 Gone)."""

import sqlite3
from typing import Any

from datasette import Response

from archive.errors import HemerotecaError
from archive.readingroom.pages import answer, row, rows


class Gone(HemerotecaError):
    """An article, or a capture of it, was taken down. `found`: what may be said of it."""

    def __init__(self, found: dict[str, Any]) -> None:
        super().__init__(f"this was taken down on {found['at'][:10]}: {found['reason']}")
        self.found = found


def refuse_article(connection: sqlite3.Connection, article_id: str) -> None:
    """Raises Gone where the article of that id was taken down."""
    _refuse(connection, "article_id = ?", article_id)


def refuse_capture(connection: sqlite3.Connection, capture_id: str) -> None:
    """Raises Gone where the capture was taken down."""
    _refuse(connection, "entry = (SELECT entry FROM tombstones WHERE capture_id = ?)", capture_id)


def _refuse(connection: sqlite3.Connection, where: str, value: str) -> None:
    found = row(
        connection,
        "SELECT article_id, outlet, stable_id, at, reason, entry,"
        " (SELECT title FROM outlets WHERE name = outlet) AS outlet_title"
        f" FROM takedowns WHERE {where} ORDER BY entry DESC LIMIT 1",
        [value],
    )
    if found is None:
        return
    entry = [found["entry"]]
    raise Gone(
        {
            **found,
            "urls": [each["url"] for each in rows(connection, "SELECT url FROM takedowns WHERE entry = ?", entry)],
            "records": rows(
                connection,
                "SELECT record_id, url, fetched_at, warc_file, warc_offset, warc_length, block_sha256, payload_sha256"
                " FROM tombstones WHERE entry = ? ORDER BY fetched_at, record_id",
                entry,
            ),
        }
    )


async def gone_page(datasette: Any, request: Any, gone: Gone) -> Response:
    """The page, or the same as JSON where data were asked for."""
    if request.path.partition("?")[0].endswith((".json", ".csv")):
        return Response.json({"ok": False, "error": str(gone), "status": 410, "takedown": gone.found}, status=410)
    return await answer(datasette, request, "gone.html", {"gone": gone.found}, status=410)
