"""Articles with a text in common: copies of agency stories, excerpts of them.

Texts are compared by their runs of four words (shingles; Broder, "On the resemblance and containment of
documents", 1997). A fixed share of them, chosen by their hash alone, is kept per article, so that short texts inside
long ones are found as well as equals, and the result does not depend on the order of arrival.

What is compared is one value per article: its hashes in rising order, four bytes each, the lowest first. The memory
that the comparison takes does not grow with the corpus: what does grow lies in temporary tables.
"""

import sys
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any
from zlib import crc32

from sqlite_utils import Database

RUN = 4  # words in a shingle
ONE_IN = 4  # share of shingles that is kept
COMMON = 50  # a shingle in more articles than this is a formula, not a trace
LEAST = 5  # kept shingles in common, below which nothing is said
EXCERPT = 0.5  # share of the shorter text that stands in the longer one
COPY = 0.5  # share of both texts together that is common (Jaccard)

SLICE = 50_000  # hashes that are compared at a time, as evenly as they are spread
HELD = 50_000  # pairs of articles, and hashes on their way to their slice, that are in memory at a time
_HASH = 32  # bits
_BYTES = 4
_Held = dict[int, tuple["array[int]", "array[int]"]]  # by slice: hashes, and the article of each


def shingles(folded: str) -> bytes:
    """The kept shingles of a text that `norm()` has folded: 32-bit hashes in rising order, little-endian."""
    words = folded.split()
    runs = zip(*(words[at:] for at in range(RUN)), strict=False)
    kept = array("I", sorted({each for run in runs if not (each := crc32(" ".join(run).encode())) % ONE_IN}))
    return _little(kept).tobytes()


def in_common(one: bytes, other: bytes) -> float | None:
    """The share of the shorter text that stands in the other, by their shingles; None where one is too short."""
    first, second = ({each[at : at + _BYTES] for at in range(0, len(each), _BYTES)} for each in (one, other))
    least = min(len(first), len(second))
    return len(first & second) / least if least >= LEAST else None


def remember(db: Database, article_id: str, hashes: bytes) -> None:
    """Keeps the shingles of an article's text, in place of those that it had. A text without any has no row."""
    if hashes:
        db.conn.execute("INSERT OR REPLACE INTO shingles (article_id, hashes) VALUES (?, ?)", (article_id, hashes))
    else:
        forget(db, article_id)


def forget(db: Database, article_id: str) -> None:
    db.conn.execute("DELETE FROM shingles WHERE article_id = ?", (article_id,))


def relate(db: Database) -> None:
    """Writes `kin` for the articles in view: 'copy' where the texts are nearly the same, 'excerpt' where the shorter
    one stands in the longer one. The score is the Jaccard index, or the share of the shorter text."""
    with db.atomic():
        db.execute("CREATE TEMP TABLE sliced (slice INTEGER, piece INTEGER, hashes BLOB, articles BLOB)")
        db.execute("CREATE TEMP TABLE pairs (pair INTEGER PRIMARY KEY, shared INTEGER)")
        slices = _slice(db)
        db.execute("CREATE INDEX temp.slices ON sliced (slice, piece)")
        common: Counter[int] = Counter()
        for number in range(slices):
            for group in _groups(db, number):
                common.update(one << _HASH | other for one, other in combinations(sorted(group), 2))
                if len(common) > HELD:
                    _spill(db, common)
        _spill(db, common)
        db.execute("DELETE FROM kin WHERE relation IN ('copy', 'excerpt')")
        db.conn.executemany(
            "INSERT OR REPLACE INTO kin (article_id, other_id, relation, score, evidence) VALUES (?, ?, ?, ?, ?)",
            _kin(db),
        )
        db.execute("DROP TABLE temp.sliced")
        db.execute("DROP TABLE temp.pairs")


