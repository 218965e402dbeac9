"""The addresses of Al-Monitor's replica: articles, and those that lead elsewhere or nowhere."""

from datetime import UTC, datetime
from urllib.parse import quote

from crawler.press.edition import Edition, Special
from crawler.press.texts import Story

HOME = "https://www.al-monitor.com/"


def path(story: Story) -> str:
    """`/originals/YYYY/MM/slug`, whatever the language; not percent-encoded."""
    return f"/originals/{story.published:%Y/%m}/{story.slug}"


def address(story: Story) -> str:
    """The article's URL."""
    return HOME + quote(path(story)[1:])


def specials(edition: Edition) -> tuple[Special, ...]:
    """The announced addresses that are no articles."""
    since = datetime(2023, 9, 13, 12, tzinfo=UTC)
    found = [
        Special(f"{HOME}originals/2023/09/print-edition-riverbank-almanac", "blocked_robots", since),
        Special(f"{HOME}originals/2023/09/one-page-behind-bot-check", "wall", since, kind="challenge"),
        Special(f"{HOME}originals/2023/09/page-that-is-no-longer-there", "soft_404", since, kind="not found"),
    ]
    first = next((story for story in edition.stories[::-1] if story.language == "en"), None)
    if first is not None:
        former = f"{HOME}originals/{first.published:%Y/%m}/working-title-of-this-article"
        found.append(Special(former, "redirected", since, 301, address(first)))
    return tuple(special for special in found if special.since <= edition.at)
