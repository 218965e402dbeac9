"""What a release takes from corpus.db, and the one gate through which text passes.

`choose` decides on every article and lays temporary views (`out_articles`, `out_images` …,
archive/release/views.py) over the tables. In the views, whatever may not travel is NULL already. Everything
in a release that comes from an article is read from them, so no writer can let a text slip.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal, get_args

from archive.corpus import Settings
from archive.errors import UsageError
from archive.intake import Rights
from archive.release.rights import UNKNOWN_SESSION, Decision, decide
from archive.release.views import TAKEN, VIEWS

Mode = Literal["public", "internal", "ids"]
MODES: tuple[str, ...] = get_args(Mode)

LOGIN = "captured with a login"
UNDATED = "without a publication date"


class NothingToRelease(UsageError):
    """No article meets the selection."""


class UnknownTopic(UsageError):
    """The corpus has no topic of that name; the message lists the nearest."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles, and whose texts. `since` and `until` are days of publication, both included.

    `rights`: "public": text where rights allow; "internal": all text; "ids": what is needed to fetch again,
    no more.
    """

    rights: Mode = "public"
    since: date | None = None
    until: date | None = None
    topic: str | None = None

    def __post_init__(self) -> None:
        if self.rights not in MODES:
            raise UsageError(f"rights must be one of {', '.join(MODES)}, not {self.rights!r}")
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"the selection ends ({self.until}) before it begins ({self.since})")


@dataclass(frozen=True, slots=True)
class Chosen:
    """How many articles travel, how many with text, and how many were left out, by reason."""

    articles: int
    with_text: int
    left_out: dict[str, int]


def choose(connection: sqlite3.Connection, settings: Settings, selection: Selection) -> Chosen:
    """Fills the temporary tables and lays the views. Raises UnknownTopic and NothingToRelease."""
    _topics(connection, selection.topic)
    left_out = _articles(connection, selection)
    _decide(connection, settings, selection.rights)
    for name, sql in VIEWS.items():
        connection.execute(f"CREATE TEMP VIEW out_{name} AS {sql}")
    count, texts = connection.execute(
        "SELECT count(*), coalesce(sum(text IS NOT NULL), 0) FROM out_articles"
    ).fetchone()
    if not count:
        raise NothingToRelease(
            "no article in view meets this selection: widen it, or see with `hemeroteca serve` what there is"
        )
    return Chosen(count, texts, left_out)


def _topics(connection: sqlite3.Connection, topic: str | None) -> None:
    known = [row[0] for row in connection.execute("SELECT id FROM topics WHERE current = 1 ORDER BY id")]
    if topic is not None and topic not in known:
        near = get_close_matches(topic, known, n=3) or known
        hint = f"the nearest: {', '.join(near)}" if near else "this corpus has no topics"
        raise UnknownTopic(f"there is no topic {topic!r}; {hint}")
    connection.execute("CREATE TEMP TABLE asked (topic TEXT PRIMARY KEY, version TEXT)")
    connection.execute(
        "INSERT INTO asked SELECT id, version FROM main.topics WHERE current = 1 AND (?1 IS NULL OR id = ?1)",
        [topic],
    )


def _articles(connection: sqlite3.Connection, selection: Selection) -> dict[str, int]:
    day = "coalesce(published_day, substr(published_at, 1, 10))"
    values = {
        "topic": selection.topic,
        "since": selection.since and selection.since.isoformat(),
        "until": selection.until and selection.until.isoformat(),
    }
    on_topic = (
        f"SELECT article_id FROM main.matches JOIN asked USING (topic) WHERE decision IN {TAKEN}"
        " AND topic_version = version"
    )
    in_view = f"main.articles WHERE kept = 1 AND (:topic IS NULL OR id IN ({on_topic}))"
    dated = f"(:since IS NULL OR {day} >= :since) AND (:until IS NULL OR {day} <= :until)"
    login = (
        "EXISTS (SELECT 1 FROM main.captures c WHERE c.id = capture_id"
        " AND (session <> 'anonymous' OR warc_file LIKE 'warc-private/%'))"
    )
    connection.execute(
        "CREATE TEMP TABLE chosen"
        " (n INTEGER PRIMARY KEY, id TEXT UNIQUE, year TEXT, may INTEGER, status TEXT, reason TEXT)"
    )
    connection.execute(
        "INSERT INTO chosen (n, id, year) SELECT row_number() OVER"
        f" (ORDER BY {day} IS NULL, {day}, published_at, id), id,"
        f" CASE WHEN {day} GLOB '[0-9][0-9][0-9][0-9]-*' THEN substr({day}, 1, 4) ELSE 'unknown' END"
        f" FROM {in_view} AND {dated} AND NOT {login}",
        values,
    )
    left_out = {LOGIN: f"{in_view} AND {dated} AND {login}"}
    if selection.since or selection.until:
        left_out[UNDATED] = f"{in_view} AND {day} IS NULL"
    counts = {
        why: int(connection.execute(f"SELECT count(*) FROM {sql}", values).fetchone()[0])
        for why, sql in left_out.items()
    }
    return {why: count for why, count in counts.items() if count}


def _decide(connection: sqlite3.Connection, settings: Settings, mode: Mode) -> None:
    """One decision per capture that gave a text, from the captures of its article from then on."""
    connection.execute(
        "CREATE TEMP TABLE seen (n INTEGER, capture_id TEXT, gives INTEGER, PRIMARY KEY (n, capture_id)) WITHOUT ROWID"
    )
    for captures in (
        "a.capture_id, 1 FROM chosen ch CROSS JOIN main.articles a ON a.id = ch.id",
        "r.capture_id, 1 FROM chosen ch CROSS JOIN main.revisions r ON r.article_id = ch.id",
        "c.id, 0 FROM chosen ch CROSS JOIN main.addresses x CROSS JOIN main.captures c"
        " ON x.article_id = ch.id AND c.url = x.url",
    ):
        connection.execute(f"INSERT OR IGNORE INTO seen SELECT ch.n, {captures}")
    connection.execute(
        "CREATE TEMP TABLE decided"
        " (n INTEGER, capture_id TEXT, may INTEGER, status TEXT, reason TEXT, PRIMARY KEY (n, capture_id))"
    )
    connection.executemany(
        "INSERT INTO decided VALUES (?, ?, ?, ?, ?)", _decisions(connection, settings.text_allowed, mode)
    )
    connection.execute(
        "UPDATE chosen SET (may, status, reason) = (SELECT d.may, d.status, d.reason FROM decided d"
        " WHERE d.n = chosen.n AND d.capture_id ="
        " (SELECT a.capture_id FROM main.articles a WHERE a.id = chosen.id))"
    )


_SEEN = """
SELECT seen.n, seen.capture_id, seen.gives, a.outlet, c.session,
    r.robots, r.robots_meta, r.x_robots_tag, r.tdm_reservation,
    coalesce(r.licence, CASE WHEN seen.capture_id = a.capture_id THEN a.licence END),
    EXISTS (SELECT 1 FROM main.addresses x CROSS JOIN main.leads l ON l.url = x.url
        WHERE x.article_id = a.id AND l.outcome = 'blocked_robots'),
    EXISTS (SELECT 1 FROM main.attributions t
        WHERE t.article_id = a.id AND t.relation IN ('republished', 'with'))
