"""`hemeroteca serve`."""

from pathlib import Path

import click

from archive.corpus import Corpus
from archive.errors import UsageError
from crawler.clock import utc_now
from crawler.verbs import corpus_option


@click.command("serve", short_help="open the reading room in a browser")
@corpus_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="The port; 0: a free one.")
@click.option("--name", "names", multiple=True, help="A host name under which a proxy asks for the room.")
@click.option("--label", metavar="NAME", help="Let NAME, at this machine, judge the topics' samples.")
def command(folder: Path, host: str, port: int, names: tuple[str, ...], label: str | None) -> None:
    """Serve the corpus: search, articles with their provenance, archived pages, and all tables with Datasette.

    This is the owner's room: it shows every text that was recorded. For the public, export a release.

    The room only reads. With --label the page /topic/ID/label takes verdicts on the sample that `hemeroteca topic
    label` asks about; NAME is kept with each of them.

    \b
    Examples:
        hemeroteca serve --port 8001
        hemeroteca serve --label me
    """
    from archive.readingroom.desk import Judge
    from archive.readingroom.serve import serve

    judge = None if label is None else Judge(" ".join(label.split()), utc_now)
    if judge is not None and not judge.name:
        raise UsageError("--label needs the name of the person who judges: it is kept with each verdict")
    serve(Corpus(folder), host=host, port=port, names=names, judge=judge)
