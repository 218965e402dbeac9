"""What a page's head says about its use: meta robots, and TDMRep's terms in HTML."""

from typing import TYPE_CHECKING

from archive.withhold import without_user
from spiders.kit.words import plain

if TYPE_CHECKING:
    from spiders.kit.page import Page


def robots(page: "Page") -> str | None:
    """What all robots are told, as it stands there."""
    return ", ".join(plain(value) for value in page.metas.get("robots", ())) or None


def reservation(page: "Page") -> str | None:
    """Whether text and data mining is reserved (TDMRep, "TDM metadata in HTML"): 1 yes, 0 no; any other value says
    nothing."""
    said = page.meta("tdm-reservation")
    return said if said in ("0", "1") else None


def policy(page: "Page") -> str | None:
    """The address of the terms, where the page says itself whether it reserves; without a password that it may hold."""
    return (without_user(page.meta("tdm-policy")) or None) if reservation(page) else None
