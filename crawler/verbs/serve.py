"""`hemeroteca serve`."""

from pathlib import Path

import click

from archive.corpus import Corpus
from crawler.verbs import corpus_option


@click.command("serve", short_help="open the reading room in a browser")
@corpus_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(0, 65535), help="The port; 0: a free one.")
@click.option("--name", "names", multiple=True, help="A host name under which a proxy asks for the room.")
def command(folder: Path, host: str, port: int, names: tuple[str, ...]) -> None:
    """Serve the corpus: search, articles with their provenance, archived pages, and all tables with Datasette.

    This is the owner's room: it shows every text that was recorded. For the public, export a release.

    \b
    Example:
        hemeroteca serve --port 8001
    """
    from archive.readingroom.serve import serve

    serve(Corpus(folder), host=host, port=port, names=names)
