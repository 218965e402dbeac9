"""What a page gives for each field, chosen or not, as it is spelt and with its place: the choice can be looked into."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from archive.model import Author, Candidate
from archive.withhold import without_user, without_users
from spiders.kit import dates, metatags, titles
from spiders.kit.jsonld import names
from spiders.kit.language import primary
from spiders.kit.words import fold, one_line, plain

if TYPE_CHECKING:
    from spiders.kit.page import Page

FIELDS = (
    "title",
    "standfirst",
    "kicker",
    "authors",
    "published",
    "modified",
    "language",
    "section",
    "tags",
    "dateline",
    "canonical_url",
    "stable_id",
    "licence",
)
MOST, LONGEST = 40, 300  # candidates of a page, characters of each
_SHARE = {"title": 9, "authors": 8, "published": 7}  # of the most that a field may have; another has four
_PLACES = {
    "kicker": "above the headline",
    "standfirst": "below the headline",
    "section": "breadcrumbs, or beside the headline",
    "dateline": "start of the text",
    "language": "text",
    "stable_id": "shortlink",
    "licence": "rel=license",
}
_META = {
    "title": metatags.TITLES,
    "standfirst": metatags.DESCRIPTIONS,
    "authors": metatags.AUTHORS,
    "published": metatags.PUBLISHED,
    "modified": metatags.MODIFIED,
    "language": metatags.LANGUAGES,
    "section": metatags.SECTIONS,
    "tags": (*metatags.TAGS, *metatags.KEYWORDS),
    "canonical_url": ("og:url",),
    "licence": ("dc.rights", "dcterms.rights", "dcterms.license"),
}
_LINKED = {
    "title": ("headline", "alternativeHeadline", "name"),
    "standfirst": ("description",),
    "authors": ("author", "creator"),
    "published": ("datePublished", "uploadDate", "dateCreated"),
    "modified": ("dateModified",),
    "language": ("inLanguage",),
    "section": ("articleSection",),
    "tags": ("keywords",),
    "canonical_url": ("url",),
    "licence": ("license",),
}


def of(page: "Page", chosen: Mapping[str, Any]) -> tuple[Candidate, ...]:
    """The candidates for the fields of `FIELDS`, the chosen one of each first; `chosen` are the fields' values.

    At most `MOST`, each of one line and at most `LONGEST` characters. Nothing is looked for that the choice itself had
    no use for.
    """
    found: dict[str, list[Candidate]] = {field: [] for field in FIELDS}
    for each in (*_linked(page), *_meta(page), *page.noted, *_shown(page)):
        found[each.field].append(each)
    kept: list[Candidate] = []
    for field in FIELDS:
        value = chosen.get(field) or (chosen.get("published_day") if field == "published" else None)
        first = _first(page, field, value, found[field]) if value else None
        own = _distinct([first, *found[field]] if first else found[field])
        kept += own[: _SHARE.get(field, 4)]
    if len(kept) > MOST:
        firsts = {id(next(each for each in kept if each.field == field)) for field in {each.field for each in kept}}
        rest = [each for each in kept if id(each) not in firsts][: MOST - len(firsts)]
        kept = [each for each in kept if id(each) in firsts or each in rest]
    return tuple(kept)


def candidate(field: str, reader: str, where: str, raw: object) -> Candidate | None:
    """One candidate with its text as one line, addresses without user; None where there is no text."""
    said = raw if isinstance(raw, str) else str(raw)
    if "@" in said:
        said = without_user(without_users(said))
    text = plain(said)[:LONGEST].strip() if isinstance(raw, str) else one_line(said)[:LONGEST]
    return Candidate(field, reader, where[:LONGEST], text) if text else None


def _first(page: "Page", field: str, value: Any, given: Iterable[Candidate]) -> Candidate:
    """The candidate that was chosen: of its reader, and bearing its value where one does."""
    reader = page.read_by.get(field) or (page.read_by.get("published_day") if field == "published" else None)
    reader = reader or "outlet"
    own = [each for each in given if each.reader == reader]
    spelt = _spelt(value)
    borne = next((each for each in own if _bears(field, each.raw, value)), None)
    if borne is None and own and field not in ("kicker", "section", "stable_id"):
        borne = own[0]
    place = "" if reader == "outlet" else "embedded state" if reader == "script" else _PLACES.get(field, "")
    return borne or candidate(field, reader, place, spelt) or Candidate(field, reader, place, "")


def _spelt(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return ", ".join(each.name if isinstance(each, Author) else str(each) for each in value)
    return str(value)


def _bears(field: str, raw: str, value: Any) -> bool:
    if isinstance(value, (datetime, date)):
        said = dates.moment(raw) or dates.written(raw)
        if said is None:
            return False
        if isinstance(value, datetime):
            return bool(said.at == value if said.at else said.day == value.date())
        return bool(said.day == value)
    if field == "language":
        return bool(primary(raw) == value)
    key, wanted = fold(raw), fold(_spelt(value[:1] if isinstance(value, tuple) else value))
    return bool(wanted) and (wanted[:200] in key or (field == "title" and bool(key) and key in wanted))


def _distinct(given: Iterable[Candidate]) -> list[Candidate]:
    kept: dict[str, Candidate] = {}
    for each in given:
        kept.setdefault(each.raw, each)
    return list(kept.values())


def _linked(page: "Page") -> Iterator[Candidate]:
    for field, properties in _LINKED.items():
        for name in properties:
            value = page.ld.article.get(name)
            if value is None:
                continue
            values = names(page.ld.resolve(value)) if isinstance(value, (list, dict)) else [value]
            texts = [", ".join(values)] if field == "tags" and isinstance(value, list) else values[:6]
            yield from filter(None, (candidate(field, "json-ld", name, text) for text in texts))
    if crumbs := page.crumbs:
        yield from filter(None, [candidate("section", "json-ld", "BreadcrumbList", crumbs[0])])


def _meta(page: "Page") -> Iterator[Candidate]:
    for field, tags in _META.items():
        seen: set[str] = set()
        for name in tags:
            if values := page.metas.get(name):
                for text in [", ".join(values)] if field == "tags" else values[:2]:
                    if text not in seen and (found := candidate(field, "meta", name, text)):
                        yield found
                    seen.add(text)


def _shown(page: "Page") -> Iterator[Candidate]:
    shown = [("title", "h1", titles.printed(h)) for h in islice(page.doc.iter("h1"), 3)]
    shown.append(("title", "title", page.doc.findtext(".//title") or ""))
    shown.append(("language", "html lang", page.doc.get("lang") or ""))
    shown += [("canonical_url", "link rel=canonical", str(link)) for link in page.canonical_links[:1]]
    for field, where, raw in shown:
        reader = "meta" if where in ("title", "html lang") else "dom"
        if found := candidate(field, reader, where, raw):
            yield found