def _slice(db: Database) -> int:
    """Parts the hashes of the articles in view by their value; gives the number of slices."""
    (size,) = db.execute("SELECT coalesce(sum(length(hashes)), 0) FROM shingles").fetchone()
    slices = int(size) // (_BYTES * SLICE) + 1
    ends = [-(-(number << _HASH) // slices) for number in range(1, slices + 1)]
    held: _Held = {}
    pieces = waiting = 0
    rows = db.execute(
        "SELECT articles.rowid, hashes FROM shingles JOIN articles ON articles.id = article_id"
        f" WHERE kept = 1 AND typeof(hashes) = 'blob' AND length(hashes) % {_BYTES} = 0"  # whatever was done to it
    )
    for article, packed in rows:
        values, at = _little(array("I", packed)), 0
        while at < len(values):
            number = values[at] * slices >> _HASH
            end = bisect_left(values, ends[number], at)
            hashes, articles = held.setdefault(number, (array("I"), array("I")))
            hashes.extend(values[at:end])
            articles.extend(array("I", [article]) * (end - at))
            at = end
        waiting += len(values)
        if waiting > HELD:
            _put_away(db, held, pieces)
            held, pieces, waiting = {}, pieces + 1, 0
    _put_away(db, held, pieces)
    return slices


def _put_away(db: Database, held: _Held, piece: int) -> None:
    db.conn.executemany(
        "INSERT INTO temp.sliced (slice, piece, hashes, articles) VALUES (?, ?, ?, ?)",
        ((number, piece, hashes.tobytes(), articles.tobytes()) for number, (hashes, articles) in held.items()),
    )


def _groups(db: Database, number: int) -> Iterator[list[int]]:
    """The articles that share a hash of this slice, where they are not too many for a trace."""
    first: dict[int, int] = {}
    groups: dict[int, list[int]] = {}
    for hashes, articles in db.execute(
        "SELECT hashes, articles FROM temp.sliced WHERE slice = ? ORDER BY piece", [number]
    ):
        for value, article in zip(array("I", hashes), array("I", articles), strict=True):
            if (one := first.setdefault(value, article)) != article:
                groups.setdefault(value, [one]).append(article)
    return (group for group in groups.values() if len(group) <= COMMON)


def _spill(db: Database, common: Counter[int]) -> None:
    """Adds the counts to those on the disk."""
    db.conn.executemany(
        "INSERT INTO temp.pairs (pair, shared) VALUES (?, ?)"
        " ON CONFLICT (pair) DO UPDATE SET shared = shared + excluded.shared",
        sorted(common.items()),
    )
    common.clear()


def _kin(db: Database) -> Iterator[tuple[Any, ...]]:
    """The rows of `kin`, in order: of two articles the one whose id comes first is named first."""
    rows = db.execute(
        "SELECT min(a.id, b.id), max(a.id, b.id), shared, length(s.hashes), length(t.hashes)"
        f" FROM temp.pairs CROSS JOIN articles a ON a.rowid = pair >> {_HASH}"
        f" CROSS JOIN articles b ON b.rowid = pair & {(1 << _HASH) - 1}"
        " CROSS JOIN shingles s ON s.article_id = a.id CROSS JOIN shingles t ON t.article_id = b.id"
        " WHERE shared >= ? ORDER BY 1, 2",
        [LEAST],
    )
    evidence = "{} runs of {} words of a sample of 1 in {}"
    for one, other, shared, *lengths in rows:
        sizes = [length // _BYTES for length in lengths]
        jaccard, contained = shared / (sum(sizes) - shared), shared / min(sizes)
        if jaccard >= COPY:
            yield one, other, "copy", round(jaccard, 3), evidence.format(shared, RUN, ONE_IN)
        elif contained >= EXCERPT:
            yield one, other, "excerpt", round(contained, 3), evidence.format(shared, RUN, ONE_IN)


def _little(values: "array[int]") -> "array[int]":
    """From the order of bytes of this machine to that of the table, or back."""
    if sys.byteorder == "big":
        values.byteswap()
    return values
