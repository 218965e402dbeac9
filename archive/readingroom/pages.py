"""What every page of the reading room does: ask the database within the time limit, answer in our frame."""

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from datasette import Response
from datasette.utils import sqlite_timelimit

from archive.corpus import Corpus
from archive.errors import HemerotecaError

DATABASE = "corpus"
# The corpus that each Datasette of this process shows; hooks are process-wide, a corpus is not.
ROOMS: WeakKeyDictionary[Any, Corpus] = WeakKeyDictionary()

T = TypeVar("T")


class TooSlow(HemerotecaError):
    """The question to the database took longer than a page may take."""


class Missing(HemerotecaError):
    """There is no such article, topic, outlet or capture."""


async def ask(datasette: Any, question: Callable[[sqlite3.Connection], T]) -> T:
    """What `question` makes of a read-only connection; raises TooSlow past `sql_time_limit_ms`."""
    limit = datasette.setting("sql_time_limit_ms")

    def timed(connection: sqlite3.Connection) -> T:
        with sqlite_timelimit(connection, limit):
            return question(connection)

    try:
        answer: T = await datasette.get_database(DATABASE).execute_fn(timed)
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise TooSlow(
                f"this took longer than {limit / 1000:g} seconds: narrow it by outlet, month or a rarer word"
            ) from error
        raise
    return answer


async def answer(
    datasette: Any, request: Any, template: str, context: dict[str, Any], *, status: int = 200
) -> Response:
    """A page in our frame."""
    body = await datasette.render_template(template, context, request=request)
    return Response.html(body, status=status)


def rows(connection: sqlite3.Connection, sql: str, parameters: Any = ()) -> list[dict[str, Any]]:
    """The rows of a query as dictionaries."""
    cursor = connection.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def row(connection: sqlite3.Connection, sql: str, parameters: Any = ()) -> dict[str, Any] | None:
    """The first row of a query, or None."""
    found = rows(connection, sql, parameters)
    return found[0] if found else None


def origin(datasette: Any, request: Any) -> str:
    """Scheme and host under which the reader has asked, with the base URL, without a slash at the end."""
    return f"{request.scheme}://{request.host}{datasette.setting('base_url')}".rstrip("/")
