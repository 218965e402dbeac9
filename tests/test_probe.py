"""`hemeroteca outlet probe`: newspapers that it has never met, on loopback and in the replica press."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from archive.corpus import Corpus
from archive.records import Found, walk
from crawler.press import play
from crawler.verbs.init import make
from spiders.kit.outlet import Feed, Listing
from spiders.kit.toml_outlet import load_outlet
from tests.listening_site import Site, corpus_of, reply, run, site
from tests.probed_sites import CHALLENGE, CONSENT, DATE, STORIES, feed, front_page, probe, stories, wordpress


@dataclass(frozen=True)
class Probed:
    """A newspaper that was probed into a corpus, and what was said of it."""

    site: Site
    corpus: Corpus
    said: dict[str, Any]
    paths: tuple[str, ...]  # that the probe asked for

    @property
    def file(self) -> Path:
        return self.corpus.outlets_folder / "paper.toml"


@pytest.fixture(scope="module")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probed]:
    with site("127.0.0.51") as paper:
        wordpress(paper)
        corpus = corpus_of(tmp_path_factory.mktemp("probe") / "corpus", paper.home, "", [paper.address])
        said = probe(paper.home, "--corpus", corpus.folder, "--name", "paper", "--write")
        yield Probed(paper, corpus, said, tuple(paper.paths))


def test_it_asks_politely_and_for_little(probed: Probed) -> None:
    assert probed.paths[0] == "/robots.txt"
    assert probed.paths == tuple(dict.fromkeys(probed.paths))
    assert len(probed.paths) == 2 + 1 + 1 + 2 + 3  # rules, home page, feed, index and one sitemap, samples
    assert not [path for path in probed.paths if "wp-admin" in path or "comments" in path]
    for asked in probed.site.asked:
        assert re.search(
            rb"\r\nUser-Agent: hemeroteca/[\d.]+ \(\+https://archive\.example/\)\r\n", asked, re.IGNORECASE
        )


def test_what_it_fetched_is_recorded_like_a_crawl(probed: Probed) -> None:
    records = [each.record for file in probed.corpus.warc_files() for each in walk(file) if isinstance(each, Found)]
    answers = {each.target_uri for each in records if each.type in ("response", "revisit")}
    assert {f"{probed.site.home}{path}" for path in probed.paths} <= answers
    rows = {row["url"]: row for row in Database(str(probed.corpus.database_file)).query("SELECT * FROM captures")}
    assert {f"{probed.site.home}{path}" for path in probed.paths} <= rows.keys()
    assert {row["outlet"] for row in rows.values()} >= {"paper"}
    assert all(row["fidelity"] == "exact" for row in rows.values())


def test_it_tells_what_it_found(probed: Probed) -> None:
    said, home = probed.said, probed.site.home
    assert (said["title"], said["languages"], said["made_with"]) == ("The Gazette", ["en"], "WordPress 6.5")
    assert said["robots"]["refused"] == ["GPTBot"]
    assert said["robots"]["terms"] == ["No text and data mining without permission."]
    assert said["rights"]["tdm_reservation"] == "1"
    assert said["rights"]["x_robots_tag"] == "noarchive"
    assert [(each["url"], each["entries"], each["taken"]) for each in said["feeds"]] == [(f"{home}/feed/", 10, True)]
    (index, child) = said["sitemaps"]
    assert (index["kind"], index["entries"]) == ("sitemap-index", 4)
    assert re.search(index["only"], child["url"])
    assert (child["kind"], child["entries"]) == ("sitemap", 12)
    assert (said["articles"]["taken"], said["articles"]["listed"], said["articles"]["dated"]) == (10, 10, True)
    assert [each["outcome"] for each in said["samples"]] == ["ok"] * 3
    assert all(each["article"]["title"] in STORIES.values() for each in said["samples"])
    assert said["troubles"] == []


def test_the_draft_is_an_outlet_that_knows_its_articles(probed: Probed) -> None:
    outlet = load_outlet(probed.file)
    home = probed.site.home
    assert (outlet.name, outlet.title, outlet.home) == ("paper", "The Gazette", f"{home}/")
    assert outlet.sources == (Feed(f"{home}/feed/"),)
    assert all(outlet.is_article(home + path) for path in STORIES)
    assert outlet.day_in(f"{home}/2023/08/04/what-nobody-listed/").isoformat() == "2023-08-04"  # type: ignore[union-attr]
    for other in ("/", "/category/politics/", "/about-us/", "/author/the-newsroom/", "/feed/", "/2023/08/04/"):
        assert not outlet.is_article(home + other)


def test_it_writes_over_nothing(probed: Probed) -> None:
    before, asked = probed.file.read_bytes(), len(probed.site.asked)
    words = ("outlet", "probe", probed.site.home, "--corpus", probed.corpus.folder, "--name", "paper", "--write")
    assert "--force" in run("hemeroteca", *words, code=2)
    assert probed.file.read_bytes() == before
    assert len(probed.site.asked) == asked


def test_the_draft_can_be_crawled_at_once_and_rebuilt(probed: Probed) -> None:
    asked = len(probed.site.asked)
    run("hemeroteca", "crawl", "paper", "--corpus", probed.corpus.folder)
    later = [path for path in probed.site.paths[asked:] if path in STORIES]
    samples = {path for path in probed.paths if path in STORIES}
    assert sorted(later) == sorted(set(list(STORIES)[:10]) - samples)
    before = rows(probed.corpus)
    probed.corpus.database_file.unlink()
    run("hemeroteca", "rebuild", "--corpus", probed.corpus.folder)
    assert rows(probed.corpus) == before


def rows(corpus: Corpus) -> list[Any]:
    db = Database(str(corpus.database_file))
    return [
        sorted(db.execute(f"SELECT {what}").fetchall(), key=repr)
        for what in (
            "url, outcome, reason, kind FROM leads",
            "id, title, text FROM articles",
            "url, kind FROM captures",
        )
    ]


def test_a_site_with_nothing_but_a_home_page(tmp_path: Path) -> None:
    with site("127.0.0.52") as paper:
        paper.answers["/"] = reply(front_page(), more=DATE)
        stories(paper)
        corpus = corpus_of(tmp_path / "corpus", paper.home, "", [paper.address])
        said = probe(paper.home, "--corpus", corpus.folder, "--name", "paper", "--samples", "1", "--write")
        assert (said["feeds"], said["sitemaps"]) == ([], [])
        outlet = load_outlet(corpus.outlets_folder / "paper.toml")
        assert outlet.sources == (Listing(f"{paper.home}/"),)
        assert all(outlet.is_article(paper.home + path) for path in STORIES)
        assert [each["outcome"] for each in said["samples"]] == ["ok"]


def test_a_site_that_refuses_us_is_left_alone(tmp_path: Path) -> None:
    """Without a corpus, by its name through a proxy: what little was asked is in the file."""
    with site("127.0.0.53") as proxy:
        for path in ("/", "/feed/", "/rss", "/sitemap.xml"):
            proxy.answers[path] = reply("Forbidden", status="403 Forbidden")
        file = tmp_path / "probe.warc.gz"
        words = ("--corpus", tmp_path, "--warc", file, "--contact", "you@example.org")
        said = probe("http://gazette.example/", *words, code=1, HTTP_PROXY=proxy.home)
        assert said["troubles"] == [
            "gazette.example refuses us at http://gazette.example/ (403): write to the newspaper and ask to be let in;"
            " nothing is done to get past it."
        ]
        assert len(proxy.asked) <= 2 + 3
        assert all(b"(+you@example.org)" in each for each in proxy.asked)
        found = [each.record for each in walk(file) if isinstance(each, Found)]
        assert sum(each.type == "response" for each in found) == len(proxy.asked)
        assert not list(tmp_path.glob("*.toml"))


def test_robots_txt_that_closes_all_ends_the_probe(tmp_path: Path) -> None:
    with site("127.0.0.54") as paper:
        paper.answers["/robots.txt"] = reply("User-agent: *\nDisallow: /\n", kind="text/plain")
        paper.answers["/"] = reply(front_page())
        corpus = corpus_of(tmp_path / "corpus", paper.home, "", [paper.address])
        said = probe(paper.home, "--corpus", corpus.folder, "--name", "paper", "--write", code=1)
        assert "closes" in said["troubles"][0]
        assert "ask the newspaper for permission" in said["troubles"][0]
        assert set(paper.paths) == {"/robots.txt", "/.well-known/tdmrep.json"}
        assert not (corpus.outlets_folder / "paper.toml").exists()


@pytest.mark.parametrize(("page", "what"), [(CONSENT, "a consent wall"), (CHALLENGE, "a bot challenge")])
def test_a_wall_is_told_and_the_open_feed_is_read(tmp_path: Path, page: str, what: str) -> None:
    with site("127.0.0.55") as paper:
        paper.answers |= {"/": reply(page, more=DATE), "/feed/": feed(paper.home, list(STORIES))}
        paper.answers |= {path: reply(page) for path in STORIES}
        corpus = corpus_of(tmp_path / "corpus", paper.home, "", [paper.address])
        said = probe(paper.home, "--corpus", corpus.folder, "--name", "paper", "--samples", "2", code=1)
        assert what in said["troubles"][0]
        assert [each["url"] for each in said["feeds"] if each["taken"]] == [f"{paper.home}/feed/"]
        assert {each["outcome"] for each in said["samples"]} == {"wall"}
        assert all(b"cookie:" not in each.lower() for each in paper.asked)
        assert "waits = " in said["toml"]


def test_the_replica_press_is_found_as_it_is(tmp_path: Path) -> None:
    make(tmp_path / "c", contact="https://a.example/", title="t", outlets=(), topic=False, delay=0.02)
    with play() as press:
        said = probe("https://www.fleuve.example/", "--corpus", tmp_path / "c", **press.environment())
        truth = [each.url for each in press.truth().articles if each.url.startswith("https://www.fleuve.example/")]
        assert all(entry.in_flight == 1 for entry in press.log)
    assert said["troubles"] == []
    assert said["languages"] == ["fr", "en"]
    assert said["rights"]["tdm_source"] == "tdmrep.json"
    taken = {each["url"] for each in (*said["feeds"], *said["sitemaps"]) if each["taken"]}
    assert taken >= {"https://www.fleuve.example/fr/atom.xml", "https://www.fleuve.example/en/rss.xml"}
    pattern = re.compile(said["articles"]["pattern"])
    assert sum(pattern.search(url) is not None for url in truth) >= 0.9 * len(truth)
    assert all(each["outcome"] in ("ok", "paywalled") for each in said["samples"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ftp://gazette.example/",), "is no web address"),
        (("/etc/passwd",), "is no web address"),
        (("https://gazette.example/", "--name", "../evil"), "cannot be called"),
        (("https://gazette.example/",), "is not a corpus"),
        (("https://gazette.example/", "--warc", "a.txt"), ".warc.gz"),
        (("https://gazette.example/", "--warc", "a.warc.gz"), "--contact"),
    ],
)
def test_wrong_usage_asks_for_nothing(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    assert says in run("hemeroteca", "outlet", "probe", *words, "--corpus", tmp_path, code=2)


def test_a_site_that_leads_in_a_circle(tmp_path: Path) -> None:
    with site("127.0.0.57") as paper:
        paper.answers["/"] = reply("", status="301 Moved", more="Location: /\r\n")
        corpus = corpus_of(tmp_path / "corpus", paper.home, "", [paper.address])
        said = probe(paper.home, "--corpus", corpus.folder, "--name", "paper", "--write", code=1)
    assert said["troubles"] == [f"{paper.home}/ gave no page (it redirects to itself): try again later."]
    assert paper.paths == ["/robots.txt", "/.well-known/tdmrep.json", "/"]


def test_who_waits_is_not_made_to_wait_for_a_second_attempt(tmp_path: Path) -> None:
    with site("127.0.0.59") as paper:
        paper.answers["/"] = reply("", status="503 Service Unavailable")
        corpus = corpus_of(tmp_path / "corpus", paper.home, "", [paper.address])
        said = probe(paper.home, "--corpus", corpus.folder, code=1)
    assert "503" in said["troubles"][0]
    assert paper.paths.count("/") == 1


def test_a_name_that_turns_the_direction_of_writing(tmp_path: Path) -> None:
    with site("127.0.0.58") as paper:
        wordpress(paper)
        name = "The \u202ettezaG"
        paper.answers["/"] = reply(front_page().replace("The Gazette", name))
        corpus = corpus_of(tmp_path / "corpus", paper.home, "", [paper.address])
        probe(paper.home, "--corpus", corpus.folder, "--name", "paper", "--write")
        assert "\u202e" not in (corpus.outlets_folder / "paper.toml").read_text()
