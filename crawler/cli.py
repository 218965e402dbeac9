"""The `hemeroteca` command: parses, calls, prints. Each verb is a file in crawler/verbs/."""

import os
import sqlite3
import sys
from importlib import import_module
from typing import Any

import click

from archive.errors import HemerotecaError

FAULT = 70  # EX_SOFTWARE of sysexits.h

# verb → module; loaded when the verb is called, since Scrapy and Datasette take a second each to import
VERBS = {
    "init": "crawler.verbs.init",
    "outlets": "crawler.verbs.outlets",
    "crawl": "crawler.verbs.crawl",
    "read": "crawler.verbs.read",
    "rebuild": "crawler.verbs.rebuild",
    "serve": "crawler.verbs.serve",
    "export": "crawler.verbs.export",
    "demo": "crawler.verbs.demo",
    "press": "crawler.verbs.press",
}


class Verbs(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(VERBS[cmd_name]).command
        return command


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="hemeroteca", message="%(prog)s %(version)s")
def cli() -> None:
    """A press archive that one person can run.

    \b
    Try it on newspapers that do not exist:
        hemeroteca demo
    The real thing:
        hemeroteca init niger --contact you@example.org
        cd niger
        hemeroteca crawl
        hemeroteca serve

    Exit codes: 0 done; 1 done, with errors that are in the table; 2 wrong usage;
    3 another process writes to the corpus; 4 the disk is full; 70 a fault of the program.
    """


def main(args: list[str] | None = None) -> Any:
    """Runs the command. Errors reach the person as one sentence, and the exit code says of which kind they are."""
    try:
        code = cli.main(args=args, prog_name="hemeroteca", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except HemerotecaError as error:
        click.echo(f"hemeroteca: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: nothing to say, and nobody to say it to
        sys.exit(1)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        click.echo(f"hemeroteca:{where}: {error.strerror or error}: name another place, or change its rights", err=True)
        sys.exit(2)
    except sqlite3.DatabaseError as error:
        click.echo(
            f"hemeroteca: the database cannot be used ({error}): see its rights, or delete corpus.db and run"
            " `hemeroteca rebuild`, which makes it again",
            err=True,
        )
        sys.exit(1)
    except Exception as fault:
        if os.environ.get("HEMEROTECA_DEBUG"):
            raise
        click.echo(
            f"hemeroteca met a fault of its own ({type(fault).__name__}: {fault}): what is recorded is safe;"
            " run it again with HEMEROTECA_DEBUG=1 and report what it prints",
            err=True,
        )
        sys.exit(FAULT)


if __name__ == "__main__":
    main()
