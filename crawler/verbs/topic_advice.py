"""What would make a topic better: for a person and for machines."""

from dataclasses import asdict
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

import click
from rich.table import Table

from archive.tuning.advice import Advice, Bearing, Candidate
from archive.tuning.settings import Setting
from crawler.verbs import plain, printed

ARTICLES = 10  # mistakes of a kind shown
NAMED = 5  # terms of each
TITLE = 70  # characters of its title
TERMS = 8  # misleading terms shown
WORDS = 12  # words shown for each language


def show_advice(advice: Advice) -> None:
    """Tables of languages, of misleading terms, and of words that may be terms; each only where it holds something."""
    if advice.earlier:
        click.echo(
            f"{advice.earlier} of {advice.judged} verdicts were given on another version of the topic:"
            " where its terms were mended by them, the figures flatter it"
        )
    if len(advice.languages) > 1:
        table = _table("language", "taken", "judged right", "judged wrong", "missed")
        for each in advice.languages:
            table.add_row(each.language or "unknown", str(each.taken), *map(str, (each.right, each.wrong, each.missed)))
        printed(table)
    for missed, says in ((False, "taken and judged no"), (True, "judged yes and not taken")):
        if mistakes := [each for each in advice.mistakes if each.missed is missed]:
            click.echo(f"\n{says}: {len(mistakes)}")
            for mistake in mistakes[:ARTICLES]:
                terms = ", ".join(plain(each.text) for each in mistake.terms[:NAMED]) or "no term"
                click.echo(f"  {plain(mistake.title)[:TITLE] or 'without a title'}")
                click.echo(f"    score {mistake.score:g}: {terms}; {mistake.article_id}")
    if misleading := _misleading(advice)[:TERMS]:
        click.echo("\nterms that mislead (in judged articles; F1 by the labels without the term):")
        table = _table("term", "language", "yes", "no", "F1 without it", "articles", "strays in other languages")
        for bearing in misleading:
            without = f"{bearing.without:.2f}" if bearing.without is not None else "unknown"
            figures = str(bearing.home), str(bearing.strays or "")
            row = plain(bearing.term.text), bearing.term.language, str(bearing.yes), str(bearing.no), without
            table.add_row(*row, *figures)
        printed(table)
    if setting := advice.setting:
        click.echo(
            f"\nweights that would serve better, by these labels: {_written(setting)},"
            f" with min_score = {setting.best.min_score:g}: F1 {setting.best.f1:.2f}, against {setting.now.f1:.2f}"
            f" at the best min_score of now"
        )
    if advice.candidates:
        click.echo("\nwords that may be missing terms (as the index folds them; the strongest first):")
        table = _table("word", "language", "in the topic", "elsewhere", "missed", "judged no")
        for language, group in groupby(advice.candidates, key=attrgetter("language")):
            for word in islice(group, WORDS):
                table.add_row(plain(word.words), language or "unknown", *map(str, _figures(word)))
        printed(table)
    if advice.looked_at < advice.articles:
        click.echo(f"words were sought in {advice.looked_at} of {advice.articles} articles")


def advice_values(advice: Advice) -> dict[str, Any]:
    """Everything for JSON; null is unknown."""
    return {
        "languages": [asdict(each) for each in advice.languages],
        "mistakes": [{**asdict(each), "terms": [term.text for term in each.terms]} for each in advice.mistakes],
        "terms": [
            {
                "term": each.term.text,
                "concept": each.term.concept,
                "language": each.term.language,
                "yes": each.yes,
                "no": each.no,
                "f1_without": each.without,
                "in_its_language": each.home,
                "strays_in_other_languages": each.strays,
            }
            for each in advice.bearings
        ],
        "setting": advice.setting and asdict(advice.setting),
        "candidates": [asdict(each) for each in advice.candidates],
        "judged": advice.judged,
        "judged_on_another_version": advice.earlier,
        "looked_at": advice.looked_at,
    }


def _written(setting: Setting) -> str:
    """As it is written into the topic file, under [score]."""
    weights = setting.weights
    return f"title = {weights.title:g}, cap_per_term = {weights.cap_per_term}, per_words = {weights.per_words}"


def _misleading(advice: Advice) -> list[Bearing]:
    """Those without which the labels say the topic is better, and those met mostly in other languages."""
    now = advice.f1 or 0.0
    return [
        each
        for each in advice.bearings
        if (each.without or 0.0) > now + 0.001
        or (not each.term.only_in and each.strays > 10 and each.strays > each.home)
    ]


def _figures(each: Candidate) -> tuple[int, ...]:
    return each.inside, each.outside, each.missed, each.no


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="left" if column in ("language", "term", "word") else "right")
    return table
