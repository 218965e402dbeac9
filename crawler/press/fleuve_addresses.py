"""The addresses of the invented wire agency: dispatches, and those that lead elsewhere or nowhere."""

from datetime import UTC, date, datetime

from crawler.press.edition import Edition, Special
from crawler.press.texts import Story

HOME = "https://www.fleuve.example/"
_ARCHIVED = date(2023, 7, 15)  # French dispatches before this day lie in the archive, whose text is reserved


def path(story: Story) -> str:
    """French dispatches have the day in their address, English ones have none."""
    if story.language == "en":
        return f"/en/dispatches/{story.slug}"
    folder = "archives" if story.published.date() < _ARCHIVED else "depeches"
    return f"/fr/{folder}/{story.published:%Y/%m/%d}/{story.slug}"


def address(story: Story) -> str:
    """The dispatch's URL."""
    return HOME + path(story)[1:]


def specials(edition: Edition) -> tuple[Special, ...]:
    """The announced addresses that are no articles."""
    since = datetime(2023, 9, 15, 9, tzinfo=UTC)
    consent = f"{HOME}en/dispatches/a-dispatch-behind-a-consent-page"
    found = (
        Special(f"{HOME}fr/abonnes/2023/09/12/les-previsions-du-mois", "blocked_robots", since),
        Special(f"{HOME}fr/depeches/2023/09/08/une-depeche-sans-un-mot", "empty", since, kind="empty"),
        Special(f"{HOME}en/dispatches/a-dispatch-that-breaks-the-server", "http_error", since, 500),
        Special(f"{HOME}fr/depeches/2023/09/11/le-rapport-annuel-en-pdf", "not_html", since, kind="pdf"),
        Special(consent, "redirected", since, 302, f"{HOME}consent?return={consent.rpartition('/')[2]}"),
    )
    return tuple(special for special in found if special.since <= edition.at)
