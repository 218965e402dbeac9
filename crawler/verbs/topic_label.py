"""`hemeroteca topic label`."""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn
from rich.text import Text
from sqlite_utils import Database

from archive.corpus import Corpus
from archive.disk import write_all
from archive.errors import UsageError
from archive.topics import Topic, load_topic
from archive.tuning.advice import advised
from archive.tuning.explanation import Explanation, explained
from archive.tuning.named import article_named, topic_file
from archive.tuning.sample import Drawn, draw, strata_of
from archive.tuning.sheets import is_sheet, read, rows_of, written
from archive.tuning.sitting import Sitting, last_by
from archive.tuning.verdicts import Standing, Verdict, enter, last_of, report, said_of, say, say_unless, take_back
from crawler.clock import utc_now
from crawler.verbs import bars, corpus_option, json_option, plain
from crawler.verbs.topic_advice import advice_values, show_advice
from crawler.verbs.topic_report import as_values, show_report

KEYS = {"y": "yes", "n": "no", "?": "unsure", "s": "skip", "u": "undo", "q": "quit"}
SHOWN = 6  # mentions of an article
LEAD = 500  # characters of its text


@click.command("label", short_help="judge a sample of articles, and learn how good the topic is")
@click.argument("name", metavar="TOPIC")
@corpus_option
@click.option("-n", "most", type=click.IntRange(min=1), default=60, show_default=True, help="Articles in the sample.")
@click.option("--by", metavar="NAME", help="Who judges; it is kept with each verdict.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another number draws another sample.")
@click.option("--report", "only_report", is_flag=True, help="Print the figures, ask for nothing.")
@click.option("--sample", type=click.Path(path_type=Path), metavar="FILE", help="Write the sample, as .csv or .jsonl.")
@click.option("--from", "sheet", type=click.Path(path_type=Path), metavar="FILE", help="Take the verdicts in it.")
@json_option
def command(
    name: str,
    folder: Path,
    most: int,
    by: str | None,
    seed: int,
    only_report: bool,
    sample: Path | None,
    sheet: Path | None,
    as_json: bool,
) -> None:
    """Judge whether articles belong to a topic: some that it takes, some just below its min_score, some far below, some
    that it rejects. One after the other: y yes, n no, ? unsure, s skip, u undo the last verdict, q quit. Each verdict
    is in the journal at once; the same command goes on where it was left. Where no terminal is, a key per line is read
    from standard input. `hemeroteca serve --label NAME` shows the same sample in a browser.

    A verdict decides: yes keeps the article whatever the topic says, no keeps it out; the last one counts. It survives
    rebuilds and every change of the topic.

    Ends with precision and its Wilson interval, recall as an estimate from the strata, the min_score with the best F1,
    and advice: what was judged otherwise than the topic decides, terms that mislead, words that may be missing, weights
    that would serve better. A draft outside of the corpus can be reported on too, by its file. With --from it ends with
    1 where lines of the file were no verdicts; a verdict keeps the version of the topic that its line names.

    \b
    Examples:
        hemeroteca topic label niger-coup-2023 -n 60 --by me
        hemeroteca topic label niger-coup-2023 --report
        hemeroteca topic label draft.toml --report
        hemeroteca topic label niger-coup-2023 --sample sheet.csv
        hemeroteca topic label niger-coup-2023 --from sheet.csv --by me
    """
    corpus = Corpus(folder)
    if not corpus.database_file.is_file():
        raise UsageError(f"{corpus.folder} has no corpus.db yet: there is nothing to judge before the first crawl")
    if sum((only_report, sample is not None, sheet is not None)) > 1:
        raise UsageError("--report, --sample and --from are three commands: give one of them")
    topic = load_topic(topic_file(corpus, name))
    by = " ".join((by or "").split()) or None
    bad: list[tuple[int, str]] = []
    with closing(corpus.database()) as db:
        with bars(MofNCompleteColumn(), quiet=as_json) as shown:
            task = shown.add_task("looking for articles", total=None)
            strata = strata_of(db.conn, topic, lambda done, total: shown.update(task, completed=done, total=total))
        if sample is not None:
            _write(corpus, db, topic, draw(strata, most, seed), sample, as_json=as_json)
            return
        if sheet is not None:
            bad = _take(corpus, db, topic, sheet, by)
        elif not only_report:
            _ask(corpus, db, topic, draw(strata, most, seed), by)
        result = report(db, topic, strata, said_of(corpus, db, topic.id).verdicts)
        advice = advised(db, topic, strata) if result.judged else None
    if as_json:
        values = {**as_values(result), "bad": [{"line": line, "says": why} for line, why in bad]}
        values["advice"] = advice and advice_values(advice)
        click.echo(json.dumps(values, ensure_ascii=False))
    else:
        show_report(result)
        if advice:
            show_advice(advice)
    raise click.exceptions.Exit(1 if bad else 0)


