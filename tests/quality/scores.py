"""How well pages were read, field by field, against what people or the press wrote down.

Bodies are compared as the article-extraction-benchmark documents it: runs of four words, counted and normalised per
page, precision over pages with any output, recall over pages with any truth, F1 of the two means. A standfirst that one
side keeps out of its body is put in front of it, where that makes the two more alike. A field is scored on the pages
whose truth has it.
"""

import re
import statistics
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

_WORD = re.compile(r"\w+")
_RUN = 4  # words
_LONG = 20  # characters of a paragraph that counts
_BY = re.compile(r"^(?:by|von|par|por|di|da) ")
_UNKNOWN = (None, "", "unknown")

Row = Mapping[str, Any]


def page(truth: Row, said: Row) -> dict[str, float]:
    """The scores of one page: 0 to 1 for each field that the truth has. `said` is a line of `hemeroteca read`."""
    found: dict[str, float] = {}
    if truth.get("body"):
        found |= _body(truth, said)
    for name in ("title", "standfirst", "section", "kicker"):
        if truth.get(name):
            found[name] = float(_folded(said.get(name)) == _folded(truth[name]))
    if truth.get("authors"):
        found["authors"] = _f1({_name(each) for each in truth["authors"]}, {_name(each) for each in said["authors"]})
    if truth.get("tags"):
        found["tags"] = _f1({_folded(each) for each in truth["tags"]}, {_folded(each) for each in said["tags"]})
    for name in ("published", "modified"):
        if truth.get(name):
            found[name] = float(_same_day(truth[name], said.get(name)))
    if truth.get("language"):
        found["language"] = float(_primary(said.get("language")) == _primary(truth["language"]))
    for name in ("access", "complete"):
        if truth.get(name):
            found[name] = float(said.get(name) == truth[name])
            found[f"{name}_right"] = float(said.get(name) in (truth[name], *_UNKNOWN, "metered"))
    if wanted := truth.get("snippets_with"):
        text = _spaced(_text(said))
        found["wanted"] = statistics.fmean(_spaced(each) in text for each in wanted)
        if unwanted := truth.get("snippets_without"):
            found["left_out"] = statistics.fmean(_spaced(each) not in text for each in unwanted)
    return found


def summary(pages: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The means over pages. `body` is the F1 of the mean precision and the mean recall; `whole` is the share of pages
    whose body is not bad."""
    values: defaultdict[str, list[float]] = defaultdict(list)
    for each in pages:
        for name, value in each.items():
            values[name].append(value)
    found = {name: statistics.fmean(each) for name, each in values.items()}
    precision, recall = found.pop("_precision", 0.0), found.pop("_recall", 0.0)
    if precision and recall:
        found["body"] = 2 * precision * recall / (precision + recall)
    return dict(sorted(found.items()))


def _body(truth: Row, said: Row) -> dict[str, float]:
    pairs: list[tuple[float, int, str, list[str], str, list[str]]] = []
    for wanted, wanted_parts in _with_lead(truth.get("standfirst"), truth["body"], truth.get("paragraphs") or []):
        for text, parts in _with_lead(said.get("standfirst"), _text(said), list(said.get("paragraphs") or [])):
            alike = _overlap(Counter(_words(wanted)), Counter(_words(text)))
            pairs.append((alike, -len(pairs), wanted, wanted_parts, text, parts))
    alike, _, wanted, wanted_parts, text, parts = max(pairs, key=lambda each: each[:2])
    one, other = _runs(wanted), _runs(text)
    hits = sum((one & other).values())
    found = {"whole": float(alike >= 0.5)}
    if other:
        found["_precision"] = hits / sum(other.values())
    if one:
        found["_recall"] = hits / sum(one.values())
    if wanted_parts:
        found["paragraphs"] = _f1(_long(wanted_parts), _long(parts))
    return found


def _with_lead(lead: str | None, body: str, parts: list[str]) -> list[tuple[str, list[str]]]:
    found = [(body, parts)]
    if lead and body and _spaced(lead) not in _spaced(body):
        found.append((f"{lead}\n\n{body}", [lead, *parts]))
    return found


def _text(said: Row) -> str:
    return str(said.get("text") or "")


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    if len(words) < _RUN:
        return Counter([tuple(words)] if words else [])
    return Counter(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def _overlap(one: Counter[str], other: Counter[str]) -> float:
    total = sum(one.values()) + sum(other.values())
    return 2 * sum((one & other).values()) / total if total else 1.0


def _f1(one: set[str], other: set[str]) -> float:
    one, other = one - {""}, other - {""}
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def _long(parts: Iterable[str]) -> set[str]:
    return {each for part in parts if len(each := _spaced(unicodedata.normalize("NFKC", part))) >= _LONG}


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _folded(text: Any) -> str:
    """Case, accents, quotes, dashes and punctuation away."""
    plain = unicodedata.normalize("NFKD", str(text or "")).casefold()
    return " ".join(_WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign))))


def _name(author: Any) -> str:
    return _BY.sub("", _folded(author["name"] if isinstance(author, dict) else author))


def _primary(language: Any) -> str:
    return str(language or "").lower().replace("_", "-").split("-")[0]


def _same_day(wanted: Any, said: Any) -> bool:
    """In the offset of the truth, where both have one. A truth in UTC has no day of its own: the page's counts too."""
    one, other = _moment(wanted), _moment(said)
    if one is None or other is None:
        return False
    (day, at), (other_day, other_at) = one, other
    if at is None or other_at is None:
        return day == other_day
    local = other_at.astimezone(at.tzinfo).date() == day
    return local or (at.utcoffset() == UTC.utcoffset(None) and other_day == day)


def _moment(said: Any) -> tuple[date, datetime | None] | None:
    try:
        found = datetime.fromisoformat(str(said or ""))
    except ValueError:
        return None
    return found.date(), found if found.tzinfo else None
