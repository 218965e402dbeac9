"""Topics weighed over the whole corpus, by the folded words that its index holds already.

The index finds the articles that can match; only those are read, and none is folded again.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from archive.matching import select
from archive.mentions import Occurrences
from archive.topics import Topic
from archive.tuning.spotting import Spotter, Standings
from archive.weighing import Weighed, outside, weigh

CHUNK = 500
Progress = Callable[[int, int], None]  # articles done, articles in all


class Known(NamedTuple):
    """What is known of an article beside its words; `day` is that of publication, None where it is unknown."""

    id: str
    outlet: str | None
    day: date | None
    language: str | None
    title: str


class Seen(NamedTuple):
    """An article that at least one of the topics can match: by topic what it makes of it, None: the index says no.

    `found`: by topic, the folded words of each field and what the topic's lexicon found in them.
    """

    article: Known
    weighed: tuple[Weighed | None, ...]
    found: tuple[Sequence[Occurrences], ...]


def seen_by(
    connection: sqlite3.Connection, topics: Sequence[Topic], progress: Progress | None = None
) -> Iterator[Seen]:
    """Every article of the corpus that one of the topics can match, in the order of the index.

    An article that is not given is rejected by all of them.
    """
    selected = [set(select(topic, connection)) for topic in topics]
    every = set[int]().union(*selected)
    numbers, standings = sorted(every), Standings(connection, every)
    # Versions of a topic often differ in no term
    firsts = [next(at for at, one in enumerate(topics) if _same_words(one, topic)) for topic in topics]
    spotters = {at: Spotter(standings, topics[at]) for at in set(firsts)}
    for at in range(0, len(numbers), CHUNK):
        for n, article, fields in _read(connection, numbers[at : at + CHUNK]):
            looked = {at: spotter.find(n, fields) for at, spotter in spotters.items()}
            weighed = tuple(
                weigh(topic, article.outlet, article.day, article.language, looked[first]) if n in chosen else None
                for topic, first, chosen in zip(topics, firsts, selected, strict=True)
            )
            yield Seen(article, weighed, tuple(looked[first] for first in firsts))
        if progress:
            progress(min(at + CHUNK, len(numbers)), len(numbers))


def admitted(connection: sqlite3.Connection, topic: Topic) -> list[str]:
    """The ids of the articles that window and outlets of the topic let in, in the order of the index."""
    rows = connection.execute(
        "SELECT id, outlet, published_at, published_day FROM articles_norm JOIN articles ON id = article_id ORDER BY n"
    )
    return [
        article_id
        for article_id, outlet, published_at, published_day in rows
        if outside(topic, outlet, day_in(published_at, published_day))[0] is None
    ]


def day_in(published_at: str | None, published_day: str | None) -> date | None:
    """The day of publication in a row: of a time, which rows have in UTC, its day; else the day alone."""
    said = published_at[:10] if published_at else published_day
    return date.fromisoformat(said) if said else None


def _same_words(one: Topic, other: Topic) -> bool:
    return one.terms == other.terms and one.masks == other.masks


def _read(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[tuple[int, Known, tuple[str, ...]]]:
    rows = connection.execute(
        "SELECT n, a.id, a.outlet, a.published_at, a.published_day, a.language, a.title, f.title, f.standfirst, f.text"
        f" FROM articles_norm f JOIN articles a ON a.id = f.article_id WHERE n IN ({', '.join('?' * len(numbers))})"
        " ORDER BY n",
        numbers,
    )
    for n, article_id, outlet, published_at, published_day, language, title, *fields in rows:
        day = day_in(published_at, published_day)
        yield n, Known(article_id, outlet, day, language, title or ""), tuple(each or "" for each in fields)
