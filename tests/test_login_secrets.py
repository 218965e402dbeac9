"""After a subscriber's crawl, whatever the newspaper says and however the crawl ends, no file has a secret."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from archive.corpus import Corpus
from archive.withhold import MARKER
from tests.listening_site import STORY, run
from tests.secrets_search import SECRETS, forms, holding, records
from tests.subscribers_paper import (
    MENU,
    PASSWORD,
    USER,
    Answer,
    Asked,
    Paper,
    Subscription,
    corpus_with,
    crawled,
    echoes,
    environment,
    outcomes,
    paper,
)
from tests.warm import start


@dataclass
class Kept:
    corpus: Corpus
    home: Paper
    away: Paper
    said: str


def session_of(asked: Asked) -> str:
    return asked.headers.get("Cookie", "=").partition("PAPERSESS=")[2].partition(";")[0]


def echoing(home: Paper, *, packed: bool) -> object:
    """A page that says back everything it knows of its reader."""

    def answer(asked: Asked) -> Answer:
        said = "".join(echoes(each) for each in (USER, PASSWORD, session_of(asked), home.given[0]) if each)
        page = STORY.format(title="Echo", head=f"<!-- {USER} -->", more=said).replace("<main>", f"{MENU}<main>")
        return Answer(
            page, headers=(("X-Reader", USER), ("Link", f"</u?s={session_of(asked)}>; rel=me")), packed=packed
        )

    return answer


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with ExitStack() as opened:
        home, away = opened.enter_context(paper()), opened.enter_context(paper())
        paths = ("/story/1", "/echo/plain", "/echo/packed", "/moved", "/told", "/broken")
        outlet = Subscription(home, paths)
        home.pages["/echo/plain"] = echoing(home, packed=False)  # type: ignore[assignment]
        home.pages["/echo/packed"] = echoing(home, packed=True)  # type: ignore[assignment]
        home.pages["/moved"] = lambda asked: Answer(
            status=302, headers=(("Location", f"/story/2?ticket={session_of(asked)}&reader={USER}"),)
        )
        home.pages["/told"] = lambda asked: Answer(
            status=301, headers=(("Location", f"{away.home}/story/9?who={USER.replace('@', '%40')}"),)
        )
        home.pages["/broken"] = lambda asked: Answer(
            b"\x1f\x8b not gzip " + USER.encode(), headers=(("Content-Encoding", "gzip"),)
        )
        free = Subscription(opened.enter_context(paper()), ("/free",), login="", values={})
        free.paper.pages["/free"] = lambda _: Answer(STORY.format(title="For everybody", head="", more=""))
        corpus = corpus_with(tmp_path_factory.mktemp("kept") / "c", [away], gazette=outlet, free=free)
        values = environment(gazette=outlet)
        said = str(crawled(corpus, code=1, HEMEROTECA_DEBUG="1", **values))
        folder = corpus.folder
        said += run("hemeroteca", "export", folder / "out", "--rights", "internal", "--corpus", folder, **values)
        said += run("hemeroteca", "rebuild", "--into", folder / "again.db", "--corpus", folder, **values)
        said += run("hemeroteca", "verify", "--corpus", folder, **values)
        yield Kept(corpus, home, away, said)


def test_the_newspaper_said_the_secrets(kept: Kept) -> None:
    assert outcomes(kept.corpus, "gazette")["/story/1"] == "ok"
    assert {"/echo/plain", "/echo/packed", "/moved", "/told", "/broken"} <= set(kept.home.paths("GET"))
    assert any(session_of(asked) in kept.home.given for asked in kept.home.asked if asked.path == "/echo/plain")


def test_no_file_and_no_stream_holds_a_secret(kept: Kept) -> None:
    for secret in (USER, PASSWORD, *kept.home.given):
        assert holding(kept.corpus.folder, secret) == [], secret
        assert not any(form.decode() in kept.said for form in forms(secret))


def test_what_was_taken_out_is_marked_and_the_rest_stands(kept: Kept) -> None:
    bodies = {
        record.target_uri.rpartition("/")[2]: record.block
        for _, record in records(kept.corpus.folder / "warc-private")
        if record.type == "response" and "/echo/" in record.target_uri
    }
    for name in ("plain", "packed"):
        assert bodies[name].count(MARKER) > 20
        assert b"second invented paragraph" in bodies[name]
        assert b"Content-Encoding" not in bodies[name]
    rows = kept.corpus.database().query("SELECT url, fidelity FROM captures WHERE url LIKE '%/echo/%'")
    assert {row["fidelity"] for row in rows} == {"withheld"}
    assert outcomes(kept.corpus, "gazette")["/echo/packed"] == "ok"


def test_no_address_with_a_secret_is_asked_for_or_kept(kept: Kept) -> None:
    assert kept.away.asked == []
    assert not any("ticket=" in path for path in kept.home.paths())
    rows = list(kept.corpus.database().query("SELECT outcome, reason FROM leads WHERE url LIKE '%withheld%'"))
    assert len(rows) == 2
    assert all(row["outcome"] == "skipped" and "a secret of the login" in row["reason"] for row in rows)


def test_an_answer_that_no_reader_can_open_is_kept_without_its_body(kept: Kept) -> None:
    assert outcomes(kept.corpus, "gazette")["/broken"] == "undecodable"


def test_a_crawl_that_is_killed_in_its_session_leaves_no_secret(tmp_path_factory: pytest.TempPathFactory) -> None:
    with paper() as home:
        reached, go_on = threading.Event(), threading.Event()

        def slow(asked: Asked) -> Answer:
            reached.set()
            go_on.wait(30)
            return home.story(asked)

        home.pages["/story/3"] = slow
        outlet = Subscription(home, tuple(f"/story/{n}" for n in range(1, 6)))
        corpus = corpus_with(tmp_path_factory.mktemp("killed") / "c", gazette=outlet)
        values = environment(gazette=outlet)
        plain = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
        nothing = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        crawl = start("hemeroteca", "crawl", "--corpus", corpus.folder, env={**plain, **values}, **nothing)
        assert reached.wait(60)
        time.sleep(1.2)  # two group commits
        crawl.send_signal(signal.SIGKILL)
        crawl.wait()
        go_on.set()
        for secret in (USER, PASSWORD, *home.given):
            assert holding(corpus.folder, secret) == []
        crawled(corpus, **values)
        assert set(outcomes(corpus, "gazette").values()) == {"ok"}
        for secret in (*SECRETS.values(), *home.given):
            assert holding(corpus.folder, secret) == []
