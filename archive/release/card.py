"""README.md of a release: the data card, with the method in it."""

from collections.abc import Iterable, Mapping

from slugify import slugify

from archive.corpus import Settings
from archive.release.columns import IDS, TABLES, description
from archive.release.facts import Counts, Facts, OutletFacts
from archive.release.papers import plain, yaml
from archive.release.selection import Selection
from archive.release.sqlite import EMPTY, MATCH_COUNTS
from archive.schema import DESCRIPTIONS

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))

_INTERNAL = """> **Internal: not for publication.** This release carries all text, also where the rights do
> not allow it to be passed on. `rights.csv` says which."""
_DENOMINATORS = """Listed: addresses that the outlet's feeds, sitemaps and listings announced, or the crawl
asked for. Fetched: an answer is on record. Read: there was an article in it. Kept: a topic takes it, or the
corpus has no topics. These four count the whole corpus; the rest counts this release."""
_RULE = """A text is in a public release only where the operator has the outlet's agreement, or the page
names an open licence and nothing that was said then or since speaks against it (robots.txt, meta robots,
X-Robots-Tag, TDMRep). Unknown means no. Standfirsts, captions, the words of links and the words that met a
topic count as text."""
_SQLITE = """### corpus.sqlite

The release as one database with a search index, as the reading room serves it. Text that may not travel is
not in it, nor in its index."""
_REST = """### The rest

- `manifest.json`: rows, bytes and digest of each file, and the ids that earlier releases held.
- `SHA256SUMS`: check with `sha256sum -c SHA256SUMS`.
- `rights.csv`: what was said about use, per outlet, with a record that proves it. A cell that a spreadsheet
  would take for a formula begins with an apostrophe.
- `LICENSE.md`, `CITATION.cff`, `CHANGES.md`."""
_TAKEN_DOWN = """- `takedowns.csv`: articles that were taken down, with date and reason. Whoever holds an earlier
  release should delete them from it."""
_READING = """## Reading it

With `{name}` as the folder of this release:

```python
import pandas as pd
articles = pd.read_parquet("{name}/data/articles")
with_text = pd.read_json("{name}/data/articles.jsonl.zst", lines=True)

import duckdb
duckdb.sql("SELECT outlet, count(*) FROM '{name}/data/articles/*.parquet' GROUP BY outlet")
duckdb.sql("SELECT title FROM '{name}/data/articles/*.parquet' WHERE list_contains(topics, 'ID')")

from datasets import load_dataset
articles = load_dataset("{name}", "articles", split="train")

import sqlite3
database = sqlite3.connect("{name}/corpus.sqlite")
database.execute("SELECT title, outlet FROM articles ORDER BY published_at").fetchall()
```

The database opens in Datasette as it is: `datasette {name}/corpus.sqlite`."""
_READING_IDS = """## Reading it

```python
import pandas as pd
ids = pd.read_parquet("{name}/hydrate/ids.parquet")
```"""


def name_of(settings: Settings, selection: Selection) -> str:
    """The release's own name: what it is, and what it carries."""
    return f"{slugify(settings.title, max_length=80, word_boundary=True) or 'corpus'}-{selection.rights}"


