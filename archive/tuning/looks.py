"""Articles looked at closely, for advice on a topic: every judged one and, of each stratum, as many as need be."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter

from sqlite_utils import Database

from archive.mentions import Hit, Occurrences, counted
from archive.topics import Topic
from archive.tuning.sample import Strata, Stratum
from archive.tuning.verdicts import last_of, standing, weighed_alike
from archive.weighing import plan_of

MOST = 500  # articles of a stratum that nobody judged
_CHUNK = 500


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """An article with what the topic finds in it.

    `language` is its first part, "" where it is unknown. `said`: the verdict, None where nobody judged or was unsure;
    `weight`: as drawn, None where no sample drew it; `judged_on`: the version of the topic.
    `share`: for how many articles of its stratum it stands here.

    `fields`: the folded words, and what the topic's lexicon found in them; `hits`: what counts of that.
    """

    article_id: str
    title: str
    language: str
    stratum: Stratum
    said: bool | None
    weight: float | None
    judged_on: str | None
    share: float
    fields: tuple[Occurrences, ...]
    hits: tuple[Hit, ...]

    @property
    def inside(self) -> bool:
        """Does it belong to the topic, as far as is known?"""
        return self.stratum is Stratum.TAKEN if self.said is None else self.said

    @property
    def rest(self) -> list[Sequence[str]]:
        """The runs of words between the topic's terms and masks."""
        runs = []
        for words, found in self.fields:
            at = 0
            for start, end, _ in sorted(found, key=itemgetter(0)):
                runs.append(words[at:start])
                at = max(at, end)
            runs.append(words[at:])
        return [run for run in runs if run]


def looked_at(db: Database, topic: Topic, strata: Strata) -> list[Look]:
    """In the order of their ids; the same ones each time."""
    judged = weighed_alike(last_of(standing(db, topic.id)))
    last = {key: said for key, said in judged.items() if said.verdict in ("yes", "no")}
    placed: dict[str, tuple[Stratum, float]] = {}
    for stratum, ids in strata.articles.items():
        chosen = _some(ids, MOST) | (last.keys() & set(ids))
        placed |= {article_id: (stratum, len(ids) / len(chosen)) for article_id in chosen}
    lexicon = plan_of(topic).lexicon
    found = []
    for article_id, title, language, texts in _read(db.conn, sorted(placed)):
        said = last.get(article_id)
        fields = tuple((words, list(lexicon.find(words))) for words in texts)
        found.append(
            Look(
                article_id,
                title,
                (language or "").lower().partition("-")[0],
                placed[article_id][0],
                None if said is None else said.verdict == "yes",
                None if said is None else said.weight,
                None if said is None else said.topic_version,
                placed[article_id][1],
                fields,
                tuple(counted(fields, language)[0]),
            )
        )
    return found


def _some(ids: Collection[str], most: int) -> set[str]:
    if len(ids) <= most:
        return set(ids)
    return set(sorted(ids, key=lambda each: sha256(each.encode()).digest())[:most])


def _read(connection: sqlite3.Connection, ids: Sequence[str]) -> Iterator[tuple[str, str, str | None, list[list[str]]]]:
    for at in range(0, len(ids), _CHUNK):
        some = ids[at : at + _CHUNK]
        rows = connection.execute(
            "SELECT a.id, a.title, a.language, f.title, f.standfirst, f.text FROM articles_norm f JOIN articles a"
            f" ON a.id = f.article_id WHERE a.id IN ({', '.join('?' * len(some))}) ORDER BY a.id",
            some,
        )
        for article_id, title, language, *fields in rows:
            yield article_id, title or "", language, [(each or "").split() for each in fields]
