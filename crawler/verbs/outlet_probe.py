"""`hemeroteca outlet probe URL`."""

import json
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from archive.corpus import CORPUS_FILE, Corpus
from archive.errors import UsageError, named_errors
from crawler.admission import Window, window_of
from crawler.clock import utc_now
from crawler.redaction import clean
from crawler.verbs import corpus_option, json_option, program, waiting
from crawler.verbs.init import make
from crawler.verbs.outlet_report import as_values, report
from spiders.kit.addresses import host_of, normalise
from spiders.kit.catalogue import catalogue
from spiders.kit.outlet import Outlet
from spiders.kit.probing.draft import as_toml, name_of
from spiders.kit.probing.found import drafted
from spiders.kit.toml_outlet import NAME, load_outlet


@click.command("probe", short_help="find feeds, sitemaps, rights and paywall of a newspaper, and draft its outlet")
@click.argument("url", metavar="URL")
@corpus_option
@click.option("--samples", default=3, show_default=True, type=click.IntRange(0, 20), help="Articles that are read.")
@click.option("--name", help="What the outlet is called.  [default: from the address]")
@click.option("--write", is_flag=True, help="Write outlets/NAME.toml in the corpus, instead of printing it.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.option(
    "--warc",
    "warc_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to keep the answers if there is no corpus (FILE.warc.gz).",
)
@click.option("--contact", help="E-mail address or URL that the newspaper can write to.  [default: the corpus' own]")
@json_option
def command(
    url: str,
    folder: Path,
    samples: int,
    name: str | None,
    write: bool,
    force: bool,
    warc_file: Path | None,
    contact: str | None,
    as_json: bool,
) -> None:
    """Look at a newspaper's home page and at what it announces, read a few articles, and draft its outlet.

    Asks as a crawl does: robots.txt first, one request at a time, under the contact's name; every answer is recorded in
    the corpus. A login, a bot wall or a refusal is told and left alone. The draft goes to standard output, the report
    to standard error; look at both before you crawl. Ends with 1 where something stood in the way.

    \b
    Examples:
        hemeroteca outlet probe https://anp.ne/
        hemeroteca outlet probe https://anp.ne/ --write && hemeroteca crawl anp
        hemeroteca outlet probe https://anp.ne/ --warc probe.warc.gz --contact you@example.org
    """
    home = _home(url, name)
    with _corpus(folder, warc_file, contact, write=write, force=force) as corpus:
        known = catalogue(corpus.outlets_folder)
        same = [each.name for each in known.values() if host_of(each.home) == host_of(home)]
        chosen = name or (same[0] if same else name_of(home))
        file = folder / "outlets" / f"{chosen}.toml"
        if write and not force and (file.exists() or chosen in known):
            raise UsageError(
                f"the outlet {chosen} is there already: choose another name with --name, or write over it with --force"
            )
        from crawler.conversation import converse
        from crawler.probe import Probe
        from crawler.run import Run

        outlet = known.get(chosen) or Outlet(name=chosen, title=chosen, home=home, languages=())
        window = window_of(corpus.topics(), corpus.settings.since, corpus.settings.until)
        run = Run(corpus, [outlet], command=clean(shlex.join(["hemeroteca", *sys.argv[1:]])))
        probe = Probe(home, chosen, samples, utc_now())
        with waiting(quiet=as_json) as note:
            summary = converse(run, probe.talk, note)
        found = probe.found
        draft = drafted(found)
        text = as_toml(draft)
        with TemporaryDirectory() as scratch:
            checked = Path(scratch) / f"{chosen}.toml"
            checked.write_text(text, encoding="utf-8")
            load_outlet(checked)
    if summary.interrupted and summary.stopped_by:
        click.echo("The probe was interrupted: what was asked is recorded; run the same command again.", err=True)
        raise click.exceptions.Exit(128 + summary.stopped_by)
    written = file if write and any(each.live for each in draft.sources) else None
    if written is not None:
        with named_errors(file):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
    if as_json:
        click.echo(json.dumps(as_values(found, text, written), ensure_ascii=False, indent=2))
    else:
        report(found, known_as=same)
        if not write:
            click.echo(text, nl=False)
        elif written is not None:
            say = shlex.join([program(), "crawl", chosen, "--corpus", str(folder)])
            click.echo(f"Written: {file}. Look at it, then: {say}", err=True)
            if window != Window():
                click.echo(f"A crawl takes what was published in the window of its topics, {window}.", err=True)
        else:
            click.echo(f"Nothing is written to {file}, since nothing was found to watch.", err=True)
    raise click.exceptions.Exit(1 if found.troubles else 0)


def _home(url: str, name: str | None) -> str:
    """The address to begin with. Raises UsageError, before anything is asked."""
    home = normalise(url if "://" in url else f"https://{url}")
    if home is None or ("://" not in url and "." not in host_of(home)):
        raise UsageError(f"{clean(url)} is no web address: give the newspaper's home page, such as https://anp.ne/")
    if name is not None and not NAME.fullmatch(name):
        raise UsageError(f"an outlet cannot be called {clean(name)!r}: use letters, digits, dots, - and _ only")
    return home


@contextmanager
def _corpus(folder: Path, warc_file: Path | None, contact: str | None, *, write: bool, force: bool) -> Iterator[Corpus]:
    """The corpus, or one that lasts as long as the probe, whose records then go to `warc_file`."""
    if (folder / CORPUS_FILE).is_file():
        if warc_file is not None:
            raise UsageError(f"{folder} is a corpus, and keeps the answers itself: leave out --warc")
        corpus = Corpus(folder)
        if contact:
            corpus.settings = replace(corpus.settings, contact=contact)
        yield corpus
        return
    if write or warc_file is None:
        Corpus(folder)  # says what is missing
    assert warc_file is not None
    if not warc_file.name.endswith(".warc.gz"):
        raise UsageError(f"{warc_file} will be a compressed WARC file: let its name end in .warc.gz")
    if warc_file.exists() and not force:
        raise UsageError(f"{warc_file} is there already: choose another name, or write over it with --force")
    if not contact:
        raise UsageError("a newspaper must be able to write to you: add --contact you@example.org, or a URL")
    with TemporaryDirectory(prefix="hemeroteca-") as scratch:
        place = Path(scratch) / "probe"
        make(place, contact=contact, title="A probe", outlets=(), topic=False)
        corpus = Corpus(place)
        yield corpus
        with named_errors(warc_file), warc_file.open("wb") as out:
            for volume in corpus.warc_files():
                with volume.open("rb") as part:
                    shutil.copyfileobj(part, out)
