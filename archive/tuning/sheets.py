"""Samples and verdicts as files: CSV for a spreadsheet, JSON lines for programs.

A sample has the columns `article`, `verdict` (empty), `topic_version`, `stratum`, `weight` and, for whoever judges,
`title`, `outlet`, `published`, `url`, `text`. Of a file of verdicts `article` (an id or an address) and `verdict` must
be there; `by`, `topic_version`, `stratum` and `weight` are read where they are.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.errors import UsageError
from archive.readingroom.formulas import safe
from archive.tuning.sample import Drawn, Stratum
from archive.tuning.verdicts import Verdict

COLUMNS = (
    *("article", "verdict", "topic_version", "stratum", "weight"),
    *("title", "outlet", "published", "url", "text"),
)
LEAD = 600  # characters of the text in a sample
_VERSION = re.compile("[0-9a-f]{64}")
_WORDS = {
    **dict.fromkeys(("yes", "y", "1", "true"), "yes"),
    **dict.fromkeys(("no", "n", "0", "false"), "no"),
    **dict.fromkeys(("unsure", "?"), "unsure"),
}


@dataclass(frozen=True, slots=True)
class Read:
    """`verdicts` with the line of each; `bad`: line and what is wrong with it; `blank`: lines without a verdict."""

    verdicts: list[tuple[int, Verdict]]
    bad: list[tuple[int, str]]
    blank: int


def is_sheet(path: Path) -> bool:
    """Whether the file's name says that it is CSV or JSON lines."""
    return path.suffix.lower() in (".csv", ".jsonl")


def rows_of(db: Database, topic_version: str, drawn: Iterable[Drawn]) -> list[dict[str, Any]]:
    """The rows of a sample, in its order."""
    found = []
    for each in drawn:
        row = db.execute(
            "SELECT title, outlet, coalesce(published_at, published_day), url, trim(coalesce(standfirst, '') || ' ' ||"
            f" coalesce(substr(text, 1, {LEAD}), '')) FROM articles WHERE id = ?",
            [each.article_id],
        ).fetchone()
        values = (each.article_id, "", topic_version, each.stratum.value, each.weight, *row)
        found.append(dict(zip(COLUMNS, values, strict=True)))
    return found


def written(path: Path, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows as the bytes of a file of that name. Raises UsageError for a name that says neither format."""
    if path.suffix.lower() == ".jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    _need_sheet(path)
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")  # RFC 4180
    table.writeheader()
    table.writerows(rows)
    return safe(text.getvalue().encode())


def read(path: Path) -> Read:
    """The verdicts in a file. A line that is none is told and the others are taken. Raises UsageError where the file
    is no list of verdicts at all."""
    _need_sheet(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: save it as UTF-8") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): name another file") from error
    result = Read([], [], 0)
    blank = 0
    for line, row in _json_lines(text, result.bad) if path.suffix.lower() == ".jsonl" else _csv_rows(path, text):
        if not str(row.get("verdict") or "").strip():
            blank += 1
            continue
        try:
            result.verdicts.append((line, _verdict(row)))
        except ValueError as fault:
            result.bad.append((line, str(fault)))
    return Read(result.verdicts, sorted(result.bad), blank)


def _need_sheet(path: Path) -> None:
    if not is_sheet(path):
        raise UsageError(f"{path} must end in .csv or .jsonl, which says how it is written")


def _csv_rows(path: Path, text: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
    first = text.partition("\n")[0]
    # Spreadsheets of countries with a decimal comma part cells by semicolons
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    missing = [name for name in ("article", "verdict") if name not in (table.fieldnames or ())]
    if missing:
        raise UsageError(f"{path}:1: the column {missing[0]!r} is missing: the first line names the columns")
    while True:
        try:
            row = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            raise UsageError(f"{path}:{table.line_num}: not CSV ({error}): mend this line") from error
        yield table.line_num, row


def _json_lines(text: str, bad: list[tuple[int, str]]) -> Iterable[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if isinstance(row, dict):
            yield number, row
        else:
            bad.append((number, "it is no JSON object"))


def _verdict(row: Mapping[str, Any]) -> Verdict:
    article = str(row.get("article") or "").strip()
    if not article:
        raise ValueError("it names no article")
    said = str(row["verdict"]).strip().lower()
    if said not in _WORDS:
        raise ValueError(f"the verdict {said[:40]!r} is neither yes, no nor unsure")
    stratum = str(row.get("stratum") or "").strip() or None
    if stratum is not None and stratum not in list(Stratum):
        raise ValueError(f"the stratum {stratum[:40]!r} is none of {', '.join(Stratum)}")
    weight = row.get("weight")
    if weight in (None, ""):
        number = None
    else:
        try:
            number = float(str(weight).replace(",", "."))
        except ValueError:
            number = 0.0
        if not 0 < number < float("inf"):
            raise ValueError(f"the weight {str(weight)[:40]!r} is no number above 0")
    version = str(row.get("topic_version") or "").strip().lower() or None
    if version is not None and not _VERSION.fullmatch(version):
        raise ValueError(f"the topic_version {version[:40]!r} is none: it has 64 digits and letters a to f")
    by = " ".join(str(row.get("by") or "").split()) or None
    return Verdict(article, _WORDS[said], by, stratum, number, version)
