"""`hemeroteca verify [ROW]`."""

import json
from functools import partial
from pathlib import Path

import click
from rich.progress import TaskProgressColumn

from archive.corpus import Corpus
from archive.custody import Account, Command, Finding, Part, Source, Step, Testimony, testify, verify
from archive.custody.testimony import LIMITS
from crawler.readers import ReaderPool
from crawler.verbs import bars, corpus_option, json_option

SHOWN = 40  # findings of a part that are printed; --json has more
_FEW = "  {:<9} {:<11} {}"


@click.command("verify", short_help="prove the corpus, or the chain of one article")
@click.argument("row", metavar="[ROW]", required=False)
@corpus_option
@click.option("--quick", is_flag=True, help="Leave out the fresh reading of all pages, the longest part.")
@click.option("--workers", type=click.IntRange(min=1), help="Reading processes.  [default: the machine's cores]")
@json_option
def command(row: str | None, folder: Path, quick: bool, workers: int | None, as_json: bool) -> None:
    """Prove the corpus: files against their checksums, records against their digests, rows against records, the
    journal against its chain, and all rows against a fresh reading of the records. Nothing is changed. Copies are made
    in the temporary directory (TMPDIR), which needs room for corpus.db twice.

    With ROW (an article's id or URL, a capture's id, also of what was taken down): print the chain of this one in
    words, from the row to the checksum of its file, and how anyone can check it with standard tools.

    Exit codes: 0 everything is proven; 1 something is damaged or not proven; 3 a crawl is running.

    \b
    Examples:
        hemeroteca verify
        hemeroteca verify --quick --json
        hemeroteca verify https://www.example.org/2023/08/04/story
    """
    corpus = Corpus(folder)
    if row is not None:
        with ReaderPool(corpus, 1) as pool:
            testimony = testify(corpus, row, partial(pool.entries, rows_only=False))
        click.echo(_json(testimony.as_json()) if as_json else _words(testimony, corpus))
        raise click.exceptions.Exit(0 if testimony.proven else 1)
    shown = bars(TaskProgressColumn())
    with ReaderPool(corpus, workers) as pool, shown:
        task = shown.add_task("verifying", total=None)

        def told(what: str, done: int, total: int) -> None:
            if shown.tasks[0].description != what:
                shown.reset(task, description=what)
            shown.update(task, completed=done, total=total or None)

        account = verify(corpus, pool.entries, quick=quick, progress=told)
    click.echo(_json({"corpus": str(folder), **account.as_json()}) if as_json else _table(account, corpus))
    raise click.exceptions.Exit(0 if account.proven else 1)


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2)


def _table(account: Account, corpus: Corpus) -> str:
    lines = [_FEW.format(part, _verdict(account, part), _counts(account, part)).rstrip() for part in Part]
    for word, fault in (("said", False), ("FAULT", True)):
        for part in Part:
            found = [each for each in account.findings if each.part is part and each.fault is fault]
            lines += [f"{word}: {_line(each)}" for each in found[:SHOWN]]
            more = (account.faults[part] if fault else len(found)) - SHOWN
            if more > 0:
                lines.append(f"{word}: {more} more in {part}; --json lists the first 1000 of each part")
    if not account.proven:
        lines.append(f"{corpus.folder} is NOT PROVEN: {account.faults.total()} faults.")
    elif Part.READING in account.left_out:
        lines.append(f"{corpus.folder} is proven as far as it was asked; without --quick all rows are read afresh.")
    else:
        lines.append(f"{corpus.folder} is proven.")
    if account.proven and (head := corpus.journal.head).n:
        lines.append(
            f"The journal ends with line {head.n}, digest {head.digest}: keep these words elsewhere, since nothing in"
            " the folder can show that its last lines were removed with all that came after them."
        )
    return "\n".join(lines)


def _verdict(account: Account, part: Part) -> str:
    if account.faults[part]:
        return "NOT PROVEN"
    return "left out" if part in account.left_out else "proven"


def _counts(account: Account, part: Part) -> str:
    if part in account.left_out:
        return account.left_out[part]
    return ", ".join(_count(what, number) for what, number in account.counts[part].items())


def _count(what: str, number: int) -> str:
    return what if what in ("integrity check", "foreign keys", "search index") else f"{number:,} {what}"


def _line(finding: Finding) -> str:
    return f"{finding.part}: {finding.place}: {finding.what}"


def _words(testimony: Testimony, corpus: Corpus) -> str:
    blocks = [*testimony.statements]
    for source in testimony.sources:
        blocks += ["", *_source(source)]
    blocks += ["", *map(_step, testimony.steps), "", LIMITS, "", f"By hand, in {corpus.folder.resolve()}:"]
    commands = [each for source in testimony.sources for each in source.by_hand] + testimony.by_hand
    for each in dict.fromkeys(commands):
        blocks += _command(each)
    if testimony.proven:
        blocks += ["", "Every step is proven."]
    else:
        steps = [*(step for source in testimony.sources for step in source.steps), *testimony.steps]
        blocks += ["", f"NOT PROVEN: {sum(not step.proven for step in steps)} of {len(steps)} steps."]
    return "\n".join(blocks)


def _source(source: Source) -> list[str]:
    return [source.heading, *(f"  {each}" for each in source.statements), *map(_step, source.steps)]


def _step(step: Step) -> str:
    return f"  proven: {step.says}" if step.proven else f"  NOT PROVEN: {step.why}. To be proven was: {step.says}"


def _command(command: Command) -> list[str]:
    shell = "\n".join(f"    {line}" for line in command.shell.splitlines())
    return ["", f"  {command.what}; the output must hold {command.gives}", shell]
