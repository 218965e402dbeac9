"""The hooks of Datasette that make it the reading room. Only hooks that 0.65 and 1.0 both have."""

import logging
import sqlite3
from collections.abc import Callable, Generator
from typing import Any
from urllib.parse import quote

from datasette import Response, hookimpl
from datasette.utils.asgi import Base400, NotFound
from datasette.views.base import DatasetteError
from jinja2 import Environment
from markupsafe import Markup

from archive.errors import HemerotecaError, UsageError
from archive.norm import register
from archive.readingroom import ink, words
from archive.readingroom.article import article_data, article_page, citation
from archive.readingroom.diff import diff_page
from archive.readingroom.download import download_page, robots
from archive.readingroom.gone import Gone, gone_page
from archive.readingroom.headers import App, inert
from archive.readingroom.home import home_page
from archive.readingroom.label import label_page
from archive.readingroom.labels import labelled
from archive.readingroom.outlet import coverage_page, outlet_page
from archive.readingroom.pages import ROOMS, Missing, TooSlow, answer
from archive.readingroom.replay import archived_page, replay_page
from archive.readingroom.search import search_data, search_page
from archive.readingroom.topic import topic_feed, topic_page
from archive.schema import DESCRIPTIONS

_ID = r"(?P<id>[A-Za-z0-9_-]+)"
ROUTES = (
    (r"^/$", home_page),
    (r"^/search$", search_page),
    (r"^/search\.(?P<format>json|csv)$", search_data),
    (rf"^/article/{_ID}$", article_page),
    (rf"^/article/{_ID}\.json$", article_data),
    (rf"^/article/{_ID}\.(?P<format>bib|ris|csl)$", citation),
    (rf"^/article/{_ID}/diff$", diff_page),
    (rf"^/topic/{_ID}$", topic_page),
    (rf"^/topic/{_ID}\.atom$", topic_feed),
    (rf"^/topic/{_ID}/label$", label_page),
    (r"^/outlet/(?P<name>[A-Za-z0-9_-]+)$", outlet_page),
    (r"^/coverage$", coverage_page),
    (rf"^/replay/{_ID}$", replay_page),
    (rf"^/replay/{_ID}/page$", archived_page),
    (r"^/download$", download_page),
    (r"^/robots\.txt$", robots),
)
# columns of the tables whose values have a page here
_PAGES = {
    "article_id": "/article/",
    "other_id": "/article/",
    "capture_id": "/replay/",
    "topic": "/topic/",
    "outlet": "/outlet/",
}
# tables whose rows have one
_OWN_PAGES = {"articles": "/article/", "captures": "/replay/", "topics": "/topic/"}

logger = logging.getLogger(__name__)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    return list(ROUTES)


@hookimpl
def asgi_wrapper() -> Callable[[App], App]:
    return inert


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    register(conn)


@hookimpl
def prepare_jinja2_environment(env: Environment, datasette: Any) -> None:
    env.filters.update(
        apart=ink.apart,
        plain=ink.plain,
        shorten=ink.shorten,
        sentence=ink.sentence,
        outward=ink.outward,
        at=lambda path: datasette.urls.path(quote(path, safe="/?=&%~.-_")),
        day=words.day,
        moment=words.moment,
        month=words.month,
        language=words.language,
        direction=words.direction,
        size=words.size,
        plural=words.plural,
        because=words.because,
        labelled=labelled,
    )
    env.globals.update(
        OUTCOMES=words.OUTCOMES,
        ACCESS=words.ACCESS,
        COMPLETE=words.COMPLETE,
        FIDELITY=words.FIDELITY,
        RELATIONS=words.RELATIONS,
        ATTRIBUTIONS=words.ATTRIBUTIONS,
        FIELDS=words.FIELDS,
        DECISIONS=words.DECISIONS,
        DESCRIPTIONS=DESCRIPTIONS,
    )


@hookimpl
def extra_template_vars(datasette: Any) -> dict[str, Any]:
    corpus = ROOMS.get(datasette)
    return {"room": corpus.settings} if corpus else {}


@hookimpl
def render_cell(value: Any, column: str, table: str | None, datasette: Any) -> Markup | None:
    """Cells of Datasette's own tables: text stands apart, addresses tell nothing, ids lead to our pages."""
    label = value
    if isinstance(value, dict):  # a foreign key, with the label of the row it names
        value, label = value.get("value"), value.get("label")
    if not isinstance(value, str) or not value:
        return None
    page = _OWN_PAGES.get(table or "") if column == "id" else _PAGES.get(column)
    if page:
        href = datasette.urls.path(page + quote(value, safe=""))
        return Markup('<a href="{}">{}</a>').format(href, ink.apart(label or value, 80))
    if ink.web_address(value) and not any(sign.isspace() for sign in value):
        return ink.outward(value)
    most = datasette.setting("truncate_cells_html")
    if len(value) > most and ink.plain(value) == value:
        return None  # Datasette cuts it in a table and shows all of it in a row
    return ink.apart(value, most)


@hookimpl(tryfirst=True)
def forbidden(datasette: Any, request: Any, message: str) -> Callable[[], Any] | None:
    """Status 403 with a sentence for what the settings switch off."""
    if datasette not in ROOMS:
        return None

    async def inner() -> Response:
        if message == "execute-sql":
            sentence = "questions in SQL are switched off here: search, or take the tables as JSON or CSV"
        else:
            sentence = "the settings of this reading room do not allow this"
        return await answer(datasette, request, "error.html", {"status": 403, "sentence": sentence}, status=403)

    return inner


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Generator[None, Any, None]:
    """Our page instead of Datasette's: its own prints a traceback with all values for each wrong address."""
    outcome = yield
    if datasette not in ROOMS:
        return

    async def inner() -> Response:
        if isinstance(exception, Gone):
            return await gone_page(datasette, request, exception)
        status, sentence = _said(exception)
        if status >= 500:
            logger.error("%s failed", request.path, exc_info=exception)
        if request.path.partition("?")[0].endswith((".json", ".csv")):
            return Response.json({"ok": False, "error": sentence, "status": status}, status=status)
        return await answer(datasette, request, "error.html", {"status": status, "sentence": sentence}, status=status)

    outcome.force_result([inner])


def _said(exception: Exception) -> tuple[int, str]:
    """The status and the sentence for a reader; nothing of the machine is told."""
    match exception:
        case Missing():
            return 404, str(exception)
        case TooSlow():
            return 503, str(exception)
        case UsageError() | HemerotecaError():
            return 400, str(exception)
        case NotFound():
            return 404, "there is no page at this address"
        case Base400():
            return exception.status, str(exception)
        case DatasetteError():  # its own status is 500 even where the reader has named a column that is not there
            status = exception.status if exception.status < 500 else 400
            return status, str(exception.message or exception.title or "this cannot be shown")
        case _:
            return 500, "this page failed; the server's log says why"
