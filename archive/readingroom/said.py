"""A verdict that comes by a form: who may send one, and that it is kept once and not lost.

The form is answered for a browser on this machine that shows a page of this room, and for no other. A page of another
site can send a form here too; it knows neither the token, nor can it change what the browser says of its origin (Fetch,
"Origin header"), nor the name by which the room was asked.
"""

import logging
import re
import sqlite3
from asyncio import to_thread
from collections.abc import Callable, Sequence
from contextlib import closing
from secrets import compare_digest
from typing import Any

from datasette import Response
from sqlite_utils import Database

from archive.errors import HemerotecaError, UsageError
from archive.judging import VERDICTS, WITHDRAWN
from archive.readingroom.article import one
from archive.readingroom.desk import Desk, Judge
from archive.readingroom.gone import Gone
from archive.readingroom.hosts import on_loopback
from archive.readingroom.pages import DATABASE, Missing, answer
from archive.topics import Topic
from archive.tuning.sample import Drawn
from archive.tuning.verdicts import Verdict, enter, say_unless, take_back

FORM = "application/x-www-form-urlencoded"
OFF = "nobody judges in this room: `hemeroteca serve --label NAME` opens one, on this machine, in which NAME can judge"
_ENTRY = re.compile("[0-9]{1,15}")

logger = logging.getLogger(__name__)


class Refused(HemerotecaError):
    """A form that is not one of this room's own."""


async def keep_said(
    datasette: Any,
    request: Any,
    desk: Desk,
    sample: Callable[[sqlite3.Connection, Topic], Sequence[Drawn]],
    address: Callable[..., str],
) -> Response:
    """Keeps the verdict of a form and sends the browser on, so that a page that is loaded anew sends nothing.

    `sample`: the one that is judged; `address` gives that of the page to go to.
    """
    try:
        judge, form = await _own(request, desk)
    except Refused as refusal:
        return await answer(datasette, request, "error.html", {"status": 403, "sentence": str(refusal)}, status=403)

    def keep(connection: sqlite3.Connection) -> str:
        db = Database(connection, execute_plugins=False)
        return _kept(db, desk, judge, request.url_vars["id"], form, sample, address)

    async with desk.turn:
        try:
            onward = await datasette.get_database(DATABASE).execute_fn(keep)
        except (Missing, Gone):
            raise
        except HemerotecaError as error:
            why = f"the verdict was not kept: {str(error).replace(f'{desk.corpus.folder}/', '')}"
            return await answer(datasette, request, "error.html", {"status": 503, "sentence": why}, status=503)
        await to_thread(_enter, desk)
    return Response.redirect(onward, status=303)


async def _own(request: Any, desk: Desk) -> tuple[Judge, dict[str, str]]:
    """Who judges, and the fields of the form. Raises Refused."""
    if desk.judge is None:
        raise Refused(OFF)
    hosts = [value.decode("latin-1") for name, value in request.scope["headers"] if name == b"host"]
    if len(hosts) != 1 or not on_loopback(hosts[0]):
        raise Refused("verdicts are taken from a browser on this machine alone: ask for the room by 127.0.0.1")
    if request.headers.get("origin") != f"{request.scheme}://{hosts[0]}":
        raise Refused("this form does not come from a page of this room: open the page here and judge on it")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Refused("a verdict comes as a form: judge on the page")
    form = await request.post_vars()
    # Datasette's own check lets forms pass that bring no cookie
    token = request.scope["csrftoken"]()
    if not compare_digest(form.get("csrftoken", "").encode(), token.encode()):
        raise Refused("this form is of an earlier run of the room: load the page again and judge on it")
    if form.get("verdict") not in (*VERDICTS, WITHDRAWN):
        raise Refused("the form says neither yes, no nor unsure")
    return desk.judge, form


def _kept(
    db: Database,
    desk: Desk,
    judge: Judge,
    topic_id: str,
    form: dict[str, str],
    sample: Callable[[sqlite3.Connection, Topic], Sequence[Drawn]],
    address: Callable[..., str],
) -> str:
    """Where to go after the verdict is in the journal."""
    subject, article_id, verdict = desk.subject(db, topic_id), form.get("article", ""), form["verdict"]
    if subject.fault is not None:
        raise UsageError(subject.fault)
    seen = int(entry) if _ENTRY.fullmatch(entry := form.get("seen", "")) else 0
    if verdict == WITHDRAWN:
        back = take_back(desk.corpus, db, subject.topic, seen, judge.now(), judge.name)
        return address(article=back.article_id) if back else address()
    one(db.conn, article_id)
    drawn = next((each for each in sample(db.conn, subject.topic) if each.article_id == article_id), None)
    placed = (drawn.stratum.value, drawn.weight) if drawn else (None, None)
    newer = say_unless(
        desk.corpus, db, subject.topic, Verdict(article_id, verdict, judge.name, *placed), judge.now(), seen=seen
    )
    if newer is None or newer.verdict == verdict:
        return address(after=article_id)
    return address(article=article_id, stale=1)


def _enter(desk: Desk) -> None:
    """Rows, where nobody else writes them now; the journal has the verdict in any case."""
    try:
        with closing(desk.corpus.database()) as db:
            enter(desk.corpus, db)
    except (sqlite3.Error, HemerotecaError) as error:
        logger.warning("a verdict is in the journal and not in the rows yet: %s", error)
