"""What a crawl shows on a terminal: progress while it runs, a table of what it did."""

import json
import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from twisted.internet.task import LoopingCall

from archive.model import Outcome
from crawler.advice import ADVICE

if TYPE_CHECKING:
    from crawler.process import Summary
    from crawler.run import Run

EVERY = 0.5  # seconds


class Progress:
    """A bar per outlet on a terminal's stderr; elsewhere nothing."""

    def __init__(self, run: "Run", *, quiet: bool = False) -> None:
        self._run = run
        self._bars: Bars | None = None
        if sys.stderr.isatty() and not quiet:
            self._bars = Bars(
                TextColumn("{task.description:<14}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("articles"),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
        self._call: LoopingCall | None = None  # made when the reactor runs: making it would choose one

    def begin(self) -> None:
        if self._bars is None:
            return
        self._tasks = {outlet.name: self._bars.add_task(outlet.name, total=None) for outlet in self._run.outlets}
        self._bars.start()
        self._call = LoopingCall(self._update)
        self._call.start(EVERY)

    def _update(self) -> None:
        assert self._bars is not None
        for name, task in self._tasks.items():
            done, waiting = self._run.frontier.counts(name)
            self._bars.update(task, completed=done, total=done + waiting)

    def end(self) -> None:
        if self._call is not None and self._call.running:
            self._call.stop()
        if self._bars is not None:
            self._bars.stop()


def show_summary(summary: "Summary") -> None:
    """The table of a run: listed, fetched, kept and why the rest was not. Addresses stay whole, to be copied."""
    columns = ("outlet", "listed", "fetched", "in view", "new", "revised")
    rows = [
        (each.outlet, *map(str, (each.listed, each.fetched, each.matched, each.new, each.revised)))
        for each in summary.outlets
    ]
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    for row in (columns, *rows):
        click.echo(
            "  ".join(c.ljust(w) if n == 0 else c.rjust(w) for n, (c, w) in enumerate(zip(row, widths, strict=True)))
        )
    click.echo()
    for each in summary.outlets:
        for outcome, number in sorted(each.outcomes.items(), key=lambda item: -item[1]):
            url, reason = each.examples.get(outcome, ("", ""))
            click.echo(f"{each.outlet:<{widths[0]}}  {number:>5} {outcome:<16} {reason}".rstrip())
            if reason:
                click.echo(click.style(f"{'':<{widths[0]}}        such as {url}", dim=True))
    told = [outcome for outcome in Outcome if any(outcome in each.outcomes for each in summary.outlets)]
    if advised := [(outcome, ADVICE[outcome]) for outcome in told if outcome in ADVICE]:
        click.echo()
        click.echo("What to do:")
        for outcome, advice in advised:
            click.echo(f"    {outcome:<16} {advice}")
    for each in summary.outlets:
        if each.drifted:
            click.echo(
                f"{each.outlet:<{widths[0]}}  {each.drifted:>5} articles in which the outlet's selectors find less than"
                " the page has: its pages have changed, see the table drift"
            )
    click.echo()
    click.echo(
        f"{summary.requests} exchanges recorded in {summary.seconds:.0f} s;"
        f" run {summary.run_id}; corpus {summary.corpus}"
    )
    for name, said in summary.logins.items():
        click.echo(f"{name}: {said}")
    for line in summary.damage:
        click.echo(f"damaged: {line}")
    if summary.interrupted:
        click.echo("The crawl was interrupted: what is recorded is kept, and the next crawl goes on from here.")


def show_plan(run: "Run", *, as_json: bool) -> None:
    """What a crawl would ask for first, and at which pace."""
    rows = [
        {
            "outlet": outlet.name,
            "sources": [url for source in outlet.sources for url in run.addresses(source)],
            "delay": run.corpus.settings.delay or outlet.delay,
            "window": str(run.admission.window),
            "user_agent": run.user_agent,
        }
        for outlet in run.outlets
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row['outlet']}: articles of {row['window']}, one request every {row['delay']} s")
        for source in row["sources"]:  # type: ignore[attr-defined]
            click.echo(f"    {source}")
    if rows:
        click.echo(f"as {rows[0]['user_agent']}; robots.txt is asked for first at every host")