FROM seen CROSS JOIN chosen ch ON ch.n = seen.n CROSS JOIN main.articles a ON a.id = ch.id
    LEFT JOIN main.captures c ON c.id = seen.capture_id
    LEFT JOIN main.rights r ON r.capture_id = seen.capture_id
ORDER BY seen.n, c.fetched_at, seen.capture_id
"""


def _decisions(connection: sqlite3.Connection, text_allowed: tuple[str, ...], mode: Mode) -> Iterator[tuple[Any, ...]]:
    for n, group in groupby(connection.execute(_SEEN), key=itemgetter(0)):
        captures = list(group)
        said = [
            Rights(robots=robots, robots_meta=meta, x_robots_tag=tag, tdm_reservation=tdm, licence=licence)
            for robots, meta, tag, tdm, licence in (row[5:10] for row in captures)
        ]
        for i, row in enumerate(captures):
            if row[2]:
                yield n, row[1], *_marks(_one(row, said[i:], text_allowed), mode)


def _one(row: tuple[Any, ...], said: list[Rights], text_allowed: tuple[str, ...]) -> Decision:
    outlet, session, refused_since, republished = row[3], row[4], row[10], row[11]
    if session is None:
        return UNKNOWN_SESSION
    return decide(said, agreed=outlet in text_allowed, refused_since=bool(refused_since), republished=bool(republished))


def _marks(decision: Decision, mode: Mode) -> tuple[int, str, str]:
    """(may, text_status, text_reason)."""
    if mode == "ids" and decision.may:
        return 0, "withheld", "a release of ids carries no text"
    if decision.may:
        return 1, "included", decision.reason
    if mode == "internal":
        return 1, "internal", decision.reason
    return 0, "withheld", decision.reason
