"""`hemeroteca init DIR`."""

import re
import shlex
from importlib.resources import files
from pathlib import Path

import click

from archive.corpus import CORPUS_FILE
from archive.errors import UsageError
from crawler.verbs import program
from spiders.kit.catalogue import catalogue, choose

CORPUS = """\
# The settings of this corpus. What is left out or marked with # has its default.
title = {title}
description = {description}

# Whom a newspaper can write to: an e-mail address or a URL. It goes into the user agent; without it no public
# host is asked for anything.
contact = {contact}
# operator = "Institute of …"        # who runs this archive; goes into each WARC file

outlets = {outlets}                  # `hemeroteca outlets` lists the names; own ones: outlets/*.toml
# since = 2023-07-01                 # days of publication; left out: the windows of the topics
# until = 2023-12-31

[pace]
{delay}# seconds between two requests at one host; left out: the outlets' own; never 0

[limits]
# pages = 500                        # articles per outlet and run
# sources = 200                      # sitemaps and listing pages per outlet and run

[network]
# allow = ["127.0.0.1:8800"]         # private addresses that may be reached

[rights]
# text = ["lesahel"]                 # outlets whose text may leave in an export, by an agreement that you have
"""


@click.command("init", short_help="make a corpus directory")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--contact", default="", help="E-mail address or URL that newspapers can write to.")
@click.option("--title", default=None, help="Title of the corpus.  [default: DIR's name]")
@click.option("--outlet", "outlets", multiple=True, help="An outlet to watch; may be given several times.")
@click.option("--no-topic", is_flag=True, help="Without the example topic: every article is kept.")
def command(folder: Path, contact: str, title: str | None, outlets: tuple[str, ...], no_topic: bool) -> None:
    """Make a corpus directory with a commented corpus.toml and the example topic.

    \b
    Example:
        hemeroteca init niger --contact you@example.org
    """
    if contact and not re.fullmatch(r"https?://\S+|[^@\s]+@[^@\s]+", contact):
        raise UsageError(f"{contact!r} is no contact: give an e-mail address or a URL that a newspaper can write to")
    choose(outlets, catalogue(folder / "outlets"))
    make(
        folder,
        contact=contact,
        title=title,
        outlets=outlets or ("mediapart", "almonitor"),
        topic=not no_topic,
    )
    click.echo(f"Made {folder}. Next: {shlex.join([program(), 'crawl', '--corpus', str(folder)])}", err=True)
    if not contact:
        click.echo(f"Before the first crawl, write your contact into {folder / CORPUS_FILE}.", err=True)


def make(
    folder: Path,
    *,
    contact: str,
    title: str | None,
    outlets: tuple[str, ...],
    topic: bool,
    description: str = "",
    delay: float | None = None,
) -> None:
    """Writes the directory. Raises UsageError where `folder` holds a corpus already."""
    file = folder / CORPUS_FILE
    if file.exists():
        raise UsageError(f"{folder} is a corpus already: crawl it, or choose another directory")
    for part in ("topics", "outlets", "warc"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    file.write_text(
        CORPUS.format(
            title=_quoted(title or folder.resolve().name),
            description=_quoted(description),
            contact=_quoted(contact),
            delay=f"{'# delay = 2.0' if delay is None else f'delay = {delay}':<37}",
            outlets="[" + ", ".join(map(_quoted, outlets)) + "]",
        ),
        encoding="utf-8",
    )
    if topic:
        example = files("archive") / "example" / "niger-coup-2023.toml"
        (folder / "topics" / example.name).write_bytes(example.read_bytes())


def _quoted(text: str) -> str:
    """A TOML basic string (TOML 1.0, "String")."""
    escaped = "".join(
        f"\\u{ord(each):04x}" if ord(each) < 32 or ord(each) == 127 else {"\\": "\\\\", '"': '\\"'}.get(each, each)
        for each in text
    )
    return f'"{escaped}"'
