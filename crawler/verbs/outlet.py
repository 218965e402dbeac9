"""`hemeroteca outlet`: probe, test and record, each in a file of its own."""

import click

from crawler.late import LateGroup

VERBS = {
    "probe": "crawler.verbs.outlet_probe",
    "test": "crawler.verbs.outlet_test",
    "record": "crawler.verbs.outlet_record",
}


@click.command(
    "outlet",
    cls=LateGroup,
    verbs=VERBS,
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
