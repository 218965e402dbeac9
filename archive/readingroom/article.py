"""/article/ID: one article set for reading, with where it comes from and what it is related to."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from datasette import Response

from archive.errors import UsageError
from archive.queries import read_query
from archive.readingroom import words
from archive.readingroom.citations import FORMATS, Source, line
from archive.readingroom.gone import refuse_article
from archive.readingroom.ink import Span, marked, set_text
from archive.readingroom.pages import Missing, answer, ask, origin, row, rows
from archive.readingroom.snippets import places

PARTS = {
    "authors": "SELECT name, role FROM authors WHERE article_id = ? ORDER BY position",
    "tags": "SELECT tag FROM tags WHERE article_id = ? ORDER BY position",
    "images": (
        "SELECT url, caption, photographer, agency, distributor FROM images WHERE article_id = ? ORDER BY position"
    ),
    "blocks": 'SELECT kind, start, "end" FROM blocks WHERE article_id = ? ORDER BY position',
    "links": "SELECT url, text FROM links WHERE article_id = ? ORDER BY position",
    "attributions": ("SELECT source, relation, evidence, url FROM attributions WHERE article_id = ? ORDER BY position"),
    "evidence": 'SELECT "where", says, verdict FROM evidence WHERE article_id = ? ORDER BY position',
    "quality": 'SELECT "where", says, verdict FROM quality WHERE article_id = ? ORDER BY position',
    "drift": "SELECT field, says FROM drift WHERE article_id = ? ORDER BY position",
    "embeds": "SELECT kind, url, title FROM embeds WHERE article_id = ? ORDER BY position",
    "candidates": 'SELECT field, reader, "where", raw FROM candidates WHERE article_id = ? ORDER BY position',
    "fields": "SELECT field, read_by FROM fields WHERE article_id = ? ORDER BY field",
    "addresses": "SELECT url FROM addresses WHERE article_id = ? ORDER BY url",
    "revisions": ("SELECT n, seen_at, changed, capture_id, title FROM revisions WHERE article_id = ? ORDER BY n DESC"),
    "matches": (
        "SELECT topic, title, score, decision, reason FROM matches"
        " JOIN topics ON id = topic AND version = topic_version"
        " WHERE article_id = ? AND current = 1 ORDER BY decision IN ('match', 'manual') DESC, score DESC, topic"
    ),
    "spans": (
        'SELECT topic, concept, term, language, field, start, "end" FROM match_spans'
        " WHERE article_id = ? ORDER BY start"
    ),
}
_KIN = (
    "SELECT relation, score, evidence, id, title, outlet, published_at, published_day, language,"
    " (SELECT outlets.title FROM outlets WHERE name = outlet) AS outlet_title FROM kin"
    " JOIN articles ON articles.id = CASE WHEN article_id = :id THEN other_id ELSE article_id END"
    " WHERE article_id = :id OR other_id = :id ORDER BY relation <> 'copy', score DESC, id LIMIT 50"
)
FIELDS = ("title", "standfirst", "text")  # those that words are looked for in
_WORDS_OF_AN_IMAGE = ("caption", "photographer", "agency", "distributor")
COLOURS = 6  # concepts are told apart by so many colours, then they begin again


async def article_page(datasette: Any, request: Any) -> Response:
    """The page. `?q=` marks the words of a search in the text beside those of the topics."""
    article_id = request.url_vars["id"]
    typed = (request.args.get("q") or "").strip()[:2000]
    try:
        asked_for = read_query(typed) if typed else None
    except UsageError:
        asked_for = None
    found = await ask(datasette, lambda connection: _look(connection, article_id))
    article = found["article"]
    hits = {name: places(asked_for, article[name]) for name in FIELDS}
    colours = _colours(found["spans"])
    spans = _spans(found["spans"], colours)
    shown = {name: [*hits[name], *spans[name]] for name in FIELDS}
    source = Source.of(article, found["authors"], found["outlet"], f"{origin(datasette, request)}/article/{article_id}")
    context = {
        **found,
        "direction": words.direction(article["language"]),
        "title": marked(article["title"] or "", shown["title"]),
        "standfirst": marked(article["standfirst"] or "", shown["standfirst"]),
        "body": set_text(
            article["text"] or "",
            shown["text"],
            [(each["kind"], each["start"], each["end"]) for each in found["blocks"]],
        ),
        "captioned": [each for each in found["images"] if any(each[name] for name in _WORDS_OF_AN_IMAGE)],
        "typed": typed,
        "found_words": sum(len(each) for each in hits.values()),
        "why": _why(found["spans"], colours),
        "citation": line(source),
        "formats": FORMATS,
    }
    return await answer(datasette, request, "article.html", context)


async def article_data(datasette: Any, request: Any) -> Response:
    """/article/ID.json: the row and all its parts."""
    found = await ask(datasette, lambda connection: _look(connection, request.url_vars["id"]))
    return Response.json({"ok": True, **found})


async def citation(datasette: Any, request: Any) -> Response:
    """/article/ID.bib, .ris, .csl."""
    article_id = request.url_vars["id"]
    written, media_type = FORMATS[request.url_vars["format"]][1:]

    def look(connection: sqlite3.Connection) -> Source:
        article = one(connection, article_id)
        return Source.of(
            article,
            rows(connection, PARTS["authors"], [article_id]),
            row(connection, "SELECT * FROM outlets WHERE name = ?", [article["outlet"]]),
            f"{origin(datasette, request)}/article/{article_id}",
        )

    return Response(written(await ask(datasette, look)), content_type=f"{media_type}; charset=utf-8")


def one(connection: sqlite3.Connection, article_id: str) -> dict[str, Any]:
    """The row of an article; raises Missing, and Gone where it was taken down."""
    found = row(connection, "SELECT * FROM articles WHERE id = ?", [article_id])
    if found is None:
        refuse_article(connection, article_id)
        raise Missing(f"there is no article {article_id!r} in this corpus: search for its title")
    return found


def _look(connection: sqlite3.Connection, article_id: str) -> dict[str, Any]:
    article = one(connection, article_id)
    capture_id = article["capture_id"]
    return {
        "article": article,
        "outlet": row(connection, "SELECT * FROM outlets WHERE name = ?", [article["outlet"]]),
        "capture": row(connection, "SELECT * FROM captures WHERE id = ?", [capture_id]),
        "rights": row(connection, "SELECT * FROM rights WHERE capture_id = ?", [capture_id]),
        "warc": row(
            connection,
            "SELECT file, bytes, sha256, damage FROM warcs WHERE file = (SELECT warc_file FROM captures WHERE id = ?)",
            [capture_id],
        ),
        "run": row(
            connection,
            "SELECT runs.* FROM runs JOIN captures ON runs.id = run_id WHERE captures.id = ?",
            [capture_id],
        ),
        "kin": rows(connection, _KIN, {"id": article_id}),
        **{name: rows(connection, sql, [article_id]) for name, sql in PARTS.items()},
    }


def _colours(spans: list[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """(topic, concept) → the class that gives it its colour."""
    concepts = dict.fromkeys((span["topic"], span["concept"]) for span in spans)
    return {each: f"concept c{n % COLOURS}" for n, each in enumerate(sorted(concepts))}


def _spans(spans: list[dict[str, Any]], colours: Mapping[tuple[str, str], str]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {name: [] for name in FIELDS}
    for span in spans:
        if span["field"] in found:
            kind = colours[span["topic"], span["concept"]]
            says = f"{span['topic']}: {span['concept']}, by the term “{span['term']}”"
            found[span["field"]].append(Span(span["start"], span["end"], kind, says))
    return found


def _why(
    spans: list[dict[str, Any]], colours: Mapping[tuple[str, str], str]
) -> dict[str, list[tuple[str, str, list[tuple[str, int]]]]]:
    """topic → (concept, its colour, terms with how often each was met)."""
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for span in spans:
        counted[span["topic"], span["concept"]][span["term"]] += 1
    why: dict[str, list[tuple[str, str, list[tuple[str, int]]]]] = defaultdict(list)
    for (topic, concept), terms in sorted(counted.items()):
        why[topic].append((concept, colours[topic, concept], terms.most_common()))
    return why
