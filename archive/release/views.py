"""The gate through which every text of a release passes: views in which what may not travel is NULL already.

They lie over `chosen`, `decided` and `asked`, which archive/release/selection.py fills. The column `n` is the
article's place in the order of the release. Columns named in `text` hold words of the article.
"""

from archive import matching

TAKEN = "(" + ", ".join(f"'{each}'" for each in matching.TAKEN) + ")"

# All but the text and the standfirst.
ARTICLE_COLUMNS = (
    *("id", "outlet", "url", "canonical_url", "title", "kicker", "dateline", "section", "language"),
    *("published_at", "published_day", "modified_at", "month", "access", "complete", "outcome", "word_count"),
    *("first_seen", "last_seen", "revision_count", "stable_id", "licence", "kept", "capture_id"),
)
# CROSS JOIN: SQLite keeps the order of the tables, so that a range of `n` reads a range and no more.
_CHOSEN = "temp.chosen ch CROSS JOIN main"


def _part(table: str, *columns: str, text: tuple[str, ...] = ()) -> str:
    """A table that belongs to articles; the columns in `text` hold words of the article."""
    shown = ["ch.n AS n", "p.article_id AS article_id"]
    shown += [f'p."{each}" AS "{each}"' for each in columns]
    shown += [f'CASE WHEN ch.may THEN p."{each}" END AS "{each}"' for each in text]
    return f"SELECT {', '.join(shown)} FROM {_CHOSEN}.{table} p ON p.article_id = ch.id"


_ARTICLES = f"""
SELECT ch.n AS n, ch.year AS year, {", ".join(f"a.{each} AS {each}" for each in ARTICLE_COLUMNS)},
    CASE WHEN ch.may THEN a.standfirst END AS standfirst,
    CASE WHEN ch.may THEN a.text END AS text,
    CASE WHEN a.text IS NULL THEN 'none' ELSE ch.status END AS text_status,
    ch.reason AS text_reason
FROM {_CHOSEN}.articles a ON a.id = ch.id
"""
_REVISIONS = f"""
SELECT ch.n AS at, r.article_id AS article_id, r.n AS n, r.capture_id AS capture_id, r.seen_at AS seen_at,
    r.title AS title, r.published_at AS published_at, r.modified_at AS modified_at, r.access AS access,
    r.complete AS complete, r.changed AS changed,
    CASE WHEN d.may THEN r.standfirst END AS standfirst,
    CASE WHEN d.may THEN r.text END AS text,
    CASE WHEN r.text IS NULL THEN 'none' ELSE d.status END AS text_status,
    d.reason AS text_reason
FROM {_CHOSEN}.revisions r ON r.article_id = ch.id
    CROSS JOIN temp.decided d ON d.n = ch.n AND d.capture_id = r.capture_id
    LEFT JOIN main.captures c ON c.id = r.capture_id
WHERE coalesce(c.session, 'anonymous') = 'anonymous'
    AND coalesce(c.warc_file, '') NOT LIKE 'warc-private/%'
"""
# The words that met a topic are words of the text; how many there are, and of which concept, may be told.
_MATCHES = f"""
SELECT ch.n AS n, m.article_id AS article_id, m.topic AS topic, m.topic_version AS topic_version,
    m.score AS score, m.decision AS decision,
    CASE WHEN ch.may THEN m.reason END AS reason,
    (SELECT count(*) FROM main.match_spans s WHERE s.article_id = ch.id AND s.topic = m.topic) AS mentions,
    (SELECT group_concat(concept, char(10)) FROM
        (SELECT DISTINCT concept FROM main.match_spans s WHERE s.article_id = ch.id AND s.topic = m.topic
        ORDER BY concept)) AS concepts
FROM {_CHOSEN}.matches m ON m.article_id = ch.id JOIN temp.asked t ON t.topic = m.topic
WHERE m.topic_version = t.version
"""
_SPANS = _part("match_spans", "topic", "concept", "term", "language", "field", "start", "end")
_COUNTS = f"""
SELECT ch.n AS n, p.article_id AS article_id, p.topic AS topic, p.concept AS concept, p.field AS field,
    count(*) AS mentions
FROM {_CHOSEN}.match_spans p ON p.article_id = ch.id JOIN temp.asked t ON t.topic = p.topic
GROUP BY ch.n, p.topic, p.concept, p.field
"""
_KIN = """
SELECT one.n AS n, k.article_id AS article_id, k.other_id AS other_id, k.relation AS relation,
    k.score AS score,
    CASE WHEN one.may AND other.may THEN k.evidence END AS evidence
FROM temp.chosen one CROSS JOIN main.kin k ON k.article_id = one.id
    CROSS JOIN temp.chosen other ON other.id = k.other_id
"""
_OUTLETS = "(SELECT outlet FROM out_articles)"

