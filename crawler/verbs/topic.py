"""`hemeroteca topic`: check, test, label, apply and explain, each in a file of its own."""

from importlib import import_module

import click

VERBS = {
    "check": "crawler.verbs.topic_check",
    "test": "crawler.verbs.topic_test",
    "label": "crawler.verbs.topic_label",
    "apply": "crawler.verbs.topic_apply",
    "explain": "crawler.verbs.topic_explain",
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
    "topic",
    cls=Verbs,
    short_help="write a topic and tune it: check, test, label, apply, explain",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
def command() -> None:
    """Write a topic and tune it, before and after crawling.

    A topic is named by its id in the corpus, or by a path to a file: so a draft can be tried outside of it.

    \b
    Examples:
        hemeroteca topic check
        hemeroteca topic test niger-coup-2023
        hemeroteca topic label niger-coup-2023 -n 60 --by me
        hemeroteca topic apply
        hemeroteca topic explain mediapart-2023-08-04-niger
    """
