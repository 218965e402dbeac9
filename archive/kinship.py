"""Articles with a text in common: copies of agency stories, excerpts of them.

Texts are compared by their runs of four words (shingles; Broder, "On the resemblance and containment of
documents", 1997). A fixed share of them, chosen by their hash alone, is kept per article, so that short texts inside
long ones are found as well as equals, and the result does not depend on the order of arrival.
"""

from collections import Counter
from zlib import crc32

from sqlite_utils import Database

from archive.norm import norm

RUN = 4  # words in a shingle
ONE_IN = 4  # share of shingles that is kept
COMMON = 50  # a shingle in more articles than this is a formula, not a trace
LEAST = 5  # kept shingles in common, below which nothing is said
EXCERPT = 0.5  # share of the shorter text that stands in the longer one
COPY = 0.5  # share of both texts together that is common (Jaccard)


def shingles(text: str) -> frozenset[int]:
    """The kept shingles of a text, as 32-bit hashes of its normalised words."""
    words = norm(text).split()
    hashes = (crc32(" ".join(words[i : i + RUN]).encode()) for i in range(len(words) - RUN + 1))
    return frozenset(each for each in hashes if each % ONE_IN == 0)


def remember(db: Database, article_id: str, text: str) -> None:
    """Keeps the shingles of an article's text."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO shingles (hash, article_id) VALUES (?, ?)",
        [(each, article_id) for each in sorted(shingles(text))],
    )


def forget(db: Database, article_id: str) -> None:
    db.execute("DELETE FROM shingles WHERE article_id = ?", [article_id])


def relate(db: Database) -> None:
    """Writes `kin` for the articles in view: 'copy' where the texts are nearly the same, 'excerpt' where the shorter
    one stands in the longer one. The score is the Jaccard index, or the share of the shorter text."""
    sizes = dict(
        db.execute(
            "SELECT article_id, count(*) FROM shingles JOIN articles ON articles.id = article_id"
            " WHERE kept = 1 GROUP BY article_id"
        ).fetchall()
    )
    common: Counter[tuple[str, str]] = Counter()
    group: list[str] = []
    last: int | None = None
    rows = db.execute(
        "SELECT hash, article_id FROM shingles JOIN articles ON articles.id = article_id"
        " WHERE kept = 1 ORDER BY hash, article_id"
    )
    for value, article_id in rows:
        if value != last:
            _count(common, group)
            group, last = [], value
        group.append(article_id)
    _count(common, group)
    db.execute("DELETE FROM kin WHERE relation IN ('copy', 'excerpt')")
    for (one, other), shared in sorted(common.items()):
        if shared < LEAST:
            continue
        jaccard = shared / (sizes[one] + sizes[other] - shared)
        contained = shared / min(sizes[one], sizes[other])
        if jaccard >= COPY:
            relation, score = "copy", jaccard
        elif contained >= EXCERPT:
            relation, score = "excerpt", contained
        else:
            continue
        db.execute(
            "INSERT OR REPLACE INTO kin (article_id, other_id, relation, score, evidence) VALUES (?, ?, ?, ?, ?)",
            [
                one,
                other,
                relation,
                round(score, 3),
                f"{shared} runs of {RUN} words of a sample of 1 in {ONE_IN}",
            ],
        )


def _count(common: Counter[tuple[str, str]], group: list[str]) -> None:
    if 1 < len(group) <= COMMON:
        for i, one in enumerate(group):
            for other in group[i + 1 :]:
                common[one, other] += 1
