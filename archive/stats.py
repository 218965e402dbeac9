"""Counts made once at the end of a run, so that no page of the reading room has to count."""

import json
from collections import Counter
from collections.abc import Iterable

from sqlite_utils import Database

# (name, SQL that gives key and value); what is in braces stands for a table, or for the rows of some articles in it
_COUNTS = (
    ("articles", "SELECT 'total', count(*) FROM {articles} WHERE kept = 1"),
    ("articles_read", "SELECT 'total', count(*) FROM {articles}"),
    ("words", "SELECT 'total', coalesce(sum(word_count), 0) FROM {articles} WHERE kept = 1"),
    ("captures", "SELECT 'total', count(*) FROM captures"),
    ("warcs", "SELECT 'bytes', coalesce(sum(bytes), 0) FROM warcs"),
    ("warcs", "SELECT 'files', count(*) FROM warcs"),
    ("articles_by_outlet", "SELECT coalesce(outlet, ''), count(*) FROM {articles} WHERE kept = 1 GROUP BY 1"),
    ("articles_by_month", "SELECT coalesce(month, ''), count(*) FROM {articles} WHERE kept = 1 GROUP BY 1"),
    (
        "articles_by_language",
        "SELECT coalesce(language, ''), count(*) FROM {articles} WHERE kept = 1 GROUP BY 1",
    ),
    ("articles_by_access", "SELECT access, count(*) FROM {articles} WHERE kept = 1 GROUP BY 1"),
    (
        "articles_by_outlet_month",
        "SELECT coalesce(outlet, '') || ' ' || coalesce(month, ''), count(*) FROM {articles} WHERE kept = 1 GROUP BY 1",
    ),
    ("leads_by_outcome", "SELECT coalesce(outcome, 'waiting'), count(*) FROM leads GROUP BY 1"),
    (
        "leads_by_outlet_outcome",
        "SELECT coalesce(outlet, '') || ' ' || coalesce(outcome, 'waiting'), count(*) FROM leads GROUP BY 1",
    ),
    (
        "matches_by_topic",
        "SELECT topic, count(*) FROM {matches} JOIN topics ON topics.id = topic AND version = topic_version"
        " WHERE current = 1 AND decision IN ('match', 'manual') GROUP BY 1",
    ),
    (
        "matches_by_month",
        "SELECT topic || ' ' || coalesce(month, ''), count(*) FROM {matches} JOIN articles ON articles.id = article_id"
        " JOIN topics ON topics.id = topic AND version = topic_version"
        " WHERE current = 1 AND decision IN ('match', 'manual') GROUP BY 1",
    ),
)


COUNTS = tuple((name, sql.format(articles="articles", matches="matches")) for name, sql in _COUNTS)
# The limit, which is none, keeps SQLite from looking for these rows by an index of the whole table
_OF_SOME = {
    "articles": "(SELECT * FROM articles WHERE id IN (SELECT value FROM json_each(:ids)) LIMIT -1) AS articles",
    "matches": "(SELECT * FROM matches WHERE article_id IN (SELECT value FROM json_each(:ids)) LIMIT -1)",
}
Share = Counter[tuple[str, str]]


def count(db: Database) -> None:
    """Writes `stats` and `health` anew; the caller holds the transaction."""
    db.execute("DELETE FROM stats")
    for name, sql in COUNTS:
        db.execute(f"INSERT INTO stats (name, key, value) SELECT '{name}', * FROM ({sql})")
    db.execute("DELETE FROM health")
    db.execute(
        "INSERT INTO health (run_id, outlet, outcome, count)"
        " SELECT coalesce(run_id, ''), coalesce(outlet, ''), coalesce(outcome, 'waiting'), count(*)"
        " FROM leads GROUP BY 1, 2, 3"
    )
    db.execute(
        "INSERT INTO health (run_id, outlet, outcome, count)"
        " SELECT coalesce(run_id, ''), coalesce(a.outlet, ''), 'drift', count(DISTINCT article_id)"
        " FROM drift JOIN articles a ON a.id = article_id JOIN captures c ON c.id = a.capture_id GROUP BY 1, 2"
    )


def share(db: Database, article_ids: Iterable[str]) -> Share:
    """What these articles have in the counts, by name and key."""
    ids = json.dumps(sorted(article_ids))
    return Counter(
        {
            (name, key): value
            for name, sql in _COUNTS
            if "{" in sql
            for key, value in db.execute(sql.format(**_OF_SOME), {"ids": ids}).fetchall()
        }
    )


def adjust(db: Database, before: Share, after: Share) -> None:
    """Brings the counts from what some articles had in them to what they have now; the caller holds the transaction.

    Counting anew would look at every article of the corpus, and keep other writers waiting as long.
    """
    for name, key in before.keys() | after.keys():
        if change := after[name, key] - before[name, key]:
            db.execute(
                "INSERT INTO stats (name, key, value) VALUES (?, ?, ?)"
                " ON CONFLICT (name, key) DO UPDATE SET value = value + excluded.value",
                [name, key, change],
            )
    db.execute("DELETE FROM stats WHERE value = 0 AND name LIKE '%^_by^_%' ESCAPE '^'")
