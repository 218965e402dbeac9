"""`hemeroteca import FILE…`."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from rich.progress import DownloadColumn, Progress
from sqlite_utils import Database

from archive.corpus import Corpus
from archive.errors import HemerotecaError, UsageError
from archive.foreign import Admission, Survey, admit, is_no_page, standing, survey, volumes_of
from archive.intake import Entry, Group, Taken
from archive.rebuild import catch_up, finish
from archive.recovery import index_closed, recover
from archive.takedown import finish_takedowns
from archive.tuning.in_force import index_of
from archive.volumes import Volume, in_order
from archive.wacz import warc_size, warcs_in
from crawler.clock import utc_now
from crawler.readers import ReaderPool
from crawler.verbs import bars, corpus_option, json_option


@click.command("import", short_help="take in WARC files that others made")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@corpus_option
@click.option("--copy", is_flag=True, help="Copy the files to warc/imported/.  [default: point to where they lie]")
@click.option("--dry-run", is_flag=True, help="Count what would come in, and change nothing.")
@click.option("--workers", type=click.IntRange(min=1), help="Reading processes.  [default: the machine's cores]")
@json_option
def command(
    files: tuple[Path, ...], folder: Path, copy: bool, dry_run: bool, workers: int | None, as_json: bool
) -> None:
    """Take in WARC, WACZ or ARC files that others made: CC-NEWS, wget, Heritrix, Browsertrix and so on.

    The files stay where they are and as they are: the corpus keeps each article's place in them, their checksums, and
    what its topics make of them. What is not a page (pictures, scripts, styles) is counted and passed over.

    \b
    Examples:
        hemeroteca import --dry-run CC-NEWS-20230804101500-00001.warc.gz
        hemeroteca import --copy crawl.wacz
    """
    corpus = Corpus(folder)
    corpus.topics()  # an error in one is told before anything is written
    shown = bars(DownloadColumn(), quiet=as_json)
    with shown:
        surveys, refused = _surveys(files, shown)
        if dry_run:
            result = _foreseen(corpus, surveys, copy, workers, shown)
        else:
            result = _imported(corpus, surveys, copy, workers, shown)
    result.refused = refused
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        result.show()
    raise click.exceptions.Exit(1 if result.damage or refused else 0)


@dataclass
class Tally:
    """What came of the answers of one outlet."""

    captures: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    articles: int | None = None
    matches: int | None = None


@dataclass
class Result:
    """What an import did, or would do."""

    dry_run: bool
    files: list[tuple[Survey, Admission, bool]]  # the last: whether it is a copy
    outlets: dict[str, Tally] = field(default_factory=dict)
    passed_over: int = 0
    damage: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def take(self, found: Iterable[tuple[Group, Entry | None]]) -> Iterator[tuple[Group, Entry | None]]:
        """Counts the entries of files of others on their way to the index."""
        names = {admitted.file for _, admitted, _ in self.files}
        for group, entry in found:
            if isinstance(entry, Taken) and group.pointer.warc_file.partition("!/")[0] in names:
                if is_no_page(entry):
                    self.passed_over += 1
                else:
                    tally = self.outlets.setdefault(entry.capture.outlet or "", Tally())
                    tally.captures += 1
                    tally.outcomes[entry.reading.outcome] += 1
            yield group, entry

    def as_json(self) -> dict[str, Any]:
        return {
            "dry_run": self.dry_run,
            "files": [
                {
                    "file": admitted.file,
                    "sha256": each.sha256,
                    "bytes": each.bytes,
                    "records": each.records,
                    "copied": copied,
                    "new": admitted.new,
                }
                for each, admitted, copied in self.files
            ],
            "outlets": [
                {
                    "outlet": name or None,
                    "captures": tally.captures,
                    "articles": tally.articles,
                    "matches": tally.matches,
                    "outcomes": dict(tally.outcomes.most_common()),
                }
                for name, tally in sorted(self.outlets.items())
            ],
            "passed_over": self.passed_over,
            "damage": list(self.damage),
            "refused": list(self.refused),
        }

    def show(self) -> None:
        for each, admitted, _ in self.files:
            if not admitted.new:
                change = "what was still to be read of it came in" if self.outlets else "nothing changed"
                click.echo(f"{each.path} is in the corpus already, as {admitted.file}: {change}.")
            else:
                would = "would come in" if self.dry_run else "came in"
                click.echo(f"{each.path} {would} as {admitted.file}: {each.records} records, {each.bytes:,} bytes.")
        if self.outlets:
            click.echo()
            _table(self.outlets)
            for name, tally in sorted(self.outlets.items()):
                for outcome, number in tally.outcomes.most_common():
                    click.echo(f"{name or 'no outlet'}: {number} {outcome}")
        if self.passed_over:
            click.echo(f"{self.passed_over} answers are no pages (pictures, scripts, styles): passed over.")
        for line in self.damage:
            click.echo(f"damaged: {line}", err=True)
        for line in self.refused:
            click.echo(f"left out: {line}", err=True)


def _table(outlets: dict[str, Tally]) -> None:
    rows = [("outlet", "captures", "articles", "matches")]
    rows += [
        (name or "no outlet", str(tally.captures), _known(tally.articles), _known(tally.matches))
        for name, tally in sorted(outlets.items())
    ]
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    for name, *numbers in rows:
        cells = [name.ljust(widths[0]), *(each.rjust(width) for each, width in zip(numbers, widths[1:], strict=True))]
        click.echo("  ".join(cells))
    click.echo()


def _known(number: int | None) -> str:
    return "?" if number is None else str(number)


def _surveys(files: Sequence[Path], shown: Progress) -> tuple[list[Survey], tuple[str, ...]]:
    """Each file once, looked at whole before anything is written, and why others are left out.

    Raises what is wrong with the first where none is good.
    """
    paths = list(dict.fromkeys(path.resolve() for path in files))
    total = 0
    for path in paths:
        with suppress(UsageError, OSError):  # told below
            total += volumes_of(path) if path.is_file() else 0
    task = shown.add_task("looking", total=total)
    surveys: list[Survey] = []
    refused: list[HemerotecaError] = []
    for path in paths:
        try:
            surveys.append(survey(path, lambda done: shown.advance(task, done)))
        except UsageError as error:
            refused.append(error)
        except OSError as error:
            refused.append(UsageError(f"{path} cannot be read ({error.strerror or error}): mend that, or leave it out"))
    shown.update(task, completed=total)
    if refused and not surveys:
        raise refused[0]
    return list({each.sha256: each for each in reversed(surveys)}.values())[::-1], tuple(map(str, refused))


def _imported(corpus: Corpus, surveys: list[Survey], copy: bool, workers: int | None, shown: Progress) -> Result:
    with corpus.lock():
        finish_takedowns(corpus)
        recover(corpus, utc_now)
        for each in surveys:
            standing(corpus, each)  # all are good before the first is entered
        admitted = [(each, admit(corpus, each, utc_now(), copy=copy)) for each in surveys]
        result = Result(dry_run=False, files=[(each, it, it.file.startswith("warc/")) for each, it in admitted])
        task = shown.add_task("reading", total=None)
        with closing(corpus.database()) as db, ReaderPool(corpus, workers) as pool:
            index = index_of(corpus, db, corpus.topics(), utc_now())
            caught = catch_up(
                corpus,
                index,
                lambda found: result.take(pool.entries(found)),
                lambda what, done, total: shown.update(task, description=what, completed=done, total=total),
            )
            if caught.groups or any(it.new for _, it in admitted):
                finish(corpus, index)
            _count(db, result)
        index_closed(corpus)
    result.damage = caught.damage
    return result


def _foreseen(corpus: Corpus, surveys: list[Survey], copy: bool, workers: int | None, shown: Progress) -> Result:
    names = [(each, standing(corpus, each)) for each in surveys]
    result = Result(
        dry_run=True,
        files=[(each, Admission(name or str(each.path), new=name is None), copy) for each, name in names],
    )
    damage: list[str] = []
    volumes = [
        Volume(str(warc), warc, 0, warc_size(warc), utc_now(), damage)
        for each, name in names
        if name is None
        for warc in warcs_in(each.path)
    ]
    total = sum(volume.size for volume in volumes)
    task = shown.add_task("reading", total=total)
    with ReaderPool(corpus, workers) as pool:
        for group, _ in result.take(pool.entries(in_order(volumes))):
            shown.advance(task, group.pointer.length)
    result.damage = tuple(damage)
    return result


def _count(db: Database, result: Result) -> None:
    """How many articles these files hold a version of, and how many of them meet a topic."""
    sql = (
        "SELECT captures.outlet, count(DISTINCT revisions.article_id), count(DISTINCT matches.article_id)"
        " FROM captures JOIN revisions ON revisions.capture_id = captures.id"
        " LEFT JOIN matches ON matches.article_id = revisions.article_id AND matches.decision IN ('match', 'manual')"
        " AND EXISTS (SELECT 1 FROM topics WHERE id = topic AND version = topic_version AND current = 1)"
        " WHERE captures.warc_file = ? OR captures.warc_file LIKE ? ESCAPE '\\' GROUP BY captures.outlet"
    )
    for tally in result.outlets.values():
        tally.articles = tally.matches = 0
    for _, admitted, _ in result.files:
        inside = admitted.file.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "!/%"
        for outlet, articles, matches in db.execute(sql, [admitted.file, inside]).fetchall():
            if (counted := result.outlets.get(outlet or "")) is not None:
                counted.articles = (counted.articles or 0) + articles
                counted.matches = (counted.matches or 0) + matches
