"""`outlet record` and `outlet test`: pages that a person accepted, and whether they are still read so."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.corpus import Corpus
from archive.fixtures import fixtures_of
from archive.records import read_at
from crawler.press import play
from crawler.verbs.init import make
from spiders.kit.catalogue import catalogue
from spiders.kit.outlet import Feed, Outlet, Sitemap
from spiders.kit.page import Page
from spiders.kit.probing.compared import ACCEPTED, changes, drift
from spiders.kit.probing.facts import faults
from tests.listening_site import Site, corpus_of, reply, run, site
from tests.probed_sites import CHALLENGE, STORIES, feed, stories

PATHS = list(STORIES)


@dataclass(frozen=True)
class Kept:
    """A corpus with one page of its newspaper crawled, and another recorded as a fixture."""

    site: Site
    corpus: Corpus
    said: dict[str, Any]

    def test(self, *words: object, code: int) -> dict[str, Any]:
        said = run(
            "hemeroteca", "outlet", "test", "gazette", "--corpus", self.corpus.folder, "--json", *words, code=code
        )
        found: dict[str, Any] = json.loads(said)
        return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with site("127.0.0.61") as paper:
        stories(paper)
        paper.answers["/feed/"] = feed(paper.home, PATHS[:1])
        source = f'articles = "/2023/"\n[[sources]]\nkind = "feed"\nurl = "{paper.home}/feed/"\n'
        corpus = corpus_of(tmp_path_factory.mktemp("kept") / "corpus", paper.home, source, [paper.address])
        run("hemeroteca", "crawl", "--corpus", corpus.folder)
        url = paper.home + PATHS[5]
        words = ("gazette", url, "--corpus", corpus.folder, "--yes", "--json")
        yield Kept(paper, corpus, json.loads(run("hemeroteca", "outlet", "record", *words)))


def test_a_fixture_is_a_pointer_to_the_record_and_the_accepted_fields(kept: Kept) -> None:
    ((path, fixture),) = fixtures_of(kept.corpus.folder, "gazette")
    assert str(path) == kept.said["fixture"]
    assert fixture.fields == kept.said["fields"]
    assert set(fixture.fields) == set(ACCEPTED)
    assert fixture.fields["title"] == STORIES[PATHS[5]]
    record = read_at(kept.corpus.folder / fixture.pointer.warc_file, fixture.pointer.offset)
    assert (record.record_id, record.target_uri) == (fixture.record_id, kept.site.home + PATHS[5])
    assert kept.site.paths.index("/robots.txt") < kept.site.paths.index(PATHS[5])
    row = kept.corpus.database().execute("SELECT title FROM articles WHERE url = ?", [fixture.url]).fetchone()
    assert row == (STORIES[PATHS[5]],)


def test_pages_that_are_read_as_accepted_pass(kept: Kept) -> None:
    asked = len(kept.site.asked)
    said = kept.test(code=0)
    assert said["faults"] == []
    assert sorted(each["kind"] for each in said["pages"]) == ["capture", "capture", "fixture"]
    assert all(each["fell"] is None and each["changes"] == [] for each in said["pages"])
    assert len(kept.site.asked) == asked
    words = run("hemeroteca", "outlet", "test", "gazette", "--corpus", kept.corpus.folder)
    assert "1 fixtures and 2 captures read again, 0 fell." in words


def test_a_field_that_is_read_otherwise_is_told(kept: Kept) -> None:
    ((path, _),) = fixtures_of(kept.corpus.folder, "gazette")
    before = path.read_text("utf-8")
    values = json.loads(before)
    values["fields"] |= {"title": "Another title", "kicker": "A kicker"}
    path.write_text(json.dumps(values), "utf-8")
    db = Database(str(kept.corpus.database_file))
    try:
        with db.atomic():
            db.execute("UPDATE revisions SET standfirst = 'It had one.'")
        said = kept.test(code=1)
    finally:
        path.write_text(before, "utf-8")
        with db.atomic():
            db.execute("UPDATE revisions SET standfirst = NULL")
        db.close()
    fallen = {each["kind"]: each for each in said["pages"]}
    assert fallen["fixture"]["fell"] == "read otherwise than accepted: title, kicker"
    assert [(each["field"], each["fell"]) for each in fallen["fixture"]["changes"]] == [
        ("title", False),
        ("kicker", True),
    ]
    assert fallen["capture"]["fell"] == "indexed with more: standfirst"


def test_a_page_that_is_no_article_is_not_kept(kept: Kept) -> None:
    kept.site.answers["/2023/wall/"] = reply(CHALLENGE, status="403 Forbidden")
    words = ("gazette", f"{kept.site.home}/2023/wall/", "--corpus", kept.corpus.folder)
    assert "refuses us" in run("hemeroteca", "outlet", "record", *words, "--yes", code=1)
    assert "add --yes" in run("hemeroteca", "outlet", "record", *words, code=2)
    for path, code, why in (("/", 2, "is no article of gazette"), ("/2023/nothing/", 1, "no fixture is kept")):
        kept.site.answers[path] = reply("<html><body><nav><a href='/'>Home</a></nav></body></html>")
        url = kept.site.home + path
        assert why in run(
            "hemeroteca", "outlet", "record", "gazette", url, "--corpus", kept.corpus.folder, "--yes", code=code
        )
    assert "/" not in kept.site.paths
    assert len(list(fixtures_of(kept.corpus.folder, "gazette"))) == 1


def test_a_takedown_takes_the_fixture_with_it(kept: Kept) -> None:
    url = kept.site.home + PATHS[7]
    run("hemeroteca", "outlet", "record", "gazette", url, "--corpus", kept.corpus.folder, "--yes")
    assert len(list(fixtures_of(kept.corpus.folder, "gazette"))) == 2
    run("hemeroteca", "takedown", url, "--corpus", kept.corpus.folder, "--reason", "asked for", "--yes")
    assert [fixture.url for _, fixture in fixtures_of(kept.corpus.folder, "gazette")] == [kept.site.home + PATHS[5]]
    asked = len(kept.site.asked)
    words = ("gazette", url, "--corpus", kept.corpus.folder, "--yes")
    assert "taken down" in run("hemeroteca", "outlet", "record", *words, code=1)
    assert PATHS[7] not in kept.site.paths[asked:]


def test_an_outlet_with_a_page_of_its_own_is_compared_with_the_generic_reader(tmp_path: Path) -> None:
    make(tmp_path / "c", contact="https://a.example/", title="t", outlets=(), topic=False, delay=0.02)
    with play() as press:
        url = next(each.url for each in press.truth().articles if "://www.mediapart.fr/journal/" in each.url)
        words = ("mediapart", url, "--corpus", tmp_path / "c", "--yes")
        run("hemeroteca", "outlet", "record", *words, **press.environment())
    said = json.loads(run("hemeroteca", "outlet", "test", "mediapart", "--corpus", tmp_path / "c", "--json"))
    assert [each["kind"] for each in said["pages"]] == ["fixture", "capture"]
    counts = {each.pop("field"): sum(each.values()) for each in said["drift"]}
    assert counts == dict.fromkeys(ACCEPTED, 2)


def test_the_outlets_of_the_program_have_their_facts_in_order() -> None:
    assert {name: faults(each) for name, each in catalogue().items() if faults(each)} == {}


def test_facts_that_cannot_be_right_are_told() -> None:
    class Bad(Page):
        body_at = "div >> p"
        furniture = ("(",)

    home = "https://a.example/"
    outlet = Outlet(
        name="a", title="A", home=home, languages=(), articles="example", page=Bad,
        sources=(Feed(f"{home}feed"), Sitemap("mailto:a@b.example", "[")),
    )  # fmt: skip
    said = " | ".join(faults(outlet))
    for words in ("only is no regular", "names no language", "Bad.body_at", "Bad.furniture", "is no web address"):
        assert words in said
    assert "takes the home page" in " | ".join(
        faults(Outlet(name="a", title="A", home=home, languages=("en",), articles="a"))
    )


values = st.dictionaries(
    st.sampled_from(ACCEPTED), st.none() | st.text(max_size=8) | st.lists(st.text(max_size=5), max_size=3)
)


@given(values, values)
def test_what_is_read_alike_is_no_change_and_drift_counts_each_page_once(one: Any, other: Any) -> None:
    assert changes(one, one) == ()
    assert all(each.before != each.now for each in changes(one, other))
    counted = drift([(one, other), (one, one)])
    assert all(each.same + each.own_only + each.generic_only + each.differ == 2 for each in counted)
