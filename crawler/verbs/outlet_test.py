"""`hemeroteca outlet test NAME`."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from archive.corpus import CORPUS_FILE, Corpus
from crawler.redaction import clean
from crawler.verbs import corpus_option, json_option
from spiders.kit.catalogue import catalogue, choose
from spiders.kit.probing.compared import Drifted, drift
from spiders.kit.probing.facts import faults


@click.command("test", short_help="check an outlet's facts and read its recorded pages again")
@click.argument("name", metavar="NAME")
@corpus_option
@click.option(
    "--most", default=200, show_default=True, type=click.IntRange(min=0), help="Captures that are read, newest first."
)
@json_option
def command(name: str, folder: Path, most: int, as_json: bool) -> None:
    """Check an outlet: whether its patterns and selectors can be used, and whether its recorded pages are still read as
    they were accepted.

    Pages are the fixtures that `outlet record` kept and the outlet's captures in the corpus. Where the outlet has a
    page of its own, the generic reader reads each page too, and a table shows what either has that the other has not.
    Ends with 1 where a fact is wrong, a fixture is read otherwise, or a capture has lost something.

    \b
    Examples:
        hemeroteca outlet test lesahel
        hemeroteca outlet test mediapart --json
    """
    (outlet,) = choose([name], catalogue(folder / "outlets"))
    wrong = faults(outlet)
    pages = []
    if (folder / CORPUS_FILE).is_file():
        from crawler.fixtures import tested

        pages = list(tested(Corpus(folder), outlet, most))
    fallen = [each for each in pages if each.why]
    pairs = [(each.again.fields, each.again.generic) for each in pages if each.again.generic is not None]
    drifted = drift((own, generic) for own, generic in pairs if generic is not None)
    if as_json:
        values = {
            "outlet": name,
            "faults": list(wrong),
            "pages": [
                {
                    "url": clean(each.url),
                    "kind": each.kind,
                    "outcome": each.again.outcome,
                    "fell": each.why,
                    "changes": [
                        {"field": one.field, "before": one.before, "now": one.now, "fell": one.fell}
                        for one in each.changes
                    ],
                    "drift": list(each.again.drifted),
                }
                for each in pages
            ],
            "drift": [
                {
                    "field": each.field,
                    "same": each.same,
                    "own_only": each.own_only,
                    "generic_only": each.generic_only,
                    "differ": each.differ,
                }
                for each in drifted
            ]
            if pairs
            else [],
        }
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        for fault in wrong:
            click.echo(clean(f"! {fault}"))
        for each in fallen:
            click.echo(clean(f"! {each.kind} {each.url}: {each.why}"))
        if pairs:
            _show(drifted, len(pairs))
        kinds = [each.kind for each in pages]
        click.echo(
            f"{name}: {'facts in order' if not wrong else f'{len(wrong)} facts wrong'};"
            f" {kinds.count('fixture')} fixtures and {kinds.count('capture')} captures read again,"
            f" {len(fallen)} fell."
        )
    raise click.exceptions.Exit(1 if wrong or fallen else 0)


def _show(drifted: tuple[Drifted, ...], pages: int) -> None:
    table = Table(box=None, pad_edge=False, title=f"{pages} pages: the outlet's own page and the generic reader")
    table.add_column("field")
    for column in ("alike", "own only", "generic only", "otherwise"):
        table.add_column(column, justify="right")
    for each in drifted:
        table.add_row(each.field, *map(str, (each.same, each.own_only, each.generic_only, each.differ)))
    Console(width=None if Console().is_terminal else 120).print(table)
