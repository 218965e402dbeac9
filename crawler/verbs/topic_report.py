"""How good a topic is by what people said of it: for a person and for machines."""

from dataclasses import asdict
from typing import Any

import click
from rich.table import Table

from archive.tuning.estimates import Range
from archive.tuning.verdicts import Report
from crawler.verbs import printed

_STRATA = {
    "taken": "taken",
    "below": "just below min_score",
    "far": "far below min_score",
    "rejected": "rule not met",
}


def show_report(report: Report) -> None:
    """The table of the strata, then what follows from it."""
    table = Table(box=None, pad_edge=False)
    for column in ("stratum", "articles", "yes", "no"):
        table.add_column(column, justify="left" if column == "stratum" else "right")
    for stratum, size in report.sizes.items():
        yes, no = report.judged[stratum, "yes"], report.judged[stratum, "no"]
        table.add_row(_STRATA[stratum], str(size), str(yes), str(no))
    printed(table)
    aside = (
        (report.unsure, "unsure"),
        (report.undrawn, "of articles that no sample drew"),
        (report.elsewhere, "of articles outside window and outlets"),
    )
    if any(number for number, _ in aside):
        said = ", ".join(f"{number} {what}" for number, what in aside if number)
        click.echo(f"verdicts that do not enter the figures: {said}")
    estimate = report.estimate
    click.echo(f"precision  {_range(estimate.precision, 'Wilson interval', 'nothing that is taken was judged')}")
    taken = _judged(report, "taken")
    plain = report.judged["taken", "yes"] / taken if taken else None
    if estimate.precision and plain is not None and abs(estimate.precision.value - plain) >= 0.005:
        click.echo(
            f"           the plain share is {plain:.2f}: a verdict that was drawn from another stratum of an earlier"
            " version stands for more articles"
        )
    open_ = [_STRATA[name] for name, size in report.sizes.items() if size and not _judged(report, name)]
    why = f"nothing was judged of: {', '.join(open_)}" if open_ else "no relevant article was met"
    click.echo(f"recall     {_range(estimate.recall, 'an estimate from the strata', why)}")
    if estimate.f1 is not None:
        click.echo(f"F1         {estimate.f1:.2f} at min_score {report.topic.min_score:g}")
    if estimate.best is not None:
        best, now = estimate.best, estimate.now
        where = "with min_score as it is" if now == best else f"at min_score {best.min_score:g}"
        against = f", against {now.f1:.2f} as it is" if now and now != best else ""
        click.echo(
            f"best F1    {best.f1:.2f} {where}"
            f" (precision {best.precision:.2f}, recall {best.recall:.2f}){against};"
            " by these labels, smoothed over the scores"
        )


def as_values(report: Report) -> dict[str, Any]:
    """Everything for JSON; null is unknown."""
    estimate = report.estimate
    return {
        "topic": report.topic.id,
        "version": report.topic.version,
        "min_score": report.topic.min_score,
        "strata": [
            {"stratum": name, "articles": size, "yes": report.judged[name, "yes"], "no": report.judged[name, "no"]}
            for name, size in report.sizes.items()
        ],
        "unsure": report.unsure,
        "undrawn": report.undrawn,
        "outside": report.elsewhere,
        "precision": estimate.precision and estimate.precision._asdict(),
        "recall": estimate.recall and estimate.recall._asdict(),
        "f1": estimate.f1,
        "relevant": estimate.relevant,
        "best": asdict(estimate.best) if estimate.best else None,
        "now": asdict(estimate.now) if estimate.now else None,
    }


def _judged(report: Report, stratum: str) -> int:
    return report.judged[stratum, "yes"] + report.judged[stratum, "no"]


def _range(estimate: Range | None, how: str, why: str) -> str:
    if estimate is None:
        return f"unknown: {why}"
    return f"{estimate.value:.2f}, with 95 % confidence {estimate.low:.2f} to {estimate.high:.2f} ({how})"
