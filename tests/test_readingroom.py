"""The pages of the reading room, asked as a browser asks, over an invented corpus."""

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree, html

from archive.corpus import Corpus
from archive.errors import UsageError
from archive.readingroom.columns import COLUMNS, HIDDEN
from archive.readingroom.serve import room, serve
from archive.schema import DESCRIPTIONS
from tests.readingroom_corpus import build, empty

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


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    with asking(build(tmp_path_factory.mktemp("kolonda") / "corpus")) as asked:
        yield asked


@pytest.fixture
def ask_empty(tmp_path: Path) -> Iterator[Ask]:
    with asking(empty(tmp_path / "corpus")) as asked:
        yield asked


def page(answer: httpx.Response, status: int = 200) -> html.HtmlElement:
    assert answer.status_code == status, answer.text[:400]
    assert answer.headers["content-type"].startswith("text/html")
    return html.document_fromstring(answer.text)


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def titles(document: html.HtmlElement) -> list[str]:
    return [words(each) for each in document.cssselect(".articles h2, .articles h3")]


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


def test_search_finds_folded_words_and_marks_them_as_printed(ask: Ask) -> None:
    found = page(ask("/search?q=PEAGE"))
    assert "Kolonda : qui gagne au péage, qui perd au pont (actualisé)" in titles(found)
    assert {mark.text for mark in found.cssselect(".articles mark")} == {"péage"}


def test_search_counts_what_it_finds(ask: Ask) -> None:
    listed = ask("/search.json?q=fermeture").json()
    assert listed["total"] == len(listed["articles"]) > 5
    assert listed["total_is_exact"]
    assert sum(listed["facets"]["outlet"].values()) == listed["total"]
    assert sum(listed["facets"]["month"].values()) == listed["total"]


def test_facets_narrow_and_a_chosen_facet_still_shows_the_others(ask: Ask) -> None:
    wide = ask("/search.json?q=kolonda").json()
    narrow = ask("/search.json?q=kolonda&outlet=meridian").json()
    assert narrow["total"] == wide["facets"]["outlet"]["meridian"]
    assert narrow["facets"]["outlet"] == wide["facets"]["outlet"]
    assert {each["outlet"] for each in narrow["articles"]} == {"meridian"}
    document = page(ask("/search?q=kolonda&outlet=meridian"))
    assert "/search?q=kolonda" in [a.get("href") for a in document.cssselect(".chosen a")]


def test_an_article_without_a_date_can_be_chosen(ask: Ask) -> None:
    listed = ask("/search.json?month=unknown").json()
    assert [each["published_at"] for each in listed["articles"]] == [None]


def test_what_no_topic_takes_is_out_of_view_until_asked_for(ask: Ask) -> None:
    assert ask("/search.json?q=regate").json()["total"] == 0
    seen = page(ask("/search?q=regate&all=1"))
    assert titles(seen) == ["La régate du dimanche sur le lac"]
    assert "met no topic" in words(seen)


def test_without_words_the_newest_come_first(ask: Ask) -> None:
    days = [each["published_at"] or "" for each in ask("/search.json").json()["articles"]]
    assert days == sorted(days, reverse=True)


def test_days_bound_a_search(ask: Ask) -> None:
    listed = ask("/search.json?since=2023-08-05&until=2023-08-09").json()["articles"]
    assert listed
    assert all("2023-08-05" <= each["published_at"][:10] <= "2023-08-09" for each in listed)


def test_relevance_puts_a_word_in_the_title_first(ask: Ask) -> None:
    best = ask("/search.json?q=archives&sort=relevance").json()["articles"][0]
    assert best["title"] == "Les plans oubliés du pont de Kolonda"


@pytest.mark.parametrize(
    "query",
    [
        'q="open',
        "q=(pont",
        "q=a*",
        "month=2023-13",
        "since=yesterday",
        "page=0",
        "page=99999",
        "sort=price",
        "q=-pont",
    ],
)
def test_a_broken_search_gets_a_sentence(ask: Ask, query: str) -> None:
    answer = page(ask(f"/search?{query}"), status=400)
    sentence = words(answer.cssselect("[role=alert]")[0])
    assert re.match(r"[A-Z'].{20,}\.$", sentence), sentence
    assert "SELECT" not in sentence
    assert ask(f"/search.json?{query}").status_code == 400


@pytest.mark.parametrize(
    "words_typed", ["title:pont", "pont NEAR/2 kolonda", "'; drop table articles --", '"pont" AND', "*"]
)
def test_words_have_no_power_over_the_index(ask: Ask, words_typed: str) -> None:
    assert ask(str(httpx.URL("/search", params={"q": words_typed}))).status_code in (200, 400)
    assert ask("/search.json").json()["total"] == 18


def test_pages_of_a_list_go_on_and_end(ask: Ask) -> None:
    document = page(ask("/search?all=1&q=kolonda OR voiles"))
    assert not document.cssselect(".pages a[rel=prev]")
    beyond = page(ask("/search?q=kolonda&page=3"))
    assert "nothing on page 3" in words(beyond)


