"""The addresses of Mediapart's replica: articles, sections, and those that lead elsewhere or nowhere."""

from datetime import UTC, datetime

from crawler.press.edition import Edition, Special
from crawler.press.texts import Story

HOME = "https://www.mediapart.fr/"
# Listings and articles name the same section differently.
LISTED = {
    "international": "international",
    "ecologie": "ecologie",
    "economie": "economie-et-social",
    "france": "france",
    "politique": "politique",
    "culture-idees": "culture-et-idees",
}
ABBREVIATED = {"economie": "economie-et-social", "culture-idees": "culture-et-idees"}
LABELS = {
    "international": "International",
    "ecologie": "Écologie",
    "economie": "Économie et social",
    "france": "France",
    "politique": "Politique",
    "culture-idees": "Culture et idées",
    "fil-dactualites": "Fil d’actualités",
}


def path(story: Story) -> str:
    """`/journal/{section}/{DDMMYY}/{slug}`, with the language in front when it is not French."""
    edition = "" if story.language == "fr" else f"/{story.language}"
    return f"{edition}/journal/{story.section}/{story.published:%d%m%y}/{story.slug}"


def address(story: Story) -> str:
    """The article's URL."""
    return HOME + path(story)[1:]


def specials(edition: Edition) -> tuple[Special, ...]:
    """The announced addresses that are no articles."""
    since = datetime(2023, 9, 14, 8, tzinfo=UTC)
    fixed = [
        Special(f"{HOME}journal/abonnes/120923/la-lettre-des-abonnes", "blocked_robots", since),
        Special(f"{HOME}journal/international/310723/un-article-introuvable", "http_error", since, 404),
        Special(f"{HOME}journal/politique/050923/un-article-depublie", "http_error", since, 410),
    ]
    for story in edition.stories[::-1]:
        old = {new: old for old, new in ABBREVIATED.items()}.get(story.section)
        if old and story.language == "fr":
            former = path(story).replace(f"/{story.section}/", f"/{old}/", 1)
            fixed.append(Special(HOME + former[1:], "redirected", since, 301, address(story)))
            break
    renamed = next((story for story in edition.stories[::-1] if story.section == "international"), None)
    if renamed is not None:
        former = f"{HOME}journal/international/010723/titre-provisoire-de-cet-article"
        fixed.append(Special(former, "redirected", since, 301, address(renamed)))
    return tuple(special for special in fixed if special.since <= edition.at)
