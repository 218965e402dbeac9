"""/topic/ID/label: a topic's sample, one article at a time, and what the verdicts say of the topic."""

import sqlite3
from collections.abc import Callable, Sequence
from itertools import islice
from secrets import token_urlsafe
from typing import Any, TypeVar
from urllib.parse import urlencode

from datasette import Response
from sqlite_utils import Database

from archive.judging import DOCUMENT, document_in
from archive.matching import explain
from archive.readingroom import words
from archive.readingroom.article import COLOURS, FIELDS
from archive.readingroom.curve import curve
from archive.readingroom.desk import DESKS, Desk, Subject
from archive.readingroom.headers import POLICY
from archive.readingroom.hosts import on_loopback
from archive.readingroom.ink import Span, set_text
from archive.readingroom.pages import DATABASE, Missing, answer, row, rows
from archive.readingroom.said import keep_said
from archive.readingroom.snippets import passages
from archive.topics import Topic
from archive.tuning.sample import Drawn
from archive.tuning.sitting import Sitting, last_by
from archive.tuning.verdicts import Standing, last_of, report, said_of

MOST = 60  # articles of a sample, as in `topic label`
LARGEST = 1000
PASSAGES = 8
LEAD = 700  # characters of a standfirst
LONGEST = 20_000  # characters of a text

T = TypeVar("T")


async def label_page(datasette: Any, request: Any) -> Response:
    """The page. `?n=` and `?seed=` choose the sample, `?after=` goes on behind an article, `?article=` shows one again,
    `?report=1` the figures. A verdict comes by POST."""
    desk = DESKS.get(datasette)
    if desk is None:
        raise Missing("nothing is judged in this room: it has no journal")
    topic_id, chosen = request.url_vars["id"], _chosen(request)
    here = datasette.urls.path(f"/topic/{topic_id}/label")
    if request.method == "POST":
        return await keep_said(
            datasette,
            request,
            desk,
            lambda connection, topic: _sample(connection, desk, topic, chosen),
            lambda **more: _address(here, chosen, more),
        )
    open_ = desk.judge is not None and on_loopback(request.host)
    async with desk.turn:
        found = await _unhurried(datasette, lambda each: _look(each, desk, topic_id, request, chosen, open_=open_))
    nonce = token_urlsafe(16)
    context = {
        **found,
        "judge": desk.judge.name if desk.judge and open_ else None,
        "elsewhere": desk.judge is not None and not open_,
        "address": lambda **more: _address(here, chosen, more),
        "chosen": chosen,
        "here": here,
        "nonce": nonce,
        "STRATA": words.STRATA,
        "VERDICTS": words.VERDICTS,
    }
    shown = await answer(datasette, request, "label.html", context)
    shown.headers["cache-control"] = "no-store"
    if open_:
        # The keys need a script, the one of the whole room; without it the page works as well
        shown.headers["content-security-policy"] = f"{POLICY}; script-src 'nonce-{nonce}'"
        # Under `no-referrer` browsers hide where a form comes from (Fetch, "append a request Origin header")
        shown.headers["referrer-policy"] = "same-origin"
    return shown


async def _unhurried(datasette: Any, question: Callable[[sqlite3.Connection], T]) -> T:
    """What `question` makes of a read-only connection, however long it takes: a sample is drawn from all articles."""
    found: T = await datasette.get_database(DATABASE).execute_fn(question)
    return found


def _look(
    connection: sqlite3.Connection, desk: Desk, topic_id: str, request: Any, chosen: dict[str, int], *, open_: bool
) -> dict[str, Any]:
    db = Database(connection, execute_plugins=False)
    subject = desk.subject(db, topic_id)
    said = said_of(desk.corpus, db, topic_id)
    drawn = _sample(connection, desk, subject.topic, chosen)
    sitting = Sitting(drawn, last_of(said.verdicts))
    found: dict[str, Any] = {
        "subject": subject,
        "topic": subject.topic,
        "sitting": sitting,
        "size": len(drawn),
        "waiting": said.waiting,
        "stale": request.args.get("stale") == "1",
        "article": None,
        "last": None,
    }
    if open_ and desk.judge is not None and subject.fault is None:
        found["last"] = _last(connection, said.verdicts, desk.judge.name)
        if not request.args.get("report"):
            found["article"] = _due(db, subject, sitting, request)
    if found["article"] is None:
        result = report(db, subject.topic, desk.strata(connection, subject.topic), said.verdicts)
        best = result.estimate.best
        found |= {
            "report": result,
            "curve": curve(result.estimate.curve, subject.topic.min_score, best.min_score if best else None),
            "unjudged": [name for name, size in result.sizes.items() if size and not _judged(result.judged, name)],
        }
    return found


