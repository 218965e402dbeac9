"""The crawl's clock. Everything below `crawler` gets times handed in."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
