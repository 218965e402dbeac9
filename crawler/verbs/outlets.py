"""`hemeroteca outlets`."""

import json
import os
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from archive.errors import NotACorpus
from crawler.account import is_begun, missing
from crawler.verbs import corpus_option, json_option
from spiders.kit.catalogue import catalogue
from spiders.kit.login import variables
from spiders.kit.outlet import Outlet


@click.command("outlets", short_help="list the newspapers")
@corpus_option
@json_option
def command(folder: Path, as_json: bool) -> None:
    """List the newspapers that can be crawled: those of the program and those of the corpus' outlets/.

    Below the table: the logins for which the environment has a value, and which variables they lack.

    \b
    Example:
        hemeroteca outlets --json
    """
    if not folder.is_dir():
        raise NotACorpus(f"{folder} is no directory: name a corpus with --corpus DIR")
    outlets = catalogue(folder / "outlets")
    if as_json:
        rows = [
            {
                "name": each.name,
                "title": each.title,
                "home": each.home,
                "languages": list(each.languages),
                "delay": each.delay,
                "sources": [getattr(source, "url", None) for source in each.sources],
                "proven": each.proven,
                "waits": each.waits,
                "login": _login(each),
            }
            for each in outlets.values()
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("name", "newspaper", "languages", "read right", "waits for the first person with a network"):
        table.add_column(column)
    for each in outlets.values():
        table.add_row(
            each.name,
            each.title,
            ", ".join(each.languages),
            each.proven or "no page yet",
            each.waits,
        )
    Console(width=None if Console().is_terminal else 160).print(table)
    for each in outlets.values():
        if each.login is not None and is_begun(each, os.environ):
            lacking = " and ".join(missing(each, os.environ))
            click.echo(f"{each.name}: login {f'lacks {lacking}' if lacking else 'configured'}")


def _login(outlet: Outlet) -> dict[str, Any] | None:
    """How the outlet's login stands, in names of variables only; None for an outlet without one."""
    if outlet.login is None:
        return None
    return {
        "page": outlet.login.page,
        "variables": [name for kind in outlet.login.kinds for name in variables(outlet.name, kind)],
        "missing": list(missing(outlet, os.environ)),
    }
