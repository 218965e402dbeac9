"""The reading room over one corpus, as an application and as a server."""

import socket
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import uvicorn
from datasette.app import Datasette

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.readingroom.columns import metadata
from archive.readingroom.desk import DESKS, Desk, Judge
from archive.readingroom.hosts import on_loopback, only_for
from archive.readingroom.pages import ROOMS

HERE = Path(str(files("archive.readingroom")))

SETTINGS: dict[str, Any] = {
    "sql_time_limit_ms": 3000,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,  # halves the time of a table page
    "default_facet_size": 12,
    "default_page_size": 25,
    "max_returned_rows": 1000,
    "num_sql_threads": 4,
    "cache_size_kb": 65536,
    "truncate_cells_html": 300,
    "allow_download": False,  # else the file with all text is one click away
    "allow_csv_stream": True,
    "max_csv_mb": 100,
    "default_allow_sql": False,  # one long function ignores the time limit
    "default_cache_ttl": 0,  # the corpus is alive
}


def room(corpus: Corpus, *, settings: dict[str, Any] | None = None, judge: Judge | None = None) -> Datasette:
    """A Datasette that shows `corpus`, its database at the newest schema; `.app()` is the ASGI application.

    `judge`: who judges articles at this room's desk; None: nobody can.

    `settings` go over SETTINGS: `{"default_allow_sql": True}` lets whoever can reach the room ask in SQL,
    `{"base_url": "/archive/"}` puts it under a path. Raises BadCorpusFile for an error in corpus.toml.
    """
    described = corpus.settings
    corpus.database().close()
    datasette = Datasette(
        [str(corpus.database_file)],
        settings={**SETTINGS, **(settings or {})},
        metadata=metadata(described.title, described.description),
        template_dir=str(HERE / "templates"),
        plugins_dir=str(HERE / "plugins"),
        static_mounts=[("room", str(HERE / "static"))],
    )
    ROOMS[datasette] = corpus
    DESKS[datasette] = Desk(corpus, judge)
    return datasette


def serve(
    corpus: Corpus,
    host: str = "127.0.0.1",
    port: int = 8001,
    *,
    names: Sequence[str] = (),
    settings: dict[str, Any] | None = None,
    judge: Judge | None = None,
) -> None:
    """Serves `corpus` until it is interrupted, and says at which address; port 0 takes a free one.

    `names`: host names under which the room is asked for, beside `localhost` and addresses. Settings as for `room`,
    and `judge`, who must be at this machine. Raises UsageError where others could judge, or the address cannot be had.
    """
    if judge is not None and not on_loopback(host):
        raise UsageError(
            f"whoever reaches {host} could judge in the name of {judge.name}: judge in a room on 127.0.0.1, or serve"
            " this one without --label"
        )
    application = only_for(room(corpus, settings=settings, judge=judge).app(), (host, *names))
    with _listening(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"The reading room is open at http://{shown}:{listener.getsockname()[1]}/ (Ctrl-C closes it)")
        config = uvicorn.Config(application, log_level="warning", server_header=False, lifespan="on")
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise UsageError(
            f"port {port} of {host} cannot be had ({error.strerror}): name another with --port, or 0 for a free one"
        ) from error
