"""The verbs of the command, one file each."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

from spiders.kit.words import printable, unsteered

corpus_option = click.option(
    "--corpus",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default="the current directory",
    help="The corpus directory.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


def program() -> str:
    """How a person can call this program again: by its name where that is on the path, else as they did."""
    return "hemeroteca" if shutil.which("hemeroteca") else sys.argv[0]


def bars(amount: ProgressColumn, *, quiet: bool = False) -> Progress:
    """What is being done, how much of it is done (`amount`) and how long the rest will take, on stderr.

    Shown on a terminal only, and gone when it is over.
    """
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        amount,
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=quiet or not sys.stderr.isatty(),
    )


def printed(what: RenderableType) -> None:
    """A table on standard output, as wide as the terminal; 160 characters where there is none."""
    console = Console(highlight=False)
    (console if console.is_terminal else Console(width=160, highlight=False)).print(what)


def plain(text: str, *, ends: bool = False) -> str:
    """Words of a page on one line that steer no terminal; `ends`: spaces at the ends stay."""
    line = " ".join(text.split())
    if ends and line:
        line = " " * text[:1].isspace() + line + " " * text[-1:].isspace()
    return unsteered(printable(line))


@contextmanager
def waiting(*, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """What is being asked for, one address after another, on a terminal's stderr; elsewhere nothing."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    with Console(stderr=True).status("") as status:
        yield lambda url: status.update(f"asking for {escape(url)}")
