"""`hemeroteca topic check`."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.table import Table
from sqlite_utils import Database

from archive.errors import UsageError
from archive.topics import Term, Topic
from archive.tuning.faults import read_topic
from archive.tuning.in_force import waiting
from archive.tuning.lint import Finding, looked_at
from archive.tuning.met import Frequency, frequencies, in_corpus
from archive.tuning.named import corpus_at, database_to_look_in, files_of, topic_file
from crawler.verbs import corpus_option, json_option, plain, printed

ROWS = 300  # of the table of terms: who has more of them reads it by machine


@dataclass(slots=True)
class Checked:
    """One file; `topic` is None where it has errors."""

    path: Path
    topic: Topic | None
    errors: list[str]
    findings: list[Finding] = field(default_factory=list)
    counted: list[Frequency] | None = None


@click.command("check", short_help="say what is wrong with a topic file, and what is odd about it")
@click.argument("names", metavar="[TOPIC]...", nargs=-1)
@corpus_option
@click.option("--strict", is_flag=True, help="End with 1 where there are warnings.")
@json_option
def command(names: tuple[str, ...], folder: Path, strict: bool, as_json: bool) -> None:
    """Check topics: all errors of the file; prefixes that are too short, terms that add nothing to others or that hold
    signs without power, masks that hide nothing or too much, scores that nothing reaches, examples that fail. With a
    corpus also how many articles each term is in, which words a prefix catches, terms that are never met, outlets that
    it does not have, and seeds that do not match. Without names: every topic of the corpus.

    Ends with 0 where there are no errors, with 2 where there are; with --strict and warnings alone with 1.

    \b
    Examples:
        hemeroteca topic check
        hemeroteca topic check draft.toml --strict
    """
    corpus = corpus_at(folder)
    paths = [topic_file(corpus, name) for name in names]
    if not names:
        paths = files_of(corpus) if corpus else []
        if not paths:
            raise UsageError("there is no topic to check: name a file, or a corpus with --corpus DIR")
    checked = [Checked(path, *read_topic(path)) for path in paths]
    db = database_to_look_in(corpus) if corpus and corpus.database_file.is_file() else None
    for each in checked:
        if each.topic is not None:
            _look(each, each.topic, db, of_corpus=corpus is not None and each.path in files_of(corpus))
    _say_twice(checked)
    if db is not None:
        db.close()
    if as_json:
        click.echo(json.dumps({"topics": [_values(each) for each in checked]}, ensure_ascii=False))
    else:
        for each in checked:
            _tell(each)
    if any(each.errors for each in checked):
        raise click.exceptions.Exit(2)
    warned = any(finding.level == "warning" for each in checked for finding in each.findings)
    raise click.exceptions.Exit(1 if strict and warned else 0)


def _look(each: Checked, topic: Topic, db: Database | None, *, of_corpus: bool) -> None:
    name = str(each.path)
    each.findings += looked_at(topic, name)
    if db is not None:
        each.counted = frequencies(topic, db.conn)
        each.findings += in_corpus(topic, name, db.conn, each.counted)
        if of_corpus and waiting(db, [topic]):
            says = f"this version has not decided on every article: run `hemeroteca topic apply {topic.id}`"
            each.findings.append(Finding("note", "not_in_force", 0, says))
    each.findings.sort(key=lambda finding: finding.line)


def _say_twice(checked: list[Checked]) -> None:
    """Two files with one id would take turns."""
    known: dict[str, Path] = {}
    for each in checked:
        if each.topic is None:
            continue
        if (other := known.setdefault(each.topic.id, each.path)) != each.path:
            each.errors.append(f"{each.path}:1: 'id' is {each.topic.id!r} in {other} too: give one of them another")


def _tell(each: Checked) -> None:
    topic = each.topic
    title = f" {plain(topic.title)}, version {topic.short_version}" if topic else ""
    click.echo(f"{each.path}:{title}")
    for error in each.errors:
        click.echo(f"  error    {error}")
    for finding in each.findings:
        place = f"{each.path}:{finding.line}: " if finding.line else ""
        click.echo(f"  {finding.level:<8} {place}{finding.says}")
    if each.counted:
        told = [row for row in each.counted if row.articles or isinstance(row.written, Term)]
        table = Table(box=None, pad_edge=False)
        for column in ("concept", "language", "term", "articles", "catches"):
            table.add_column(column, overflow="fold", justify="right" if column == "articles" else "left")
        for row in told[:ROWS]:
            written = row.written
            caught = ", ".join(f"{word} {number}" for word, number in row.catches)
            more = f" and {row.words - len(row.catches)} words more" if row.words > len(row.catches) else ""
            kind = (written.concept, written.language) if isinstance(written, Term) else (written.concept or "", "mask")
            table.add_row(*map(escape, kind), escape(written.text), str(row.articles), escape(caught + more))
        printed(table)
        if len(told) > ROWS:
            click.echo(f"and {len(told) - ROWS} terms and masks more: --json lists all")
        if idle := len(each.counted) - len(told):
            click.echo(f"masks that occur in no article are left out: {idle}; --json lists all")
    if not each.errors and not each.findings:
        click.echo("  nothing to find fault with")


def _values(each: Checked) -> dict[str, Any]:
    return {
        "id": each.topic.id if each.topic else None,
        "file": str(each.path),
        "version": each.topic.version if each.topic else None,
        "errors": each.errors,
        "findings": [
            {"level": found.level, "code": found.code, "line": found.line or None, "says": found.says}
            for found in each.findings
        ],
        "terms": None
        if each.counted is None
        else [
            {
                "concept": row.written.concept,
                "language": row.written.language if isinstance(row.written, Term) else None,
                "term": row.written.text,
                "masks": not isinstance(row.written, Term),
                "articles": row.articles,
                "words": row.words,
                "catches": [{"word": word, "articles": number} for word, number in row.catches],
            }
            for row in each.counted
        ],
    }
