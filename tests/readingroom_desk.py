"""A browser without scripts at the desk of a reading room, where a topic's sample is judged."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
from lxml import html

from archive.corpus import Corpus
from archive.readingroom.desk import Judge
from archive.readingroom.hosts import only_for
from archive.readingroom.serve import room
from crawler.clock import utc_now
from tests.readingroom_visit import page

HERE = "http://127.0.0.1:8001"


class Visitor:
    def __init__(self, runner: asyncio.Runner, client: httpx.AsyncClient) -> None:
        self._runner, self._client = runner, client

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self._runner.run(self._client.get(path, headers=headers))

    def post(self, path: str, fields: dict[str, str], **headers: str) -> httpx.Response:
        """The form as a browser sends it from a page of the room; an empty header is left out."""
        sent = {name: value for name, value in {"Origin": HERE, **headers}.items() if value}
        return self._runner.run(self._client.post(path, data=fields, headers=sent))

    def open(self, path: str) -> html.HtmlElement:
        return page(self.get(path))

    def press(self, document: html.HtmlElement, verdict: str) -> html.HtmlElement:
        """Presses the button of that value; the page to which the browser is led."""
        return self.led(self.post(*form_of(document, verdict)))

    def led(self, answer: httpx.Response) -> html.HtmlElement:
        assert answer.status_code == 303, answer.text[:500]
        return self.open(answer.headers["location"])


def form_of(document: html.HtmlElement, verdict: str) -> tuple[str, dict[str, str]]:
    """Where the button of that value sends its form, and the fields in it."""
    (button,) = document.cssselect(f"button[value={verdict}]")
    (form,) = (each for each in button.iterancestors("form"))
    hidden = {each.get("name"): each.get("value") for each in form.cssselect("input[type=hidden]")}
    return form.get("action"), {**hidden, "verdict": verdict}


@contextmanager
def at_the_desk(corpus: Corpus, name: str | None = "me", names: Sequence[str] = ()) -> Iterator[Visitor]:
    """A room in which `name` judges; None: one that only reads. `names`: those of a proxy before it."""
    datasette = room(corpus, judge=Judge(name, utc_now) if name else None)
    app = only_for(datasette.app(), names)
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HERE)
        yield Visitor(runner, client)
        runner.run(client.aclose())
    for database in datasette.databases.values():
        database.close()
