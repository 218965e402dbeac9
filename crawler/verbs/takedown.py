"""`hemeroteca takedown ARTICLE…`."""

import json
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from archive.corpus import Corpus
from archive.custody.scratch import remove_left
from archive.errors import UsageError
from archive.journal import Line
from archive.rebuild import catch_up
from archive.recovery import recover
from archive.takedown import NothingKnown, Plan, finish_takedowns, is_pending, plan, take_down
from archive.tuning.in_force import index_of
from archive.wacz import OPEN
from crawler.clock import utc_now
from crawler.readers import ReaderPool
from crawler.verbs import corpus_option, json_option
from spiders.kit.addresses import normalise

IMPORTED = "warc/imported/"


@click.command("takedown", short_help="take an article down for good, and keep on record that it was")
@click.argument("articles", metavar="ARTICLE...", nargs=-1, required=True)
@corpus_option
@click.option("--reason", metavar="TEXT", help="Why; it is kept in the journal and shown on the article's page.")
@click.option("--dry-run", is_flag=True, help="Say which records, files and rows would be touched, and touch none.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@json_option
def command(
    articles: tuple[str, ...], folder: Path, reason: str | None, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Take articles down, each named by its id or one of its addresses.

    Every capture of the article, in both series and all versions, is replaced in its WARC file by a tombstone with
    digests and reason; its rows and its words in the search go; no crawl asks for its addresses again, and a rebuild
    does not bring it back. The journal says what was done; `hemeroteca verify` still passes.

    There is no undo. Backups, exports made before and files of others that were imported still hold the article: they
    are for their owners to deal with. Feeds, sitemaps and listings that printed the headline, with whatever else they
    printed, stay as evidence of what was listed; so do the articles that copied it. The article's addresses and its id,
    which has words of the headline, stay in the journal: they are what bars it from coming back.

    \b
    Examples:
        hemeroteca takedown gazette-2023-08-04-the-ferry --reason "order of a court" --dry-run
        hemeroteca takedown https://gazette.example/ferry --reason "asked for by a person named in it"
    """
    corpus = Corpus(folder)
    if not corpus.database_file.is_file():
        raise UsageError(f"{corpus.folder} has no corpus.db to find the article in: run `hemeroteca rebuild` first")
    if dry_run:
        with closing(corpus.database()) as db:
            plans = _plans(corpus, db, articles)
        if is_pending(corpus) or any(path.suffix == OPEN for path in corpus.warc_files()):
            click.echo("hemeroteca: what a crash left behind is not counted here; it is seen to before", err=True)
        _show(plans, as_json=as_json)
        return
    if not " ".join((reason or "").split()):
        raise UsageError('a takedown needs a reason, which is kept: add --reason "order of a court"')
    if not yes and not sys.stdin.isatty():
        raise UsageError("nobody is there to confirm: look with --dry-run first, then add --yes")
    remove_left()
    with corpus.lock():
        finish_takedowns(corpus)
        recover(corpus, utc_now)
        with closing(corpus.database()) as db, ReaderPool(corpus) as pool:
            for line in catch_up(corpus, index_of(corpus, db, corpus.topics(), utc_now()), pool.entries).damage:
                click.echo(f"damaged: {line}", err=True)
            plans = _plans(corpus, db, articles)
        due = [each for each in plans if not each.is_done]
        if due and not yes:
            _show(due, as_json=False, err=as_json)
            click.confirm("This cannot be undone. Take it down?", abort=True, err=as_json)
        lines = take_down(corpus, due, reason or "", utc_now()) if due else []
    _tell(plans, due, lines, as_json=as_json)


def _plans(corpus: Corpus, db: Database, articles: Iterable[str]) -> list[Plan]:
    """One for each article, however often it is named."""
    found: dict[tuple[str, ...], Plan] = {}
    for asked in articles:
        try:
            each = plan(corpus, db, asked)
        except NothingKnown:
            address = normalise(asked) if "://" in asked else None
            if address is None or address == asked:
                raise
            each = plan(corpus, db, address)
        found[each.urls] = each
    return list(found.values())


def _show(plans: list[Plan], *, as_json: bool, err: bool = False) -> None:
    if as_json:
        click.echo(json.dumps({"articles": [_row(each) for each in plans]}, ensure_ascii=False))
        return
    for each in plans:
        for line in _described(each):
            click.echo(line, err=err)


def _tell(plans: list[Plan], due: list[Plan], lines: list[Line], *, as_json: bool) -> None:
    entries = dict(zip((each.urls for each in due), (line.n for line in lines), strict=True))
    if as_json:
        rows = [{**_row(each), "entry": entries.get(each.urls)} for each in plans]
        click.echo(json.dumps({"articles": rows}, ensure_ascii=False))
        return
    for each in plans:
        if each.urls not in entries:
            click.echo(f"{each.article_id or each.asked} is taken down already, since {each.since}.")
            continue
        click.echo(
            f"{each.article_id or each.asked} is taken down: {_count(each.removals, 'record')} and"
            f" {_count(each.notes, 'note')} in {_count(each.files, 'file')}; line {entries[each.urls]} of the journal."
        )
        for line in _beyond_reach(each):
            click.echo(line)


def _described(each: Plan) -> list[str]:
    lines = [f"{each.article_id or each.asked}: {_printable(each.title or 'an address without an article')}"]
    if each.is_done:
        return [*lines, f"  is taken down already, since {each.since}"]
    lines.append(
        f"  records that are replaced: {len(each.removals)}; notes without title and summary: {len(each.notes)}"
    )
    lines += [
        f"    {record.fetched_at} {record.url} ({record.file}, offset {record.offset})" for record in each.removals
    ]
    lines.append(f"  files that are written anew: {', '.join(each.files) or 'none'}")
    lines.append("  rows that go: " + (", ".join(f"{name} {count}" for name, count in each.rows.items()) or "none"))
    lines.append(f"  never asked for again: {', '.join(each.urls)}")
    return lines + [f"  {line}" for line in _beyond_reach(each)]


def _beyond_reach(each: Plan) -> list[str]:
    """What still holds the words when all is done."""
    lines = [f"{name} holds it still and is not ours: its owner must deal with it" for name in each.foreign]
    if any(name.startswith(IMPORTED) for name in each.files):
        lines.append("it was in files that were copied when they were imported: the originals hold it still")
    if each.copies:
        lines.append(f"articles with the same text, which stay: {', '.join(each.copies)}")
    return lines


def _row(each: Plan) -> dict[str, Any]:
    return {
        "article": each.article_id,
        "title": each.title,
        "outlet": each.outlet,
        "urls": each.urls,
        "since": each.since,
        "records": [
            {"record_id": record.record_id, "url": record.url, "fetched_at": record.fetched_at}
            | {"file": record.file, "offset": record.offset, "length": record.length}
            for record in each.removals
        ],
        "notes": [{"file": note.warc_file, "offset": note.offset, "length": note.length} for note in each.notes],
        "files": each.files,
        "rows": each.rows,
        "foreign": each.foreign,
        "copies": each.copies,
    }


def _count(things: tuple[Any, ...], noun: str) -> str:
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"


def _printable(text: str) -> str:
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
