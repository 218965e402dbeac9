"""Every error of a topic file, not the first alone.

The reader of the file stops at the first error. So what it complains of is taken out of the values and they are read
again, until nothing is left to complain of.
"""

from copy import deepcopy
from pathlib import Path
from typing import Any

from archive.errors import BadCorpusFile
from archive.tomlfile import KeyPath, TomlFile
from archive.topics import Topic, topic_in

MOST = 100


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
    whole, found, seen = file.table, [str(first)], [first.path]
    file.table = deepcopy(whole)
    error: BadCorpusFile | None = first
    while error is not None and len(found) < MOST:
        if error.path is None or not _take_out(file.table, error.path, error.value):
            break
        try:
            topic_in(file, stem)
        except BadCorpusFile as another:
            error = another
            # What is missing now may be missing because it was taken out
            if str(another) not in found and not any(_follows(another.path, earlier) for earlier in seen):
                found.append(str(another))
            seen.append(another.path)
        else:
            error = None
    file.table = whole
    return sorted(found, key=_line)


def _take_out(table: Any, path: KeyPath, value: object) -> bool:
    """Takes the key, or the item of its list, out of the values; False where it is not there."""
    for part in path[:-1]:
        if isinstance(table, dict) and part not in table:
            return False
        table = table[part]
    last = path[-1]
    if isinstance(table, list):
        table[last] = {}  # type: ignore[index] # the places of the others stay
        return True
    if last not in table:
        return _complete(table, str(last))
    if isinstance(table[last], list) and value in table[last]:
        table[last].remove(value)
        return True
    del table[last]
    return True


def _complete(table: dict[str, Any], key: str) -> bool:
    """Puts in what is missing."""
    standing = {"match": True, "text": "…", "terms": []}
    if key not in standing or not isinstance(table, dict):
        return False
    table[key] = standing[key]
    return True


def _follows(path: KeyPath | None, earlier: KeyPath | None) -> bool:
    return path is not None and earlier is not None and earlier[: len(path)] == path


def _line(sentence: str) -> int:
    for part in sentence.split(":"):
        if part.isdecimal():
            return int(part)
    return 0
