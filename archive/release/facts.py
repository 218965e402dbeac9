"""The method in figures: what was crawled, when, what was listed and not taken, where there are gaps."""

import sqlite3
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from archive.release.views import TAKEN
from archive.times import moment

Counts = tuple[tuple[str, int], ...]
Spans = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OutletFacts:
    """One newspaper. `listed`, `fetched`, `read`, `kept` count the whole corpus; the rest counts the release.

    `without`: months between the first and the last article here in which there is none, as (first, last).
    """

    name: str
    title: str
    listed: int
    fetched: int
    read: int
    kept: int
    here: int
    with_text: int
    first: str | None
    last: str | None
    without: Spans


@dataclass(frozen=True, slots=True)
class TopicFacts:
    """One topic. `articles`: how many of the release it takes; `window`: its first and last day."""

    id: str
    version: str
    title: str
    window: tuple[str | None, str | None]
    articles: int
    toml: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the data card says. Times are as stored; None: not known.

    `pause`: the longest time without a run, as days, its begin and its end.
    """

    articles: int
    with_text: int
    first: str | None
    last: str | None
    undated: int
    as_of: str
    runs: int
    runs_unfinished: int
    runs_first: str | None
    runs_last: str | None
    pause: tuple[int, str, str] | None
    software: tuple[str, ...]
    user_agents: tuple[str, ...]
    outlets: tuple[OutletFacts, ...]
    topics: tuple[TopicFacts, ...]
    languages: Counts
    access: Counts
    complete: Counts
    reasons: tuple[tuple[str, str, int], ...]
    leads: Counts


def gather(connection: sqlite3.Connection) -> Facts:
    """The figures of the selection that is laid out on this connection (archive/release/selection.py)."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return connection.execute(sql).fetchall()

    def counts(column: str) -> Counts:
        sql = f"SELECT coalesce({column}, 'unknown'), count(*) FROM out_articles GROUP BY 1 ORDER BY 2 DESC, 1"
        return tuple(rows(sql))

    articles, with_text, first, last, undated, as_of = rows(
        "SELECT count(*), sum(text IS NOT NULL), min(published_day), max(published_day),"
        " sum(published_day IS NULL), max(last_seen) FROM out_articles"
    )[0]
    runs = rows("SELECT started_at, ended_at FROM out_runs WHERE started_at IS NOT NULL ORDER BY started_at")
    return Facts(
        articles=articles,
        with_text=with_text,
        first=first,
        last=last,
        undated=undated,
        as_of=as_of,
        runs=len(runs),
        runs_unfinished=sum(1 for _, ended in runs if ended is None),
        runs_first=runs[0][0] if runs else None,
        runs_last=max(ended or started for started, ended in runs) if runs else None,
        pause=_pause(runs),
        software=_distinct(connection, "software"),
        user_agents=_distinct(connection, "user_agent"),
        outlets=_outlets(connection),
        topics=_topics(connection),
        languages=counts("language"),
        access=counts("access"),
        complete=counts("complete"),
        reasons=tuple(
            rows("SELECT text_status, text_reason, count(*) FROM out_articles GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2")
        ),
        leads=tuple(
            rows(
                "SELECT coalesce(outcome, 'waiting'), count(*) FROM main.leads"
                " WHERE coalesce(kind, 'article') = 'article' GROUP BY 1 ORDER BY 2 DESC, 1"
            )
        ),
    )


def _topics(connection: sqlite3.Connection) -> tuple[TopicFacts, ...]:
    taken = dict(
        connection.execute(
            f"SELECT topic, count(DISTINCT article_id) FROM out_matches WHERE decision IN {TAKEN} GROUP BY 1"
        ).fetchall()
    )
    return tuple(
        TopicFacts(name, version, title or name, (since, until), taken.get(name, 0), toml or "")
        for name, version, title, since, until, toml in connection.execute(
            "SELECT id, version, title, window_from, window_to, toml FROM out_topics ORDER BY id"
        )
    )


def _distinct(connection: sqlite3.Connection, column: str) -> tuple[str, ...]:
    sql = f"SELECT DISTINCT {column} FROM out_runs WHERE {column} IS NOT NULL ORDER BY 1"
    return tuple(row[0] for row in connection.execute(sql))


def _pause(runs: list[tuple[Any, ...]]) -> tuple[int, str, str] | None:
    """The longest time between the end of all runs so far and the start of the next, if it lasted a day."""
    longest: tuple[int, str, str] | None = None
    until: str | None = None
    for started, ended in runs:
        begun, before = moment(started), moment(until)
        if until and begun and before and (begun - before).days > (longest[0] if longest else 0):
            longest = ((begun - before).days, until, started)
        until = max(until or started, ended or started)
    return longest


def _outlets(connection: sqlite3.Connection) -> tuple[OutletFacts, ...]:
    """Newspapers of the release, and those of the corpus that gave it nothing."""

    def by_outlet(sql: str) -> dict[str, tuple[int, ...]]:
        return {str(row[0]): row[1:] for row in connection.execute(sql)}

    leads = by_outlet(
        "SELECT coalesce(outlet, 'unknown'), count(*), sum(capture_id IS NOT NULL) FROM main.leads"
        " WHERE coalesce(kind, 'article') = 'article' GROUP BY 1"
    )
    read = by_outlet("SELECT coalesce(outlet, 'unknown'), count(*), sum(kept IS 1) FROM main.articles GROUP BY 1")
    here = {
        row[0]: row[1:]
        for row in connection.execute(
            "SELECT coalesce(outlet, 'unknown'), count(*), sum(text IS NOT NULL), min(published_day),"
            " max(published_day), group_concat(DISTINCT month) FROM out_articles GROUP BY 1"
        )
    }
    titles = dict(connection.execute("SELECT name, title FROM main.outlets").fetchall())
    found = []
    for name in sorted(leads.keys() | read.keys() | here.keys()):
        listed, fetched = leads.get(name, (0, 0))
        articles, kept = read.get(name, (0, 0))
        count, with_text, first, last, months = here.get(name, (0, 0, None, None, None))
        found.append(
            OutletFacts(
                name,
                titles.get(name, name),
                listed,
                fetched,
                articles,
                kept,
                count,
                with_text,
                first,
                last,
                _without(set((months or "").split(","))),
            )
        )
    return tuple(found)


def _without(months: set[str]) -> Spans:
    """The months that are missing between the first and the last, as spans."""
    known = sorted(month for month in months if len(month) == 7)
    numbers = [int(month[:4]) * 12 + int(month[5:]) - 1 for month in known]
    return tuple((_month(before + 1), _month(after - 1)) for before, after in pairwise(numbers) if after > before + 1)


def _month(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"
