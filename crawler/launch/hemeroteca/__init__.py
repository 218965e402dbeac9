"""The door of the `hemeroteca` command.

In a wheel the packages `crawler`, `spiders` and `archive` lie inside this one, out of the way of other
distributions that use the same top-level names. In a checkout they are found through the checkout itself.
"""

import signal
import sys
from pathlib import Path


def main() -> None:
    """Runs the command line; the exit code is the process' own."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python would show a traceback until the command listens
    inside = Path(__file__).resolve().parent
    if (inside / "crawler").is_dir():
        sys.path.insert(0, str(inside))
    from crawler.cli import main as run

    run()
