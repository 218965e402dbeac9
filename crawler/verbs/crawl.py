"""`hemeroteca crawl`."""

import json
import re
import shlex
import sys
from datetime import date
from pathlib import Path

import click

from archive.corpus import Corpus
from archive.errors import UsageError
from crawler.redaction import clean
from crawler.screen import show_plan, show_summary
from crawler.verbs import corpus_option, json_option
from spiders.kit.catalogue import catalogue, choose


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day: write it as 2023-07-26", param, ctx)


class Duration(click.ParamType[float]):
    """A span of time such as 50m, 2h or 90s, in seconds."""

    name = "TIME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", str(value).strip())
        if not found:
            self.fail(f"{value!r} is no span of time: write 90s, 50m or 2h", param, ctx)
        return float(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]]


@click.command("crawl", short_help="fetch what is new, record it, read it, keep what matches")
@click.argument("names", metavar="[OUTLET]...", nargs=-1)
@corpus_option
@click.option("--since", type=Day(), help="Only articles published on this day or later.")
@click.option("--until", type=Day(), help="Only articles published on this day or earlier.")
@click.option("--pages", type=click.IntRange(min=1), help="At most so many articles per outlet.")
@click.option("--max-time", type=Duration(), help="Ask for nothing more after this time (50m, 2h).")
@click.option("--login-again", is_flag=True, help="Try a login that was refused in the last 24 hours.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked for, and ask for nothing.")
@json_option
def command(
    names: tuple[str, ...],
    folder: Path,
    since: date | None,
    until: date | None,
    pages: int | None,
    max_time: float | None,
    login_again: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Crawl the outlets of the corpus: find, record, read, match, keep.

    A second crawl asks for the feeds and for what is new or changed, nothing else. Stop it with Ctrl-C at any time:
    what is recorded is kept, and the next crawl goes on; the exit code is then that of the signal.

    \b
    Examples:
        hemeroteca crawl
        hemeroteca crawl mediapart --since 2023-07-26 --until 2023-09-30
        hemeroteca crawl --max-time 50m --json
    """
    corpus = Corpus(folder)
    known = catalogue(corpus.outlets_folder)
    chosen = choose(names or corpus.settings.outlets, known)
    if not chosen:
        raise UsageError(f'{corpus.file} names no outlets: add outlets = ["{next(iter(known), "NAME")}"]')
    if since and until and until < since:
        raise UsageError(f"--until {until} lies before --since {since}: no day is between them")
    from crawler.process import crawl
    from crawler.run import Run

    run = Run(
        corpus,
        chosen,
        since=since,
        until=until,
        pages=pages,
        seconds=max_time,
        login_again=login_again,
        command=clean(shlex.join(["hemeroteca", *sys.argv[1:]])),
    )
    if dry_run:
        show_plan(run, as_json=as_json)
        return
    summary = crawl(run, quiet=as_json)
    if as_json:
        click.echo(json.dumps(summary.as_json(), ensure_ascii=False))
    else:
        show_summary(summary)
    if summary.interrupted and summary.stopped_by:
        raise click.exceptions.Exit(128 + summary.stopped_by)
    raise click.exceptions.Exit(1 if summary.errors else 0)