def _write(corpus: Corpus, db: Database, topic: Topic, drawn: list[Drawn], path: Path, *, as_json: bool) -> None:
    """The part of the sample that nobody has judged."""
    if not is_sheet(path):
        raise UsageError(f"{path} must end in .csv or .jsonl, which says how it is to be written")
    judged = last_of(said_of(corpus, db, topic.id).verdicts)
    due = [each for each in drawn if each.article_id not in judged]
    data = written(path, rows_of(db, topic.version, due))
    try:
        with path.open("xb") as file:
            write_all(file.fileno(), data, 0)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already and may hold verdicts: name a new file") from error
    if as_json:
        values = {"file": str(path), "articles": len(due), "judged": len(drawn) - len(due)}
        click.echo(json.dumps(values, ensure_ascii=False))
        return
    if len(due) < len(drawn):
        click.echo(f"{len(drawn) - len(due)} of {len(drawn)} are judged already and left out", err=True)
    click.echo(f"{len(due)} articles in {path}: fill the column verdict with yes, no or unsure, then give it to --from")


def _take(corpus: Corpus, db: Database, topic: Topic, path: Path, by: str | None) -> list[tuple[int, str]]:
    """Takes the verdicts of a file; gives the lines that are none."""
    found = read(path)
    bad = list(found.bad)
    last = last_of(said_of(corpus, db, topic.id).verdicts)
    taken = known = 0
    older = Counter[str]()
    with _entering(corpus, db):
        for line, said in found.verdicts:
            try:
                article_id = article_named(db, said.article_id)
            except UsageError as fault:
                bad.append((line, str(fault)))
                continue
            whole = replace(said, article_id=article_id, by=said.by or by)
            before = last.get(article_id)
            if before is not None and (before.verdict, before.by) == (whole.verdict, whole.by):
                known += 1
                continue
            say(corpus, topic, whole, utc_now())
            taken += 1
            older[said.topic_version or topic.version] += 1
    for version, number in older.items():
        if version != topic.version:
            click.echo(
                f"{number} verdicts were given on version {version[:12]} of {topic.id}, which is not that of its file"
                f" now ({topic.short_version}): they count, and keep their version",
                err=True,
            )
    for line, why in sorted(bad):
        click.echo(f"{path}:{line}: {plain(why)}", err=True)
    click.echo(
        f"{taken} verdicts taken, {known} known before, {found.blank} lines without one, {len(bad)} bad lines", err=True
    )
    return sorted(bad)


