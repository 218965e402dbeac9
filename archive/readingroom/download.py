"""/download: what may be taken and how; /robots.txt."""

import sqlite3
from typing import Any

from datasette import Response

from archive.readingroom.counts import counts
from archive.readingroom.pages import ROOMS, answer, ask, rows

# A copy of newspapers is for its readers; whoever indexes them asks the newspapers.
ROBOTS = "User-agent: *\nDisallow: /\n"


async def robots(request: Any) -> Response:
    """Nothing here is for crawlers."""
    del request
    return Response.text(ROBOTS)


async def download_page(datasette: Any, request: Any) -> Response:
    """What each newspaper says about use, which texts may leave, and the commands that take them."""

    def look(connection: sqlite3.Connection) -> dict[str, Any]:
        return {
            "tables": counts(connection),
            "outlets": rows(
                connection,
                "SELECT name, title,"
                " sum(tdm_reservation = '1') AS reserved, sum(tdm_reservation = '0') AS open,"
                " sum(rights.capture_id IS NOT NULL AND tdm_reservation IS NULL) AS silent,"
                " group_concat(DISTINCT rights.licence) AS licences"
                " FROM outlets LEFT JOIN rights ON rights.outlet = outlets.name GROUP BY 1 ORDER BY 2",
            ),
            "warcs": rows(connection, "SELECT file, bytes, sha256 FROM warcs ORDER BY file DESC LIMIT 20"),
        }

    found = await ask(datasette, look)
    return await answer(
        datasette, request, "download.html", {**found, "allowed": ROOMS[datasette].settings.text_allowed}
    )
