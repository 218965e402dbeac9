"""How an article is cited: a line in the manner of APA, BibTeX, RIS and CSL-JSON.

Names stand as the page gives them: to part a given name from a surname would be a guess. A date that is not
known is left out, or "n.d." in the line.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.readingroom import words
from archive.readingroom.ink import plain

_BIBTEX = {
    "\\": r"\textbackslash{}",
    **{sign: "\\" + sign for sign in "&%$#_"},
    # as words, since BibTeX counts braces even behind a backslash
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation is made of. Days are in ISO 8601; `here`: the article's address in the reading room."""

    id: str
    title: str
    outlet: str
    authors: tuple[tuple[str, str], ...]  # name, role
    published: str | None
    captured: str
    url: str
    here: str
    language: str | None
    standfirst: str | None

    @classmethod
    def of(
        cls,
        article: Mapping[str, Any],
        authors: Sequence[Mapping[str, Any]],
        outlet: Mapping[str, Any] | None,
        here: str,
    ) -> "Source":
        """From the rows of corpus.db."""
        return cls(
            id=article["id"],
            title=_one_line(article["title"] or "Untitled"),
            outlet=_one_line((outlet or {}).get("title") or article["outlet"] or ""),
            authors=tuple((_one_line(each["name"]), each["role"]) for each in authors if each["name"]),
            published=(article["published_at"] or article["published_day"] or "")[:10] or None,
            captured=article["last_seen"][:10],
            url=_one_line(article["canonical_url"] or article["url"]),
            here=here,
            language=article["language"],
            standfirst=_one_line(article["standfirst"]) if article["standfirst"] else None,
        )


def line(source: Source) -> tuple[str, ...]:
    """Author (date). Title. Newspaper. Address. Archived date, address: in pieces, to be joined by spaces.

    So a page can keep a title in Arabic from turning the rest round.
    """
    names = [name for name, _ in source.authors]
    who = ", ".join(names[:-1]) + (" & " if len(names) > 1 else "") + names[-1] if names else source.outlet
    pieces = [
        who,
        f"({words.day(source.published) if source.published else 'n.d.'})",
        source.title,
        source.outlet if names else "",
        source.url,
        f"Archived {words.day(source.captured)}, {source.here}",
    ]
    return tuple(piece if piece.endswith((".", "!", "?", "…")) else f"{piece}." for piece in pieces if piece)


def bibtex(source: Source) -> str:
    """An @article entry (biblatex reads @online too, but old styles know only the first)."""
    names = " and ".join(
        _tex(name) if role == "person" and not re.search(r"\band\b", name) else "{" + _tex(name) + "}"
        for name, role in source.authors
    )
    fields = {
        "author": names,
        "title": "{" + _tex(source.title) + "}",
        "journal": "{" + _tex(source.outlet) + "}" if source.outlet else "",
        "year": source.published[:4] if source.published else "",
        "month": source.published[5:7].lstrip("0") if source.published else "",
        "date": source.published or "",
        "langid": words.language(source.language).lower() if source.language else "",
        "url": source.url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C"),
        "urldate": source.captured,
        "note": f"Archived at {source.here}",
    }
    key = re.sub(r"[^A-Za-z0-9-]", "-", source.id)
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@article{{{key},", *lines, "}", ""])


def ris(source: Source) -> str:
    """A NEWS record (Research Information Systems format)."""
    tags = [
        ("TY", "NEWS"),
        ("ID", source.id),
        *(("AU", name) for name, _ in source.authors),
        ("TI", source.title),
        ("T2", source.outlet),
        ("PY", source.published[:4] if source.published else ""),
        ("DA", source.published.replace("-", "/") if source.published else ""),
        ("AB", source.standfirst or ""),
        ("LA", source.language or ""),
        ("UR", source.url),
        ("L2", source.here),
        ("Y2", source.captured.replace("-", "/")),
        ("ER", ""),
    ]
    return "\r\n".join(f"{tag}  - {value}" for tag, value in tags if value or tag == "ER") + "\r\n"


def csl(source: Source) -> str:
    """CSL-JSON, a list of one item; names are `literal`."""
    item: dict[str, Any] = {
        "id": source.id,
        "type": "article-newspaper",
        "title": source.title,
        "container-title": source.outlet or None,
        "author": [{"literal": name} for name, _ in source.authors] or None,
        "issued": _parts(source.published),
        "accessed": _parts(source.captured),
        "URL": source.url,
        "archive_location": source.here,
        "language": source.language,
        "abstract": source.standfirst,
    }
    kept = {name: value for name, value in item.items() if value is not None}
    return json.dumps([kept], ensure_ascii=False, indent=2) + "\n"


# ending of the address → (name, writer, media type)
FORMATS: dict[str, tuple[str, Callable[[Source], str], str]] = {
    "bib": ("BibTeX", bibtex, "application/x-bibtex"),
    "ris": ("RIS", ris, "application/x-research-info-systems"),
    "csl": ("CSL-JSON", csl, "application/vnd.citationstyles.csl+json"),
}


def _parts(day: str | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[int(part) for part in day.split("-")]]} if day else None


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())


def _tex(text: str) -> str:
    return "".join(_BIBTEX.get(sign, sign) for sign in text)
