"""Sitemaps as sitemaps.org and Google News have them: urlset, index, the news extension, and the plain text
form.

A sitemap may hold 50,000 addresses in 50 MiB. It is streamed, so the memory it takes is that of its leads.
"""

import re

from lxml import etree

from archive.model import Kind
from spiders.kit.addresses import scheme_of
from spiders.kit.announced import change, moment, plain
from spiders.kit.finding import Finding, Notebook
from spiders.kit.inert_xml import Bounds, name_of, text_of, walk
from spiders.kit.outlet import Outlet
from spiders.kit.packed import plain_text

SITEMAP_BOUNDS = Bounds(size=50 * 2**20, depth=16, elements=1_500_000)

_ENTRIES = frozenset({"url", "sitemap"})


def read_sitemap(
    body: bytes,
    *,
    url: str,
    outlet: Outlet,
    only: str | None = None,
    bounds: Bounds = SITEMAP_BOUNDS,
    content_type: str | None = None,
) -> Finding:
    """What a sitemap announces: leads of a urlset, children of an index. Never raises.

    `only` is a pattern that the address of a child must hold; how many do not is said in the notes. A sitemap
    without entries, and one that is not well-formed, has a problem.
    """
    notebook = Notebook(url, outlet)
    passed_over, dropped = 0, 0

    def take(entry: etree._Element) -> None:
        nonlocal passed_over, dropped
        if name_of(entry) == "url":
            _address(notebook, entry)
            return
        link = _field(entry, "loc") or ""
        notebook.entries += 1
        if only and not re.search(only, link):
            passed_over += 1
        elif not notebook.child(link, Kind.SITEMAP, modified_at=change(_field(entry, "lastmod"))):
            dropped += 1

    verdict = walk(body, take, entries=_ENTRIES, bounds=bounds, content_type=content_type)
    notes = verdict.notes
    if dropped:
        notes.append(f"{dropped} entries of the index name no other sitemap")
    if passed_over:
        notes.append(f"{passed_over} sitemaps are not walked: their addresses do not hold {only}")
    if not notebook.entries:
        verdict.problems.append("the sitemap has no entry")
    return notebook.finding(verdict.problems, notes=notes)


def read_text_sitemap(
    body: bytes, *, url: str, outlet: Outlet, bounds: Bounds = SITEMAP_BOUNDS, content_type: str | None = None
) -> Finding:
    """The text form: one address on each line, nothing else (sitemaps.org, "Text file"). Never raises."""
    notebook = Notebook(url, outlet)
    text, problems = plain_text(body, bounds.size, content_type)
    if text is None:
        return notebook.finding(problems)
    odd = 0
    for each in text.splitlines():
        if notebook.entries == bounds.entries:
            problems.append(f"it has more than {bounds.entries} entries; the rest was not read")
            break
        if scheme_of(each):
            notebook.lead(each)
        else:
            odd += bool(each.strip())
    if not notebook.entries:
        problems.append("the sitemap has no entry")
    return notebook.finding(problems, notes=[f"{odd} lines are no addresses"] if odd else [])


def _address(notebook: Notebook, entry: etree._Element) -> None:
    news = next((child for child in entry if name_of(child) == "news:news"), None)
    notebook.lead(
        _field(entry, "loc"),
        title=plain(_field(news, "news:title")),
        published_at=moment(_field(news, "news:publication_date")),
        modified_at=change(_field(entry, "lastmod")),
    )


def _field(entry: etree._Element | None, name: str) -> str | None:
    for child in entry if entry is not None else ():
        if name_of(child) == name:
            return text_of(child).strip() or None
    return None
