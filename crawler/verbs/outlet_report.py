"""What a probe found, for a person and for machines."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from archive.times import stamp
from crawler.redaction import clean
from spiders.kit.as_json import as_json
from spiders.kit.probing.found import Found, Sample, languages
from spiders.kit.probing.sources import Judged
from spiders.kit.words import printable, unsteered


def report(found: Found, *, known_as: list[str]) -> None:
    """The report, on stderr: the draft has standard output to itself."""
    lines = [f"{found.home.title or found.home.url}  {found.home.url}"]
    if known_as:
        lines.append(f"known as       {', '.join(known_as)} (`hemeroteca outlets`)")
    lines.append(f"languages      {', '.join(languages(found)) or 'unknown'}")
    if found.home.made_with:
        lines.append(f"made with      {found.home.made_with}")
    lines += [f"rights         {line}" for line in _rights(found)]
    lines += [f"robots.txt     # {term}" for term in found.robots.terms]
    for each in (*found.feeds, *found.sitemaps):
        lines.append(f"{each.kind:<14} {each.url}  {_said(each)}")
    if not (found.feeds or found.sitemaps):
        lines.append("sources        neither feed nor sitemap")
    if found.learned is not None:
        learned = found.learned
        lines.append(f"articles       {learned.pattern}")
        lines.append(f"               takes {learned.taken} of {learned.listed} from {found.taught_by}")
    else:
        lines.append("articles       no pattern of their addresses was found")
    for line in lines:
        click.echo(clean(unsteered(printable(line))), err=True)
    if found.samples:
        _show(found.samples)
    for trouble in found.troubles:
        click.echo(clean(unsteered(printable(f"! {trouble}"))), err=True)
    click.echo(f"{found.requests} requests, each recorded.", err=True)


def _rights(found: Found) -> list[str]:
    reservation, policy, where = found.tdm
    tdm = {"1": "reserved", "0": "not reserved"}.get(reservation or "", "no word of it")
    lines = [f"text and data mining: {tdm}{f' ({where})' if where else ''}{f', policy {policy}' if policy else ''}"]
    if found.home.robots_meta:
        lines.append(f"robots meta of the home page: {found.home.robots_meta}")
    if found.x_robots_tag:
        lines.append(f"X-Robots-Tag: {found.x_robots_tag}")
    if found.home.licence:
        lines.append(f"licence: {found.home.licence}")
    status = found.robots.status
    if status is not None and 400 <= status < 500:
        lines.append(f"robots.txt: none to read ({status}), which closes nothing (RFC 9309 §2.3.1.3)")
    if found.robots.refused:
        lines.append(f"robots.txt closes everything to: {', '.join(found.robots.refused[:12])}")
    if found.robots.delay:
        lines.append(f"robots.txt asks for {found.robots.delay:g} s between requests")
    return lines


def _said(each: Judged) -> str:
    said = f"{each.entries} sitemaps" if each.kind == "sitemap-index" else f"{each.entries} entries"
    if each.form:
        said += f" by {each.form}" if each.form != "numbered" else ", numbered"
    if each.newest:
        said += f", newest {each.newest:%Y-%m-%d}"
    return said if each.taken else f"not taken: {each.why}"


def _show(samples: tuple[Sample, ...]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("outcome", "published", "access", "words", "quality", "authors", "title"):
        table.add_column(column, overflow="fold")
    for each in samples:
        article = each.article
        if article is None:
            table.add_row(each.outcome, "", "", "", "", "", escape(clean(f"{each.reason or ''} {each.url}".strip())))
            continue
        day = article.published.date() if article.published else article.published_day
        table.add_row(
            each.outcome,
            str(day or "unknown"),
            f"{article.access}, complete: {article.complete}",
            str(len(article.text.split())),
            article.body_quality,
            escape(", ".join(author.name for author in article.authors) or "none"),
            escape(article.title or "none"),
        )
    console = Console(stderr=True)
    Console(stderr=True, width=None if console.is_terminal else 160).print(table)


def as_values(found: Found, text: str, written: Path | None) -> dict[str, Any]:
    """Everything for JSON; `text` is the draft, `written` where it stands."""
    reservation, policy, where = found.tdm
    learned = found.learned
    return {
        "name": found.name,
        "home": found.home.url,
        "title": found.home.title,
        "languages": list(languages(found)),
        "editions": list(found.home.languages),
        "made_with": found.home.made_with or None,
        "robots": {
            "status": found.robots.status,
            "refused": list(found.robots.refused),
            "sitemaps": list(found.robots.sitemaps),
            "delay": found.robots.delay,
            "terms": list(found.robots.terms),
        },
        "rights": {
            "tdm_reservation": reservation,
            "tdm_policy": policy,
            "tdm_source": where,
            "robots_meta": found.home.robots_meta,
            "x_robots_tag": found.x_robots_tag,
            "licence": found.home.licence,
        },
        "feeds": [_source(each) for each in found.feeds],
        "sitemaps": [_source(each) for each in found.sitemaps],
        "articles": learned
        and {
            "pattern": learned.pattern,
            "learned_from": found.taught_by,
            "listed": learned.listed,
            "taken": learned.taken,
            "missed": list(learned.missed),
            "mistaken": list(learned.mistaken),
            "dated": learned.dated,
            "numbered": learned.numbered,
        },
        "samples": [
            {
                "url": each.url,
                "outcome": each.outcome.value,
                "reason": each.reason,
                "article": as_json(each.article) if each.article else None,
            }
            for each in found.samples
        ],
        "troubles": list(map(clean, found.troubles)),
        "requests": found.requests,
        "toml": text,
        "written": str(written) if written else None,
    }


def _source(each: Judged) -> dict[str, Any]:
    return {
        "url": each.url,
        "kind": each.kind,
        "title": each.title or None,
        "entries": each.entries,
        "own": each.own,
        "newest": stamp(each.newest),
        "form": each.form,
        "only": each.only,
        "taken": each.taken,
        "why": each.why,
    }