def _ask(corpus: Corpus, db: Database, topic: Topic, drawn: list[Drawn], by: str | None) -> None:
    """One article at a time, until all are judged or the person quits."""
    sitting = Sitting(drawn, last_of(said_of(corpus, db, topic.id).verdicts))
    if sitting.done:
        click.echo(f"{sitting.done} of {len(drawn)} are judged already", err=True)
    due = sitting.following()
    with _entering(corpus, db):
        while due is not None:
            found = explained(db, topic, due.article_id)
            if found is None:  # taken down meanwhile
                due = sitting.following(due.article_id)
                continue
            known = last_of(said_of(corpus, db, topic.id).verdicts).get(due.article_id)
            _show(db, found, f"{sitting.place(due.article_id)} of {len(drawn)}")
            key = _key()
            if key == "quit":
                return
            if key == "undo":
                back = _undo(corpus, db, topic, by)
                again = [each for each in drawn if back is not None and each.article_id == back.article_id]
                due = again[0] if again else due
            else:
                if key != "skip":
                    said = Verdict(due.article_id, key, by, due.stratum.value, due.weight)
                    newer = say_unless(corpus, db, topic, said, utc_now(), seen=known.entry if known else 0)
                    if newer is not None:
                        by_whom = newer.by or "somebody"
                        click.echo(
                            f"{by_whom} said {newer.verdict} of it meanwhile: that stands, yours is left out", err=True
                        )
                    _enter(corpus, db)
                sitting = Sitting(drawn, last_of(said_of(corpus, db, topic.id).verdicts))
                due = sitting.following(due.article_id)


def _undo(corpus: Corpus, db: Database, topic: Topic, by: str | None) -> Standing | None:
    """Takes back the last verdict of this person; gives it."""
    last = last_by(said_of(corpus, db, topic.id).verdicts, by)
    back = last and take_back(corpus, db, topic, last.entry, utc_now(), by)
    if back is None:
        click.echo(f"no verdict of {by or 'nobody in particular'} is left to undo", err=True)
        return None
    _enter(corpus, db)
    click.echo(f"undone: {back.verdict} for {back.article_id}; the topic decides again", err=True)
    return back


@contextmanager
def _entering(corpus: Corpus, db: Database) -> Iterator[None]:
    """Brings rows up to the journal in the end, however it ends."""
    try:
        yield
    finally:
        _enter(corpus, db)


def _enter(corpus: Corpus, db: Database) -> None:
    if not enter(corpus, db):
        click.echo("hemeroteca: another process writes; the verdict is kept and its rows come later", err=True)


def _key() -> str:
    """What the person says: a key on a terminal, else a line of standard input, whose end is the end."""
    while True:
        if sys.stdin.isatty():
            click.echo("y n ? s u q: ", nl=False, err=True)
            typed = click.getchar()
            click.echo(typed if typed.isprintable() else "", err=True)
        else:
            typed = sys.stdin.readline()
            if not typed:
                return "quit"
        if key := KEYS.get(typed.strip().lower()[:1]):
            return key
        click.echo("y yes, n no, ? unsure, s skip, u undo the last verdict, q quit", err=True)


def _show(db: Database, found: Explanation, where: str) -> None:
    """On stderr, as is every question; nothing tells from which stratum it was drawn."""
    row = db.execute(
        "SELECT title, outlet, coalesce(published_at, published_day), language, url, standfirst, text FROM articles"
        " WHERE id = ?",
        [found.match.document_id],
    ).fetchone()
    title, outlet, published, language, url, standfirst, text = (plain(value or "") for value in row)
    console = Console(stderr=True, highlight=False)
    console.print()
    console.print(Text(where, style="dim"), Text(title or "without a title", style="bold"))
    console.print(
        Text(f"{outlet or 'unknown outlet'}, {published or 'no date'}, {language or 'unknown language'}  {url}")
    )
    for each in found.mentions[:SHOWN]:
        console.print(
            Text(f"  {each.concept}: {plain(each.before, ends=True)}"),
            Text(plain(each.words), style="bold reverse"),
            Text(plain(each.after, ends=True)),
            sep="",
        )
    if len(found.mentions) > SHOWN:
        console.print(Text(f"  and {len(found.mentions) - SHOWN} mentions more", style="dim"))
    lead = f"{standfirst} {text}".strip()
    console.print(Text(lead if len(lead) <= LEAD else f"{lead[:LEAD].rpartition(' ')[0]}…"))
