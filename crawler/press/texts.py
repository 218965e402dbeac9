"""The invented stories of the press, as their writers keep them: `texts/<outlet>-<yyyy-mm>.toml`.

Reading them is strict. A key that nobody knows, a time without an offset, a variant that the newspaper
does not have or a copy of a story that is not there ends in one sentence that names its place.
"""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from archive.errors import BadCorpusFile
from archive.tomlfile import Section, TomlFile, nearest

OUTLETS = {"m": "mediapart", "a": "almonitor", "f": "fleuve"}
_VARIANTS = {
    "mediapart": "free_flag cut cut_15pct afp series mixed_byline international_link live video broken_ld two_ld",
    "almonitor": "staff opinion agency_copy pro_memo cut podcast takeaways translation no_ld graph_ld",
    "fleuve": "wire brief correction",
}
_LANGUAGES = {"mediapart": ("fr", "en", "es"), "almonitor": ("en", "ar"), "fleuve": ("fr", "en")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change to a story that is out: what is None stays as it was.

    `silent`: the page's modified date and the sitemap's lastmod do not move.
    """

    at: datetime
    silent: bool = False
    kicker: str | None = None
    title: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] | None = None
    tags: tuple[str, ...] | None = None
    caption: str | None = None
    body: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One invented article. `modified` is the last edit that was not silent, None before there is one."""

    key: str
    section: str
    language: str
    published: datetime
    variant: str
    on_topic: bool
    title: str
    slug: str
    body: str
    kicker: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    caption: str | None = None
    photographer: str | None = None
    agency: str | None = None
    distributor: str | None = None
    dateline: str | None = None
    copies: str | None = None
    reports: str | None = None
    translates: str | None = None
    edits: tuple[Edit, ...] = ()
    modified: datetime | None = None

    @property
    def outlet(self) -> str:
        """The newspaper, told from the first letter of the key."""
        return OUTLETS[self.key[0]]

    @property
    def changed(self) -> datetime:
        """When the newspaper says that it last touched the story."""
        return self.modified or self.published

    def as_of(self, at: datetime) -> "Story | None":
        """The story as it stands at `at`, with the edits made by then alone; None before it is out."""
        if at < self.published:
            return None
        if not self.edits:
            return self
        made = tuple(edit for edit in self.edits if edit.at <= at)
        now = replace(self, edits=made)
        for edit in made:
            changes = {name: value for name in EDITABLE if (value := getattr(edit, name)) is not None}
            now = replace(now, modified=now.modified if edit.silent else edit.at, **changes)
        return now


EDITABLE = tuple(field.name for field in fields(Edit) if field.name not in {"at", "silent"})
_STORY_NEEDS = tuple(field.name for field in fields(Story) if field.default is MISSING)
_STORY_KEYS = (*(field.name for field in fields(Story) if field.name not in {"edits", "modified"}), "edit")
_EDIT_KEYS = ("at", "silent", *EDITABLE)


def load(folder: Traversable | None = None) -> tuple[Story, ...]:
    """All stories of a folder of text files (default: the press' own), by time of publication.

    Raises BadCorpusFile.
    """
    return _own() if folder is None else _read(folder)


@cache
def _own() -> tuple[Story, ...]:
    return _read(files(__package__).joinpath("texts"))


def _read(folder: Traversable) -> tuple[Story, ...]:
    stories: dict[str, Story] = {}
    origin: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for story in parse(file.read_text(encoding="utf-8"), file.name):
            if story.key in stories:
                raise BadCorpusFile(
                    f"{file.name}: the key {story.key!r} is taken in {origin[story.key]}; choose another"
                )
            stories[story.key], origin[story.key] = story, file.name
    for story in stories.values():
        _check_relations(story, stories, origin[story.key])
    return tuple(sorted(stories.values(), key=lambda story: (story.published, story.key)))


def parse(text: str, name: str) -> tuple[Story, ...]:
    """The stories of one text file; `name` is the file's, for the message. Raises BadCorpusFile."""
    file = TomlFile(text, name)
    top = Section(file, (), file.table, ("article",))
    return tuple(_story(each) for each in top.sections("article", _STORY_KEYS))


def _story(table: Section) -> Story:
    edits = sorted((Edit(**_facts(each, ("at",))) for each in table.sections("edit", _EDIT_KEYS)), key=lambda e: e.at)
    facts = _facts(table, _STORY_NEEDS)
    if facts["key"][:2] not in {f"{letter}-" for letter in OUTLETS}:
        table.fail("key", "must begin with m-, a- or f-")
    story = Story(edits=tuple(edits), **facts)
    if not table.file.name.startswith(story.outlet):
        table.fail("key", f"must stand in a file whose name begins with {story.outlet}")
    for key, known in (("variant", _VARIANTS[story.outlet].split()), ("language", _LANGUAGES[story.outlet])):
        if facts[key] not in known:
            table.fail(key, f"cannot be {facts[key]!r} at {story.outlet}; {nearest(facts[key], known)}")
    if edits and edits[0].at <= story.published:
        table.fail("edit", "must come after publication: set `at` to a later time")
    return story


def _facts(table: Section, needed: tuple[str, ...]) -> dict[str, Any]:
    """The values of a table by key, tables inside it left out."""
    for key in needed:
        if key not in table.table:
            table.fail(key, "is missing: add it")
    return {key: _value(table, key) for key in table.table if key != "edit"}


def _value(table: Section, key: str) -> object:
    if key in {"authors", "tags"}:
        return table.texts(key)
    if key in {"published", "at"}:
        return table.moment(key)
    if key in {"on_topic", "silent"}:
        return table.flag(key)
    return table.required(key).strip()


def _check_relations(story: Story, stories: dict[str, Story], name: str) -> None:
    where = f"{name}: {story.key}"
    if story.copies is not None and (story.copies not in stories or not story.copies.startswith("f-")):
        raise BadCorpusFile(f"{where}: 'copies' must be the key of a fleuve story that is there")
    if story.translates is not None and story.translates not in stories:
        raise BadCorpusFile(f"{where}: 'translates' must be the key of a story that is there")


def newest_first(stories: Iterable[Story]) -> tuple[Story, ...]:
    """By time of publication, the newest first; stories of one moment by key."""
    return tuple(sorted(stories, key=lambda story: (story.published, story.key), reverse=True))
