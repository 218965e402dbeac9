"""`hemeroteca topic apply`."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from rich.progress import MofNCompleteColumn

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.judging import topic_in_force
from archive.takedown import finish_takedowns
from archive.topics import Topic, load_topic
from archive.tuning.in_force import Applied, apply_topics, gone, waiting
from archive.tuning.named import database_to_look_in, files_of, topic_file
from archive.tuning.trial import tried
from archive.tuning.verdicts import last_of, standing
from crawler.clock import utc_now
from crawler.second_thoughts import Reconsidered, queue, reconsider, watched
from crawler.verbs import bars, corpus_option, json_option
from spiders.kit.outlet import Outlet


@click.command("apply", short_help="bring changed topics into force, over everything that is there")
@click.argument("names", metavar="[TOPIC]...", nargs=-1)
@corpus_option
@click.option("--dry-run", is_flag=True, help="Say what would come of it, and write nothing.")
@json_option
def command(names: tuple[str, ...], folder: Path, dry_run: bool, as_json: bool) -> None:
    """Bring topics into force as their files are now: every article is decided anew, leads that were refused and would
    be taken today are queued for the next crawl, and queued ones that nothing wants any more are not. Without names:
    every topic that has changed.

    All of it or nothing: stopped half-way, everything is as it was. What people said stands. What the version before
    decided stays in the table `matches` as history; with its file it is in the journal, so a rebuild knows it too.

    \b
    Examples:
        hemeroteca topic apply --dry-run
        hemeroteca topic apply niger-coup-2023
    """
    corpus = Corpus(folder)
    if not corpus.database_file.is_file():
        raise UsageError(f"{corpus.folder} has no corpus.db yet: the first crawl applies the topics by itself")
    topics = _topics(corpus, names)
    outlets = watched(corpus)
    if dry_run:
        _try(corpus, topics, outlets, everything=not names, as_json=as_json)
        return
    with corpus.lock():
        finish_takedowns(corpus)
        with closing(corpus.database()) as db, bars(MofNCompleteColumn(), quiet=as_json) as shown:
            retired = () if names else gone(db, topics)
            task = shown.add_task("matching", total=None)
            applied = apply_topics(
                corpus,
                db,
                waiting(db, topics),
                utc_now(),
                retired=retired,
                progress=lambda done, total: shown.update(task, completed=done, total=total),
            )
            found = reconsider(corpus, db, outlets)
            judged = {topic_id: len(last_of(standing(db, topic_id))) for topic_id in retired}
        queued, dropped = queue(corpus, found)
    if as_json:
        values = {
            "topics": list(map(_values, applied)),
            "retired": list(retired),
            **_leads(found, queued),
            "dropped": dropped,
        }
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    for each in applied:
        before = f"before it {each.before[:12]}" if each.before else "before it none"
        click.echo(
            f"{each.topic.id}: version {each.topic.short_version} is in force, {before};"
            f" {each.taken} articles, {len(each.gained)} gained, {len(each.lost)} lost"
        )
    for topic_id in retired:
        wait = f"; {judged[topic_id]} judged articles wait for a file of this id" if judged[topic_id] else ""
        click.echo(f"{topic_id}: out of force, its file is gone; its decisions stay as history{wait}")
    if not applied and not retired:
        click.echo("nothing to apply: every topic is in force as its file says")
    _tell_leads(found, queued)
    if dropped:
        click.echo(f"leads that were queued, and that no topic wants any more: {dropped}")


def _topics(corpus: Corpus, names: tuple[str, ...]) -> list[Topic]:
    if not names:
        return list(corpus.topics())
    files = files_of(corpus)
    paths = [topic_file(corpus, name) for name in names]
    inside = {path.resolve() for path in files}
    for path in paths:
        if path.resolve() not in inside:
            raise UsageError(f"{path} is no topic of this corpus: copy it to {corpus.folder / 'topics'} first")
    return list({topic.id: topic for topic in map(load_topic, paths)}.values())


def _try(corpus: Corpus, topics: list[Topic], outlets: dict[str, Outlet], *, everything: bool, as_json: bool) -> None:
    with closing(database_to_look_in(corpus)) as db:
        due = waiting(db, topics)
        retired = gone(db, topics) if everything else []
        trials = [(topic, tried(db.conn, topic, topic_in_force(db, topic.id))) for topic in due]
        found = reconsider(corpus, db, outlets)
    if as_json:
        rows = [
            {"topic": topic.id, "version": topic.version, "kept": trial.kept, "gained": len(trial.gained)}
            | {"lost": len(trial.lost)}
            for topic, trial in trials
        ]
        values = {"topics": rows, "retired": retired, **_leads(found, len(found.wanted))}
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    for topic, trial in trials:
        click.echo(
            f"{topic.id}: version {topic.short_version} would keep {trial.kept} articles, gain {len(trial.gained)},"
            f" lose {len(trial.lost)}"
        )
    for topic_id in retired:
        click.echo(f"{topic_id}: would be out of force, its file is gone")
    click.echo(f"leads that would be queued: {len(found.wanted)}")


def _leads(found: Reconsidered, queued: int) -> dict[str, Any]:
    return {"leads": [lead.url for lead in found.wanted], "queued": queued, "unwatched": found.homeless}


def _tell_leads(found: Reconsidered, queued: int) -> None:
    click.echo(f"leads queued for the next crawl: {queued}")
    if len(found.wanted) > queued:
        click.echo(f"leads that were queued before: {len(found.wanted) - queued}")
    if found.homeless:
        click.echo(f"refused leads of outlets that corpus.toml does not name, left alone: {found.homeless}")


def _values(each: Applied) -> dict[str, Any]:
    return {
        "topic": each.topic.id,
        "version": each.topic.version,
        "before": each.before,
        "articles": each.taken,
        "gained": list(each.gained),
        "lost": list(each.lost),
    }
