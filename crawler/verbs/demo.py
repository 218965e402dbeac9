"""`hemeroteca demo`: the whole flow on newspapers that do not exist."""

import os
import shutil
import signal
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import click

from archive.corpus import CORPUS_FILE, Corpus
from archive.errors import UsageError
from crawler.press import play
from crawler.verbs import program
from crawler.verbs.init import make

TITLE = "Niger 2023: a demonstration with invented texts"
DESCRIPTION = "Replicas of newspapers, played on this machine. Every text, byline and number here is invented."
CONTACT = "https://hemeroteca.example/demo"
DELAY = 0.05  # seconds: the press is on this machine
MARK = "# A corpus of `hemeroteca demo`: it is made anew at each demo.\n"


@click.command("demo", short_help="crawl invented newspapers on this machine and serve the result")
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("demo"))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8001,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port of the reading room.",
)
@click.option("--serve/--no-serve", default=True, help="Whether to serve the reading room afterwards.")
def command(folder: Path, host: str, port: int, serve: bool) -> None:
    """Crawl the topic niger-coup-2023 over three replica newspapers, twice, and serve the reading room.

    The newspapers are played on this machine: nothing is asked of the network. Between the two crawls a few days
    pass, in which articles are published and changed. DIR is "demo" unless you name another.

    \b
    Example:
        hemeroteca demo --no-serve
    """
    prepare(folder)
    with play() as press:
        surroundings = {**os.environ, **press.environment()}
        for passing in (False, True):
            if passing:
                clock = press.tick()
                click.echo(f"\nThe newspapers' clock goes on to {clock:%d %B %Y}; the second crawl:\n")
            else:
                click.echo("The first crawl:\n")
            sys.stdout.flush()
            crawl = subprocess.Popen(  # noqa: S603 (our own command)
                [sys.executable, "-m", "hemeroteca", "crawl", "--corpus", str(folder)], env=surroundings
            )
            try:
                status = crawl.wait()
            except BaseException:  # a signal; the crawl may have it, too, and is to close its files: no second wish
                hangup = signal.getsignal(signal.SIGHUP) != signal.SIG_IGN
                crawl.send_signal(signal.SIGHUP if hangup else signal.SIGTERM)
                crawl.wait()
                raise
            # 1: some URLs ended in an error. The press has such pages on purpose; they are in the table.
            if status not in (0, 1):
                raise click.exceptions.Exit(status if status > 0 else 128 - status)
    if serve:
        from archive.readingroom.serve import serve as open_room

        open_room(Corpus(folder), host=host, port=port)
    else:
        click.echo(f"\nThe corpus is in {folder}; look at it with: {program()} serve --corpus {folder}")


def prepare(folder: Path) -> None:
    """An empty demo corpus; an earlier demo is removed, anything else is left alone with a UsageError."""
    if folder.is_file():
        raise UsageError(f"{folder} is a file: name a directory for the demo")
    file = folder / CORPUS_FILE
    if file.is_file():
        if not file.read_text(encoding="utf-8").startswith(MARK):
            raise UsageError(f"{folder} is a corpus of yours: name another directory for the demo")
        shutil.rmtree(folder)
    elif folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty: name another directory for the demo")
    make(
        folder,
        contact=CONTACT,
        title=TITLE,
        description=DESCRIPTION,
        outlets=("mediapart", "almonitor", "fleuve"),
        topic=True,
        delay=DELAY,
    )
    file.write_text(MARK + file.read_text(encoding="utf-8"), encoding="utf-8")
    outlet = files("crawler.press") / "fleuve.toml"
    (folder / "outlets" / "fleuve.toml").write_bytes(outlet.read_bytes())
