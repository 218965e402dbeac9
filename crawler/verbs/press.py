"""`hemeroteca press`: the replica newspapers, for trying things out."""

from datetime import UTC, datetime
from pathlib import Path

import click

from crawler.press.__main__ import run
from crawler.press.proxy import START


@click.command("press", short_help="play the replica newspapers of the demo on this machine")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Port on 127.0.0.1; 0, the default: a free one.")
@click.option(
    "--clock",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="Where the newspapers' clock stands, UTC.  [default: 2023-09-30T12:00]",
)
@click.option("--ca", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the certificate to trust.")
def command(port: int, clock: datetime | None, ca: Path | None) -> None:
    """Play the replica newspapers at their true addresses through a proxy on this machine, until interrupted.

    The first line of output is JSON: the proxy's address and the certificate to trust. Give them to a crawler as
    HTTP_PROXY, HTTPS_PROXY and SSL_CERT_FILE. Through the proxy, http://press.invalid/tick lets some days pass,
    /log shows the requests, /truth what the pages say.

    \b
    Example:
        hemeroteca press --port 8900 --ca press.pem
    """
    run(port, clock.replace(tzinfo=UTC) if clock else START, ca)