def card(
    settings: Settings,
    selection: Selection,
    facts: Facts,
    left_out: Mapping[str, int],
    *,
    rows: Mapping[str, int],
    created: str | None,
) -> str:
    """README.md, in Markdown with the front matter that dataset hubs read. `rows`: how many each file holds."""
    reading = _READING_IDS if selection.rights == "ids" else _READING
    parts = [
        _front_matter(settings, selection, facts, rows),
        f"# {plain(settings.title)}",
        _INTERNAL if selection.rights == "internal" else "",
        plain(settings.description),
        _in_short(settings, selection, facts, left_out, created),
        *_method(selection, facts),
        *_columns(selection, rows),
        reading.format(name=name_of(settings, selection)),
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _front_matter(settings: Settings, selection: Selection, facts: Facts, rows: Mapping[str, int]) -> str:
    lines = ["---", f"pretty_name: {yaml(settings.title)}"]
    lines += ["license: other", "license_name: see-license-md", "license_link: LICENSE.md"]
    languages = sorted(name for name, _ in facts.languages if name != "unknown")
    if languages:
        lines += ["language:", *(f"- {yaml(each)}" for each in languages)]
    size = next((name for limit, name in SIZES if facts.articles < limit), "n>1M")
    lines += ["size_categories:", f"- {size}", "tags:", "- newspapers", "- web-archive", "configs:"]
    if selection.rights == "ids":
        lines += ["- config_name: ids", "  data_files: hydrate/ids.parquet"]
    for table in TABLES:
        # `datasets` refuses a configuration whose files have no rows.
        if any(count for name, count in rows.items() if name.startswith(f"data/{table}/")):
            lines += [f"- config_name: {table}", f"  data_files: data/{table}/*.parquet"]
            lines += ["  default: true"] if table == "articles" else []
    return "\n".join([*lines, "---"])


def _in_short(
    settings: Settings, selection: Selection, facts: Facts, left_out: Mapping[str, int], created: str | None
) -> str:
    chosen = [f"published from {selection.since}"] if selection.since else []
    chosen += [f"published until {selection.until}"] if selection.until else []
    chosen += [f"topic {selection.topic}"] if selection.topic else []
    undated = f", {facts.undated} without a date" if facts.undated else ""
    lines = {
        "Articles": f"{facts.articles}, of these {facts.with_text} with text",
        "Published": f"{facts.first or 'unknown'} to {facts.last or 'unknown'}{undated}",
        "Languages": _counted(facts.languages),
        "Access": _counted(facts.access),
        "Whole text in the page": _counted(facts.complete),
        "Selection": ", ".join(chosen) or "every article in view",
        "Left out": ", ".join(f"{count} {why}" for why, count in left_out.items()) or "nothing",
        "Rights": selection.rights,
        "Newest capture": facts.as_of,
        "Compiled by": settings.operator or "unknown",
        "Contact": settings.contact or "unknown",
        "Made": created or "not stated",
    }
    return _table(("", ""), ((name, plain(value)) for name, value in lines.items()))


def _method(selection: Selection, facts: Facts) -> list[str]:
    parts = ["## Method", _runs(facts), "### What was listed, and what came of it", _DENOMINATORS]
    parts.append(_outlets(facts.outlets))
    parts.append(f"How the listed addresses ended: {_counted(facts.leads)}." if facts.leads else "")
    parts += ["### Gaps", _gaps(facts)]
    if facts.topics:
        parts.append("### Topics\n\nThe files are in `topics/`; a version is a digest of the file.")
        parts.append(
            _table(
                ("topic", "title", "version", "window", "articles"),
                (
                    (
                        plain(each.id),
                        plain(each.title),
                        plain(each.version[:16]),
                        f"{each.window[0] or 'open'} to {each.window[1] or 'open'}",
                        each.articles,
                    )
                    for each in facts.topics
                ),
            )
        )
    parts += ["### Whose text travels, and why", _RULE]
    if selection.rights != "ids":
        parts.append(_table(("text_status", "text_reason", "articles"), facts.reasons))
    return parts


def _runs(facts: Facts) -> str:
    if not facts.runs:
        return "The corpus has no record of its runs: its captures were imported."
    said = f"{facts.runs} runs between {facts.runs_first} and {facts.runs_last}"
    said += f"; {facts.runs_unfinished} did not come to their end." if facts.runs_unfinished else "."
    said += f" Software: {', '.join(map(plain, facts.software)) or 'unknown'}."
    return said + f" User agent: {', '.join(map(plain, facts.user_agents)) or 'unknown'}."


def _outlets(outlets: Iterable[OutletFacts]) -> str:
    return _table(
        ("outlet", "listed", "fetched", "read", "kept", "here", "with text", "first", "last"),
        (
            (
                plain(each.title),
                *(each.listed, each.fetched, each.read, each.kept, each.here, each.with_text),
                each.first or "",
                each.last or "",
            )
            for each in outlets
        ),
    )


def _gaps(facts: Facts) -> str:
    lines = []
    if facts.pause:
        days, since, until = facts.pause
        lines.append(f"- The longest time without a run: {days} days, from {since} to {until}.")
    for each in facts.outlets:
        if each.without:
            spans = (f"{first} to {last}" if first != last else first for first, last in each.without)
            lines.append(f"- {plain(each.title)}: no article here from {', '.join(spans)}.")
    silent = [plain(each.title) for each in facts.outlets if not each.here]
    lines += [f"- No article at all here: {', '.join(silent)}."] if silent else []
    return "\n".join(lines) or "None of a day or more between runs, and no month without an article."


def _columns(selection: Selection, rows: Mapping[str, int]) -> list[str]:
    tables = {} if selection.rights == "ids" else {f"data/{name}/": table for name, table in TABLES.items()}
    tables["hydrate/ids.parquet"] = (IDS, "what is needed to fetch each article again")
    parts = ["## Files and columns", "Times are UTC; null means unknown or, for text, withheld."]
    for place, (schema, says) in tables.items():
        count = sum(n for name, n in rows.items() if name.startswith(place))
        parts.append(f"### {place}\n\n{says[0].upper()}{says[1:]}. Rows: {count}.")
        fields = ((f"`{each.name}`", f"`{each.type}`", description(each)) for each in schema)
        parts.append(_table(("column", "type", ""), fields))
    if selection.rights != "ids":
        count = rows["data/articles.jsonl.zst"]
        parts.append(
            "### data/articles.jsonl.zst\n\nThe articles that carry text, with the same columns,"
            f" one JSON object per line. Rows: {count}."
        )
        known = {name: says for name, says in DESCRIPTIONS.items() if name not in EMPTY}
        known["match_counts"] = MATCH_COUNTS
        parts += [_SQLITE, _table(("table", ""), ((f"`{name}`", says) for name, says in known.items()))]
    return [*parts, f"{_REST}\n{_TAKEN_DOWN}" if "takedowns.csv" in rows else _REST]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str | int, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _counted(counts: Counts) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts)
