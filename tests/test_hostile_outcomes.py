"""One address for each way in which an address can end: the rows, the log of the host, and what the run says of it."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.model import Outcome
from crawler.advice import ADVICE
from crawler.tally import FAULTS
from tests.hostile.crawling import Crawled, corpus, crawl
from tests.hostile.host import Host, hosting
from tests.hostile.outcomes import ENDS, newspaper
from tests.warm import run

OURS = ("/robots.txt", "/.well-known/tdmrep.json")
NEVER_ASKED = {"skipped", "blocked_robots", "blocked_address", "deferred", "trap"}


@dataclass(frozen=True)
class Ended:
    """A crawl with `--json`, and a second one whose words are for people."""

    host: Host
    crawled: Crawled
    first: dict[str, tuple[str | None, str | None]]
    asked: list[str]
    second: dict[str, tuple[str | None, str | None]]
    again: list[str]
    shown: "subprocess.CompletedProcess[str]"


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    host = newspaper("127.0.0.220")
    folder: Path = tmp_path_factory.mktemp("ends") / "corpus"
    with hosting(host):
        made = corpus(folder, host, delay=0.02)
        (made.outlets_folder / "ends.toml").write_text(
            f'name = "ends"\ntitle = "Ends"\nhome = "{host.home}/"\nlanguages = ["en"]\ndelay = 0.02\n'
            f'[[sources]]\nkind = "sitemap"\nurl = "{host.home}/known.xml"\n'
            f'[[sources]]\nkind = "feed"\nurl = "{host.home}/feed.xml"\n'
        )
        crawled = crawl(made)
        first, asked = crawled.outcomes, host.paths
        shown = run("crawl", "ends", "--corpus", folder)
        yield Ended(host, crawled, first, asked, crawled.outcomes, host.paths[len(asked) :], shown)


def rows(ended: Ended) -> dict[str, tuple[str | None, str]]:
    """(outcome, reason) by path, of the newspaper's own host."""
    found = ((url.removeprefix(ended.host.home), row) for url, row in ended.first.items())
    return {path: (end, why or "") for path, (end, why) in found if path.startswith("/")}


def test_each_address_ends_in_its_way(ended: Ended) -> None:
    found = rows(ended)
    assert {path: found[path][0] for path in ENDS} == ENDS


def test_what_was_asked_for_has_a_row_and_what_has_a_row_was_asked_for(ended: Ended) -> None:
    found = rows(ended)
    asked = {path for path, (end, _) in found.items() if end not in NEVER_ASKED}
    assert asked == set(ended.asked)


def test_every_end_but_a_good_one_says_why_in_words(ended: Ended) -> None:
    for path, (end, why) in rows(ended).items():
        assert why or end == "ok", path
        assert "Error" not in why, why
        assert "<" not in why, why


def test_the_exit_code_and_the_summary_tell_of_errors(ended: Ended) -> None:
    (outlet,) = ended.crawled.summary["outlets"]
    counted = Counter(end for path, (end, _) in rows(ended).items() if path not in OURS)
    counted.update(end for url, (end, _) in ended.first.items() if not url.startswith(ended.host.home))
    assert outlet["outcomes"] == counted
    assert ended.crawled.code == 1
    assert ended.crawled.summary["errors"] == sum(counted[each] for each in FAULTS)
    assert ended.crawled.summary["advice"].keys() == counted.keys() & ADVICE.keys()
    assert all(outlet["examples"][end]["url"] in ended.first for end in outlet["examples"])


def test_a_second_crawl_leaves_alone_what_will_not_change(ended: Ended) -> None:
    assert set(ended.again) <= {*OURS, "/known.xml", "/feed.xml"}
    assert ended.second[f"{ended.host.home}/known.xml"][0] == "not_modified"


def test_a_person_is_told_what_happened_and_what_to_do(ended: Ended) -> None:
    said = ended.shown.stdout
    assert "Traceback" not in said + ended.shown.stderr
    assert ended.shown.stderr == ""  # no bars and no colours on a pipe
    assert "\x1b" not in said
    assert ended.shown.returncode == 1
    assert f"such as {ended.host.home}/feed.xml" in said
    assert ADVICE[Outcome.BAD_FEED] in said
    log = (ended.crawled.corpus.folder / "crawl.log").read_text()
    assert "Traceback" not in log


def test_every_fault_has_advice() -> None:
    assert not FAULTS - ADVICE.keys()


def test_the_word_of_the_page_goes_before_the_header(ended: Ended) -> None:
    """TDMRep: the file, then the header, then the page."""
    found = ended.crawled.corpus.database().execute(
        "SELECT url, tdm_reservation, tdm_policy, tdm_source, x_robots_tag FROM captures"
        " JOIN rights ON rights.capture_id = captures.id WHERE kind = 'article'"
    )
    rights = {url.removeprefix(ended.host.home): said for url, *said in found.fetchall()}
    assert rights["/ok"] == [None, None, None, None]
    assert rights["/open"] == ["0", "https://paper.example/open", "header", "noarchive"]
    assert rights["/reserved"] == ["1", "https://paper.example/terms", "page", "noarchive"]
