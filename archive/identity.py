"""Which article a capture belongs to, and the readable id under which it is known for ever.

An article is recognised by the outlet's own stable id, else by its addresses (asked for, canonical). Ids are slugs
of outlet, day and title; once given they never change, whatever becomes of title and address.
"""

from slugify import slugify
from sqlite_utils import Database

from archive.kinship import in_common
from archive.model import Article, Capture
from archive.norm import norm

SAME = 0.1  # share of the shorter text that two versions of one article have at least in common
LONGEST = 100  # characters of an id: it becomes part of URLs and file names


def known_as(db: Database, capture: Capture, article: Article, hashes: bytes = b"") -> str | None:
    """The id of the article that this capture shows again; None where it is new.

    `hashes`: the shingles of its text. Where a page only claims to be another one, by its canonical link or because
    that one names this address, headline and text must not both speak against it: pages that name each other in a
    circle, or all the same one, are articles of their own.
    """
    if article.stable_id:
        row = db.execute(
            "SELECT id FROM articles WHERE stable_id = ? AND outlet IS ?", [article.stable_id, capture.outlet]
        ).fetchone()
        if row:
            return str(row[0])
    for url in addresses(capture, article):
        row = db.execute("SELECT article_id FROM addresses WHERE url = ?", [url]).fetchone()
        if row and not _is_another(db, row[0], capture, article, hashes):
            return str(row[0])
    return None


def _is_another(db: Database, article_id: str, capture: Capture, article: Article, hashes: bytes) -> bool:
    """Whether this article was never seen at the capture's address, and has another headline and another text."""
    row = db.execute(
        "SELECT title, hashes, EXISTS (SELECT 1 FROM revisions JOIN captures ON captures.id = revisions.capture_id"
        " WHERE revisions.article_id = articles.id AND captures.url = ?)"
        " FROM articles LEFT JOIN shingles ON shingles.article_id = articles.id WHERE articles.id = ?",
        [capture.url, article_id],
    ).fetchone()
    if row is None or row[2] or not row[0] or not article.title or norm(row[0]) == norm(article.title):
        return False
    share = in_common(hashes, row[1] or b"")
    return share is not None and share < SAME


def addresses(capture: Capture, article: Article) -> tuple[str, ...]:
    """The URLs that name this article: its own, and the canonical one where that is on the same host."""
    found = [capture.url]
    canonical = article.canonical_url
    if canonical and canonical != capture.url and _host(canonical) == _host(capture.url):
        found.append(canonical)
    return tuple(found)


def stem_of(capture: Capture, article: Article) -> str:
    """How the id of a new article begins: outlet, day of publication (else none), title (else the URL's end)."""
    day = article.published.date().isoformat() if article.published else str(article.published_day or "")
    words = article.title or capture.url.rstrip("/").rsplit("/", 1)[-1]
    slug: str = slugify(
        f"{capture.outlet or 'page'} {day} {words}",
        max_length=LONGEST,
        word_boundary=True,
        replacements=[("'", "-"), ("’", "-")],  # l’ambassadeur is two words
    )
    return slug or "page"


def new_id(db: Database, capture: Capture, article: Article, stem: str | None = None) -> str:
    """A readable id, never given before. `stem`: what `stem_of` gives of these."""
    stem = stem or stem_of(capture, article)
    candidate, n = stem, 1
    # The id of an article that was taken down is never given to another one
    given = "SELECT 1 FROM articles WHERE id = ?1 UNION ALL SELECT 1 FROM takedowns WHERE article_id = ?1"
    while db.execute(given, [candidate]).fetchone():
        n += 1
        candidate = f"{stem}-{n}"
    return candidate


def _host(url: str) -> str:
    return url.split("//", 1)[-1].split("/", 1)[0].lower().removeprefix("www.")
