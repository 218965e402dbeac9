"""`hemeroteca rebuild`."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.rebuild import rebuild
from crawler.readers import ReaderPool
from crawler.verbs import corpus_option, json_option


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
    bars = Progress(
        TextColumn("reading"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with corpus.lock(), ReaderPool(corpus, workers) as pool, bars:
        task = bars.add_task("reading", total=None)
        caught = rebuild(
            corpus,
            pool.entries,
            into=into,
            progress=lambda done, total: bars.update(task, completed=done, total=total),
        )
    if as_json:
        click.echo(json.dumps({"groups": caught.groups, "damage": caught.damage}))
    else:
        click.echo(f"{caught.groups} captures and notes read; {into or corpus.database_file} is whole.")
        for line in caught.damage:
            click.echo(f"damaged: {line}", err=True)
    raise click.exceptions.Exit(1 if caught.damage else 0)
