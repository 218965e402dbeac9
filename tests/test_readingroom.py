"""The pages of the reading room over an invented corpus: home, topics, outlets, tables, and the server."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import etree

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.readingroom.columns import COLUMNS, HIDDEN
from archive.readingroom.serve import serve
from archive.schema import DESCRIPTIONS
from tests.readingroom_corpus import build, empty
from tests.readingroom_visit import EDITED, Ask, asking, page, words


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with asking(build(tmp_path_factory.mktemp("kolonda") / "corpus")) as asked:
        yield asked


@pytest.fixture
def ask_empty(tmp_path: Path) -> Iterator[Ask]:
    with asking(empty(tmp_path / "corpus")) as asked:
        yield asked


def test_home_says_what_the_corpus_is_and_leads_to_each_month(ask: Ask) -> None:
    home = page(ask("/"))
    assert "Kolonda: an invented corpus" in words(home.cssselect("h1")[0])
    assert "is made up" in words(home.cssselect(".description")[0])
    assert home.cssselect("form[role=search] input[name=q]")
    months = {link.get("href") for link in home.cssselect(".chart a")}
    assert "/search?month=2023-08" in months
    assert "Nothing from June 2023, July 2023" in words(home)
    assert len(home.cssselect("rect.gap")) == 2
    assert "18" in words(home.cssselect(".figures")[0])
    assert {"/outlet/rivage", "/topic/bridge-2023"} <= {a.get("href") for a in home.cssselect("a")}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search",
        "/search?q=pont",
        "/coverage",
        "/download",
        "/corpus",
        "/corpus/articles",
        "/robots.txt",
    ],
)
def test_an_empty_corpus_has_every_page(ask_empty: Ask, path: str) -> None:
    assert ask_empty(path).status_code == 200


def test_an_empty_home_says_what_to_do(ask_empty: Ask) -> None:
    assert "hemeroteca crawl" in words(page(ask_empty("/")))


def test_a_topic_counts_explains_and_feeds(ask: Ask) -> None:
    document = page(ask("/topic/bridge-2023"))
    assert "18 articles" in words(document)
    assert "péage*" in words(document)
    assert "/search?topic=bridge-2023&month=2023-08" in [a.get("href") for a in document.cssselect(".chart a")]
    feed = ask("/topic/bridge-2023.atom")
    assert feed.headers["content-type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    root = etree.fromstring(feed.content)
    entries = root.findall(f"{atom}entry")
    assert len(entries) == 18
    for element in [root, *entries]:
        assert all(element.find(f"{atom}{name}") is not None for name in ("id", "title", "updated"))
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == 18


def test_an_outlet_says_what_was_refused_and_why(ask: Ask) -> None:
    document = page(ask("/outlet/rivage"))
    text = words(document)
    assert "blocked_robots" in text
    assert "Disallow: /prive/" in text
    assert "no word of the topic in title and summary" in text
    assert "La soupe de poisson" in text


def test_coverage_shows_months_and_gaps(ask: Ask) -> None:
    document = page(ask("/coverage"))
    rows = {words(row.cssselect("th")[0]): row for row in document.cssselect(".heat tbody tr")}
    assert set(rows) == {"Le Rivage", "The Meridian", "Agence du Fleuve"}
    assert [words(cell) for cell in rows["Le Rivage"].cssselect("td")] == ["1", "gap", "gap", "2", "1", ""]
    assert not rows["Agence du Fleuve"].cssselect(".gap")


def test_counts_are_there_when_a_run_broke_off_before_them(tmp_path: Path) -> None:
    corpus = build(tmp_path / "corpus")
    db = corpus.database()
    db.execute("DELETE FROM stats")
    db.conn.commit()
    db.close()
    with asking(corpus) as ask_it:
        assert "18" in words(page(ask_it("/")).cssselect(".figures")[0])
        assert "Le Rivage" in words(page(ask_it("/coverage")))


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/article/nothing",
        "/topic/nothing",
        "/outlet/nothing",
        "/replay/nothing",
        "/corpus/nothing",
    ],
)
def test_what_is_not_there_gets_a_search_box(ask: Ask, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = page(ask(path), status=404)
    assert document.cssselect("form[role=search] input[name=q]")
    assert "Traceback" not in "".join(capsys.readouterr())


def test_tables_stand_in_the_same_house(ask: Ask) -> None:
    for path in ("/corpus", "/corpus/articles", f"/corpus/articles/{EDITED}", "/corpus/leads?outlet=rivage"):
        document = page(ask(path))
        assert words(document.cssselect("header.house .name")[0]) == "Kolonda: an invented corpus"
    assert "Every URL that an outlet announced" in words(page(ask("/corpus/leads")))
    assert "articles_norm" not in words(page(ask("/corpus")))


def test_the_server_says_where_it_is_and_answers_there(tmp_path: Path) -> None:
    empty(tmp_path / "corpus")
    program = "import sys; from archive.corpus import Corpus; from archive.readingroom.serve import serve;"
    command = [sys.executable, "-u", "-c", f"{program} serve(Corpus(sys.argv[1]), port=0)", str(tmp_path / "corpus")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        said = server.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert address, said
        assert "Kolonda" in httpx.get(address[0]).text
        server.send_signal(signal.SIGINT)
    assert server.returncode in (0, -signal.SIGINT)


def test_a_port_that_is_taken_gets_a_sentence(corpus: Corpus) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError, match="--port"):
        serve(corpus, port=taken.getsockname()[1])


def test_every_table_and_column_is_described(corpus: Corpus) -> None:
    db = corpus.database()
    shown = [table for table in db.tables if table.name not in HIDDEN and "_fts" not in table.name]
    assert {table.name: set(table.columns_dict) for table in shown} == {
        table.name: set(COLUMNS[table.name]) for table in shown
    }
    assert {table.name for table in shown} <= set(DESCRIPTIONS)
    db.close()


def test_a_room_under_a_path_links_into_that_path(tmp_path: Path) -> None:
    with asking(build(tmp_path / "corpus"), {"base_url": "/press/"}) as ask_it:
        for path in ("/", "/search?q=pont", f"/article/{EDITED}", "/coverage"):
            links = [a.get("href") for a in page(ask_it(path)).cssselect("a[href^='/']")]
            assert links
            assert all(link.startswith("/press/") for link in links)


def test_pages_that_seem_to_have_changed_are_an_alarm(tmp_path: Path) -> None:
    corpus = build(tmp_path / "corpus")
    db = corpus.database()
    ids = [row["id"] for row in db.query("SELECT id FROM articles WHERE outlet = 'rivage' ORDER BY id LIMIT 2")]
    for position, article in enumerate(ids):
        db.table("drift").insert(
            {
                "article_id": article,
                "position": position,
                "field": "title",
                "says": "h1.top finds nothing, read by meta",
            }
        )
    run = db.execute("SELECT id FROM runs ORDER BY started_at DESC LIMIT 1").fetchone()[0]
    db.table("health").insert({"run_id": run, "outlet": "rivage", "outcome": "drift", "count": 2})
    db.conn.commit()
    db.close()
    with asking(corpus) as ask_it:
        alarm = words(page(ask_it("/outlet/rivage")).cssselect(".notice")[0])
        assert "seem to have changed" in alarm
        assert "title 2, such as: h1.top finds nothing, read by meta" in alarm
        assert "Le Rivage (2 articles)" in words(page(ask_it("/coverage")).cssselect(".notice")[0])
        assert not page(ask_it("/outlet/fleuve")).cssselect(".notice")