def test_an_article_is_set_with_its_parts(ask: Ask) -> None:
    document = page(ask(f"/article/{EDITED}"))
    sheet = document.cssselect("article.sheet")[0]
    assert sheet.get("lang") == "fr"
    assert words(sheet.cssselect("h1")[0]).endswith("(actualisé)")
    assert "les comptes de la ville basse" in words(sheet.cssselect(".standfirst")[0])
    assert "Mireille Imaginaire, Awa Fictive" in words(sheet.cssselect(".byline")[0])
    assert len(sheet.cssselect(".body p")) == 6
    assert [words(each) for each in sheet.cssselect(".body h2, .body blockquote")] == [
        "Ce qui reste",
        "Le pont attend.",
    ]
    assert "Jean Inventé / Agence du Fleuve / Images Imaginaires" in words(sheet)
    assert not document.cssselect("img")


def test_an_article_names_its_record(ask: Ask) -> None:
    article = ask(f"/article/{EDITED}.json").json()
    capture = article["capture"]
    margin = words(page(ask(f"/article/{EDITED}")).cssselect(".provenance")[0])
    assert capture["warc_file"] in margin
    assert f"offset {capture['warc_offset']:,}" in margin
    assert f"{capture['warc_length']:,} bytes" in margin
    assert capture["payload_sha256"] in margin
    assert "reserved, by the file" in margin
    assert "robots" in margin.lower()


def test_the_words_that_met_a_topic_are_marked_and_explained(ask: Ask) -> None:
    document = page(ask(f"/article/{EDITED}"))
    marked = {mark.text: mark.get("title") for mark in document.cssselect(".sheet mark")}
    assert marked["péage"] == "bridge-2023: event, by the term “péage*”"
    assert "Kolonda" in marked
    assert "Why it is here" in words(document)
    searched = page(ask(f"/article/{EDITED}?q=délégation"))
    assert {mark.text.lower() for mark in searched.cssselect("mark.hit")} == {"délégation"}


def test_versions_and_copies_lead_to_each_other(ask: Ask) -> None:
    document = page(ask(f"/article/{EDITED}"))
    assert f"/article/{EDITED}/diff?from=1&to=2" in [a.get("href") for a in document.cssselect(".versions a")]
    wire = page(ask(f"/article/{WIRE}"))
    copies = {a.get("href") for a in wire.cssselect(".kin a")}
    assert "/article/rivage-2023-08-02-a-kolonda-le-pont-ferme-sans-prevenir" in copies


def test_the_difference_is_by_word(ask: Ask) -> None:
    document = page(ask(f"/article/{EDITED}/diff?from=1&to=2"))
    gone = [words(each) for each in document.cssselect(".sheet del")]
    new = [words(each) for each in document.cssselect(".sheet ins")]
    assert gone == ["midi", "tôt, faute de glace"]
    assert new == [
        "(actualisé)",
        "l’aube",
        "tard",
        "Ce qui reste",
        "Le pont attend.",
        "La délégation est repartie sans un mot.",
    ]
    assert ask(f"/article/{EDITED}/diff?from=1&to=9").status_code == 404
    assert ask(f"/article/{EDITED}/diff?from=one").status_code == 400


def test_a_paywalled_article_says_what_is_missing_and_why(ask: Ask) -> None:
    document = page(ask("/article/rivage-2023-09-20-les-plans-oublies-du-pont-de-kolonda"))
    assert "Behind a paywall. The page that was sent holds only a part" in words(document)
    assert "Pour lire la suite, abonnez-vous." in words(document)


def test_arabic_runs_from_right_to_left(ask: Ask) -> None:
    listed = ask("/search.json?q=الجسر").json()["articles"]
    assert [each["language"] for each in listed] == ["ar"]
    sheet = page(ask(f"/article/{listed[0]['id']}")).cssselect("article.sheet")[0]
    assert (sheet.get("lang"), sheet.get("dir")) == ("ar", "rtl")
    assert sheet.cssselect(".verdict")[0].get("dir") == "ltr"
    assert {"الجسر", "إغلاق"} <= {mark.text for mark in sheet.cssselect("mark")}


def test_an_attribution_gives_its_sentence(ask: Ask) -> None:
    document = page(ask("/article/meridian-2023-08-09-a-river-town-and-its-shut-bridge"))
    assert "Read more of this report from The Invented Times." in words(document.cssselect(".attributions")[0])


def test_citations_in_three_formats(ask: Ask) -> None:
    bibtex = ask(f"/article/{EDITED}.bib")
    assert bibtex.headers["content-type"].startswith("application/x-bibtex")
    assert bibtex.text.startswith(f"@article{{{EDITED},")
    assert "author = {Mireille Imaginaire and Awa Fictive}," in bibtex.text
    ris = ask(f"/article/{EDITED}.ris").text
    assert ris.startswith("TY  - NEWS\r\n")
    assert "DA  - 2023/08/04\r\n" in ris
    (item,) = json.loads(ask(f"/article/{EDITED}.csl").text)
    assert item["issued"] == {"date-parts": [[2023, 8, 4]]}
    assert item["container-title"] == "Le Rivage"
    undated = ask("/search.json?month=unknown").json()["articles"][0]["id"]
    assert "year" not in ask(f"/article/{undated}.bib").text
    assert "(n.d.)." in words(page(ask(f"/article/{undated}")))


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
