"""`hemeroteca outlet`: probe, test and record, each in a file of its own."""

from importlib import import_module

import click

VERBS = {
    "probe": "crawler.verbs.outlet_probe",
    "test": "crawler.verbs.outlet_test",
    "record": "crawler.verbs.outlet_record",
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


@click.command(
    "outlet",
    cls=Verbs,
    short_help="look into one newspaper: find its feeds, check what is read of it",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def command() -> None:
    """Look into one newspaper.

    \b
    Examples:
        hemeroteca outlet probe https://anp.ne/ --write
        hemeroteca outlet test lesahel
        hemeroteca outlet record lesahel https://www.lesahel.org/un-article/
    """
