"""`hemeroteca topic explain`."""

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.terms import COLUMNS
from archive.topics import load_topic
from archive.tuning.explanation import Explanation, Mention, explained
from archive.tuning.named import article_named, files_of, topic_file
from crawler.verbs import corpus_option, json_option, plain


@click.command("explain", short_help="say why an article is in a topic, or is not")
@click.argument("article", metavar="ARTICLE")
@click.option("--topic", "name", metavar="TOPIC", help="A topic by id or file.  [default: all of the corpus]")
@corpus_option
@json_option
def command(article: str, name: str | None, folder: Path, as_json: bool) -> None:
    """Say what topics make of an article, named by its id or an address: the concepts that were found and those that
    are missing, every mention in its context with field and characters, mentions that a masked phrase hides, the score
    as a sum, the window, and what people said.

    \b
    Examples:
        hemeroteca topic explain mediapart-2023-08-04-niger
        hemeroteca topic explain https://gazette.example/ferry --topic draft.toml
    """
    corpus = Corpus(folder)
    if not corpus.database_file.is_file():
        raise UsageError(f"{corpus.folder} has no corpus.db yet: run `hemeroteca crawl` or `hemeroteca rebuild` first")
    paths = [topic_file(corpus, name)] if name else files_of(corpus)
    if not paths:
        raise UsageError(f"{corpus.folder / 'topics'} holds no topic: name a file with --topic FILE")
    with closing(corpus.database()) as db:
        article_id = article_named(db, article)
        found = [each for path in paths if (each := explained(db, load_topic(path), article_id)) is not None]
        title = db.execute("SELECT title FROM articles WHERE id = ?", [article_id]).fetchone()[0]
    if as_json:
        values = {"article": article_id, "title": title, "topics": list(map(_values, found))}
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    click.echo(f"{article_id}: {plain(title or 'without a title')}")
    for each in found:
        for line in _told(each):
            click.echo(line)


def _told(each: Explanation) -> list[str]:
    topic, match = each.topic, each.match
    lines = ["", f"{topic.id}, version {topic.short_version}: {match.decision} ({match.reason})"]
    if each.row is None:
        lines.append("  not in force in this corpus: this is what it would say")
    elif each.row["decision"] != match.decision or each.row["topic_version"] != topic.version:
        said = f"{each.row['decision']} ({each.row['reason']}), version {each.row['topic_version'][:12]}"
        lines.append(f"  in force: {said}")
    lines += [
        f"  a person said on {said.at[:10]}: {said.verdict}{f' ({said.by})' if said.by else ''}"
        for said in each.verdicts
    ]
    lines.append(f"  rule: {_rule(each)}")
    start, end = topic.window_from, topic.window_to
    if start or end:
        lines.append(f"  window: {start or '…'} to {end or '…'}")
    lines += [f"  {mention.concept}: {_placed(mention)}" for mention in each.mentions]
    lines += [f"  {mention.concept}: hidden by {mention.hidden_by!r}: {_placed(mention)}" for mention in each.hidden]
    lines.append(f"  score: {_sum(each)}")
    return lines


def _rule(each: Explanation) -> str:
    topic = each.topic
    if topic.raw is not None:
        return f"[raw] {topic.raw}"
    parts = [f"{name} {'missing' if name in each.missing else 'found'}" for name in topic.require]
    return " and ".join(parts) + (f", within {topic.near} words" if topic.near else "")


def _placed(mention: Mention) -> str:
    term = f"{mention.term} ({mention.language}), {mention.field} {mention.start} to {mention.end}"
    return f"{term}: {plain(mention.before, ends=True)}[{plain(mention.words)}]{plain(mention.after, ends=True)}"


def _sum(each: Explanation) -> str:
    """The score as arithmetic: weight × mentions, those over the cap left out."""
    if not each.sums:
        return f"{each.match.score:g}, no mention counts"
    parts = []
    for point in each.sums:
        over = f" of {point.mentions}" if point.mentions > point.counted else ""
        parts.append(f"{point.weight:g} × {point.counted}{over} {point.term.text} in {COLUMNS[point.column]}")
    least = each.topic.min_score
    sign = "≥" if each.match.score >= least else "<"
    whole = " + ".join(parts)
    if factor := _factor(each):
        whole = f"({whole}) × {factor:.2f} for its length"
    return f"{whole} = {each.match.score:g} {sign} {least:g}"


def _factor(each: Explanation) -> float | None:
    """What the sum is multiplied by; None where length does not matter."""
    total = sum(point.sum for point in each.sums)
    return each.match.score / total if each.topic.weights.per_words and total else None


def _values(each: Explanation) -> dict[str, Any]:
    topic, match = each.topic, each.match
    return {
        "topic": topic.id,
        "version": topic.version,
        "decision": match.decision,
        "reason": match.reason,
        "score": match.score,
        "min_score": topic.min_score,
        "in_force": each.row,
        "require": list(topic.require),
        "missing": list(each.missing),
        "near": topic.near,
        "raw": topic.raw,
        "window": {
            "from": topic.window_from and str(topic.window_from),
            "to": topic.window_to and str(topic.window_to),
        },
        "mentions": [asdict(mention) for mention in each.mentions],
        "hidden": [asdict(mention) for mention in each.hidden],
        "sum": [
            {
                "field": COLUMNS[point.column],
                "concept": point.term.concept,
                "term": point.term.text,
                "mentions": point.mentions,
                "counted": point.counted,
                "weight": point.weight,
                "points": point.sum,
            }
            for point in each.sums
        ],
        "length_factor": _factor(each),
        "verdicts": [asdict(said) for said in each.verdicts],
    }
