"""Bars over time, with the gaps in them: geometry for an inline SVG, no drawing here."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from archive.readingroom import words

WIDTH, HEIGHT = 720.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 8.0, 14.0, 30.0
WIDEST = 56.0  # a bar, however few there are
FEW = 6  # so many months have their labels even on a telephone


@dataclass(frozen=True, slots=True)
class Bar:
    """One month or day. `gap`: nothing was found in it though there is something before and after."""

    key: str
    says: str
    count: int
    x: float
    y: float
    width: float
    height: float
    href: str
    gap: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis; `minor` ones are left out where there is little room."""

    at: float
    label: str
    minor: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    bars: tuple[Bar, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    gaps: tuple[str, ...]  # the empty months in words
    unit: str  # month | day
    width: float = WIDTH
    height: float = HEIGHT
    base: float = HEIGHT - BOTTOM
    left: float = LEFT
    right: float = WIDTH - RIGHT


def months(counts: Mapping[str, int], link: Callable[[str], str], chosen: str | None = None) -> Timeline | None:
    """Bars by month from {'2023-08': 12}, from the first to the last; None where no month is known."""
    known = sorted(key for key in counts if _is_month(key) and counts[key])
    if not known:
        return None
    keys = _months_between(known[0], known[-1])
    bars, up = _bars([(key, counts.get(key, 0), words.month(key), link(key), key == chosen) for key in keys], "article")
    gaps = tuple(words.month(key) for key in keys if not counts.get(key))
    return Timeline(bars, _month_ticks(bars), up, gaps, "month")


def days(counts: Mapping[str, int], link: Callable[[str], str], month_link: Callable[[str], str]) -> Timeline | None:
    """Bars by day from {'2023-08-04': 3}; below them the months, which are links too."""
    known = sorted(key for key in counts if len(key) == 10 and counts[key])
    if not known:
        return None
    first = date.fromisoformat(known[0]).replace(day=1)
    last = date.fromisoformat(known[-1])
    last = date(last.year + last.month // 12, last.month % 12 + 1, 1) - timedelta(days=1)
    keys = [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
    bars, up = _bars([(key, counts.get(key, 0), words.day(key), link(key), False) for key in keys], "article")
    starts = [bar for bar in bars if bar.key.endswith("-01")]
    across = tuple(
        Tick(
            round(bar.x, 1),
            _short(bar.key[:7], with_year=n == 0 or bar.key[5:7] == "01"),
            href=month_link(bar.key[:7]),
        )
        for n, bar in enumerate(starts)
    )
    return Timeline(tuple(bar for bar in bars if bar.count), across, up, (), "day")


def _bars(values: list[tuple[str, int, str, str, bool]], noun: str) -> tuple[tuple[Bar, ...], tuple[Tick, ...]]:
    most = _round_up(max(count for _, count, _, _, _ in values))
    step = (WIDTH - LEFT - RIGHT) / len(values)
    width = min(step * 0.78, WIDEST)
    tall = HEIGHT - TOP - BOTTOM
    bars = []
    for n, (key, count, label, href, chosen) in enumerate(values):
        height = max(count / most * tall, 1.5) if count else 0.0
        bars.append(
            Bar(
                key=key,
                says=f"{label}: {words.plural(count, noun)}" if count else f"{label}: nothing",
                count=count,
                x=round(LEFT + n * step + (step - width) / 2, 2),
                y=round(HEIGHT - BOTTOM - height, 2),
                width=round(width, 2),
                height=round(height, 2),
                href=href,
                gap=not count,
                chosen=chosen,
            )
        )
    up = tuple(Tick(round(HEIGHT - BOTTOM - value / most * tall, 1), f"{value:,}") for value in (0, most // 2, most))
    return tuple(bars), up


def _month_ticks(bars: tuple[Bar, ...]) -> tuple[Tick, ...]:
    """Each month where there are few, else each January, every nth January where there are more."""
    middle = {bar.key: round(bar.x + bar.width / 2, 1) for bar in bars}
    if len(bars) <= 14:
        return tuple(
            Tick(
                middle[bar.key],
                _short(bar.key, with_year=n == 0 or bar.key.endswith("-01")),
                minor=len(bars) > FEW and n % 2 == 1,
            )
            for n, bar in enumerate(bars)
        )
    years = [bar.key for bar in bars if bar.key.endswith("-01")] or [bars[0].key]
    every = math.ceil(len(years) / 12)
    return tuple(Tick(middle[key], key[:4], minor=n % (every * 2) != 0) for n, key in enumerate(years[::every]))


def _short(key: str, *, with_year: bool) -> str:
    name = words.MONTHS[int(key[5:]) - 1][:3]
    return f"{name} {key[:4]}" if with_year else name


def _round_up(count: int) -> int:
    """The next even number that reads well at the end of an axis."""
    if count <= 2:
        return 2
    power = 10 ** (len(str(count)) - 1)
    steps = (1, 1.2, 1.4, 1.6, 1.8, 2, 3, 4, 5, 6, 7, 8, 10)
    return next(int(step * power) for step in steps if step * power >= count and step * power % 2 == 0)


def _is_month(key: str) -> bool:
    year, dash, number = key.partition("-")
    return bool(dash) and len(year) == 4 and year.isdigit() and number.isdigit() and 1 <= int(number) <= 12


def _months_between(first: str, last: str) -> list[str]:
    year, number = int(first[:4]), int(first[5:])
    keys = []
    while (key := f"{year:04}-{number:02}") <= last:
        keys.append(key)
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)
    return keys
