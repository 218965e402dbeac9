"""Every error of a topic file, not the first alone.

The reader of the file stops at the first error. So what it complains of is taken out of the values and they are read
again, until nothing is left to complain of.
"""

from copy import deepcopy
from itertools import islice
from operator import eq
from pathlib import Path
from typing import Any

from archive.errors import BadCorpusFile
from archive.terms import fault_of
from archive.tomlfile import KeyPath, TomlFile
from archive.topics import Topic, topic_in

MOST = 100
_STANDING_IN = "x"  # for what is taken out where something must stand


def read_topic(path: Path) -> tuple[Topic | None, list[str]]:
    """The topic, None where the file has errors; and the errors, each a sentence with file, line and key."""
    try:
        file = TomlFile.read(path)
    except BadCorpusFile as error:
        return None, [str(error)]
    try:
        return topic_in(file, path.stem), []
    except BadCorpusFile as error:
        return None, _all(file, path.stem, error)


def _all(file: TomlFile, stem: str, first: BadCorpusFile) -> list[str]:
    whole, found, gone = file.table, [first], {first.path}
    try:
        file.table = deepcopy(whole)
    except RecursionError:  # tables in tables in tables: the first error is of them
        return [str(first)]
    error: BadCorpusFile | None = first
    while error is not None and len(found) <= MOST:
        if error.path is None:
            break
        found += _beside(file, error)
        if not _take_out(file.table, error.path, error.value):
            break
        try:
            topic_in(file, stem)
        except BadCorpusFile as another:
            error = another
            if not _follows(another, gone):
                found.append(another)
            gone.add(another.path)
        else:
            error = None
    file.table = whole
    said = sorted(dict.fromkeys(map(str, found)), key=_line)
    return said if len(said) <= MOST else [*said[:MOST], f"{file.name}: and more errors than these {MOST}"]


def _beside(file: TomlFile, error: BadCorpusFile) -> list[BadCorpusFile]:
    """The other terms of the same list that are none, which are taken out with this one."""
    items = _at(file.table, error.path or ())
    if not isinstance(items, list) or not isinstance(error.value, str) or not fault_of(error.value):
        return []
    faulty = {item: None for item in items if isinstance(item, str) and item != error.value and fault_of(item)}
    items[:] = [item for item in items if not isinstance(item, str) or item not in faulty]
    found = []
    for item in islice(faulty, MOST):
        try:
            file.fail(error.path or (), fault_of(item) or "", item)
        except BadCorpusFile as other:
            found.append(other)
    return found


def _at(table: Any, path: KeyPath) -> Any:
    for part in path:
        if isinstance(table, dict) and part not in table:
            return None
        table = table[part]
    return table


def _take_out(table: Any, path: KeyPath, value: object) -> bool:
    """Takes the key, or the item of its list, out of the values; False where it is not there."""
    whole, last = table, path[-1]
    table = _at(table, path[:-1])
    if isinstance(table, list):
        table[last] = {}  # type: ignore[index] # the places of the others stay
        return True
    if not isinstance(table, dict):
        return False
    if last not in table:
        return _complete(whole, table, path)
    if isinstance(table[last], list) and value in table[last]:
        table[last].remove(value)
    else:
        del table[last]
    if path == ("rule", "require") and not table.get(last):
        table.pop(last, None)
    if path[0] == "concepts" and not table.get(last):
        _stand_in(whole, path)
    return True


def _stand_in(whole: dict[str, Any], path: KeyPath) -> None:
    """Keeps a concept, or the last of them, from being empty because of what was taken out."""
    concepts = whole.get("concepts")
    if not isinstance(concepts, dict) or not concepts:
        whole["concepts"] = {_STANDING_IN: {"en": [_STANDING_IN]}}
    elif len(path) > 2 and isinstance(concept := concepts.get(path[1]), dict):
        concept.setdefault("en", [])
        if isinstance(concept["en"], list):
            concept["en"].append(_STANDING_IN)


def _complete(whole: dict[str, Any], table: dict[str, Any], path: KeyPath) -> bool:
    """Puts in what is missing."""
    standing = {"match": True, "text": "…", "terms": [], "fts": _STANDING_IN}
    if path == ("rule", "require"):
        _stand_in(whole, ("concepts",))
    elif path[-1] in standing:
        table[str(path[-1])] = standing[str(path[-1])]
    else:
        return False
    return True


def _follows(error: BadCorpusFile, gone: set[KeyPath | None]) -> bool:
    """Is something missing, or unknown, only because it was taken out?"""
    path = error.path or ()
    if path == ("rule", "require") or (path[:1] == ("exclude",) and path[-1] == "concept"):
        return any(each is not None and str(each[0]).startswith("concept") and len(each) < 3 for each in gone)
    return error.value is None and any(
        each is not None and all(map(eq, each, path))
        for each in gone  # it, or a table that it is in, or holds
    )


def _line(sentence: str) -> int:
    for part in sentence.split(":"):
        if part.isdecimal():
            return int(part)
    return 0
