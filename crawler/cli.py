"""The `hemeroteca` command: parses, calls, prints. Each verb is a file in crawler/verbs/."""

import os
import re
import signal
import sqlite3
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import click

from archive.errors import NO_ROOM, HemerotecaError, UsageError, as_error
from archive.withhold import names_user
from crawler.late import LateGroup
from crawler.redaction import DEBUG, clean
from crawler.stops import STOPS

FAULT = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED, NOBODY_READS = 128 + signal.SIGINT, 128 + signal.SIGPIPE

# verb → module; loaded when the verb is called, since Scrapy and Datasette take a second each to import
VERBS = {
    "init": "crawler.verbs.init",
    "outlets": "crawler.verbs.outlets",
    "outlet": "crawler.verbs.outlet",
    "topic": "crawler.verbs.topic",
    "crawl": "crawler.verbs.crawl",
    "import": "crawler.verbs.import_",
    "read": "crawler.verbs.read",
    "rebuild": "crawler.verbs.rebuild",
    "verify": "crawler.verbs.verify",
    "serve": "crawler.verbs.serve",
    "export": "crawler.verbs.export",
    "takedown": "crawler.verbs.takedown",
    "demo": "crawler.verbs.demo",
    "press": "crawler.verbs.press",
}
_CREDENTIALS = re.compile(r"--(?:user(?:name)?|login|pass(?:word|wd|phrase)?|token|cookies?|auth\w*|header)(?:=|$)")


class Terminated(BaseException):
    """A signal came that ends the command: what is open is closed on the way out."""

    def __init__(self, number: int) -> None:
        self.code = 128 + number


class NobodyReads(Exception):
    """Whoever read our output has closed the pipe. Named here, since click would end with a code of its own."""


class Verbs(LateGroup):
    """All verbs; whoever closes our output ends us without a word."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise NobodyReads from error


@click.command(
    cls=Verbs, verbs=VERBS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
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

    Exit codes: 0 done; 1 done, with errors that are in the table or printed; 2 wrong usage;
    3 another process writes to the corpus; 4 the disk is full; 5 the disk fails or a database is
    damaged; 70 a fault of the program; 129, 130, 141, 143 stopped by a terminal that closed, by Ctrl-C,
    by a closed pipe, by SIGTERM.
    """


def main(args: list[str] | None = None) -> NoReturn:
    """Runs the command. Errors reach the person as one sentence, and the exit code says of which kind they are."""
    words = sys.argv[1:] if args is None else args
    if sys.stdout is None or sys.stderr is None:  # closed by whoever started us, as some schedulers do
        nowhere = open(os.devnull, "w")  # noqa: SIM115, PTH123 (for as long as the process lives)
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    with _terminable():
        code = _ended(words)
        with suppress(OSError, ValueError):
            sys.stderr.flush()
    sys.exit(code)


def _ended(words: Sequence[str]) -> int:
    try:
        _refuse_credentials(words)
        code = cli.main(args=list(words), prog_name="hemeroteca", standalone_mode=False)
        sys.stdout.flush()
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _said("stopped: nothing that is recorded is lost, and the same command can be run again", INTERRUPTED)
    except Terminated as end:
        return _said("terminated: nothing that is recorded is lost, and the same command can be run again", end.code)
    except click.ClickException as error:
        shown = StringIO()
        error.show(file=shown)
        click.echo(clean(shown.getvalue()), err=True, nl=False)
        return error.exit_code
    except HemerotecaError as error:
        return _said(str(error), error.exit_code)
    except (NobodyReads, BrokenPipeError):
        _drop_output()  # nothing to say, and nobody to say it to
        return NOBODY_READS
    except (OSError, sqlite3.OperationalError, sqlite3.DatabaseError) as error:
        return _outside(error, words)
    except Exception as fault:  # noqa: BLE001 (the last door: a traceback is no answer to a person)
        return _fault(fault)
    return code if isinstance(code, int) else 0


def _refuse_credentials(words: Sequence[str]) -> None:
    """Whoever can list the processes of a machine reads its command lines. Raises UsageError, without the secret."""
    for number, word in enumerate(words, 1):
        if option := _CREDENTIALS.match(word):
            raise UsageError(
                f"{option[0].removesuffix('=')} is no option: a login comes from the environment only, as"
                " HEMEROTECA_LOGIN_<OUTLET>_USER and HEMEROTECA_LOGIN_<OUTLET>_PASSWORD"
            )
        if names_user(word):
            raise UsageError(
                f"word {number} of the command holds an address with a user name or password: leave out what stands"
                " before its @; a login comes from the environment only, as HEMEROTECA_LOGIN_<OUTLET>_USER and"
                " HEMEROTECA_LOGIN_<OUTLET>_PASSWORD"
            )


def _outside(error: OSError | sqlite3.DatabaseError, words: Sequence[str]) -> int:
    """The surroundings: files, disk, databases."""
    if isinstance(error, OSError):
        if error.errno in NO_ROOM and error.filename is None:
            _drop_output()  # else Python tries again at its exit, and tells of it
        elif error.filename is None:
            return _said(f"{error.strerror or error}: name another place, or change its rights", UsageError.exit_code)
        named = as_error(error, "the output")
        return _said(str(named), named.exit_code)
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.InternalError):
        return _fault(error)
    named = as_error(error, _corpus_of(words))
    return _said(str(named), named.exit_code)


def _corpus_of(words: Sequence[str]) -> Path:
    for number, word in enumerate(words):
        if word.startswith("--corpus="):
            return Path(word.partition("=")[2])
        if word == "--corpus" and number + 1 < len(words):
            return Path(words[number + 1])
    return Path()


def _fault(fault: Exception) -> int:
    if os.environ.get(DEBUG):
        click.echo(clean("".join(traceback.format_exception(fault))), err=True)
    return _said(
        f"met a fault of its own ({type(fault).__name__}: {fault}): what is recorded is safe;"
        f" run it again with {DEBUG}=1 and report what it prints",
        FAULT,
        colon="",
    )


def _said(sentence: str, code: int, *, colon: str = ":") -> int:
    with suppress(OSError, ValueError):  # nobody may be there to read it
        click.echo(f"hemeroteca{colon} {clean(sentence)}", err=True)
    return code


def _drop_output() -> None:
    """What is still to be written goes nowhere, so that Python's own flush at the exit finds nothing to fail on."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def _terminable() -> Iterator[None]:
    """Ctrl-C, SIGTERM and SIGHUP unwind the command, so that locks are released and the terminal is as it was; the
    first and the last not where they are ignored.

    A crawl has its own way as soon as it runs: it ends what is under way.
    """
    before = {}
    for number in STOPS:
        if number != signal.SIGTERM and signal.getsignal(number) == signal.SIG_IGN:
            continue
        with suppress(ValueError):  # not in the main thread, where signals are somebody else's
            before[number] = signal.signal(number, _terminate)
    try:
        yield
    finally:
        for number, was in before.items():
            signal.signal(number, was if was is not None else signal.SIG_DFL)


def _terminate(number: int, frame: object) -> NoReturn:  # noqa: ARG001 (signal's signature)
    # A second one does not wait for the way out: what a kill leaves is mended at the next start
    for each in STOPS:
        if signal.getsignal(each) == _terminate:
            signal.signal(each, lambda *_: os._exit(128 + number))
    raise KeyboardInterrupt if number == signal.SIGINT else Terminated(number)


if __name__ == "__main__":
    main()
