"""`hemeroteca rebuild`."""

import json
from pathlib import Path

import click
from rich.progress import DownloadColumn

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.rebuild import going_on, rebuild
from archive.recovery import index_closed, recover
from archive.takedown import finish_takedowns
from crawler.clock import utc_now
from crawler.readers import ReaderPool
from crawler.verbs import bars, corpus_option, json_option


@click.command("rebuild", short_help="make corpus.db again from the WARC files")
@corpus_option
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="Write another file, leave corpus.db.")
@click.option("--workers", type=click.IntRange(min=1), help="Reading processes.  [default: the machine's cores]")
@json_option
def command(folder: Path, into: Path | None, workers: int | None, as_json: bool) -> None:
    """Make corpus.db again from warc/ and topics/. The truth is not touched; the old database stays until the new one
    is whole.

    \b
    Example:
        hemeroteca rebuild --into check.db
    """
    corpus = Corpus(folder)
    if into is not None and into.exists():
        raise UsageError(f"{into} is there already: name a new file, nothing is written over")
    if into is not None and not into.absolute().parent.is_dir():
        raise UsageError(f"{into.parent} is no directory: make it first")
    shown = bars(DownloadColumn())
    with corpus.lock(), ReaderPool(corpus, workers) as pool, shown:
        if into is None:
            finish_takedowns(corpus)
            recover(corpus, utc_now)
        if going_on(corpus, into):
            shown.console.print("going on with the rebuild that was stopped")
        task = shown.add_task("reading", total=None)
        caught = rebuild(
            corpus,
            pool.entries,
            into=into,
            progress=lambda what, done, total: shown.update(task, description=what, completed=done, total=total),
        )
        if into is None:
            index_closed(corpus)
    if as_json:
        click.echo(json.dumps({"groups": caught.groups, "damage": caught.damage}))
    else:
        click.echo(f"{caught.groups} captures and notes read; {into or corpus.database_file} is whole.")
        for line in caught.damage:
            click.echo(f"damaged: {line}", err=True)
    raise click.exceptions.Exit(1 if caught.damage else 0)
