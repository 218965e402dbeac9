"""`hemeroteca topic test`."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from rich.markup import escape
from rich.progress import MofNCompleteColumn
from rich.table import Table
from sqlite_utils import Database

from archive.errors import UsageError
from archive.judging import topic_in_force
from archive.matching import failing_examples
from archive.topics import Term, Topic, load_topic, parse_topic
from archive.tuning.in_force import version_of
from archive.tuning.leads import refused_leads
from archive.tuning.named import corpus_at, database_to_look_in, topic_file
from archive.tuning.trial import Change, LeadChange, Trial, rejected_leads, tried
from crawler.second_thoughts import fetched_for, watched
from crawler.verbs import bars, corpus_option, json_option, plain, printed


@click.command("test", short_help="try a topic on its examples, the corpus and the refused leads; nothing is written")
@click.argument("name", metavar="TOPIC")
@corpus_option
@click.option("--against", metavar="VERSION|FILE", help="What to compare with.  [default: the version in force]")
@click.option("--show", type=click.IntRange(min=0), default=20, show_default=True, help="At most so many rows a table.")
@json_option
def command(name: str, folder: Path, against: str | None, show: int, as_json: bool) -> None:
    """Try a topic: first on its own examples, then on every article of the corpus, against the version in force: what
    stays, what is gained, what is lost, with the score and the term that decides; then on the leads that were refused.
    A last table names the terms on which matches hang: left out, they would take these along.

    Nothing is written. What people said of an article stands whatever the topic says, and is left out of account here.
    Ends with 1 where an example fails.

    \b
    Examples:
        hemeroteca topic test niger-coup-2023
        hemeroteca topic test draft.toml --against topics/niger-coup-2023.toml
        hemeroteca topic test niger-coup-2023 --against 3f2a90 --json
    """
    corpus = corpus_at(folder)
    topic = load_topic(topic_file(corpus, name))
    failing = failing_examples(topic)
    if not as_json:
        right = len(topic.examples) - len(failing)
        click.echo(f"{topic.title}, version {topic.short_version}")
        click.echo(f"examples: {right} right, {len(failing)} wrong")
        for example, result in failing:
            due = "must match" if example.match else "must not match"
            said = plain(example.title or example.text or example.standfirst)[:70]
            click.echo(f"  line {example.line}, {due}: {said} ({result.reason}, score {result.score:g})")
    values: dict[str, Any] = {
        "topic": topic.id,
        "version": topic.version,
        "examples": {
            "right": len(topic.examples) - len(failing),
            "wrong": [
                {"line": each.line, "match": each.match, "score": result.score, "reason": result.reason}
                for each, result in failing
            ],
        },
    }
    if corpus is None:
        if not as_json:
            click.echo("no corpus is here to try it on: name one with --corpus DIR")
    else:
        with closing(database_to_look_in(corpus)) as db, bars(MofNCompleteColumn(), quiet=as_json) as shown:
            other = _other(db, topic, against)
            task = shown.add_task("trying", total=None)
            trial = tried(db.conn, topic, other, lambda done, total: shown.update(task, completed=done, total=total))
            leads = fetched_for(corpus, db, watched(corpus), topic, rejected_leads(refused_leads(db), topic))
        if as_json:
            values |= _values(trial, leads, other)
        else:
            _tell(trial, leads, other, show)
    if as_json:
        click.echo(json.dumps(values, ensure_ascii=False))
    raise click.exceptions.Exit(1 if failing else 0)


def _other(db: Database, topic: Topic, against: str | None) -> Topic | None:
    """What to compare with; None where no version is in force."""
    if against is None:
        return topic_in_force(db, topic.id)
    if against.endswith(".toml") or "/" in against:
        if not Path(against).is_file():
            raise UsageError(f"there is no file {against}: name a topic file, or a version of {topic.id}")
        return load_topic(Path(against))
    version = version_of(db, topic.id, against)
    toml = db.execute("SELECT toml FROM topics WHERE id = ? AND version = ?", [topic.id, version]).fetchone()[0]
    return parse_topic(toml, f"{topic.id} {version[:12]}", topic.id)


def _tell(trial: Trial, leads: list[LeadChange], other: Topic | None, show: int) -> None:
    versus = f"against version {other.short_version}" if other else "no version is in force"
    click.echo(
        f"articles, {versus}: {trial.kept} kept, {len(trial.gained)} gained, {len(trial.lost)} lost;"
        f" {trial.maybe} more meet the rule below min_score"
    )
    _changes("gained", trial.gained, show)
    _changes("lost", trial.lost, show)
    click.echo(f"refused leads that would be fetched: {len(leads)}")
    if leads and show:
        table = _table("lead", "outlet", "why", "title")
        for lead, why in leads[:show]:
            table.add_row(*map(escape, (lead.url, lead.outlet, why, plain(lead.title or ""))))
        printed(table)
    click.echo(f"matches that hang on one term: {trial.alone} of {trial.taken}")
    if trial.hanging and show:
        table = _table("term", "concept", "matches", "such as")
        for term, number in trial.hanging.most_common(show):
            such = trial.examples[term]
            table.add_row(escape(term.text), escape(term.concept), str(number), escape(plain(such.title or such.id)))
        printed(table)


def _changes(what: str, changes: list[Change], show: int) -> None:
    if not changes or not show:
        return
    table = _table(what, "published", "score", "term", "the other version", "title")
    for each in changes[:show]:
        article = each.article
        term = _term(each.term) or "none"
        row = (article.id, str(article.day or "unknown"), f"{each.score:g}", term, each.why, plain(article.title))
        table.add_row(*map(escape, row))
    printed(table)
    if len(changes) > show:
        click.echo(f"and {len(changes) - show} more: --show {len(changes)}")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _term(term: Term | None) -> str | None:
    return f"{term.concept}: {term.text}" if term else None


def _values(trial: Trial, leads: list[LeadChange], other: Topic | None) -> dict[str, Any]:
    return {
        "against": other.version if other else None,
        "kept": trial.kept,
        "maybe": trial.maybe,
        "gained": list(map(_change, trial.gained)),
        "lost": list(map(_change, trial.lost)),
        "leads": [{"url": lead.url, "outlet": lead.outlet, "title": lead.title, "why": why} for lead, why in leads],
        "hanging": {
            "matches": trial.alone,
            "terms": [
                {"concept": term.concept, "term": term.text, "language": term.language, "matches": number}
                for term, number in trial.hanging.most_common()
            ],
        },
    }


def _change(each: Change) -> dict[str, Any]:
    article = each.article
    return {
        "article": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "published": str(article.day) if article.day else None,
        "score": each.score,
        "term": _term(each.term),
        "why": each.why,
    }
