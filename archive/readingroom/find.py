"""Search in the index: which articles, how many, and how they divide.

The order of the steps is what makes it quick: SOME matches are taken once, for facets and, where there are no more,
for the page too; then text is read for the articles of one page alone.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from archive.readingroom.query import FACETS, UNKNOWN, Search

SOME = 10_000  # facets are counted over this many matches
MANY = 50_000  # above this, ranking costs seconds: newest first instead
A_PAGE = 20
_SEARCHED = (
    "articles_fts CROSS JOIN articles_norm ON articles_norm.n = articles_fts.rowid"
    " CROSS JOIN articles ON articles.id = articles_norm.article_id"
)
# the other way round: newest article first, each looked up in the search index; for words that are in many
_WALKED = (
    "articles CROSS JOIN articles_norm ON articles_norm.article_id = articles.id"
    " CROSS JOIN articles_fts ON articles_fts.rowid = articles_norm.n"
)
_NEWEST = "articles.published_at DESC, articles.id"
# a word in the title says more than one in the text
_RANK = "bm25(articles_fts, 4.0, 2.0, 1.0)"
_BEST = (
    "SELECT article_id FROM (SELECT rowid AS best, rank AS place FROM articles_fts WHERE articles_fts MATCH :fts"
    " AND rank MATCH 'bm25(4.0, 2.0, 1.0)' ORDER BY rank LIMIT :size OFFSET :skip)"
    " JOIN articles_norm ON n = best ORDER BY place"
)
_OF_TOPIC = (
    "EXISTS (SELECT 1 FROM matches JOIN topics ON topics.id = matches.topic AND version = topic_version"
    " WHERE matches.article_id = articles.id AND matches.topic = :topic AND current = 1"
    " AND decision IN ('match', 'manual'))"
)


class Hit(NamedTuple):
    """What is asked of each match: its id, its facets, its date."""

    id: str
    outlet: str | None
    month: str | None
    language: str | None
    access: str | None
    published_at: str | None


@dataclass(frozen=True)
class Found:
    """`ids` of one page in order. `total`: how many there are; `exact` False: at least so many.

    `facets`: name → {value: count} over the first `counted` matches. `newest_instead`: ranking was asked for
    and refused, since there are too many.
    """

    ids: tuple[str, ...]
    total: int
    exact: bool
    counted: int
    facets: Mapping[str, Mapping[str, int]]
    newest_instead: bool = False

    @property
    def capped(self) -> bool:
        """Are the facets counted over a part of the matches only?"""
        return self.total > self.counted or not self.exact


def find(connection: sqlite3.Connection, search: Search, fts: str | None, page_size: int = A_PAGE) -> Found:
    """The articles that meet `search`; `fts` is its words as an FTS5 expression, None for no words."""
    # Where everything is in view, the search index alone can count and rank.
    whole = search.everything or not _some_out_of_view(connection)
    where, parameters = _conditions(search, fts, whole=whole)
    free = whole and not search.chosen and not search.since and not search.until
    hits = _hits(connection, fts, where, parameters)
    total, exact = len(hits), len(hits) < SOME
    if not exact:
        total, exact = _total(connection, fts, where, parameters, free=free)
    ranked = fts is not None and search.order == "relevance"
    too_many = ranked and total > MANY
    skip = (search.page - 1) * A_PAGE
    if len(hits) < SOME and not ranked:
        ids = _newest(hits)[skip : skip + page_size]
    else:
        order = _RANK if ranked and not too_many else _NEWEST
        source = "articles" if fts is None else _SEARCHED if order == _RANK else _WALKED
        sql = f"SELECT articles.id FROM {source} WHERE {where} ORDER BY {order} LIMIT :size OFFSET :skip"
        if free and order == _RANK:
            sql = _BEST
        found = connection.execute(sql, {**parameters, "size": page_size, "skip": skip})
        ids = [each[0] for each in found]
    facets = _facets(connection, search, fts, hits, whole=whole)
    return Found(tuple(ids), total, exact, len(hits), facets, too_many)


def _some_out_of_view(connection: sqlite3.Connection) -> bool:
    sql = "SELECT 1 WHERE EXISTS (SELECT 1 FROM articles WHERE kept = 0) OR EXISTS"
    return connection.execute(f"{sql} (SELECT 1 FROM articles WHERE kept IS NULL)").fetchone() is not None


def _conditions(search: Search, fts: str | None, *, whole: bool, without: str = "") -> tuple[str, dict[str, Any]]:
    parts, parameters = ["1"], {}
    if fts is not None:
        parts.append("articles_fts MATCH :fts")
        parameters["fts"] = fts
    if not whole:
        parts.append("articles.kept = 1")
    for name, value in search.chosen.items():
        if name == without:
            continue
        if name == "topic":
            parts.append(_OF_TOPIC)
        elif value == UNKNOWN and name != "access":
            parts.append(f"articles.{name} IS NULL")
            continue
        else:
            parts.append(f"articles.{name} = :{name}")
        parameters[name] = value
    if search.since:
        parts.append("articles.published_day >= :since")
        parameters["since"] = search.since
    if search.until:
        parts.append("articles.published_day <= :until")
        parameters["until"] = search.until
    return " AND ".join(parts), parameters


def _hits(connection: sqlite3.Connection, fts: str | None, where: str, parameters: Mapping[str, Any]) -> list[Hit]:
    """At most SOME matches; without words these are the newest."""
    source = "articles" if fts is None else _SEARCHED
    order = f" ORDER BY {_NEWEST}" if fts is None else ""
    columns = ", ".join(f"articles.{name}" for name in Hit._fields)
    found = connection.execute(f"SELECT {columns} FROM {source} WHERE {where}{order} LIMIT {SOME}", parameters)
    return [Hit(*row) for row in found]


def _newest(hits: Sequence[Hit]) -> list[str]:
    """The ids, newest first, without a date last; as _NEWEST orders them."""
    by_id = sorted(hits, key=lambda hit: hit.id)
    return [hit.id for hit in sorted(by_id, key=lambda hit: hit.published_at or "", reverse=True)]


def _facets(
    connection: sqlite3.Connection, search: Search, fts: str | None, hits: Sequence[Hit], *, whole: bool
) -> dict[str, dict[str, int]]:
    """A facet in which a value is chosen is counted without that choice, so that the others can be seen."""
    facets: dict[str, dict[str, int]] = {}
    for name in FACETS:
        of = hits
        if name in search.chosen:
            of = _hits(connection, fts, *_conditions(search, fts, whole=whole, without=name))
        if name == "topic":
            facets[name] = _topics(connection, of)
        else:
            place = Hit._fields.index(name)
            facets[name] = dict(Counter(hit[place] or UNKNOWN for hit in of).most_common())
    return facets


def _topics(connection: sqlite3.Connection, hits: Sequence[Hit]) -> dict[str, int]:
    if connection.execute("SELECT 1 FROM topics WHERE current = 1").fetchone() is None:
        return {}
    found = connection.execute(
        "SELECT topic, count(*) FROM json_each(?) AS hit CROSS JOIN matches ON matches.article_id = hit.value"
        " JOIN topics ON topics.id = topic AND version = topic_version"
        " WHERE current = 1 AND decision IN ('match', 'manual') GROUP BY 1 ORDER BY 2 DESC, 1",
        [json.dumps([hit.id for hit in hits])],
    )
    return dict(found.fetchall())


def _total(
    connection: sqlite3.Connection, fts: str | None, where: str, parameters: Mapping[str, Any], *, free: bool
) -> tuple[int, bool]:
    """Exact where an index can say it at once, else a number that is reached."""
    if fts is None:
        return _number(connection, f"SELECT count(*) FROM articles WHERE {where}", parameters), True
    in_index = _number(connection, "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH :fts", {"fts": fts})
    if free:
        return in_index, True
    reached = f"SELECT 1 FROM {_SEARCHED} WHERE {where} LIMIT {MANY + 1}"
    least = _number(connection, f"SELECT count(*) FROM ({reached})", parameters)
    return least, least <= MANY


def _number(connection: sqlite3.Connection, sql: str, parameters: Mapping[str, Any]) -> int:
    return int(connection.execute(sql, parameters).fetchone()[0])
