"""`hemeroteca export DIR`."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import click
from rich.progress import MofNCompleteColumn

from archive.corpus import Corpus
from archive.release import Released, export
from archive.release.selection import Mode
from crawler.verbs import bars, corpus_option, json_option
from crawler.verbs.crawl import Day


@click.command("export", short_help="write the dataset for research")
@click.argument("out", metavar="DIR", type=click.Path(path_type=Path))
@corpus_option
@click.option(
    "--rights",
    type=click.Choice(["public", "internal", "ids"]),
    default="public",
    show_default=True,
    help="public: text only where rights allow; internal: all text, not to be passed on; ids: no text.",
)
@click.option("--since", type=Day(), help="Only articles published on this day or later.")
@click.option("--until", type=Day(), help="Only articles published on this day or earlier.")
@click.option("--topic", help="Only articles that match this topic.")
@json_option
def command(
    out: Path,
    folder: Path,
    rights: str,
    since: date | None,
    until: date | None,
    topic: str | None,
    as_json: bool,
) -> None:
    """Write Parquet, JSONL.zst and SQLite with a data card and checksums. Text leaves only where rights allow.

    A release that stands at DIR is replaced, and its CHANGES.md says what is different.

    \b
    Example:
        hemeroteca export niger-corpus-2026.11
    """
    shown = bars(MofNCompleteColumn())
    with shown:
        task = shown.add_task("writing", total=None)
        released = export(
            Corpus(folder),
            out,
            rights=cast(Mode, rights),
            since=since,
            until=until,
            topic=topic,
            created=datetime.now(UTC),
            progress=lambda done, total: shown.update(task, completed=done, total=total),
        )
    click.echo(json.dumps(_row(released), ensure_ascii=False) if as_json else _sentence(released))


def _row(released: Released) -> dict[str, object]:
    return {
        "directory": str(released.out),
        "rights": released.rights,
        "articles": released.articles,
        "with_text": released.with_text,
        "without_text": released.without_text,
        "left_out": released.left_out,
        "files": released.files,
        "bytes": released.bytes,
    }


def _sentence(released: Released) -> str:
    left = "".join(f"\n{number} left out: {reason}" for reason, number in released.left_out.items())
    return (
        f"{released.articles} articles in {released.out}, {released.with_text} of them with text;"
        f" {released.files} files, {released.bytes:,} bytes.{left}\n"
        f"Start with {released.out / 'README.md'}; `sha256sum -c SHA256SUMS` proves the files."
    )
