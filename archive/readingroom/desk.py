"""The desk of a room: who judges there, which topic file they judge by, and the samples that were drawn.

Drawing looks at every article that a topic can match, so a sample is kept as long as the corpus stays as it is.
"""

import sqlite3
import time
from asyncio import Lock
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from archive.corpus import Corpus
from archive.errors import BadCorpusFile, UsageError
from archive.judging import topic_in_force
from archive.readingroom.pages import Missing
from archive.topics import Topic, load_topic, parse_topic
from archive.tuning.named import topic_file
from archive.tuning.sample import Drawn, Strata, draw, strata_of

KEPT = 4  # topics whose samples are kept
REST = 20  # while a crawl changes the corpus, drawing takes at most one part in so many of the time


@dataclass(frozen=True, slots=True)
class Judge:
    """Who judges, by the name that is kept with each verdict, and the clock that says when (UTC)."""

    name: str
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Subject:
    """The topic that is judged: as its file says now, or as it is in force where the file cannot be used, for `fault`.

    `in_force`: the version by which the rows are decided; None: no version is.
    """

    topic: Topic
    in_force: str | None
    fault: str | None = None


class _Drawing(NamedTuple):
    state: tuple[Any, ...]
    version: str
    done: float
    took: float
    strata: Strata
    samples: dict[tuple[int, int], Sequence[Drawn]]


class Desk:
    """`judge`: None where the room only reads. `turn` is held by whoever draws, so that one thread is busy with it."""

    def __init__(self, corpus: Corpus, judge: Judge | None = None) -> None:
        self.corpus, self.judge, self.turn = corpus, judge, Lock()
        self._drawings: dict[str, _Drawing] = {}

    def subject(self, db: Database, topic_id: str) -> Subject:
        """Raises Missing for a topic that there is not, BadCorpusFile for one that was never in force and cannot be."""
        rows = db.execute(
            "SELECT version, toml, current FROM topics WHERE id = ? ORDER BY current DESC, version", [topic_id]
        ).fetchall()
        in_force = rows[0][0] if rows and rows[0][2] else None
        try:
            return Subject(load_topic(topic_file(self.corpus, topic_id)), in_force)
        except BadCorpusFile as error:
            fault = str(error).replace(f"{self.corpus.folder}/", "")
            if not rows:
                raise BadCorpusFile(fault) from error
        except UsageError as error:
            fault = f"there is no file of it in topics/ any more: put topics/{topic_id}.toml back to judge it"
            if not rows:
                raise Missing(f"there is no topic {topic_id!r} in this corpus: the home page lists them") from error
        topic = topic_in_force(db, topic_id) or parse_topic(rows[0][1], f"{topic_id}.toml", topic_id)
        return Subject(topic, in_force, fault)

    def strata(self, connection: sqlite3.Connection, topic: Topic) -> Strata:
        """The corpus parted by what the topic makes of it, not much older than now."""
        return self._drawing(connection, topic).strata

    def sample(self, connection: sqlite3.Connection, topic: Topic, most: int, seed: int) -> Sequence[Drawn]:
        """The sample that `hemeroteca topic label` would draw."""
        drawing = self._drawing(connection, topic)
        if (most, seed) not in drawing.samples:
            drawing.samples[most, seed] = draw(drawing.strata, most, seed)
        return drawing.samples[most, seed]

    def _drawing(self, connection: sqlite3.Connection, topic: Topic) -> _Drawing:
        state, now = _state(connection), time.monotonic()
        known = self._drawings.pop(topic.id, None)
        if known is None or known.version != topic.version or (
            known.state != state and now - known.done > REST * known.took
        ):  # fmt: skip
            strata = strata_of(connection, topic)
            done = time.monotonic()
            known = _Drawing(state, topic.version, done, done - now, strata, {})
        self._drawings[topic.id] = known
        for oldest in list(self._drawings)[:-KEPT]:
            del self._drawings[oldest]
        return known


def _state(connection: sqlite3.Connection) -> tuple[Any, ...]:
    """Another one when articles came or went. Verdicts leave it as it is."""
    row = connection.execute(
        "SELECT (SELECT max(n) FROM articles_norm), (SELECT max(rowid) FROM captures), (SELECT count(*) FROM takedowns)"
    ).fetchone()
    return tuple(row)


# The desk of each Datasette of this process
DESKS: WeakKeyDictionary[Any, Desk] = WeakKeyDictionary()
