"""What a polite crawler without an account must have found at a moment: the press knows, since it wrote it.

The truth is what the pages bear out. Where a page has no evidence it is "unknown" or None, whatever the
writer meant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from crawler.press import shown
from crawler.press.edition import edition
from crawler.press.fleuve import LICENCE
from crawler.press.fleuve_addresses import path as fleuve_path
from crawler.press.texts import Story
from crawler.press.typesetting import saved
from crawler.press.web import NEWSPAPERS, address, specials


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One article as an anonymous reader gets it.

    Times are UTC. `modified` is what the page says, None where it says nothing. `paragraphs` has
    subheadings and list items as strings of their own, single spaces, no dateline, no line "Read more of
    this report from …"; the last is the notice that the text is invented. `caption` is without its
    credit. `access` is free, paywalled or unknown, `complete` yes, no or unknown, `outcome` ok or
    paywalled. `edited` counts the edits that an anonymous reader can see. `copied_from` and
    `translation_of` are URLs. `tdm_reserved` follows the tdmrep.json, None without one.
    """

    url: str
    outlet: str
    key: str
    title: str
    standfirst: str | None
    authors: tuple[str, ...]
    kicker: str | None
    published: datetime
    modified: datetime | None
    language: str
    section: str
    tags: tuple[str, ...]
    access: str
    complete: str
    outcome: str
    on_topic: bool
    copied_from: str | None
    translation_of: str | None
    edited: int
    paragraphs: tuple[str, ...]
    caption: str | None
    photographer: str | None
    agency: str | None
    distributor: str | None
    dateline: str | None
    reports: str | None
    licence: str | None
    tdm_reserved: bool | None

    def as_json(self) -> dict[str, Any]:
        """The fields for a JSON document; times in ISO 8601 with Z."""
        row = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
            for name, value in row.items()
        }


@dataclass(frozen=True)
class Truths:
    """The truth at a moment: every article that is out, and how every other announced URL must end.

    `outcomes` holds no URL whose class depends on how a crawler spells addresses (http for https, tracking
    parameters), and none that a pattern of article URLs would leave out.
    """

    at: datetime
    articles: tuple[Truth, ...]
    outcomes: dict[str, str]

    def of(self, url: str) -> Truth | None:
        """The truth of one article's URL."""
        return next((truth for truth in self.articles if truth.url == url), None)

    def as_json(self) -> dict[str, Any]:
        """A JSON document: at, articles, outcomes."""
        at = self.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        articles = [truth.as_json() for truth in self.articles]
        return {"at": at, "articles": articles, "outcomes": self.outcomes}


def truth(stories: Iterable[Story], at: datetime) -> Truths:
    """The truth at a moment, by newspaper and time of publication."""
    every = tuple(stories)
    known = {story.key: story for story in every}
    articles: list[Truth] = []
    outcomes: dict[str, str] = {}
    for outlet in NEWSPAPERS:
        current = edition(outlet, every, at)
        articles += [_truth(story, known) for story in current.stories[::-1]]
        for special in specials(current):
            outcomes[special.url] = special.outcome
            if special.target is not None and "/consent?" in special.target:
                outcomes[special.target] = "wall"
    return Truths(at, tuple(articles), outcomes)


def _truth(story: Story, known: dict[str, Story]) -> Truth:
    access = shown.access(story)
    standfirst = shown.standfirst(story)
    return Truth(
        url=address(story),
        outlet=story.outlet,
        key=story.key,
        title=shown.plain(story.title),
        standfirst=shown.plain(standfirst) if standfirst else None,
        authors=shown.authors(story),
        kicker=shown.kicker(story),
        published=story.published.astimezone(UTC),
        modified=_modified(story),
        language=story.language,
        section=story.section,
        tags=story.tags,
        access=access,
        complete=shown.complete(story),
        outcome="paywalled" if access == "paywalled" else "ok",
        on_topic=story.on_topic,
        copied_from=address(known[story.copies]) if story.copies else None,
        translation_of=address(known[story.translates]) if story.translates else None,
        edited=_edited(story, known),
        paragraphs=shown.paragraphs(story),
        caption=shown.plain(story.caption) if story.caption else None,
        photographer=story.photographer,
        agency=story.agency,
        distributor=story.distributor,
        dateline=story.dateline if shown.sent(story) and story.outlet != "mediapart" else None,
        reports=story.reports if story.outlet == "mediapart" else None,
        licence=LICENCE if story.outlet == "fleuve" else None,
        tdm_reserved=fleuve_path(story).startswith("/fr/archives/") if story.outlet == "fleuve" else None,
    )


def _modified(story: Story) -> datetime | None:
    if story.variant in {"broken_ld", "no_ld"} or (story.outlet == "fleuve" and story.modified is None):
        return None
    return saved(story).astimezone(UTC)


def _edited(story: Story, known: dict[str, Story]) -> int:
    """How many of the edits made so far changed anything that is sent, dates aside."""
    states = [known[story.key].as_of(moment) for moment in (story.published, *(edit.at for edit in story.edits))]
    seen = [_visible(state) for state in states if state is not None]
    return sum(now != then for then, now in pairwise(seen))


def _visible(story: Story) -> tuple[object, ...]:
    return (
        story.title,
        shown.standfirst(story),
        shown.kicker(story),
        shown.authors(story),
        story.tags,
        story.caption,
        shown.paragraphs(story),
    )
