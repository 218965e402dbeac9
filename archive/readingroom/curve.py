"""Precision and recall by min_score: geometry for an inline SVG, no drawing here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.readingroom.timeline import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Tick
from archive.tuning.threshold import Threshold

MOST = 100  # steps


@dataclass(frozen=True, slots=True)
class Curve:
    """Two paths of SVG; `now` and `best` are the places of the min_score in use and of the one with the best F1.

    `steps`: the thresholds that are drawn, by score.
    """

    steps: tuple[Threshold, ...]
    precision: str
    recall: str
    now: float | None
    best: float | None
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    width: float = WIDTH
    height: float = HEIGHT
    base: float = HEIGHT - BOTTOM
    left: float = LEFT
    right: float = WIDTH - RIGHT


def curve(thresholds: Sequence[Threshold], now: float, best: float | None) -> Curve | None:
    """The curves from score 0 to the highest that was met; None where fewer than two were.

    Of many thresholds some are drawn, spread evenly, the one at `best` among them.
    """
    known = sorted(thresholds, key=lambda each: each.min_score)
    every = len(known) // MOST + 1
    steps = [each for at, each in enumerate(reversed(known)) if at % every == 0 or each.min_score == best][::-1]
    most = max((each.min_score for each in steps), default=0.0)
    if len(steps) < 2 or most <= 0:
        return None

    def across(score: float) -> float:
        return round(LEFT + score / most * (WIDTH - LEFT - RIGHT), 1)

    def up(share: float) -> float:
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def path(share: Callable[[Threshold], float]) -> str:
        # Between two scores that were met every min_score takes the same articles
        return f"M{LEFT}" + "".join(f" {up(share(each))}H{across(each.min_score)}V" for each in steps)[:-1]

    return Curve(
        tuple(steps),
        path(lambda each: each.precision),
        path(lambda each: each.recall),
        across(now) if 0 <= now <= most else None,
        across(best) if best is not None and 0 <= best <= most else None,
        tuple(Tick(across(most * part / 4), f"{most * part / 4:.3g}", minor=part % 2 == 1) for part in range(5)),
        tuple(Tick(up(share), f"{share:g}") for share in (0.0, 0.5, 1.0)),
    )
