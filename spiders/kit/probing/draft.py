"""An outlet's TOML file, drafted from what a probe found: the words of `toml_outlet.py`, reasons as comments."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from spiders.kit.outlet import KINDS, Listing, Sitemap, Source, Urls
from spiders.kit.words import listed, one_line, printable

# Labels that stand between a name and its country, and those of houses with many newspapers under one name
_SECOND = frozenset(listed("ac co com edu go gob gouv gov info ne net or org press"))
_HOSTED = frozenset(listed("blogspot ghost github gitlab medium over-blog substack tumblr wixsite wordpress"))


@dataclass(frozen=True, slots=True)
class Proposed:
    """A source with the reason for it. `live`: watched at once; the others stand in the file as comments."""

    source: Source
    why: str
    live: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """The facts of an outlet as far as a probe can find them. `notes`: sentences that the file begins with."""

    name: str
    title: str
    home: str
    languages: tuple[str, ...]
    articles: str | None = None
    articles_why: str = ""
    same: tuple[tuple[str, str], ...] = ()
    sources: tuple[Proposed, ...] = ()
    delay: float | None = None
    waits: str | None = None
    notes: tuple[str, ...] = ()


def name_of(home: str) -> str:
    """A name for the outlet with this home, from its host: "https://www.lesahel.org/" gives lesahel."""
    host = (urlsplit(home).hostname or "").lower()
    if ":" in host or host.rpartition(".")[2].isdecimal():
        return _plain(f"site-{host}")
    labels = [label for label in host.split(".") if label]
    if len(labels) > 1 and labels[-2] in _HOSTED:
        chosen = labels[-3] if len(labels) > 2 else labels[-2]
    elif len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND:
        chosen = labels[-3]
    else:
        chosen = labels[-2] if len(labels) > 1 else (labels or ["newspaper"])[0]
    return _plain(chosen)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60] or "newspaper"


def as_toml(draft: Draft) -> str:
    """The file. `toml_outlet.load_outlet` reads it back with the same facts."""
    lines = [f"# {_on_one_line(note)}" for note in draft.notes]
    lines += [
        f"name = {_text(draft.name)}",
        f"title = {_text(_on_one_line(draft.title) or draft.name)}",
        f"home = {_text(draft.home)}",
    ]
    if draft.languages:
        lines.append(f"languages = [{', '.join(map(_text, draft.languages))}]")
    else:
        lines.append('languages = ["und"]  # no page says it')
    if draft.articles is not None:
        lines += _why(draft.articles_why)
        lines.append(f"articles = {_pattern(draft.articles)}")
    else:
        lines += _why(draft.articles_why or "No pattern of article addresses was found: whatever the sources list.")
    if draft.same:
        pairs = ", ".join(f"[{_pattern(pattern)}, {_text(text)}]" for pattern, text in draft.same)
        lines.append(f"same = [{pairs}]")
    if draft.delay is not None:
        lines.append(f"delay = {draft.delay}  # seconds, as robots.txt asks")
    if draft.waits and (waits := _on_one_line(draft.waits)):
        lines.append(f"waits = {_text(waits)}")
    for each in draft.sources:
        lines += ["", *_why(each.why), *((line if each.live else f"# {line}") for line in _source(each.source))]
    return "\n".join(lines) + "\n"


def _why(sentence: str) -> list[str]:
    return [f"# {_on_one_line(sentence)}"] if sentence else []


def _source(source: Source) -> list[str]:
    lines = ["[[sources]]", f"kind = {_text(KINDS[type(source)])}"]
    match source:
        case Urls():
            return [*lines, f"urls = [{', '.join(map(_text, source.urls))}]"]
        case Listing():
            lines.append(f"url = {_text(source.url)}")
            if source.links is not None:
                lines.append(f"links = {_text(source.links)}")
            if source.first_page != 1 or source.pages != 1:
                lines += [f"first_page = {source.first_page}", f"pages = {source.pages}"]
            return lines
        case Sitemap():
            lines.append(f"url = {_text(source.url)}")
            return [*lines, f"only = {_pattern(source.only)}"] if source.only else lines
        case _:
            return [*lines, f"url = {_text(source.url)}"]


def _on_one_line(text: str) -> str:
    """Without control characters, which such a file may not hold: a page's title may."""
    return "".join(each for each in one_line(printable(text)) if unicodedata.category(each) != "Cc").strip()


def _pattern(text: str) -> str:
    """A TOML literal string (TOML 1.0, "String"), in which a backslash is one; a basic one where that cannot be."""
    return f"'{text}'" if re.fullmatch(r"[^'\x00-\x1f\x7f]*", text) else _text(text)


def _text(text: str) -> str:
    """A TOML basic string."""
    escaped = "".join(
        f"\\u{ord(each):04x}" if ord(each) < 32 or ord(each) == 127 else {"\\": "\\\\", '"': '\\"'}.get(each, each)
        for each in text
    )
    return f'"{escaped}"'
