"""The reading room as a browser asks it, over a corpus of tests."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from lxml import html

from archive.corpus import Corpus
from archive.readingroom.serve import room

EDITED = "rivage-2023-08-04-kolonda-qui-gagne-au-peage-qui-perd-au-pont"
WIRE = "fleuve-2023-08-02-le-pont-de-kolonda-ferme-a-la-circulation"
Ask = Callable[[str], httpx.Response]


@contextmanager
def asking(corpus: Corpus, settings: dict[str, Any] | None = None) -> Iterator[Ask]:
    """The answers of the room over a corpus, one by one."""
    datasette = room(corpus, settings=settings)
    with asyncio.Runner() as runner:
        yield lambda path: runner.run(datasette.client.get(path))
    for database in datasette.databases.values():
        database.close()


def page(answer: httpx.Response, status: int = 200) -> html.HtmlElement:
    assert answer.status_code == status, answer.text[:400]
    assert answer.headers["content-type"].startswith("text/html")
    return html.document_fromstring(answer.text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def titles(document: html.HtmlElement) -> list[str]:
    return [words(each) for each in document.cssselect(".articles h2, .articles h3")]
