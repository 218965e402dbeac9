"""`hemeroteca read FILE…`."""

import gzip
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from archive.errors import UsageError
from archive.http import parse_answer
from archive.intake import groups
from archive.model import Kind, Outcome, Pointer, Reading
from archive.notes import CaptureNote
from archive.records import Damage, Record, walk
from archive.wacz import VOLUME_ENDINGS, warcs_in
from crawler.verbs import corpus_option
from spiders.kit.as_json import as_json
from spiders.kit.catalogue import catalogue, choose, of_address
from spiders.kit.examine import examine
from spiders.kit.outlet import Outlet
from spiders.kit.reading import read


@click.command("read", short_help="WARC, WACZ or HTML in, one article per line out")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@corpus_option
@click.option("--url", help="The address of an HTML file; left out: its canonical link.")
@click.option("--outlet", "name", help="Read with this outlet's page, whatever the address.")
@click.option("--all", "everything", is_flag=True, help="Also lines for pages that are no articles, with the reason.")
def command(files: tuple[Path, ...], folder: Path, url: str | None, name: str | None, everything: bool) -> None:
    """Read WARC, WACZ, ARC or HTML files and print one article per line as JSON. Touches no corpus.

    \b
    Examples:
        hemeroteca read crawl.warc.gz > articles.jsonl
        hemeroteca read page.html --url https://www.example.org/2023/08/04/story
    """
    outlets = catalogue(folder / "outlets")
    if name is not None:
        choose([name], outlets)
    whole = True
    for file in files:
        if file.is_dir():
            raise UsageError(f"{file} is a directory: name the files in it")
        warc = file.name.lower().endswith(VOLUME_ENDINGS)
        damage: list[str] = []
        found = 0
        for address, reading in _warcs(file, outlets, name, damage) if warc else _html(file, url, outlets, name):
            found += 1
            if reading.article is not None and _is_article(reading):
                _print(as_json(reading.article, outcome=reading.outcome, reason=reading.reason))
            elif everything:
                _print({"url": address, "outcome": reading.outcome, "reason": reading.reason})
        for line in damage:
            click.echo(f"hemeroteca: {line}", err=True)
        if not found:
            click.echo(f"hemeroteca: {file} holds no page that can be read", err=True)
        whole = whole and bool(found) and not damage
    raise click.exceptions.Exit(0 if whole else 1)


def _is_article(reading: Reading) -> bool:
    """Walls and errors are none; a page without text is one if its head says at least when it was published."""
    if reading.outcome is Outcome.EMPTY:
        return reading.article is not None and bool(reading.article.published or reading.article.published_day)
    return reading.outcome not in (Outcome.WALL, Outcome.SOFT_404, Outcome.HTTP_ERROR)


def _warcs(
    file: Path, outlets: dict[str, Outlet], name: str | None, damage: list[str]
) -> Iterator[tuple[str, Reading]]:
    """Of a WACZ every WARC file in it."""
    for warc in warcs_in(file):
        yield from _warc(warc, outlets, name, damage)


def _warc(file: Path, outlets: dict[str, Outlet], name: str | None, damage: list[str]) -> Iterator[tuple[str, Reading]]:
    for group in groups(_records(file, damage)):
        record = group.record
        if record is None or record.type != "response":
            continue
        kind = group.note.kind if isinstance(group.note, CaptureNote) else Kind.ARTICLE
        answer = parse_answer(record.block, truncated=record.truncated)
        outlet = outlets[name] if name else of_address(record.target_uri, outlets)
        reading, _ = examine(answer, url=record.target_uri, at=record.date, outlet=outlet, kind=kind)
        # What a crawl asked for as a feed, a listing or rules is no article, whatever it looks like.
        yield record.target_uri, reading if kind is Kind.ARTICLE else Reading(reading.outcome, f"a {kind}")


def _records(file: Path, damage: list[str]) -> Iterator[tuple[Pointer, Record]]:
    for found in walk(file):
        if isinstance(found, Damage):
            damage.append(f"{file}@{found.offset}: {found.why}")
        else:
            yield Pointer(file.name, found.offset, found.length), found.record


def _html(file: Path, url: str | None, outlets: dict[str, Outlet], name: str | None) -> Iterator[tuple[str, Reading]]:
    body = file.read_bytes()
    if body.startswith(b"\x1f\x8b"):
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError) as error:
            raise UsageError(f"{file} is not a whole gzip file: fetch it again") from error
    # The file carries no time of capture; its own time decides only which layout of a newspaper is read.
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    address = url or _canonical(body) or f"file:{quote(file.name)}"
    outlet = outlets[name] if name else of_address(address, outlets)
    yield address, read(body, url=address, at=at, outlet=outlet)


def _canonical(body: bytes) -> str | None:
    """The address that the page gives itself."""
    article = read(body, url="https://unknown.invalid/", at=datetime.fromtimestamp(0, UTC)).article
    return article.canonical_url if article else None


def _print(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
