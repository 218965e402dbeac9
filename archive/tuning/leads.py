"""Leads that were refused by what was announced of them, so that a changed topic can go back for them."""

from collections.abc import Iterator

from sqlite_utils import Database

from archive.model import Kind, Lead
from archive.times import moment

# Reasons that no topic can change
_FOR_GOOD = ("taken down: %", "redirected to another site, %")


def refused_leads(db: Database) -> Iterator[Lead]:
    """Those that were not fetched by a rule of topics, window or addresses, in the order in which they were found."""
    rows = db.execute(
        "SELECT url, outlet, source, title, summary, published_at, modified_at FROM leads"
        " WHERE kind = 'article' AND outcome = 'skipped' AND capture_id IS NULL"
        f" AND {' AND '.join('reason NOT LIKE ?' for _ in _FOR_GOOD)} ORDER BY rowid",
        _FOR_GOOD,
    )
    for url, outlet, source, title, summary, published_at, modified_at in rows.fetchall():
        yield Lead(
            url,
            outlet or "",
            source or "corpus",
            Kind.ARTICLE,
            title=title,
            summary=summary,
            published_at=moment(published_at),
            modified_at=moment(modified_at),
        )
