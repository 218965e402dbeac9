"""The papers that travel with the data: CITATION.cff, LICENSE.md, CHANGES.md, the topic files, what is CSV."""

import csv
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from slugify import slugify

from archive.corpus import Settings
from archive.release.facts import Facts
from archive.release.folder import Earlier, Held

# OWASP, "CSV injection": cells that a spreadsheet takes for a formula. The wide forms are read as the narrow.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_UNSAFE_IN_YAML = {ord(char): f"\\u{ord(char):04x}" for char in "\x7f\x85\u2028\u2029\ufeff"}

# What was said about use, as in the table `rights`.
_SAID = (
    "robots",
    "robots_rule",
    "robots_meta",
    "x_robots_tag",
    "tdm_reservation",
    "tdm_policy",
    "tdm_source",
)
_RIGHTS = f"""
WITH said AS (
    SELECT a.outlet, a.text_status, a.text_reason, coalesce(r.licence, a.licence) AS licence,
        {", ".join(f"r.{name}" for name in _SAID)}, c.fetched_at, c.id, c.record_id,
        c.warc_file, c.warc_offset
    FROM out_articles a
        LEFT JOIN main.captures c ON c.id = a.capture_id
        LEFT JOIN main.rights r ON r.capture_id = a.capture_id
), ranked AS (
    SELECT *, row_number() OVER (same ORDER BY fetched_at, id) AS rank, count(*) OVER same AS articles,
        min(fetched_at) OVER same AS first_captured, max(fetched_at) OVER same AS last_captured
    FROM said
    WINDOW same AS (PARTITION BY outlet, text_status, text_reason, licence, {", ".join(_SAID)})
)
SELECT outlet, articles, text_status, text_reason, licence, {", ".join(_SAID)}, first_captured, last_captured,
    record_id, warc_file, warc_offset
FROM ranked WHERE rank = 1
ORDER BY outlet, text_status, text_reason, licence, {", ".join(_SAID)}
"""


def yaml(value: str) -> str:
    """A string as a double-quoted scalar of YAML 1.2, whatever is in it."""
    return json.dumps(value, ensure_ascii=False).translate(_UNSAFE_IN_YAML)


def formula_safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula: a leading apostrophe where it would."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def write_rights(connection: sqlite3.Connection, path: Path) -> int:
    """rights.csv: per outlet, each set of things said about use, the decision, and a record that proves it.

    Gives the number of rows.
    """
    return _write_csv(connection.execute(_RIGHTS), path)


def write_takedowns(connection: sqlite3.Connection, path: Path) -> tuple[int, dict[str, str]]:
    """takedowns.csv: what was taken down and may stand in earlier releases; no file where there is nothing.

    Gives the number of rows, and by article's id when and why.
    """
    columns = "article_id, url, outlet, at AS taken_down_at, reason"
    order = "ORDER BY at, article_id, url"
    known = {
        row[0]: f"taken down on {row[1][:10]}: {row[2]}"
        for row in connection.execute(f"SELECT article_id, at, reason FROM out_takedowns {order}")
    }
    if not known:
        return 0, {}
    return _write_csv(connection.execute(f"SELECT {columns} FROM out_takedowns {order}"), path), known


def _write_csv(cursor: sqlite3.Cursor, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")  # RFC 4180
        writer.writerow(each[0] for each in cursor.description)
        for row in cursor:
            writer.writerow(formula_safe(each) for each in row)
            count += 1
    return count


_MESSAGE = "If you use this dataset, please cite it as below, and the newspapers by their own names."


def citation(settings: Settings, facts: Facts, created: str | None, digest: str) -> str:
    """CITATION.cff, in the Citation File Format 1.2.0."""
    operator = settings.operator or f"The operator of {settings.title}"
    lines = [
        "cff-version: 1.2.0",
        "type: dataset",
        f"message: {yaml(_MESSAGE)}",
        f"title: {yaml(settings.title)}",
        "authors:",
        f"  - name: {yaml(operator)}",
        f"version: {yaml(digest[:12])}",
    ]
    if created:
        lines.append(f"date-released: {created[:10]}")
    if settings.description:
        lines.append(f"abstract: {yaml(settings.description)}")
    if settings.contact and settings.contact.startswith(("http://", "https://")):
        lines.append(f"url: {yaml(settings.contact)}")
    lines.append("keywords:")
    words = ["newspapers", "web archive", *(topic.title for topic in facts.topics)]
    lines.extend(f"  - {yaml(word)}" for word in dict.fromkeys(words))
    return "\n".join(lines) + "\n"


_INTERNAL = """**Internal.** This release carries texts that nobody has allowed to be passed on. Keep it in
your house; make what you publish with `hemeroteca export --rights public`.
"""
_NOTES = """The articles belong to their newspapers and authors. This release grants no right to them.

- **Titles, dates, bylines, addresses, digests and figures** are facts about publications. The compiler has
  stated no licence for the compilation: ask, if your law knows a right in databases.
- **Texts** are in it only where the column `text_reason` says why. Follow the licence in the column
  `licence` of each row, and name author, newspaper and address.
- **Reservations** against text and data mining, as seen at each capture, are in `rights.csv`. They bind you
  as they bind us.
"""


def licence_notes(facts: Facts, rights: str) -> str:
    """LICENSE.md: what may be done with which part."""
    parts = ["# What may be done with this\n"]
    if rights == "internal":
        parts.append(_INTERNAL)
    parts.append(_NOTES)
    included = [(reason, count) for status, reason, count in facts.reasons if status == "included"]
    if included:
        lines = "".join(f"| {count} | {reason} |\n" for reason, count in included)
        parts.append(f"| texts | because |\n|---:|---|\n{lines}")
    return "\n".join(parts)


def changes(
    earlier: Earlier | None, held: Held, digest: str, created: str | None, taken_down: Mapping[str, str]
) -> str:
    """CHANGES.md: one part per release at this place, newest first; unchanged where the data are the same.

    `taken_down`: by article's id when and why.
    """
    if earlier and earlier.data_digest == digest and earlier.changes:
        return earlier.changes
    head = f"## {created[:10] + ', ' if created else ''}data {digest[:12]}"
    if earlier is None:
        return f"# Changes\n\n{head}\n\nFirst release here: {len(held)} articles.\n"
    new = len(held.keys() - earlier.held.keys())
    gone = sorted(earlier.held.keys() - held.keys())
    revised = sum(1 for name, value in held.items() if name in earlier.held and earlier.held[name] != value)
    part = f"{head}\n\n{len(held)} articles: {new} new, {revised} revised, {len(gone)} no longer in it.\n"
    if gone:
        why = {name: f", {plain(taken_down[name])}" for name in gone if name in taken_down}
        part += "\n" + "".join(f"- gone: `{name}`{why.get(name, '')}\n" for name in gone)
    before = earlier.changes.removeprefix("# Changes").strip()
    return f"# Changes\n\n{part}" + (f"\n{before}\n" if before else "")


def plain(value: str) -> str:
    """One line of text in which Markdown and HTML have no say."""
    line = " ".join(value.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#" else char for char in line)


def write_topics(facts: Facts, folder: Path) -> None:
    """The topic files as they were in force: topics/ID.toml."""
    for topic in facts.topics:
        if topic.toml:
            folder.mkdir(exist_ok=True)
            name = slugify(topic.id, max_length=100) or "topic"
            (folder / f"{name}.toml").write_text(topic.toml, encoding="utf-8", newline="\n")