# Table → what of it travels; laid as `out_TABLE`. The order is that in which they are laid and written.
VIEWS = {
    "articles": _ARTICLES,
    "revisions": _REVISIONS,
    "authors": _part("authors", "position", "name", "role"),
    "tags": _part("tags", "position", "tag"),
    "images": _part("images", "position", "url", "photographer", "agency", "distributor", text=("caption",)),
    "links": _part("links", "position", "url", "block", text=("text",)),
    "attributions": _part("attributions", "position", "source", "relation", "url", text=("evidence",)),
    "evidence": _part("evidence", "position", "where", "verdict", text=("says",)),
    "candidates": _part("candidates", "position", "field", "reader", "where", text=("raw",)),
    "embeds": _part("embeds", "position", "kind", "url", "block", text=("title",)),
    "quality": _part("quality", "position", "where", "verdict", text=("says",)),
    "drift": _part("drift", "position", "field", "says"),
    "fields": _part("fields", "field", "read_by"),
    "addresses": _part("addresses", "url"),
    "articles_norm": _part("articles_norm", "title", text=("standfirst", "text")),
    "matches": _MATCHES,
    "match_spans": f"{_SPANS} JOIN temp.asked t ON t.topic = p.topic WHERE ch.may",
    "match_counts": _COUNTS,
    # Who said it stays at home.
    "labels": f"{_part('labels', 'entry', 'at', 'topic', 'topic_version', 'verdict', 'stratum', 'weight')}"
    " JOIN temp.asked t ON t.topic = p.topic",
    "kin": _KIN,
    "captures": "SELECT * FROM main.captures WHERE id IN"
    " (SELECT capture_id FROM out_articles UNION SELECT capture_id FROM out_revisions)",
    "rights": "SELECT * FROM main.rights WHERE capture_id IN (SELECT id FROM out_captures)",
    "warcs": "SELECT file, bytes, sha256, damage FROM main.warcs WHERE file IN (SELECT warc_file FROM out_captures)",
    "outlets": f"SELECT * FROM main.outlets WHERE name IN {_OUTLETS}",
    "outlet_languages": f"SELECT * FROM main.outlet_languages WHERE outlet IN {_OUTLETS}",
    "sources": f"SELECT * FROM main.sources WHERE outlet IN {_OUTLETS}",
    # The command line of a run may name folders of the operator's machine.
    "runs": "SELECT id, started_at, ended_at, software, user_agent, operator FROM main.runs",
    "topics": "SELECT * FROM main.topics WHERE EXISTS"
    " (SELECT 1 FROM temp.asked WHERE asked.topic = topics.id AND asked.version = topics.version)",
    "health": f"SELECT * FROM main.health WHERE outlet IN {_OUTLETS}",
    # So that whoever holds an earlier release can delete them; what was seen with a login only was in none.
    "takedowns": "SELECT article_id, url, outlet, at, reason, entry FROM main.takedowns t WHERE article_id IS NOT NULL"
    " AND EXISTS (SELECT 1 FROM main.tombstones s WHERE s.entry = t.entry AND s.warc_file NOT LIKE 'warc-private/%')",
}
