"""Times as the archive writes them: UTC, ISO 8601, with `Z`."""

from datetime import UTC, datetime


def stamp(moment: datetime | None) -> str | None:
    """'2023-08-04T07:32:00Z', with microseconds where there are any; None for None.

    Raises ValueError for a time without offset: whose clock it was is not known.
    """
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no offset")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(text: str | None) -> datetime | None:
    """The time that `stamp` wrote; None for None."""
    return None if text is None else datetime.fromisoformat(text)
