"""Newspapers without end beside a good one, in one crawl: each is bounded, told by the rule's name, and costs nobody
else anything. The log of the hosts is the judge."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hostile.crawling import Crawled, corpus, crawl
from tests.hostile.host import Host, hosting
from tests.hostile.traps import GOOD, MANY, NEWSPAPERS
from tests.listening_site import run

OURS = ("/robots.txt", "/.well-known/tdmrep.json")
SOURCES = 12  # sitemaps and listing pages that this corpus allows


@dataclass(frozen=True)
class Trapped:
    """Two crawls, one after the other, and what each host was asked in them."""

    crawled: Crawled
    ended: dict[str, tuple[str | None, str | None]]  # after the first crawl
    hosts: dict[str, Host]
    first: dict[str, list[str]]
    second: dict[str, list[str]]

    def rows(self, name: str) -> dict[str, tuple[str | None, str]]:
        """(outcome, reason) by path."""
        home = self.hosts[name].home
        found = self.ended.items()
        return {url.removeprefix(home): (end, why or "") for url, (end, why) in found if url.startswith(f"{home}/")}

    def ends(self, name: str) -> Counter[str]:
        """How many addresses ended so; of a trap the rule."""
        told = [(end, why.split(":")[0]) for path, (end, why) in self.rows(name).items() if path not in OURS]
        return Counter(rule if end in ("trap", "deferred") else str(end) for end, rule in told)


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trapped]:
    hosts = {paper.name: paper.host(f"127.0.0.{201 + n}") for n, paper in enumerate(NEWSPAPERS)}
    folder: Path = tmp_path_factory.mktemp("traps") / "corpus"
    with hosting(*hosts.values()):
        made = corpus(folder, *hosts.values(), delay=0.02)
        settings = folder / "corpus.toml"
        settings.write_text(settings.read_text().replace("# sources = 200", f"sources = {SOURCES} #"))
        for paper in NEWSPAPERS:
            (made.outlets_folder / f"{paper.name}.toml").write_text(paper.toml)
        crawled = crawl(made)
        ended = crawled.outcomes
        first = {name: host.paths for name, host in hosts.items()}
        crawl(made)
        second = {name: host.paths[len(first[name]) :] for name, host in hosts.items()}
        yield Trapped(crawled, ended, hosts, first, second)


def test_every_address_that_was_asked_for_has_one_outcome(trapped: Trapped) -> None:
    assert trapped.crawled.code == 1
    for name, asked in trapped.first.items():
        assert len(asked) == len(set(asked)) or name == "mute", name  # no answer is asked for again
        rows = trapped.rows(name)
        assert set(asked) <= rows.keys(), name
        assert all(rows[path][0] for path in rows), name


def test_a_good_newspaper_beside_them_is_whole(trapped: Trapped) -> None:
    assert trapped.ends("good") == {"ok": 1 + len(GOOD)}


@pytest.mark.parametrize(
    ("name", "rule", "kept"),
    [
        ("onetext", "same text", "ok"),
        ("counter", "same text", "ok"),
        ("blank", "no text", "empty"),
        ("softly", "soft 404", "soft_404"),
        ("asks", "wall", "wall"),
        ("doubts", "wall", "wall"),
        ("shut", "wall", "http_error"),
        ("mute", "no answer", "connect_error"),
        ("rounds", "redirect loop", "redirect_loop"),
        ("wanders", "redirect loop", "redirect_loop"),
    ],
)
def test_pages_that_are_all_alike_are_left_alone_after_some(trapped: Trapped, name: str, rule: str, kept: str) -> None:
    ends = trapped.ends(name)
    asked = {path for path in trapped.first[name] if path.startswith("/p/")}
    assert 10 <= len(asked) <= 22
    assert ends[kept] >= 10
    assert ends[rule] >= MANY - len(asked)
    rested = rule in ("wall", "no answer")  # a whole newspaper does; else only addresses of that making
    assert all(trapped.rows(name)[path][0] == ("deferred" if rested else "ok") for path in GOOD)


def test_a_calendar_without_articles_is_left_alone(trapped: Trapped) -> None:
    assert len(trapped.first["agenda"]) < 30
    assert trapped.ends("agenda")["calendar"] + trapped.ends("agenda")["same text"] > MANY / 2


def test_one_article_under_many_addresses_is_asked_for_once(trapped: Trapped) -> None:
    asked = [path for path in trapped.first["variants"] if path not in OURS]
    assert sorted(asked) == sorted(["/sitemap.xml", *GOOD])
    ends = trapped.ends("variants")
    assert {"growing path", "deep path", "calendar", "long address", "parameters", "ok"} == ends.keys()


def test_listings_without_end_are_walked_as_far_as_they_are_declared(trapped: Trapped) -> None:
    pages = [path for path in trapped.first["endless"] if path.startswith("/list")]
    assert pages == [f"/list?page={number}" for number in range(1, 5)]
    assert trapped.rows("endless")["/list?page=5"][0] == "skipped"
    assert len(trapped.first["growing"]) < SOURCES + 10
    assert trapped.ends("growing")["growing path"] == 1


def test_sitemaps_that_name_sitemaps(trapped: Trapped) -> None:
    assert trapped.ends("chain") == {"ok": 4, "sitemap chain": 1}
    assert trapped.ends("circle") == {"ok": 1, "sitemap chain": 1}
    asked = [path for path in trapped.first["wide"] if path.startswith("/maps/")]
    assert len(asked) == SOURCES
    assert trapped.ends("wide") == {"ok": 1 + 2 * SOURCES, "sources": MANY - SOURCES}


def test_redirects_end(trapped: Trapped) -> None:
    rows = trapped.rows("redirects")
    loops = {path for path, (end, _) in rows.items() if end == "redirect_loop"}
    assert loops == {"/turn?n=6", "/itself", "/pong", "/cookie?checked=1"}
    assert rows["/deeper/deeper/deeper"][1].startswith("growing path: ")
    assert rows["/nowhere"][0] == "bad_http"
    assert rows["/campaign?utm_source=front"][0] == rows["/java;jsessionid=0A1B2C"][0] == "ok"


def test_the_summary_counts_each_address_once(trapped: Trapped) -> None:
    for each in trapped.crawled.summary["outlets"]:
        ends = Counter(end for path, (end, _) in trapped.rows(each["outlet"]).items() if path not in OURS)
        assert each["outcomes"] == ends, each["outlet"]


def test_a_second_crawl_asks_no_trap_again_and_goes_on_where_a_budget_ended(trapped: Trapped) -> None:
    for name, asked in trapped.second.items():
        sources = {path for path in asked if path in OURS or path.startswith(("/sitemap", "/b.xml", "/list"))}
        assert set(asked) <= sources or name == "wide", name
    maps = [path for path in trapped.second["wide"] if path.startswith("/maps/")]
    assert len(maps) == SOURCES
    assert not set(maps) & set(trapped.first["wide"])


def test_a_rebuild_says_the_same(trapped: Trapped) -> None:
    before = trapped.crawled.outcomes
    run("hemeroteca", "rebuild", "--corpus", trapped.crawled.corpus.folder)
    assert trapped.crawled.outcomes == before


def test_what_a_budget_leaves_is_put_off_and_no_error(tmp_path: Path) -> None:
    paper = next(each for each in NEWSPAPERS if each.name == "good")
    host = paper.host("127.0.0.200")
    with hosting(host):
        made = corpus(tmp_path / "corpus", host, delay=0.02)
        (made.outlets_folder / "good.toml").write_text(paper.toml)
        once = crawl(made, (), "--pages", 1)
        rows = [once.outcomes[f"{host.home}{path}"] for path in GOOD]
        assert (once.code, once.summary["errors"]) == (0, 0)
        assert [end for end, _ in rows] == ["ok", "deferred", "deferred"]
        assert rows[1][1] == "budget: 1 articles of an outlet in one run; the next run goes on"
        assert [end for end, _ in crawl(made).outcomes.values()].count("ok") >= len(GOOD)
    assert [path for path in host.paths if path in GOOD] == [*GOOD]