def _sample(connection: sqlite3.Connection, desk: Desk, topic: Topic, chosen: dict[str, int]) -> Sequence[Drawn]:
    return desk.sample(connection, topic, chosen.get("n", MOST), chosen.get("seed", 0))


def _due(db: Database, subject: Subject, sitting: Sitting, request: Any) -> dict[str, Any] | None:
    """The article that is shown: the one that was asked for, else the next of the sample that is there still."""
    if asked := request.args.get("article"):
        return _shown(db, subject, sitting, asked)
    after = request.args.get("after")
    while (due := sitting.following(after)) is not None:
        if (found := _shown(db, subject, sitting, due.article_id)) is not None:
            return found
        after = due.article_id
    return None


def _shown(db: Database, subject: Subject, sitting: Sitting, article_id: str) -> dict[str, Any] | None:
    """What a person sees of an article before judging. None where it was taken down.

    Not its stratum and not its score: who knows what the topic made of it is led by that.
    """
    written = db.execute(f"SELECT {DOCUMENT} FROM articles WHERE id = ?", [article_id]).fetchone()
    if written is None:
        return None
    document = document_in(written)
    match = explain(subject.topic, document)
    found = row(
        db.conn,
        "SELECT id, title, outlet, published_at, published_day, language, url, length(text) AS characters,"
        f" substr(standfirst, 1, {LEAD + 1}) AS standfirst, substr(text, 1, {LONGEST}) AS text, capture_id,"
        " (SELECT outlets.title FROM outlets WHERE name = outlet) AS outlet_title FROM articles WHERE id = ?",
        [article_id],
    )
    if found is None:
        return None
    blocks = rows(
        db.conn,
        'SELECT kind, start, "end" FROM blocks WHERE article_id = ? AND start < ? ORDER BY position',
        [article_id, LONGEST],
    )
    concepts = dict.fromkeys((*subject.topic.require, *(each.concept for each in match.spans)))
    colours = {name: f"concept c{n % COLOURS}" for n, name in enumerate(concepts)}
    spans = {
        field: [
            Span(each.start, each.end, colours[each.concept], each.concept)
            for each in match.spans
            if each.field == field
        ]
        for field in FIELDS
    }
    places = [
        (field, list(dict.fromkeys(each.says for each in passage.spans)), passage.shown, len(passage.spans))
        for field in FIELDS
        for passage in islice(passages(getattr(document, field), spans[field]), PASSAGES)
    ][:PASSAGES]
    judged = sitting.judged.get(article_id)
    return {
        **found,
        "place": sitting.place(article_id),
        "places": places,
        "more": len(match.spans) - sum(each[-1] for each in places),
        "colours": colours,
        "body": set_text(
            found["text"] or "", spans["text"], [(each["kind"], each["start"], each["end"]) for each in blocks]
        ),
        "cut": (found["characters"] or 0) > LONGEST,
        "direction": words.direction(found["language"]),
        "judged": judged,
        "seen": judged.entry if judged else 0,
        "match": match if judged else None,
    }


def _last(connection: sqlite3.Connection, verdicts: Sequence[Standing], name: str) -> dict[str, Any] | None:
    """The last verdict of this person, which can be taken back."""
    last = last_by(verdicts, name)
    if last is None:
        return None
    article = row(connection, "SELECT id, title FROM articles WHERE id = ?", [last.article_id])
    return {"said": last, "title": article["title"] if article else None}


def _judged(counts: Any, stratum: str) -> int:
    return int(counts[stratum, "yes"] + counts[stratum, "no"])


def _chosen(request: Any) -> dict[str, int]:
    """What the address says of the sample, as far as it is a number that can be used."""
    found: dict[str, int] = {}
    for name, least, most in (("n", 1, LARGEST), ("seed", -(2**31), 2**31)):
        try:
            found[name] = min(max(int(request.args[name]), least), most)
        except (KeyError, ValueError):
            continue
    return found


def _address(here: str, chosen: dict[str, int], more: dict[str, Any]) -> str:
    asked = {**chosen, **{name: value for name, value in more.items() if value is not None}}
    return f"{here}?{urlencode(asked)}" if asked else here
