"""`hemeroteca outlet record NAME URL`."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import click

from archive.corpus import Corpus
from archive.errors import HemerotecaError, UsageError, named_errors
from archive.fixtures import Fixture, keep
from archive.model import Kind, Outcome
from crawler.redaction import clean
from crawler.verbs import corpus_option, json_option, waiting
from spiders.kit.addresses import normalise
from spiders.kit.as_json import as_json as values_of
from spiders.kit.catalogue import catalogue, choose
from spiders.kit.probing.compared import accepted
from spiders.kit.probing.home import of_one_house
from spiders.kit.words import printable

_SHOWN = 300  # characters of a value
_ARTICLES = (Outcome.OK, Outcome.PAYWALLED, Outcome.TEXT_INCOMPLETE)


@click.command("record", short_help="keep a page as a fixture, with the fields that you accept")
@click.argument("name", metavar="NAME")
@click.argument("url", metavar="URL")
@corpus_option
@click.option("--yes", is_flag=True, help="Accept what is read without asking.")
@json_option
def command(name: str, url: str, folder: Path, yes: bool, as_json: bool) -> None:
    """Fetch one page of an outlet, show what is read of it, and keep it as a fixture once you accept that.

    The page is asked for as in a crawl and recorded in the corpus; fixtures/NAME/ gets a JSON file with the place of
    the record and the accepted fields. `outlet test` reads the page again and compares.

    \b
    Examples:
        hemeroteca outlet record lesahel https://www.lesahel.org/un-article/
        hemeroteca outlet record lesahel https://www.lesahel.org/un-article/ --yes
    """
    corpus = Corpus(folder)
    (outlet,) = choose([name], catalogue(corpus.outlets_folder))
    address = normalise(url)
    if address is None:
        raise UsageError(f"{clean(url)} is no web address: copy it from the page's address bar")
    address = outlet.one_spelling(address)
    own = outlet.is_article(address)
    if own is False or (own is None and not of_one_house(address, outlet.home)):
        wanted = outlet.articles or outlet.home
        raise UsageError(f"{clean(address)} is no article of {name}, whose addresses are {wanted}: give one of those")
    if not yes and not sys.stdin.isatty():
        raise UsageError("nobody is there to accept what is read: look at it in a terminal, or add --yes")
    from crawler.conversation import Conversation, Said, converse
    from crawler.probe import obstacle
    from crawler.run import Run

    heard: list[Said] = []

    async def talk(asking: Conversation) -> None:
        heard.append(await asking.ask(address, Kind.ARTICLE, "corpus"))

    run = Run(corpus, [outlet], command=clean(shlex.join(["hemeroteca", *sys.argv[1:]])))
    with waiting(quiet=as_json) as note:
        summary = converse(run, talk, note)
    if summary.interrupted and summary.stopped_by:
        raise click.exceptions.Exit(128 + summary.stopped_by)
    if not heard:
        raise HemerotecaError(f"{clean(address)} was not asked for to the end: run the same command again")
    said = heard[0]
    if said.taken is None or said.reading.article is None:
        raise HemerotecaError(clean(obstacle(said)))
    capture, sent = said.taken.capture, said.taken.note
    fields = accepted(values_of(said.reading.article))
    fixture = Fixture(
        outlet=name,
        url=said.url,
        captured=capture.fetched_at,
        pointer=capture.pointer,
        record_id=capture.record_id,
        outcome=said.reading.outcome.value,
        fields=fields,
        same_as=sent.same_as if sent else None,
    )
    if yes and said.reading.outcome not in _ARTICLES:
        why = f" ({said.reading.reason})" if said.reading.reason else ""
        raise HemerotecaError(
            clean(f"{said.url} was read as {fixture.outcome}{why}: no fixture is kept; look at it without --yes")
        )
    if not as_json:
        _show(said.url, fixture.outcome, fields)
    if not yes and not click.confirm("Is all of it right?", err=True):
        click.echo("Nothing is kept as a fixture; the page is recorded in the corpus.", err=True)
        raise click.exceptions.Exit(1)
    with named_errors(corpus.folder):
        path = keep(corpus, fixture)
    if as_json:
        click.echo(json.dumps({"fixture": str(path), "url": said.url, "outcome": fixture.outcome, "fields": fields}))
    else:
        click.echo(f"Kept: {path}", err=True)


def _show(url: str, outcome: str, fields: dict[str, Any]) -> None:
    click.echo(f"{clean(url)}: {outcome}", err=True)
    for field, value in fields.items():
        shown = printable(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if field == "paragraphs":
            click.echo(f"{field:<14} {len(value)}, {sum(len(each.split()) for each in value)} words", err=True)
            for each in value:
                click.echo(f"{'':<14} {printable(each)}", err=True)
            continue
        click.echo(f"{field:<14} {shown[:_SHOWN]}{'…' if len(shown) > _SHOWN else ''}", err=True)
