"""What the benchmark prints: tables and ratios on stdout, progress on a terminal's stderr."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from tests.bench import yardstick

T = TypeVar("T")


class Screen:
    """Prints as it goes."""

    def __init__(self) -> None:
        self._out = Console(width=None if Console().is_terminal else 110, highlight=False)

    @contextmanager
    def progress(self, part: str, steps: int) -> Iterator[Callable[[T], T]]:
        """Gives a function that is called with each result, and gives it back."""
        errors = Console(stderr=True)
        columns = (TextColumn(part), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
        with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bars:
            task = bars.add_task(part, total=steps)

            def step(result: T) -> T:
                bars.advance(task)
                return result

            yield step

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
        for number, column in enumerate(columns):
            table.add_column(column, justify="right" if number else "left", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        self._out.print(table)

    def ratio(self, name: str, value: float, *, most: float | None = None, least: float | None = None) -> None:
        self._against(name, f"{value:.2f} ×", value, most, least)

    def figure(self, name: str, value: float, *, most: float | None = None, least: float | None = None) -> None:
        self._against(name, f"{value:.1f}", value, most, least)

    def _against(self, name: str, shown: str, value: float, most: float | None, least: float | None) -> None:
        met = (most is None or value <= most) and (least is None or value >= least)
        wanted = f"at most {most:g}" if most is not None else f"at least {least:g}"
        mark = "[green]met[/]" if met else "[yellow]not met[/]"
        if yardstick.unrest() > yardstick.BUSY:
            mark += ", in doubt"
        self._out.print(f"{name:<58} {shown:>9}   target {wanted}: {mark}", soft_wrap=True)

    def say(self, sentence: str) -> None:
        self._out.print(sentence, soft_wrap=True)

    def end(self) -> None:
        """Says how steady the machine was."""
        if (unrest := yardstick.unrest()) > yardstick.BUSY:
            self.say(
                f"\nIn doubt: a loop that never changes took {unrest:.1f} × its best time in the middle of these runs."
                " Other work slowed this machine; CPU is told at its best pace, wall time as it was."
            )
