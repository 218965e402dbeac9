"""`hemeroteca read FILE…`."""

import gzip
import json
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from functools import lru_cache, partial
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
from crawler.readers import LimitedWorkers, why_not
from crawler.verbs import corpus_option
from spiders.kit.as_json import as_json
from spiders.kit.catalogue import catalogue, choose, of_address
from spiders.kit.examine import examine
from spiders.kit.outlet import Outlet
from spiders.kit.page import Page
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
    outlets = folder.resolve() / "outlets"
    if name is not None:
        choose([name], catalogue(outlets))
    for file in files:
        if file.is_dir():
            raise UsageError(f"{file} is a directory: name the files in it")
    whole = True
    with LimitedWorkers() as workers:
        for file in files:
            whole = _file(file, partial(_ask, workers, str(outlets), name, url), everything=everything) and whole
    raise click.exceptions.Exit(0 if whole else 1)


def _file(file: Path, ask: Callable[..., Iterator[tuple[str, Reading]]], *, everything: bool) -> bool:
    """Prints what the file holds. Whether it holds anything, and nothing in it is damaged."""
    damage: list[str] = []
    found = 0
    for address, reading in ask(file, damage):
        found += 1
        if reading.article is not None and _is_article(reading):
            _print(as_json(reading.article, outcome=reading.outcome, reason=reading.reason))
        elif everything:
            _print({"url": address, "outcome": reading.outcome, "reason": reading.reason})
        elif reading.outcome is Outcome.PARSE_FAILED:
            damage.append(f"{address} in {file}: {reading.reason}")
    for line in damage:
        click.echo(f"hemeroteca: {line}", err=True)
    if not found:
        click.echo(f"hemeroteca: {file} holds no page that can be read", err=True)
    return bool(found) and not damage


def _ask(
    workers: LimitedWorkers, outlets: str, name: str | None, url: str | None, file: Path, damage: list[str]
) -> Iterator[tuple[str, Reading]]:
    """Each page of the file with its address, in order: read in a worker, so that none costs more than its limits."""
    if not file.name.lower().endswith(VOLUME_ENDINGS):
        body, at = _html(file)
        try:
            yield workers.ask(_read_page, outlets, name, body, url, at, file.name).result()
        except Exception as error:  # noqa: BLE001 (a reader that failed is what became of the page)
            yield url or f"file:{quote(file.name)}", Reading(Outcome.PARSE_FAILED, why_not(error))
        return
    waiting: deque[tuple[str, Future[Reading]]] = deque()
    for block, address, at, kind, truncated in _pages(file, damage):
        asked = workers.ask(_read_answer, outlets, name, block, address, at, kind, truncated)
        waiting.append((address, asked))
        if len(waiting) > 2 * workers.workers:
            yield _result(*waiting.popleft())
    while waiting:
        yield _result(*waiting.popleft())


def _result(address: str, asked: "Future[Reading]") -> tuple[str, Reading]:
    try:
        return address, asked.result()
    except Exception as error:  # noqa: BLE001 (as above)
        return address, Reading(Outcome.PARSE_FAILED, why_not(error))


def _is_article(reading: Reading) -> bool:
    """Walls and errors are none; a page without text is one if its head says at least when it was published."""
    if reading.outcome is Outcome.EMPTY:
        return reading.article is not None and bool(reading.article.published or reading.article.published_day)
    return reading.outcome not in (Outcome.WALL, Outcome.SOFT_404, Outcome.HTTP_ERROR)


def _pages(file: Path, damage: list[str]) -> Iterator[tuple[bytes, str, datetime, Kind, str | None]]:
    """The answers in a volume, of a WACZ in every WARC file in it: (block, URL, time, kind, truncated)."""
    for warc in warcs_in(file):
        for group in groups(_records(warc, damage)):
            record = group.record
            if record is not None and record.type == "response":
                kind = group.note.kind if isinstance(group.note, CaptureNote) else Kind.ARTICLE
                yield record.block, record.target_uri, record.date, kind, record.truncated


def _records(file: Path, damage: list[str]) -> Iterator[tuple[Pointer, Record]]:
    for found in walk(file):
        if isinstance(found, Damage):
            damage.append(f"{file}@{found.offset}: {found.why}")
        else:
            yield Pointer(file.name, found.offset, found.length), found.record


def _html(file: Path) -> tuple[bytes, datetime]:
    """The page and, since it carries no time of capture, the file's own: it decides which layout is read, no more."""
    body = file.read_bytes()
    if body.startswith(b"\x1f\x8b"):
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError) as error:
            raise UsageError(f"{file} is not a whole gzip file: fetch it again") from error
    return body, datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _read_answer(
    outlets: str, name: str | None, block: bytes, url: str, at: datetime, kind: Kind, truncated: str | None
) -> Reading:
    known = _known(outlets)
    outlet = known[name] if name else of_address(url, known)
    reading, _ = examine(parse_answer(block, truncated=truncated), url=url, at=at, outlet=outlet, kind=kind)
    # What a crawl asked for as a feed, a listing or rules is no article, whatever it looks like.
    return reading if kind is Kind.ARTICLE else Reading(reading.outcome, f"a {kind}")


def _read_page(
    outlets: str, name: str | None, body: bytes, url: str | None, at: datetime, file: str
) -> tuple[str, Reading]:
    known = _known(outlets)
    address = url or _canonical(body) or f"file:{quote(file)}"
    outlet = known[name] if name else of_address(address, known)
    return address, read(body, url=address, at=at, outlet=outlet)


def _canonical(body: bytes) -> str | None:
    """The address that the page gives itself."""
    try:
        return Page(body, url="https://unknown.invalid/").canonical_url()
    except Exception:  # noqa: BLE001 (whatever is wrong with the page, reading it will say)
        return None


@lru_cache(maxsize=1)
def _known(outlets: str) -> dict[str, Outlet]:
    return dict(catalogue(Path(outlets)))


def _print(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
