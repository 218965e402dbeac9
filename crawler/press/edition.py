"""The stories of one newspaper as they stand at one moment, and the odd addresses announced beside them."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from crawler.press.texts import Story, newest_first

FOUNDED = datetime(2023, 7, 1, 6, tzinfo=UTC)  # nothing of the press is older


@dataclass(frozen=True)
class Edition:
    """What an answer depends on beside the request.

    `at`: the press' clock. `visit`: how many requests came before, which moves the noise and nothing else.
    `stories`: those of this newspaper that are out, as edited by then, the newest first.
    """

    outlet: str
    at: datetime
    visit: int
    stories: tuple[Story, ...]

    @cached_property
    def changed(self) -> datetime:
        """When the newest story came out or an edit was announced last."""
        return max((story.changed for story in self.stories), default=FOUNDED)

    def story(self, key: str | None) -> Story | None:
        """The story of a key, when it is out and of this newspaper."""
        return next((story for story in self.stories if story.key == key), None)

    def earlier(self, story: Story) -> Story | None:
        """The story that came out just before this one."""
        after = self.stories[self.stories.index(story) + 1 :]
        return after[0] if after else None

    def others(self, story: Story | None, count: int) -> tuple[Story, ...]:
        """Stories for the boxes beside an article: others at each visit."""
        pool = [other for other in self.stories if story is None or other.key != story.key][:12]
        start = self.visit % max(len(pool), 1)
        return tuple((pool[start:] + pool[:start])[:count])


def edition(outlet: str, stories: Iterable[Story], at: datetime, visit: int = 0) -> Edition:
    """The edition of a newspaper at a moment, from all stories of the press."""
    out = (story.as_of(at) for story in stories if story.outlet == outlet)
    return Edition(outlet, at, visit, newest_first(story for story in out if story is not None))


@dataclass(frozen=True, slots=True)
class Special:
    """An address that is announced and is no article.

    `outcome`: the class it must end in. `since`: when it was announced first. `status`: what the server says.
    `target`: where it leads. `kind`: which odd page it is, where the status does not tell.
    """

    url: str
    outcome: str
    since: datetime
    status: int = 200
    target: str | None = None
    kind: str = ""


def number(key: str, size: int = 2**32) -> int:
    """A number that belongs to a key for good, so that pages differ and visits do not."""
    return zlib.crc32(key.encode()) % size


def node(story: Story) -> int:
    """The number that the newspaper's content system knows a story by; an edit does not change it."""
    return 1_100_000 + number(story.key, 900_000)
