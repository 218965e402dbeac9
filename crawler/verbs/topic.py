"""`hemeroteca topic`: check, test, label, apply and explain, each in a file of its own."""

import click

from crawler.late import LateGroup

VERBS = {
    "check": "crawler.verbs.topic_check",
    "test": "crawler.verbs.topic_test",
    "label": "crawler.verbs.topic_label",
    "apply": "crawler.verbs.topic_apply",
    "explain": "crawler.verbs.topic_explain",
}


@click.command(
    "topic",
    cls=LateGroup,
    verbs=VERBS,
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
