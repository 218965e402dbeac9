"""`make quality`: reads every page with truth, matches labelled news, and holds the scores against their floors.

python -m tests.quality                     all sets that are there
python -m tests.quality fundus --worst body  the ten pages of a set whose body is read worst
python -m tests.quality --raise             floors go up to what is reached
python -m tests.quality --lower fundus      floors of a set become what is reached, even where that is less
"""

import sys
from concurrent.futures import ProcessPoolExecutor

import click

from tests.quality import gate
from tests.quality.corpora import names, pages
from tests.quality.news import there as news_there


@click.command(help=__doc__)
@click.argument("sets", nargs=-1)
@click.option("--raise", "raising", is_flag=True, help="Raise the floors to what is reached.")
@click.option("--lower", is_flag=True, help="Set the floors to what is reached, even where that is less.")
@click.option("--worst", metavar="FIELD", help="List the ten pages on which this field is read worst.")
def command(sets: tuple[str, ...], raising: bool, lower: bool, worst: str | None) -> None:
    there = [*names(), *news_there()]
    if unknown := [each for each in sets if each not in there]:
        raise click.UsageError(f"no set is called {', '.join(unknown)}: there are {', '.join(there)}")
    if lower and not sets:
        raise click.UsageError("name the sets whose floors may be lowered")
    chosen = list(sets or there)
    if worst:
        for name in chosen:
            if name in names():
                _worst(name, worst)
        return
    with ProcessPoolExecutor() as pool:
        found = dict(zip(chosen, pool.map(gate.measured, chosen), strict=True))
    floors, fallen = gate.floors(), 0
    for name, fields in found.items():
        click.echo(f"{name}:")
        short = gate.below(fields, floors.get(name, {}))
        fallen += len(short)
        for field in sorted({*fields, *short}):
            floor = floors.get(name, {}).get(field)
            mark = "  BELOW ITS FLOOR" if field in short else ""
            known = f"{floor:.3f}" if floor is not None else "none"
            click.echo(f"  {field:<16} {fields.get(field, 0.0):.4f}   floor {known}{mark}")
    if absent := [each for each in floors if each not in there]:
        click.echo(f"Not beside the checkout, so neither read nor held to their floors: {', '.join(absent)}.")
    if raising or lower:
        gate.write(found, lower=lower)
    sys.exit(1 if fallen and not lower else 0)


def _worst(name: str, field: str) -> None:
    wanted = "_recall" if field == "body" else field
    rows = []
    for page in pages(name):
        found = gate.of_page(page)
        if wanted in found:
            value = min(found["_recall"], found.get("_precision", 0.0)) if field == "body" else found[wanted]
            rows.append((value, page.id, page.url))
    for value, key, url in sorted(rows)[:10]:
        click.echo(f"{value:.3f}  {name}  {key}  {url}")


if __name__ == "__main__":
    command()
